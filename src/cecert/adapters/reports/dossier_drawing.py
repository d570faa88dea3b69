"""The drawing of one session in a dossier: who was there when, and the same in words.

Places are per cent of its width. It is drawn of the record that was kept, not judged anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from cecert.domain.certificate.certificate import SessionTimes

__all__ = ["drawing", "said"]

MARGIN = timedelta(minutes=15)
"""White on both sides of a session's drawing."""


def drawing(
    session: Mapping[str, Any],
    times: SessionTimes,
    breaks: Sequence[tuple[datetime, datetime]],
    zone: tzinfo,
) -> dict[str, Any]:
    """Return what the template draws of a session.

    Args:
        session: What `collect` found of the person in it.
        times: When it met.
        breaks: Of the session, as far as they are known.
        zone: The course's, for the hours below.
    """
    scale = _Scale(times.start, times.end)
    bars = []
    for each in session.get("evidence", ()):
        first, last = _bounds(each)
        sure = bool(each.get("sure")) and bool(each.get("left"))
        kind = "waiting" if each.get("waiting") else "counted" if sure else "possible"
        bars.append({"kind": kind, **scale.bar(first, last or times.end)})
    return {
        "track": scale.bar(times.start, times.end),
        "breaks": [scale.bar(*each) for each in breaks],
        "ticks": list(scale.ticks(zone)),
        "bars": bars,
        "decided": str(session.get("status", "")).endswith("BY_OVERRIDE"),
    }


def said(row: Mapping[str, Any], zone: tzinfo) -> str:
    """Return a connection in words: the name shown, from when to when, and where it stands."""
    first, last = _bounds(row)
    shown = f"“{row['shown_name']}”, " if row.get("shown_name") else ""
    until = "no leave time" if last is None else _second(last, zone)
    room = ", in the waiting room" if row.get("waiting") else ""
    place = f"{row['file']}, line {row['line']}"
    return f"{shown}{_second(first, zone)} to {until}{room} ({place})"


class _Scale:
    """Places on a session's drawing, per cent."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start - MARGIN, end + MARGIN

    def _x(self, instant: datetime) -> float:
        share = (instant - self._start) / (self._end - self._start)
        return round(min(max(share, 0.0), 1.0) * 100, 2)

    def bar(self, first: datetime, last: datetime) -> dict[str, float]:
        left = self._x(first)
        return {"x": left, "width": round(max(self._x(last) - left, 0.0), 2)}

    def ticks(self, zone: tzinfo) -> Iterator[dict[str, Any]]:
        start, end = self._start + MARGIN, self._end - MARGIN
        for each in (start, *_hours(start, end), end):
            local = each.astimezone(zone)
            minutes = f":{local:%M}" if local.minute else ""
            yield {"x": self._x(each), "label": f"{local.hour % 12 or 12}{minutes}"}


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the full hours that are well apart from both ends."""
    apart = timedelta(minutes=20)
    step = timedelta(hours=1 if end - start <= timedelta(hours=6) else 2)
    each = start.replace(minute=0, second=0) + timedelta(hours=1)
    while each < end:
        if each - start >= apart and end - each >= apart:
            yield each
        each += step


def _bounds(row: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    """Return from when to when somebody was surely connected; None for no leave time."""
    first = max(_instants(str(row["joined"])))
    return first, min(_instants(str(row.get("left", ""))), default=None)


def _instants(text: str) -> list[datetime]:
    return [datetime.fromisoformat(each) for each in text.split("/") if each]


def _second(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    half = "a.m." if local.hour < 12 else "p.m."  # noqa: PLR2004  # noon
    return f"{local.hour % 12 or 12}:{local:%M:%S} {half}"
