"""Checking: whether every character of a certificate has a glyph, and which have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from cecert.adapters.render.layout.setting import LayoutContext, lacking
from cecert.adapters.render.text.layout_file import Layout
from cecert.adapters.render.text.shaping import MissingGlyphError
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import (
    approval_heading,
    approval_number,
    approval_words,
    category_split,
)
from cecert.domain.course.credit_line import CreditLine
from cecert.errors import Fault

__all__ = ["is_complete", "missing_glyphs"]

_Field = tuple[str, str, str]
"""Its name for people, the style it is set in, its text."""


def missing_glyphs(setting: LayoutContext) -> tuple[Fault, ...]:
    """Return a fault for every field that holds a character no face has."""
    certificate = setting.certificate
    fields = chain(_own(certificate), _shared(certificate))
    return _faults(certificate, setting.layout, fields)


def is_complete(certificate: Certificate, layout: Layout) -> bool:
    """Say whether all that a course's certificates share can be set, drawn or not."""
    return not _faults(certificate, layout, _shared(certificate))


def _faults(
    certificate: Certificate, layout: Layout, fields: Iterable[_Field]
) -> tuple[Fault, ...]:
    faults = []
    for field, style, text in fields:
        try:
            layout.styles[style].shaped(text)
        except MissingGlyphError as missing:
            place = f"{certificate.recipient.name}: {field}"
            faults.append(lacking(place, text, missing.character))
    return tuple(faults)


def _own(certificate: Certificate) -> Iterator[_Field]:
    yield "recipient name", "name", certificate.recipient.name
    for license_ in certificate.recipient.licenses:
        yield "license", "licenses", license_.printed


def _shared(certificate: Certificate) -> Iterator[_Field]:
    course = certificate.course
    yield "course title", "title", course.title
    yield "location", "facts", course.location
    yield "level", "facts", course.level
    for instructor in course.instructors:
        yield "instructor", "facts", instructor
    yield from _of_provider(certificate)
    heading = approval_heading(certificate.credit_lines)
    yield "heading of the approver", "table_head", heading
    for line in certificate.credit_lines:
        yield f"jurisdiction of {line.credential}", "cell", line.jurisdiction
        yield f"unit of {line.credential}", "cell", line.unit
        yield f"unit_short of {line.credential}", "cell", line.unit_short
        if certificate.claims_approval:
            yield from _of_table(line, heading)


def _of_table(line: CreditLine, heading: str) -> Iterator[_Field]:
    yield f"profession of {line.credential}", "cell", line.profession or line.label
    yield f"categories of {line.credential}", "cell", category_split(line)
    yield f"awarding body of {line.credential}", "cell", line.awarded_by
    yield f"approver of {line.credential}", "cell", approval_words(line, heading)
    yield f"approval number of {line.credential}", "cell", approval_number(line)
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
        yield "signatory organisation", "signatory_title", signatory.whom
