"""Bidirectional text: in which order the letters of a line stand.

The implicit part of the Unicode Bidirectional Algorithm (UAX #9, rules W1 to W7, N0
to N2, I1, I2, L1, L2). Explicit marks never get here: the text rule of docs/spec/token.md W2
refuses them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["levels", "visual_order"]

_PAIRS = {"(": ")", "[": "]", "{": "}", "\u2045": "\u2046", "\u300c": "\u300d"}
_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}


def levels(text: str) -> list[int]:
    """Return the embedding level of each character: even runs left to right.

    The base direction is right to left only where the text has no left-to-right
    letter: a certificate is an English document that quotes names.

    >>> levels("Ana")
    [0, 0, 0]
    >>> levels("\u05d3\u05df 12")
    [1, 1, 1, 2, 2]
    """
    kinds = [unicodedata.bidirectional(each) for each in text]
    if not {"R", "AL", "AN"} & set(kinds):
        return [0] * len(text)
    base = 0 if "L" in kinds else 1
    resolved = _neutrals(text, _weak(kinds, base), base)
    return [_level(kind, base) for kind in resolved]


def _weak(kinds: Sequence[str], base: int) -> list[str]:
    found = list(kinds)
    start = "R" if base else "L"
    before, strong = start, start
    for index, kind in enumerate(found):
        if kind == "NSM":  # W1
            found[index] = before
        elif kind == "EN" and strong == "AL":  # W2
            found[index] = "AN"
        if found[index] in {"L", "R", "AL"}:
            strong = found[index]
        before = found[index]
    found = ["R" if kind == "AL" else kind for kind in found]  # W3
    _separators(found)
    _terminators(found)
    return _european(found, start)


def _separators(found: list[str]) -> None:
    for index in range(1, len(found) - 1):  # W4
        sides = {found[index - 1], found[index + 1]}
        if (found[index] in {"ES", "CS"} and sides == {"EN"}) or (
            found[index] == "CS" and sides == {"AN"}
        ):
            found[index] = sides.pop()


def _terminators(found: list[str]) -> None:
    for index, kind in enumerate(found):  # W5, W6
        if kind == "ET":
            end = next((i for i in range(index, len(found)) if found[i] != "ET"), len(found))
            after = found[end] if end < len(found) else ""
            beside = after == "EN" or (index and found[index - 1] == "EN")
            found[index] = "EN" if beside else "ON"
        elif kind in {"ES", "CS"}:
            found[index] = "ON"


def _european(found: list[str], start: str) -> list[str]:
    strong = start
    for index, kind in enumerate(found):  # W7
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            found[index] = "L"
    return found


def _neutrals(text: str, found: list[str], base: int) -> list[str]:
    own = "R" if base else "L"
    for opening, closing in _bracket_pairs(text):  # N0
        inside = {_STRONG.get(kind) for kind in found[opening + 1 : closing]}
        if own in inside:
            found[opening] = found[closing] = own
        elif {"L", "R"} & inside:
            other = "L" if own == "R" else "R"
            context = next((_STRONG[k] for k in reversed(found[:opening]) if k in _STRONG), own)
            found[opening] = found[closing] = other if context == other else own
    for index, kind in enumerate(found):  # N1, N2
        if kind not in _STRONG:
            left = next((_STRONG[k] for k in reversed(found[:index]) if k in _STRONG), own)
            right = next((_STRONG[k] for k in found[index:] if k in _STRONG), own)
            found[index] = left if left == right else own
    return found


def _bracket_pairs(text: str) -> list[tuple[int, int]]:
    stack: list[tuple[str, int]] = []
    pairs = []
    for index, each in enumerate(text):
        if each in _PAIRS:
            stack.append((_PAIRS[each], index))
        elif any(closing == each for closing, _ in stack):
            while stack[-1][0] != each:
                stack.pop()
            pairs.append((stack.pop()[1], index))
    return sorted(pairs)


def _level(kind: str, base: int) -> int:
    if base:
        return 1 if kind == "R" else 2
    return {"L": 0, "R": 1}.get(kind, 2)


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """Return the indexes of runs from left to right (rule L2).

    >>> visual_order([0, 1, 2, 1])
    [0, 3, 2, 1]
    """
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order
