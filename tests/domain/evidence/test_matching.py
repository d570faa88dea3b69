"""Whose connection it is: the order of keys, and what never decides.

Source: docs/spec/attendance.md 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.directory import whose
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.matching import (
    Attribution,
    Candidate,
    Connection,
    Directory,
    attribute,
    link,
    lost_links,
)
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.people.name_matching import name_forms
from cecert.domain.people.person import License

ANA, BEN, CHO = "ana@example.org", "ben@example.org", "cho@example.org"
REGISTERED = ((ANA, "Ana Ruiz", ANA), (BEN, "Ben Okafor", BEN), (CHO, "Cho Min-ji", CHO))
START = datetime(2020, 10, 22, 17, tzinfo=UTC)


def row(
    name: str,
    email: str = "",
    platform_id: str = "",
    *,
    line: int = 2,
    start: int = 0,
    end: int = 9,
) -> Connection:
    first, last = START + timedelta(minutes=start), START + timedelta(minutes=end)
    stay = Stay((first, first), (last, last), file="oct22.csv", line=line, shown_name=name)
    return Connection(name, email, platform_id, stay)


def act(kind: OverrideKind, participant: str, **about: object) -> Override:
    made: dict[str, Any] = {"by": "M. Example", "at": START, "why": "she says so"} | about
    return Override(kind, participant=participant, **made)


def claims(
    rows: Sequence[Connection],
    *aliases: Override,
    registered: Sequence[tuple[str, str, str]] = REGISTERED,
    names_decide: bool = False,
) -> list[list[tuple[str, bool]]]:
    directory = Directory(registered, aliases)
    found = attribute(rows, directory, names_decide=names_decide)
    return [[(each.participant, each.sure) for each in it.claims] for it in found]


def test_a_registered_address_decides_whatever_the_name_and_its_case() -> None:
    assert claims([row("iPhone", "ANA@Example.org")]) == [[(ANA, True)]]


def test_a_platform_id_that_the_registrar_uses_decides_as_an_address_does() -> None:
    registered = (*REGISTERED, ("z-77", "Dana Fox", "dana@example.org"))
    assert claims([row("x", "", "z-77")], registered=registered) == [[("z-77", True)]]
    both = [[("z-77", False), (BEN, False)]]
    assert claims([row("x", BEN, "z-77")], registered=registered) == both


def test_an_id_of_another_system_identifies_in_lists_and_never_in_a_meeting() -> None:
    known = Directory(REGISTERED, further_ids={ANA: ("101",), BEN: ("102", "7"), CHO: ("7",)})
    assert whose(known.said_by(Done("101").keys)).people == (ANA,)
    assert whose(known.said_by(Done("102", names=("Ana Ruiz",)).keys)).contested
    assert not whose(known.said_by(Done("7").keys)).sure
    (found,) = attribute((row("Somebody", platform_id="101"),), known)
    assert found.claims == ()


def test_the_id_of_a_registration_identifies_in_a_meeting_as_the_registrations_have_it() -> None:
    known = Directory(REGISTERED, further_ids={ANA: ("reg-1",), BEN: ("reg-2",), CHO: ("reg-2",)})
    rows = tuple(replace(row("Guest"), registrant_id=each) for each in ("reg-1", "reg-2", "reg-9"))
    found = [[(it.participant, it.sure) for it in each.claims] for each in attribute(rows, known)]
    assert found == [[(ANA, True)], [(BEN, False), (CHO, False)], []]


def test_who_is_known_once_is_known_under_the_same_platform_id() -> None:
    rows = [row("Ana R.", ANA, "p1"), row("phone", "", "p1"), row("phone", "", "p2")]
    assert claims(rows) == [[(ANA, True)], [(ANA, True)], []]


def test_a_platform_id_that_two_people_used_decides_nothing() -> None:
    rows = [row("a", ANA, "p1"), row("b", BEN, "p1"), row("office", "", "p1")]
    assert claims(rows)[2] == [(ANA, False), (BEN, False)]


def test_an_operators_alias_decides_for_a_name_or_an_address() -> None:
    aliases = (
        act(OverrideKind.ALIAS, ANA, alias="Studio 5"),
        act(OverrideKind.ALIAS, BEN, alias="ben@home.example"),
    )
    rows = [row("studio 5"), row("Somebody", "Ben@Home.example"), row("Studio 6")]
    assert claims(rows, *aliases) == [[(ANA, True)], [(BEN, True)], []]


@pytest.mark.parametrize(
    "shown",
    ["ANA  RUIZ", "Ruiz, Ana", "Ana Ruiz, LICSW", "Dr. Ana Ruiz (she/her)", "Ana Ruiz (2)"],
)
def test_a_unique_full_name_decides_only_where_the_course_says_so(shown: str) -> None:
    assert claims([row(shown)]) == [[(ANA, False)]]
    assert claims([row(shown)], names_decide=True) == [[(ANA, True)]]


def test_a_name_in_brackets_is_never_more_than_possible() -> None:
    assert claims([row("iPhone (Ana Ruiz)")], names_decide=True) == [[(ANA, False)]]


def test_the_name_of_a_registrant_under_a_strange_address_is_never_more_than_possible() -> None:
    assert claims([row("Ana Ruiz", "ana@work.example")], names_decide=True) == [[(ANA, False)]]


def test_an_equal_name_of_two_registrants_decides_for_neither() -> None:
    registered = (*REGISTERED, ("ana2@example.org", "Ana Ruiz", "ana2@example.org"))
    found = claims([row("Ana Ruiz")], registered=registered, names_decide=True)
    assert found == [[(ANA, False), ("ana2@example.org", False)]]


def test_two_connections_at_once_under_one_name_may_be_two_people() -> None:
    rows = [row("Ana Ruiz"), row("Ana Ruiz", start=5, end=20)]
    assert claims(rows, names_decide=True) == [[(ANA, False)], [(ANA, False)]]


def test_a_reconnect_under_one_name_is_one_person() -> None:
    rows = [row("Ana Ruiz"), row("Ana Ruiz", start=10, end=20)]
    assert claims(rows, names_decide=True) == [[(ANA, True)], [(ANA, True)]]


def test_a_name_that_is_surely_somebody_elses_does_not_decide() -> None:
    rows = [row("Ana Ruiz", BEN), row("Ana Ruiz", start=10, end=20)]
    assert claims(rows, names_decide=True) == [[(BEN, False), (ANA, False)], [(ANA, False)]]


def test_a_shared_address_decides_for_nobody_but_a_name_narrows_the_question() -> None:
    ruth, jonah = "a@example.org Ruth", "a@example.org Jonah"
    registered = ((ruth, "Ruth Abel", "a@example.org"), (jonah, "Jonah Abel", "a@example.org"))
    rows = [row("Ruth & Jonah", "a@example.org"), row("Jonah Abel", "a@example.org")]
    found = claims(rows, registered=registered, names_decide=True)
    assert found == [[(ruth, False), (jonah, False)], [(jonah, False)]]


@pytest.mark.parametrize(
    "shown", ["iPhone", "Zoom User", "user", "Ana", "+1 413***55", "Ana's iPad", "", "Galaxy S9"]
)
def test_device_words_numbers_and_single_words_are_nobody(shown: str) -> None:
    registered = ((ANA, shown or "x", ANA),)
    assert claims([row(shown)], registered=registered, names_decide=True) == [[]]


def test_an_account_decides_as_an_address_does_and_carries_to_its_other_rows() -> None:
    # docs/spec/inputs.md 3: Teams' participant id is the account's address (UPN).
    rows = [
        replace(row("A. R."), account="Ana@Example.org"),
        replace(row("Ana", "ana@home.example"), account="ana@example.org"),
        replace(row("B. O.", BEN), account="ben@uni.example"),
        replace(row("phone"), account="BEN@uni.example"),
        replace(row("Ben Okafor"), account="stranger@uni.example"),
        replace(row("Ben Okafor", BEN), account=ANA),
    ]
    assert claims(rows, names_decide=True) == [
        [(ANA, True)], [(ANA, True)], [(BEN, True)], [(BEN, True)], [(BEN, False)],
        [(BEN, False), (ANA, False)],
    ]  # fmt: skip
    alias = Directory(REGISTERED, [act(OverrideKind.ALIAS, CHO, alias="stranger@uni.example")])
    phone = replace(row("phone"), account="stranger@uni.example")
    assert attribute([phone], alias)[0].sure_of == CHO
    assert attribute(rows, alias)[4].sure_of == ""


def test_an_account_that_several_registrants_share_is_a_question() -> None:
    registered = ((ANA, "Ana Ruiz", "a@example.org"), (BEN, "Ben Okafor", "a@example.org"))
    rows = [replace(row("office"), account="a@example.org")]
    assert claims(rows, registered=registered) == [[(ANA, False), (BEN, False)]]


def test_an_account_that_two_people_used_is_a_question_on_its_other_rows() -> None:
    rows = [replace(row("x", each), account="room@uni.example") for each in (ANA, BEN, "")]
    assert claims(rows) == [[(ANA, True)], [(BEN, True)], [(ANA, False), (BEN, False)]]


def test_a_link_makes_a_row_somebodys_and_takes_it_from_all_others() -> None:
    found = attribute([row("Ana Ruiz")], Directory(REGISTERED))
    linked = link(found, [act(OverrideKind.LINK, BEN, connection="oct22.csv:2")])
    assert [(each.participant, each.sure) for each in linked[0].claims] == [(BEN, True)]
    assert "M. Example" in linked[0].claims[0].why


def test_an_unlink_takes_a_row_from_one_person_alone() -> None:
    possible = Attribution(
        row("x"), (Candidate(ANA, sure=False, why=""), Candidate(BEN, sure=False, why=""))
    )
    (left,) = link([possible], [act(OverrideKind.UNLINK, ANA, connection="oct22.csv:2")])
    assert [each.participant for each in left.claims] == [BEN]


def test_a_link_follows_its_row_to_another_line_and_is_lost_when_the_row_changes() -> None:
    made_on = row("iPhone", line=44)
    made = act(OverrideKind.LINK, ANA, connection="oct22.csv:44", inputs=made_on.mark)
    moved = attribute([row("iPhone", line=45)], Directory(REGISTERED))
    assert link(moved, [made])[0].sure_of == ANA
    assert lost_links(moved, [made]) == ()
    changed = attribute([row("iPhone", line=44, end=8)], Directory(REGISTERED))
    assert link(changed, [made])[0].sure_of == ""
    assert lost_links(changed, [made]) == (made,)


names = st.sampled_from(["Ana Ruiz", "Ben Okafor", "iPhone", "Ana Ruiz (iPad)", "Nobody Known"])
emails = st.sampled_from(["", "", ANA, BEN, "stranger@example.net"])
rows_ = st.lists(
    st.builds(
        row, names, emails, st.sampled_from(["", "p1", "p2"]),
        start=st.integers(0, 60), end=st.integers(61, 120),
    ),
    max_size=8,
)  # fmt: skip


@given(rows_, st.booleans())
def test_nobody_gets_two_sure_owners_and_no_row_is_dropped(
    rows: list[Connection], names_decide: bool
) -> None:
    found = attribute(rows, Directory(REGISTERED), names_decide=names_decide)
    assert [each.connection for each in found] == rows
    assert all(sum(claim.sure for claim in each.claims) <= 1 for each in found)
    assert all(len(each.claims) == 1 for each in found if each.sure_of)


def test_a_title_before_a_single_name_makes_no_full_name() -> None:
    registered = ((ANA, "Dr. Ruiz", ANA),)
    assert claims([row("Dr. Ruiz")], registered=registered, names_decide=True) == [[]]


def test_titles_and_credentials_are_no_part_of_a_compared_name() -> None:
    assert name_forms("Dr. Ana Maria Ruiz PhD") == ("ana maria ruiz",)
    assert name_forms("Wei Ma") == ("wei ma",)


# One row, several people, whichever of its keys say it. Ana's row says Ana by its key; the
# others are what stands beside it.

DEE, EVE = "dee@example.org", "eve@example.org"
TWINS = "twins@example.org"
FULL = (
    (ANA, "Ana Ruiz", ANA),
    (BEN, "Ben Okafor", BEN),
    ("r-7", "Dana Fox", "dana@example.org"),
    (DEE, "Kim Lee", DEE),
    (EVE, "Kim Lee", EVE),
    ("t1", "Ruth Abel", TWINS),
    ("t2", "Jonah Abel", TWINS),
)
LICENSES = {
    ANA: (License("NY", "LCSW", "081234"),),
    BEN: (License("MA", "LICSW", "114455"),),
    "r-7": (License("NY", "LMSW", "099887"),),
    DEE: (License("VT", "LICSW", "55001"),),
    EVE: (License("CT", "LCSW", "55001"),),
}
# What each key says where it points to the same person as every other, to another, to
# nobody, to several. "several" of a name is a name that two registrants have.
CELLS: dict[str, dict[str, str]] = {
    "email": {"same": ANA, "other": BEN, "nobody": "x@example.net", "several": TWINS},
    "name": {"same": "Ana Ruiz", "other": "Ben Okafor", "nobody": "iPad", "several": "Kim Lee"},
    "id": {"same": "", "other": "r-7", "nobody": "p-1", "several": "p-2"},
    "license": {
        "same": "NY LCSW 081234", "other": "114455", "nobody": "TX LPC 70707",
        "several": "55001",
    },
    "original": {
        "same": "Ruiz, Ana", "other": "Okafor, Ben", "nobody": "Riverbend Clinic",
        "several": "Kim Lee",
    },
}  # fmt: skip
NAMED = {
    ("email", "other"): {BEN}, ("email", "several"): {"t1", "t2"}, ("name", "other"): {BEN},
    ("name", "several"): {DEE, EVE}, ("id", "other"): {"r-7"}, ("license", "other"): {BEN},
    ("license", "several"): {DEE, EVE}, ("original", "other"): {BEN},
    ("original", "several"): {DEE, EVE},
}  # fmt: skip
IDENTIFY = frozenset({"email", "id"})
WORDS = ("same", "other", "nobody", "several")
ROWS = tuple(product(WORDS, repeat=len(CELLS)))


def said(words: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(CELLS, words, strict=True))


def written(words: tuple[str, ...]) -> Connection:
    cells = {key: CELLS[key][word] for key, word in said(words).items()}
    shown = f"{cells['name']} ({cells['original']})"
    made = row(shown, cells["email"], cells["id"])
    return replace(made, licenses=(cells["license"],))


def expected(words: tuple[str, ...]) -> tuple[set[str], bool]:
    """Return who is asked about a row, and whether it is decided instead."""
    named = []
    for key, word in said(words).items():
        same = {ANA} if word == "same" and key != "id" else set()
        if people := NAMED.get((key, word), same):
            named.append((key, people))
    if not named:
        return set(), False
    common = set.intersection(*(people for _, people in named))
    if not common:
        return set().union(*(people for _, people in named)), False
    return common, any(key in IDENTIFY and len(people) == 1 for key, people in named)


@pytest.mark.parametrize("email", WORDS)
def test_a_row_is_decided_only_where_all_of_it_names_one_and_else_asked_of_each_it_names(
    email: str,
) -> None:
    directory = Directory(FULL, licenses=LICENSES)
    for words in ROWS:
        if words[0] == email:
            (found,) = attribute([written(words)], directory, names_decide=True)
            people, decided = expected(words)
            assert {each.participant for each in found.claims} == people, words
            assert bool(found.sure_of) == decided, words


def test_the_matrix_holds_decisions_questions_and_rows_of_nobody() -> None:
    found = [expected(words) for words in ROWS]
    kinds = {(len(people) > 1, bool(people), decided) for people, decided in found}
    assert kinds >= {
        (False, True, True), (False, True, False), (True, True, False), (False, False, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        "Ben Okafor", "BEN OKAFOR, LICSW (he/him)", "Okafor, Ben | Riverbend Clinic",
        "Ben Okafor's iPad", "Ben Okafer", "Ben O.", "Dr. Ben C. Okafor", "iPad (Ben Okafor)",
        "Ana Ruiz & Ben Okafor", "Ana Ruiz (Ben Okafor)", "Ana Ruiz / Ben Okafor",
    ],
)  # fmt: skip
def test_the_address_of_one_under_what_names_another_is_a_question_to_both(shown: str) -> None:
    (found,) = claims([row(shown, ANA)], names_decide=True)
    assert sorted(found) == [(ANA, False), (BEN, False)]


@pytest.mark.parametrize(
    "shown",
    [
        "Ana Ruiz", "Ruiz, Ana (she/her)", "Ana", "ana r.", "A. Ruiz", "Ana M. Ruiz | Riverbend",
        "iPhone", "Front Desk", "Joan Lesser", "Ana Ruis", "+1 413***55", "", "Ana (Ana's iPad)",
        "Ben",
    ],
)  # fmt: skip
def test_the_address_decides_where_the_name_shown_is_the_holders_or_nobodys(shown: str) -> None:
    assert claims([row(shown, ANA)]) == [[(ANA, True)]]


def test_a_name_near_two_registrants_is_not_held_against_the_one_whose_address_it_is() -> None:
    registered = (*REGISTERED, (DEE, "Ana Ruis", DEE))
    assert claims([row("Ana Ruiz", ANA), row("Ana Ruisz", ANA)], registered=registered) == [
        [(ANA, True)], [(ANA, True)],
    ]  # fmt: skip
    assert sorted(claims([row("Ana Ruis", ANA)], registered=registered)[0]) == [
        (ANA, False), (DEE, False),
    ]  # fmt: skip


def test_who_has_the_same_name_is_asked_about_under_a_third_persons_address() -> None:
    registered = (*REGISTERED, (DEE, "Kim Lee", DEE), (EVE, "Kim Lee", EVE))
    rows = [row("Kim Lee", DEE), row("Kim Lee", ANA)]
    found = claims(rows, registered=registered)
    assert found == [[(DEE, True)], [(ANA, False), (DEE, False), (EVE, False)]]


def test_a_couples_two_names_on_one_screen_are_a_question_to_both() -> None:
    registered = ((ANA, "Ana Cho", ANA), (BEN, "Ben Cho", BEN))
    for shown in ("Ana & Ben Cho", "Ana and Ben Cho", "Ben Cho, Ana Cho", "Ana Cho (Ben Cho)"):
        for email in ("", ANA, "stranger@example.net"):
            (found,) = claims([row(shown, email)], registered=registered, names_decide=True)
            assert sorted(found) == [(ANA, False), (BEN, False)], (shown, email)


@pytest.mark.parametrize(
    ("registered", "shown"),
    [
        ("Tobias Lindqvist", "Lindqvist, Tobias | Riverbend Clinic"),
        ("Tobias Lindqvist-Aoki", "Tobias Lindqvist"),
        ("Ana Maria Ruiz", "Ana Ruiz"),
        ("Susan Müller", "SUSAN MUELLER"),
        ("Søren Kjærgård", "Soren Kjaergaard"),
        ("Lucía Fernández", "Lucia Fernandez - Clinica Sur"),
        ("Tobias Lindqvist", "Tobias Lindqvist's iPhone"),
    ],
)
def test_a_name_that_holds_a_registrants_and_more_is_asked_about_and_never_decides(
    registered: str, shown: str
) -> None:
    found = claims([row(shown)], registered=((ANA, registered, ANA),), names_decide=True)
    assert found == [[(ANA, False)]]


def test_a_longer_registered_name_is_not_the_shorter_one_too() -> None:
    registered = ((ANA, "Ana Ruiz", ANA), (BEN, "Ana Maria Ruiz", BEN))
    found = claims([row("Ana Ruiz"), row("Ana Maria Ruiz | Riverbend")], registered=registered)
    assert found == [[(ANA, False)], [(BEN, False)]]


def test_a_part_of_a_name_that_many_have_names_nobody() -> None:
    many = tuple(
        (f"{n}@x.example", f"Ana {n} Ruiz", f"{n}@x.example") for n in ("Eva", "Mia", "Zoe")
    )
    assert len(claims([row("Ana Ruiz")], registered=many)[0]) == len(many)
    more = (*many, (BEN, "Ana Kim Ruiz", BEN), (CHO, "Cho Min-ji", CHO))
    found = claims([row("Ana Ruiz"), row("Ana Ruiz", CHO)], registered=more)
    assert found == [[], [(CHO, True)]]


def test_what_is_asked_about_one_row_of_a_platform_id_is_asked_about_its_nameless_rows() -> None:
    rows = [row("Ben Okafor", ANA, "p1"), row("iPad", "", "p1"), row("Ben Okafor", "", "p2")]
    both = [(ANA, False), (BEN, False)]
    assert claims(rows) == [both, both, [(BEN, False)]]
    rows = [row("Ana Ruiz", ANA, "p1"), row("Ben Okafor", "", "p1")]
    assert claims(rows) == [[(ANA, True)], both]


def test_a_registration_in_the_row_names_its_person_as_the_address_does() -> None:
    webinar = replace(row("Tobi", "t@home.example"), further_emails=(ANA,))
    assert claims([webinar]) == [[(ANA, True)]]
    assert claims([replace(webinar, further_names=("Ana Ruiz",))]) == [[(ANA, True)]]
    for about in ({"further_names": ("Ben Okafor",)}, {"further_emails": (ANA, BEN)}):
        assert sorted(claims([replace(webinar, **about)])[0]) == [(ANA, False), (BEN, False)]


@given(rows_, st.booleans())
def test_a_row_is_never_sure_of_one_and_names_another_in_full(
    rows: list[Connection], names_decide: bool
) -> None:
    for each in attribute(rows, Directory(REGISTERED), names_decide=names_decide):
        named = {
            identity for identity, name, _ in REGISTERED
            if name in each.connection.shown_name or identity == each.connection.email
        }  # fmt: skip
        assert not each.sure_of or named <= {each.sure_of}
        assert named <= {claim.participant for claim in each.claims}


@pytest.mark.parametrize(
    "shown",
    [
        "Ana Ruiz's Otter.ai", "Otter.ai (Ana Ruiz)", "Fireflies.ai Notetaker Ana", "Read AI",
        "AI Notetaker", "Zoom AI Companion",
    ],
)  # fmt: skip
def test_a_note_taker_is_surely_nobodys_whatever_its_row_says(shown: str) -> None:
    rows = [row(shown, ANA), row(shown, "", "p1"), row("Ana", ANA, "p1")]
    told = attribute(rows, Directory(REGISTERED), names_decide=True)
    assert [each.sure_of for each in told] == ["", "", ANA]
    assert [[it.participant for it in each.claims] for each in told] == [[ANA]] * 3
    assert all("note-taking program" in it.why for each in told[:2] for it in each.claims)
    (alone,) = claims([row("Otter.ai")], names_decide=True)
    assert alone == []


def test_a_note_taker_beside_its_owner_leaves_the_owners_name_to_decide() -> None:
    rows = [row("Ana Ruiz"), row("Ana Ruiz (Otter.ai)"), row("Otter.ai")]
    assert claims(rows, names_decide=True) == [[(ANA, True)], [(ANA, False)], []]


@pytest.mark.parametrize("shown", ["Sue Mueller", "Sue", "Bluebird", "Mueller, Sue (she/her)"])
def test_a_name_that_is_surely_somebodys_on_another_day_is_asked_about(shown: str) -> None:
    registered = (*REGISTERED, (DEE, "Susan Müller", DEE), (EVE, "Uwe Müller", EVE))
    rows = [row(shown), row(shown, DEE, start=60, end=90)]
    for order in (rows, rows[::-1]):
        found = claims(order, registered=registered, names_decide=True)
        assert sorted(found) == [[(DEE, False)], [(DEE, True)]]
    assert claims([row("iPhone"), row("iPhone", DEE)], registered=registered)[0] == []


def test_a_name_that_is_surely_two_peoples_elsewhere_is_a_question_to_both() -> None:
    rows = [row("Front Desk"), row("Front Desk", ANA), row("Front Desk", BEN)]
    assert claims(rows)[0] == [(ANA, False), (BEN, False)]
    crowd = [(f"{n}@x.example", f"Zed Q{n}", f"{n}@x.example") for n in range(4)]
    many = [row("Front Desk"), *(row("Front Desk", each) for each, _, _ in crowd)]
    assert claims(many, registered=crowd)[0] == []


# The same, for every key that a row has: what the matrix above leaves out. An id that points
# to somebody is known by another row, or is the registrar's; "shared" is what Ana and somebody
# else have in common.

KIM = "kim@example.org"
HOUSE = "house@example.org"
TOGETHER = (
    (ANA, "Ana Ruiz", HOUSE),
    (KIM, "Ana Ruiz", HOUSE),
    (BEN, "Ben Okafor", BEN),
    ("r-7", "Dana Fox", "dana@example.org"),
    (DEE, "Kim Lee", DEE),
    (EVE, "Kim Lee", DEE),
)
FURTHER = {ANA: ("ana@home.example",), BEN: ("ben@home.example",), "r-7": ("ana@uni.example",)}
HELD = {
    ANA: (License("NY", "LCSW", "081234"),),
    KIM: (License("VT", "LCSW", "081234"),),
    BEN: (License("MA", "LICSW", "114455"),),
    DEE: (License("VT", "LICSW", "55001"),),
    EVE: (License("CT", "LCSW", "55001"),),
}
EACH: dict[str, dict[str, tuple[object, set[str]]]] = {
    "email": {
        "same": ("ana@home.example", {ANA}), "other": (BEN, {BEN}),
        "nobody": ("x@example.net", set()), "several": (DEE, {DEE, EVE}),
        "shared": (HOUSE, {ANA, KIM}),
    },
    "account": {
        "same": ("ana@home.example", {ANA}), "other": ("ben@home.example", {BEN}),
        "nobody": ("", set()), "several": (DEE, {DEE, EVE}), "shared": (HOUSE, {ANA, KIM}),
    },
    "platform_id": {
        "same": (ANA, {ANA}), "other": ("r-7", {"r-7"}), "nobody": ("p-1", set()),
    },
    "licenses": {
        "same": (("NY LCSW 081234",), {ANA}), "other": (("114455",), {BEN}),
        "nobody": (("TX LPC 70707",), set()), "several": (("55001",), {DEE, EVE}),
        "shared": (("081234",), {ANA, KIM}),
    },
    "further_names": {
        "shared": (("Ruiz, Ana",), {ANA, KIM}), "other": (("Ben Okafor",), {BEN}),
        "nobody": ((), set()), "several": (("Kim Lee",), {DEE, EVE}),
    },
}  # fmt: skip
DECIDE = frozenset({"email", "account", "platform_id"})
POINTS = tuple(product(*(EACH[key] for key in EACH)))


def right(words: tuple[str, ...]) -> tuple[set[str], bool]:
    """Return who is asked about a row, and whether it is decided: by the cells' own people."""
    named = {key: EACH[key][word][1] for key, word in zip(EACH, words, strict=True)}
    named = {key: people for key, people in named.items() if people}
    if not named:
        return set(), False
    common = set.intersection(*named.values())
    identified = any(len(people) == 1 for key, people in named.items() if key in DECIDE)
    return common or set.union(*named.values()), bool(common) and identified


