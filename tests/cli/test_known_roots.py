"""Whose trust file is believed: one that was only found exits 0 for its own user alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cecert.cli import main
from cecert.domain.values.wording import day_phrase
from cecert.office import Office, open_verifier

Run = Callable[..., tuple[int, str, str]]
LISTS = ("--offline", "--status", "site/bundle.zip")


@pytest.fixture(scope="module")
def _published(_issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(_issued, tmp_path_factory.mktemp("published") / "office"))
    config = str(folder / "cecert.toml")
    assert main(["publish", str(folder / "site"), "--config", config]) == 0
    return folder


@pytest.fixture
def found_office(
    _published: Path, issued_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Stand, as somebody else, in an office that lies in a folder somebody sent."""
    shutil.rmtree(issued_office)
    shutil.copytree(_published, issued_office)
    monkeypatch.chdir(issued_office)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody"))
    return issued_office


def certificate() -> str:
    return str(min(Path("certificates").glob("*/*.pdf")))


def thumbprint() -> str:
    return open_verifier(Path("keys/trust.cose")).trust.root.thumbprint.hex()


def notes(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "somebody" / "cecert" / "roots").glob("*"))


def answered(cecert: Run, *options: str) -> tuple[int, dict[str, Any], str]:
    status, out, err = cecert("verify", certificate(), *LISTS, "--json", *options)
    document: dict[str, Any] = json.loads(out)
    assert status == document["exit_status"]
    return status, document, err


def pinned(cecert: Run, *options: str) -> bool:
    status, document, _ = answered(cecert, *options)
    assert document["outcome"] == "VALID"
    assert status == (0 if document["trust"]["root_pinned"] else 3)
    return bool(document["trust"]["root_pinned"])


def test_a_found_office_of_an_unknown_root_never_exits_0(
    found_office: Path, cecert: Run, tmp_path: Path
) -> None:
    status, out, err = cecert("verify", certificate(), *LISTS)
    assert status == 3
    first, second, *rest = out.splitlines()
    assert first == f"trust file: {found_office / 'keys' / 'trust.cose'}"
    assert second == f"root thumbprint: {thumbprint()}"
    assert "result: VALID (exit status 3)" in "\n".join(rest)
    warning, *hints = err.splitlines()
    assert warning.startswith(f"cecert: warning: root not pinned: {thumbprint()} of {found_office}")
    assert "--remember-root" in hints[0]
    assert not notes(tmp_path)


def test_in_json_the_path_and_the_thumbprint_are_talk(found_office: Path, cecert: Run) -> None:
    status, document, err = answered(cecert)
    assert status == 3
    assert document["trust"]["root_pinned"] is False
    (result,) = document["results"]
    assert (result["outcome"], result["exit_status"]) == ("VALID", 3)
    assert "ROOT_NOT_PINNED" in result["warnings"]
    assert err.splitlines()[:2] == [
        f"cecert: trust file: {found_office / 'keys' / 'trust.cose'}",
        f"cecert: root thumbprint: {thumbprint()}",
    ]


