"""Two commands on one office: the second runs whole while the first is held at a storage call.

Then everything is run to its end, and ledger, archive, mails and site are held against what
the two commands mean. The office has four certificates (three mailed, one of them revoked
since the site was published, and one queued), one person who has earned a fifth, and one
whose attendance waits for a decision.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import compat32
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import ClassVar

import pytest
import storage_calls
import typer
from fault_server import FaultServer, served
from key_work import LITTLE

from cecert.adapters.database import create_ledger
from cecert.adapters.document_reader import ReadingLimits, ReadingProcess
from cecert.adapters.document_reader.child import QUESTIONS
from cecert.adapters.keys import secrets as key_secrets
from cecert.adapters.keys.signatures import check_signature
from cecert.cli.audit import audit
from cecert.cli.collect import collect
from cecert.cli.correct import correct
from cecert.cli.deliver import deliver
from cecert.cli.issue import issue
from cecert.cli.keys import compromise, retire, rotate, sign
from cecert.cli.mail import bounces, resend
from cecert.cli.override import decision
from cecert.cli.publish import publish
from cecert.cli.status import revoke
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.token.outcome import Outcome
from cecert.domain.trust.codec import open_trust_file
from cecert.errors import CecertError
from cecert.office import Office, create_office
from cecert.office.records import audit_desk
from cecert.office.verify import open_verifier
from cecert.ports import Entry
from cecert.workflows.audit.audit import AuditKind
from cecert.workflows.audit.audit import audit as run_audit
from cecert.workflows.verify.verify import verify

PASSPHRASE = "correct horse battery"
PEOPLE = {
    "a@example.org": "Ana Brandvold", "b@example.org": "Ole Castellanos",
    "c@example.org": "Uma Rautenberg", "d@example.org": "Ivo Marchetti",
    "e@example.org": "Eva Okonjo", "z@example.org": "Zoe Haddad",
}  # fmt: skip
ASKED = "e@example.org"
"""Whose attendance waits for a decision."""

COMMANDS = (
    "issue", "correct", "revoke", "resend", "publish", "rotate", "retire", "compromise",
    "sign", "deliver", "collect", "override", "audit",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    words: str


class _Words(io.TextIOBase):
    """Takes the place of stdout and stderr: each thread's words by themselves."""

    by_thread: ClassVar[dict[int, io.StringIO]] = {}

    def write(self, text: str) -> int:
        told = self.by_thread.get(get_ident())
        return len(text) if told is None else told.write(text)


@dataclass
class MatrixOffice:
    """An office in a folder, and the commands on it, each as the command line runs it."""

    folder: Path
    server: FaultServer
    before: Mapping[str, str] = field(default_factory=dict)

    def run(self, name: str, actor: str = "Mary") -> Said:
        """Run a command; nothing but what `cecert` tells a person may come out of it."""
        words = _Words.by_thread[get_ident()] = io.StringIO()
        try:
            getattr(self, f"_{name}")(self.folder / "cecert.toml", actor)
        except CecertError as error:
            return Said(2, f"{words.getvalue()}error: {error}")
        except typer.Exit as error:
            return Said(error.exit_code, words.getvalue())
        finally:
            del _Words.by_thread[get_ident()]
        return Said(0, words.getvalue())

    def _issue(self, config: Path, actor: str) -> None:
        course, listed = self.folder / "course.toml", self.folder / "completions.csv"
        issue(course, listed, config, skip_bad_rows=True, by=actor)

    def _correct(self, config: Path, actor: str) -> None:
        right = "Uma Rautenberg-Holm"
        correct(self.before["c@example.org"], "married", name=right, config=config, by=actor)

    def _revoke(self, config: Path, actor: str) -> None:
        for each in ("b@example.org", "c@example.org"):
            revoke(self.before[each], "issued-in-error", "not there", config=config, by=actor)

    def _resend(self, config: Path, actor: str) -> None:
        resend(self.before["b@example.org"], config=config, by=actor)

    def _publish(self, config: Path, actor: str) -> None:
        del actor
        publish(self.folder / "site", config=config)

    def _rotate(self, config: Path, actor: str) -> None:
        rotate(config=config, by=actor)

    def _retire(self, config: Path, actor: str) -> None:
        retire(["token-1", "seal-1"], config=config, by=actor)

    def _compromise(self, config: Path, actor: str) -> None:
        compromise(["token-1", "seal-1"], "a laptop is gone", config=config, by=actor)

    def _sign(self, config: Path, actor: str) -> None:
        sign(config=config, by=actor)

    def _deliver(self, config: Path, actor: str) -> None:
        deliver(config=config, by=actor)

    def _collect(self, config: Path, actor: str) -> None:
        del actor
        folder, decided = self.folder, self.folder / "overrides.toml"
        collect(
            folder / "course.toml", folder / "registrations.csv",
            [folder / "d1.csv", folder / "d2.csv"], folder / "completions.csv",
            evaluation=[folder / "done.csv"], attestation=[folder / "done.csv"],
            visibility=[folder / "seen.csv"], timezone="America/New_York",
            overrides=decided if decided.exists() else None, config=config,
        )  # fmt: skip

    def _override(self, config: Path, actor: str) -> None:
        del config
        decision(
            participant=ASKED, session="day-1", status="MET", why="seen", by=actor, reference="",
            overrides=self.folder / "overrides.toml",
            evidence=self.folder / "completions.evidence.json", course=None, config=None,
        )  # fmt: skip

    def _decide(self, config: Path, actor: str) -> None:
        self._override(config, actor)
        self._collect(config, actor)

    def _bounces(self, config: Path, actor: str) -> None:
        bounces([self.folder / "bounce.eml"], config=config, by=actor)

    def _audit(self, config: Path, actor: str) -> None:
        del actor
        audit(config=config)

    def opened(self) -> Office:
        return Office.open(self.folder / "cecert.toml")

    def entries(self) -> list[Entry]:
        with self.opened() as office:
            return list(office.ledger.entries())


