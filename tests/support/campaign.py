"""A fault campaign: senders are killed while they mail, and the server's own list is the judge.

    python tests/support/campaign.py FOLDER URL [name=value ...]

Prints one JSON line, the fields of `Outcome`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from hashlib import sha256
from pathlib import Path
from threading import Thread

from fault_server import FaultServer, chaos
from mail_office import account, issued, mail_room

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.mail import FilePresence, SendLogFile, SmtpSender
from cecert.adapters.storage.archive import FolderArchive
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.errors import CecertError
from cecert.testing import MemoryOffice
from cecert.workflows.deliver.deliver import deliver

STATION = "campaign/"
OPEN = frozenset({MailState.QUEUED, MailState.SENDING, MailState.COMMITTING})
EPOCH = datetime(2020, 11, 5, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Campaign:
    """What is done to whom.

    Attributes:
        mails: How many are queued.
        kills: How many senders are killed, at any moment.
        senders: How many run side by side.
        share: Chance of a fault at every stage of SMTP.
        delay: Seconds the server takes for every reply.
        reaper: After how many mails taken a reaper takes every sender for dead, again and
            again; 0 for never. A mail is counted before its answer is given, so the
            reaper strikes while its sender waits at the final dot.
        skew: Hours that the clocks of the second and the third sender are ahead and behind.
        seed: Of everything that comes by chance.
    """

    mails: int = 300
    kills: int = 10
    senders: int = 1
    share: float = 0.0
    delay: float = 0.002
    reaper: int = 0
    skew: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What the outbox says, held against what the server took.

    Attributes:
        mails: How many there were.
        kills: Senders killed.
        accepted: Messages the server took.
        duplicates: Of them, those it had taken before.
        missing: Mails that count as sent, and were never taken.
        wrong: Messages that were not exactly their row's: another person, another file.
        failed: Mails that were given up.
        failed_taken: Of them, those that were taken all the same.
        uncertain: Mails that wait for a person.
        uncertain_taken: Of them, those that were taken.
        unfinished: Mails that are none of sent, failed and uncertain.
        seconds: How long it took.
    """

    mails: int
    kills: int
    accepted: int
    duplicates: int
    missing: int
    wrong: int
    failed: int
    failed_taken: int
    uncertain: int
    uncertain_taken: int
    unfinished: int
    seconds: float


class HastyClock:
    """Runs 50,000 times as fast as the real one, so that what is put off comes back soon."""

    SPEED = 50_000

    def __init__(self, started: float, ahead: int = 0) -> None:
        self._started = started
        self._epoch = EPOCH + timedelta(hours=ahead)

    def now(self) -> datetime:
        return self._epoch + timedelta(seconds=(time.time() - self._started) * self.SPEED)


def prepare(folder: Path, url: str, count: int) -> None:
    """Make a ledger with *count* certificates, each with its queued mail."""
    create_ledger(url)
    office = MemoryOffice()
    with open_database(url, "example-ssw") as database:
        office.ledger = database.ledger  # type: ignore[assignment]  # the real one in its place
        office.archive = FolderArchive(folder / "certificates")  # type: ignore[assignment]
        issued(office, count)


def send_all(folder: Path, url: str, port: int, number: int, clock: HastyClock) -> None:
    """Run `deliver` until nothing is queued; this is what gets killed."""
    with open_database(url, "example-ssw") as database:
        office = MemoryOffice()
        room = mail_room(
            office,
            SmtpSender(account(port)),
            account=account(port, rate_per_minute=RATE),
            ledger=database.ledger,
            outbox=database.outbox,
            archive=FolderArchive(folder / "certificates"),
            send_log=SendLogFile(folder / "sent.jsonl"),
            presence=FilePresence(folder / ".delivering"),
            clock=clock,
            owner=f"{STATION}{os.getpid()}-{number}",
            station=STATION,
        )
        while OPEN & database.outbox.counts().keys():
            asyncio.run(deliver(room, accept_late=True))
            time.sleep(0.02)


def reap_all(url: str, journal: Path, mails: int) -> None:
    """Take every sender for dead, again and again."""
    with open_database(url, "example-ssw") as database:
        while True:
            await_mails(journal, mails)
            database.outbox.reap(STATION)


