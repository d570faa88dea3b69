"""The words below signatures: who signs, their title, and for whom, where it is another.

Who signs for another organisation says its name and where it answers. What that takes in
lines lifts the rules of all signatures, so that they stand side by side at one height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cecert.adapters.render.layout.setting import LayoutContext, UndrawableError
from cecert.adapters.render.text.breaking import DoesNotFitError
from cecert.adapters.render.text.fitting import Figures, fitted, one_line
from cecert.adapters.render.text.shaping import Style
from cecert.domain.course.provider import Signatory
from cecert.errors import Fault

__all__ = ["SignatureLine", "SignatureWords", "signature_words"]


class SignatureLine(NamedTuple):
    """A line below the rule of a signature.

    Attributes:
        what: `signatory` or `signatory_title`.
        style: How it is set.
        text: Its words.
        below: Its baseline below the rule, in points.
    """

    what: str
    style: Style
    text: str
    below: float


@dataclass(frozen=True, slots=True)
class SignatureWords:
    """The words below all signatures of a certificate.

    Attributes:
        lines: Of each signatory, in their order.
        lifted: Points by which the rules stand higher than where two or three lines do.
    """

    lines: tuple[tuple[SignatureLine, ...], ...]
    lifted: float = 0.0


def signature_words(
    setting: LayoutContext, signatories: Sequence[Signatory], room: float
) -> SignatureWords:
    """Set name and title of each signatory, and for whom they sign where it is another.

    An organisation follows the title on its line. Where both are too long for it, or one has
    a contact, all are set smaller, and title, organisation and contact have lines of their own.

    Args:
        setting: The certificate and its styles.
        signatories: Who signs.
        room: Width of each in points.

    Raises:
        UndrawableError: If one is too wide in the least type, or all of it takes too many lines.
    """
    grid = setting.layout.figures["grid"]
    if all(_is_short(each, setting, room, grid) for each in signatories):
        return SignatureWords(tuple(tuple(_short(e, setting, room, grid)) for e in signatories))
    lines = tuple(tuple(_long(each, setting, room, grid)) for each in signatories)
    most = max(map(len, lines))
    if most > grid["signature_lines"]:
        longest = next(e for e, set_ in zip(signatories, lines, strict=True) if len(set_) == most)
        place = f"{setting.certificate.recipient.name}: signatory title"
        value = ", ".join(each for each in (longest.title, longest.whom) if each)
        problem = f"takes {most - 1} lines below the name, {grid['signature_lines'] - 1} have room"
        raise UndrawableError(Fault(place, value, problem))
    beyond = max(0, most - len(grid["three_below"]))
    return SignatureWords(lines, grid["three_lift"] + beyond * _step(grid))


def _step(grid: Figures) -> float:
    """Return the leading of the lines below the third."""
    *_, before, last = grid["three_below"]
    return float(last - before)


def _position(signatory: Signatory) -> str:
    return ", ".join(each for each in (signatory.title, signatory.organisation) if each)


def _is_short(signatory: Signatory, setting: LayoutContext, room: float, grid: Figures) -> bool:
    """Say whether name and position take a line each."""
    if signatory.contact:
        return False
    try:
        one_line(
            _position(signatory),
            setting.layout.styles["signatory_title"],
            room,
            grid["signature_floor"],
        )
    except DoesNotFitError:
        return False
    return True


def _whom(signatory: Signatory, setting: LayoutContext, room: float) -> tuple[str, ...]:
    """Return organisation and contact, on one line where that holds both."""
    grid = setting.layout.figures["grid"]
    style = setting.layout.styles["signatory_title"].at(grid["three_sizes"]["signatory_title"])
    try:
        one_line(signatory.whom, style, room, grid["signature_floor"])
    except DoesNotFitError:
        return signatory.organisation, signatory.contact
    return (signatory.whom,)


def _short(
    signatory: Signatory, setting: LayoutContext, room: float, grid: Figures
) -> Iterator[SignatureLine]:
    rows = (
        ("signatory", signatory.name, grid["name_below"]),
        ("signatory_title", _position(signatory), grid["title_below"]),
    )
    for what, text, below in rows:
        if text:
            with setting.naming(what.replace("_", " "), text):
                style = one_line(text, setting.layout.styles[what], room, grid["signature_floor"])
            yield SignatureLine(what, style, text, below)


def _long(
    signatory: Signatory, setting: LayoutContext, room: float, grid: Figures
) -> Iterator[SignatureLine]:
    rows = [
        ("signatory", signatory.name, 1),
        ("signatory_title", signatory.title, grid["title_lines"]),
        *(
            ("signatory_title", each, grid["whom_lines"])
            for each in _whom(signatory, setting, room)
        ),
    ]
    below, step, placed = tuple(grid["three_below"]), _step(grid), 0
    for what, text, most in rows:
        if not text:
            continue
        style = setting.layout.styles[what]
        largest, floor = min(style.size, grid["three_sizes"][what]), grid["signature_floor"]
        fit = {"one": [largest, floor], "lines": most, "many": [largest, floor]}
        with setting.naming(what.replace("_", " "), text):
            style, lines = fitted(text, style, room, fit)
        for each in lines:
            beyond = max(0, placed + 1 - len(below)) * step
            yield SignatureLine(what, style, each, below[min(placed, len(below) - 1)] + beyond)
            placed += 1