def made(folder: Path, patch: pytest.MonkeyPatch, url: str = "") -> Mapping[str, str]:
    """Make the office, its ledger at *url*; return the certificate of each address."""
    _set_secrets(patch)
    create_office(folder)
    if url:
        create_ledger(url)
        patch.setenv("CECERT_LEDGER_URL", url)
    with Office.open(folder / "cecert.toml", actor="Mary") as office:
        office.make_keys(PASSPHRASE)
    (folder / "completions.csv").unlink()
    _write_evidence(folder)
    with served(FaultServer()) as server:
        _set_server(patch, server)
        own = MatrixOffice(folder, server)
        for people, commands in _PAST:
            _write_registrations(folder, people)
            for each in ("collect", *commands):
                said = own.run(each)
                assert said.status == 0, said.words
    before = {each.email: str(each.certificate.id) for each in own.entries()}
    config = folder / "cecert.toml"
    revoke(before["z@example.org"], "issued-in-error", "not there", config=config, by="Mary")
    return before


_PAST = (
    ("abz", ("issue", "deliver", "publish")),
    ("abcz", ("issue",)),
    ("abcdez", ()),
)
"""Who is registered, by the first letter of the address, and what is run then."""

_VARIABLES = ("CECERT_ACTOR", "CECERT_LEDGER_URL", "CECERT_ROOT_PASSPHRASE")


def _set_secrets(patch: pytest.MonkeyPatch) -> None:
    for each in _VARIABLES:
        patch.delenv(each, raising=False)
    patch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    # A guess that takes long is another test's; here keys are opened thousands of times.
    patch.setattr(key_secrets, "_WORK", LITTLE)


def _set_server(patch: pytest.MonkeyPatch, server: FaultServer) -> None:
    patch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
    patch.setenv("CECERT_SMTP_PORT", str(server.port))


def _write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _write_registrations(folder: Path, letters: str) -> None:
    people = [(email, name) for email, name in PEOPLE.items() if email[0] in letters]
    rows = [f"{name},{email},ny-social-work,,yes" for email, name in people]
    _write(folder / "registrations.csv", "name,email,credentials,licenses,fee_paid", *rows)


def _write_evidence(folder: Path) -> None:
    head = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest"
    for number, day in enumerate((22, 29), 1):
        times = f"10/{day}/2020 12:58:00 PM,10/{day}/2020 04:16:00 PM,198,Yes"
        rows = [
            f"{name},{'' if email == ASKED and number == 1 else email},{times}"
            for email, name in PEOPLE.items()
        ]
        _write(folder / f"d{number}.csv", head, *rows)
    _write(folder / "seen.csv", "email,visible", *(f"{each},yes" for each in PEOPLE))
    rows = [f"{each},2020-10-30,2020-10-30" for each in PEOPLE]
    _write(folder / "done.csv", "email,evaluation,attestation", *rows)


