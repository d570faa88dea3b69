"""Collecting: from what was read to everybody's rulings, and what is refused as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.course.course import AttendanceRule, Course, NamePolicy
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.attendance import AttendanceStatus, Stay
from cecert.domain.evidence.collection import (
    Collection,
    Participant,
    Registrant,
    Report,
    SourceRecord,
)
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.evidence.questions import OverrideAct, QuestionKind, questions_of
from cecert.domain.people.person import License
from cecert.domain.values.intervals import Interval
from cecert.errors import ConfigurationError, InputError
from cecert.testing import sample_course
from cecert.workflows.collect.collect import Aside, Gathered, collect
from cecert.workflows.collect.lists import Lists

ANA, BEN, CHO = "ana@example.org", "ben@example.org", "cho@example.org"
PEOPLE = (
    Registrant("Ana Ruiz", ANA, credentials=("ny-social-work",), place="reg.csv: row 2"),
    Registrant("Ben Okafor", BEN, place="reg.csv: row 3"),
    Registrant("Cho Min-ji", CHO, place="reg.csv: row 4"),
)
WHOLE = (-3, 200)


def course() -> Course:
    return replace(sample_course(), attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300))


def row(
    name: str, email: str = "", day: int = 0, minutes: tuple[int, int] = WHOLE, line: int = 2
) -> Connection:
    start = course().sessions[day].start.astimezone(UTC)
    first, last = (start + timedelta(minutes=each) for each in minutes)
    file = f"day{day + 1}.csv"
    stay = Stay((first, first), (last, last), file=file, line=line, shown_name=name)
    return Connection(name, email, "", stay)


def report(*rows: Connection, name: str = "day1.csv", occurrence: str = "") -> Report:
    kept = SourceRecord(name, name + "".join(each.mark for each in rows), "attendance", "zoom", 100)
    return Report(kept, rows, occurrence)


def full(day: int) -> tuple[Connection, ...]:
    return tuple(
        row(each.name, each.email, day, line=place) for place, each in enumerate(PEOPLE, 2)
    )


def gathered(*reports: Report, **about: object) -> Gathered:
    given_ = reports or (report(*full(0)), report(*full(1), name="day2.csv"))
    return replace(Gathered(PEOPLE, given_), **about)  # type: ignore[arg-type]


def told(collection: Collection) -> tuple[str, ...]:
    """Return the notes, without those of what these courses ask for and nobody gave."""
    return tuple(each for each in collection.notes if not each.startswith("nothing that was given"))


def person(collection: Collection, identity: str) -> Participant:
    return next(each for each in collection.participants if each.identity == identity)


def faults(gathered_: Gathered) -> list[str]:
    with pytest.raises(InputError) as refused:
        collect(course(), gathered_)
    return [str(each) for each in refused.value.faults]


def test_everybody_who_was_there_met_every_session_in_the_registrations_order() -> None:
    found = collect(course(), gathered()).participants
    assert [each.identity for each in found] == [ANA, BEN, CHO]
    assert {each.attended for each in found} == {("day-1", "day-2")}
    assert {(each.status, each.review) for each in found} == {(AttendanceStatus.MET, "")}


def test_nobody_who_registered_is_dropped_and_no_connection_either() -> None:
    stranger = row("Joan Lesser", "joan@example.edu", line=9)
    found = collect(
        course(), gathered(report(*full(0)[:1], stranger), report(*full(1), name="day2.csv"))
    )
    assert len(found.participants) == len(PEOPLE)
    assert person(found, BEN).status is AttendanceStatus.NO_EVIDENCE
    assert [each.connection for each in found.nobody] == [stranger]


def test_the_course_is_as_good_as_its_worst_session_and_open_questions_stand_in_review() -> None:
    rows = (row("Ana", ANA, minutes=(20, 200)), *full(0)[1:])
    second = (row("Ana Ruiz", "", 1), *full(1)[1:])
    ana = person(collect(course(), gathered(report(*rows), report(*second, name="day2.csv"))), ANA)
    assert (ana.status, ana.attended) == (AttendanceStatus.NOT_MET, ())
    assert (
        ana.review == "day-2: There is no other connection on October 29. It fits by full name "
        "alone, which does not decide. There is no e-mail address with it."
    )


def test_a_course_without_a_rule_is_refused_with_what_to_write() -> None:
    with pytest.raises(ConfigurationError) as refused:
        collect(sample_course(), gathered())
    assert "[requirements.attendance]" in refused.value.hint


def test_a_file_given_twice_is_used_once_and_said_so() -> None:
    first = report(*full(0))
    again = replace(first, file=replace(first.file, name="day1 (1).csv"))
    found = collect(course(), gathered(first, again, report(*full(1), name="day2.csv")))
    assert "day1 (1).csv is the same file as day1.csv; used once" in found.notes


def test_a_row_in_two_exports_counts_once() -> None:
    more = row("Joan", line=40)
    reports = (report(*full(0)), report(*full(0), more, name="copy.csv"))
    found = collect(course(), gathered(*reports, report(*full(1), name="day2.csv")))
    assert len(person(found, ANA).rulings[0].attendance.stays) == 1


def test_two_different_exports_of_one_meeting_are_refused() -> None:
    one = report(*full(0), occurrence="885 2020-10-22T12:57:00")
    other = report(*full(0)[1:], name="edited.csv", occurrence="885 2020-10-22T12:57:00")
    told = faults(gathered(one, other, report(*full(1), name="day2.csv")))
    (fault,) = told
    assert fault.startswith("edited.csv: is another export of the meeting that day1.csv reports")


def test_two_exports_of_one_meeting_with_the_same_rows_are_fine() -> None:
    one = report(*full(0), occurrence="885 x")
    other = replace(one, file=replace(one.file, name="again.csv", sha256="other"))
    found = collect(course(), gathered(one, other, report(*full(1), name="day2.csv")))
    assert {each.status for each in found.participants} == {AttendanceStatus.MET}


TWICE = (
    "day1.csv and edited.csv look like two exports of one meeting on day-1: 3 people are in both "
    "at the same time, and the rows differ. Both were counted together; if one is older or was "
    "changed, collect again without it"
)


def test_two_different_exports_that_do_not_say_of_which_meeting_are_told_of() -> None:
    edited = [row(each.name, each.email, minutes=(-3, 190)) for each in PEOPLE]
    reports = (report(*full(0)), report(*edited, name="edited.csv"))
    found = collect(course(), gathered(*reports, report(*full(1), name="day2.csv")))
    assert TWICE in found.notes


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(full(0)[1:], id="an earlier export, all of it in the later one"),
        pytest.param(
            [row(each.name, each.email, minutes=(201, 210)) for each in PEOPLE],
            id="the meeting started again",
        ),
        pytest.param(
            [row("Ana Ruiz", ANA, minutes=(5, 20)), row("Dee"), row("Eve")],
            id="one person on two platforms",
        ),
    ],
)
def test_two_reports_of_one_session_that_complete_each_other_are_not_told_of(
    second: Sequence[Connection],
) -> None:
    reports = (report(*full(0)), report(*second, name="edited.csv"))
    found = collect(course(), gathered(*reports, report(*full(1), name="day2.csv")))
    assert not [each for each in found.notes if "two exports" in each]


def test_a_session_that_no_report_is_of_makes_nobody_absent() -> None:
    (told,) = faults(gathered(report(*full(0))))
    assert told == (
        "session day-2: no report has a connection on October 29, 2020; day1.csv is of day-1 "
        "(give its report with --attendance)"
    )


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(-1, "it is still ahead: collect when it is over, after October 29, 2020, 16:15"),
     (0, "give its report with --attendance")],
)  # fmt: skip
def test_a_session_without_a_report_may_be_still_ahead(minutes: int, told: str) -> None:
    now = course().sessions[1].end + timedelta(minutes=minutes)
    with pytest.raises(InputError) as refused:
        collect(course(), gathered(report(*full(0))), now=now)
    (fault,) = refused.value.faults
    assert fault.remedy.startswith(told)


def test_a_report_of_another_day_is_refused() -> None:
    elsewhere = [row("Ana", ANA, minutes=(60 * 24, 60 * 27))]
    told = faults(
        gathered(
            report(*full(0)), report(*full(1), name="day2.csv"), report(*elsewhere, name="x.csv")
        )
    )
    assert len(told) == 1
    assert told[0].startswith("x.csv: has nothing from 30 minutes before to 120 minutes after")
    assert "October 23, 2020, 13:00:00" in told[0]


def test_a_report_in_the_wrong_zone_is_refused_with_the_zone_to_say() -> None:
    moved = [row(each.name, each.email, minutes=(300, 495)) for each in PEOPLE]
    told = faults(gathered(report(*moved), report(*full(1), name="day2.csv")))
    assert told[0] == (
        "day1.csv: ZONE_SUSPECT: its times fit the sessions only if they are moved by 5 h earlier "
        "(say --timezone Europe/London)"
    )


def test_a_report_that_states_its_zone_is_not_suspected() -> None:
    moved = [row(each.name, each.email, minutes=(300, 495)) for each in PEOPLE]
    stated = replace(report(*moved), zone_stated=True)
    found = collect(course(), gathered(stated, report(*full(1), name="day2.csv")))
    assert {each.status for each in found.participants} == {AttendanceStatus.NOT_MET}


def test_a_shift_that_no_known_zone_explains_is_told_as_such() -> None:
    moved = [row(each.name, each.email, minutes=(375, 570)) for each in PEOPLE]
    told = faults(gathered(report(*moved), report(*full(1), name="day2.csv")))
    assert (
        "moved by 6 h 15 min earlier (say --timezone with the zone it was exported in)" in told[0]
    )


def test_a_report_without_a_connection_is_refused() -> None:
    told = faults(
        gathered(report(*full(0)), report(*full(1), name="day2.csv"), report(name="x.csv"))
    )
    assert told[0].startswith("x.csv: 'zoom' has no row that is a connection")


def test_somebody_registered_twice_is_refused_with_both_rows() -> None:
    twice = (*PEOPLE, replace(PEOPLE[0], place="reg.csv: row 9"))
    (told,) = faults(gathered(registrants=twice))
    assert told.startswith("reg.csv: row 9: 'ana@example.org' is registered twice")
    assert "reg.csv: row 2" in told


def test_two_people_at_one_address_are_told_apart_and_both_asked_about() -> None:
    couple = (
        Registrant("Ruth Abel", "abel@example.org"),
        Registrant("Jonah Abel", "Abel@example.org"),
    )
    rows = [row("Ruth & Jonah", "abel@example.org", day) for day in (0, 1)]
    reports = (report(*full(0), rows[0]), report(*full(1), rows[1], name="day2.csv"))
    found = collect(course(), gathered(*reports, registrants=(*PEOPLE, *couple)))
    ruth, jonah = found.participants[-2:]
    assert ruth.identity != jonah.identity
    assert {ruth.status, jonah.status} == {AttendanceStatus.REVIEW}
    (asked,) = questions_of(found)
    assert (asked.kind, len(asked.participants)) == (QuestionKind.SHARED, 2)
    assert any("share abel@example.org" in note for note in found.notes)


def decided(kind: OverrideKind = OverrideKind.DECISION, **about: object) -> Override:
    made: dict[str, object] = {"by": "M", "at": datetime(2020, 11, 2, tzinfo=UTC), "why": "w"}
    return Override(kind, place="o.toml: override 1", **(made | about))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("override", "told"),
    [
        (
            decided(participant="x@example.org", session="day-1", status=AttendanceStatus.MET),
            "'x@example.org' is nobody who registered",
        ),
        (
            decided(participant=ANA, session="day-9", status=AttendanceStatus.MET),
            "'day-9' is no session",
        ),
        (
            decided(OverrideKind.LINK, participant=ANA, connection="day1.csv:99"),
            "'day1.csv:99' is no row of any report",
        ),
    ],
)
def test_an_override_about_nobody_or_nothing_is_refused(override: Override, told: str) -> None:
    (fault,) = faults(gathered(overrides=(override,)))
    assert fault.startswith(f"o.toml: override 1: {told}")


def test_one_alias_for_two_people_is_refused() -> None:
    overrides = tuple(
        decided(OverrideKind.ALIAS, participant=each, alias="Studio") for each in (ANA, BEN)
    )
    (fault,) = faults(gathered(overrides=overrides))
    assert fault.endswith("'Studio' is already ana@example.org's alias")


def test_every_fault_of_all_files_is_told_at_once() -> None:
    twice = (*PEOPLE, replace(PEOPLE[0], place="reg.csv: row 9"))
    override = decided(participant="x", session="day-1", status=AttendanceStatus.MET)
    told = faults(gathered(report(*full(0)), registrants=twice, overrides=(override,)))
    assert len(told) == 3


def test_a_suggestion_makes_a_question_and_an_unlink_ends_it() -> None:
    magda = Registrant("Magdalena Dworzak", "m@example.org")
    known = row("Magdalena", "m@example.org", 1, line=9)
    short = row("Magda D.", line=27)
    reports = (report(*full(0), short), report(*full(1), known, name="day2.csv"))
    people = (*PEOPLE, magda)
    asked = collect(course(), gathered(*reports, registrants=people))
    assert person(asked, "m@example.org").status is AttendanceStatus.REVIEW
    (question,) = questions_of(asked)
    assert question.text == "Is the connection “Magda D.” on October 22 Magdalena Dworzak?"
    denied = decided(OverrideKind.UNLINK, participant="m@example.org", connection="day1.csv:27")
    after = collect(course(), gathered(*reports, registrants=people, overrides=(denied,)))
    assert person(after, "m@example.org").status is AttendanceStatus.NO_EVIDENCE
    assert questions_of(after) == ()


def at(day: int) -> datetime:
    return datetime(2020, 10, day, 9, tzinfo=UTC)


def test_lists_go_to_their_people_the_first_response_counts_and_strangers_are_listed() -> None:
    lists = Lists(
        evaluation=(
            Done(ANA.upper(), at(31), place="e.csv: line 9"),
            Done(ANA, at(30), place="e.csv: line 2"),
            Done("x@example.net", at(30), place="e.csv: line 3"),
            Done("", at(30), place="e.csv: line 4"),
        ),
        attestation=(Done(BEN, date(2020, 10, 30), place="a.csv: row 2"),),
        post_test=(Done(ANA, score=Decimal(85), place="t.csv: row 2"),),
        visible=(Done(CHO, noted=False, place="v.csv: row 2"),),
    )
    found = collect(course(), gathered(lists=lists))
    assert person(found, ANA).evaluation == at(30)
    assert person(found, BEN).attestation == date(2020, 10, 30)
    assert person(found, ANA).post_test == Decimal(85)
    assert (person(found, CHO).visible, person(found, ANA).visible) == (False, None)
    assert found.unmatched == (
        "evaluation: e.csv: line 3: x@example.net is nobody's who registered",
        "evaluation: e.csv: line 4: a row without an address is nobody's who registered",
        "evaluation: e.csv: line 9: ANA@EXAMPLE.ORG again; e.csv: line 2 counts",
    )


def test_an_alias_address_leads_a_response_to_its_person() -> None:
    alias = decided(OverrideKind.ALIAS, participant=ANA, alias="ana@home.example")
    lists = Lists(evaluation=(Done("ana@home.example", at(30)),))
    assert person(collect(course(), gathered(lists=lists, overrides=(alias,))), ANA).evaluation


def test_what_stands_under_a_shared_address_alone_is_a_question_to_each_who_has_it() -> None:
    couple = (Registrant("Ruth", "abel@example.org"), Registrant("Jonah", "abel@example.org"))
    lists = Lists(
        evaluation=(Done("abel@example.org", at(30), place="e.csv: line 2"),),
        attestation=(Done("abel@example.org", said=Said.NO, place="a.csv: line 2"),),
    )
    found = collect(course(), gathered(lists=lists, registrants=(*PEOPLE, *couple)))
    why = "its address is shared by Ruth and Jonah, and nothing else tells; whose it is must be"
    assert found.unmatched[0].startswith(f"evaluation: e.csv: line 2: {why}")
    for each in found.participants[-2:]:
        assert [held.purpose for held in each.held] == ["evaluation"]
        assert each.held[0].why.startswith(why)
        assert each.evaluation is None


def test_who_registered_twice_with_one_licence_is_told_before_the_list_is_refused() -> None:
    licensed = {"licenses": (License("NY", "LCSW", "081234"),)}
    people = (
        replace(PEOPLE[0], **licensed),  # type: ignore[arg-type] # by key
        *PEOPLE[1:],
        Registrant("Ana Ruiz, LCSW", "ana@home.example", place="reg.csv: row 5", **licensed),  # type: ignore[arg-type] # by key
        Registrant("Bo Ruiz", "bo@example.org", place="reg.csv: row 6", **licensed),  # type: ignore[arg-type] # by key
    )
    (note,) = told(collect(course(), gathered(registrants=people)))
    assert note.startswith(
        "reg.csv: row 5: Ana Ruiz, LCSW has the name and licence of reg.csv: row 2, under another"
    )


def test_whom_first_and_last_time_alone_bound_is_asked_about_for_that_reason() -> None:
    known = row("Ana", ANA)
    first, last = known.stay.joined[0], known.stay.left[1]  # type: ignore[index] # it has one
    bound = replace(known, stay=replace(known.stay, joined=(first, last), left=(last, last)))
    found = collect(
        course(), gathered(report(bound, *full(0)[1:]), report(*full(1), name="day2.csv"))
    )
    (question,) = questions_of(found)
    assert question.why[0] == (
        "The report tells its first and last time alone: gaps between them cannot be seen."
    )
    assert not any("not exact enough" in each for each in question.why)


def test_what_the_course_asks_for_and_no_file_tells_of_is_named_with_the_option() -> None:
    needing = replace(
        course(), requirements=replace(course().requirements, post_test=Decimal(80), fee=True)
    )
    unsaid = "nothing that was given says "
    notes = [each for each in collect(needing, gathered()).notes if each.startswith(unsaid)]
    options = ("--evaluation", "--attestation", "--post-test", "--visibility", "--payment")
    assert len(notes) == len(options)
    assert all(option in note for option, note in zip(options, notes, strict=True))
    paid = (replace(PEOPLE[0], fee_paid=False), *PEOPLE[1:])
    lists = Lists(evaluation=(Done(BEN, OVER, place="e.csv: line 2"),))
    rest = collect(needing, gathered(registrants=paid, lists=lists)).notes
    assert [each for each in rest if "--evaluation" in each or "--payment" in each] == []


def scored(score: int, day: int, *, names: tuple[str, ...] = ()) -> Done:
    return Done(ANA, at(day), Decimal(score), place=f"t.csv: line {day}", names=names)


@pytest.mark.parametrize(
    ("scores", "counts"), [((60, 85, 100), 85), ((60, 70, 65), 70), ((85, 60, 90), 85)]
)
def test_the_first_test_that_passes_counts_else_the_best(
    scores: tuple[int, ...], counts: int
) -> None:
    asked = replace(course().credit_lines[0].requirements, post_test=Decimal(80))
    line = replace(course().credit_lines[0], requirements=asked)
    needing = replace(course(), credit_lines=(line, *course().credit_lines[1:]))
    tests = tuple(scored(each, day) for day, each in enumerate(scores, 1))
    found = collect(needing, gathered(lists=Lists(post_test=tests)))
    assert person(found, ANA).post_test == counts


def test_a_test_that_may_be_another_s_is_asked_about_where_ones_own_does_not_pass() -> None:
    asked = replace(course().credit_lines[0].requirements, post_test=Decimal(80))
    line = replace(course().credit_lines[0], requirements=asked)
    needing = replace(course(), credit_lines=(line, *course().credit_lines[1:]))
    other = scored(95, 5, names=("Ben Okafor",))
    failed = collect(needing, gathered(lists=Lists(post_test=(scored(60, 1), other))))
    assert [each.purpose for each in person(failed, ANA).held] == ["post_test"]
    passed = collect(needing, gathered(lists=Lists(post_test=(scored(85, 1), other))))
    assert person(passed, ANA).held == ()


@pytest.mark.parametrize("purpose", [*Lists.PURPOSES, "fee_paid"])
@pytest.mark.parametrize("telling", [{"names": ("Jonah Abel",)}, {"licenses": ("VT LICSW 55001",)}])
def test_who_shares_an_address_is_told_apart_by_the_row_as_a_question(
    purpose: str, telling: dict[str, tuple[str, ...]]
) -> None:
    couple = (
        Registrant("Ruth Abel", "abel@example.org"),
        Registrant("Jonah Abel", "abel@example.org", licenses=(License("VT", "LICSW", "55001"),)),
    )
    noted = purpose in {"visible", "fee_paid"}
    done = Done("abel@example.org", OVER, noted=True if noted else None, place="l.csv: row 2")
    lists = Lists(**{purpose: (replace(done, **telling),)})  # type: ignore[arg-type] # by key
    needing = replace(
        course(), requirements=replace(course().requirements, post_test=Decimal(80), fee=True)
    )
    found = collect(needing, gathered(lists=lists, registrants=(*PEOPLE, *couple)))
    ruth, jonah = found.participants[-2:]
    assert ([each.purpose for each in jonah.held], ruth.held) == ([purpose], ())
    assert "shared by Ruth Abel and Jonah Abel, and what else it says fits Jonah Abel" in (
        jonah.held[0].why
    )
    settled = decided(
        participant=jonah.identity, session=purpose, status=AttendanceStatus.MET,
        inputs=jonah.held[0].inputs,
    )  # fmt: skip
    after = collect(
        needing, gathered(lists=lists, registrants=(*PEOPLE, *couple), overrides=(settled,))
    )
    ruth, jonah = after.participants[-2:]
    counted = [each.evaluation or each.attestation or each.visible for each in (ruth, jonah)]
    if purpose in {"evaluation", "attestation", "visible"}:
        assert counted == [None, True if noted else OVER]


def test_a_row_counts_by_any_of_its_addresses_and_ids_that_is_a_registrants() -> None:
    people = (replace(PEOPLE[0], participant_id="00417"), *PEOPLE[1:])
    for key, further in (
        ("same as on my registration", (ANA,)),
        ("ana@home.example", ("", ANA)),
        ("417", (ANA,)),
        ("", ("00417",)),
    ):
        lists = Lists(evaluation=(Done(key, OVER, place="e.csv: line 2", further_keys=further),))
        found = collect(course(), replace(gathered(lists=lists), registrants=people))
        assert person(found, "00417").evaluation == OVER, key
        assert found.unmatched == ()


def test_both_addresses_of_a_registration_identify_in_reports_and_in_lists() -> None:
    people = (replace(PEOPLE[0], further_emails=("Ana@Home.example",)), *PEOPLE[1:])
    reports = (
        report(row("iPhone", "ana@home.example"), *full(0)[1:]),
        report(*full(1), name="day2.csv"),
    )
    lists = Lists(evaluation=(Done("ana@home.example", OVER, place="e.csv: line 2"),))
    ana = person(collect(course(), gathered(*reports, registrants=people, lists=lists)), ANA)
    assert (ana.status, ana.evaluation) == (AttendanceStatus.MET, OVER)


def test_a_second_address_that_is_another_registrants_is_a_question_to_both() -> None:
    people = (replace(PEOPLE[0], further_emails=(BEN,)), *PEOPLE[1:])
    rows = (row("iPhone", BEN, 0), row("iPhone", BEN, 1))
    reports = (report(full(0)[2], rows[0]), report(full(1)[2], rows[1], name="day2.csv"))
    found = collect(course(), gathered(*reports, registrants=people))
    assert {person(found, each).status for each in (ANA, BEN)} == {AttendanceStatus.REVIEW}
    (question,) = questions_of(found)
    assert question.kind is QuestionKind.SHARED


def test_a_response_under_nobodys_address_says_whose_name_is_in_it() -> None:
    lists = Lists(
        evaluation=(
            Done(BEN, OVER, place="e.csv: line 2"),
            Done("a@home.example", OVER, place="e.csv: line 3", names=("Ana Ruiz",)),
        )
    )
    found = collect(course(), gathered(lists=lists))
    assert person(found, ANA).evaluation is None
    (told,) = found.unmatched
    assert told.endswith(
        "line 3: a@home.example is nobody's who registered; it may be Ana Ruiz's (full name "
        "alone): if so, add an alias"
    )


def test_a_note_taker_is_named_as_such_in_notes_and_in_its_question() -> None:
    bot, other = row("Ana Ruiz's Otter.ai", ANA), row("AI Notetaker", line=9)
    reports = (report(bot, *full(0)[1:], other), report(*full(1), name="day2.csv"))
    found = collect(course(), gathered(*reports))
    takers = "day1.csv: “Ana Ruiz's Otter.ai” and “AI Notetaker” are note-takers, not a person's"
    assert [each.startswith(takers) for each in told(found)] == [True]
    assert person(found, ANA).status is AttendanceStatus.REVIEW
    (question,) = questions_of(found)
    assert "“Ana Ruiz's Otter.ai” is a note-taker: a program, which may be there alone." in (
        question.why
    )
    assert [each.connection for each in found.nobody] == [other]


def test_a_note_taker_costs_nobody_who_was_there_a_question() -> None:
    bots = [row("Ana Ruiz's Otter.ai", each, day, line=9) for each, day in (("", 0), (ANA, 1))]
    reports = (report(*full(0), bots[0]), report(*full(1), bots[1], name="day2.csv"))
    found = collect(course(), gathered(*reports))
    assert (person(found, ANA).status, questions_of(found)) == (AttendanceStatus.MET, ())


def test_the_name_that_a_report_or_a_form_spells_otherwise_is_a_hint_before_issue() -> None:
    people = (
        replace(PEOPLE[0], name="Anna Ruiz"),
        PEOPLE[1],
        replace(PEOPLE[2], name="cho min-ji"),
    )
    lists = Lists(
        evaluation=(Done(BEN, OVER, place="e.csv: line 2", names=("Ben Okafour",)),),
        attestation=(Done(ANA, OVER, place="a.csv: line 2", names=("Anna Ruiz",)),),
    )
    found = collect(course(), gathered(registrants=people, lists=lists))
    end = "certificates print the list's: if that is wrong, correct the list"
    assert told(found) == (
        f"reg.csv: row 2: 'Anna Ruiz' is spelled 'Ana Ruiz' at day1.csv:2; {end}",
        f"reg.csv: row 3: 'Ben Okafor' is spelled 'Ben Okafour' at e.csv: line 2; {end}",
        f"reg.csv: row 4: 'cho min-ji' is spelled 'Cho Min-ji' at day1.csv:4; {end}",
    )
    assert [each.registrant.name for each in found.participants] == [each.name for each in people]
    assert {each.status for each in found.participants} == {AttendanceStatus.MET}


def test_a_name_in_small_letters_or_capitals_alone_is_a_hint_by_itself() -> None:
    people = (replace(PEOPLE[0], name="ANA RUIZ", email="a@example.org"), *PEOPLE[1:])
    found = collect(course(), gathered(registrants=people))
    (note,) = told(found)
    assert note.startswith("reg.csv: row 2: 'ANA RUIZ' has small letters or capitals alone, and is")


def test_a_window_that_leaves_nothing_of_its_session_is_refused() -> None:
    start = course().sessions[0].end.astimezone(UTC)
    period = Interval(start, start + timedelta(hours=1))
    window = decided(OverrideKind.ACTUAL_WINDOW, session="day-1", period=period)
    (fault,) = faults(gathered(overrides=(window,)))
    assert fault.endswith("'day-1' has no required time in this period")


def test_a_connection_that_does_not_say_when_it_ended_is_asked_about() -> None:
    known = row("Ana", ANA)
    open_ = replace(known, stay=replace(known.stay, left=None))
    found = collect(
        course(), gathered(report(open_, *full(0)[1:]), report(*full(1), name="day2.csv"))
    )
    (question,) = questions_of(found)
    assert question.kind is QuestionKind.DECIDE
    assert question.why[0] == "The report does not say when the connection ended."
    assert {act.status for answer in question.answers for act in answer.acts} == {
        AttendanceStatus.MET,
        AttendanceStatus.NOT_MET,
    }


def test_a_stale_decision_is_asked_about_again() -> None:
    old = decided(participant=ANA, session="day-1", status=AttendanceStatus.MET, inputs="0" * 16)
    (question,) = questions_of(collect(course(), gathered(overrides=(old,))))
    assert question.why[0] == "M decided: w. The evidence has changed since."


def test_stamps_to_the_minute_that_leave_the_limit_open_are_asked_about() -> None:
    known = row("Ana", ANA, minutes=(10, 200))
    joined = (known.stay.joined[0], known.stay.joined[0] + timedelta(seconds=59))
    rough = replace(known, stay=replace(known.stay, joined=joined))
    found = collect(
        course(), gathered(report(rough, *full(0)[1:]), report(*full(1), name="day2.csv"))
    )
    (question,) = questions_of(found)
    assert "The report's times are not exact enough to tell." in question.why


def test_a_name_that_does_not_decide_is_asked_about_once_for_both_days() -> None:
    rows = [row("Ana Ruiz", "", day) for day in (0, 1)]
    reports = (report(rows[0], *full(0)[1:]), report(rows[1], *full(1)[1:], name="day2.csv"))
    (question,) = questions_of(collect(course(), gathered(*reports)))
    assert question.kind is QuestionKind.WHOSE
    kinds = [[act.kind for act in answer.acts] for answer in question.answers]
    assert kinds == [[OverrideKind.LINK] * 2, [OverrideKind.UNLINK] * 2]
    by_name = replace(course(), unique_name=NamePolicy.SURE)
    decided_by_name = collect(by_name, gathered(*reports))
    assert questions_of(decided_by_name) == ()


@settings(max_examples=20)
@given(st.permutations(range(3)), st.permutations(range(3)), st.booleans())
def test_the_order_of_rows_and_files_changes_no_ruling(
    first: Sequence[int], second: Sequence[int], swapped: bool
) -> None:
    one = report(*(full(0)[each] for each in first))
    two = report(*(full(1)[each] for each in second), name="day2.csv")
    reports = (two, one) if swapped else (one, two)
    shuffled = collect(course(), gathered(*reports))
    assert shuffled.participants == collect(course(), gathered()).participants


def test_a_device_that_fills_a_gap_is_asked_about_with_what_is_sure_without_it() -> None:
    known, phone = row("Ana", ANA, minutes=(-3, 72)), row("iPhone", minutes=(73, 200), line=44)
    rows = (known, phone, *full(0)[1:])
    reports = (report(*rows), report(*full(1), name="day2.csv"))
    (question,) = questions_of(collect(course(), gathered(*reports)))
    assert question.why[0] == "Without it 1 h 12 min 0 s of October 22 are sure."
    assert question.answers[1].follows == "attendance is not met on October 22."
    missing_too = (report(*rows), report(*full(1)[1:], name="day2.csv"))
    (question,) = questions_of(collect(course(), gathered(*missing_too)))
    assert "another day stays open or is not met" in question.answers[0].follows


def test_a_name_under_a_strange_address_says_so_in_its_question() -> None:
    strange = row("Ana Ruiz", "ana@work.example")
    reports = (report(strange, *full(0)[1:]), report(*full(1), name="day2.csv"))
    (question,) = questions_of(collect(course(), gathered(*reports)))
    assert "It fits by same name under another address, which does not decide." in question.why
    assert not any("no e-mail address" in each for each in question.why)


# What is handed in, and held

OVER = datetime(2020, 10, 30, 13, tzinfo=UTC)
DURING = datetime(2020, 10, 29, 18, 5, tzinfo=UTC)


def asking() -> Course:
    lines = tuple(
        replace(each, requirements=replace(each.requirements, attestation=True, evaluation=True))
        for each in course().credit_lines
    )
    return replace(course(), credit_lines=lines)


def asking_all() -> Course:
    required = replace(asking().requirements, post_test=Decimal(80), visible=True)
    return replace(asking(), requirements=required)


def handed(
    *rows: Done, purpose: str = "attestation", overrides: tuple[Override, ...] = ()
) -> Participant:
    # Cho's row keeps the file from being nobody's, whatever is asked about Ana.
    lists = Lists(**{purpose: (*rows, Done(CHO, OVER, place="a.csv: row 99"))})
    return person(collect(asking(), gathered(lists=lists, overrides=overrides)), ANA)


def attest(said: Said, moment: datetime | None = OVER, line: int = 2) -> Done:
    return Done(ANA, moment, place=f"a.csv: line {line}", said=said)


def settling(inputs: str, status: AttendanceStatus, purpose: str = "attestation") -> Override:
    return Override(
        OverrideKind.DECISION, "M. Example", OVER, "she wrote to us", ANA, purpose,
        status=status, inputs=inputs,
    )  # fmt: skip


@pytest.mark.parametrize("said", [Said.NO, Said.BLANK])
def test_a_no_and_a_blank_are_a_shortfall_and_no_question(said: Said) -> None:
    ana = handed(attest(said))
    assert (ana.attestation, ana.review, ana.status) == (None, "", AttendanceStatus.MET)


def test_what_cannot_be_told_is_a_question_and_counts_for_nothing_meanwhile() -> None:
    ana = handed(attest(Said.UNCLEAR))
    assert ana.attestation is None
    assert (ana.status, ana.attendance) == (AttendanceStatus.REVIEW, AttendanceStatus.MET)
    told = "attestation: the answer is neither a plain yes nor a no (a.csv: line 2)"
    assert ana.review == told


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ((attest(Said.NO), attest(Said.YES, OVER + timedelta(hours=1), 3)), True),
        ((attest(Said.UNCLEAR), attest(Said.YES, OVER + timedelta(hours=1), 3)), True),
        ((attest(Said.YES, DURING), attest(Said.YES, OVER, 3)), True),
        ((attest(Said.YES), attest(Said.NO, OVER + timedelta(hours=1), 3)), False),
        ((attest(Said.YES), attest(Said.UNCLEAR, OVER + timedelta(hours=1), 3)), False),
    ],
)
def test_a_later_yes_settles_a_doubt_and_a_later_doubt_unsettles_a_yes(
    rows: tuple[Done, ...], counts: bool
) -> None:
    ana = handed(*rows)
    assert (ana.attestation is not None, ana.review == "") == (counts, counts)


@pytest.mark.parametrize(
    ("purpose", "moment", "held"),
    [
        ("attestation", DURING, True),
        ("attestation", datetime(2020, 10, 29, 20, 14, 59, tzinfo=UTC), True),
        ("attestation", datetime(2020, 10, 29, 20, 15, tzinfo=UTC), False),
        ("attestation", date(2020, 10, 28), True),
        ("attestation", date(2020, 10, 29), False),
        ("evaluation", datetime(2020, 10, 29, 19, 59, 59, tzinfo=UTC), True),
        ("evaluation", datetime(2020, 10, 29, 20, tzinfo=UTC), False),
    ],
)
def test_what_is_dated_before_the_course_was_over_is_held_with_both_dates(
    purpose: str, moment: date | datetime, held: bool
) -> None:
    ana = handed(Done(ANA, moment, place="a.csv: line 2"), purpose=purpose)
    assert bool(ana.review) is held
    if held:
        assert "dated 2020-10-2" in ana.review
        assert "the last session ended on 2020-10-29 at 16:15" in ana.review


def test_nothing_is_held_that_no_credit_asks_for() -> None:
    lists = Lists(attestation=(attest(Said.UNCLEAR),))
    plain = replace(
        course(),
        requirements=replace(course().requirements, attestation=False),
        credit_lines=tuple(
            replace(each, requirements=replace(each.requirements, attestation=False))
            for each in course().credit_lines
        ),
    )
    assert person(collect(plain, gathered(lists=lists)), ANA).review == ""


def test_a_question_about_what_is_held_is_answered_by_a_decision_that_goes_stale() -> None:
    asked = gathered(lists=Lists(attestation=(attest(Said.UNCLEAR),)))
    (question,) = questions_of(collect(asking(), asked))
    assert question.kind is QuestionKind.HELD
    assert question.text == "Does Ana Ruiz plainly attest attendance of the whole course?"
    acts = [each.acts[0] for each in question.answers]
    assert [(act.session, act.status) for act in acts] == [
        ("attestation", AttendanceStatus.MET), ("attestation", AttendanceStatus.NOT_MET),
    ]  # fmt: skip
    (held,) = handed(attest(Said.UNCLEAR)).held
    yes = handed(attest(Said.UNCLEAR), overrides=(settling(held.inputs, AttendanceStatus.MET),))
    assert (yes.attestation, yes.review, yes.status) == (OVER, "", AttendanceStatus.MET)
    no = handed(attest(Said.UNCLEAR), overrides=(settling(held.inputs, AttendanceStatus.NOT_MET),))
    assert (no.attestation, no.review) == (None, "")
    later = attest(Said.UNCLEAR, OVER + timedelta(days=1))
    stale = handed(later, overrides=(settling(held.inputs, AttendanceStatus.MET),))
    assert stale.attestation is None
    assert "has changed since" in stale.review


def test_camera_notes_that_contradict_each_other_are_a_question() -> None:
    yes, no = (
        Done(ANA, noted=noted, place=f"v.csv: row {line}")
        for noted, line in ((True, 2), (False, 10))
    )
    ana = handed(yes, no, purpose="visible")
    assert (ana.visible, ana.status) == (None, AttendanceStatus.REVIEW)
    assert ana.review == "visible: v.csv: row 2 says yes, and here no (v.csv: row 10)"
    agreed = handed(no, replace(no, place="v.csv: row 11"), purpose="visible")
    assert (agreed.visible, agreed.review) == (False, "")
    settled = settling(ana.held[0].inputs, AttendanceStatus.NOT_MET, "visible")
    assert handed(yes, no, purpose="visible", overrides=(settled,)).visible is False


# Files that are nobody's


@pytest.mark.parametrize("purpose", Lists.PURPOSES)
def test_a_list_in_which_no_row_belongs_to_anybody_stops_everything(purpose: str) -> None:
    lists = Lists(**{purpose: (Done("x@example.org", OVER, place="l.csv: row 2"),)})
    (fault,) = faults(gathered(lists=lists))
    assert fault.startswith("l.csv: no row of this ")
    assert "belongs to anybody who registered" in fault
    # One row of somebody's, even one that counts for nothing, and it is this course's file.
    mine = Done(ANA, place="l.csv: row 3", said=Said.BLANK)
    both = Lists(**{purpose: (*getattr(lists, purpose), mine)})
    assert collect(course(), gathered(lists=both)).participants


def test_each_file_of_several_is_looked_at_by_itself() -> None:
    good, bad = Done(ANA, OVER, place="a.csv: row 2"), Done("x@x.org", OVER, place="b.csv: row 2")
    assert [
        each.split(":")[0] for each in faults(gathered(lists=Lists(evaluation=(good, bad))))
    ] == ["b.csv"]


def test_ids_that_lost_their_zeros_are_shown_beside_those_they_may_be() -> None:
    people = (replace(PEOPLE[0], participant_id="00417"), *PEOPLE[1:])
    lists = Lists(visible=(Done("417", noted=True, place="v.csv: row 2"),))
    (fault,) = faults(replace(gathered(lists=lists), registrants=people))
    assert "did a spreadsheet take the zeros? 417 is 00417" in fault
    near = Lists(visible=(*lists.visible, Done(BEN, noted=True, place="v.csv: row 3")))
    found = collect(course(), replace(gathered(lists=near), registrants=people))
    assert person(found, "00417").visible is None
    (told,) = found.unmatched
    assert told.startswith("visible: v.csv: row 2: 417 is nobody's who registered; 00417 is: ")


def test_a_second_id_of_a_lists_row_that_lost_its_zeros_is_shown_too() -> None:
    people = (replace(PEOPLE[0], participant_id="00417"), *PEOPLE[1:])
    done = Done("ana@home.org", OVER, place="e.csv: row 2", further_keys=("417",))
    (fault,) = faults(replace(gathered(lists=Lists(evaluation=(done,))), registrants=people))
    assert "did a spreadsheet take the zeros? 417 is 00417" in fault


@pytest.mark.parametrize("key", ["platform_id", "registrant_id"])
@pytest.mark.parametrize("named", [True, False])
def test_a_report_whose_ids_lost_their_zeros_stops_everything_with_the_ids_they_may_be(
    key: str, named: bool
) -> None:
    def changed(place: int, name: str) -> Connection:
        given_ = row(name if named else "iPhone", line=place)
        number = f"40{place}"
        if key == "platform_id":
            return replace(given_, platform_id=number)
        return replace(given_, registrant_id=number)

    rows = [changed(place, each.name) for place, each in enumerate(PEOPLE)]
    people = tuple(replace(each, participant_id=f"0040{n}") for n, each in enumerate(PEOPLE))
    second = report(*full(1), name="day2.csv")
    (fault,) = faults(replace(gathered(report(*rows), second), registrants=people))
    assert fault == (
        "day1.csv: no row of this attendance report surely belongs to anybody who registered ("
        "did a spreadsheet take the zeros? 400 is 00400, 401 is 00401, 402 is 00402)"
    )


def test_of_a_report_that_has_rows_of_others_ids_that_lost_their_zeros_are_told_and_nobodys() -> (
    None
):
    people = (replace(PEOPLE[0], participant_id="00417"), *PEOPLE[1:])
    short = replace(row("iPhone", line=2), platform_id="417.0")
    first = report(short, *full(0)[1:])
    given_ = replace(gathered(first, report(*full(1), name="day2.csv")), registrants=people)
    found = collect(course(), given_)
    told = "day1.csv: ids that nobody registered with: did a spreadsheet take the zeros? "
    assert f"{told}417.0 is 00417" in found.notes
    assert [each.connection for each in found.nobody] == [short]
    assert person(found, "00417").rulings[0].status is AttendanceStatus.NO_EVIDENCE


def test_an_id_that_somebody_has_as_it_stands_lost_no_zeros() -> None:
    people = (
        replace(PEOPLE[0], participant_id="00417"),
        replace(PEOPLE[1], participant_id="417"),
        *PEOPLE[2:],
    )
    short = replace(row("iPhone", line=9), platform_id="417")
    first = report(short, *full(0))
    given_ = replace(gathered(first, report(*full(1), name="day2.csv")), registrants=people)
    found = collect(course(), given_)
    assert not any("zeros" in each for each in found.notes)
    assert short in [each.connection for each in person(found, "417").attributions]


def test_an_override_about_an_id_that_lost_its_zeros_is_told_the_id_it_may_be() -> None:
    people = (replace(PEOPLE[0], participant_id="00417"), *PEOPLE[1:])
    about = decided(participant="417", session="day-1", status=AttendanceStatus.MET)
    (fault,) = faults(replace(gathered(overrides=(about,)), registrants=people))
    assert "417" in fault
    assert fault.endswith("(did a spreadsheet take the zeros? 417 is 00417)")


def test_a_report_of_nobody_who_registered_stops_everything() -> None:
    strangers = report(row("Xu Wei", "xu@example.org", 1), name="day2.csv")
    assert (
        "no row of this attendance report belongs to anybody"
        in faults(gathered(report(*full(0)), report(*full(1), name="d.csv"), strangers))[0]
    )


def test_registrations_without_a_candidate_stop_everything() -> None:
    staff = tuple(replace(each, role="staff") for each in PEOPLE)
    (fault,) = faults(replace(gathered(), registrants=staff))
    assert fault.startswith("reg.csv: no row is a candidate: their roles are staff")


def shared_device(day: int, line: int = 9) -> Connection:
    """Return a row of Ben's, on a device that is signed in as Ana."""
    return row("Ben Okafor", ANA, day, line=line)


