"""What lies in a course's `files/`: each file known by its content, and why.

Nothing is taken for something by its name. What nothing knows, and what may be two things,
stops the whole: an export that is left out, or read as another, makes somebody absent.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cecert.adapters.exports.form import Form
from cecert.adapters.exports.read import format_of, rows_below
from cecert.adapters.exports.registry import LEARNING, SURVEYS
from cecert.adapters.tables.bytes import Source, read_source
from cecert.adapters.tables.headers import folded
from cecert.adapters.tables.lists import ListTable
from cecert.adapters.tables.openings import openings
from cecert.adapters.tables.pages import INDEX, paged_lists
from cecert.domain.course.course import Course
from cecert.domain.evidence.export import DateOrder, EvaluationFile
from cecert.errors import AmbiguousDateError, Fault, InputError
from cecert.office.collect.exports import ExportReader
from cecert.office.collect.forms import KINDS, purposes_of
from cecert.office.collect.order import CollectOrder
from cecert.office.courses import FILES
from cecert.ports import SourceFile

__all__ = ["Taken", "take_files", "with_files"]

_LISTED = ("evaluation", "attestation", "post_test", "visible", "fee_paid", "completed_on")
COLLECTED = frozenset({"registrants", "participants"})
"""Lists of a fetch that are collected; the rest says what there was to fetch."""

FETCHED = "zoom-"
"""How a folder begins that a fetch fills."""

_HINT = (
    "say what it is in forms.toml, beside cecert.toml or in the course's folder; "
    "cecert forms suggest {} proposes the entry"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file was taken for.

    Attributes:
        path: The file.
        purposes: What it is collected for, of `KINDS`; () for what was given by hand instead.
        format: What it was recognised as.
        rows: Rows below its header.
        why: What it is known by.
    """

    path: Path
    purposes: tuple[str, ...]
    format: str
    rows: int
    why: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it is, in the words of `forms.toml`."""
        return tuple(KINDS[each] for each in self.purposes)


def take_files(
    course_path: Path, course: Course, reader: ExportReader, by_hand: Mapping[str, Sequence[Path]]
) -> tuple[Taken, ...]:
    """Say what each file of a course's `files/` is.

    Args:
        course_path: The course's file, beside which they lie.
        course: The course.
        reader: Knows forms and formats.
        by_hand: Files given by options, by purpose: they win over what lies there.

    Raises:
        InputError: If there is no such folder, or no list of registrations, or two; or if a
            file is known by nothing or may be two things. All of them are named.
    """
    folder = course_path.parent / FILES
    named = {each.resolve() for paths in by_hand.values() for each in paths}
    faults: list[Fault] = []
    hints: list[str] = []
    taken = []
    for path, pages in _with_lists(_listed(folder), faults):
        if path.resolve() in named:
            continue
        try:
            found = _taken(path, course, reader)
        except InputError as error:
            faults += error.faults or (Fault(path.name, "", str(error), error.hint),)
            hints += [error.hint] if error.hint else []
            continue
        left = tuple(each for each in found.purposes if not by_hand.get(each))
        why = f"{found.why}; {pages} pages, read as one list" if pages > 1 else found.why
        taken.append(replace(found, purposes=left, why=why))
    faults += _master_faults(folder, taken, by_hand)
    faults += _quiz_faults(taken)
    if faults:
        raise InputError(
            f"the files in {folder} cannot be told apart; nothing was written",
            tuple(faults),
            hint=next(iter(hints), ""),
        )
    return tuple(taken)


def _listed(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(
            f"there is no folder {folder}, and no files are given",
            hint="put the exports there, or name them: --registrations and --attendance, or of "
            "self-study --post-test",
        )
    return [each for each in sorted(folder.iterdir()) if not _is_left_behind(each.name)]


_LEFT_BEHIND = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


def _is_left_behind(name: str) -> bool:
    """Say whether a desktop made a file: .DS_Store, pictures, Office's marks of an open file."""
    return name.startswith((".", "~$")) or name.casefold() in _LEFT_BEHIND


def _with_lists(paths: Sequence[Path], faults: list[Fault]) -> Iterator[tuple[Path, int]]:
    """Yield each file, and of what was fetched each list by its first page; with its pages."""
    for path in paths:
        if not (path.is_dir() and (path / INDEX).is_file()):
            yield path, 1
            continue
        try:
            lists = paged_lists(path)
        except InputError as error:
            faults += error.faults
            continue
        yield from ((each.path, len(each.pages)) for each in lists if each.what in COLLECTED)


def _master_faults(
    folder: Path, taken: Sequence[Taken], by_hand: Mapping[str, Sequence[Path]]
) -> Iterator[Fault]:
    masters = [each.path.name for each in taken if "registrations" in each.purposes]
    if not masters and not by_hand.get("registrations"):
        remedy = "put it there, or name it: --registrations FILE"
        yield Fault(str(folder), "", "no file is a list of registrations", remedy)
    if len(masters) > 1:
        yield Fault(
            " and ".join(masters), "", "are both lists of registrations",
            "keep one of them there, or name it: --registrations FILE",
        )  # fmt: skip


def _quiz_faults(taken: Sequence[Taken]) -> Iterator[Fault]:
    """Name several quizzes of a learning platform: one for practice would pass for the test."""
    quizzes = [each for each in taken if each.format in LEARNING and "post_test" in each.purposes]
    if len(quizzes) > 1:
        yield Fault(
            " and ".join(each.path.name for each in quizzes), "", "may each be the post-test",
            f"say which: --post-test {shlex.quote(str(quizzes[0].path))}",
        )  # fmt: skip


