"""One run of `deliver` while its PostgreSQL server is switched off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fault_server import FaultServer
from mail_office import account, issued, mail_room
from postgresql_server import PostgresqlServer, postgresql_server

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.mail import SendLogFile, SmtpSender
from cecert.domain.mail.message import MailState
from cecert.testing import MemoryOffice
from cecert.workflows.deliver.deliver import DeliveryReport, deliver

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecert.workflows.deliver.run.PATIENT_TRIES", (0.01, 0.01))
    monkeypatch.setattr("cecert.workflows.deliver.run.RECORD_TRIES", (0.01, 0.01))


def test_a_database_that_goes_away_in_mid_batch_costs_nobody_a_mail(tmp_path: Path) -> None:
    log = SendLogFile(tmp_path / "sent.jsonl")

    async def batch(url: str, office: MemoryOffice, server: FaultServer) -> DeliveryReport:
        with open_database(url, "example-ssw") as database:
            words = {"ledger": database.ledger, "outbox": database.outbox, "connections": 4}
            sender = SmtpSender(account(server.port))
            return await deliver(mail_room(office, sender, send_log=log, **words))

    async def scene(database: PostgresqlServer, url: str, office: MemoryOffice) -> None:
        def switch_off(stage: str) -> str:
            # Both sides of every connection wait meanwhile, however long it takes.
            if stage == "dot" and server.seen[stage] == 20:
                database.stop()
            return ""

        async with FaultServer(delay=0.002, chance=switch_off) as server:
            report = await batch(url, office, server)
            assert "the ledger cannot be used" in report.halted
            assert not report.complete
            before = len(server.taken)
            assert before < 100
            database.start()
            again = await batch(url, office, server)
            taken = [mail.recipient for mail in server.taken]
            assert len(taken) == len(set(taken))
            assert again.count("sent") == len(taken) - before
            with open_database(url, "example-ssw") as opened:
                rows = list(opened.outbox.rows())
            unsure = [row.recipient for row in rows if row.state is MailState.UNCERTAIN]
            assert {row.state for row in rows} <= {MailState.SENT, MailState.UNCERTAIN}
            # At most the one mail of each connection that was at its final dot.
            assert len(unsure) <= 4
            assert {row.recipient for row in rows} == set(taken) | set(unsure)

    with postgresql_server() as database:
        url = database.new_url()
        create_ledger(url)
        office = MemoryOffice()
        with open_database(url, "example-ssw") as opened:
            office.ledger = opened.ledger  # type: ignore[assignment]  # the real one in its place
            issued(office, 100)
        asyncio.run(scene(database, url, office))