def on_one_device() -> Gathered:
    rows = [(shared_device(day), full(day)[2]) for day in (0, 1)]
    return gathered(report(*rows[0]), report(*rows[1], name="day2.csv"))


def test_who_joins_on_anothers_device_makes_a_question_to_both_and_decides_for_neither() -> None:
    found = collect(course(), on_one_device())
    assert {each: person(found, each).status for each in (ANA, BEN, CHO)} == {
        ANA: AttendanceStatus.REVIEW, BEN: AttendanceStatus.REVIEW, CHO: AttendanceStatus.MET,
    }  # fmt: skip
    (asked,) = questions_of(found)
    assert [each.identity for each in asked.participants] == [ANA, BEN]
    assert (
        "The connection fits more than one person: one row that names several registrants "
        "(e-mail address and full name alone)."
    ) in asked.why


def test_the_answer_that_one_alone_was_there_gives_the_rows_to_that_one() -> None:
    (asked,) = questions_of(collect(course(), on_one_device()))
    (only,) = (each for each in asked.answers if each.label == "Only Ben Okafor")
    given_ = tuple(
        decided(act.kind, participant=act.participant, connection=act.connection, inputs=act.inputs)
        for act in only.acts
    )
    found = collect(course(), replace(on_one_device(), overrides=given_))
    assert {each: person(found, each).status for each in (ANA, BEN)} == {
        ANA: AttendanceStatus.NO_EVIDENCE, BEN: AttendanceStatus.MET,
    }  # fmt: skip
    assert questions_of(found) == ()


