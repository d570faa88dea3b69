"""Self-study and hybrid courses: each person's day of completion, from the list to the code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from shipped import ENVIRON, LAYOUTS, PASSPHRASE, looking_like, opened
from typer.testing import CliRunner

from cecert import decide, issue
from cecert.cli._commands import whole_app
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Award, Denial, ShortfallKind
from cecert.domain.values.findings import Severity
from cecert.errors import InputError, IssueError
from cecert.office import Office, create_office
from cecert.ports import CompletionList, Entry
from cecert.workflows.preview import preview_certificate

APPROVAL = """[[approval]]
credential = "ny-social-work"
holder = "Smith College School for Social Work, Office of Professional Education"
number = "{number}"
valid_from = {first}
valid_to = {last}
checked_on = 2020-02-03
statement = "ny-social-work"
formats = ["self-study", "hybrid"]

"""
EARLIER = APPROVAL.format(number="#0169", first="2017-01-01", last="2019-12-31")
LATER = APPROVAL.format(number="#0777", first="2020-01-01", last="2022-12-31")

COURSE = """[course]
id = "ethics-reader"
title = "Ethics at a Distance"
presented_by = "Smith College School for Social Work"
format = "{format}"
location = "Canvas"
timezone = "America/New_York"
study_minutes = {minutes}
{sessions}
[[credit]]
credential = "ny-social-work"
hours = 2

[requirements]
evaluation = true
post_test = 80
"""
SESSION = """
[[session]]
id = "evening"
start = 2020-03-03T18:00:00
end = 2020-03-03T19:00:00

