"""How the office of the matrix is made, once, and copied for each cell."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from fault_server import FaultServer, served
from matrix_office import ASKED, PASSPHRASE, PEOPLE, MatrixOffice, copied, set_secrets, set_server

from cecert.adapters.database import create_ledger
from cecert.cli.revoke import revoke
from cecert.domain.mail.message import OutboxRow
from cecert.office import Office, create_office

__all__ = ["Copies", "Fresh", "fresh", "made", "made_office"]


def made(folder: Path, patch: pytest.MonkeyPatch, url: str = "") -> Mapping[str, str]:
    """Make the office, its ledger at *url*; return the certificate of each address."""
    set_secrets(patch)
    create_office(folder)
    if url:
        create_ledger(url)
        patch.setenv("CECERT_LEDGER_URL", url)
    with Office.open(folder / "cecert.toml", actor="Mary") as office:
        office.make_keys(PASSPHRASE)
    (folder / "completions.csv").unlink()
    _write_evidence(folder)
    with served(FaultServer()) as server:
        set_server(patch, server)
        own = MatrixOffice(folder, server)
        for people, commands in _PAST:
            _write_registrations(folder, people)
            for each in ("collect", *commands):
                said = own.run(each)
                assert said.status == 0, said.words
    before = {each.email: str(each.certificate.id) for each in own.entries()}
    (mailed,) = (each for each in own.rows() if each.key == f"{before['a@example.org']}:issue")
    _write_bounce(folder / "bounce.eml", mailed)
    config = folder / "cecert.toml"
    revoke(before["z@example.org"], "issued-in-error", "not there", config=config, by="Mary")
    return before


_PAST = (
    ("abz", ("issue", "deliver", "publish")),
    ("abcz", ("issue",)),
    ("abcdez", ()),
)
"""Who is registered, by the first letter of the address, and what is run then."""


def _write_bounce(path: Path, mailed: OutboxRow) -> None:
    path.write_text(f"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: {mailed.key}

Final-Recipient: rfc822; a@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {mailed.message_id}

--b--
""")


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


@dataclass(frozen=True)
class Copies:
    """The office, made without a word, and what copies it for a cell of a campaign.

    Attributes:
        folder: Where copies are made.
        before: The certificate of each address.
    """

    folder: Path
    before: Mapping[str, str]

    @classmethod
    def made(cls, folder: Path) -> Copies:
        """Make the office in a folder that nobody else uses."""
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_CACHE_HOME"] = str(folder / "user")
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            return cls(folder, made(folder / "made", patch))

    @contextlib.contextmanager
    def fresh(self) -> Iterator[MatrixOffice]:
        with (
            tempfile.TemporaryDirectory(dir=self.folder) as place,
            pytest.MonkeyPatch.context() as patch,
            copied(self.folder / "made", Path(place), self.before, patch) as office,
        ):
            yield office


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