def test_who_was_there_by_other_rows_is_not_asked_about_a_contradiction() -> None:
    rows = [(shared_device(day), *full(day)[1:]) for day in (0, 1)]
    found = collect(course(), gathered(report(*rows[0]), report(*rows[1], name="day2.csv")))
    assert (person(found, ANA).status, person(found, BEN).status) == (
        AttendanceStatus.REVIEW,
        AttendanceStatus.MET,
    )
    (asked,) = questions_of(found)
    assert asked.text == "Is the connection “Ben Okafor” on October 22 and October 29 Ana Ruiz?"


def answered(key: str, **about: object) -> Done:
    place = about.pop("place", "e.csv: line 2")
    return Done(key, at(30), noted=True, score=Decimal(90), place=str(place), **about)  # type: ignore[arg-type]


OTHERS = [
    pytest.param({"names": ("Ben Okafor",)}, "full name alone", id="name"),
    pytest.param({"names": ("Okafor, Ben | Clinic",)}, "name with more beside it", id="in a name"),
    pytest.param({"further_keys": (BEN,)}, "e-mail address", id="second address"),
    pytest.param({"licenses": ("MA LICSW 114455",)}, "licence", id="licence"),
]
LICENSED = (
    replace(PEOPLE[0], licenses=(License("NY", "LCSW", "081234"),)),
    replace(PEOPLE[1], licenses=(License("MA", "LICSW", "114455"),)),
    PEOPLE[2],
)


