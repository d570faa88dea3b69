"""Line breaking: even ragged lines, words never hyphenated, what belongs together kept so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from cecert.adapters.render.text.italics import unmarked
from cecert.adapters.render.text.shaping import Style
from cecert.domain.values.wording import MONTHS

__all__ = ["DoesNotFitError", "balanced", "broken", "holds", "packed"]

LEAST_LAST_LINE = 0.3
"""Share of the measure that the last line of a paragraph fills; a quarter is the least."""

LEAST_LONE_WORD = 0.4
"""Share of the measure that a single word fills which stands alone on the last line."""

_FIGURE = re.compile(r"[#(]?\d[\d.,/\N{EN DASH}-]*")
_NUMBERED, _NUMBER = frozenset({"number", "provider", "ID"}), re.compile(r"#?\d{2}")
"""Words that stand with the number after them: `sponsor number 0169`."""

_CAPITALS = re.compile(r"[A-Z]{2,}")
_DEGREE = re.compile(r"(?:[A-Z][a-z]*\.)+[A-Za-z]?,")
_ABBREVIATED = re.compile(r"\([A-Z]{2,5}\)[,.;]?")
_DAY, _YEAR = re.compile(r"\d{1,2},"), re.compile(r"\d{4}\b")
_LONGEST_GLUE = 24


class DoesNotFitError(ValueError):
    """A text is too wide for its place.

    Attributes:
        needed: Width in points at the least size allowed.
        available: Width of the place.
    """

    def __init__(self, needed: float, available: float) -> None:
        super().__init__(f"needs {needed:.0f} pt, has {available:.0f}")
        self.needed = needed
        self.available = available


@lru_cache(maxsize=4096)
def broken(text: str, style: Style, measure: float) -> tuple[str, ...]:
    """Break *text* into the fewest lines of *measure*, as even as can be.

    Args:
        text: One paragraph.
        style: How it is set.
        measure: Width of a line in points.

    Raises:
        DoesNotFitError: If a single word is wider than the measure.
    """
    words = _glued(text)
    lines = _greedy(words, style, measure)
    if len(lines) == 1:
        return tuple(lines)
    even = _even(words, style, measure, len(lines))
    return tuple(even or lines)


@lru_cache(maxsize=4096)
def balanced(text: str, style: Style, measure: float, most: int) -> tuple[str, ...]:
    """Break *text* into few lines of nearly the same width.

    Args:
        text: One paragraph.
        style: How it is set.
        measure: Width of a line in points.
        most: Lines at most.

    Raises:
        DoesNotFitError: If they do not hold it.
    """
    words = _breakable(text, style, measure, most)
    lines = _greedy(words, style, measure)
    if len(lines) > most:
        raise DoesNotFitError(_measure_for(tuple(words), style, most, measure), measure)
    target = style.width(text) / len(lines)
    return tuple(_even(words, style, measure, len(lines), target) or lines)


@lru_cache(maxsize=4096)
def holds(text: str, style: Style, measure: float, most: int) -> bool:
    """Say whether `balanced` would break *text*, without asking what measure would hold it.

    Args:
        text: One paragraph.
        style: How it is set.
        measure: Width of a line in points.
        most: Lines at most.
    """
    try:
        return len(_greedy(_breakable(text, style, measure, most), style, measure)) <= most
    except DoesNotFitError:
        return False


def _breakable(text: str, style: Style, measure: float, most: int) -> list[str]:
    """Return what is not broken of *text*: single words, where it is too wide to be choosy."""
    return _glued(text) if style.width(text) < most * measure else text.split(" ")


@lru_cache(maxsize=4096)
def _measure_for(words: tuple[str, ...], style: Style, most: int, least: float) -> float:
    """Return the narrowest measure, to a point, on which *words* take at most *most* lines."""
    too_narrow, enough = least, style.width(" ".join(words))
    while enough - too_narrow > 1:
        between = (too_narrow + enough) / 2
        if len(_greedy(words, style, between)) > most:
            too_narrow = between
        else:
            enough = between
    return enough


def packed(parts: Sequence[str], style: Style, measure: float, gap: float) -> list[list[str]]:
    """Put facts on as few lines as hold them; one too long for a line is broken.

    Args:
        parts: The facts, in order.
        style: How they are set.
        measure: Width of a line in points.
        gap: White between two on one line, in points.
    """
    lines: list[list[str]] = []
    room = 0.0
    for part in parts:
        width = style.width(part)
        if lines and width <= room:
            lines[-1].append(part)
            room -= width + gap
        elif width <= measure:
            lines.append([part])
            room = measure - width - gap
        else:
            lines += [[piece] for piece in broken(part, style, measure)]
            room = measure - style.width(lines[-1][0]) - gap
    return lines


def _glued(text: str) -> list[str]:
    """Cut *text* at the spaces where a line may end."""
    words = text.split(" ")
    plain = unmarked(text)[0].split(" ")
    groups, length = [words[0]], len(plain[0])
    bracketed = _bracketed(plain)
    for place, (before, after) in enumerate(pairwise(plain)):
        short = length + len(after) < _LONGEST_GLUE
        together = short and (place in bracketed or _belong(before, after))
        if together:
            groups[-1] += f" {words[place + 1]}"
            length += 1 + len(after)
        else:
            groups.append(words[place + 1])
            length = len(after)
    return groups


def _bracketed(words: Sequence[str]) -> set[int]:
    """Return which words end within brackets that hold few words: `(accredited school)`."""
    found: set[int] = set()
    for place, word in enumerate(words):
        if word.startswith("(") and ")" not in word:
            ends = (n for n, each in enumerate(words[place:], place) if ")" in each)
            end = next(ends, place)
            if len(" ".join(words[place : end + 1])) < _LONGEST_GLUE:
                found |= set(range(place, end))
    return found


def _belong(before: str, after: str) -> bool:
    if _ABBREVIATED.fullmatch(after) or (_DAY.fullmatch(before) and _YEAR.match(after)):
        return True
    if before in MONTHS and after[:1].isdigit():
        return True
    if _FIGURE.fullmatch(before):
        return after[:1].isalpha() and not before.endswith((".", ","))
    if _CAPITALS.fullmatch(before):
        return bool(_CAPITALS.match(after) or _FIGURE.match(after))
    if before == "No." or (before in _NUMBERED and _NUMBER.match(after)):
        return True
    return bool(_DEGREE.fullmatch(before)) and after[:1].isupper()


def _greedy(words: Sequence[str], style: Style, measure: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and style.width(longer) <= measure:
            lines[-1] = longer
            continue
        if (width := style.width(word)) > measure:
            if " " in word:
                return _greedy(" ".join(words).split(" "), style, measure)
            raise DoesNotFitError(width, measure)
        lines.append(word)
    return lines


def _even(
    words: Sequence[str], style: Style, measure: float, count: int, target: float = 0.0
) -> list[str] | None:
    """Return *count* lines whose widths differ least from *target*, else from the measure."""
    space = style.width("x x") - style.width("xx")
    widths = [style.width(word) for word in words]
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for line in range(1, count + 1):
        last = line == count
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            width = -space
            for end in range(start + 1, len(words) + 1):
                width += widths[end - 1] + space
                if width > measure:
                    break
                if last and end < len(words):
                    continue
                total = cost + _cost(width, measure, target, last=last)
                if last and line > 1 and end - start == 1 and not target:
                    total += 100 * max(0.0, LEAST_LONE_WORD * measure - width) ** 2
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        best.append(reached)
    return _traced(words, best) if len(words) in best[-1] else None


def _cost(width: float, measure: float, target: float, *, last: bool) -> float:
    if target:
        return (width - target) ** 2
    if last:
        short = max(0.0, LEAST_LAST_LINE * measure - width)
        return 100 * short**2
    return (measure - width) ** 2


def _traced(words: Sequence[str], best: Sequence[dict[int, tuple[float, int]]]) -> list[str]:
    lines = []
    end = len(words)
    for reached in reversed(best[1:]):
        start = reached[end][1]
        lines.append(" ".join(words[start:end]))
        end = start
    return lines[::-1]
