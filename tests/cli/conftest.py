"""An office that has issued the seminar's certificates, made once and copied for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from one_reader import one_reader, reading_process

from cecert.cli import main

__all__ = ["one_reader", "reading_process"]

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="session")
def _issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("issued") / "office"
    with pytest.MonkeyPatch.context() as patched:
        for name in [each for each in os.environ if each.startswith("CECERT_")]:
            patched.delenv(name)
        patched.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
        config = ["--config", str(folder / "cecert.toml")]
        assert main(["init", str(folder)]) == 0
        assert main(["keys", "init", *config]) == 0
        lists = [str(folder / "course.toml"), str(folder / "completions.csv")]
        assert main(["issue", *lists, *config]) == 0
        yield folder


@pytest.fixture
def issued_office(_issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an office of five certificates; its passphrase is in the environment."""
    folder = Path(shutil.copytree(_issued, tmp_path / "office"))
    monkeypatch.chdir(folder)
    for name in [each for each in os.environ if each.startswith("CECERT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CECERT_ACTOR", "Mary")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def cecert(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; its exit status, its stdout, its stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(arguments))
        told = capsys.readouterr()
        return status, told.out, told.err

    return run
