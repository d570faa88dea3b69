"""The log: what was published of it cannot be taken back, changed or added to without a trace."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hosting import web_host

from cecert.adapters.clock import SystemClock
from cecert.office import Office
from cecert.office.log import log as office_log
from cecert.office.log.log import kept_checkpoint
from cecert.workflows.log import KnownCheckpoint

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")

LISTS = ("course.toml", "completions.csv")
WHY = ("--reason-class", "wrong-person", "--reason", "was not there", "--yes")


def certificate(number: int = 0) -> Path:
    return sorted(Path("certificates").glob("*/*"))[number]


def revoke(cecert: Run, number: int = 0) -> None:
    assert cecert("revoke", certificate(number).name[:19], *WHY)[0] == 0


@contextmanager
def by_hand() -> Iterator[sqlite3.Connection]:
    """Open the ledger with a database shell, its triggers away until the end."""
    with closing(sqlite3.connect("ledger.db")) as shell:
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = shell.execute(asked).fetchall()
        for name, _ in triggers:
            shell.execute(f"DROP TRIGGER {name}")
        yield shell
        for _, sql in triggers:
            shell.execute(sql)
        shell.commit()


def files(folder: str = "site") -> dict[str, bytes]:
    return {str(e): e.read_bytes() for e in Path(folder).rglob("*") if e.is_file()}


@pytest.fixture
def published(cecert: Run) -> dict[str, bytes]:
    assert cecert("publish", "site")[0] == 0
    return files()


def test_what_is_published_is_printed_kept_and_the_same_when_nothing_happened(
    cecert: Run, published: dict[str, bytes]
) -> None:
    status, out, err = cecert("publish", "site")
    assert (status, out) == (0, "")
    checkpoint = published["site/log/checkpoint"].decode()
    assert checkpoint in err
    assert files() == published
    assert Path(".certificates.head").read_bytes() == published["site/log/head"]
    with Office.open("cecert.toml") as office:
        assert kept_checkpoint(office) == checkpoint  # which the digest mail carries
    origin, size, *_ = checkpoint.split("\n")
    assert (origin, size) == ("verify.example.edu/log", "7")  # start, five issues, tick
    assert json.loads(cecert("publish", "site", "--json")[1])["checkpoint"] == checkpoint
    assert cecert("audit")[0] == 0


def test_a_day_later_a_tick_says_that_nothing_was_added(
    cecert: Run, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now(UTC) + timedelta(days=1, seconds=1)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    assert cecert("publish", "site")[0] == 0
    assert Path("site/log/checkpoint").read_text().split("\n")[1] == "8"
    before = {name: each for name, each in published.items() if "/tile/" in name}
    assert before.items() <= files().items()
    assert cecert("audit")[0] == 0


def test_buckets_and_partial_tiles_of_a_week_ago_are_removed_and_what_proves_something_stays(
    cecert: Run, published: dict[str, bytes]
) -> None:
    (bucket,) = (Path(each) for each in published if each.endswith(".ix"))
    (partial,) = (Path(each) for each in published if "/tile/0/" in each)
    replaced, whole = Path("site/log/tile/5/000.p/3"), Path("site/log/tile/5/000")
    replaced.parent.mkdir(parents=True)
    for each in (replaced, whole, Path("site/log/index/notes.txt")):
        each.write_bytes(b"whatever")
    for days, gone in ((6, set[Path]()), (8, {bucket, replaced})):
        revoke(cecert, days // 8)
        then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        for each in Path("site/log").rglob("*"):
            os.utime(each, (then, then))
        before = {Path(each) for each in files()}
        assert cecert("publish", "site")[0] == 0
        lost = before - {Path(each) for each in files()}
        assert gone <= lost
        assert all(each.suffix == ".ix" or each == replaced for each in lost)
    assert partial.is_file()  # whoever has that checkpoint proves with it
    assert cecert("audit")[0] == 0


def test_an_older_ledger_issues_and_publishes_nothing_until_its_log_is_taken_back(
    cecert: Run, published: dict[str, bytes]
) -> None:
    shutil.copy("ledger.db", "../older.db")
    revoke(cecert)
    assert cecert("publish", "site")[0] == 0
    shutil.copy("../older.db", "ledger.db")
    one = next(Path("certificates").glob("*/*.pdf")).name[:19]
    revoked = ("revoke", one, "--reason-class", "issued-in-error", "--reason", "not there")
    for words in (("issue", *LISTS), revoked, ("publish", "elsewhere")):
        status, _, err = cecert(*words)
        assert status == 2, words
        assert "the log of this ledger has 7 leaves" in err
        assert "9 were published: the ledger is an older copy" in err
        assert "cecert log adopt" in err
    assert not Path("elsewhere/index.html").exists()
    status, out, _ = cecert("audit")
    assert status == 1
    assert "log: site/log/checkpoint: it says that 9 leaves" in out.replace(f"{Path.cwd()}/", "")

    status, out, err = cecert("log", "adopt", "--json")
    assert status == 0, err
    assert json.loads(out)["leaves"] == [{"position": 7, "kind": "revoked", "document": ""}]
    status, out, _ = cecert("audit")
    assert "a certificate was revoked, and this ledger does not know which: do it again" in out
    revoke(cecert)
    assert cecert("publish", "site")[0] == 0
    assert cecert("audit")[0] == 0
    assert published.keys() - files().keys() == set()


def test_a_publishing_that_ends_while_it_is_looked_at_makes_no_ledger_an_older_copy(
    cecert: Run, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    del published
    revoke(cecert)
    known = office_log.known_checkpoints

    def after_another_publishes(*asked: Any) -> Iterator[KnownCheckpoint]:  # noqa: ANN401
        monkeypatch.setattr(office_log, "known_checkpoints", known)
        assert cecert("publish", "site")[0] == 0
        yield from known(*asked)

    monkeypatch.setattr(office_log, "known_checkpoints", after_another_publishes)
    status, _, err = cecert("issue", *LISTS)
    assert status in {0, 1}, err
    assert Path("site/log/checkpoint").read_text().split("\n")[1] == "9"


def test_a_certificate_that_a_restore_forgot_is_named_by_its_file(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    shutil.copy("ledger.db", "../older.db")
    rows = Path("completions.csv").read_text("utf-8-sig").splitlines()
    one_more = rows[1].replace("Adeyemi", "Bowen").replace("adeyemi", "bowen")
    Path("completions.csv").write_text("\n".join([*rows, one_more.replace("0123", "9123")]))
    there = set(Path("certificates").glob("*/*"))
    assert cecert("issue", *LISTS)[0] == 0
    (made,) = set(Path("certificates").glob("*/*")) - there
    assert cecert("publish", "site")[0] == 0
    shutil.copy("../older.db", "ledger.db")
    adopted = json.loads(cecert("log", "adopt", "--json")[1])["leaves"]
    assert adopted == [
        {"position": 7, "kind": "issued", "document": f"{made.parent.name}/{made.name}"}
    ]
    assert cecert("issue", *LISTS)[0] == 0
    assert set(Path("certificates").glob("*/*")) == {*there, made}
    assert cecert("publish", "site")[0] == 0
    assert cecert("audit")[0] == 0


ACTS = {
    "changed": """
        UPDATE log_leaf SET leaf = (SELECT leaf FROM log_leaf WHERE position = 2)
        WHERE position = 1""",
    "cut": "DELETE FROM log_leaf WHERE position = 6",
    "added": """
        UPDATE log_leaf SET position = position + 100 WHERE position > 2;
        INSERT INTO log_leaf
        SELECT provider_id, 3, instant, leaf, salt, certificate_id, event_number FROM log_leaf
        WHERE position = 1;
        UPDATE log_leaf SET position = position - 99 WHERE position > 50""",
    "re-ordered": """
        UPDATE log_leaf SET position = 99 WHERE position = 1;
        UPDATE log_leaf SET position = 1 WHERE position = 2;
        UPDATE log_leaf SET position = 2 WHERE position = 99""",
}


@pytest.mark.parametrize("act", ACTS)
def test_leaves_that_are_rewritten_contradict_every_checkpoint(
    cecert: Run, published: dict[str, bytes], act: str
) -> None:
    Path("../kept").write_bytes(published["site/log/checkpoint"])
    with by_hand() as shell:
        shell.executescript(ACTS[act])
    status, out, _ = cecert("audit")
    assert status == 1
    assert {line.split(":")[0] for line in out.splitlines()} >= {"log"}
    assert cecert("publish", "site")[0] == 2
    shutil.rmtree("site")
    Path(".certificates.head").unlink()
    status, out, _ = cecert("audit", "--since", "../kept")
    assert status == 1
    assert "log: ../kept: " in out


def test_a_log_of_another_ledger_is_not_published_over_a_site(
    cecert: Run, published: dict[str, bytes]
) -> None:
    Path("site/log/checkpoint").unlink()
    Path(".certificates.head").unlink()
    Path("site/log/tile/0/000.p/7").write_bytes(bytes(32 * 7))
    status, _, err = cecert("publish", "site")
    assert status == 2
    assert "log/tile/0/000.p/7 on the site is another than this ledger makes" in err
    Path("site/log/tile/0/000.p/7").write_bytes(published["site/log/tile/0/000.p/7"])
    assert cecert("publish", "site")[0] == 0
    assert files() == published


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"x\n7\nAAAA\n\n"])
def test_what_is_no_checkpoint_of_the_office_is_not_taken_for_one(
    cecert: Run, content: bytes
) -> None:
    Path("kept").write_bytes(content)
    status, _, err = cecert("audit", "--since", "kept")
    assert status == 2
    assert "is no checkpoint of this office's log verify.example.edu/log" in err
    assert cecert("audit", "--since", "missing")[0] == 2
    assert cecert("log", "adopt")[0] == 2
    assert cecert("log", "adopt", "--site", "nowhere")[0] == 2


class Thief:
    """Somebody with a copy of the office and its keys, who issues one certificate more."""

    def __init__(self, cecert: Run) -> None:
        self.folder = Path(shutil.copytree(".", "../stolen"))
        listed = self.folder / "completions.csv"
        rows = listed.read_text("utf-8-sig").splitlines()
        one_more = rows[1].replace("Adeyemi", "Thief").replace("adeyemi", "thief")
        listed.write_text("\n".join([*rows, one_more.replace("0123", "9123")]))
        there = set((self.folder / "certificates").glob("*/*"))
        course = str(self.folder / "course.toml")
        config = ("-c", str(self.folder / "cecert.toml"))
        assert cecert("issue", course, str(listed), *config)[0] == 0
        (self.made,) = set((self.folder / "certificates").glob("*/*")) - there


def verified(cecert: Run, what: Path, *more: str) -> tuple[int, str, set[str]]:
    """Verify with the office's trust file and bundle; return status, outcome and warnings."""
    status, found = result(cecert, what, *more)
    return status, found["outcome"], set(found["warnings"])


