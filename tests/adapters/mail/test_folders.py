"""Folders, the send log and the lock: what mail leaves on the disk."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mail_office import issued

from cecert.adapters.mail import EmlFolder, FilePresence, MaildirSender, SendLogFile
from cecert.domain.mail.message import Mail, MailState, OutboxRow, Receipt
from cecert.errors import DeliveryError, InputError
from cecert.ports import TakenMail
from cecert.testing import MemoryOffice

MAIL = Mail("7Q2M-X4KD-9VTR-H3NP:issue", "ce@example.edu", "ana@example.org", b"Subject: x\r\n")
NOW = datetime(2020, 11, 5, 15, tzinfo=UTC)


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def filed(folder: Path, commit: object = yes) -> Receipt:
    async def scene() -> Receipt:
        async with MaildirSender(folder).lane() as lane:
            await lane.open()
            return await lane.send(MAIL, commit)  # type: ignore[arg-type]  # yes or no, above

    return asyncio.run(scene())


def test_a_maildir_takes_a_mail_by_renaming_it(tmp_path: Path) -> None:
    receipt = filed(tmp_path / "out")
    assert receipt.state is MailState.SENT
    (path,) = (tmp_path / "out" / "new").iterdir()
    assert path.read_bytes() == MAIL.content
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "out" / "tmp").iterdir())


def test_a_maildir_files_nothing_that_is_not_committed(tmp_path: Path) -> None:
    receipt = filed(tmp_path, no)
    assert (receipt.state, receipt.counts) == (MailState.QUEUED, False)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_maildir_that_cannot_be_used_stops_the_batch(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="cannot be used: Not a directory"):
        filed(tmp_path / "file")


def test_a_mail_whose_name_may_not_last_is_uncertain(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def commit_and_run_out_of_handles() -> bool:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        return True

    try:
        receipt = filed(tmp_path, commit_and_run_out_of_handles)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert receipt.state is MailState.UNCERTAIN
    assert receipt.reply == "filed, but not surely: Too many open files"


def test_a_maildir_that_went_away_says_so(tmp_path: Path) -> None:
    async def scene() -> None:
        async with MaildirSender(tmp_path).lane() as lane:
            await lane.open()
            (tmp_path / "new").rmdir()
            receipt = await lane.send(MAIL, yes)
            assert receipt == Receipt(
                MailState.QUEUED, "cannot be filed: No such file or directory"
            )
            shutil.rmtree(tmp_path / "tmp")
            with pytest.raises(DeliveryError, match="cannot be written: No such file"):
                await lane.send(MAIL, yes)

    asyncio.run(scene())


def test_an_eml_folder_is_made_and_its_files_are_private(tmp_path: Path) -> None:
    folder = EmlFolder(tmp_path / "a" / "b")
    folder.check(frozenset())
    path = Path(folder.put("X", b"one"))
    folder.put("X", b"two")
    assert path == tmp_path / "a" / "b" / "X.eml"
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["X.eml"]
    folder.check(frozenset({"X"}))


def test_an_eml_folder_that_is_a_file_or_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file, not a folder"):
        EmlFolder(tmp_path / "file").check(frozenset())
    with pytest.raises(DeliveryError, match="cannot be written"):
        EmlFolder(tmp_path / "file").put("X", b"")


def taken(row: OutboxRow, reply: str) -> TakenMail:
    return TakenMail(row.key, row.message_id, row.sha256, row.queued_at, NOW, reply)


def test_the_send_log_is_one_private_line_a_mail_without_name_or_address(tmp_path: Path) -> None:
    first, second = (entry.mail for entry in issued(MemoryOffice(), 2))
    log = SendLogFile(tmp_path / "sent.jsonl")
    assert list(log.accepted()) == []
    log.note(first, "250 queued as 1", NOW)
    log.note(second, "250 queued as 2", NOW)
    assert list(log.accepted()) == [
        taken(first, "250 queued as 1"),
        taken(second, "250 queued as 2"),
    ]
    text = (tmp_path / "sent.jsonl").read_text()
    assert len(text.splitlines()) == 2
    assert "example.org" not in text
    assert (tmp_path / "sent.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_torn_line_of_the_send_log_is_left_out(tmp_path: Path) -> None:
    (entry,) = issued(MemoryOffice(), 1)
    path = tmp_path / "sent.jsonl"
    SendLogFile(path).note(entry.mail, "250 ok", NOW)
    with path.open("ab") as stream:
        stream.write(b'{"message_id": "<torn')
    assert list(SendLogFile(path).accepted()) == [taken(entry.mail, "250 ok")]
    path.write_bytes(b"[]\n3\n\xff\n")
    assert list(SendLogFile(path).accepted()) == []


def test_a_line_of_an_older_send_log_says_less(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    line = {"key": "x:issue", "message_id": "<x@y>", "at": NOW.isoformat(), "reply": "250 ok"}
    path.write_text(f"{json.dumps(line)}\n", "ascii")
    assert list(SendLogFile(path).accepted()) == [
        TakenMail("x:issue", "<x@y>", "", None, NOW, "250 ok")
    ]


def test_a_line_torn_by_a_crash_spoils_no_later_one(tmp_path: Path) -> None:
    first, second = (entry.mail for entry in issued(MemoryOffice(), 2))
    path = tmp_path / "sent.jsonl"
    SendLogFile(path).note(first, "250 ok", NOW)
    torn = path.read_bytes()[:-9]
    path.write_bytes(torn)
    SendLogFile(path).note(second, "250 ok", NOW)
    SendLogFile(path).note(first, "250 found in Sent Items", NOW)
    assert list(SendLogFile(path).accepted()) == [
        taken(second, "250 ok"),
        taken(first, "250 found in Sent Items"),
    ]


def test_a_send_log_on_a_full_disk_says_so(tmp_path: Path) -> None:
    (entry,) = issued(MemoryOffice(), 1)
    with pytest.raises(DeliveryError, match="cannot be written: No space left on device"):
        SendLogFile(Path("/dev/full")).note(entry.mail, "250 ok", NOW)
    # A disk that fills up within a line: the system writes what fits, and says how much.
    path = tmp_path / "sent.jsonl"
    SendLogFile(path).note(entry.mail, "250 ok", NOW)
    limit = path.stat().st_size + 20
    program = FILLING.format(limit=limit, path=str(path))
    # The measure of coverage keeps a file too, which must not be the one that is cut short.
    environ = {name: value for name, value in os.environ.items() if "COV" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environ
    )
    assert "DeliveryError" in done.stderr.splitlines()[-1]
    assert "cannot be written: No space left on device" in done.stderr
    assert path.stat().st_size == limit
    assert list(SendLogFile(path).accepted()) == [taken(entry.mail, "250 ok")]


FILLING = """
import resource, signal
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from cecert.adapters.mail import SendLogFile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
at = datetime(2020, 11, 5, tzinfo=UTC)
row = SimpleNamespace(key="x", message_id="<x@example.edu>", sha256="", queued_at=at)
SendLogFile(Path({path!r})).note(row, "250 ok", at)
"""


def test_a_send_log_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (entry,) = issued(MemoryOffice(), 1)
    with pytest.raises(DeliveryError, match="cannot be written: Is a directory"):
        SendLogFile(tmp_path).note(entry.mail, "250 ok", NOW)
    with pytest.raises(DeliveryError, match="cannot be read: Is a directory"):
        list(SendLogFile(tmp_path).accepted())


HOLDER = """
import sys, time
from pathlib import Path
from cecert.adapters.mail import FilePresence
with FilePresence(Path(sys.argv[1])).hold(lambda: None):
    print("held", flush=True)
    time.sleep(60)
"""


def test_who_is_alone_is_told_so_and_who_is_not_is_not(tmp_path: Path) -> None:
    calls: list[str] = []
    with FilePresence(tmp_path / "lock").hold(lambda: calls.append("alone")):
        assert calls == ["alone"]
        with FilePresence(tmp_path / "lock").hold(lambda: calls.append("not alone")):
            assert calls == ["alone"]


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        calls: list[int] = []
        with FilePresence(tmp_path / "lock").hold(lambda: calls.append(1)):
            assert not calls
        other.kill()
    with FilePresence(tmp_path / "lock").hold(lambda: calls.append(1)):
        assert calls


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(DeliveryError, match="cannot be opened"),
        FilePresence(tmp_path / "no" / "lock").hold(lambda: None),
    ):
        pass
