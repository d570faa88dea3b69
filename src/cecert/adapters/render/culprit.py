"""Blaming: which text of a certificate that no page holds is too much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from cecert.adapters.render.layout.page import Page
from cecert.adapters.render.layout.setting import (
    FullPageError,
    LayoutCache,
    LayoutContext,
    UndrawableError,
)
from cecert.domain.certificate.certificate import Certificate, CourseSnapshot
from cecert.domain.course.credit_line import CreditLine
from cecert.errors import Fault

__all__ = ["blamed"]

Compose = Callable[[LayoutContext], tuple[Page, ...]]

_SHORT = "A"
_USUAL_OF_COURSE: dict[str, int] = {"title": 60, "location": 20, "level": 12}
_USUAL_OF_LINE: dict[str, int] = {
    "unit": 14, "profession": 16, "jurisdiction": 16, "label": 24, "awarded_by": 40,
    "approver": 60, "basis": 24, "number": 8, "number_label": 8, "statement": 350,
}  # fmt: skip
"""Letters of such texts on a usual certificate: what exceeds them most is blamed first."""

_WORDS = {"awarded_by": "awarding body", "number": "approval number"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that may be too much, and the certificate as it would be with a short one."""

    field: str
    text: str
    usual: int
    without: Certificate

    @property
    def excess(self) -> float:
        return len(self.text) / self.usual


def blamed(setting: LayoutContext, full: FullPageError, compose: Compose) -> Fault:
    """Return *full* as a fault of the text whose shortening alone gives room.

    Where no single one does, the credit lines are too many for one certificate.

    Args:
        setting: The certificate that does not fit, and its layout.
        full: What its layout said.
        compose: Composes a certificate of that layout.
    """
    name = setting.certificate.recipient.name
    found = _first(setting, _personal(setting.certificate), compose) or setting.kept.get(
        "blamed", make=lambda: _first(setting, _of_course(setting.certificate), compose)
    )
    problem = full.fault.problem
    if found is not None:
        return Fault(f"{name}: {found.field}", found.text, problem, "shorten it")
    lines = setting.certificate.credit_lines
    if len(lines) == 1:
        return full.fault
    remedy = "write certificates = per-credential in the course's file"
    credentials = ", ".join(each.credential for each in lines)
    problem = problem.replace("leaves", "leave", 1)
    return Fault(f"{name}: credit lines", credentials, problem, remedy)


def _first(
    setting: LayoutContext, candidates: Iterable[_Candidate], compose: Compose
) -> _Candidate | None:
    for each in sorted(candidates, key=lambda each: each.excess, reverse=True):
        try:
            compose(replace(setting, certificate=each.without, kept=LayoutCache()))
        except UndrawableError:
            continue
        return each
    return None


Facts = TypeVar("Facts", CourseSnapshot, CreditLine)


def _shorter(facts: Facts, field: str) -> Facts:
    changed: dict[str, Any] = {field: _SHORT}
    return replace(facts, **changed)


def _personal(certificate: Certificate) -> Iterator[_Candidate]:
    recipient = certificate.recipient
    plain = replace(recipient, name=_SHORT)
    yield _Candidate("recipient name", recipient.name, 25, replace(certificate, recipient=plain))
    if recipient.licenses:
        text = ", ".join(each.printed for each in recipient.licenses)
        plain = replace(recipient, licenses=())
        yield _Candidate("licenses", text, 40, replace(certificate, recipient=plain))


def _of_course(certificate: Certificate) -> Iterator[_Candidate]:
    course = certificate.course
    for key, usual in _USUAL_OF_COURSE.items():
        if text := getattr(course, key):
            shorter = _shorter(course, key)
            field = f"course {key}" if key == "title" else key
            yield _Candidate(field, text, usual, replace(certificate, course=shorter))
    if course.instructors:
        text = ", ".join(course.instructors)
        shorter = replace(course, instructors=())
        yield _Candidate("instructors", text, 40, replace(certificate, course=shorter))
    for place, line in enumerate(certificate.credit_lines):
        for field, text, usual, other in _of_line(line):
            lines = list(certificate.credit_lines)
            lines[place] = other
            without = replace(certificate, credit_lines=tuple(lines))
            yield _Candidate(f"{field} of {line.credential}", text, usual, without)


def _of_line(line: CreditLine) -> Iterator[tuple[str, str, int, CreditLine]]:
    for key, usual in _USUAL_OF_LINE.items():
        if text := getattr(line, key):
            field = _WORDS.get(key, key.replace("_", " "))
            yield field, text, usual, _shorter(line, key)
    if line.categories:
        text = ", ".join(each.code for each in line.categories)
        yield "categories", text, 20, replace(line, categories=())
