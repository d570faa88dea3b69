"""The demonstration does the main job, as a newcomer sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecert.cli import main


def test_the_demo_decides_issues_delivers_and_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo"]) == 0
    shown = capsys.readouterr().out
    for kind in (
        "award", "nbcc credit", "no full attendance", "cameras be on", "course evaluation",
        "signed statement", "CE fee", "still being looked at", "as instructor", "70 per cent",
    ):  # fmt: skip
        assert kind in shown, kind
    assert shown.count("VALID (exit 0)\tVALID (exit 0)") == 8
    assert "tampered.pdf\tSEAL_BROKEN (exit 5)" in shown
    assert len(list(Path("demo-office/certificates").glob("*/*.pdf"))) == 8
    assert len(list(Path("demo-office/mailboxes").glob("*/*.eml"))) == 8
    denied = {"daniel", "camille", "priya", "tomas", "hannah", "joan"}
    mailed = {each.name.partition("@")[0] for each in Path("demo-office/mailboxes").iterdir()}
    assert not denied & mailed


def test_a_second_demo_takes_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("demo-office").mkdir()
    assert main(["demo"]) == 0
    assert "demo-office-2/certificates: " in capsys.readouterr().out


def test_a_folder_with_something_in_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("mine")
    assert main(["demo", str(tmp_path)]) == 2
    assert "is not empty: it holds mine" in capsys.readouterr().err
