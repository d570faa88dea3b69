"""Names to be looked at before anything is printed: programs among people, other spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cecert.domain.evidence.collection import Participant, Registrant, Report
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.explanation import quoted
from cecert.domain.evidence.rows import Rows
from cecert.domain.evidence.spellings import has_no_capitals, spelled_otherwise
from cecert.domain.people.folded_forms import license_key
from cecert.domain.people.likeness import are_one_person
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.wording import joined

__all__ = ["handed_names", "note_takers", "spelling_note", "twice_licensed"]


def note_takers(reports: Sequence[Report], rows: Rows) -> Iterator[str]:
    """Name the programs that sat in a meeting to take notes, one sentence a report.

    Args:
        reports: All that were given.
        rows: Their rows.
    """
    for part, report in enumerate(reports):
        shown = rows.programs_in(part)
        if shown:
            told = joined([quoted(each) for each in shown])
            what = "is a note-taker" if len(shown) == 1 else "are note-takers"
            yield f"{report.file.name}: {told} {what}, not a person's presence"


Name = tuple[str, str]
"""A name as it is spelled, and where."""


def handed_names(found: Mapping[tuple[str, str], Done]) -> dict[str, list[Name]]:
    """Return how people are called by the rows of lists that count, by identity.

    Args:
        found: The rows, by identity and purpose.
    """
    handed: dict[str, list[Name]] = {}
    for (identity, _), row in found.items():
        if row.names:
            handed.setdefault(identity, []).extend((name, row.place) for name in row.names)
    return handed


def spelling_note(participant: Participant, handed: Sequence[Name]) -> str:
    """Say that a report or a form spells somebody's name otherwise than the registrations do.

    Args:
        participant: With the connections that are theirs.
        handed: How lists call the person.

    Returns:
        A sentence, "" where nobody needs to look.
    """
    registered = participant.registrant.name
    names = [*_reported(participant), *handed]
    others = [f"{name!r} at {place}" for name, place in spelled_otherwise(registered, names)]
    if others:
        told = f"is spelled {joined(others)}; certificates print the list's"
        return _as_registered(participant, told)
    if has_no_capitals(registered):
        return _as_registered(participant, "has small letters or capitals alone, and is printed so")
    return ""


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


def twice_licensed(registrants: Sequence[Registrant]) -> Iterator[str]:
    """Tell who is registered twice, with one name and licence and two addresses.

    That is one person, and the list would be refused for it: better to hear of it before
    anything is asked about the two.
    """
    holders: dict[str, Registrant] = {}
    for each in registrants:
        for one in each.licenses:
            first = holders.setdefault(license_key(f"{one}"), each)
            if first.identity != each.identity and are_one_person(_signs(first), _signs(each)):
                yield (
                    f"{each.place}: {each.name} has the name and licence of {first.place}, under "
                    "another address: keep one of the two rows, with the other address in its "
                    "column further_emails"
                )
                break


def _signs(of: Registrant) -> PersonSigns:
    return PersonSigns.of(of.identity, of.name, of.email, of.licenses, of.different_from)
