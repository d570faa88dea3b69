"""How fast mails go out, as ratios within one interleaved run, and how much memory they take.

    python benchmarks/mailing.py [ROUNDS [MAILS ...]]

`raw` is a socket that writes the same prebuilt bytes in lock-step to Postfix's
smtp-sink: nothing that waits for each reply is faster. `staged` is our lane, with a
commit that does nothing. `pipeline` is all of `deliver` on SQLite with the self-check
of every message; its figure is messages a second of this process's own CPU time, since
the sink runs beside it. `smtplib` is a program of ten lines: `EmailMessage`, the same words
and PDF, `smtplib` over one connection, no ledger and no check. How long `deliver` holds the
event loop is the longest that a task which only sleeps is late, less what threads of this
process waited for a processor that other programs had, which Linux counts; a second such
task, in a loop that does nothing else, says how late every task was meanwhile.
Memory is the peak of a process that delivers N mails and does
nothing else, as Linux counts it for that process alone: `ru_maxrss` would count what its
parent had needed to issue them. MAILS are what those processes send.

smtp-sink comes from Debian's package postfix. Where it is not installed the package is
taken apart in a temporary folder (apt-get download, dpkg -x), and nothing is installed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from figures import Figure, peak_megabytes
from mail_office import TEMPLATES, account, awards, issued, mail_room
from running import free_ports

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.mail import FilePresence, SendLogFile, SmtpSender, TemplateMailWriter
from cecert.adapters.mail.smtp import dot_stuffed
from cecert.domain.mail.message import Mail
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_provider
from cecert.workflows.deliver.deliver import DeliveryReport, MailRoom, deliver
from cecert.workflows.issue.issue import issue

PDF = 50_000
"""Bytes of the document attached to each mail: a certificate's."""

MAILS = 500

