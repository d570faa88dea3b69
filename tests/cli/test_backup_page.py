"""The how-to on backup and restore, walked in the order of its page, after things went on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

PAGE = Path(__file__).parents[2] / "docs/how-to/backup-and-restore.md"
WALKED = [
    "backup", "audit", "restore", "audit", "keys sign", "mail quarantine", "mail resolve",
    "publish", "log adopt", "mail resolve", "resend", "mail quarantine", "deliver", "keys sign",
    "publish", "keys compromise",
]  # fmt: skip
"""What the page tells to run; the test below runs each, and a change here asks for one there."""


def test_the_page_names_the_commands_that_are_walked() -> None:
    named = re.findall(r"cecert ((?:keys|mail|log) [a-z]+|[a-z]+)", PAGE.read_text("utf-8"))
    assert [each for each in named if each != "refuses"] == WALKED


@pytest.mark.usefixtures("issued_office")
def test_an_office_is_brought_back_as_the_page_says(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def done(*words: str) -> str:
        status, out, err = cecert(*words)
        assert status == 0, (words, err)
        return out + err

    site, archive, send_log = tmp_path / "site", Path("certificates"), tmp_path / "sent.jsonl"
    done("publish", str(site))
    done("backup", str(tmp_path / "office.zip"), "--keys")
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    revoked = min(archive.glob("*/*.pdf")).name[:19]
    why = ("--reason-class", "wrong-person", "--reason", "was not there", "--yes")
    done("revoke", revoked, *why)
    rows = Path("completions.csv").read_text("utf-8-sig").splitlines()
    one_more = rows[1].replace("Adeyemi", "Bowen").replace("adeyemi", "bowen")
    Path("completions.csv").write_text("\n".join([*rows, one_more.replace("0123", "9123")]))
    there = set(archive.glob("*/*.pdf"))
    done("issue", "course.toml", "completions.csv")
    (made,) = set(archive.glob("*/*.pdf")) - there
    done("publish", str(site))
    newer = {each: shutil.copy(each, tmp_path / Path(each).name) for each in ("completions.csv",)}
    shutil.copy(made, tmp_path / made.name)
    send_log.write_bytes(b"")

    done("restore", str(tmp_path / "office.zip"), str(tmp_path / "again"))
    monkeypatch.chdir(tmp_path / "again")
    shutil.copy(send_log, "sent.jsonl")
    made.parent.mkdir(exist_ok=True)
    shutil.copy(tmp_path / made.name, made)
    status, out, _ = cecert("audit")
    assert (status, "orphan" in out) == (1, True), "issued after the backup"
    done("keys", "sign")
    done("mail", "quarantine", "--since", made_at)
    status, _, err = cecert("publish", str(site))
    assert (status, "older copy" in err) == (2, True), err
    assert "2 acts were taken back" in done("log", "adopt", "--site", str(site))
    done("revoke", revoked, *why)
    shutil.copy(newer["completions.csv"], "completions.csv")
    done("issue", "course.toml", "completions.csv")
    assert made in set(archive.glob("*/*.pdf")), "the very file was taken over"
    standing = made.name[:19]
    status, _, err = cecert("mail", "resolve", standing, "--delivered")
    assert status in {0, 2}, err  # it waits for a person only if it may have gone
    status, _, err = cecert("resend", standing)
    assert status in {0, 2}, err
    done("mail", "quarantine", "--since", made_at)
    done("deliver", "--dry-run", "mails")
    done("keys", "sign")
    done("publish", str(site))
    assert cecert("audit")[0] == 0
    done("keys", "compromise", "token-1")
    done("publish", str(site))
