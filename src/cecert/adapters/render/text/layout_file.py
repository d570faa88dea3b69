"""Layout files: colours, styles and figures, checked once when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cecert.adapters.render.text.faces import Face, FaceShelf
from cecert.adapters.render.text.shaping import TABULAR, Style
from cecert.adapters.tables.toml import read_toml
from cecert.errors import ConfigurationError, Fault

__all__ = ["Layout", "layout_document", "load_layout", "made_layout"]

SMALL_CAPITALS = ("smcp", "c2sc")


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout file: its colours, styles and figures.

    Attributes:
        name: `classic`.
        version: What `Certificate.layout` names after the slash.
        colours: `#RRGGBB` by name; the accent may be the provider's.
        styles: By name.
        figures: Everything else of the file, by table.
        words: What certificates say, by key; the same for every layout.
        like: The shipped layout whose code it is drawn by, "" for code of its own.
    """

    name: str
    version: int
    colours: Mapping[str, str]
    styles: Mapping[str, Style]
    figures: Mapping[str, Any]
    words: Mapping[str, str]
    like: str = ""

    @property
    def code(self) -> str:
        """The name of the code that places what it says: its own, or that of a shipped one."""
        return self.like or self.name


def load_layout(path: Path, shelf: FaceShelf, accent: str = "") -> Layout:
    """Read a layout file, with the provider's own *accent* where one is given.

    Args:
        path: The layout file.
        shelf: Faces that its styles name.
        accent: `#RRGGBB`, "" for the layout's own.

    Raises:
        ConfigurationError: If the accent is no colour or too pale to be read.
    """
    words = _document(path.parents[1] / "certificate" / "en.toml")
    return made_layout(_document(path), words, shelf, accent)


def layout_document(path: Path) -> dict[str, Any]:
    """Return what a layout file says, as tables."""
    return _document(path)


def made_layout(
    data: dict[str, Any], words: Mapping[str, str], shelf: FaceShelf, accent: str = ""
) -> Layout:
    """Return the layout that a file's tables say.

    Args:
        data: The tables; they are taken apart.
        words: What certificates say.
        shelf: Faces that its styles name.
        accent: `#RRGGBB`, "" for the layout's own.

    Raises:
        ConfigurationError: If the accent is no colour or too pale to be read.
    """
    colours = dict(data.pop("colours"))
    follow = data.pop("follow")
    if accent:
        colours["accent"] = _checked_accent(accent, data["accent_grounds"])
        colours |= {name: _paler(accent, share) for name, share in follow.items()}
    fallbacks, beside = data.pop("fallbacks"), data.pop("beside")
    italics = {name: shelf.scaled(*row.values()) for name, row in data.pop("italics").items()}
    styles = {
        name: _style(row, shelf, colours, [*_named(beside, row["face"]), *fallbacks])
        for name, row in data.pop("styles").items()
    }
    styles = {name: _with_italics(style, italics) for name, style in styles.items()}
    return Layout(data.pop("name"), data.pop("version"), colours, styles, data, words)


def _document(path: Path) -> dict[str, Any]:
    # A process of many offices draws with the same files: reading them took half of a desk.
    return deepcopy(_read(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> dict[str, Any]:
    del changed  # a file that was changed is another
    return read_toml(path)


def _with_italics(style: Style, italics: Mapping[str, Face]) -> Style:
    """Return a style that tries the italics of its face first for words in italics."""
    own = italics.get(style.chain[0].name)
    return replace(style, italic=(own, *style.chain)) if own else style


def _named(beside: Mapping[str, str], face: str) -> list[str]:
    return [beside[face]] if face in beside else []


def _style(
    row: Mapping[str, Any], shelf: FaceShelf, colours: Mapping[str, str], fallbacks: list[str]
) -> Style:
    features = SMALL_CAPITALS if row.get("small_capitals") else tuple(row.get("features", ()))
    if row.get("tabular"):
        features = (*features, TABULAR)
    return Style(
        chain=shelf.chain(row["face"], fallbacks),
        size=float(row["size"]),
        leading=float(row.get("leading", row["size"])),
        tracking=float(row.get("tracking", 0)),
        colour=colours[row["colour"]],
        features=features,
    )


def _paler(colour: str, share: float) -> str:
    """Return a colour of which *share* is left, the rest being white."""
    mixed = (round(255 * (1 - share * (1 - each))) for each in channels(colour))
    return "#{:02X}{:02X}{:02X}".format(*mixed)


LEAST_CONTRAST = 4.5
"""Contrast of text with its ground (WCAG 2.2, 1.4.3)."""


def _checked_accent(accent: str, grounds: list[str]) -> str:
    try:
        worst = min(contrast(accent, ground) for ground in grounds)
    except ValueError:
        fault = Fault("accent", accent, "is no colour", "#1D3557 is one")
        raise ConfigurationError("the accent cannot be used", (fault,)) from None
    if worst < LEAST_CONTRAST:
        problem = f"has a contrast of {worst:.2f}:1, text needs {LEAST_CONTRAST}:1"
        fault = Fault("accent", accent, problem, "a darker colour")
        raise ConfigurationError("the accent cannot be used", (fault,))
    return accent


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2).

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    pale, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (pale + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of `#RRGGBB`, each from 0 to 1.

    Raises:
        ValueError: If it is no such colour.
    """
    if len(colour) != len("#RRGGBB") or colour[0] != "#":
        raise ValueError(colour)
    value = int(colour[1:], 16)
    return (value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255