@pytest.mark.parametrize("purpose", Lists.PURPOSES)
@pytest.mark.parametrize(("about", "why"), OTHERS)
def test_a_response_that_names_another_than_its_address_is_a_question_to_both(
    purpose: str, about: dict[str, object], why: str
) -> None:
    lists = replace(Lists(), **{purpose: (answered(ANA, **about),)})
    found = collect(asking_all(), gathered(lists=lists, registrants=LICENSED))
    told = (
        f"one row that names several registrants (e-mail address"
        f"{'' if why == 'e-mail address' else f' and {why}'}): Ana Ruiz and Ben Okafor; "
        "whose it is must be decided"
    )
    for who in (ANA, BEN):
        assert getattr(person(found, who), purpose) is None
        assert person(found, who).review == f"{purpose}: {told} (e.csv: line 2)"
    assert person(found, CHO).review == ""
    assert found.unmatched == (f"{purpose}: e.csv: line 2: {told}",)
    asked = questions_of(found)
    assert [each.kind for each in asked] == [QuestionKind.HELD] * 2
    assert [each.participants[0].identity for each in asked] == [ANA, BEN]
    assert {each.why for each in asked} == {(f"{told[0].upper()}{told[1:]} (e.csv: line 2).",)}


def contested(purpose: str, *rows: Done, overrides: tuple[Override, ...] = ()) -> Collection:
    lists = replace(Lists(), **{purpose: rows})
    about = gathered(lists=lists, registrants=LICENSED, overrides=overrides)
    return collect(asking_all(), about)


