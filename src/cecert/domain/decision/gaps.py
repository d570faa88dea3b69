"""Gaps: what somebody lacks for a certificate that only they can close.

Nobody is asked for anything while their record is looked at, or where what they could do would
not help: whoever missed a session earns nothing by an evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, Shortfall, ShortfallKind

__all__ = ["CLOSABLE", "Gaps", "gaps_of"]

CLOSABLE = (
    ShortfallKind.EVALUATION,
    ShortfallKind.ATTESTATION,
    ShortfallKind.POST_TEST,
    ShortfallKind.FEE,
    ShortfallKind.LICENSE,
)
"""What only the person can do, in the order in which it is asked for."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What one person is asked for.

    Attributes:
        record: The person's evidence.
        shortfalls: What is missing, once each, in the order of `CLOSABLE`; at least one.
    """

    record: CompletionRecord
    shortfalls: tuple[Shortfall, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Stable names of what is missing: `evaluation`, `post-test`."""
        return tuple(each.kind.value for each in self.shortfalls)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said of each, in the same order."""
        return tuple(map(_said, self.shortfalls))


def _said(shortfall: Shortfall) -> str:
    if shortfall.kind is ShortfallKind.LICENSE:
        return "This credit is for licensees, and we have no license of yours."
    # It goes on that the certificate follows then, which is true of the last gap alone.
    return shortfall.sentence.partition(" Once ")[0]


def gaps_of(decisions: Sequence[Award | Denial]) -> Gaps | None:
    """Return what one person is to be asked for, None where there is nothing.

    Of several credential types each counts alone: who lacks a test for one and cannot have
    another is asked for the test.

    Args:
        decisions: All of one person.
    """
    lacking: dict[ShortfallKind, Shortfall] = {}
    record: CompletionRecord | None = None
    for each in decisions:
        if isinstance(each, Denial) and _can_be_closed(each):
            record = each.record
            lacking |= {it.kind: it for it in reversed(each.shortfalls) if it.kind not in lacking}
    if record is None:
        return None
    return Gaps(record, tuple(lacking[kind] for kind in CLOSABLE if kind in lacking))


def _can_be_closed(denial: Denial) -> bool:
    if denial.in_review:
        return False
    return all(_closes(each, denial.record) for each in denial.shortfalls)


def _closes(shortfall: Shortfall, record: CompletionRecord) -> bool:
    if shortfall.open or shortfall.kind not in CLOSABLE:
        return False
    # Who has noted a licence of another state has none to send.
    return shortfall.kind is not ShortfallKind.LICENSE or not record.licenses
