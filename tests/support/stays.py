"""Stays by their stamps, as a report gives them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cecert.domain.evidence.attendance import Stay


def stamped(
    join: datetime, leave: datetime | None, *, resolution: int = 1, sure: bool = True
) -> Stay:
    """Return a stay by its stamps, exact to *resolution* seconds (60: to the minute)."""
    slack = timedelta(seconds=resolution - 1)
    return Stay((join, join + slack), None if leave is None else (leave, leave + slack), sure)