@pytest.mark.parametrize("purpose", Lists.PURPOSES)
def test_an_answer_gives_a_row_that_names_two_to_one_of_them_or_to_nobody(purpose: str) -> None:
    row_ = answered(ANA, names=("Ben Okafor",))
    asked = questions_of(contested(purpose, row_))
    (anas_yes, anas_no), (bens_yes, bens_no) = (
        [it.acts[0] for it in each.answers] for each in asked
    )

    def after(*acts: OverrideAct) -> Collection:
        given_ = tuple(
            replace(settling(act.inputs, act.status, act.session), participant=act.participant)
            for act in acts
            if act.status is not None
        )
        return contested(purpose, row_, overrides=given_)

    bens = after(anas_no, bens_yes)
    expected = getattr(row_, {"post_test": "score", "visible": "noted"}.get(purpose, "moment"))
    assert getattr(person(bens, BEN), purpose) == expected
    assert getattr(person(bens, ANA), purpose) in {None, False}
    assert {person(bens, each).review for each in (ANA, BEN)} == {""}
    assert (bens.unmatched, questions_of(bens)) == ((), ())

    nobodys = after(anas_no, bens_no)
    assert getattr(person(nobodys, BEN), purpose) in {None, False}
    assert (len(nobodys.unmatched), questions_of(nobodys)) == (1, ())

    half = after(anas_yes)
    assert getattr(person(half, ANA), purpose) == expected
    assert (person(half, ANA).review, bool(person(half, BEN).review)) == ("", True)


