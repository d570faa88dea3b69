"""The office of the matrix, and the commands on it, each as the command line runs it.

It has four certificates (three mailed, one of them revoked since the site was published, and
one queued), one person who has earned a fifth, and one whose attendance waits for a decision.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import compat32
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import ClassVar

import pytest
import storage_calls
import typer
from fault_server import FaultServer, served
from hook_server import SECRET, Receiver, receiver
from key_work import LITTLE
from remembered import remember

from cecert.adapters.document_reader import ReadingLimits, ReadingProcess
from cecert.adapters.document_reader.child import QUESTIONS
from cecert.adapters.keys import secrets as key_secrets
from cecert.cli.audit import audit
from cecert.cli.collect import collect
from cecert.cli.correct import correct
from cecert.cli.deliver import deliver
from cecert.cli.export import export_ledger
from cecert.cli.hooks import begin as begin_posting
from cecert.cli.hooks import run as post
from cecert.cli.issue import issue
from cecert.cli.keys import badge, compromise, init, retire, rotate, sign
from cecert.cli.log import adopt
from cecert.cli.mail import bounces, quarantine, resend, resolve, retry
from cecert.cli.override import decision
from cecert.cli.publish import publish
from cecert.cli.revoke import revoke
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.errors import CecertError, InputError
from cecert.office import Office
from cecert.ports import Entry

__all__ = [
    "ASKED",
    "COMMANDS",
    "PASSPHRASE",
    "PEOPLE",
    "MatrixOffice",
    "Said",
    "copied",
    "in_place",
    "set_secrets",
    "set_server",
]

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
    "sign", "deliver", "collect", "override", "audit", "succeed", "bounces", "quarantine",
    "resolve", "retry", "export",
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
    receiver: Receiver = field(default_factory=Receiver)
    servers: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

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

    def _succeed(self, config: Path, actor: str) -> None:
        """Run `keys init --after` as a person does: the old keys are moved away first."""
        keys = self.folder / "keys"
        before = next(each for n in range(9) if not (each := self.folder / f"keys-{n}").exists())
        if not keys.exists():
            raise InputError("there are no keys to move away")
        try:
            keys.rename(before)
        except OSError as error:  # somebody else moved them there meanwhile
            raise InputError(f"{before} is taken") from error
        try:
            init(after=before, config=config, by=actor)
        except CecertError:
            newest = not (self.folder / f"keys-{int(before.name[5:]) + 1}").exists()
            # And back again, where it was refused; not where somebody moved the new ones away.
            if newest and not (keys / "trust.cose").exists():
                shutil.rmtree(keys, ignore_errors=True)
                before.rename(keys)
            raise

    def _moved(self, config: Path, actor: str) -> None:
        """Move the old keys away, as a person does."""
        del config, actor
        (self.folder / "keys").rename(self.folder / "keys-0")

    def _init(self, config: Path, actor: str) -> None:
        """Run it; where it was cut off with the new keys in their place, go on as it says.

        Where the trust file is there too, the next act on keys tells of what it did.
        """
        try:
            init(after=self.folder / "keys-0", config=config, by=actor)
        except CecertError as error:
            signed = (self.folder / "keys" / "trust.cose").exists()
            if not signed and "cecert keys sign" not in error.hint:
                raise
            sign(config=config, by=actor)

    def _badge(self, config: Path, actor: str) -> None:
        badge(config=config, by=actor)

    def _listen(self, config: Path, actor: str) -> None:
        """Let a receiver be named."""
        del actor
        self.receiver = self.servers.enter_context(receiver())
        address = f'\n[hooks]\nurl = "{self.receiver.url}"\n'
        config.write_bytes(config.read_bytes() + address.encode())

    def _begin(self, config: Path, actor: str) -> None:
        del actor
        begin_posting(everything=True, config=config)

    def _hooks(self, config: Path, actor: str) -> None:
        del actor
        post(at_once=True, config=config)

    def _forget(self, config: Path, actor: str) -> None:
        """Issue and publish, and restore a ledger that knows nothing of it."""
        kept = self.folder.parent / "older.db"
        shutil.copy(self.folder / "ledger.db", kept)
        self._issue(config, actor)
        self._publish(config, actor)
        shutil.move(kept, self.folder / "ledger.db")

    def _adopt(self, config: Path, actor: str) -> None:
        del actor
        adopt(site=self.folder / "site", config=config)

    def _quarantine(self, config: Path, actor: str) -> None:
        quarantine("2020-11-05T14:00-05:00", config=config, by=actor)

    def _resolve(self, config: Path, actor: str) -> None:
        """Decide what is uncertain as a person does who asks the recipient."""
        refused = None
        for row in self.rows():
            if row.state is MailState.UNCERTAIN:
                arrived = row.message_id in self.taken_ids()
                try:
                    resolve(row.key, arrived, not arrived, config=config, by=actor)
                except CecertError as error:  # somebody else decided it meanwhile
                    refused = error
        if refused is not None:
            raise refused

    def _retry(self, config: Path, actor: str) -> None:
        retry(failed=True, config=config, by=actor)

    def _refused(self, config: Path, actor: str) -> None:
        """Deliver where the service refuses for good whom it is told to."""
        self.server.chance = lambda stage: "550 5.7.1 no" if stage == "rcpt" else ""
        try:
            self._deliver(config, actor)
        finally:
            self.server.chance = lambda _: ""

    def _export(self, config: Path, actor: str) -> None:
        export_ledger(self.folder / "ledger.jsonl", config, actor)

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

    def rows(self) -> list[OutboxRow]:
        with self.opened() as office:
            return list(office.outbox.rows())

    def taken_ids(self) -> Counter[str]:
        """Return how often the service took a mail of each Message-ID."""
        parser = BytesParser(policy=compat32)
        return Counter(parser.parsebytes(each.content)["Message-ID"] for each in self.server.taken)


_VARIABLES = ("CECERT_ACTOR", "CECERT_LEDGER_URL", "CECERT_ROOT_PASSPHRASE")


def set_secrets(patch: pytest.MonkeyPatch) -> None:
    for each in _VARIABLES:
        patch.delenv(each, raising=False)
    patch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    patch.setenv("CECERT_HOOKS_SECRET", SECRET)
    # A guess that takes long is another test's; here keys are opened thousands of times.
    patch.setattr(key_secrets, "_WORK", LITTLE)


def set_server(patch: pytest.MonkeyPatch, server: FaultServer) -> None:
    patch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
    patch.setenv("CECERT_SMTP_PORT", str(server.port))


@contextlib.contextmanager
def copied(
    made: Path, folder: Path, before: Mapping[str, str], patch: pytest.MonkeyPatch
) -> Iterator[MatrixOffice]:
    """Copy the office."""
    own = Path(shutil.copytree(made, folder / "office"))
    set_secrets(patch)
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
    remember(patch)
    patch.setattr(ReadingProcess, "ask", lambda _, *question: _read(*question))
    patch.setattr(sys, "stdout", _Words())
    patch.setattr(sys, "stderr", _Words())
    with served(FaultServer()) as server, contextlib.ExitStack() as servers:
        set_server(patch, server)
        yield MatrixOffice(own, server, before, servers=servers)


@cache
def _read(question: str, document: bytes, *first: int | None) -> object:
    """Read a document here: in a process of its own it would take most of the time of a cell."""
    begin = [each for each in first if each is not None]
    return json.loads(json.dumps(QUESTIONS[question](document, ReadingLimits(), *begin)))
