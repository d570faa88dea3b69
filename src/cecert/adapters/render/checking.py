"""Checking: every character of a certificate has a glyph, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterator

from cecert.adapters.render.setting import Setting, UndrawableError
from cecert.domain.certificates import Certificate
from cecert.errors import Fault

__all__ = ["missing_glyphs"]

_Field = tuple[str, str, str]
"""Its name for people, the style it is set in, its text."""


def missing_glyphs(setting: Setting) -> tuple[Fault, ...]:
    """Return a fault for every field that holds a character no face has."""
    faults = []
    for field, style, text in _fields(setting.certificate):
        try:
            with setting.naming(field, text):
                setting.style(style).shaped(text)
        except UndrawableError as undrawable:
            faults.append(undrawable.fault)
    return tuple(faults)


def _fields(certificate: Certificate) -> Iterator[_Field]:
    recipient, course = certificate.recipient, certificate.course
    yield "recipient name", "name", recipient.name
    for license_ in recipient.licenses:
        yield "license", "licenses", license_.printed
    yield "course title", "title", course.title
    yield "location", "facts", course.location
    yield "level", "facts", course.level
    for instructor in course.instructors:
        yield "instructor", "facts", instructor
    yield from _of_provider(certificate)
    for line in certificate.credit_lines:
        for text in (line.jurisdiction, line.awarded_by, line.approver, line.unit):
            yield f"credit {line.credential}", "cell", text
        yield f"statement of {line.credential}", "statement", line.statement


def _of_provider(certificate: Certificate) -> Iterator[_Field]:
    provider = certificate.provider
    yield "provider name", "provider", provider.name
    yield "provider office", "office", provider.office
    for text in (provider.address, provider.phone, provider.email):
        yield "provider address", "address", text
    for signatory in certificate.signatories:
        yield "signatory", "signatory", signatory.name
        yield "signatory title", "signatory_title", signatory.title
