"""Looking before issuing: a specimen in any layout, on a letterhead, or of the hardest names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.contact_sheet import contact_sheet, page_pictures
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.errors import DrawingError, Fault, TokenError, in_row
from cecert.office.holders.letterhead import conformance, opened_letterhead
from cecert.office.issue.drawers import Drawer, drawer_of, open_drawers, renderer_of
from cecert.office.looks.scripts import script_faults
from cecert.office.office import Office
from cecert.ports import Workers
from cecert.workflows.preview import PreviewDesk, preview_certificate

__all__ = [
    "ContactSheet",
    "begin_trials",
    "hardest_names",
    "on_letterhead",
    "pictures_of",
    "specimen",
]

MOST_NAMES = 12
"""Names on a contact sheet: two pages of six."""

SECONDS = 0.0004
"""What trying a name takes, roughly."""

TRIED = 50
"""Names that a process tries at once."""


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
    office: Office,
    course: Course,
    records: Sequence[CompletionRecord],
    workers: int | None = None,
    scheduler: str = "",
) -> ContactSheet:
    """Draw specimens of the names that are hardest to set.

    Args:
        office: Whose certificates look so.
        course: All its credit lines are shown.
        records: Whose names are tried.
        workers: Processes that try and draw; 1 for this one, None for as many as are worth it.
        scheduler: Address of the scheduler whose workers do it instead, "" for none.

    Raises:
        DrawingError: If there is none that can be drawn; every fault is listed.
        InputError: If both workers and a scheduler were asked for.
        WorkerLostError: If one worker after another was lost.
    """
    from cecert.adapters.workers import workers_worth

    renderer = office.renderer()
    scripts = script_faults(office, records)
    desk = office.preview_desk()
    drawable = [each for each in records if not renderer.missing_glyph(each.name, desk.layout)]
    count = workers if scheduler else workers_worth(workers, len(drawable), SECONDS)
    with open_drawers(begin_trials, drawer_of(office), count, scheduler) as drawers:
        sound, faults = _sorted(course, drawable, desk, drawers)
        faults = (*scripts, *faults)
        if not sound:
            raise DrawingError("no name of the list can be drawn", faults)
        drawn = sound[:MOST_NAMES]
        specimens: list[bytes] = list(drawers.answers(_Specimen(each) for each in drawn))
    names = tuple(each.recipient.name for each in drawn)
    return ContactSheet(contact_sheet(specimens), names, faults)


def _sorted(
    course: Course,
    records: Sequence[CompletionRecord],
    desk: PreviewDesk,
    drawers: Workers[_Question, Any],
) -> tuple[list[Certificate], tuple[Fault, ...]]:
    """Return what can be drawn, the hardest first, and the faults of the others."""
    made = [(each, _made(course, each, desk)) for each in records]
    whole = [each for _, each in made if isinstance(each, Certificate)]
    groups = (_Names(whole[start : start + TRIED]) for start in range(0, len(whole), TRIED))
    tried = chain.from_iterable(drawers.answers(groups))
    sound: list[tuple[tuple[float, float], Certificate]] = []
    faults: list[Fault] = []
    for record, each in made:
        if isinstance(each, Fault):
            faults.append(each)
            continue
        found: _Tried = next(tried)
        if found.faults:
            faults += [in_row(fault, record.place) for fault in found.faults]
        else:
            sound.append((found.difficulty, each))
    sound.sort(key=lambda found: found[0], reverse=True)
    return [each for _, each in sound], tuple(faults)


def _made(course: Course, record: CompletionRecord, desk: PreviewDesk) -> Certificate | Fault:
    try:
        return preview_certificate(course, record.name, desk, record.licenses)
    except TokenError as error:
        return Fault(record.place or record.name, record.name, str(error), error.hint)


class _Question(Protocol):
    """What a process is asked of some certificates."""

    def answered_by(self, renderer: CertificateRenderer) -> object: ...


@dataclass(frozen=True, slots=True)
class _Tried:
    """What keeps a certificate from being drawn, or how hard its name is to set."""

    faults: Sequence[Fault]
    difficulty: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Names:
    certificates: Sequence[Certificate]

    def answered_by(self, renderer: CertificateRenderer) -> Sequence[_Tried]:
        return [
            _Tried(found)
            if (found := renderer.faults(each))
            else _Tried((), renderer.difficulty(each))
            for each in self.certificates
        ]


@dataclass(frozen=True, slots=True)
class _Specimen:
    certificate: Certificate

    def answered_by(self, renderer: CertificateRenderer) -> bytes:
        return renderer.draw_specimen(self.certificate).pdf


def begin_trials(told: Drawer) -> Callable[[_Question], Any]:
    """Return what tries names and draws specimens, in the process it is in."""
    renderer = renderer_of(told)
    return lambda question: question.answered_by(renderer)


def pictures_of(pdf: bytes) -> list[bytes]:
    """Return the pages of a PDF as PNG, at the size of a screen."""
    return page_pictures(pdf)
