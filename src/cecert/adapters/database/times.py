"""Times as the ledger keeps them: instants to order by, and civil times that say their zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["civil_text", "civil_time", "instant", "microseconds"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(time: datetime) -> int:
    """Return *time* as microseconds since 1970, UTC.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (time.astimezone(UTC) - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """Return the instant, in UTC, of that many microseconds since 1970."""
    return _EPOCH + number * _MICROSECOND


def civil_text(time: datetime) -> str:
    """Return *time* with its offset and, where it has one, its zone (RFC 9557).

    >>> civil_text(datetime(2020, 10, 22, 13, tzinfo=ZoneInfo("America/New_York")))
    '2020-10-22T13:00:00-04:00[America/New_York]'
    """
    zone = time.tzinfo.key if isinstance(time.tzinfo, ZoneInfo) else None
    return f"{time.isoformat()}[{zone}]" if zone else time.isoformat()


def civil_time(text: str) -> datetime:
    """Read what `civil_text` wrote.

    A zone whose rules say otherwise today than when it was written does not move the
    clock: then the offset that was written stands, without its zone.

    Raises:
        ValueError: If it is no such text.
    """
    written, bracket, zone = text.partition("[")
    fixed = datetime.fromisoformat(written)
    if fixed.tzinfo is None or (bracket and not zone.endswith("]")):
        raise ValueError(f"{text!r} is no time with an offset")
    if not bracket:
        return fixed
    try:
        zoned = fixed.astimezone(ZoneInfo(zone[:-1]))
    except (ZoneInfoNotFoundError, ValueError):
        return fixed
    return zoned if zoned.replace(tzinfo=None) == fixed.replace(tzinfo=None) else fixed