BATCHES = (1_000, 5_000, 20_000)
"""Mails of the runs whose memory is measured."""


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    """Run smtp-sink on a free port."""
    (port,) = free_ports(1)
    program, environment = smtp_sink(folder)
    # Only root has privileges to drop, and smtp-sink refuses to keep them unasked.
    user = ["-u", "root"] if os.geteuid() == 0 else []
    server = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "1000"], env=environment)
    try:
        await_port(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until *server* listens on *port*."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    sys.exit(f"smtp-sink ended with status {server.returncode}")


def smtp_sink(folder: Path) -> tuple[str, dict[str, str]]:
    """Return the program, and the environment it needs."""
    if found := shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return found, dict(os.environ)
    try:
        fetch = ["apt-get", "download", "postfix"]
        subprocess.run(fetch, cwd=folder, check=True, capture_output=True)
        (package,) = folder.glob("postfix_*.deb")
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        sys.exit(f"smtp-sink is missing: install Debian's package postfix ({fault})")
    libraries = {"LD_LIBRARY_PATH": str(folder / "usr/lib/postfix")}
    return str(folder / "usr/sbin/smtp-sink"), {**os.environ, **libraries}


def with_document(entry: Entry) -> tuple[Entry, bytes]:
    """Give *entry* a document of a real certificate's size."""
    document = b"%PDF-1.7\n" + os.urandom(PDF - 9)
    row = replace(entry.mail, sha256=sha256(document).hexdigest())
    return replace(entry, sha256=row.sha256, mail=row), document


def prebuilt() -> Mail:
    """Return one mail of about 70 kB."""
    (entry,) = issued(MemoryOffice(), 1)
    entry, document = with_document(entry)
    return TemplateMailWriter(TEMPLATES, account(), sample_provider()).write(
        entry, entry.mail, document
    )


def raw(port: int, mail: Mail) -> float:
    """Send prebuilt bytes as a socket can; return seconds a mail."""
    wire = dot_stuffed(mail.content)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def ask(words: bytes) -> None:
            connection.sendall(words)
            while not connection.recv(4096).endswith(b"\r\n"):
                pass

        ask(b"")
        ask(b"EHLO x\r\n")
        started = time.perf_counter()
        for _ in range(MAILS):
            ask(b"MAIL FROM:<%b>\r\n" % mail.envelope_from.encode())
            ask(b"RCPT TO:<%b>\r\n" % mail.recipient.encode())
            ask(b"DATA\r\n")
            connection.sendall(wire)
            ask(b".\r\n")
        return (time.perf_counter() - started) / MAILS


async def staged(port: int, mail: Mail) -> float:
    """Send the same bytes through our lane; return seconds a mail."""

    async def commit() -> bool:
        return True

    async with SmtpSender(account(port)).lane() as lane:
        await lane.open()
        started = time.perf_counter()
        for _ in range(MAILS):
            await lane.send(mail, commit)
        return (time.perf_counter() - started) / MAILS


class Documents:
    """An archive whose documents are all alike, so that none has to be kept."""

    document = b"%PDF-1.7\n" + Random(1).randbytes(PDF - 9)

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Keep nothing."""
        return [f"{certificate_id}.pdf" for certificate_id, _ in documents]

    def get(self, name: str) -> bytes:
        """Return the one document."""
        del name
        return self.document

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        """Return none: nothing was made before."""
        del certificate_ids
        return ()

    def discard(self, name: str) -> None:
        """Forget nothing."""


class Sealer:
    """Seals every drawing into the one document."""

    def seal(self, *words: object) -> bytes:
        """Return it."""
        del words
        return Documents.document

    def has_sealed(self, *words: object) -> bool:
        """Deny it: the archive holds nothing of before."""
        del words
        return False


def prepare(folder: Path, count: int) -> None:
    """Issue *count* certificates, each with its queued mail."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    create_ledger(url)
    office = MemoryOffice()
    with open_database(url, "example-ssw") as database:
        office.ledger = database.ledger  # type: ignore[assignment]  # the real one in its place
        office.archive = Documents()  # type: ignore[assignment]  # one document for all
        issue(awards(count), replace(office.desk(), sealer=Sealer()))


def by_smtplib(port: int, count: int) -> float:
    """Send *count* mails as a program of ten lines does; return messages a second of CPU time."""
    entries = issued(MemoryOffice(), count)
    cpu = time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for entry in entries:
            message = EmailMessage()
            message["From"], message["To"] = "ce@example.edu", entry.email
            message["Subject"] = f"Your certificate: {entry.certificate.course.title}"
            message["Message-ID"] = entry.mail.message_id
            message.set_content(TEXT.format(name=entry.certificate.recipient.name))
            message.add_attachment(
                Documents.document,
                maintype="application",
                subtype="pdf",
                filename="certificate.pdf",
            )
            connection.send_message(message)
    return count / (time.process_time() - cpu)


TEXT = "Dear {name},\n\n" + "your certificate of continuing education is attached.\n" * 30


class Late(NamedTuple):
    """By how many seconds a task that sleeps for 5 ms is late at most.

    Attributes:
        by_clock: By the clock.
        by_us: Less what threads of this process waited for a processor that others had.
    """

    by_clock: float
    by_us: float


async def lateness(over: asyncio.Event) -> Late:
    """Measure until *over*."""
    longest = Late(0, 0)
    while not over.is_set():
        began, used = waited_for_processor(), time.process_time()
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late = max(time.perf_counter() - due, 0)
        used = time.process_time() - used
        ended = waited_for_processor()
        waited = sum(ended[each] - began.get(each, 0) for each in ended) / 1e9
        # Threads wait at the same time, so what they waited for together may be too much.
        ours = max(late - waited, min(late, used))
        longest = Late(max(longest.by_clock, late), max(longest.by_us, ours))
    return longest


def waited_for_processor() -> dict[str, int]:
    """Return how many ns each thread of this process was ready to run and did not."""
    found: dict[str, int] = {}
    for each in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread that ended
            found[each.parent.name] = int(each.read_text().split()[1])
    return found


async def delivered(room: MailRoom) -> tuple[DeliveryReport, Late]:
    """Deliver what is due; return the report, and for how long the loop was held at most."""
    over = asyncio.Event()
    ticker = asyncio.create_task(lateness(over))
    await asyncio.sleep(0)
    report = await deliver(room)
    over.set()
    return report, await ticker


@contextmanager
def noise() -> Iterator[list[float]]:
    """Measure by how much a task is late in a process that does nothing else, meanwhile."""
    program = (
        "import asyncio, mailing, sys, threading\n"
        "async def main():\n"
        "    over = asyncio.Event()\n"
        "    loop = asyncio.get_running_loop()\n"
        "    end = lambda: (sys.stdin.read(), loop.call_soon_threadsafe(over.set))\n"
        "    threading.Thread(target=end).start()\n"
        "    print((await mailing.lateness(over)).by_clock)\n"
        "asyncio.run(main())\n"
    )
    folder = Path(__file__).parent
    found: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=folder, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as idle:  # fmt: skip
        yield found
        found.append(float(idle.communicate("")[0]))


def pipeline(folder: Path, port: int, count: int) -> tuple[float, float, Late]:
    """Deliver *count* mails.

    Returns:
        Messages a second of CPU time, and of the clock; for how long the loop was held at most.
    """
    with open_database(f"sqlite:///{folder / 'ledger.db'}", "example-ssw") as database:
        room = mail_room(
            MemoryOffice(), port, ledger=database.ledger, outbox=database.outbox,
            archive=Documents(), send_log=SendLogFile(folder / "sent.jsonl"),
            presence=FilePresence(folder / ".delivering"),
        )  # fmt: skip
        cpu, clock = time.process_time(), time.perf_counter()
        report, held = asyncio.run(delivered(room))
        assert report.count("sent") == count, report.halted
        return count / (time.process_time() - cpu), count / (time.perf_counter() - clock), held


def peak(port: int, count: int) -> float:
    """Return the peak memory of a process that delivers *count* mails, in MB."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), count)
        command = [sys.executable, __file__, "--pipeline", folder, str(port), str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(done.stdout.split()[-1])


def figures(rounds: int = 5, *batches: int) -> tuple[Figure, ...]:
    """Measure, print one table, and return it."""
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) as port:
        found = list(speeds(Path(name), port, rounds))
        print("\nmails\tpeak MB", flush=True)
        for count in batches or BATCHES:
            held = peak(port, count)
            print(f"{count}\t{held:.1f}", flush=True)
            found.append(Figure("memory of deliver", held, "MB", size=count))
    return tuple(found)


def speeds(folder: Path, port: int, rounds: int) -> tuple[Figure, ...]:
    """Measure transport and pipeline in turns; print and return what each does at its best."""
    mail = prebuilt()
    floor: list[float] = []
    ours: list[float] = []
    cpu: list[float] = []
    clock: list[float] = []
    held: list[Late] = []
    plain: list[float] = []
    idle: list[float] = []
    for number in range(rounds):
        floor.append(raw(port, mail))
        ours.append(asyncio.run(staged(port, mail)))
        place = folder / str(number)
        place.mkdir()
        prepare(place, MAILS)
        with noise() as late:
            by_cpu, by_clock, late_by = pipeline(place, port, MAILS)
        cpu.append(by_cpu)
        clock.append(by_clock)
        held.append(late_by)
        idle += late
        plain.append(by_smtplib(port, MAILS))
    # The least of each: what noise adds is not what either needs.
    ratio = min(ours) / min(floor)
    print(f"transport of {len(mail.content)} bytes, {rounds} rounds of {MAILS} in turns:")
    print(f"  raw socket\t{min(floor) * 1e6:.0f} us a mail")
    print(f"  staged\t{min(ours) * 1e6:.0f} us a mail, {ratio:.2f} times that (at most 1.8)")
    print("whole pipeline, self-check and all:")
    print(f"  \t{max(cpu):.0f} mails a second of CPU (at least 150), {max(clock):.0f} by the clock")
    against = [one / other for one, other in zip(plain, cpu, strict=True)]
    print(
        f"  smtplib\t{max(plain):.0f} a second of CPU; deliver takes {median(against):.2f} times it"
    )
    ours_alone, by_clock_too = [each.by_us for each in held], [each.by_clock for each in held]
    print(f"  loop held\t{span(ours_alone)} (at most 50), {span(by_clock_too)} by the clock")
    print(f"  idle loop late\t{span(idle)} by the clock at the same time")
    return (
        Figure("transport of a mail", min(ours) * 1e6, "us", rounds, "a raw socket", ratio),
        Figure("deliver", max(cpu), "mails a second", rounds, "smtplib", median(against)),
        Figure("deliver holds the event loop", max(ours_alone) * 1e3, "ms", rounds),
        Figure("its event loop is late, by the clock", min(by_clock_too) * 1e3, "ms", rounds),
        Figure("an idle loop is late meanwhile", min(idle) * 1e3, "ms", rounds),
    )


def span(seconds: Sequence[float]) -> str:
    """Say the least and the most."""
    return f"{min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f} ms"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pipeline"]:
        pipeline(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        print(peak_megabytes())
    else:
        figures(*map(int, sys.argv[1:]))
