"""Collecting, wired: files on the disk through the readers and the workflow to a batch."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.collect_files.batch import Batch
from cecert.adapters.collect_files.lists import is_office_list, read_list
from cecert.adapters.collect_files.overrides import append_override, read_overrides
from cecert.adapters.collect_files.registrations import read_registrations
from cecert.adapters.completion_list import cell_readers
from cecert.adapters.completion_list.evidence_read import CollectedEvidence, read_collected
from cecert.adapters.completion_list.evidence_write import evidence_document
from cecert.adapters.completion_list.write import completion_list
from cecert.adapters.office_files import new_office_files
from cecert.adapters.reports import Commands, collection_report
from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.domain.course.course import Course
from cecert.domain.evidence.collection import Collection, Done, Report, SourceRecord
from cecert.domain.evidence.export import DateOrder
from cecert.domain.evidence.overrides import Override
from cecert.errors import Fault, InputError
from cecert.office.exports import ExportReader, Steps
from cecert.office.office import Office
from cecert.ports import SourceFile
from cecert.workflows.collect.collect import Gathered, collect
from cecert.workflows.collect.lists import Lists
from cecert.workflows.collect.read import Reading, read_report, read_responses

__all__ = [
    "CollectOrder",
    "Collected",
    "CollectedEvidence",
    "add_override",
    "collect_course",
    "read_collected",
]

MOST_BYTES = 200_000_000
"""Bytes of the largest file that is read."""

MANY = 10_000
"""Connections whose judging takes long enough to show its progress."""

KEPT_RAW = frozenset({"registrations", "attendance"})
"""Purposes whose raw files stay with the batch; of an evaluation only the digest does."""

CellReader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class CollectOrder:
    """What is to be collected, as the command line gives it.

    Attributes:
        registrations: The master list.
        attendance: Reports, at least one.
        evaluation, attestation, post_test, visibility: Lists, () where none is given.
        overrides: The overrides' file, None without one.
        timezone: Of files that state none; "" for the course's.
        date_order: Of files that do not prove theirs; None to learn it.
        output: The completion list to write.
        course: The course file, for the report's commands.
        mappings: Mapping files by the path of the export they are for.
        synonyms: Further names of columns, beside those that are shipped.
    """

    registrations: Path
    attendance: tuple[Path, ...]
    output: Path
    evaluation: tuple[Path, ...] = ()
    attestation: tuple[Path, ...] = ()
    post_test: tuple[Path, ...] = ()
    visibility: tuple[Path, ...] = ()
    overrides: Path | None = None
    timezone: str = ""
    date_order: DateOrder | None = None
    course: Path = Path("course.toml")
    mappings: Mapping[str, Path] = field(default_factory=dict)
    synonyms: tuple[Path, ...] = ()

    def lists(self) -> Mapping[str, tuple[Path, ...]]:
        """Return the lists by the completion list's column."""
        return {
            "evaluation": self.evaluation,
            "attestation": self.attestation,
            "post_test": self.post_test,
            "visible": self.visibility,
        }


@dataclass(frozen=True, slots=True)
class Collected:
    """A batch that was written: the result, and the files."""

    collection: Collection
    written: tuple[Path, ...]


