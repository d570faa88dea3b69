"""The command `publish`, from an office to a verification over its site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hosting import web_host

from cecert.adapters.clock import SystemClock
from cecert.cli import main

Told = pytest.CaptureFixture[str]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told) -> Path:
    """Make an office with keys, and stand in it."""
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "a passphrase for tests")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "office"
    assert main(["init", str(place)]) == 0
    monkeypatch.chdir(place)
    assert main(["keys", "init"]) == 0
    capsys.readouterr()
    return place


def test_a_site_is_written_and_then_left_alone(office: Path, capsys: Told) -> None:
    assert main(["publish", "www", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["files"] == first["written"]
    assert "index.html" in first["files"]
    assert (office / "www" / "trust").is_dir()
    assert main(["publish", "www"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    count = len(first["files"])
    assert f"0 of {count} files written; of 0 certificates 0 revoked, 0 replaced" in told.err
    # A checkout has the reader of codes only after `make assets`, and says what is missing.
    assert ("no reader of QR codes" in told.err) is ("reader/zxing_reader.js" not in first["files"])
    assert "_headers" in first["files"]


def test_names_of_written_files_are_the_answer(office: Path, capsys: Told) -> None:
    assert main(["publish", str(office / "www")]) == 0
    assert str(office / "www" / "index.html") in capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("office")
def test_without_the_passphrase_nothing_is_published(
    monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    assert main(["publish", "www"]) == 2
    assert "the status key needs its passphrase" in capsys.readouterr().err
    assert not Path("www").exists()


def test_a_clock_that_is_not_that_of_the_site_publishes_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    with web_host(office) as host:
        host.follows_clock = False
        text = Path("cecert.toml").read_text("utf-8")
        url = "https://verify.example.edu/"
        Path("cecert.toml").write_text(text.replace(url, f"{host.base}/"), "utf-8")
        assert main(["keys", "sign"]) == 0
        real = datetime.now(UTC)
        for seconds, status in ((-400, 2), (400, 2), (200, 0)):
            then = real + timedelta(seconds=seconds)
            monkeypatch.setattr(SystemClock, "now", lambda _, then=then: then)
            capsys.readouterr()
            assert main(["publish", "www"]) == status, capsys.readouterr().err
            assert ("nothing was published" in capsys.readouterr().err) == (status == 2)
            assert Path("www").exists() == (status == 0)


FROM_AFAR = ("--trust", "keys/trust.cose")
"""As somebody verifies who has no ledger."""


def test_a_revoked_certificate_is_known_over_the_site(office: Path, capsys: Told) -> None:
    with web_host(office / "www") as host:
        (office / "www").mkdir()
        file = office / "cecert.toml"
        file.write_text(
            file.read_text("utf-8").replace("https://verify.example.edu/", f"{host.base}/"), "utf-8"
        )
        assert main(["keys", "sign"]) == 0
        assert main(["issue", "course.toml", "completions.csv"]) == 0
        assert main(["publish", "www"]) == 0
        capsys.readouterr()
        pdf = next((office / "certificates").glob("*/*.pdf"))
        assert main(["verify", str(pdf), *FROM_AFAR]) == 0
        assert "VALID, not revoked as of" in capsys.readouterr().out
        identifier = "-".join(pdf.name.split("-")[:4])
        why = ["--reason-class", "issued-in-error", "--reason", "a test"]
        assert main(["revoke", identifier, *why]) == 0
        assert main(["publish", "www"]) == 0
        capsys.readouterr()
        assert main(["verify", str(pdf), *FROM_AFAR]) == 4
        assert "REVOKED" in capsys.readouterr().out


@contextmanager
def clock_ahead(days: int) -> Iterator[None]:
    """Set the clock of this machine ahead, as far as cecert asks it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + timedelta(days=days))
        yield


WHY = ("--reason-class", "issued-in-error", "--reason", "a test")


def test_a_clock_that_was_ahead_hides_no_revocation_and_is_recovered_from(
    office: Path, capsys: Told
) -> None:
    (office / "www").mkdir()
    with web_host(office / "www") as host:
        file = office / "cecert.toml"
        file.write_text(
            file.read_text("utf-8").replace("https://verify.example.edu/", f"{host.base}/"), "utf-8"
        )
        assert main(["keys", "sign"]) == 0
        assert main(["issue", "course.toml", "completions.csv"]) == 0
        with clock_ahead(300):
            assert main(["publish", "www"]) == 0
        pdf = next((office / "certificates").glob("*/*.pdf"))
        capsys.readouterr()
        assert main(["verify", str(pdf), *FROM_AFAR]) == 3
        told = capsys.readouterr()
        assert "VALID_STATUS_UNKNOWN" in told.out
        assert "dated later than this clock" in told.err
        assert main(["revoke", "-".join(pdf.name.split("-")[:4]), *WHY]) == 0
        capsys.readouterr()
        assert main(["publish", "www"]) == 2
        refused = capsys.readouterr().err
        assert "seconds later than this clock: it was issued at" in refused
        assert "cecert publish DIR --clock-was-ahead" in refused
        assert main(["publish", "www", "--clock-was-ahead"]) == 0
        capsys.readouterr()
        assert main(["verify", str(pdf), *FROM_AFAR]) == 4
        assert main(["publish", "www"]) == 0
        capsys.readouterr()
        assert main(["publish", "www", "--clock-was-ahead"]) == 2
        assert "lies ahead of this clock" in capsys.readouterr().err


@pytest.mark.usefixtures("office")
def test_an_office_whose_clock_was_ahead_says_so_at_the_next_command(capsys: Told) -> None:
    with clock_ahead(2):
        assert main(["issue", "course.toml", "completions.csv"]) == 0
        assert "warning: the ledger says" not in capsys.readouterr().err
    for command in (["status"], ["publish", "www"]):
        assert main(command) == 0
        told = capsys.readouterr().err
        assert told.count("cecert: warning: the ledger says") == 1
        assert f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}" in told
        assert "look at this clock" in told


def test_a_trust_file_signed_under_a_clock_ahead_is_refused_and_the_office_goes_on(
    office: Path, capsys: Told
) -> None:
    with clock_ahead(2):
        assert main(["keys", "sign"]) == 0
    capsys.readouterr()
    assert main(["issue", "course.toml", "completions.csv"]) == 0
    assert "warning: the trust file says" in capsys.readouterr().err
    pdf = str(next((office / "certificates").glob("*/*.pdf")))
    assert main(["verify", pdf, "-c", "cecert.toml", "--offline", "--json"]) == 7
    told = capsys.readouterr()
    assert json.loads(told.out)["outcome"] == "KEYSET_INVALID"
    assert f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}" in told.err
    assert f"this clock says {datetime.now(UTC):%Y-%m-%d}" in told.err
    assert main(["publish", "www"]) == 2
    refused = capsys.readouterr().err
    assert "the trust file was signed at" in refused
    assert "nothing was published" in refused
    assert not Path("www").exists()
    assert main(["keys", "sign"]) == 0
    capsys.readouterr()
    assert main(["verify", pdf, "-c", "cecert.toml", "--offline"]) == 0
    assert main(["publish", "www"]) == 0
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize("folder", [".", "..", "keys", "certificates"])
def test_no_site_is_made_around_what_is_the_office_s_own(
    office: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    before = sorted(office.rglob("*"))
    assert main(["publish", folder]) == 2
    assert "which would be on the web with the site" in capsys.readouterr().err
    assert [each for each in sorted(office.rglob("*")) if each not in before] == []
