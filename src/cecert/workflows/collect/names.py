"""Names to be looked at before anything is printed: programs among people, other spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cecert.domain.evidence.collection import Participant, Report
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.explanation import quoted
from cecert.domain.evidence.spellings import has_no_capitals, spelled_otherwise
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.values.wording import joined

__all__ = ["note_takers", "spelling_notes"]


def note_takers(reports: Sequence[Report]) -> Iterator[str]:
    """Name the programs that sat in a meeting to take notes, one sentence a report."""
    for report in reports:
        shown = dict.fromkeys(
            each.shown_name for each in report.connections if is_note_taker(each.shown_name)
        )
        if shown:
            told = joined([quoted(each) for each in shown])
            what = "is a note-taker" if len(shown) == 1 else "are note-takers"
            yield f"{report.file.name}: {told} {what}, not a person's presence"


def spelling_notes(
    participants: Sequence[Participant], found: Mapping[tuple[str, str], Done]
) -> Iterator[str]:
    """Say whose name a report or a form spells otherwise than the registrations do.

    Args:
        participants: With the connections that are theirs.
        found: The rows of lists that count, by identity and purpose.
    """
    handed: dict[str, list[tuple[str, str]]] = {}
    for (identity, _), row in found.items():
        handed.setdefault(identity, []).extend((name, row.place) for name in row.names)
    for each in participants:
        registered = each.registrant.name
        names = [*_reported(each), *handed.get(each.identity, ())]
        others = [f"{name!r} at {place}" for name, place in spelled_otherwise(registered, names)]
        if others:
            yield _as_registered(
                each, f"is spelled {joined(others)}; certificates print the list's"
            )
        elif has_no_capitals(registered):
            yield _as_registered(each, "has small letters or capitals alone, and is printed so")


def _as_registered(participant: Participant, what: str) -> str:
    registrant = participant.registrant
    return f"{registrant.place}: {registrant.name!r} {what}: if that is wrong, correct the list"


def _reported(participant: Participant) -> Iterator[tuple[str, str]]:
    registered = participant.registrant.name
    for each in participant.attributions:
        if each.sure_of:
            connection = each.connection
            for name in (connection.shown_name, *connection.further_names):
                if name != registered:
                    yield name, connection.place