@pytest.fixture(scope="session")
def made_office(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Mapping[str, str]]:
    """The office, with the certificate of each address; tests copy it."""
    folder = tmp_path_factory.mktemp("matrix") / "office"
    with pytest.MonkeyPatch.context() as patch:
        before = made(folder, patch)
    return folder, before


Fresh = Callable[[], contextlib.AbstractContextManager["MatrixOffice"]]


@pytest.fixture
def fresh(made_office: tuple[Path, Mapping[str, str]], tmp_path: Path) -> Fresh:
    """Return what copies the office for one cell, and removes the copy after it."""
    folder, before = made_office
    numbers = count()

    @contextlib.contextmanager
    def copy() -> Iterator[MatrixOffice]:
        place = tmp_path / str(next(numbers))
        place.mkdir()
        with pytest.MonkeyPatch.context() as patch, copied(folder, place, before, patch) as own:
            yield own
        shutil.rmtree(place)

    return copy


# One cell: the first is held, the second runs, then all of it is judged


@dataclass
class Cell:
    """What became of one cell.

    Attributes:
        call: At which the first was held; "" if it came to none of that number.
        first, second: How the two ended.
        findings: What is wrong afterwards; nothing should be.
    """

    call: str = ""
    first: Said = field(default_factory=lambda: Said(0, ""))
    second: Said = field(default_factory=lambda: Said(0, ""))
    findings: list[str] = field(default_factory=list)


STUCK = 60
"""Seconds after which two commands that wait for one another count as stuck."""

_UNIMPORTANT = (
    "sync", "mkdir ", "remove .new-", "read cecert.toml", "read course.toml", "read d",
    "read registrations.csv", "read seen.csv", "read certificates", "read .certificates.made",
    "write .certificates.made/origin", "commit", storage_calls.WAITS,
)  # fmt: skip


def is_held(call: str) -> bool:
    """Say whether another command can make a difference at a call of the first."""
    return not call.startswith(_UNIMPORTANT) and ".new-" not in call


class _Meeting:
    """The first's thread comes to its call and lets the second run, whole if that can be."""

    def __init__(self, at: str, number: int, second: Callable[[], None]) -> None:
        self._at = at
        self._left = number
        self._second = Thread(target=self._run, args=(second,))
        self._free = Event()
        self._locked = False
        self.call = ""
        self.stuck = False
        self.errors: list[BaseException] = []

    def _run(self, second: Callable[[], None]) -> None:
        try:
            with storage_calls.watched(self.second_told):
                second()
        except BaseException as error:  # noqa: BLE001  # judged by the cell
            self.errors.append(error)
        finally:
            self._free.set()

    def first_told(self, call: str) -> None:
        if call == "ledger locked":
            self._locked = True
        elif call.startswith("begin"):
            self._locked = self._locked and call == "begin to read the ledger"
        if not is_held(call) or self.call or not call.startswith(self._at):
            return
        if self._left:
            self._left -= 1
            return
        self.call = call
        self._second.start()
        self.stuck = not self._free.wait(STUCK)

    def second_told(self, call: str) -> None:
        """The first goes on where the second waits for what the first holds."""
        if call == storage_calls.WAITS or (self._locked and call == "begin to write the ledger"):
            self._free.set()

    def join(self) -> None:
        if self.call:
            self._second.join()


@contextlib.contextmanager
def copied(
    made: Path, folder: Path, before: Mapping[str, str], patch: pytest.MonkeyPatch
) -> Iterator[MatrixOffice]:
    """Copy the office."""
    own = Path(shutil.copytree(made, folder / "office"))
    _set_secrets(patch)
    with in_place(own, before, patch) as office:
        yield office


@contextlib.contextmanager
def in_place(
    own: Path, before: Mapping[str, str], patch: pytest.MonkeyPatch
) -> Iterator[MatrixOffice]:
    """Give an office a mail server and a memory of its own, and have its calls told of."""
    folder = own.parent
    patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    storage_calls.patched(patch, own)
    patch.setattr(ReadingProcess, "ask", lambda _, *question: _read(*question))
    patch.setattr(sys, "stdout", _Words())
    patch.setattr(sys, "stderr", _Words())
    with served(FaultServer()) as server:
        _set_server(patch, server)
        yield MatrixOffice(own, server, before)


