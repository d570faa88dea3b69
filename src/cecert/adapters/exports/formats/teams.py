"""Microsoft Teams' report since 2022: numbered sections, in whatever language.

Section 3 has the connections. Section 2 has one row a person, which bounds from above
those who are missing in section 3, and knows the account (UPN) and a webinar's
registration. The language follows Teams, the dates follow the browser, so neither tells
the other (docs/spec/inputs.md 3).

Microsoft Teams' report of 2021: a few summary lines, then one row a connection.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cecert.adapters.exports.format import Format, Job
from cecert.adapters.tables.cells import duration_of, email_of, full_name, name_of, whole_number
from cecert.adapters.tables.dates import parse_stamp
from cecert.adapters.tables.grids import Grid, Row
from cecert.adapters.tables.headers import Columns, Synonyms
from cecert.domain.evidence.export import AttendanceFile, Occurrence, ReportedConnection, RowKind
from cecert.domain.values.durations import exact
from cecert.domain.values.wording import joined

__all__ = ["REPORT", "REPORT_2021", "connection"]

FIELDS = "teams_report"
_MINUTE = 60


def find_2021(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the header with join and leave time and a role."""
    return synonyms.header(FIELDS, grid.head, ("name", "join", "leave", "role"))


def read_2021(job: Job, columns: Columns) -> AttendanceFile:
    """Read the report of 2021: one row a connection."""
    rows = tuple(connection(job, columns, row) for row in job.rows_below(columns.header))
    return AttendanceFile(job.facts_with(columns, notes=duration_notes(rows)), rows)


