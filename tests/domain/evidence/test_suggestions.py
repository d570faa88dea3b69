"""Suggestions: whose connection it might be, and only where it matters.

Source: docs/spec/attendance.md 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ruled import rule

from cecert.domain.course.course import AttendanceRule
from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.matching import Attributions, Connection, Directory, attribute
from cecert.domain.evidence.suggestions import Suggestion, suggest
from cecert.testing import sample_course

COURSE = replace(sample_course(), attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300))
START = COURSE.sessions[0].start.astimezone(UTC)
NAMES = {
    "m@example.org": "Magdalena Dworzak",
    "j@example.org": "Johann Sebastian Krause",
    "l@example.org": "Lucía Fernández-Bóveda",
}


def row(
    name: str, first: int, last: int | None, email: str = "", *, waiting: bool = False
) -> Connection:
    def at(minute: int) -> datetime:
        return START + timedelta(minutes=minute)

    left = None if last is None else (at(last), at(last))
    stay = Stay((at(first), at(first)), left, file="oct22.csv", line=44, waiting=waiting)
    return Connection(name, email, "", replace(stay, shown_name=name))


def suggested(*rows: Connection, names: Mapping[str, str] = NAMES) -> tuple[Suggestion, ...]:
    directory = Directory((each, name, each) for each, name in names.items())
    found = attribute(rows, directory)
    nobody = [("day-1", each) for each in found if not each.claims]
    return suggest(nobody, names, rule(COURSE, found, (), names))


def about(*rows: Connection) -> list[str]:
    return [each.participant for each in suggested(*rows)]


@pytest.mark.parametrize("shown", ["Magda D.", "Magdalena D", "Magda", "Magdalena Dworzk"])
def test_a_short_form_or_a_slip_of_a_registered_name_is_suggested(shown: str) -> None:
    (found,) = suggested(row(shown, -2, 200))
    assert found.participant == "m@example.org"
    assert all(
        each.stay in [replace(it, sure=True) for it in found.stays] for each in found.connections
    )


@pytest.mark.parametrize(
    "shown",
    ["Krause Institute of Training", "Sebastian", "Marta Dworzynska", "Johanna", "Al"],
)
def test_a_contained_or_merely_similar_name_is_not(shown: str) -> None:
    # a contained word scores 90 by partial ratios (docs/spec/attendance.md 10.2)
    assert about(row(shown, -2, 200)) == []


@pytest.mark.parametrize(
    ("shown", "registered"),
    [("Sue Mueller", "Susan Müller"), ("Bob Smith", "Robert Smith"), ("Liz Ruiz-Soto", "E. Soto")],
)
def test_who_alone_has_the_surname_is_suggested(shown: str, registered: str) -> None:
    names = {"x@example.org": registered, **NAMES}
    (found,) = suggested(row(shown, -2, 200), names=names)
    assert found.participant == "x@example.org"
    assert found.reasons == ("The surname is the same; no other registrant has it.",)


def test_of_several_with_one_surname_the_first_letter_must_tell() -> None:
    names = {"r@example.org": "Robert Smith", "e@example.org": "Elizabeth Smith"}
    assert suggested(row("Bob Smith", -2, 200), names=names) == ()
    (found,) = suggested(row("Els Smith", -2, 200), names=names)
    assert found.participant == "e@example.org"


def test_no_suggestion_stands_on_a_score_alone() -> None:
    (found,) = suggested(row("Magdalena Dworzk", -2, 200))
    assert found.reasons == ("The name reads like Magdalena Dworzak (likeness 97 of 100).",)


def test_a_device_that_begins_when_somebody_drops_out_is_suggested() -> None:
    rows = [row("Lucía", -2, 72, "l@example.org"), row("iPhone", 73, 200)]
    (found,) = suggested(*rows)
    assert found.participant == "l@example.org"
    assert found.reasons == (
        "It begins 1 minute after the connection drops out and fills the gap.",
    )


@pytest.mark.parametrize(
    "phone",
    [
        row("iPhone", 80, 200), row("iPhone", 73, 100), row("iPhone", 60, 200),
        row("iPhone", 73, 200, waiting=True),
    ],
    ids=["begins too late", "does not fill the gap", "begins before", "waits"],
)  # fmt: skip
def test_a_device_that_fits_no_gap_is_nobodys(phone: Connection) -> None:
    assert about(row("Lucía", -2, 72, "l@example.org"), phone) == []


def test_nothing_is_suggested_for_who_meets_the_session_anyway() -> None:
    assert about(row("Magdalena", -2, 200, "m@example.org"), row("Magda D.", 0, 200)) == []


def test_what_would_not_meet_the_session_is_not_suggested() -> None:
    assert about(row("Magda D.", 20, 30)) == []


def test_the_pieces_under_one_name_are_suggested_together() -> None:
    (found,) = suggested(row("Magda D.", -2, 100), row("Magda D.", 101, 200))
    assert len(found.connections) == 2


def test_an_open_connection_counts_as_far_as_it_may_reach() -> None:
    assert about(row("Magda D.", -2, None)) == ["m@example.org"]


def test_a_device_outside_the_session_fits_nothing() -> None:
    rows: Attributions = attribute([row("iPhone", 300, 310)], Directory(()))
    assert suggest([("day-1", rows[0])], NAMES, rule(COURSE, rows, (), NAMES)) == ()


def test_a_device_that_was_there_for_no_second_fills_nothing() -> None:
    assert about(row("Lucía", -2, 72, "l@example.org"), row("iPhone", 73, 73)) == []


@pytest.mark.parametrize("shown", ["Otter.ai", "AI Notetaker", "Magda D.'s AI Notetaker"])
def test_a_note_taker_is_suggested_to_nobody_whatever_gap_it_fills(shown: str) -> None:
    owner = row("Lucía", -2, 72, "l@example.org")
    assert about(owner, row(shown, 73, 200)) == []
    assert about(owner, row("Magda D.", 73, 200), row("iPhone", 73, 200)) == ["l@example.org"]