def collect_course(
    order: CollectOrder, course: Course, office: Office, progress: Steps | None = None
) -> Collected:
    """Read everything, judge everybody, and write the batch.

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
    batch = Batch(order.output, write_file, make_folder, _untouched())
    batch.refuse_edited()

    def tell() -> None:
        office.warn(f"another command writes {order.output}: waiting")

    with FolderLock.of_file(order.output).hold(tell):
        batch.refuse_edited()  # once more: who was waited for may have written it
        return _collected(order, course, office, batch, progress)


def _collected(
    order: CollectOrder, course: Course, office: Office, batch: Batch, progress: Steps | None
) -> Collected:
    desk = _Desk(order, course, cell_readers(course, frozenset(office.regimes)), progress)
    gathered = desk.gathered()
    many = sum(len(each.connections) for each in gathered.reports) >= MANY
    told = partial(progress, "judging attendance") if progress and many else None
    collection = collect(course, gathered, told, now=office.clock.now())
    rows = completion_list(collection)
    written = batch.store(
        rows,
        evidence_document(collection, order.output.name, rows),
        collection_report(collection, asset_folder("templates"), _commands(order)),
        desk.raw,
    )
    return Collected(collection, written)


def _tell_nobody() -> None:
    """Tell nobody that another command is waited for."""


def _commands(order: CollectOrder) -> Commands:
    words = ["cecert", "collect", str(order.course), "--registrations", str(order.registrations)]
    given = {
        "--attendance": order.attendance,
        "--evaluation": order.evaluation,
        "--attestation": order.attestation,
        "--post-test": order.post_test,
        "--visibility": order.visibility,
        "--overrides": () if order.overrides is None else (order.overrides,),
        "--synonyms": order.synonyms,
    }
    words += [
        word for option, paths in given.items() for path in paths for word in (option, str(path))
    ]
    words += ["--timezone", order.timezone] if order.timezone else []
    words += ["--date-order", order.date_order.value] if order.date_order else []
    for export, mapping in order.mappings.items():
        words += ["--mapping", f"{export}={mapping}"]
    before = "" if order.overrides is None else order.overrides.read_text("utf-8-sig")
    return Commands(
        collect=shlex.join([*words, "-o", str(order.output)]),
        course=shlex.quote(str(order.course)),
        completions=shlex.quote(str(order.output)),
        overrides=str(order.overrides or "overrides.toml"),
        overrides_text=before,
    )


def add_override(
    path: Path, override: Override, zone: ZoneInfo, wait: Callable[[], None] = _tell_nobody
) -> None:
    """Add a decision to the overrides' file, which is made where it is missing.

    Args:
        path: The file.
        override: The decision.
        zone: Of the local times in the file.
        wait: Called once if another command is adding to the file.

    Raises:
        InputError: If the file there cannot be used or written; it is as it was.
        LedgerError: If another command holds the file for ten minutes.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    with FolderLock.of_file(path).hold(wait):
        content = append_override(path, override, zone)
        try:
            write_file(path, content)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _untouched() -> frozenset[str]:
    example = new_office_files(asset_folder("templates"))["completions.csv"]
    return frozenset({hashlib.sha256(example).hexdigest()})


class _Desk:
    """The files of one order, read one after the other; it gathers their faults."""

    def __init__(
        self,
        order: CollectOrder,
        course: Course,
        cells: Mapping[str, CellReader],
        progress: Steps | None,
    ) -> None:
        self._order = order
        self._reader = reader = ExportReader(
            asset_folder("templates"),
            order.mappings,
            order.synonyms,
            progress,
            statement="" if course.attestation is None else course.attestation.text,
        )
        self._cells = cells
        self._zone = ZoneInfo(course.timezone)
        stated = ZoneInfo(order.timezone) if order.timezone else None
        self._reading = Reading(course, reader, stated, order.date_order)
        self._faults: list[Fault] = []
        self._notes: list[str] = []
        self._files: list[SourceRecord] = []
        self.raw: dict[str, SourceFile] = {}

    def gathered(self) -> Gathered:
        """Read everything.

        Raises:
            InputError: If a file cannot be used; all faults of all files are named.
        """
        order = self._order
        registrants = self._try(self._registrants, order.registrations) or ()
        reports = [self._report(path) for path in order.attendance]
        lists = {
            column: tuple(done for path in paths for done in self._list(path, column))
            for column, paths in order.lists().items()
        }
        overrides = ()
        if order.overrides is not None:
            overrides = self._try(partial(read_overrides, zone=self._zone), order.overrides) or ()
        if self._faults:
            raise InputError("nothing was collected", tuple(self._faults))
        return Gathered(
            registrants=registrants,
            reports=tuple(each for each in reports if each is not None),
            lists=Lists(**lists),
            overrides=overrides,
            files=tuple(self._files),
            notes=tuple(self._notes),
        )

    def _try(self, read: Callable[[Path], Any], path: Path) -> Any:  # noqa: ANN401 - what *read* returns
        try:
            return read(path)
        except InputError as error:
            told = str(error).removeprefix(f"{path} ").removeprefix(f"{path.name} ")
            self._faults += error.faults or (Fault(path.name, "", told, error.hint),)
            return None

    def _registrants(self, path: Path) -> Sequence[Any]:
        file = self._source(path)
        registrants, notes = read_registrations(self._reader.table(file), file.name, self._cells)
        self._keep(file, "registrations", "registration list")
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
            done, notes = read_list(table, file.name, column, self._cells, self._zone)
            self._notes += notes
            return done
        done, notes, kept = read_responses(file, column, self._reading)
        self._files.append(kept)
        self._notes += notes
        return done

    def _office_table(self, file: SourceFile, column: str) -> Any:  # noqa: ANN401
        if column == "visible":
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
        twins = [each for each in self._order.attendance if each.name == path.name]
        name = path.name if len(set(twins)) < 2 else str(path)  # noqa: PLR2004 - of one name
        return SourceFile(name, content, str(path))

    def _keep(self, file: SourceFile, purpose: str, found: str) -> None:
        digest = hashlib.sha256(file.content).hexdigest()
        self._files.append(SourceRecord(file.name, digest, purpose, found, len(file.content)))
        if purpose in KEPT_RAW:
            self.raw[digest] = file
