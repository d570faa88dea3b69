"""An older copy of the keys is put back, or another office's: neither signs or publishes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cecert.adapters.clock import SystemClock

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")

LISTS = ("course.toml", "completions.csv")


def put_back(kept: Path, *only: str) -> None:
    for name in only or [each.name for each in kept.iterdir()]:
        shutil.copy2(kept / name, Path("keys") / name)
    if not only:
        for each in Path("keys").iterdir():
            if not (kept / each.name).exists():
                each.unlink()


@pytest.fixture
def older(cecert: Run) -> Path:
    """Return a copy of the keys from before `token-1` was withdrawn and the site published."""
    kept = Path(shutil.copytree("keys", "../keys-of-before"))
    assert cecert("keys", "compromise", "token-1", "--reason", "stolen")[0] == 0
    assert cecert("publish", "site")[0] == 0
    return kept


@pytest.mark.parametrize(
    "words",
    [("issue", *LISTS), ("publish", "site"), ("publish", "elsewhere"), ("keys", "sign"),
     ("keys", "rotate"), ("keys", "retire", "seal-1")],
    ids=" ".join,
)  # fmt: skip
def test_a_withdrawn_key_that_came_back_stops_what_would_sign(
    cecert: Run, older: Path, words: tuple[str, ...]
) -> None:
    put_back(older)
    site = {each: each.read_bytes() for each in Path("site").rglob("*") if each.is_file()}
    status, _, err = cecert(*words)
    assert status == 2
    assert "the keys folder is older than the ledger: token-1 is in use, and the ledger says" in err
    assert "was withdrawn at" in err
    assert "cecert keys compromise" in err
    assert {each: each.read_bytes() for each in site} == site
    assert not Path("elsewhere").exists()


def test_audit_says_so_and_what_the_site_knows_better(cecert: Run, older: Path) -> None:
    assert cecert("audit")[:1] == (0,)
    put_back(older)
    status, out, err = cecert("audit", "--json")
    found = json.loads(out)["findings"]
    assert status == 1
    told = [each["message"] for each in found if each["kind"] == "keys"]
    assert any(each.startswith("token-1 is in use, and the ledger says") for each in told)
    assert any(each.startswith("the trust file is that of sequence") for each in told)
    site = [each["message"] for each in found if each["place"].startswith("trust/")]
    assert any("was withdrawn, and is in use here" in each for each in site)
    assert "put the newest copy of the keys folder back" in err


def test_withdrawing_it_again_is_the_way_back(cecert: Run, older: Path) -> None:
    put_back(older)
    status, _, err = cecert("keys", "compromise", "token-1")
    assert status == 0, err
    assert cecert("publish", "site")[0] == 0
    assert cecert("issue", *LISTS)[0] == 0
    assert cecert("audit")[0] == 0


def test_an_older_trust_file_alone_is_signed_anew(cecert: Run, older: Path) -> None:
    put_back(older, "trust.cose")
    for words in (("issue", *LISTS), ("publish", "site")):
        status, _, err = cecert(*words)
        assert status == 2, words
        assert "the trust file is that of sequence" in err or "does not list" in err
        assert "cecert keys sign" in err
    assert cecert("keys", "sign")[0] == 0
    assert cecert("publish", "site")[0] == 0


def test_where_the_ledger_is_as_old_as_the_keys_the_site_knows_better(cecert: Run) -> None:
    before = Path(shutil.copytree(".", "../office-of-before"))
    assert cecert("keys", "compromise", "token-1")[0] == 0
    assert cecert("publish", "site")[0] == 0
    shutil.copytree("site", before / "site")
    config = str(before / "cecert.toml")
    for words in (("keys", "sign"), ("publish", str(before / "site"))):
        status, _, err = cecert(*words, "-c", config)
    assert status == 2
    assert "the trust file on the site is newer than the office's" in err
    assert "was withdrawn, and is in use here" in err
    assert cecert("keys", "compromise", "token-1", "-c", config)[0] == 0
    status, _, err = cecert("publish", str(before / "site"), "-c", config)
    assert (status, "cecert log adopt" in err) == (2, True), err
    assert cecert("log", "adopt", "--site", str(before / "site"), "-c", config)[0] == 0
    # Its successor of that time is nobody's any more, and no certificate rests on it.
    assert cecert("publish", str(before / "site"), "-c", config)[0] == 0


def test_a_key_on_which_certificates_rest_does_not_go_missing(cecert: Run) -> None:
    kept = Path(shutil.copytree("keys", "../keys-of-before"))
    assert cecert("keys", "compromise", "token-1")[0] == 0
    rows = Path("completions.csv").read_text("utf-8-sig").splitlines()
    one_more = rows[1].replace("Adeyemi", "Bowen").replace("adeyemi", "bowen")
    Path("completions.csv").write_text("\n".join([*rows, one_more.replace("0123", "9123")]))
    status, _, err = cecert("issue", *LISTS)
    assert (status, "1 issued" in err) == (0, True), err
    assert cecert("publish", "site")[0] == 0
    put_back(kept)
    assert cecert("keys", "compromise", "token-1")[0] == 0
    status, _, err = cecert("publish", "site")
    assert status == 2
    assert "is missing here, and certificates rest on it" in err


def test_keys_that_were_made_after_all_were_lost_are_others_of_the_same_name(cecert: Run) -> None:
    assert cecert("keys", "retire", "token-1")[0] == 0
    shutil.rmtree("keys")
    assert cecert("keys", "init")[0] == 0
    status, _, err = cecert("publish", "elsewhere")
    assert status == 0, err


def test_a_status_key_outside_its_window_publishes_nothing(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    for days in (450, -3):
        with monkeypatch.context() as patched:
            patched.setattr(SystemClock, "now", lambda _, days=days: now + timedelta(days=days))
            status, _, err = cecert("publish", "site")
        assert status == 2
        assert "nothing was published" in err
        assert not Path("site").exists()
    assert cecert("publish", "site")[0] == 0


@pytest.mark.parametrize(
    "words", [("lint", "course.toml"), ("find", "Ana"), ("keys", "list"), ("status",)], ids=" ".join
)
def test_a_site_of_a_time_to_come_is_told_by_the_next_command(
    cecert: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=30)
    with monkeypatch.context() as patched:
        patched.setattr(SystemClock, "now", lambda _: ahead)
        assert cecert("publish", "site")[0] == 0
    assert "the site says" in cecert(*words)[2]
    assert cecert("publish", "site", "--clock-was-ahead")[0] == 0
    assert "the site says" not in cecert(*words)[2]


def test_the_keys_of_another_office_sign_and_publish_nothing(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    site = {each: each.read_bytes() for each in Path("site").rglob("*") if each.is_file()}
    kept = Path("keys").rename("../own-keys")
    assert cecert("init", "../other")[0] == 0
    assert cecert("keys", "init", "-c", "../other/cecert.toml")[0] == 0
    others = Path("../other/keys").rename("keys")
    told = cecert("keys", "events")[1]
    # Twice: the first must not note the other trust file as one that was signed and not told.
    for words in (("issue", *LISTS), ("keys", "sign"), ("keys", "sign"), ("publish", "site")):
        status, _, err = cecert(*words)
        assert status == 2, words
        assert "the keys folder is another office's: no certificate of the ledger rests on" in err
    assert "\nkeys: keys: no certificate of the ledger rests on" in cecert("audit")[1]
    assert {each: each.read_bytes() for each in site} == site
    assert cecert("keys", "events")[1] == told
    shutil.rmtree(others)
    kept.rename("keys")
    assert cecert("publish", "site")[0] == 0


def test_the_site_of_another_office_is_not_published_over(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    site = {each: each.read_bytes() for each in Path("site").rglob("*") if each.is_file()}
    assert cecert("init", "../other")[0] == 0
    config = Path("../other/cecert.toml")
    assert cecert("keys", "init", "-c", str(config))[0] == 0
    for provider in ("smith-ssw", "other-ssw"):
        config.write_text(config.read_text("utf-8").replace("smith-ssw", provider), "utf-8")
        status, _, err = cecert("publish", "site", "-c", str(config))
        assert (status, "the site is another office's" in err) == (2, True), err
    assert {each: each.read_bytes() for each in site} == site
    # Put there by hand it is told; and so is a site that is gone.
    shutil.copy("../other/keys/trust.cose", "site/trust/smith-ssw.cose")
    assert "trust/smith-ssw.cose: it is another office's" in cecert("audit")[1]
    Path("site").rename("gone")
    status, _, err = cecert("audit")
    assert (status, "where the site was published last, is not there" in err) == (0, True), err
