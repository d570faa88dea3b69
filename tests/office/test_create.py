"""Offices whose ledger is elsewhere: `init` makes it there, and nowhere twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecert.cli import main


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a ledger that is still to be made, as the environment names it."""
    url = f"sqlite:///{tmp_path}/shared/ledger.db"
    monkeypatch.setenv("CECERT_LEDGER_URL", url)
    return url


@pytest.mark.usefixtures("elsewhere")
def test_init_makes_the_ledger_where_the_environment_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "office")]) == 0
    assert not (tmp_path / "office" / "ledger.db").exists()
    config = str(tmp_path / "office" / "cecert.toml")
    assert main(["status", "--config", config]) == 0
    capsys.readouterr()
    assert main(["init", str(tmp_path / "another")]) != 0
    said = capsys.readouterr().err
    assert "already" in said
    assert "nothing was changed" in said
    assert list((tmp_path / "another").iterdir()) == []


def test_init_says_that_a_ledger_elsewhere_cannot_be_made_and_may_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = "postgresql+psycopg://ce:secret@127.0.0.1:9/cecert"
    monkeypatch.setenv("CECERT_LEDGER_URL", nobody)
    assert main(["init", str(tmp_path / "office")]) != 0
    said = capsys.readouterr().err
    assert "secret" not in said
    monkeypatch.delenv("CECERT_LEDGER_URL")
    assert main(["init", str(tmp_path / "office")]) == 0
    assert (tmp_path / "office" / "ledger.db").exists()
