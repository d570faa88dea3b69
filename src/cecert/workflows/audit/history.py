"""A certificate's events, held against what its record says became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cecert.domain.certificate.certificate import CertificateState
from cecert.ports import Entry, Event

__all__ = ["history_faults"]

_CLOCKS = timedelta(seconds=300)
"""How far two clocks of an office may differ."""

_ENDS = (CertificateState.SUPERSEDED, CertificateState.REVOKED)


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
