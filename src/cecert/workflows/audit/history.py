"""A certificate's events, held against what its record says became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cecert.domain.certificate.certificate import CertificateState
from cecert.ports import Entry, Event

__all__ = ["history_faults", "level_fault"]

_CLOCKS = timedelta(seconds=300)
"""How far two clocks of an office may differ."""

_ENDS = (CertificateState.SUPERSEDED, CertificateState.REVOKED)


_LEVELS = ("B-B", "B-T")


def level_fault(events: Sequence[Event], level: str) -> str:
    """Say that a certificate's file has another level than it was issued with; "" if it has that.

    An office that asks for no time stamps writes no level, and may take over a file that has one.

    Args:
        events: All of the certificate's.
        level: What its file shows, "" where its seal is not whole.
    """
    told = [each.reason for each in events if each.kind == "issued" and each.reason in _LEVELS]
    if not level or not told or level in told:
        return ""
    return f"its event says that it was sealed {told[0]}, and its file is {level}"


def history_faults(entry: Entry, events: Sequence[Event]) -> Iterator[str]:
    """Yield what the events of a certificate say otherwise than its record.

    Args:
        entry: Its record.
        events: All of its events.
    """
    issued = [each for each in events if each.kind == "issued"]
    if len(issued) != 1:
        yield f"it was issued {len(issued)} times by its events"
    for each in issued:
        if each.actor != entry.actor:
            yield f"its event says that {each.actor} issued it, its record {entry.actor}"
        if each.at < entry.certificate.issued_at - _CLOCKS:
            yield (
                f"its event says that it was entered at {each.at.isoformat()}, before it was"
                f" issued at {entry.certificate.issued_at.isoformat()}"
            )
    for state in _ENDS:
        told = sum(each.kind == state.value for each in events)
        if told != (entry.state is state):
            yield f"it is {entry.state.value}, and {told} events say that it was {state.value}"