def connection(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    """Read a row of a table of connections, of this report or of a later one.

    Args:
        job: The reading of the file.
        columns: Of the table.
        row: Its row.
    """

    def cell(field: str) -> str:
        return columns.cell(row, field)

    join, leave = job.stamps.ends(cell("join"), cell("leave"), row.line)
    return ReportedConnection(
        name=name_of(cell("name")),
        email=email_of(cell("email")),
        join=join,
        leave=leave,
        line=row.line,
        dated=job.stamps.dated(cell("join")),
        resolution=job.stamps.resolution_of(cell("join")),
        reported_seconds=duration_of(cell("duration")),
        role=cell("role"),
        account=email_of(cell("upn")),
    )


def duration_notes(rows: tuple[ReportedConnection, ...]) -> tuple[str, ...]:
    """Return a note on rows whose Duration contradicts their times."""
    lines = [each.line for each in rows if _contradicts(each)]
    if not lines:
        return ()
    shown = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")  # noqa: PLR2004
    note = f"Duration contradicts the times in lines {shown}: the times count; the file may have "
    return (f"{note}been changed after export",)


def _contradicts(row: ReportedConnection) -> bool:
    if row.join is None or row.leave is None or row.reported_seconds is None:
        return False
    # Teams drops the seconds of a length of an hour and more.
    seconds = (row.leave - row.join).total_seconds()
    return abs(seconds - row.reported_seconds) > _MINUTE


REPORT_2021 = Format("teams_report_2021", find_2021, read_2021)


_SECTION = re.compile(r"(\d)\.\s\S.*")
_PEOPLE = {"name": 0, "first_join": 1, "last_leave": 2, "duration": 3, "email": 4, "upn": 5,
           "role": 6}  # fmt: skip
_ACTIVITIES = {"name": 0, "join": 1, "leave": 2, "duration": 3, "email": 4, "role": 5}
_FEWEST = 4
"""Cells a section's header has at least."""

_MOST_NAMED = 10
"""People that a note names."""

_BY_ORDER = "the headers of section {number} are in a language we do not know: read in Teams' order"


def find(grid: Grid, synonyms: Synonyms) -> Columns | None:
    """Return the line of the first section, where it is the first line."""
    first = next((row for row in grid.head if not row.is_blank), None)
    if first is None or not (found := _SECTION.fullmatch(first.cell(0))) or found[1] != "1":
        return None
    # The dates have commas in them: only the right delimiter parts the second section.
    numbered = [_SECTION.fullmatch(row.cell(0)) for row in grid.head]
    for at, row in zip(numbered, grid.head[1:], strict=False):
        if at and at[1] == "2" and sum(map(bool, map(str.strip, row.cells))) >= _FEWEST:
            return synonyms.columns(FIELDS, first)
    return None


def read(job: Job, columns: Columns) -> AttendanceFile:
    """Read the numbered sections: connections of the third, people of the second."""
    sections = _sections(job)
    notes: list[str] = []
    activities = _table(job, sections.get(3, ()), _ACTIVITIES, ("name", "join", "leave"), notes, 3)
    people = _table(job, sections.get(2, ()), _PEOPLE, ("name", "first_join"), notes, 2)
    rows = _connections(job, activities, sections.get(3, ()))
    envelopes = _envelopes(job, people, sections.get(2, ()))
    people_of: Mapping[str, list[ReportedConnection]] = defaultdict(list)
    for each in envelopes:
        people_of[each.key].append(each)
    known = tuple(_known(each, people_of.get(each.key, ())) for each in rows)
    only = tuple(_missing(envelopes, rows))
    if only:
        notes.append(_only_in_summary(only))
    facts = job.facts_with(activities or columns, notes=(*notes, *duration_notes(rows)))
    return AttendanceFile(facts, (*known, *only), _meeting(job, sections.get(1, ())))


def _only_in_summary(rows: Sequence[ReportedConnection]) -> str:
    """Return the note of who stands only in section 2, with how long it says they were there."""
    stand = "stands" if len(rows) == 1 else "stand"
    told = [f"{each.name} (line {each.line}{_stayed(each)})" for each in rows[:_MOST_NAMED]]
    more = [f"{len(rows) - _MOST_NAMED} more"] if len(rows) > _MOST_NAMED else []
    return f"{joined([*told, *more])} {stand} only in section 2: gaps of theirs cannot be seen"


def _stayed(row: ReportedConnection) -> str:
    seconds = row.reported_seconds
    return "" if seconds is None else f", {exact(seconds)} in all by the report"


def _sections(job: Job) -> Mapping[int, list[Row]]:
    sections: Mapping[int, list[Row]] = defaultdict(list)
    current = 0
    for row in job.grid:
        if (found := _SECTION.fullmatch(row.cell(0))) and not any(map(row.cell, range(1, 4))):
            current = int(found[1])
        elif not row.is_blank:
            sections[current].append(row)
    return sections


def _table(
    job: Job,
    rows: Sequence[Row],
    order: Mapping[str, int],
    needed: Sequence[str],
    notes: list[str],
    number: int,
) -> Columns | None:
    """Return a section's columns: by name, else in Teams' order where the cells agree."""
    if not rows:
        return None
    if found := job.synonyms.header(FIELDS, rows[:1], needed):
        job.refuse_doubles(found)
        return _with_keys(found, order)
    if len(rows) == 1 or not all(parse_stamp(rows[1].cell(place)) for place in (1, 2)):
        return None
    notes.append(_BY_ORDER.format(number=number))
    return Columns(rows[0], order)


def _with_keys(columns: Columns, order: Mapping[str, int]) -> Columns:
    """Return the columns with those that identify: in Teams' place where no name is known.

    Nothing but an address is taken from there.
    """
    taken = set(columns.places.values())
    missing = [each for each in ("email", "upn") if each in order and each not in columns]
    found = {each: order[each] for each in missing if order[each] not in taken}
    return replace(columns, places={**columns.places, **found})


def _connections(
    job: Job, columns: Columns | None, rows: Sequence[Row]
) -> tuple[ReportedConnection, ...]:
    return () if columns is None else tuple(connection(job, columns, row) for row in rows[1:])


def _envelopes(
    job: Job, columns: Columns | None, rows: Sequence[Row]
) -> tuple[ReportedConnection, ...]:
    return () if columns is None else tuple(_envelope(job, columns, row) for row in rows[1:])


def _envelope(job: Job, columns: Columns, row: Row) -> ReportedConnection:
    def cell(field: str) -> str:
        return columns.cell(row, field)

    addresses = (email_of(row.cell(place)) for place in _further(columns, row))
    registered = full_name(cell("registered_first"), cell("registered_last"))
    return ReportedConnection(
        name=name_of(cell("name")),
        email=email_of(cell("email")),
        join=job.stamps.read(cell("first_join"), row.line, "first join"),
        leave=job.stamps.read(cell("last_leave"), row.line, "last leave"),
        line=row.line,
        kind=RowKind.ENVELOPE,
        resolution=job.stamps.resolution_of(cell("first_join")),
        reported_seconds=duration_of(cell("duration")),
        role=cell("role"),
        account=email_of(cell("upn")),
        further_emails=tuple(dict.fromkeys(filter(None, addresses))),
        further_names=(registered,) if registered else (),
        summary=True,
    )


def _further(columns: Columns, row: Row) -> Iterator[int]:
    """Yield the places where a webinar's registration may stand, whatever it is called."""
    own = {*columns.all_places("name"), *columns.all_places("email"), *columns.all_places("upn")}
    return (place for place in range(len(row.cells)) if place not in own)


def _known(row: ReportedConnection, people: Sequence[ReportedConnection]) -> ReportedConnection:
    """Return a connection with what section 2 knows of whoever is called so.

    Where several are, nothing identifies the row: it may be any one's of them.
    """
    told = {(each.account, each.further_emails, each.further_names) for each in people}
    if len(told) == 1:
        ((account, emails, names),) = told
        return replace(row, account=account, further_emails=emails, further_names=names)
    addresses = (email for each in people for email in (each.account, *each.further_emails))
    return replace(row, possible_emails=tuple(dict.fromkeys(filter(None, addresses))))


def _missing(
    people: Sequence[ReportedConnection], rows: Sequence[ReportedConnection]
) -> Iterator[ReportedConnection]:
    """Yield who is in section 2 only, with the account's address where the row has no other.

    Who is called otherwise in section 3 is not missing there: somebody of whom section 2 says
    nothing has the same first join and last leave.
    """
    joins: Mapping[str, list[ReportedConnection]] = defaultdict(list)
    for each in rows:
        joins[each.key].append(each)
    called = {each.key for each in people}
    strange = Counter(_span(held) for key, held in joins.items() if key not in called)
    for each in people:
        if each.key in joins:
            continue
        if strange[each.join, each.leave] > 0:
            strange[each.join, each.leave] -= 1
            continue
        yield replace(each, email=each.email or each.account)


def _span(rows: Sequence[ReportedConnection]) -> tuple[datetime | None, datetime | None]:
    """Return first join and last leave, as section 2 tells them."""
    joins = [each.join for each in rows if each.join is not None]
    leaves = [each.leave for each in rows if each.leave is not None]
    return min(joins, default=None), max(leaves, default=None)


def _meeting(job: Job, rows: Sequence[Row]) -> tuple[Occurrence, ...]:
    cells = [(row, row.cell(1)) for row in rows]
    moments = [
        job.stamps.read(text, row.line, "meeting") for row, text in cells if parse_stamp(text)
    ]
    counts = [count for _, text in cells if (count := whole_number(text)) is not None]
    if not moments:
        return ()
    return (
        Occurrence(
            start=moments[0],
            end=moments[1] if len(moments) > 1 else None,
            participants=counts[0] if counts else None,
            topic=rows[0].cell(1),
            line=rows[0].line,
        ),
    )


REPORT = Format("teams_report", find, read)