def _taken(path: Path, course: Course, reader: ExportReader) -> Taken:
    if path.is_dir() and path.name.startswith(FETCHED):
        fault = Fault(
            path.name, "", "holds no fetch that was finished", "run it again, or remove it"
        )
        raise InputError(f"{path.name} cannot be used", (fault,))
    if not path.is_file():
        raise InputError(f"{path.name} is no file")
    source = read_source(path)
    file = SourceFile(path.name, source.data, str(path))
    if (form := reader.forms.form_of(file)) is not None:
        return _of_form(path, source, form)
    ways = list(_ways(path, source, file, course, reader))
    if len(ways) == 1:
        return ways[0]
    hint = _HINT.format(shlex.quote(str(path)))
    if not ways:
        raise _unknown(path, "is known by nothing", hint)
    told = " and ".join(f"{' and '.join(each.kinds)} ({each.why})" for each in ways)
    raise _unknown(path, f"may be {told}", hint)


def _unknown(path: Path, problem: str, hint: str) -> InputError:
    fault = Fault(path.name, "", problem, "name it in forms.toml")
    return InputError(f"{path.name} cannot be used", (fault,), hint=hint)


def _of_form(path: Path, source: Source, form: Form) -> Taken:
    rows = _rows_of(source, form)
    return Taken(path, purposes_of(form), form.name or "form", rows, f"known by {form.place}")


def _rows_of(source: Source, form: Form) -> int:
    for opened in openings(source):
        if (header := form.header(opened)) is not None:
            return rows_below(opened.grid, header)
    return 0


def _ways(
    path: Path, source: Source, file: SourceFile, course: Course, reader: ExportReader
) -> Iterator[Taken]:
    """Yield everything that a file may be."""
    found = format_of(source, reader.synonyms)
    name, rows = found or ("", 0)
    if purpose := LEARNING.get(name):
        yield Taken(path, (purpose,), name, rows, "the header of this format")
        return
    survey = name in SURVEYS or reader.is_survey(file)
    if survey:
        yield from _survey_ways(path, file, (name or "survey", rows), course, reader)
        return
    if (table := _own_list(file, reader)) is not None:
        yield from _list_ways(path, table)
        return
    if found is not None and name != "registration":
        yield Taken(path, ("attendance",), name, rows, "the header of this format")
        return
    known = reader.recognised_registrations(file)
    if known is not None and (known.form.name or known.questions):
        rows = rows or _rows_of(source, known.form)
        why = "names, addresses and " + ("states" if known.form.name else "a question for credit")
        yield Taken(path, ("registrations",), known.form.name or "list", rows, why)


def _own_list(file: SourceFile, reader: ExportReader) -> ListTable | None:
    """Return a table with the columns of an office's own list, None for any other."""
    try:
        table = reader.table(file)
    except InputError:
        return None
    names = set(map(folded, table.headers))
    is_list = {"name", "email", "credentials"} <= names or bool(
        names & {"email", "participant_id"} and names & set(_LISTED)
    )
    return table if is_list else None


def _list_ways(path: Path, table: ListTable) -> Iterator[Taken]:
    names = set(map(folded, table.headers))
    rows = len(table.rows)
    if {"name", "email", "credentials"} <= names:
        if not names & {"attended", "review"}:
            why = "columns name, email and credentials"
            yield Taken(path, ("registrations",), "registration list", rows, why)
        return
    columns = tuple(each for each in _LISTED if each in names)
    yield Taken(path, columns, "office list", rows, f"columns {', '.join(columns)}")


def _survey_ways(
    path: Path, file: SourceFile, found: tuple[str, int], course: Course, reader: ExportReader
) -> Iterator[Taken]:
    """Yield what a survey may be: responses say so only by their questions."""
    name, rows = found
    read = _responses(file, reader)
    if read.unnamed_attestation and course.asks_to_attest:
        problem = (
            f"may be evaluation alone, or have the attestation in {read.unnamed_attestation!r}"
        )
        raise _unknown(path, problem, _HINT.format(shlex.quote(str(path))))
    purposes = ["evaluation"]
    why = "a survey's header"
    if read.attestation:
        purposes.append("attestation")
        why = f"a survey's header, and its question {read.attestation!r}"
    yield Taken(path, tuple(purposes), name, rows, why)
    asked = [course.requirements, *(each.requirements for each in course.credit_lines)]
    scored = any(each.points is not None for each in read.responses)
    if scored and any(each.post_test is not None for each in asked):
        yield Taken(path, ("post_test",), name, rows, "it has scores")
    if reader.asks_for_credit(file):
        yield Taken(path, ("registrations",), name, rows, "it asks for a credit")


def _responses(file: SourceFile, reader: ExportReader) -> EvaluationFile:
    try:
        return reader.evaluation(file, None)
    except AmbiguousDateError as error:
        # Which order it is, is found by the plan when it is read for good.
        return reader.evaluation(file, DateOrder(error.orders[0]))


def with_files(order: CollectOrder, taken: Sequence[Taken]) -> CollectOrder:
    """Return an order with the files that were taken; what it names by hand stays."""

    def of(purpose: str) -> tuple[Path, ...]:
        return tuple(each.path for each in taken if purpose in each.purposes)

    return replace(
        order,
        registrations=order.registrations if of("registrations") == () else of("registrations")[0],
        attendance=order.attendance or of("attendance"),
        evaluation=order.evaluation or of("evaluation"),
        attestation=order.attestation or of("attestation"),
        post_test=order.post_test or of("post_test"),
        visibility=order.visibility or of("visible"),
        payment=order.payment or of("fee_paid"),
        completion=order.completion or of("completed_on"),
    )