"""
HEAD = "name,email,credentials,completed_on,evaluation,post_test,attended\n"


def made(folder: Path, course_format: str = "self-study", layout: str = "classic") -> Path:
    create_office(folder)
    office = folder / "cecert.toml"
    head, _, rest = office.read_text("utf-8").partition("[[approval]]")
    office.write_text(head + EARLIER + LATER + rest[rest.index("[verify]") :], "utf-8")
    hybrid = course_format == "hybrid"
    text = COURSE.format(
        format=course_format,
        minutes=40 if hybrid else 100,
        sessions=SESSION if hybrid else "",
    )
    (folder / "course.toml").write_text(text, "utf-8")
    with opened(looking_like(folder, layout, "letter")) as opened_office:
        opened_office.make_keys(PASSPHRASE)
    return folder


def listed(office: Office, folder: Path, *rows: str) -> tuple[Course, CompletionList]:
    path = folder / "completions.csv"
    path.write_text(HEAD + "".join(f"{each}\n" for each in rows), "utf-8")
    course = office.course(folder / "course.toml")
    return course, office.completions(path, course)


def row(completed: str, *, name: str = "Ana Ruiz", test: str = "85", more: str = "") -> str:
    email = f"{name.split(maxsplit=1)[0].casefold()}@example.org"
    return f"{name},{email},ny-social-work,{completed},{completed},{test},{more}"


def decided(course: Course, found: CompletionList) -> list[Award | Denial]:
    assert found.faults == ()
    return [each for record in found.records for each in decide(record, course)]


def issued(office: Office, decisions: Sequence[Award | Denial]) -> dict[str, tuple[Entry, str]]:
    awards = [each for each in decisions if isinstance(each, Award)]
    made_ = {}
    for entry in issue(awards, office.desk()).issued:
        pages = PdfReader(BytesIO(office.archive.get(entry.document))).pages
        words = " ".join(" ".join(each.extract_text().split()) for each in pages)
        made_[entry.certificate.recipient.name] = entry, words
    return made_


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_self_study_certificate_has_the_day_and_the_approval_of_its_person(
    tmp_path: Path, layout: str
) -> None:
    folder = made(tmp_path / "office", layout=layout)
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("2019-12-31"), row("2020-01-01", name="Ben Okafor")
        )
        made_ = issued(office, decided(course, found))
        for name, day, number in (
            ("Ana Ruiz", date(2019, 12, 31), "0169"),
            ("Ben Okafor", date(2020, 1, 1), "0777"),
        ):
            entry, words = made_[name]
            own = entry.certificate
            assert (own.credit_date, own.requirements_met_on) == (day, day)
            assert own.course.due_on == day + timedelta(days=30)
            assert entry.mail.deadline.date() >= own.course.due_on
            claims = certified_claims(own)
            assert (claims.session_dates, claims.delivery) == ((day,), 3)
            assert claims.credits[0].provider == number
            assert number in words
            assert "completed and met all requirements of" in words
            assert "attended" not in words
            assert f"{day:%B} {day.day}, {day.year}" in words
            assert "Self-study on Canvas" in words
            path = folder / "certificates" / entry.document
            ran = CliRunner(env=ENVIRON).invoke(
                whole_app(), ["verify", str(path), "--config", str(folder / "cecert.toml")]
            )
            assert "SAME" in ran.output or "VALID" in ran.output
            assert "MISMATCH" not in ran.output
        again = office.ledger.entries("ethics-reader")
        assert {each.certificate.course.completed_on for each in again} == {
            date(2019, 12, 31),
            date(2020, 1, 1),
        }


def test_what_is_not_approved_tested_or_completed_earns_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("2016-12-31"), row("2020-05-01", name="Ben O", test="79"),
            row("2020-05-01", name="Cy Lo", test=""), row("", name="Di Mo"),
            row("2023-01-01", name="Eve Ng"),
        )  # fmt: skip
        denials = decided(course, found)
        kinds = [
            {it.kind for it in each.shortfalls} for each in denials if isinstance(each, Denial)
        ]
    assert kinds == [
        {ShortfallKind.APPROVAL},
        {ShortfallKind.POST_TEST},
        {ShortfallKind.POST_TEST},
        {ShortfallKind.COMPLETION, ShortfallKind.EVALUATION},
        {ShortfallKind.APPROVAL},
    ]


def test_nothing_is_dated_before_completion_and_nobody_completes_tomorrow(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        tomorrow = (office.clock.now() + timedelta(days=2)).date().isoformat()
        _, found = listed(
            office, folder, row("2020-05-02").replace("2020-05-02,85", "2020-05-01,85"),
            row(tomorrow, name="Ben O").replace(f"{tomorrow},85", ",85"),
        )  # fmt: skip
    early, late = map(str, found.faults)
    assert "row 2, column evaluation" in early
    assert "before the course was completed on 2020-05-02" in early
    assert "row 3, column completed_on" in late
    assert "lies in the future" in late


def test_an_award_of_a_day_to_come_is_not_issued(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        course, found = listed(office, folder, row("2020-05-01"))
        (award,) = decided(course, found)
        assert isinstance(award, Award)
        later = award.course.completed(office.clock.now().date() + timedelta(days=2))
        object.__setattr__(award, "course", later)
        with pytest.raises(IssueError, match="is not completed before"):
            issue([award], office.desk())
        assert office.ledger.entries("ethics-reader") == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_hybrid_asks_for_its_sessions_and_the_day_after_them(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", "hybrid", layout)
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("2020-03-09", more="all"), row("2020-03-09", name="Ben O"),
            row("2020-03-02", name="Cy Lo", more="all"),
        )  # fmt: skip
        (fault,) = found.faults[:1]
        assert "lies before the last session, on 2020-03-03" in str(fault)
        award, denial = (each for record in found.records for each in decide(record, course))
        assert isinstance(denial, Denial)
        assert [each.kind for each in denial.shortfalls] == [ShortfallKind.ATTENDANCE]
        entry, words = issued(office, [award])["Ana Ruiz"]
    claims = certified_claims(entry.certificate)
    assert (claims.session_dates, claims.delivery) == ((date(2020, 3, 3), date(2020, 3, 9)), 4)
    assert entry.certificate.credit_date == date(2020, 3, 9)
    assert "6:00 to 7:00 p.m. Eastern Time (EST)" in words
    assert "Self-study completed March 9, 2020" in words
    assert "attended every session in full, completed the self-study" in words


@pytest.mark.parametrize("course_format", ["self-study", "hybrid"])
def test_such_a_course_can_be_linted_and_previewed(tmp_path: Path, course_format: str) -> None:
    folder = made(tmp_path / "office", course_format)
    with opened(folder) as office:
        reading = office.course_reading(folder / "course.toml")
        assert reading.course is not None
        found = [*reading.findings, *office.drawing_findings(reading, "course.toml")]
        assert [each for each in found if each.severity is Severity.ERROR] == []
        assert not any("names no formats" in each.message for each in found)
        own = preview_certificate(reading.course, "Ana Ruiz", office.preview_desk())
        assert own.credit_date == date(2022, 12, 31)
    run = CliRunner(env=ENVIRON)
    config = ["--config", str(folder / "cecert.toml")]
    (folder / "completions.csv").write_text(HEAD + row("2020-05-01", more="all") + "\n", "utf-8")
    for command in (["lint"], ["decide"], ["issue"]):
        files = [str(folder / "course.toml"), str(folder / "completions.csv")]
        ran = run.invoke(whole_app(), [*command, *files, *config])
        assert ran.exit_code == 0, ran.output
    ran = run.invoke(whole_app(), ["due", *config])
    assert "cannot be read" not in ran.output
    assert not isinstance(ran.exception, ValueError)


def test_an_approval_that_names_no_formats_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    path = folder / "cecert.toml"
    text = path.read_text("utf-8").replace('formats = ["self-study", "hybrid"]\n', "")
    path.write_text(text, "utf-8")
    with opened(folder) as office:
        findings = office.course_reading(folder / "course.toml").findings
    assert any("the approval names no formats" in each.message for each in findings)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("post_test = 80\n", "", "post_test is missing"),
        ("study_minutes = 100\n", "", "above the ceiling"),
        ("study_minutes = 100", "study_minutes = 99", "above the ceiling"),
        ("ny-social-work", "attendance", "nobody attends self-study"),
        ('format = "self-study"', 'format = "hybrid"', "at least one session"),
    ],
)
def test_a_course_that_says_too_little_is_refused(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    folder = made(tmp_path / "office")
    path = folder / "course.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    with opened(folder) as office:
        reading = office.course_reading(path)
    assert reading.course is None
    assert any(told in each.message for each in reading.errors), reading.errors


def test_a_list_without_the_day_cannot_be_used_and_a_live_course_ignores_it(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        course = office.course(folder / "course.toml")
        path = folder / "completions.csv"
        path.write_text(HEAD.replace("completed_on", "finished"), "utf-8")
        with pytest.raises(InputError) as refused:
            office.completions(path, course)
        assert any("completed_on" in str(each) for each in refused.value.faults)
    assert course.credit_lines[0].hours == Decimal(2)


def test_self_study_has_no_attendance_to_collect(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    ran = CliRunner(env=ENVIRON).invoke(
        whole_app(),
        ["collect", str(folder / "course.toml"), "--registrations", str(folder / "completions.csv"),
         "--attendance", str(folder / "completions.csv"), "-o", str(folder / "c.csv"),
         "--config", str(folder / "cecert.toml")],
    )  # fmt: skip
    assert isinstance(ran.exception, InputError)
    assert "it has no attendance to collect" in str(ran.exception)
    assert not (folder / "c.csv").exists()


def test_one_person_s_day_is_not_held_against_the_next_one_s_evaluation(tmp_path: Path) -> None:
    folder = made(tmp_path / "office", "hybrid")
    with opened(folder) as office:
        without_a_day = "Ben Okafor,ben@example.org,ny-social-work,,2020-03-04,85,all"
        _, found = listed(office, folder, row("2020-03-09", more="all"), without_a_day)
    assert found.faults == ()
