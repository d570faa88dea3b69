"""Where a user's own things lie: what can be fetched again, and what was decided."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["cache_folder", "config_folder"]


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where what was fetched is kept for this user; None if there is no place."""
    return _folder(environ, ("XDG_CACHE_HOME", "LOCALAPPDATA"), ".cache")


def config_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where this user's decisions are kept; None if there is no place."""
    usual = "Library/Application Support" if sys.platform == "darwin" else ".config"
    return _folder(environ, ("XDG_CONFIG_HOME", "APPDATA"), usual)


def _folder(environ: Mapping[str, str], names: tuple[str, ...], usual: str) -> Path | None:
    """Return cecert's folder in the first absolute one of those that variables name.

    A relative one is passed over, as the XDG Base Directory Specification says: it would
    be a folder of whoever made the working folder.
    """
    named = [Path(environ[each]) for each in names if environ.get(each)]
    found = [each for each in (*named, *_home(usual)) if each.is_absolute()]
    return found[0] / "cecert" if found else None


def _home(usual: str) -> tuple[Path, ...]:
    try:
        return (Path.home() / usual,)
    except RuntimeError:  # a container's user need not have one
        return ()