@cache
def _read(question: str, document: bytes, *first: int | None) -> object:
    """Read a document here: in a process of its own it would take most of the time of a cell."""
    begin = [each for each in first if each is not None]
    return json.loads(json.dumps(QUESTIONS[question](document, ReadingLimits(), *begin)))


def run_cell(office: MatrixOffice, first: str, second: str, number: int, at: str = "") -> Cell:
    """Hold a command while another runs, and judge what is left of it.

    Args:
        office: A fresh copy.
        first: The one that is held.
        second: The one that runs meanwhile.
        number: Of the call at which it is held, counted from 0.
        at: What that call begins with; only such are counted.
    """
    cell = Cell()

    def run_second() -> None:
        cell.second = office.run(second, "Tom")

    meeting = _Meeting(at, number, run_second)
    with storage_calls.watched(meeting.first_told):
        cell.first = office.run(first)
    meeting.join()
    cell.call = meeting.call
    if meeting.stuck:
        cell.findings.append("the two waited for one another")
    cell.findings += [f"a surprise: {each!r}" for each in meeting.errors]
    if cell.call:
        cell.findings += _judged_decisions(office, [first, second])
        cell.findings += _judged_audit(cell.first, first)
        cell.findings += _judged_audit(cell.second, second)
        cell.findings += audited(office)
        finish(office, first, second)
        cell.findings += judged(office, {first, second})
    return cell


def run_between(office: MatrixOffice, entering: str, changing: str) -> list[str]:
    """Let a command that has drawn go on to enter while another has changed half of the keys.

    Args:
        office: A fresh copy.
        entering: Waits right before its transaction.
        changing: Waits before the trust file that it signs takes its place.

    Returns:
        What is wrong afterwards.
    """
    drawn, halfway, entered = Event(), Event(), Event()

    def entering_told(call: str) -> None:
        if call == "begin to write the ledger" and not drawn.is_set():
            drawn.set()
            halfway.wait(STUCK)
        elif call == "ledger locked":
            entered.set()

    def changing_told(call: str) -> None:
        if call == "rename keys/trust.cose":
            halfway.set()
            entered.wait(GRACE)  # it never is where it is kept out

    def enter() -> None:
        with storage_calls.watched(entering_told):
            office.run(entering)

    thread = Thread(target=enter)
    thread.start()
    drawn.wait(STUCK)
    with storage_calls.watched(changing_told):
        said = office.run(changing, "Tom")
    thread.join()
    wrong = [] if said.status == 0 and halfway.is_set() else [f"{changing}: {said.words}"]
    wrong += audited(office)
    finish(office, entering, changing)
    return [*wrong, *judged(office, {entering, changing})]


GRACE = 0.5
"""Seconds in which a command enters that nobody keeps out."""


def _judged_audit(said: Said, name: str) -> Iterator[str]:
    """Yield what an audit said that ran meanwhile, and that passes."""
    if name != "audit":
        return
    if said.status not in {0, 1}:
        yield f"the audit meanwhile was refused: {said.words}"
    for line in said.words.splitlines():
        kind = line.partition(":")[0]
        # A site may be behind, and a file lies in the archive before it is entered.
        if kind in {it.value for it in AuditKind} - {"site", "orphan"}:
            yield f"the audit meanwhile: {line}"


def _judged_decisions(office: MatrixOffice, pair: list[str]) -> Iterator[str]:
    path = office.folder / "overrides.toml"
    found = path.read_text("utf-8").count("[[override]]") if path.exists() else 0
    decided = pair.count("override") + pair.count("decide")
    if found != decided:
        yield f"overrides: {found} are in the file, {decided} were decided"
    evidence = json.loads((office.folder / "completions.evidence.json").read_bytes())
    listed = (office.folder / "completions.csv").read_bytes()
    if sha256(listed).hexdigest() != evidence["completions"]["sha256"]:
        yield "the list and its evidence are of two runs"


