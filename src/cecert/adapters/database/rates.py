"""Rates: the sending slots of a mail account, which all senders on all machines share.

One statement each, by the database's clock: no two senders get one slot, and a machine
whose clock is wrong sends no faster.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, case

from cecert.adapters.database.columns import database_clock
from cecert.adapters.database.connecting import insert_or_update
from cecert.adapters.database.tables import mail_accounts

__all__ = ["reserve", "slow_down"]

SLOWEST = 0.05
"""Of the speed 1 that an account has at first."""

REGAINED_A_MINUTE = 0.05


def reserve(connection: Connection, account: str, interval: float) -> float:
    """Take the next slot of *account*, *interval* seconds by its speed after the last one.

    Returns:
        Seconds to wait until the slot.
    """
    own = mail_accounts.c
    now = database_clock()
    following = own.slot + interval / _speed()
    slot = case((following > now, following), else_=now)
    wait = connection.scalars(
        insert_or_update(
            connection, mail_accounts, {"name": account, **_FRESH}, {"slot": slot}
        ).returning(own.slot - now)
    ).one()
    return max(0.0, float(wait))


def slow_down(connection: Connection, account: str) -> None:
    """Halve the speed of *account*."""
    halved = _speed() / 2
    changes = {
        "speed": case((halved > SLOWEST, halved), else_=SLOWEST),
        "slowed": database_clock(),
    }
    values = {"name": account, **_FRESH, "speed": 0.5}
    connection.execute(insert_or_update(connection, mail_accounts, values, changes))


_FRESH: dict[str, Any] = {"slot": database_clock(), "speed": 1.0, "slowed": database_clock()}


def _speed() -> ColumnElement[float]:
    own = mail_accounts.c
    regained = own.speed + (database_clock() - own.slowed) * (REGAINED_A_MINUTE / 60)
    return case((regained < 1.0, regained), else_=1.0)
