"""What the host of the site says is held against this machine before anything is published."""

from __future__ import annotations

from datetime import datetime, timedelta

from cecert.adapters.site.host import site_answer
from cecert.errors import LedgerError
from cecert.office.log.log import log_keys, refuse_other_log
from cecert.office.office import Office
from cecert.workflows.log import opened_checkpoint

__all__ = ["refuse_other_host"]

TOLERANCE = timedelta(seconds=300)


def refuse_other_host(office: Office) -> None:
    """Refuse to publish where the host of the site has another time, or has more of the log.

    What is published under a clock that is ahead is believed for as long as it was ahead: a
    tick of the log that says that all of a day is in it, above all. What the host has of the log
    tells a machine that never published that its ledger is older, or another.

    Raises:
        LedgerError: If the times are more than 300 s apart, or the ledger has not all that the
            host has; where the host cannot be asked, nothing.
    """
    answer = site_answer(office.file.verify_url)
    _refuse_other_clock(office, answer.at)
    keys = log_keys(office)
    place = f"{office.file.verify_url}log/checkpoint"
    if keys is not None and (found := opened_checkpoint(place, answer.checkpoint, keys)):
        refuse_other_log(office, found, keys)


def _refuse_other_clock(office: Office, there: datetime | None) -> None:
    here = office.clock.now()
    if there is not None and abs(there - here) > TOLERANCE:
        raise LedgerError(
            f"this clock says {here:%Y-%m-%d %H:%M:%S} UTC, and the host of "
            f"{office.file.verify_url} says {there:%Y-%m-%d %H:%M:%S} UTC; nothing was published",
            hint="set the clock that is wrong, and publish again",
        )