def test_a_decision_about_a_row_that_names_two_is_stale_when_it_names_others() -> None:
    (ana, _) = questions_of(contested("evaluation", answered(ANA, names=("Ben Okafor",))))
    yes = settling(ana.answers[0].acts[0].inputs, AttendanceStatus.MET, "evaluation")
    other = contested("evaluation", answered(ANA, names=("Cho Min-ji",)), overrides=(yes,))
    assert person(other, ANA).evaluation is None
    assert "has changed since" in person(other, ANA).review


@pytest.mark.parametrize("said", [Said.NO, Said.BLANK])
def test_a_row_that_names_two_and_says_nothing_for_either_is_no_question(said: Said) -> None:
    found = contested("attestation", answered(ANA, names=("Ben Okafor",), said=said))
    assert {person(found, each).review for each in (ANA, BEN)} == {""}
    assert found.unmatched == ()


def test_a_no_on_camera_that_names_two_is_no_question_but_is_told() -> None:
    found = contested("visible", replace(answered(ANA, names=("Ben Okafor",)), noted=False))
    assert {person(found, each).review for each in (ANA, BEN)} == {""}
    assert {person(found, each).visible for each in (ANA, BEN)} == {None}
    assert len(found.unmatched) == 1


def test_a_later_no_that_may_be_anothers_unsettles_a_yes_of_their_own() -> None:
    own = answered(BEN, place="e.csv: line 3")
    later = answered(ANA, names=("Ben Okafor",), said=Said.NO)
    later = replace(later, moment=at(31))
    ben = person(contested("attestation", own, later), BEN)
    assert ben.attestation is None
    assert ben.review.startswith(
        "attestation: the yes at e.csv: line 3 is followed by what is none; one row that names "
    )
    assert ben.review.endswith("(e.csv: line 2)")


