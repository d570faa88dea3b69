"""How a length of time is written: to the second in evidence, in words when it is read out."""

from __future__ import annotations

__all__ = ["exact", "spoken"]

MINUTE, HOUR = 60, 3600


def exact(seconds: int) -> str:
    """Write *seconds* without rounding.

    >>> [exact(each) for each in (38, 60, 601, 10800)]
    ['38 s', '1 min 0 s', '10 min 1 s', '3 h 0 min 0 s']
    """
    minutes, rest = divmod(seconds, MINUTE)
    if seconds < MINUTE:
        return f"{rest} s"
    if seconds < HOUR:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min {rest} s"


def spoken(seconds: int) -> str:
    """Write *seconds* as one says it, zero parts left out.

    >>> [spoken(each) for each in (0, 1, 300, 530, 3660)]
    ['0 seconds', '1 second', '5 minutes', '8 minutes 50 seconds', '1 hour 1 minute']
    """
    hours, rest = divmod(seconds, HOUR)
    parts = ((hours, "hour"), (rest // MINUTE, "minute"), (rest % MINUTE, "second"))
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count]
    return " ".join(said) or "0 seconds"
