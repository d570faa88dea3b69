"""`[export.cebroker]`: the office's account with CE Broker, its numbers in the forms it takes."""

from __future__ import annotations

import re
from collections.abc import Callable

from cecert.adapters.office_files.office_shape import CeBrokerCourseShape, CeBrokerShape
from cecert.domain.certificate.cebroker import (
    CeBrokerAccount,
    CeBrokerCourse,
    CeBrokerProfession,
)
from cecert.domain.values.states import state_name

__all__ = ["cebroker_account"]

_NUMBER = re.compile(r"[0-9]{1,9}")
_MOST_OWN = 80
"""Characters of the longest course id of a provider's own."""

Tell = Callable[[str, str, str], None]
"""Told of a fault: its place, the value, the problem."""


def cebroker_account(shape: CeBrokerShape, tell: Tell) -> CeBrokerAccount:
    """Return the account; it counts only if *tell* was told nothing."""
    above = "export.cebroker"
    if not _NUMBER.fullmatch(shape.provider):
        tell(f"{above}.provider", shape.provider, "is not the number without 50-, digits alone")
    _told_twice([each.id for each in shape.courses], f"{above}.course", "id", tell)
    codes = [each.category for each in shape.subject_areas]
    _told_twice(codes, f"{above}.subject_area", "category", tell)
    for place, each in enumerate(shape.courses, 1):
        _check_course(each, f"{above}.course[{place}]", tell)
    for place, profession in enumerate(shape.professions, 1):
        if not state_name(profession.state):
            where = f"{above}.profession[{place}].state"
            tell(where, profession.state, "is not the two letters of a state")
    return CeBrokerAccount(
        provider=shape.provider,
        courses={e.id: CeBrokerCourse(e.id, e.number, e.own) for e in shape.courses},
        professions=tuple(
            CeBrokerProfession(e.credential, e.state, e.code, tuple(e.titles))
            for e in shape.professions
        ),
        subject_areas={each.category: each.code for each in shape.subject_areas},
        report_days=shape.report_days,
    )


def _check_course(course: CeBrokerCourseShape, place: str, tell: Tell) -> None:
    if bool(course.number) == bool(course.own):
        tell(
            place, course.id, "has a number of CE Broker's, or an id of your own there: one of them"
        )
    if course.number and not _NUMBER.fullmatch(course.number):
        tell(f"{place}.number", course.number, "is not the number without 20-, digits alone")
    if len(course.own) > _MOST_OWN:
        tell(f"{place}.own", course.own, f"has {len(course.own)} characters, at most {_MOST_OWN}")


def _told_twice(names: list[str], place: str, key: str, tell: Tell) -> None:
    for each in dict.fromkeys(name for name in names if names.count(name) > 1):
        tell(f"{place}.{key}", each, "stands there twice")
