"""In which order an export's dates are read: as stated, as proven, or as only the plan allows.

A value over 12 proves an order of day and month, if the year stands last. `20/10/22` may
have the year first, and a spreadsheet that was set to another country leaves some dates
swapped and others not. What is read must fall on planned days: where only one other way of
reading does, it is taken and told; everything else is a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.evidence.export import (
    AttendanceFile,
    DateOrder,
    EvaluationFile,
    OrderKnownBy,
    ReportedConnection,
)
from cecert.domain.values.wording import day_phrase, joined
from cecert.errors import AmbiguousDateError, Fault, InputError
from cecert.ports import SourceFile

__all__ = ["OrderSearch", "swapped_days"]

File = TypeVar("File", AttendanceFile, EvaluationFile)

Stamps = Mapping[str, Sequence[datetime]]
"""Aware stamps of a file, by the order it is read in."""

_PROOFS = frozenset({OrderKnownBy.A_VALUE_OVER_12, OrderKnownBy.DOTS})
_MOST_LINES = 10

MONTHS = 12


@dataclass(frozen=True, slots=True)
class OrderSearch(Generic[File]):
    """How the order of one file's dates is found.

    Attributes:
        read: Reads the file in an order; None for the one that it proves.
        stamps: Goes through the file's stamps, aware.
        fitting: The orders that fit the plan; all where none does.
        is_planned: Whether a stamp is such as the plan lets expect.
    """

    read: Callable[[SourceFile, DateOrder | None], File]
    stamps: Callable[[File], Iterator[datetime]]
    fitting: Callable[[Stamps], Sequence[str]]
    is_planned: Callable[[datetime], bool]

    def found(self, file: SourceFile, stated: DateOrder | None) -> File:
        """Read *file* in the order stated or proven, else in the one that fits the plan.

        Raises:
            InputError: If it cannot be read, two orders fit and differ, or the order that it
                proves leads away from every planned day.
        """
        if stated is not None:
            return self.read(file, stated)
        try:
            read = self.read(file, None)
        except AmbiguousDateError as error:
            return self._chosen(file, error)
        if read.facts.order_known_by not in _PROOFS or self._on_plan(read):
            return read
        return self._led_back(file, read)

    def _chosen(self, file: SourceFile, error: AmbiguousDateError) -> File:
        candidates = self._candidates(file, error.orders)
        stamps = {order: list(self.stamps(each)) for order, each in candidates.items()}
        orders = self.fitting(stamps)
        if len(orders) != 1:
            raise _ambiguous(file.name, {order: stamps[order] for order in orders}) from error
        return candidates[orders[0]]

    def _candidates(self, file: SourceFile, orders: Sequence[str]) -> Mapping[str, File]:
        found = {}
        for each in orders:
            if each != DateOrder.YMD.value:
                found[each] = self.read(file, DateOrder(each))
                continue
            # With the year first some of its dates may not exist, which is no fault of it.
            with suppress(InputError):
                found[each] = self.read(file, DateOrder.YMD)
        return found

    def _on_plan(self, read: File) -> bool:
        stamps = self.stamps(read)
        first = next(stamps, None)  # of nearly every file the first is planned, and says enough
        return first is None or self.is_planned(first) or any(map(self.is_planned, stamps))

    def _led_back(self, file: SourceFile, read: File) -> File:
        """Return the file with the year first, where only so it falls on planned days."""
        others: dict[str, File] = {}
        for each in DateOrder:
            if each is not read.facts.date_order:
                with suppress(InputError):
                    others[each.value] = self.read(file, each)
        stamps = {order: list(self.stamps(each)) for order, each in others.items()}
        fits = [order for order, each in stamps.items() if each and all(map(self.is_planned, each))]
        if fits == [DateOrder.YMD.value]:
            return _with_note(others[fits[0]])
        if not others:
            return read
        raise _astray(file.name, read, list(self.stamps(read)), stamps)


def _with_note(read: File) -> File:
    note = "dates read as year/month/day (YMD): only so they fall on planned days"
    facts = replace(
        read.facts,
        date_order=DateOrder.YMD,
        order_known_by=OrderKnownBy.THE_PLAN,
        notes=(*read.facts.notes, note),
    )
    return replace(read, facts=facts)


def _span(stamps: Sequence[datetime]) -> str:
    return f"{day_phrase(min(stamps).date())} to {day_phrase(max(stamps).date())}"


def _ambiguous(name: str, orders: Stamps) -> InputError:
    meant = "; ".join(f"{order}: {_span(stamps)}" for order, stamps in orders.items())
    fault = Fault(
        name,
        "",
        f"AMBIGUOUS_DATE: its dates can be read in more than one order of day and month: {meant}",
        "say --date-order",
    )
    return InputError(f"{name} cannot be used", (fault,))


def _astray(
    name: str, read: AttendanceFile | EvaluationFile, stamps: Sequence[datetime], others: Stamps
) -> InputError:
    order = read.facts.date_order
    meant = "; ".join(f"{each}: {_span(found)}" for each, found in others.items() if found)
    problem = (
        f"the order of dates is {'' if order is None else order.value} by "
        f"{read.facts.order_known_by.value}, and so read they are of {_span(stamps)}, when nothing "
        f"is planned; otherwise {meant}"
    )
    remedy = " or ".join(f"--date-order {each}" for each in others)
    return InputError(f"{name} cannot be used", (Fault(name, "", problem, f"say {remedy}"),))


def swapped_days(
    rows: Sequence[ReportedConnection], course: Course, zone: ZoneInfo
) -> tuple[Fault, ...]:
    """Return the question about rows that fall on planned days only with day and month swapped.

    Args:
        rows: Of one report, as it was read.
        course: Whose sessions are planned.
        zone: Which a stamp without one is local to.
    """
    lines: dict[tuple[date, date], list[int]] = {}
    for row in rows:
        stamp = row.join or row.leave
        if stamp is None or not row.dated or (swapped := _swapped(stamp)) is None:
            continue
        as_read, otherwise = (_local_day(each, zone, course) for each in (stamp, swapped))
        near = {each + timedelta(days=by) for each in course.days for by in (-1, 0, 1)}
        if as_read not in near and otherwise in course.days:
            lines.setdefault((as_read, otherwise), []).append(row.line)
    return tuple(
        Fault(
            joined([f"line {each}" for each in found[:_MOST_LINES]]),
            "",
            f"dated {day_phrase(as_read)}, when nothing is planned; with day and month swapped it "
            f"is {day_phrase(otherwise)}, a day of the course",
            "did a spreadsheet swap them? export the report again, and open it in no spreadsheet",
        )
        for (as_read, otherwise), found in lines.items()
    )


def _swapped(stamp: datetime) -> datetime | None:
    """Return a stamp with day and month swapped, None where that means nothing."""
    if stamp.day == stamp.month or stamp.day > MONTHS:
        return None  # every month has so many days
    return stamp.replace(month=stamp.day, day=stamp.month)


def _local_day(stamp: datetime, zone: ZoneInfo, course: Course) -> date:
    aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)
    return aware.astimezone(ZoneInfo(course.timezone)).date()
