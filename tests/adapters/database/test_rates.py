"""The rate that all senders of an account share, by the database's clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from cecert.adapters.database import Database, open_database

ACCOUNT = "ce@example.edu at mail.example.edu:587"


def waits(database: Database, times: int, interval: float = 100) -> list[float]:
    return [database.outbox.reserve(ACCOUNT, interval) for _ in range(times)]


def ago(database: Database, seconds: float) -> None:
    with database._engine.begin() as connection:
        connection.execute(
            text("UPDATE mail_account SET slot = slot - :s, slowed = slowed - :s"), {"s": seconds}
        )


def test_slots_are_an_interval_apart(database: Database) -> None:
    assert waits(database, 4) == pytest.approx([0, 100, 200, 300], abs=10)


def test_a_slot_in_the_past_is_now(database: Database) -> None:
    waits(database, 3)
    ago(database, 1000)
    assert waits(database, 2) == pytest.approx([0, 100], abs=10)


def test_accounts_do_not_wait_for_one_another(database: Database) -> None:
    waits(database, 3)
    assert database.outbox.reserve("another account", 100) == pytest.approx(0, abs=10)


def test_an_account_without_a_rate_never_waits(database: Database) -> None:
    waits(database, 3)
    assert database.outbox.reserve(ACCOUNT, 0) == 0


def test_slowing_down_halves_the_speed(database: Database) -> None:
    waits(database, 1)
    database.outbox.slow_down(ACCOUNT)
    assert waits(database, 2) == pytest.approx([200, 400], abs=20)
    database.outbox.slow_down(ACCOUNT)
    assert waits(database, 1) == pytest.approx([800], abs=40)


def test_an_account_can_be_slowed_before_its_first_mail(database: Database) -> None:
    database.outbox.slow_down(ACCOUNT)
    assert waits(database, 1) == pytest.approx([200], abs=20)


def test_no_account_is_slowed_to_a_standstill(database: Database) -> None:
    waits(database, 1)
    for _ in range(20):
        database.outbox.slow_down(ACCOUNT)
    assert waits(database, 1) == pytest.approx([2000], rel=0.1)


def test_speed_comes_back_by_a_twentieth_a_minute(database: Database) -> None:
    waits(database, 1)
    database.outbox.slow_down(ACCOUNT)
    ago(database, 5 * 60)  # half speed and five twentieths: three quarters
    (wait,) = waits(database, 1)
    assert wait == 0
    assert waits(database, 1) == pytest.approx([100 / 0.75], abs=10)
    ago(database, 60 * 60)
    assert waits(database, 2)[1] == pytest.approx(100, abs=10)


def test_no_two_senders_get_one_slot(url: str) -> None:
    def sender(_: int) -> list[float]:
        with open_database(url, "example-ssw") as database:
            return waits(database, 5, 1000)

    with ThreadPoolExecutor(8) as pool:
        found = sorted(wait for some in pool.map(sender, range(8)) for wait in some)
    assert [round(each / 1000) for each in found] == list(range(40))
