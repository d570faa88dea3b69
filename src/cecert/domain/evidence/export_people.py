"""People as one file alone shows them: how long, in how many pieces, and what to doubt.

One person an identity key, the strongest a row has: the platform's id, else the address,
else the display name. Nothing is merged beyond that: who has the same name is suggested,
never joined. Figures are unions, because rounded minutes and simultaneous devices make
sums that nobody was present for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cecert.domain.evidence.export import AttendanceFile, ReportedConnection, RowKind
from cecert.domain.evidence.local_times import Located, located

__all__ = ["PersonSeen", "is_generic_display", "people_seen", "same_names", "shared_emails"]

_GENERIC_WORDS = frozenset(
    {
        "iphone", "ipad", "ipod", "galaxy", "android", "pixel", "oneplus", "huawei", "xiaomi",
        "redmi", "samsung", "motorola", "moto", "nokia", "macbook", "imac", "mac", "pro", "air",
        "mini", "max", "plus", "ultra", "note", "tab", "laptop", "desktop", "computer", "tablet",
        "phone", "telephone", "mobile", "cell", "chromebook", "windows", "surface", "pc", "zoom",
        "webex", "teams", "meet", "user", "guest", "anonymous", "participant", "attendee",
        "caller", "call-in", "dial-in", "unknown", "device", "sm", "room", "rooms",
    }
)  # fmt: skip
_MODEL = re.compile(r"[a-z]{0,3}-?\d[\w-]{0,7}")
_NUMBER = re.compile(r"[\d*xX\u2022+().\s-]+")
_WORD = re.compile(r"[^\s()_,]+")
_BRACKETS = re.compile(r"\([^()]*\)|\uff08[^\uff09]*(\uff09|\Z)")
"""What stands in brackets, and from a wide bracket that nothing closes all the rest.

