"""The verdict about a file, which stands beside those about the codes in it.

A code is genuine wherever it is copied to; only a seal says that a file is the one that
was issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cecert.domain.token.checks import Check
from cecert.domain.token.transcript_list import TranscriptList

__all__ = ["FileAnswer", "FileVerdict", "verdict_of"]


class FileVerdict(Enum):
    """Whether a file is the one that was issued. Threads may share it."""

    AS_ISSUED = "AS_ISSUED"
    NOT_AS_ISSUED = "NOT_AS_ISSUED"
    NO_SEAL_TO_CHECK = "NO_SEAL_TO_CHECK"
    """A picture, or a scan in a PDF: no file of ours, but as good as the paper."""
    NOT_CHECKED = "NOT_CHECKED"
    """No code in it is genuine, so nobody's seal is expected."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What was found of a file. Threads may share it.

    Attributes:
        verdict: Whether it is the one that was issued.
        detail: Figures behind it, for people.
        pages: How many it has.
        without_code: Those on which no certificate's code was found, counted from 1.
        transcript: The codes it carries, if it is a transcript; None if it is none.
    """

    verdict: FileVerdict
    detail: str
    pages: int
    without_code: tuple[int, ...] = ()
    transcript: TranscriptList | None = None


def verdict_of(seals: Sequence[Check]) -> FileVerdict:
    """Return the verdict that follows from *seals*, the check of the seal for each code."""
    if any(each.fault is not None for each in seals):
        return FileVerdict.NOT_AS_ISSUED
    if any(each.asked for each in seals):
        return FileVerdict.AS_ISSUED
    return FileVerdict.NOT_CHECKED