def is_logged(cecert: Run, what: Path) -> bool | None:
    answer: bool | None = result(cecert, what)[1]["logged"]
    return answer


def result(cecert: Run, what: Path, *more: str) -> tuple[int, dict[str, Any]]:
    trust = ("--trust", "keys/trust.cose", "--offline", "--status", "site/bundle.zip")
    root = json.loads(cecert("keys", "list", "--json")[1])["root"]
    status, out, _ = cecert("verify", str(what), *trust, "--root", root, "--json", *more)
    (found,) = json.loads(out)["results"]
    return status, found


def test_what_a_thief_signs_is_not_logged_and_what_the_office_issued_is(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = Thief(cecert)
    assert cecert("publish", "site")[0] == 0
    assert verified(cecert, certificate()) == (0, "VALID", set())
    assert verified(cecert, thief.made) == (0, "VALID", {"LOG_PENDING"})
    assert verified(cecert, thief.made, "--log", "required")[0] == 3
    status, out, _ = cecert("verify", str(thief.made), "-c", "cecert.toml")
    assert (status, "NOT_LOGGED" in out) == (5, True), "its own ledger is a log that is current"
    status, out, _ = cecert("verify", str(certificate()), "-c", "cecert.toml")
    assert (status, "LOGGED, the log of what was issued has it" in out) == (0, True)
    assert [is_logged(cecert, each) for each in (certificate(), thief.made)] == [True, None]

    later = datetime.now(UTC) + timedelta(days=1, seconds=5)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    assert cecert("publish", "site")[0] == 0
    assert verified(cecert, certificate()) == (0, "VALID", set())
    assert verified(cecert, thief.made) == (5, "NOT_LOGGED", set())
    assert [is_logged(cecert, each) for each in (certificate(), thief.made)] == [True, False]
    assert verified(cecert, thief.made, "--log", "required")[:2] == (5, "NOT_LOGGED")


def test_a_log_that_cannot_be_read_is_told_and_changes_nothing_unless_it_is_required(
    cecert: Run, published: dict[str, bytes]
) -> None:
    del published
    only = ("--status", "site/status/1.st")
    Path("site/bundle.zip").unlink()
    Path("site/bundle.zip").write_bytes(b"")
    status, outcome, warnings = verified(cecert, certificate(), *only)
    assert (status, outcome) == (0, "VALID")
    assert "LOG_UNKNOWN" in warnings
    assert verified(cecert, certificate(), *only, "--log", "required")[0] == 3


def test_the_log_says_too_what_became_of_a_certificate(
    cecert: Run, published: dict[str, bytes]
) -> None:
    del published
    old = Path("site/status/1.st").read_bytes()
    revoke(cecert)
    assert cecert("publish", "site")[0] == 0
    Path("../list").write_bytes(old)
    shutil.copytree("site/log", "../only/log")
    shutil.make_archive("../log-alone", "zip", "../only")
    trust = ("--trust", "keys/trust.cose", "--offline", "--json")
    given = ("--status", "../list", "--status", "../log-alone.zip")
    for use, outcome in (("warn", "VALID"), ("full", "REVOKED")):
        _, out, _ = cecert("verify", str(certificate()), *trust, *given, "--log", use)
        assert json.loads(out)["results"][0]["outcome"] == outcome


def test_two_requests_of_the_log_tell_a_host_no_more_than_one_of_a_thousand(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path("../another-user").resolve()))
    Path("site").mkdir()
    with web_host(Path("site")) as host:
        toml = Path("cecert.toml").read_text("utf-8")
        Path("cecert.toml").write_text(
            toml.replace("https://verify.example.edu/", f"{host.base}/"), "utf-8"
        )
        assert cecert("keys", "sign")[0] == 0
        assert cecert("publish", "site")[0] == 0
        host.log.clear()
        trust = ("--trust", "keys/trust.cose", "--json")
        _, out, err = cecert("verify", str(certificate()), str(certificate(1)), *trust)
        asked = sorted({line.split()[1] for line in host.log if "/log/" in line})
    for each in json.loads(out)["results"]:
        assert each["outcome"] == "VALID", err
        assert not {name for name in each["warnings"] if name.startswith("LOG")}
    (bucket,) = [each.name for each in Path("site/log/index").iterdir()]
    assert asked == ["/log/head", f"/log/index/{bucket}"]


