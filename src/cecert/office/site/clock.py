"""A clock that is ahead is found before anything is published under it."""

from __future__ import annotations

from datetime import timedelta

from cecert.adapters.site.clock import site_time
from cecert.errors import LedgerError
from cecert.office.office import Office

__all__ = ["refuse_other_clock"]

TOLERANCE = timedelta(seconds=300)


def refuse_other_clock(office: Office) -> None:
    """Refuse to publish where the host of the site has another time than this machine.

    What is published under a clock that is ahead is believed for as long as it was ahead: a
    tick of the log that says that all of a day is in it, above all.

    Raises:
        LedgerError: If they are more than 300 s apart; where the host cannot be asked, nothing.
    """
    there, here = site_time(office.file.verify_url), office.clock.now()
    if there is not None and abs(there - here) > TOLERANCE:
        raise LedgerError(
            f"this clock says {here:%Y-%m-%d %H:%M:%S} UTC, and the host of "
            f"{office.file.verify_url} says {there:%Y-%m-%d %H:%M:%S} UTC; nothing was published",
            hint="set the clock that is wrong, and publish again",
        )
