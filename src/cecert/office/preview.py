"""Looking before issuing: a specimen in any layout, on a letterhead, or of the hardest names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.contact_sheet import contact_sheet, page_pictures
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.errors import DrawingError, Fault, TokenError, in_row
from cecert.office.letterhead import conformance, opened_letterhead
from cecert.office.office import Office
from cecert.office.scripts import script_faults
from cecert.workflows.preview import preview_certificate

__all__ = ["ContactSheet", "hardest_names", "on_letterhead", "pictures_of", "specimen"]

MOST_NAMES = 12
"""Names on a contact sheet: two pages of six."""


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """The hardest names of a list, drawn.

    Attributes:
        pdf: Specimens, six on a page.
        names: Whose they are, hardest first.
        faults: Of the names that cannot be drawn at all.
    """

    pdf: bytes
    names: tuple[str, ...]
    faults: tuple[Fault, ...]


def specimen(office: Office, course: Course, name: str, layout: str = "") -> bytes:
    """Draw a specimen in the office's layout, or another.

    Args:
        office: Whose certificates look so.
        course: All its credit lines are shown.
        name: The name to print.
        layout: `modern`, or with its version `modern/1`; "" for the office's own.

    Returns:
        The PDF.

    Raises:
        DrawingError: If it cannot be drawn, or there is no such layout.
        TokenError: If the name or the title breaks the token's limits.
    """
    return office.renderer().draw_specimen(_preview(office, course, name, layout)).pdf


def _preview(office: Office, course: Course, name: str, layout: str = "") -> Certificate:
    desk = office.preview_desk()
    if layout:
        desk = replace(desk, layout=layout if "/" in layout else f"{layout}/1")
    return preview_certificate(course, name, desk)


def on_letterhead(
    office: Office, course: Course, name: str, letterhead: Path, places: Path | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Draw a specimen into a letterhead, and say what of it is not understood, kept and lost.

    Args:
        office: Whose certificate it would be.
        course: All its credit lines are shown.
        name: The name to print.
        letterhead: The PDF file with the places.
        places: TOML file with their rectangles, where it has no form fields.

    Returns:
        The PDF, and a line for each thing to say.

    Raises:
        ConfigurationError: If the letterhead cannot be used.
        DrawingError: If a text does not fit its place.
    """
    opened = opened_letterhead(letterhead, places)
    pdf = office.renderer().draw_on_letterhead(_preview(office, course, name), opened)
    return pdf, (*opened.notes, *conformance(opened))


def hardest_names(
    office: Office, course: Course, records: Sequence[CompletionRecord]
) -> ContactSheet:
    """Draw specimens of the names that are hardest to set.

    Args:
        office: Whose certificates look so.
        course: All its credit lines are shown.
        records: Whose names are tried.

    Raises:
        DrawingError: If there is none that can be drawn; every fault is listed.
    """
    renderer = office.renderer()
    scripts = script_faults(office, records)
    layout = office.preview_desk().layout
    drawable = [each for each in records if not renderer.missing_glyph(each.name, layout)]
    sound, faults = _sorted(office, course, drawable, renderer)
    faults = (*scripts, *faults)
    if not sound:
        raise DrawingError("no name of the list can be drawn", faults)
    drawn = sound[:MOST_NAMES]
    specimens = [renderer.draw_specimen(each).pdf for each in drawn]
    names = tuple(each.recipient.name for each in drawn)
    return ContactSheet(contact_sheet(specimens), names, faults)


def _sorted(
    office: Office,
    course: Course,
    records: Sequence[CompletionRecord],
    renderer: CertificateRenderer,
) -> tuple[list[Certificate], tuple[Fault, ...]]:
    """Return what can be drawn, the hardest first, and the faults of the others."""
    sound, faults = [], []
    desk = office.preview_desk()
    for record in records:
        try:
            certificate = preview_certificate(course, record.name, desk, record.licenses)
        except TokenError as error:
            faults.append(Fault(record.place or record.name, record.name, str(error), error.hint))
            continue
        if found := renderer.faults(certificate):
            faults += [in_row(fault, record.place) for fault in found]
        else:
            sound.append(certificate)
    sound.sort(key=renderer.difficulty, reverse=True)
    return sound, tuple(faults)


def pictures_of(pdf: bytes) -> list[bytes]:
    """Return the pages of a PDF as PNG, at the size of a screen."""
    return page_pictures(pdf)
