"""The words of a PDF against those that were certified, as different programs read them.

A program that saves a file anew may keep the look of letters and lose what they mean: one
reader then finds a 9 where everybody sees an apostrophe. A letter that cannot be read does
not differ, and is not the same either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from cecert.domain.certificate.printed_text import Difference, credit_differences, differences
from cecert.domain.token.checks import Check, CheckKind, unasked
from cecert.domain.token.claims import Claims
from cecert.domain.token.verify import Outcome

__all__ = ["Differing", "compared", "of_certificate"]

Differing = Callable[[Sequence[str], Claims], tuple[Difference, ...]]
"""Says which facts of claims lines of text do not say."""

_PIECE = re.compile(r"ffi|ffl|ff|fi|fl|.")
"""Letters that are often drawn as one, and any other."""

_LONGEST = 3
"""Characters that a reader may find for one letter it cannot read."""

MOST_LINES = 3
"""A name or title is printed on at most so many lines."""


def of_certificate(lines: Sequence[str], claims: Claims) -> tuple[Difference, ...]:
    """Return what of *claims* the text *lines* of a certificate do not say."""
    return (*differences(lines, claims), *credit_differences(lines, claims))


def compared(
    readings: Sequence[Sequence[str]],
    claims: Claims,
    *,
    sealed: bool,
    differing: Differing = of_certificate,
) -> tuple[Check, tuple[Difference, ...]]:
    """Return whether a certificate's words are those that were certified, and what differs.

    Args:
        readings: Its lines, as each program reads them that can.
        claims: What was certified.
        sealed: Whether not a byte of them was changed; then every letter can be read.
        differing: Says what of the claims lines do not say: those of a certificate, or of a
            transcript.
    """
    found = [(lines, differing(lines, claims)) for lines in readings if lines]
    if not found:
        return unasked(CheckKind.TEXT, "no text could be read"), ()
    if not all(wrong for _, wrong in found):
        return Check(CheckKind.TEXT), ()
    if not sealed and any(_is_garbled(lines, wrong) for lines, wrong in found):
        return unasked(CheckKind.TEXT, "letters of it cannot be read any more"), ()
    _, wrong = found[0]
    return Check(CheckKind.TEXT, Outcome.TEXT_MISMATCH, "; ".join(map(str, wrong))), wrong


def _is_garbled(lines: Sequence[str], differing: Sequence[Difference]) -> bool:
    """Say whether all that differs is letters that programs lose when they save a file."""
    return all(
        each.fact in {"name", "title"} and _could_read(each.certified, lines) for each in differing
    )


def _could_read(certified: str, lines: Sequence[str]) -> bool:
    """Say whether one to three lines are *certified*, but for letters that get lost."""
    pieces = list(_pieces(_joined([certified])))
    return any(
        _fits(pieces, _joined(lines[start : start + count]))
        for count in range(1, MOST_LINES + 1)
        for start in range(len(lines) - count + 1)
    )


def _joined(lines: Sequence[str]) -> str:
    return "".join(unicodedata.normalize("NFC", "".join(lines)).split())


def _pieces(text: str) -> Iterator[str]:
    """Return the letters of *text*; "" stands for each that gets lost."""
    for found in _PIECE.finditer(text):
        piece = found.group()
        yield piece if len(piece) == 1 and piece.isascii() else ""


def _fits(pieces: Sequence[str], line: str) -> bool:
    # Every place that may be reached, so that no line takes longer than its length asks.
    places = {0}
    for piece in pieces:
        steps = range(_LONGEST + 1) if not piece else (1,)
        places = {
            place + step
            for place in places
            if not piece or line[place : place + 1] == piece
            for step in steps
            if place + step <= len(line)
        }
    return len(line) in places