def test_every_key_of_a_row_is_held_against_every_other_whoever_it_names() -> None:
    directory = Directory(TOGETHER, licenses=HELD, further_emails=FURTHER)
    kinds = set()
    for words in POINTS:
        cells: dict[str, Any] = {
            key: EACH[key][word][0] for key, word in zip(EACH, words, strict=True)
        }
        (found,) = attribute([replace(row("iPad"), **cells)], directory, names_decide=True)
        people, decided = right(words)
        assert {each.participant for each in found.claims} == people, words
        assert bool(found.sure_of) == decided, words
        kinds.add((len(people) > 1, bool(people), decided))
    assert len(POINTS) == 5 * 5 * 3 * 5 * 4
    assert kinds == {
        (False, True, True), (False, True, False), (True, True, False), (False, False, False),
    }  # fmt: skip


# A platform's id points to whoever is known by it in other rows.

KNOWN_BY = {
    "same": (ANA,),
    "other": (BEN,),
    "nobody": (),
    "several": (BEN, CHO),
    "shared": (ANA, BEN),
}
SHOWN = {"same": "Ana Ruiz", "other": "Ben Okafor", "nobody": "iPad"}
ADDRESS = {"same": ANA, "other": BEN, "none": "", "nobody": "x@example.net"}


@pytest.mark.parametrize("known", KNOWN_BY)
@pytest.mark.parametrize("key", ["platform_id", "account"])
def test_an_id_that_others_rows_explain_is_held_against_the_name_and_yields_to_an_address(
    key: str, known: str
) -> None:
    used = "p-9" if key == "platform_id" else "room@uni.example"
    others = [replace(row("x", each), **{key: used}) for each in KNOWN_BY[known]]  # type: ignore[arg-type]
    for shown, email in product(SHOWN, ADDRESS):
        asked = replace(row(SHOWN[shown], ADDRESS[email]), **{key: used})  # type: ignore[arg-type]
        found = attribute([asked, *others], Directory(REGISTERED))[0]
        name = {"same": {ANA}, "other": {BEN}, "nobody": set()}[shown]
        by_address = {ANA, BEN} & {ADDRESS[email]}
        # Whose address it is stands in the row itself; what other rows say does not unsay it.
        said = [by_address or set(KNOWN_BY[known]), name]
        named = [each for each in said if each]
        common = set.intersection(*named) if named else set()
        people = common or set().union(*named)
        sure = bool(common) and (bool(by_address) or len(KNOWN_BY[known]) == 1)
        assert {each.participant for each in found.claims} == people, (shown, email)
        assert bool(found.sure_of) == sure, (shown, email)
