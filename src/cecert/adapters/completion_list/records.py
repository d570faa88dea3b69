"""From a table to completion records: every bad cell of the whole file, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cecert.adapters.completion_list.columns import COMPLETED, CompletionColumns
from cecert.adapters.completion_list.people import Person, Repetition, repetitions
from cecert.adapters.tables.cells import CellError, CellReader, cell_texts, cell_value, refused
from cecert.adapters.tables.date_columns import read_dates
from cecert.adapters.tables.grids import CellProblem, Row
from cecert.adapters.tables.lists import ListTable
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.evidence.completion_times import too_early, why_early
from cecert.errors import Fault
from cecert.ports import CompletionList

# Most lists have no evidence beside them, and reading one needs a library.
if TYPE_CHECKING:
    from cecert.adapters.completion_list.evidence_read import CollectedRow

__all__ = ["ListReading"]

_REMEMBERED = 64
"""Cells of a column whose values are kept: more than there are choices, less than names."""


class ListReading:
    """One list being read; it gathers the faults of each row."""

    def __init__(
        self,
        file: str,
        table: ListTable,
        columns: CompletionColumns,
        readers: Mapping[str, CellReader],
    ) -> None:
        """Take a table, where its columns stand, and how their cells are read."""
        self._file = file
        self._table = table
        self._places = columns.places
        # What cells of a column say is said again in most rows; it is read once.
        self._readers = {
            name: lru_cache(maxsize=_REMEMBERED)(each)
            for name, each in readers.items()
            if name in columns.places
        }
        self._faults: dict[int, list[tuple[int, Fault]]] = {row.number: [] for row in table.rows}
        self._rows = {row.number: row for row in table.rows}
        # A problem without a place is the whole row's: none of its cells is sure.
        self._broken = {
            row.number for row in table.rows for each in row.problems if each.place is None
        }
        self._repeated: set[int] = set()
        self._notes = [*table.notes, *columns.notes]

    def completion_list(
        self, course: Course, now: datetime, evidence: Mapping[str, CollectedRow] | None
    ) -> CompletionList:
        """Return records, faults and notes of the whole list.

        Args:
            course: Whose sessions, dates and time zone the cells are held against.
            now: The present instant, aware; what is dated later is a bad cell.
            evidence: What `collect` found of each person, by identity; None for a list made by
                hand.
        """
        values = {row.number: self._values(row) for row in self._table.rows}
        if COMPLETED in self._places:
            self._read_dates(COMPLETED, course, now, values)
            self._keep_days(course, values)
        for column in ("evaluation", "attestation"):
            if column in self._places:
                self._read_dates(column, course, now, values)
                self._refuse_early(column, course, values, evidence or {})
        people = [_person(number, cells) for number, cells in values.items()]
        for repetition in repetitions(people):
            self._tell_repetition(repetition)
        if evidence is not None:
            self._compare(people, values, evidence)
        return CompletionList(
            records=tuple(self._records(values, evidence or {})),
            faults=tuple(self._all_faults()),
            notes=tuple(self._notes),
            evidence="by hand" if evidence is None else "collected",
        )

    def _fault(self, row: int, column: str, value: str, problem: str, remedy: str = "") -> None:
        about = f", column {column}" if column else ""
        place = f"{self._file}: {self._table.row_word} {row}{about}"
        self._faults[row].append(
            (self._places.get(column, -1), Fault(place, value, problem, remedy))
        )

    def _all_faults(self) -> Iterator[Fault]:
        """Yield all faults, row by row, from left to right."""
        for faults in self._faults.values():
            yield from (fault for _, fault in sorted(faults, key=itemgetter(0)))

    def _tell(self, row: int, column: str, found: CellProblem) -> None:
        self._fault(row, column, found.value, found.problem, found.remedy)

    def _values(self, row: Row) -> dict[str, Any]:
        """Return the values of a row's good cells, and tell the bad ones."""
        if row.number in self._broken:
            for each in row.problems:
                self._tell(row.number, "", each)
            return {}
        values = {}
        places = [self._places[column] for column in self._readers]
        texts = cell_texts(row, places)
        for (column, read), place, text in zip(self._readers.items(), places, texts, strict=True):
            if isinstance(text, CellProblem):
                self._tell(row.number, column, text)
                continue
            try:
                values[column] = read(text)
            except ValueError as error:
                self._tell(row.number, column, refused(row, place, error))
        return values

    def _read_dates(
        self, column: str, course: Course, now: datetime, values: Mapping[int, dict[str, Any]]
    ) -> None:
        place, zone = self._places[column], ZoneInfo(course.timezone)
        texts: dict[int, str] = {}
        for row in self._table.rows:
            if row.number in self._broken:
                continue
            try:
                texts[row.number] = cell_value(row, place, str)
            except CellError as error:
                self._tell(row.number, column, error.problem)
        dated = read_dates(list(texts.values()), zone)
        for number, moment, problem in zip(texts, dated.moments, dated.problems, strict=True):
            if problem:
                self._fault(number, column, self._text(number, column), problem)
            elif moment and _is_later(moment, now, zone):
                self._fault(number, column, self._text(number, column), "lies in the future")
            else:
                values[number][column] = moment
        self._notes += dated.notes(column, zone)

    def _keep_days(self, course: Course, values: Mapping[int, dict[str, Any]]) -> None:
        """Keep of each completion the day at the course; tell those before the last session."""
        zone = ZoneInfo(course.timezone)
        last = course.sessions[-1].day if course.sessions else None
        for number, cells in values.items():
            if (moment := cells.get(COMPLETED)) is None:
                continue
            local = isinstance(moment, datetime)
            day = moment.astimezone(zone).date() if local else moment
            if last and day < last:
                problem = f"lies before the last session, on {last}"
                self._fault(number, COMPLETED, self._text(number, COMPLETED), problem, _DONE)
            cells[COMPLETED] = day

    def _refuse_early(
        self,
        column: str,
        course: Course,
        values: Mapping[int, dict[str, Any]],
        evidence: Mapping[str, CollectedRow],
    ) -> None:
        """Tell every date before the course was over, but those that `collect` holds itself."""
        for number in self._early(column, course, values):
            cells = values[number]
            moment, own = cells[column], _own_course(course, cells)
            found = evidence.get(_person(number, cells).identity)
            if found is None or not found.is_dated(column, moment, ZoneInfo(course.timezone)):
                shown = self._text(number, column)
                self._fault(number, column, shown, f"is {why_early(column, moment, own)}", _LATER)
                del cells[column]

    def _early(
        self, column: str, course: Course, values: Mapping[int, dict[str, Any]]
    ) -> list[int]:
        """Return the rows whose date is before the course was over, for them."""
        dated = {number: cells[column] for number, cells in values.items() if cells.get(column)}
        if course.is_one_for_all:
            return too_early(column, course, dated)
        return [
            each
            for number, moment in dated.items()
            for each in too_early(column, _own_course(course, values[number]), {number: moment})
        ]

    def _tell_repetition(self, found: Repetition) -> None:
        self._repeated |= {found.first.row, found.later.row}
        self._fault(
            found.later.row,
            found.column,
            str(found.later),
            f"{found.problem}: {self._table.row_word} {found.first.row} is {found.first}",
            found.remedy,
        )

    def _compare(
        self,
        people: Iterable[Person],
        values: Mapping[int, dict[str, Any]],
        evidence: Mapping[str, CollectedRow],
    ) -> None:
        """Tell every row whose attended or review is not what `collect` found."""
        for person in people:
            if not person.identity:
                continue
            if (collected := evidence.get(person.identity)) is None:
                self._fault(person.row, "", str(person), "is not in the evidence file", _OVERRIDE)
                continue
            for column, found in (("attended", collected.attended), ("review", collected.review)):
                if self._differs(column, values[person.row], found):
                    shown = self._text(person.row, column)
                    problem = f"differs from what collect found, {found!r}"
                    self._fault(person.row, column, shown, problem, _OVERRIDE)
            self._compare_day(person.row, values[person.row], collected.completed_on)

    def _compare_day(self, row: int, values: Mapping[str, Any], found: str | None) -> None:
        """Tell a day of completion that is not the one which `collect` found."""
        if found is None or COMPLETED not in self._places or COMPLETED not in values:
            return
        day = values[COMPLETED]
        if (day.isoformat() if day else "") != found:
            problem = f"differs from what collect found, {found!r}"
            self._fault(row, COMPLETED, self._text(row, COMPLETED), problem, _ANOTHER_DAY)

    def _differs(self, column: str, values: Mapping[str, Any], found: str) -> bool:
        if column not in self._places:
            return bool(found)  # a review is not cleared by leaving its column out
        if column not in values:
            return False  # a bad cell is told as one
        try:
            return bool(values[column] != self._readers[column](found))
        except ValueError:
            return True

    def _text(self, number: int, column: str) -> str:
        if column not in self._places:
            return ""
        return self._rows[number].cells[self._places[column]]

    def _records(
        self, values: Mapping[int, dict[str, Any]], evidence: Mapping[str, CollectedRow]
    ) -> Iterator[CompletionRecord]:
        for number, cells in values.items():
            if not self._faults[number] and number not in self._repeated:
                record = CompletionRecord(**cells, place=f"{self._table.row_word} {number}")
                found = evidence.get(record.identity)
                yield record if found is None else _found(record, found)


def _found(record: CompletionRecord, found: CollectedRow) -> CompletionRecord:
    return replace(record, evidence=found.text, findings=found.findings, held=found.open_purposes)


_DONE = "write the day on which sessions and self-study were done, both"
_ANOTHER_DAY = "give the day with its proof in a list, and run collect again"
_LATER = "write when it was given after the end, or leave it empty"
_OVERRIDE = "cecert override records who decided and why"


def _person(number: int, values: Mapping[str, Any]) -> Person:
    return Person(
        row=number,
        name=values.get("name", ""),
        email=values.get("email", ""),
        participant_id=values.get("participant_id", ""),
        licenses=values.get("licenses", ()),
    )


def _own_course(course: Course, cells: Mapping[str, Any]) -> Course:
    """Return the course as a row says somebody completed it."""
    return course.completed(cells.get(COMPLETED)).attended_in(cells.get("attended", ()))


def _is_later(moment: date | datetime, now: datetime, zone: ZoneInfo) -> bool:
    if isinstance(moment, datetime):
        return moment > now
    return moment > now.astimezone(zone).date()
