"""Styles and layouts: the figures of a layout file, checked once when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from cecert.adapters.render.text.faces import Face, FaceShelf
from cecert.adapters.render.text.shaping import TABULAR, Shaped, shape
from cecert.adapters.tables.toml import read_toml
from cecert.errors import ConfigurationError, Fault

__all__ = ["Layout", "Style", "load_layout"]

SMALL_CAPITALS = ("smcp", "c2sc")


@dataclass(frozen=True)
class Style:
    """How one kind of text is set.

    Attributes:
        chain: Faces in the order they are tried.
        size: Points.
        leading: Points from baseline to baseline.
        tracking: In em.
        colour: `#RRGGBB`.
        features: OpenType features besides the usual.
    """

    chain: tuple[Face, ...]
    size: float
    leading: float
    tracking: float
    colour: str
    features: tuple[str, ...]

    def shaped(self, text: str) -> Shaped:
        """Shape *text* with the faces and features of the style.

        Raises:
            MissingGlyphError: If no face has one of its characters.
        """
        return shape(text, self.chain, self.features, self.tracking)

    def at(self, size: float, leading: float = 0.0) -> Style:
        """Return the same style in another size."""
        if size == self.size and not leading:
            return self
        return replace(self, size=size, leading=leading or self.leading * size / self.size)

    def width(self, text: str) -> float:
        """Return the width of *text* in points; trailing tracking does not count."""
        return (self.shaped(text).width - self.tracking) * self.size if text else 0.0

    def dotted_width(self, parts: Sequence[str]) -> float:
        """Return the width of *parts* in points, with a centred dot between two."""
        return sum(map(self.width, parts)) + (len(parts) - 1) * self.dot_gap

    @cached_property
    def dot_gap(self) -> float:
        """What parts two facts, in points: a centred dot with three spaces on each side."""
        space = self.width("x x") - self.width("xx")
        return self.width("\N{MIDDLE DOT}") + 6 * space

    @cached_property
    def cap(self) -> float:
        """Height of its capitals in points."""
        return self.chain[0].cap_height * self.size

    @cached_property
    def drop(self) -> float:
        """What stands for its descent in points: none for capitals and small capitals."""
        return 0.0 if "c2sc" in self.features or "smcp" in self.features else 0.2 * self.size


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
    """

    name: str
    version: int
    colours: Mapping[str, str]
    styles: Mapping[str, Style]
    figures: Mapping[str, Any]
    words: Mapping[str, str]


def load_layout(path: Path, shelf: FaceShelf, accent: str = "") -> Layout:
    """Read a layout file, with the provider's own *accent* where one is given.

    Args:
        path: The layout file.
        shelf: Faces that its styles name.
        accent: `#RRGGBB`, "" for the layout's own.

    Raises:
        ConfigurationError: If the accent is no colour or too pale to be read.
    """
    data = read_toml(path)
    colours = dict(data.pop("colours"))
    follow = data.pop("follow")
    if accent:
        colours["accent"] = _checked_accent(accent, data["accent_grounds"])
        colours |= {name: _paler(accent, share) for name, share in follow.items()}
    fallbacks, beside = data.pop("fallbacks"), data.pop("beside")
    styles = {
        name: _style(row, shelf, colours, [*_named(beside, row["face"]), *fallbacks])
        for name, row in data.pop("styles").items()
    }
    words = read_toml(path.parents[1] / "certificate" / "en.toml")
    return Layout(data.pop("name"), data.pop("version"), colours, styles, data, words)


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