def test_a_head_older_than_one_that_was_seen_is_not_believed_over_it(
    cecert: Run, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("../before.zip").write_bytes(published["site/bundle.zip"])
    revoke(cecert)
    later = datetime.now(UTC) + timedelta(days=1, seconds=5)
    monkeypatch.setattr(SystemClock, "now", lambda _: later)
    assert cecert("publish", "site")[0] == 0
    assert verified(cecert, certificate(1)) == (0, "VALID", set())
    # The newest head is known, and its bucket is not in the older bundle.
    shutil.copy("../before.zip", "site/bundle.zip")
    assert "LOG_UNKNOWN" in verified(cecert, certificate(1))[2]


def test_a_machine_that_did_not_publish_refuses_an_older_ledger_too(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy("ledger.db", "older.db")
    other = Path(shutil.copytree(".", tmp_path / "other", ignore=shutil.ignore_patterns("*.db")))
    text = (other / "cecert.toml").read_text("utf-8")
    shared = Path("ledger.db").resolve()
    changed = text.replace("sqlite:///ledger.db", f"sqlite:///{shared}")
    (other / "cecert.toml").write_text(changed, "utf-8")
    assert cecert("publish", "site")[0] == 0
    checkpoint = Path("site/log/checkpoint").read_bytes()
    monkeypatch.chdir(other)
    # It knows no site and kept nothing; what was published stands in the ledger.
    assert cecert("issue", *LISTS)[0] == 0
    assert Path(".certificates.checkpoint").read_bytes() == checkpoint
    shutil.copy(shared, shared.with_name("kept.db"))
    with closing(sqlite3.connect(shared)) as shell:
        for (name,) in shell.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            shell.execute(f"DROP TRIGGER {name}")
        shell.execute("DELETE FROM log_leaf WHERE position = 6")
        shell.commit()
    Path(".certificates.checkpoint").unlink()
    status, _, err = cecert("issue", *LISTS)
    assert (status, "the ledger's note of what was published" in err) == (2, True), err
    shutil.copy(shared.with_name("kept.db"), shared)
    assert cecert("issue", *LISTS)[0] == 0
    # A backup has the note of then; what this machine kept is apart from it.
    shutil.copy(shared.with_name("older.db"), shared)
    status, _, err = cecert("issue", *LISTS)
    assert (status, ".certificates.checkpoint" in err) == (2, True), err
