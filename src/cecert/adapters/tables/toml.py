"""TOML as people write it, and not as somebody makes it to fill the memory.

Python's parser keeps every beginning of a dotted key: one of 20,000 parts takes 1.6 GB.
So the size of a file and the parts of its keys are looked at before it is parsed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cecert.errors import ConfigurationError

__all__ = [
    "MOST_BYTES",
    "MOST_PARTS",
    "TomlError",
    "parse_toml",
    "read_toml",
    "read_toml_text",
    "usable_toml",
]

MOST_BYTES = 1_000_000
"""Bytes of the largest file we read; a real one has a few thousand."""

MOST_PARTS = 8
"""Parts of the longest dotted key; ours have 4 at most."""


class TomlError(ValueError):
    """A file is no TOML that is read; `str()` says why, as the end of a sentence."""


def read_toml(
    path: Path, most: int = MOST_BYTES, parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return what the file at *path* says.

    Args:
        path: The file.
        most: Bytes that are read.
        parse_float: What makes a number of a decimal fraction.

    Raises:
        OSError: If it cannot be read.
        TomlError: If it is too large, no UTF-8, no TOML, or holds what is beyond all use.
    """
    return parse_toml(read_toml_text(path, most), parse_float)


def usable_toml(path: Path) -> dict[str, Any]:
    """Return what a file of settings says.

    Raises:
        ConfigurationError: If it cannot be read, or is no TOML that is read.
    """
    try:
        return read_toml(path)
    except (OSError, TomlError) as error:
        raise ConfigurationError(f"{path} cannot be used: {error}") from error


def read_toml_text(path: Path, most: int = MOST_BYTES) -> str:
    """Return the text of the file at *path*, of *most* bytes.

    Raises:
        OSError: If it cannot be read.
        TomlError: If it is too large, or no UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except ValueError as error:  # of a name with a NUL, or with half a character
        raise TomlError("has a name that no file has") from error
    if len(content) > most:
        raise TomlError(f"has more than {most} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TomlError(f"is not UTF-8 (line {line}); save it as UTF-8") from error


def parse_toml(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return what *text* says; *parse_float* makes a number of a decimal fraction.

    Raises:
        TomlError: If it is no TOML, or holds what is beyond all use.

    >>> parse_toml("a.b = 1")
    {'a': {'b': 1}}
    """
    for line, parts in _keys(text):
        if parts > MOST_PARTS:
            raise TomlError(f"has a key of more than {MOST_PARTS} parts at line {line}")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"is not TOML: {error}") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        # tomllib lets through what Python says of numbers too long and tables too deep.
        raise TomlError(f"holds a number or a nesting beyond all use: {error}") from error


_MARK = re.compile(r"""["'.\n#=,{}\[\]]""")
_QUOTES = ('"""', "'''", '"', "'")


def _keys(text: str) -> Iterator[tuple[int, int]]:
    """Yield the line and the dotted parts of whatever stands outside strings and comments.

    A number has two parts at most, so it does not matter which of them are keys. Each
    character is looked at once.
    """
    at, line, parts = 0, 1, 1
    while found := _MARK.search(text, at):
        mark, at = found[0], found.end()
        if mark == ".":
            parts += 1
        elif mark in "\"'":
            end = _end_of_string(text, found.start())
            line += text.count("\n", at, end)
            at = end
        else:
            yield line, parts
            parts = 1
            if mark == "#":
                at = _or_end(text, text.find("\n", at))
            line += mark == "\n"
    yield line, parts


def _end_of_string(text: str, start: int) -> int:
    """Return where the string that begins at *start* ends; the text's end if it does not."""
    quote = next(each for each in _QUOTES if text.startswith(each, start))
    at = start + len(quote)
    while (end := text.find(quote, at)) >= 0:
        if quote[0] == "'" or not _escaped(text, at, end):
            return end + len(quote)
        at = end + 1
    return len(text)


def _escaped(text: str, start: int, at: int) -> bool:
    """Say whether an odd number of backslashes stands before *at*, no earlier than *start*."""
    before = at
    while before > start and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _or_end(text: str, found: int) -> int:
    return len(text) if found < 0 else found