def test_below_the_office_s_folder_it_is_found_and_not_believed(
    found_office: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(found_office / "certificates")
    name = str(min(Path.cwd().glob("*/*.pdf")))
    bundle = str(found_office / "site" / "bundle.zip")
    status, out, _ = cecert("verify", name, "--offline", "--status", bundle)
    assert (status, out.startswith("trust file: ")) == (3, True)


@pytest.mark.usefixtures("found_office")
def test_worse_answers_keep_their_status(cecert: Run) -> None:
    changed = bytearray(Path(certificate()).read_bytes())
    changed[len(changed) // 2] ^= 1
    Path("changed.pdf").write_bytes(changed)
    Path("junk.pdf").write_bytes(b"junk")
    for names, outcome, expected in (
        (["changed.pdf"], "SEAL_BROKEN", 5),
        (["junk.pdf"], "NOT_READABLE", 6),
        ([certificate(), "junk.pdf"], "NOT_READABLE", 6),
    ):
        status, out, _ = cecert("verify", *names, *LISTS, "--json")
        document = json.loads(out)
        assert (status, document["exit_status"], document["outcome"]) == (
            expected, expected, outcome,
        )  # fmt: skip
    # Of two that exit 3, the one that would exit 3 under any root is the worse.
    status, out, _ = cecert("verify", certificate(), certificate(), "--offline", "--json")
    assert (status, json.loads(out)["outcome"]) == (3, "VALID_STATUS_UNKNOWN")


@pytest.mark.usefixtures("found_office")
def test_who_names_the_office_or_the_root_vouches_for_it(cecert: Run, tmp_path: Path) -> None:
    assert not pinned(cecert)
    assert pinned(cecert, "--config", "cecert.toml")
    assert pinned(cecert, "--root", thumbprint())
    assert pinned(cecert, "--trust", "keys/trust.cose", "--root", thumbprint())
    assert not pinned(cecert)
    assert not notes(tmp_path)


@pytest.mark.usefixtures("found_office")
def test_a_trust_file_that_is_named_alone_is_warned_of_as_before(cecert: Run) -> None:
    status, document, err = answered(cecert, "--trust", "keys/trust.cose")
    assert (status, document["trust"]["root_pinned"]) == (0, False)
    assert err.startswith(f"cecert: warning: root not pinned: {thumbprint()}\n")


@pytest.mark.usefixtures("found_office")
def test_a_root_that_is_remembered_is_believed_from_then_on(cecert: Run, tmp_path: Path) -> None:
    status, document, err = answered(cecert, "--remember-root")
    assert (status, document["trust"]["root_pinned"]) == (0, True)
    assert err.splitlines()[:2] == [
        "cecert: remembered: the root of Smith College School for Social Work (smith-ssw)",
        f"cecert: root thumbprint: {thumbprint()}",
    ]
    (note,) = notes(tmp_path)
    facts = json.loads(note.read_text("utf-8"))
    assert (facts["thumbprint"], facts["provider"]) == (thumbprint(), "smith-ssw")
    assert facts["name"] == "Smith College School for Social Work"
    assert facts["made"] is False
    assert pinned(cecert)
    assert pinned(cecert, "--trust", "keys/trust.cose")
    status, out, err = cecert("verify", certificate(), *LISTS)
    assert status == 0
    assert "trust file: " not in out
    assert "root" not in err
    note.unlink()
    assert not pinned(cecert)


@pytest.mark.usefixtures("found_office")
def test_only_the_root_that_was_remembered_is_believed(cecert: Run, tmp_path: Path) -> None:
    assert pinned(cecert, "--remember-root")
    # Anybody can make an office of that name.
    planted = tmp_path / "planted"
    assert main(["init", str(planted)]) == 0
    with Office.open(planted / "cecert.toml") as office:
        office.make_keys("the planter's own")
    shutil.copy(planted / "keys" / "trust.cose", "keys/trust.cose")
    status, out, _ = cecert("verify", certificate(), *LISTS, "--json")
    document = json.loads(out)
    assert document["trust"]["name"] == "Smith College School for Social Work"
    assert document["trust"]["root_pinned"] is False
    assert status == 5


@pytest.mark.usefixtures("found_office")
def test_of_another_root_than_the_one_given_nothing_is_remembered(
    cecert: Run, tmp_path: Path
) -> None:
    assert cecert("verify", certificate(), "--root", "0" * 64, "--remember-root")[0] == 7
    assert cecert("verify", "missing.pdf", "--remember-root")[0] == 2
    assert not notes(tmp_path)


@pytest.mark.usefixtures("found_office")
def test_a_damaged_note_is_said_and_vouches_for_nothing(cecert: Run, tmp_path: Path) -> None:
    assert pinned(cecert, "--remember-root")
    (note,) = notes(tmp_path)
    note.write_text("{")
    status, _, err = answered(cecert)
    assert status == 3
    assert f"cecert: warning: {note} is damaged, so its root counts as unknown" in err
    assert pinned(cecert, "--remember-root")
    assert pinned(cecert)


@pytest.mark.usefixtures("found_office")
def test_a_root_that_cannot_be_remembered_is_a_wrong_question(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    status, out, err = cecert("verify", certificate(), *LISTS, "--remember-root")
    assert (status, out) == (2, "")
    assert err.startswith("cecert: error: the root cannot be remembered: Not a directory\n")
    assert "cecert: hint: " in err
    assert not pinned(cecert)


@pytest.mark.usefixtures("found_office")
def test_notes_in_the_working_folder_are_not_the_user_s(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pinned(cecert, "--remember-root")
    shutil.copytree(tmp_path / "somebody", ".config")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", ".config")
    assert not pinned(cecert)


# Who made a root


def test_the_maker_of_an_office_goes_on_without_a_word(
    found_office: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for each in sorted((found_office / "keys").iterdir()):
        each.unlink()
    assert cecert("keys", "init")[0] == 0
    assert cecert("publish", "site-2")[0] == 0
    (note,) = notes(tmp_path)
    facts = json.loads(note.read_text("utf-8"))
    assert (facts["made"], facts["thumbprint"]) == (True, thumbprint())
    status, document, err = answered(cecert)
    assert document["trust"]["root_pinned"] is True
    assert (status, err) == (5, "")  # of other keys
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another user"))
    assert answered(cecert)[1]["trust"]["root_pinned"] is False


@pytest.mark.usefixtures("found_office")
def test_keys_that_succeed_others_have_a_root_that_is_noted(cecert: Run) -> None:
    Path("keys").rename("keys-old")
    assert cecert("keys", "init", "--after", "keys-old")[0] == 0
    assert thumbprint() != open_verifier(Path("keys-old/trust.cose")).trust.root.thumbprint.hex()
    assert answered(cecert)[1]["trust"]["root_pinned"] is True


@pytest.mark.usefixtures("found_office")
@pytest.mark.parametrize(
    "act", [["sign"], ["rotate"], ["retire", "seal-1"], ["compromise", "seal-1"]]
)
def test_an_office_of_before_is_noted_when_its_root_is_opened(cecert: Run, act: list[str]) -> None:
    for harmless in (["keys", "list"], ["status"], ["audit"]):
        assert cecert(*harmless)[0] == 0
        assert not pinned(cecert)
    assert cecert("keys", *act)[0] == 0
    assert answered(cecert)[1]["trust"]["root_pinned"] is True


@pytest.mark.usefixtures("found_office")
def test_a_passphrase_that_lies_in_the_office_proves_nothing(
    cecert: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path("passphrase").write_text(os.environ["CECERT_KEY_PASSPHRASE"])
    Path("passphrase").chmod(0o600)
    text = Path("cecert.toml").read_text("utf-8")
    Path("cecert.toml").write_text(
        text.replace("[keys]", '[keys]\npassphrase_file = "passphrase"', 1), "utf-8"
    )
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    assert cecert("keys", "sign")[0] == 0
    assert not notes(tmp_path)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", Path("passphrase").read_text())
    assert cecert("keys", "sign")[0] == 0
    assert len(notes(tmp_path)) == 1


def test_keys_are_made_though_it_cannot_be_noted_whose_they_are(
    found_office: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for each in sorted((found_office / "keys").iterdir()):
        each.unlink()
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    status, out, err = cecert("keys", "init", "--json")
    assert (status, json.loads(out)["root"]) == (0, thumbprint())
    assert "cecert: warning: that this root is yours cannot be noted: Not a directory" in err
    assert "cecert: hint: name the office's file when you verify" in err


def test_who_ran_the_demo_made_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody"))
    assert main(["demo", str(tmp_path / "demo")]) == 0
    assert "VALID (exit 0)" in capsys.readouterr().out
    assert len(notes(tmp_path)) == 1
    monkeypatch.chdir(tmp_path / "demo")
    assert main(["verify", certificate(), *LISTS]) == 0


def test_a_name_of_a_folder_cannot_move_the_cursor(
    found_office: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = found_office.rename(found_office.with_name("off\x1b[2Jice"))
    monkeypatch.chdir(here)
    _, out, err = cecert("verify", certificate(), *LISTS)
    assert "\x1b" not in out + err
    assert "keys/trust.cose" in out.splitlines()[0]


@pytest.mark.usefixtures("found_office")
def test_a_ledger_that_was_only_found_is_not_asked_even_if_the_root_was_accepted(
    cecert: Run,
) -> None:
    # Anybody can put a ledger of their own beside a school's trust file.
    words = ("verify", certificate(), "--offline", "--remember-root")
    status, out, _ = cecert(*words)
    assert (status, "STATUS UNKNOWN" in out, "ledger" in out) == (3, True, False)


@pytest.mark.usefixtures("issued_office")
def test_the_ledger_of_an_office_that_is_named_is_asked(cecert: Run) -> None:
    status, out, _ = cecert("verify", certificate(), "--offline", "--config", "cecert.toml")
    assert (status, "by the ledger of this office" in out) == (0, True)
    with Office.open("cecert.toml", environ={}) as office:
        at = min(each.certificate.issued_at for each in office.ledger.entries())
    assert f"Issued:       {day_phrase(at.astimezone(ZoneInfo('America/New_York')).date())}" in out
    Path("ledger.db").rename("elsewhere.db")
    status, out, err = cecert("verify", certificate(), "--offline", "--config", "cecert.toml")
    assert (status, "STATUS UNKNOWN" in out) == (3, True)
    assert "warning: the ledger was not asked, only what was published" in err