A pattern that fails there would be tried again at each further bracket, and read the rest
again each time.
"""
_ROUND = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One identity key of a file.

    Attributes:
        key: `id:`, `mailto:` or `name:`.
        names, emails: All it was seen under, sorted.
        rows: Its rows, waiting rooms included, in the file's order.
        intervals: When it was connected, UTC, in order, none touching the next; a
            connection of no length is one. Open connections are not among them.
        sum_seconds: Its connections added, overlaps counted twice.
        total_seconds: How long it was present; None where the file cannot tell.
        segments: Connections; None where the file has no such thing. Who stands only in the
            summary of a report that has them has one, from first join to last leave.
        first_join: As stamped; None without one.
        last_leave: As stamped; None where a connection is open, or without one.
        waiting_rows: Rows of the waiting room.
        waiting_seconds: Time in it.
        open_since: Joins without a leave.
        flags: What to doubt, in the words of docs/spec/inputs.md 9.
    """

    key: str
    names: tuple[str, ...]
    emails: tuple[str, ...]
    rows: tuple[ReportedConnection, ...]
    intervals: tuple[tuple[datetime, datetime], ...]
    sum_seconds: int
    total_seconds: int | None
    segments: int | None
    first_join: datetime | None
    last_leave: datetime | None
    waiting_rows: int
    waiting_seconds: int
    open_since: tuple[datetime, ...]
    flags: tuple[str, ...]

    @property
    def present_seconds(self) -> int:
        """How long its stamps show it connected."""
        return sum(int((end - start).total_seconds()) for start, end in self.intervals)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles the person was seen in, sorted."""
        return tuple(sorted({each.role for each in self.rows if each.role}))


def people_seen(file: AttendanceFile, zone: ZoneInfo) -> tuple[PersonSeen, ...]:
    """Return everybody in a file but no-shows, in the order of their first row.

    Args:
        file: The report.
        zone: What its local times mean.

    Raises:
        InputError: As `located`.
    """
    times: dict[int, Located] = {id(each.row): each for each in located(file, zone)}
    people: Mapping[tuple[str, int], list[ReportedConnection]] = defaultdict(list)
    for row in file.connections:
        if row.kind is not RowKind.NO_SHOW:
            # A bare list of names has nothing to unite: a line is a line.
            bare = row.kind is RowKind.TOTAL and row.reported_seconds is None
            people[row.key, row.line if bare else 0].append(row)
    longest = max((each.reported_minutes or 0 for each in file.occurrences), default=0)
    return tuple(_person(key, rows, times, longest) for (key, _), rows in people.items())


def _person(
    key: str, rows: Sequence[ReportedConnection], times: Mapping[int, Located], longest: int
) -> PersonSeen:
    kinds = {each.kind for each in rows}
    inside = [
        times[id(each)]
        for each in rows
        if id(each) in times and each.kind is not RowKind.WAITING_ROOM
    ]
    waited = [times[id(each)] for each in rows if each.kind is RowKind.WAITING_ROOM]
    closed = [each for each in inside if each.left is not None]
    intervals = tuple(_merged(closed))
    open_ = [each for each in inside if each.left is None]
    summed = sum(map(_seconds, closed))
    present = sum(int((end - start).total_seconds()) for start, end in intervals)
    untimed = not kinds & {RowKind.PRESENCE, RowKind.WAITING_ROOM}
    return PersonSeen(
        key=key,
        names=tuple(sorted({each.name for each in rows if each.name})),
        emails=tuple(sorted({each.email for each in rows if each.email})),
        rows=tuple(rows),
        intervals=intervals,
        sum_seconds=summed,
        total_seconds=_total(rows, present),
        segments=_segments(rows, untimed=untimed),
        first_join=min((each.row.join for each in inside if each.row.join), default=None),
        last_leave=None if open_ else max(_leaves(closed), default=None),
        waiting_rows=len(waited),
        waiting_seconds=sum(map(_seconds, waited)),
        open_since=tuple(sorted(each.row.join for each in open_ if each.row.join)),
        flags=tuple(_flags(key, rows, (present, summed), longest)),
    )


def _seconds(each: Located) -> int:
    return 0 if each.left is None else int((each.left[-1] - each.joined[0]).total_seconds())


def _merged(closed: Iterable[Located]) -> Iterator[tuple[datetime, datetime]]:
    # Not a `Span`: a connection of no length is evidence that somebody was there.
    edges = sorted((each.joined[0], each.left[-1]) for each in closed if each.left is not None)
    held: tuple[datetime, datetime] | None = None
    for start, end in edges:
        if held is not None and start <= held[1]:
            held = (held[0], max(held[1], end))
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _leaves(closed: Iterable[Located]) -> Iterator[datetime]:
    return (each.row.leave for each in closed if each.row.leave is not None)


def _total(rows: Sequence[ReportedConnection], present: int) -> int | None:
    kinds = {each.kind for each in rows}
    if kinds & {RowKind.TOTAL, RowKind.SNAPSHOT}:
        return None
    if kinds == {RowKind.ENVELOPE}:
        # What the platform counted; between first and last nobody knows the gaps.
        told = [each.reported_seconds for each in rows if each.reported_seconds is not None]
        return sum(told) if len(told) == len(rows) else None
    return present


def _segments(rows: Sequence[ReportedConnection], *, untimed: bool) -> int | None:
    breakouts = any(each.breakout for each in rows)
    if untimed and not breakouts and not all(each.summary for each in rows):
        return None
    return sum(each.kind is not RowKind.WAITING_ROOM for each in rows)


def _flags(
    key: str, rows: Sequence[ReportedConnection], seconds: tuple[int, int], longest: int
) -> Iterator[str]:
    kinds = {each.kind for each in rows}
    named = key.startswith("name:")
    present, summed = seconds
    if RowKind.SNAPSHOT in kinds:
        yield "snapshots_only"
    if RowKind.TOTAL in kinds:
        yield "no_times"
        yield from _total_flags(rows, longest)
    if RowKind.ENVELOPE in kinds:
        yield from _envelope_flags(rows)
    if summed > present:
        yield "overlapping_segments"
        if named:
            yield "overlap_without_identifier_may_be_two_people"
    yield from _identity_flags(key, rows)
    if kinds == {RowKind.WAITING_ROOM}:
        yield "waiting_room_only"


def _total_flags(rows: Sequence[ReportedConnection], longest: int) -> Iterator[str]:
    if any(each.breakout for each in rows):
        yield "breakout_rows_present"
    total = sum(each.reported_seconds or 0 for each in rows)
    if longest and total > longest * 60:
        yield "reported_total_exceeds_meeting"


def _envelope_flags(rows: Sequence[ReportedConnection]) -> Iterator[str]:
    if any(each.summary for each in rows):
        yield "only_in_summary_section_upper_bound"
        return
    if not all(each.dated for each in rows):
        yield "no_date_in_file"
    if any(each.resolution > 1 for each in rows):
        yield "minute_resolution"
    yield "single_row_per_person_gaps_invisible"


def _identity_flags(key: str, rows: Sequence[ReportedConnection]) -> Iterator[str]:
    names = {each.name for each in rows if each.name}
    timed = [each for each in rows if each.kind is RowKind.PRESENCE]
    if timed and key.startswith("name:") and all(map(is_generic_display, names)):
        yield "generic_display_name_is_no_identity"
    if any(each.leave is None or each.join is None for each in timed):
        yield "open_segment"
    if len(names) > 1:
        yield "several_display_names"
    if not any(each.email for each in rows):
        yield "no_email"


def is_generic_display(name: str) -> bool:
    """Say whether a whole display name is a device, a platform's word or a telephone number.

    >>> [is_generic_display(each) for each in ("iPhone (2)", "Galaxy S21", "+1 413***55", "Ana")]
    [True, True, True, False]
    """
    text = name.casefold().strip()
    if _NUMBER.fullmatch(text) and any(map(str.isdecimal, text)):
        return True
    words = set(_WORD.findall(text))
    generic = words & _GENERIC_WORDS
    return bool(generic) and all(map(_MODEL.fullmatch, words - generic))


def same_names(people: Iterable[PersonSeen]) -> tuple[tuple[str, ...], ...]:
    """Return keys of people who have a name in common: to be shown, never merged."""
    bearers: Mapping[str, dict[str, None]] = defaultdict(dict)
    for each in people:
        for name in each.names:
            shown = _outside_brackets(name)
            if shown and not is_generic_display(shown):
                bearers[shown][each.key] = None
    return tuple(sorted(tuple(sorted(keys)) for keys in bearers.values() if len(keys) > 1))


def _outside_brackets(name: str) -> str:
    """Return the name shown at the end, without the one at joining: `New (Old)`."""
    return " ".join(_BRACKETS.sub(_emptied, name).split()).casefold()


def _emptied(found: re.Match[str]) -> str:
    return _ROUND.sub(" ", found[0]) if found[1] == "" else " "


def shared_emails(people: Iterable[PersonSeen]) -> Mapping[str, tuple[str, ...]]:
    """Return addresses that several keys have, with the keys."""
    holders: Mapping[str, dict[str, None]] = defaultdict(dict)
    for each in people:
        for email in each.emails:
            holders[email.casefold()][each.key] = None
    return {email: tuple(sorted(keys)) for email, keys in holders.items() if len(keys) > 1}