def test_a_row_that_names_two_and_is_early_is_held_for_both_reasons() -> None:
    early = replace(answered(ANA, names=("Ben Okafor",)), moment=DURING)
    ana = person(contested("attestation", early), ANA)
    assert ana.attestation is None
    assert "dated 2020-10-29 14:05" in ana.review
    assert "one row that names several registrants" in ana.review
    assert len(ana.held) == 1


def test_what_is_held_of_ones_own_and_what_names_two_is_one_question_with_both_places() -> None:
    own = answered(ANA, place="e.csv: line 3", said=Said.UNCLEAR)
    both = answered(ANA, names=("Ben Okafor",), said=Said.UNCLEAR)
    (held,) = person(contested("attestation", own, both), ANA).held
    assert held.place == "e.csv: line 3"
    assert "; e.csv: line 2: one row that names several registrants" in held.why


def test_a_list_in_which_every_row_names_two_is_this_courses_and_a_name_alone_is_not() -> None:
    assert contested("visible", answered(ANA, names=("Ben Okafor",))).participants
    named = Lists(visible=(answered("x@example.org", names=("Ben Okafor",)),))
    (fault,) = faults(gathered(lists=named))
    assert "belongs to anybody who registered" in fault


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"names": ("Ana Ruiz",), "licenses": ("NY LCSW 081234",)},
        {
            "names": ("A. Ruiz-Lopez",),
            "licenses": ("yes, 99999",),
            "further_keys": ("x@y.example",),
        },
    ],
)
def test_a_response_whose_every_key_is_the_same_persons_or_nobodys_counts(
    about: dict[str, object],
) -> None:
    lists = Lists(evaluation=(answered(ANA, **about),))
    found = collect(course(), gathered(lists=lists, registrants=LICENSED))
    assert person(found, ANA).evaluation == at(30)
    assert person(found, ANA).review == ""


