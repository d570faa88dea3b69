"""Scripts of a list that no font of the office has, found before a certificate is counted on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.values.wording import several_places
from cecert.errors import Fault
from cecert.office.office import Office

__all__ = ["script_faults"]

SHIPPED = (("\x00", "\u017f"), ("\u1e00", "\u1ef9"), ("\u2010", "\u2015"), ("\u2018", "\u201a"))
"""Stretches of Unicode of which every letter is in a shipped font: nothing need be opened."""


def script_faults(office: Office, records: Iterable[CompletionRecord]) -> tuple[Fault, ...]:
    """Return a fault for each script that names of *records* are in and no font has.

    Args:
        office: Whose fonts are looked through.
        records: Whose names are looked at.
    """
    foreign = [each for each in records if not all(map(_is_shipped, each.name))]
    return tuple(_faults(office, foreign)) if foreign else ()


def _is_shipped(character: str) -> bool:
    return any(first <= character <= last for first, last in SHIPPED)


def _faults(office: Office, records: Sequence[CompletionRecord]) -> Iterator[Fault]:
    from cecert.adapters.render import font_advice, letters_of

    renderer, layout = office.renderer(), office.preview_desk().layout
    found: dict[str, list[tuple[CompletionRecord, str]]] = {}
    for record in records:
        if missing := renderer.missing_glyph(record.name, layout):
            found.setdefault(letters_of(record.name, missing), []).append((record, missing))
    for letters, whose in found.items():
        first, missing = whose[0]
        problem = f"is in {letters}, which no font here has"
        if len(whose) > 1:
            problem = f"and {len(whose) - 1} more are in {letters}, which no font here has"
        place = several_places([each.place or each.name for each, _ in whose])
        yield Fault(place, first.name, problem, font_advice(first.name, missing))