def fork(work: Callable[[], None]) -> int:
    """Run *work* in a process of its own, which ends when this one does."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    Thread(target=end_with, args=(parent,), daemon=True).start()
    try:
        work()
    except CecertError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)
    finally:
        sys.stderr.flush()
        os._exit(0)


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


@contextmanager
def serving(folder: Path, campaign: Campaign) -> Iterator[int]:
    """Run the server in a process of its own, which outlives every sender."""
    reader, writer = os.pipe()

    async def serve() -> None:
        faults = chaos(campaign.seed, campaign.share)
        journal = folder / "journal.jsonl"
        async with FaultServer(journal=journal, chance=faults, delay=campaign.delay) as server:
            os.write(writer, f"{server.port}\n".encode())
            await asyncio.Event().wait()

    child = fork(lambda: asyncio.run(serve()))
    try:
        yield int(os.read(reader, 20))
    finally:
        stop(child)


def stop(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def run(folder: Path, url: str, campaign: Campaign) -> Outcome:
    """Run *campaign* in *folder*, which is empty, on the database at *url*."""
    chance = random.Random(campaign.seed)
    journal = folder / "journal.jsonl"
    prepare(folder, url, campaign.mails)
    started = time.time()
    with serving(folder, campaign) as port:
        reaper = fork(lambda: reap_all(url, journal, campaign.reaper)) if campaign.reaper else 0

        def start(sender: int = 0) -> int:
            number = chance.randrange(10**9)
            clock = HastyClock(started, campaign.skew * AHEAD[sender % len(AHEAD)])
            return fork(lambda: send_all(folder, url, port, number, clock))

        alive = [start(sender) for sender in range(campaign.senders)]
        most_between = max(2 * campaign.mails // (campaign.kills + 1), 1)
        for _ in range(campaign.kills):
            await_mails(journal, chance.randint(1, most_between))
            time.sleep(chance.uniform(0, 0.02))
            victim = chance.randrange(len(alive))
            stop(alive[victim])
            alive[victim] = start(victim)
        for child in alive:
            os.waitpid(child, 0)
        if reaper:
            stop(reaper)
        while pending(url):  # what the last one killed still held
            os.waitpid(start(), 0)
    return judge(folder, url, campaign.kills, time.time() - started)


AHEAD = (0, 1, -1)
"""Of the first, the second and the third sender's clock, times the skew."""


def await_mails(journal: Path, count: int) -> None:
    """Wait until the server has taken *count* mails more, so that senders are hit at work.

    However slow the machine, only a server that takes nothing any more is not waited for.
    """
    size = began = size_of(journal)
    idle_since = time.time()
    while size < began + count * LEAST_LINE and time.time() < idle_since + IDLE:
        time.sleep(0.001)
        if (now := size_of(journal)) > size:
            size, idle_since = now, time.time()


def size_of(journal: Path) -> int:
    return journal.stat().st_size if journal.exists() else 0


RATE = 60_000
"""Mails a minute. An account without a rate gets one a second when the server says it is
too fast, halved each time, by a clock that is not hasty: a campaign would take hours."""

IDLE = 10
"""Seconds without a mail after which no more will come."""

LEAST_LINE = 9_000
"""Bytes of one mail in the journal, at least."""


def pending(url: str) -> bool:
    with open_database(url, "example-ssw") as database:
        return bool(OPEN & database.outbox.counts().keys())


def judge(folder: Path, url: str, kills: int, seconds: float) -> Outcome:
    """Compare the outbox with what the server really took."""
    with open_database(url, "example-ssw") as database:
        rows = list(database.outbox.rows())
    mails = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    taken: Counter[str] = Counter()
    wrong = 0
    by_id = {row.message_id: row for row in rows}
    for mail in mails:
        message = BytesParser(policy=compat32).parsebytes(base64.b64decode(mail["content"]))
        row = by_id.get(message["Message-ID"])
        taken[message["Message-ID"]] += 1
        wrong += row is None or not is_right(message, mail["to"], row)
    states = Counter(row.state for row in rows)
    return Outcome(
        mails=len(rows),
        kills=kills,
        accepted=sum(taken.values()),
        duplicates=sum(count - 1 for count in taken.values()),
        missing=sum(row.state is MailState.SENT and not taken[row.message_id] for row in rows),
        wrong=wrong,
        failed=states[MailState.FAILED],
        failed_taken=sum(
            row.state is MailState.FAILED and taken[row.message_id] > 0 for row in rows
        ),
        uncertain=states[MailState.UNCERTAIN],
        uncertain_taken=sum(
            row.state is MailState.UNCERTAIN and taken[row.message_id] > 0 for row in rows
        ),
        unfinished=len(rows)
        - states[MailState.SENT]
        - states[MailState.FAILED]
        - states[MailState.UNCERTAIN],
        seconds=round(seconds, 1),
    )


def is_right(message: Message, recipient: str, row: OutboxRow) -> bool:
    """Say whether a mail went to its row's person, with its row's document."""
    pdf = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    content = pdf[0].get_payload(decode=True) if len(pdf) == 1 else None
    digest = sha256(content).hexdigest() if isinstance(content, bytes) else ""
    return (message["To"], recipient, digest) == (row.recipient, row.recipient, row.sha256)


def campaign_of(words: list[str]) -> Campaign:
    """Read `name=value` words; a field's type is its default's."""
    usual = asdict(Campaign())
    values = dict(word.split("=", 1) for word in words)
    return Campaign(**{name: type(usual[name])(values[name]) for name in values})


if __name__ == "__main__":
    place = Path(sys.argv[1])
    print(json.dumps(asdict(run(place, sys.argv[2], campaign_of(sys.argv[3:])))))