def audited(office: MatrixOffice) -> Iterator[str]:
    """Yield what an audit says that the two do not mean."""
    with office.opened() as opened:
        for each in run_audit(audit_desk(opened)).findings:
            if each.kind is not AuditKind.SITE:  # not yet published
                yield f"audit: {each.kind.value}: {each.place}: {each.sentence}"


def finish(office: MatrixOffice, first: str, second: str) -> None:
    """Run both again, and what a person runs until nothing is left to do."""
    for name in dict.fromkeys((first, second)):
        if name not in _NOT_AGAIN:
            office.run(name)
    if {"override", "decide"} & {first, second}:
        assert office.run("collect").status == 0
    with office.opened() as opened:
        if any("no active" in each for each in opened.key_warnings()):
            office.run("rotate")
    for name in ("issue", "deliver", "publish"):
        said = office.run(name)
        assert said.status == 0, (name, said.words)


_NOT_AGAIN = frozenset({"audit", "issue", "deliver", "publish"})
"""Changes nothing, or is run afterwards anyway."""


def judged(office: MatrixOffice, pair: set[str]) -> Iterator[str]:
    """Yield what is not as the list, the ledger and the two commands mean it."""
    with office.opened() as opened:
        entries = list(opened.ledger.entries())
        rows = list(opened.outbox.rows())
        lying = sorted(opened.archive.names())
        trust_file = opened.trust_path.read_bytes()
    if lying != sorted(each.document for each in entries):
        yield f"archive: {lying}"
    yield from _judged_people(entries, pair)
    yield from _judged_mails(office, entries, rows)
    yield from judged_site(office, entries, trust_file)


def _judged_people(entries: list[Entry], pair: set[str]) -> Iterator[str]:
    standing = [e.email for e in entries if e.state is CertificateState.STANDING]
    expected = {"a@example.org", "d@example.org"}
    if "revoke" not in pair:
        expected |= {"b@example.org", "c@example.org"}
    elif "correct" in pair:  # whichever came first
        expected |= {"c@example.org"} & set(standing)
    if {"override", "decide"} & pair:
        expected.add(ASKED)
    if sorted(standing) != sorted(expected):
        yield f"people: {sorted(standing)} hold one, not {sorted(expected)}"


def _judged_mails(
    office: MatrixOffice, entries: list[Entry], rows: list[OutboxRow]
) -> Iterator[str]:
    parser = BytesParser(policy=compat32)
    taken = Counter(parser.parsebytes(e.content)["Message-ID"] for e in office.server.taken)
    if strange := taken.keys() - {each.message_id for each in rows}:
        yield f"mails: {strange} were sent and nobody was promised them"
    standing = {e.certificate.id for e in entries if e.state is CertificateState.STANDING}
    told = set()
    for row in rows:
        count = taken[row.message_id]
        is_old = row.key in {f"{office.before[each]}:issue" for each in _MAILED}
        expected = int(row.state is MailState.SENT and not is_old)
        if row.state not in {MailState.SENT, MailState.CANCELLED} or count != expected:
            yield f"mails: {row.key} is {row.state.value} and was taken {count} times"
        if row.state is MailState.SENT:
            told.add(row.certificate_id)
    if silent := standing - told:
        yield f"mails: nobody mailed {sorted(map(str, silent))}"


_MAILED = ("a@example.org", "b@example.org", "z@example.org")


def judged_site(office: MatrixOffice, entries: list[Entry], trust_file: bytes) -> Iterator[str]:
    site = office.folder / "site"
    (trust,) = (site / "trust").iterdir()
    if trust.read_bytes() != trust_file:
        yield "site: another trust file than the office's"
    lists = [str(each) for each in (site / "status").iterdir()]
    root = open_trust_file(trust_file, check_signature).root.thumbprint.hex()
    verifier = open_verifier(trust, root=root, status=lists, offline=True)
    for entry in entries:
        found = verify((office.folder / "certificates" / entry.document).read_bytes(), verifier)
        if found.verification.outcome is not _OUTCOMES[entry.state]:
            yield (
                f"site: {entry.certificate.id} of {entry.email} is {entry.state.value}, and"
                f" {found.verification.outcome.value}: {found.verification.detail}"
            )


_OUTCOMES = {
    CertificateState.STANDING: Outcome.VALID,
    CertificateState.REVOKED: Outcome.REVOKED,
    CertificateState.SUPERSEDED: Outcome.SUPERSEDED,
}