def test_who_has_a_response_of_their_own_is_not_held_for_a_contradiction() -> None:
    lists = Lists(
        evaluation=(
            answered(ANA, names=("Ben Okafor",)),
            answered(BEN, names=("Ben Okafor",), place="e.csv: line 3"),
        )
    )
    found = collect(course(), gathered(lists=lists))
    assert person(found, BEN).evaluation == at(30)
    assert (person(found, BEN).review, bool(person(found, ANA).review)) == ("", True)


def test_an_alias_says_whose_a_response_is_that_names_two() -> None:
    lists = Lists(evaluation=(answered(ANA, names=("Ben Okafor",)),))
    alias = decided(OverrideKind.ALIAS, participant=ANA, alias="Ben Okafor")
    found = collect(course(), gathered(lists=lists, overrides=(alias,)))
    assert person(found, ANA).evaluation == at(30)


class Pieces:
    """Pieces that wait in memory."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def put_all(self, pieces: Sequence[bytes]) -> list[int]:
        begun = len(self.held)
        self.held += pieces
        return [*range(begun, len(self.held))]

    def get(self, place: int) -> bytes:
        return self.held[place]


def test_who_is_not_held_is_judged_once_more_when_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = collect(course(), gathered()).participants
    monkeypatch.setattr("cecert.domain.evidence.people.KEPT", 0)
    told: list[int] = []
    aside = Aside(Pieces(), lambda some: told.extend(number for number, _ in some))
    found = collect(course(), gathered(), aside=aside).participants
    assert sorted(told) == [*range(len(whole))]
    assert [(each.why, each.codes, each.status, each.attended) for each in found] == [
        (each.why, each.codes, each.status, each.attended) for each in whole
    ]
    assert [(each.identity, each.registrant, each.review) for each in found] == [
        (each.identity, each.registrant, each.review) for each in whole
    ]
    again = [(each.rulings, each.attributions, each.evaluation, each.why) for each in found]
    assert again == [(each.rulings, each.attributions, each.evaluation, each.why) for each in whole]
    for beyond in (len(whole), -len(whole) - 1):
        with pytest.raises(IndexError):
            found[beyond]
