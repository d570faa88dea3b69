"""What stands for many at once, as tests of single rulings ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cecert.domain.course.course import Course
from cecert.domain.evidence.matching import Attribution
from cecert.domain.evidence.overrides import Override, Ruling
from cecert.domain.evidence.rulings import Bench, Gathering

__all__ = ["rule"]


def rule(
    course: Course,
    attributions: Sequence[Attribution],
    overrides: Sequence[Override],
    participants: Iterable[str],
) -> dict[tuple[str, str], Ruling]:
    """Rule on every participant in every session, by identity and session id.

    Args:
        course: With an attendance rule.
        attributions: Whose each connection is by the evidence itself.
        overrides: In the order they were made; later ones win.
        participants: Identities of all registrants.
    """
    bench = Bench(Gathering(course, attributions), overrides)
    return {
        (participant, each.attendance.session.id): each
        for participant in participants
        for each in bench.rulings(participant)
    }
