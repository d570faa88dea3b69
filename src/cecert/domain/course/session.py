"""A session of a course: when it meets, its breaks, and how long it is without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cecert.argument_types import typed
from cecert.domain.values.emphasis import Stretch
from cecert.errors import WrongValueError

__all__ = ["Break", "Session", "at_once"]


@dataclass(frozen=True, slots=True)
class Break:
    """Time in a session that earns no credit. Threads may share it.

    Attributes:
        start, end: Aware instants; the end is the later one.
    """

    start: datetime
    end: datetime

    @typed
    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise WrongValueError("a break's times are without a zone")
        if self.end <= self.start:
            raise WrongValueError(
                f"break ends {self.end:%H:%M}, not after its start {self.start:%H:%M}"
            )


@dataclass(frozen=True, slots=True)
class Session:
    """One continuous meeting of a course. Threads may share it.

    Attributes:
        id: As people name it: `day-1`.
        start, end: Aware instants in the course's zone.
        breaks: In time order, within the session, not overlapping.
        title: As printed, of a session of a conference; else "".
        hours: Hours of credit, of a session of a conference; else None.
        title_italics: Stretches of the title that are set in italics.
        began, ended: Start and end in UTC, made with it: every connection is held against them.
    """

    id: str
    start: datetime
    end: datetime
    breaks: tuple[Break, ...] = ()
    title: str = ""
    hours: Decimal | None = None
    title_italics: tuple[Stretch, ...] = ()
    began: datetime = field(init=False, repr=False, compare=False)
    ended: datetime = field(init=False, repr=False, compare=False)

    @typed
    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise WrongValueError(f"session {self.id}: times without a zone")
        if self.end <= self.start:
            raise WrongValueError(
                f"session {self.id} ends {self.end}, not after its start {self.start}"
            )
        edge = self.start
        for pause in self.breaks:
            if pause.start < edge or pause.end > self.end:
                raise WrongValueError(
                    f"session {self.id}: break {pause.start:%H:%M} to {pause.end:%H:%M} "
                    "overlaps another or leaves the session"
                )
            edge = pause.end
        try:
            object.__setattr__(self, "began", self.start.astimezone(UTC))
            object.__setattr__(self, "ended", self.end.astimezone(UTC))
        except OverflowError:
            raise WrongValueError(f"session {self.id} is beyond the calendar") from None

    @property
    def day(self) -> date:
        """The civil date it starts on, at the course."""
        return self.start.date()

    @property
    def creditable(self) -> timedelta:
        """Its length without breaks, in elapsed time (a clock change inside counts truly)."""
        # Aware times of one zone subtract as wall clocks do; those of UTC as time passes.
        breaks = sum(
            (each.end.astimezone(UTC) - each.start.astimezone(UTC) for each in self.breaks),
            timedelta(),
        )
        return self.ended - self.began - breaks


def at_once(sessions: Sequence[Session]) -> tuple[Session, Session] | None:
    """Return two of *sessions*, which are in the order of their starts, that overlap; or None."""
    latest: Session | None = None
    for each in sessions:
        if latest and each.start < latest.end:
            return latest, each
        if latest is None or each.end > latest.end:
            latest = each
    return None
