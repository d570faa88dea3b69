"""Reading a TOML file that a person edited, whatever editor she has."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from cecert.errors import ConfigurationError, Fault

__all__ = ["read_toml"]

MOST_BYTES = 1_000_000
"""Bytes of the largest file we read; a real one has a few thousand."""


def read_toml(path: Path) -> dict[str, Any]:
    """Return what the file at *path* says; decimal fractions as Decimal.

    Raises:
        ConfigurationError: If it cannot be read, is no UTF-8, or is no TOML.
    """
    try:
        return tomllib.loads(_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _unusable(path, f"is not TOML: {error}") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        # tomllib lets through what Python says of numbers too long and tables too deep.
        raise _unusable(path, f"holds a number or a nesting beyond all use: {error}") from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise _unusable(path, f"has more than {MOST_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unusable(path, f"is not UTF-8 (line {line}); save it as UTF-8") from error


def _unusable(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be used", (Fault(path.name, "", problem),))
