"""Reading bounces; the golden file came from a real Postfix (golden/capture_bounce.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecert.adapters.mail import read_bounces
from cecert.domain.mail.bounces import Bounce, BounceKind
from cecert.errors import InputError

DSN = """\
From: MAILER-DAEMON@mx.example.net
To: bounce+7q2mx4kd9vtrh3np.0123456789@example.edu
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: 7Q2M-X4KD-9VTR-H3NP:issue+2B1

Original-Recipient: rfc822;ana@example.org
Final-Recipient: rfc822; ana@example.org
Action: {action}
Status: 5.1.1 (bad destination)
Diagnostic-Code: smtp; 550 5.1.1 no such
    user here

--b
{returned}
--b--
"""
HEADERS = """\
Content-Type: text/rfc822-headers

Message-ID: <7q2mx4kd9vtrh3np.0.issue@example.edu>
Subject: x
"""
WHOLE = HEADERS.replace("text/rfc822-headers", "message/rfc822")
NOTHING = "Content-Type: text/plain\n\nnothing\n"


def written(path: Path, action: str = "failed", returned: str = HEADERS) -> Path:
    path.write_text(DSN.format(action=action, returned=returned))
    return path


def test_a_notification_says_which_mail_came_back_and_why(tmp_path: Path) -> None:
    path = written(tmp_path / "bounce.eml")
    ((bounce,), others) = read_bounces(path)
    assert bounce == Bounce(
        source=str(path),
        kind=BounceKind.FAILED,
        status="5.1.1",
        diagnostic="550 5.1.1 no such user here",
        returned_to=("bounce+7q2mx4kd9vtrh3np.0123456789@example.edu", "", "", ""),
        envelope_id="7Q2M-X4KD-9VTR-H3NP:issue+1",
        message_id="<7q2mx4kd9vtrh3np.0.issue@example.edu>",
    )
    assert str(bounce) == "5.1.1 550 5.1.1 no such user here"
    assert not others


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("Failed", BounceKind.FAILED),
        ("delayed", BounceKind.DELAYED),
        ("delivered", BounceKind.DELIVERED),
        ("relayed", BounceKind.DELIVERED),
        ("expanded", BounceKind.DELIVERED),
    ],
)
def test_each_action_is_understood(tmp_path: Path, action: str, kind: BounceKind) -> None:
    ((bounce,), _) = read_bounces(written(tmp_path / "x", action))
    assert bounce.kind is kind


@pytest.mark.parametrize(
    ("returned", "found"),
    [(HEADERS, True), (WHOLE, True), (NOTHING, False)],
    ids=["headers", "whole", "nothing"],
)
def test_the_returned_message_tells_its_id_in_each_form(
    tmp_path: Path, returned: str, found: bool
) -> None:
    ((bounce,), _) = read_bounces(written(tmp_path / "x", returned=returned))
    assert bool(bounce.message_id) is found


def test_a_folder_and_a_maildir_are_read_whole(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    written(tmp_path / "maildir" / "new" / "1")
    written(tmp_path / "maildir" / "cur" / "2:2,S")
    written(tmp_path / "maildir" / "tmp" / "3")
    bounces, _ = read_bounces(tmp_path / "maildir")
    assert [Path(each.source).name for each in bounces] == ["1", "2:2,S"]
    (tmp_path / "maildir" / "cur" / "2:2,S").unlink()
    (tmp_path / "maildir" / "cur").rmdir()
    assert len(read_bounces(tmp_path / "maildir")[0]) == 1
    (tmp_path / "plain").mkdir()
    written(tmp_path / "plain" / "a.eml")
    written(tmp_path / "plain" / ".hidden")
    (tmp_path / "plain" / "folder").mkdir()
    assert len(read_bounces(tmp_path / "plain")[0]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00 no message at all",
        b"Subject: hello\n\nI am on holiday.\n",
        b"Content-Type: message/delivery-status\n\n",
        DSN.format(action="thought about", returned=NOTHING).encode(),
        b'Content-Type: multipart/mixed; boundary="a"\n\n' + b"--a\n" * 10_000,
        b"Content-Type: message/rfc822\n\n" * 5_000,
    ],
    ids=["empty", "garbage", "holiday", "empty report", "unknown action", "many parts", "deep"],
)
def test_what_is_no_bounce_is_named_and_harms_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert read_bounces(tmp_path / "x") == ([], [str(tmp_path / "x")])


def test_a_file_that_opens_and_cannot_be_read_is_an_error() -> None:
    # Linux: a process has nothing at address 0 of its own memory.
    with pytest.raises(InputError, match="/proc/self/mem cannot be read: Input/output error"):
        read_bounces(Path("/proc/self/mem"))


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_bounces(tmp_path / "nowhere")


def test_a_folder_of_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.adapters.mail.bounces.MOST_FILES", 1)
    written(tmp_path / "1")
    written(tmp_path / "2")
    with pytest.raises(InputError, match="2 files, 1 are read at once"):
        read_bounces(tmp_path)


def test_a_bounce_that_postfix_wrote_is_understood() -> None:
    # golden/capture_bounce.py made it, with Postfix 3.7.11 and its smtp-sink -f RCPT.
    golden = Path(__file__).parent / "golden" / "postfix-bounce.eml"
    ((bounce,), others) = read_bounces(golden)
    path = "ce-bounce+mx4462g7ebrqhhsz.207b51bb60@example.edu"
    assert bounce == Bounce(
        source=str(golden),
        kind=BounceKind.FAILED,
        status="5.3.0",
        diagnostic="500 5.3.0 Error: command failed",
        returned_to=(path, path, "", ""),
        envelope_id="MX44-62G7-EBRQ-HHSZ:issue",
        message_id="<mx4462g7ebrqhhsz.0.issue@example.edu>",
    )
    assert not others
