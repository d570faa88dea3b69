"""Collecting, wired: files on the disk through the readers and the workflow to a batch."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import finalize
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.collect_files.batch import Batch, RawFile, ReportFiles
from cecert.adapters.collect_files.lists import is_office_list, read_list
from cecert.adapters.collect_files.overrides import read_overrides
from cecert.adapters.collect_files.registrations import NEEDED, read_registrations
from cecert.adapters.completion_list import cell_readers
from cecert.adapters.completion_list.evidence_write import evidence_document
from cecert.adapters.exports.form import Form
from cecert.adapters.office_files import new_office_files
from cecert.adapters.reports import (
    Commands,
    collection_pages,
)
from cecert.adapters.storage.atomic import make_folder, write_pieces
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.adapters.storage.waiting import WaitingFile, waiting_in
from cecert.adapters.tables.headers import folded
from cecert.adapters.tables.pages import list_at
from cecert.domain.course.course import Course
from cecert.domain.course.credential_choices import CredentialChoices
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.collection import Collection, Report, SourceRecord
from cecert.domain.evidence.connection_table import ConnectionTable
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.standing import headline
from cecert.domain.values.wording import being_written
from cecert.errors import Fault, InputError
from cecert.garbage import no_garbage_sought
from cecert.office.collect.course_folder import Taken, take_files, with_files
from cecert.office.collect.exports import ExportReader, Steps, suggestion
from cecert.office.collect.forms import KINDS, KnownForms, forms_beside, purposes_of
from cecert.office.collect.order import OVERRIDES_FILE, CollectOrder, commands_of
from cecert.office.collect.passing import Passing
from cecert.office.office import Office
from cecert.office.papers.mail_merge import write_gaps
from cecert.ports import SourceFile
from cecert.workflows.collect.collect import Aside, Gathered, collect, collect_so_far
from cecert.workflows.collect.lists import Lists
from cecert.workflows.collect.read import STUDY, Reading, read_report, read_responses

__all__ = [
    "Collected",
    "collect_course",
    "from_folder",
]

MOST_BYTES = 200_000_000
"""Bytes of the largest file that is read."""

KEPT_RAW = frozenset({"registrations", "attendance"})
NOTED = frozenset({"visible", "fee_paid"})
"""Lists of yes and no that no survey is."""

"""Purposes whose raw files stay with the batch; of an evaluation only the digest does."""

MANY = 10_000
"""Connections whose judging takes long enough to show its progress."""


CellReader = Callable[[str], Any]
Page = tuple[str, Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Collected:
    """A batch that was written.

    Attributes:
        collection: The result.
        written: The files; the list first, where there is one.
        report: The report for people.
        moved: Among the files: where a list of before lies now.
        commands: What the report tells to run next.
        headline: How many stand where, in one sentence.
    """

    collection: Collection
    written: tuple[Path, ...]
    report: Path
    commands: Commands
    headline: str
    moved: tuple[Path, ...] = ()


def from_folder(
    order: CollectOrder, course: Course, office: Office
) -> tuple[CollectOrder, tuple[Taken, ...]]:
    """Return the order with what lies in the course's folder, and what each file was taken for.

    Args:
        order: What was given by hand; it wins.
        course: The course.
        office: Whose forms say what the files are.

    Raises:
        InputError: If a file there is known by nothing or may be two things; nothing was
            written.
    """
    by_hand = {**order.lists(), "attendance": order.attendance}
    by_hand["registrations"] = () if order.registrations is None else (order.registrations,)
    reader = _reader(order, course, office, None)
    taken = take_files(order.course, course, reader, by_hand)
    beside = order.course.with_name(OVERRIDES_FILE)
    decided = order.overrides or (beside if beside.is_file() else None)
    return replace(with_files(order, taken), overrides=decided), taken


def collect_course(
    order: CollectOrder, course: Course, office: Office, progress: Steps | None = None
) -> Collected:
    """Read all files of an order, judge every participant, and write the batch.

    Args:
        order: What is to be collected.
        course: The course.
        office: Whose regimes say which credential types there are.
        progress: Told how far the reading and the judging of much evidence is.

    Raises:
        InputError: If anything cannot be used; all faults of all files are named, and
            nothing was written.
        LedgerError: If another command holds the list for ten minutes.
    """
    _refuse_unfitting(order, course)
    batch = Batch(order.output, write_pieces, make_folder, _untouched())
    batch.refuse_edited()

    def tell() -> None:
        office.warn(being_written(order.output))

    with FolderLock.of_file(order.output).hold(tell), no_garbage_sought():
        batch.refuse_edited()  # once more: who was waited for may have written it
        with ExitStack() as stack:
            waiting = stack.enter_context(_aside(order.output))
            desk = _Desk(order, course, _reader(order, course, office, progress), waiting)
            collected = _collected(desk, office, batch, progress)
            # Whoever asks for one of many people later reads there what stands behind them.
            finalize(collected.collection.participants, stack.pop_all().close)
            return collected


def _refuse_unfitting(order: CollectOrder, course: Course) -> None:
    """Refuse files that a course of its format has no use for."""
    if order.attendance and not course.sessions:
        raise InputError(
            f"course {course.id} is self-study: it has no attendance to collect",
            hint=f"leave {order.attendance[0].name} out; what shows that somebody studied is the "
            "post-test",
        )
    if order.completion and not course.format.dated_by_person:
        raise InputError(
            f"nobody completes course {course.id} on a day of their own",
            hint=f"leave {order.completion[0].name} out",
        )
    if order.sessions and course.format is not CourseFormat.CONFERENCE:
        raise InputError(
            f"course {course.id} is no conference: its reports tell their sessions by their times",
            hint="leave --session out",
        )


@contextmanager
def _aside(output: Path) -> Iterator[WaitingFile]:
    """Open the file in which pieces wait beside a list until it is their turn to be written.

    Raises:
        InputError: If there cannot be one, or it cannot be written.
    """
    try:
        with waiting_in(output.parent) as waiting:
            yield waiting
    except OSError as error:
        raise InputError(f"{output.parent} cannot be written: {error.strerror}") from error


def _collected(desk: _Desk, office: Office, batch: Batch, progress: Steps | None) -> Collected:
    order, course = desk.order, desk.course
    gathered = desk.gathered(cell_readers(course, CredentialChoices.of(office.regimes)))
    many = sum(len(each.connections) for each in gathered.reports) >= MANY
    told = partial(progress, "judging attendance") if progress and many else None
    judge = collect_so_far if order.called else collect
    people = Passing(course, gathered, desk.waiting)
    aside = Aside(desk.waiting, people.take)
    collection = judge(course, gathered, told, now=office.clock.now(), aside=aside)
    return _stored(desk, batch, collection, people)


def _stored(desk: _Desk, batch: Batch, collection: Collection, people: Passing) -> Collected:
    order, raw = desk.order, desk.raw
    commands = commands_of(order)
    standings = people.stood.standings(collection.participants)
    pages = collection_pages(
        collection, asset_folder("templates"), commands, standings, f"{order.output.stem}.report",
        people.drawn,
    )  # fmt: skip
    report = ReportFiles(pages.page, _let_go(pages.further))
    digest = hashlib.sha256()
    for piece in () if collection.uncovered else people.rows():
        digest.update(piece)
    evidence = evidence_document(
        collection, order.output.name, digest.hexdigest(), people.evidence()
    )
    sentence = headline(standings.by_state())
    if collection.uncovered:
        written = batch.store_so_far(evidence, report, raw)
        return Collected(collection, written, written[1], commands, sentence, written[2:])
    written = batch.store(people.rows(), evidence, report, raw)
    merged = write_gaps(order.output, collection.course, standings.gaps())
    further = () if merged is None else (merged,)
    return Collected(collection, (*written, *further), written[2], commands, sentence)


def _let_go(pages: Iterator[Page]) -> Iterator[Page]:
    """Go through pages, and let each go when it was written."""
    for each in pages:
        yield each
        gc.collect(0)  # a template's macros and what they showed refer to each other


def _reader(
    order: CollectOrder, course: Course, office: Office, progress: Steps | None
) -> ExportReader:
    return ExportReader(
        asset_folder("templates"),
        KnownForms(order.mappings, forms_beside(order.course.parent, office.file.folder)),
        order.synonyms,
        progress,
        statement="" if course.attestation is None else course.attestation.text,
        choices=CredentialChoices.of(office.regimes),
    )


def _untouched() -> frozenset[str]:
    example = new_office_files(asset_folder("templates"))["completions.csv"]
    return frozenset({hashlib.sha256(example).hexdigest()})


class _RawFiles(Mapping[str, RawFile]):
    """Raw files by their digest; they wait on the disk until they are stored."""

    def __init__(self, waiting: WaitingFile) -> None:
        self._waiting = waiting
        self._places: dict[str, tuple[str, int]] = {}

    def keep(self, digest: str, file: SourceFile) -> None:
        try:
            self._places[digest] = file.name, self._waiting.put(file.content)
        except OSError as error:
            raise InputError(f"{file.name} cannot be kept: {error.strerror}") from error

    def __getitem__(self, digest: str) -> RawFile:
        name, place = self._places[digest]
        return RawFile(name, self._waiting.pieces(place))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Desk:
    """The files of one order, read one after the other; it gathers their faults."""

    def __init__(
        self, order: CollectOrder, course: Course, reader: ExportReader, waiting: WaitingFile
    ) -> None:
        self.order, self.course = order, course
        self.waiting = waiting
        self._reader = reader
        self._cells: Mapping[str, CellReader] = {}
        self._zone = ZoneInfo(course.timezone)
        stated = ZoneInfo(order.timezone) if order.timezone else None
        self._reading = Reading(
            course, reader, stated, order.date_order, order.dates, order.sessions,
            ConnectionTable().kept,
        )  # fmt: skip
        self._faults: list[Fault] = []
        self._hints: list[str] = []
        self._notes: list[str] = []
        self._files: list[SourceRecord] = []
        self.raw = _RawFiles(self.waiting)

    def gathered(self, cells: Mapping[str, CellReader]) -> Gathered:
        """Return what registrations, reports and lists of the order say.

        Args:
            cells: How an office's own lists are read, by column.

        Raises:
            InputError: If a file cannot be used; all faults of all files are named.
        """
        order, self._cells = self.order, cells
        if order.registrations is None:
            raise InputError("no registrations are given", hint="name them: --registrations FILE")
        registrants = self._try(self._registrants, order.registrations) or ()
        reports = [self._report(path) for path in order.attendance]
        lists = {
            column: tuple(done for path in paths for done in self._list(path, column))
            for column, paths in self._lists().items()
        }
        overrides = ()
        if order.overrides is not None:
            overrides = self._try(partial(read_overrides, zone=self._zone), order.overrides) or ()
        if self._faults:
            hint = next(iter(self._hints), "")
            raise InputError("nothing was collected", tuple(self._faults), hint=hint)
        return Gathered(
            registrants=registrants,
            reports=tuple(each for each in reports if each is not None),
            lists=Lists(**lists),
            overrides=overrides,
            files=tuple(self._files),
            notes=tuple(dict.fromkeys(self._notes)),
        )

    def _lists(self) -> Mapping[str, Sequence[Path]]:
        """Return the lists by column: a form that is several things is given once."""
        lists = {column: list(dict.fromkeys(paths)) for column, paths in self.order.lists().items()}
        listed = (each for paths in self.order.lists().values() for each in paths)
        for path in dict.fromkeys((self.order.registrations, *self.order.attendance, *listed)):
            if path is None:
                continue
            for column in self._purposes(path):
                if column in lists and path not in lists[column]:
                    lists[column].append(path)
        return lists

    def _purposes(self, path: Path) -> Sequence[str]:
        """Return what a file's form says that it is for; what is wrong is told when it is read."""
        if self._reader.forms.is_empty:
            return ()
        try:
            form = self._reader.forms.form_of(self._source(path))
        except InputError:
            return ()
        return () if form is None else purposes_of(form)

    def _try(self, read: Callable[[Path], Any], path: Path) -> Any:  # noqa: ANN401 - what *read* returns
        try:
            return read(path)
        except InputError as error:
            told = str(error).removeprefix(f"{path} ").removeprefix(f"{path.name} ")
            self._faults += error.faults or (Fault(path.name, "", told, error.hint),)
            self._hints += [error.hint] if error.faults and error.hint else []
            return None

    def _registrants(self, path: Path) -> Sequence[Any]:
        file = self._source(path)
        table, found = self._reader.registrations(file)
        if not set(NEEDED) <= set(map(folded, table.headers)):
            self._hints.append(suggestion(file))
        registrants, notes = read_registrations(table, file.name, self._cells)
        self._keep(file, "registrations", found)
        self._notes += notes
        return registrants

    def _report(self, path: Path) -> Report | None:
        file = self._try(self._source, path)
        if file is None:
            return None
        report, faults = read_report(file, self._reading)
        self._faults += faults
        if report is not None:
            self._keep(file, "attendance", report.file.found)
        return report

    def _list(self, path: Path, column: str) -> tuple[Done, ...]:
        return self._try(partial(self._read_list, column=column), path) or ()

    def _read_list(self, path: Path, column: str) -> tuple[Done, ...]:
        file = self._source(path)
        if (table := self._office_table(file, column)) is not None:
            self._keep(file, column, "office list")
            course = self._reading.course
            since = course.days[0] if course.sessions and column not in STUDY else None
            try:
                done, notes = read_list(table, file.name, column, self._cells, self._zone, since)
            except InputError:
                # An entry may say what words such as "refunded" mean.
                self._hints += [suggestion(file)] if column in NOTED else []
                raise
            self._notes += notes
            return done
        done, notes, kept = read_responses(file, column, self._reading)
        self._files.append(kept)
        self._notes += notes
        return done

    def _office_table(self, file: SourceFile, column: str) -> Any:  # noqa: ANN401
        form = self._reader.forms.form_for(file, column)
        if form is not None:
            is_survey = form.serves({KINDS[column]} & Form.SURVEYS)
            return None if is_survey else self._reader.table(file, column)
        if column in NOTED:
            return self._reader.table(file)
        try:
            if self._reader.is_survey(file):
                return None
            table = self._reader.table(file)
        except InputError:
            return None
        return table if is_office_list(table, column) else None

    def _source(self, path: Path) -> SourceFile:
        try:
            with path.open("rb") as file:
                # The size first, which is exact; a device has none and never ends.
                size = os.fstat(file.fileno()).st_size
                content = b"" if size > MOST_BYTES else file.read(MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{path} cannot be read: {reason}") from error
        if (size := max(size, len(content))) > MOST_BYTES:
            raise InputError(f"{path} has {size} bytes, at most {MOST_BYTES} are read")
        if (paged := list_at(path)) is not None:
            content = paged.content()
            self._notes += [paged.note] if paged.note else []
        twins = [each for each in self.order.attendance if each.name == path.name]
        name = path.name if len(set(twins)) < 2 else str(path)  # noqa: PLR2004 - of one name
        return SourceFile(name, content, str(path))

    def _keep(self, file: SourceFile, purpose: str, found: str) -> None:
        digest = hashlib.sha256(file.content).hexdigest()
        self._files.append(SourceRecord(file.name, digest, purpose, found, len(file.content)))
        if purpose in KEPT_RAW:
            self.raw.keep(digest, file)
