"""Where a user's own things lie; never where somebody else may have put some."""

from __future__ import annotations

from pathlib import Path

import pytest

from cecert.office.verify.user_folders import cache_folder, config_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path / "home"


def test_variables_say_where_and_else_the_home(home: Path) -> None:
    assert config_folder({}) == home / ".config" / "cecert"
    assert cache_folder({}) == home / ".cache" / "cecert"
    assert config_folder({"XDG_CONFIG_HOME": "/mine"}) == Path("/mine/cecert")
    assert cache_folder({"XDG_CACHE_HOME": "/mine"}) == Path("/mine/cecert")
    assert config_folder({"XDG_CONFIG_HOME": "", "APPDATA": "/roaming"}) == Path("/roaming/cecert")
    assert cache_folder({"LOCALAPPDATA": "/local"}) == Path("/local/cecert")


def test_on_macos_decisions_lie_in_the_library(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert config_folder({}) == home / "Library" / "Application Support" / "cecert"


def test_a_relative_folder_is_passed_over(home: Path) -> None:
    # It would lie in the working folder, which is whoever's.
    assert config_folder({"XDG_CONFIG_HOME": ".config"}) == home / ".config" / "cecert"
    assert cache_folder({"XDG_CACHE_HOME": "."}) == home / ".cache" / "cecert"


def test_without_a_home_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", ".")
    assert config_folder({}) is None

    def nobody() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", nobody)
    assert config_folder({}) is None
    assert cache_folder({}) is None
    assert cache_folder({"XDG_CACHE_HOME": "/mine"}) == Path("/mine/cecert")
