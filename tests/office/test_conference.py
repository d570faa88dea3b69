"""A conference: each person's sessions, from the list to the certificate and its code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from conference import COURSE
from pypdf import PdfReader
from shipped import LAYOUTS, PASSPHRASE, REGIMES, approval, looking_like, opened

from cecert import decide, issue
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Award, Denial, ShortfallKind
from cecert.domain.values.findings import Severity
from cecert.office import Office, create_office
from cecert.ports import CompletionList
from cecert.workflows.preview import preview_certificate

HEAD = "name,email,credentials,attended,evaluation\n"
BOARDS = ("ny-social-work", "ma-social-work")


def made(folder: Path, layout: str = "classic", *changes: tuple[str, str]) -> Path:
    create_office(folder)
    office = folder / "cecert.toml"
    head, _, rest = office.read_text("utf-8").partition("[[approval]]")
    approvals = "".join(approval(REGIMES[each]) for each in BOARDS)
    office.write_text(head + approvals + rest[rest.index("[verify]") :], "utf-8")
    text = COURSE
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / "course.toml").write_text(text, "utf-8")
    with opened(looking_like(folder, layout, "letter")) as opened_office:
        opened_office.make_keys(PASSPHRASE)
    return folder


def row(name: str, attended: str, evaluation: str = "2020-04-06") -> str:
    email = f"{name.split(maxsplit=1)[0].casefold()}@example.org"
    return f"{name},{email},{';'.join(BOARDS)},{attended},{evaluation}"


def listed(office: Office, folder: Path, *rows: str) -> tuple[Course, CompletionList]:
    path = folder / "completions.csv"
    path.write_text(HEAD + "".join(f"{each}\n" for each in rows), "utf-8")
    course = office.course(folder / "course.toml")
    return course, office.completions(path, course)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_certificate_names_the_sessions_of_its_person_and_their_hours(
    tmp_path: Path, layout: str
) -> None:
    folder = made(tmp_path / "office", layout)
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("Ana Ruiz", "keynote;ethics", "2020-04-03T12:15:00-04:00"),
            row("Ben Okafor", "grief;close"), row("Cy Lo", "keynote;ethics;close"),
        )  # fmt: skip
        assert found.faults == ()
        awards = [each for record in found.records for each in decide(record, course)]
        assert all(isinstance(each, Award) for each in awards)
        made_ = {
            entry.certificate.recipient.name: (entry.certificate, " ".join(
                " ".join(each.extract_text().split())
                for each in PdfReader(BytesIO(office.archive.get(entry.document))).pages
            ))
            for entry in issue([e for e in awards if isinstance(e, Award)], office.desk()).issued
        }  # fmt: skip
        kept = {each.certificate.recipient.name: each.certificate
                for each in office.ledger.entries("spring-2020")}  # fmt: skip
    own, words = made_["Ana Ruiz"]
    assert kept["Ana Ruiz"] == own
    assert [each.title for each in own.course.sessions] == [
        "Opening Keynote: Attachment", "Ethics of Record Keeping",
    ]  # fmt: skip
    assert own.credit_date == date(2020, 4, 3)
    assert certified_claims(own).session_dates == (date(2020, 4, 3),)
    assert certified_claims(own).delivery == 1
    assert "Opening Keynote: Attachment: Friday, April 3, 2020, 9:00 to 10:30 a.m." in words
    assert "Ethics of Record Keeping: Friday, April 3, 2020" in words
    assert "Grief in Families" not in words
    assert "Closing Panel" not in words
    assert "attended in full the sessions named here" in words
    own, words = made_["Ben Okafor"]
    assert own.credit_date == date(2020, 4, 4)
    assert certified_claims(own).session_dates == (date(2020, 4, 3), date(2020, 4, 4))
    assert "Grief in Families" in words
    assert "Opening Keynote" not in words
    assert {each.hours for each in made_["Cy Lo"][0].credit_lines} == {Decimal(3)}


def test_hours_are_added_up_and_credited_in_each_boards_steps(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        course, found = listed(office, folder, row("Ana Ruiz", "keynote;ethics"))
        hours = {}
        for record in found.records:
            for each in decide(record, course):
                assert isinstance(each, Award)
                hours[each.credential] = each.line.hours
        for credential, given in hours.items():
            step = office.regimes[credential].increment
            stepped = step and step.evidence.value == "primary"
            assert given == (step.rounded(Decimal("2.75")) if step and stepped else Decimal("2.75"))


def test_a_step_of_a_whole_hour_leaves_nothing_of_a_quarter(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    own = folder / "regimes"
    own.mkdir()
    shipped = Path(__file__).parents[2] / "templates/regimes/ma-social-work.toml"
    text = shipped.read_text("utf-8")
    head, mark, tail = text.partition("[increment]")
    rest = tail[tail.index("\n[") :] if mark and "\n[" in tail else ""
    step = '[increment]\nvalue = 1\nevidence = "primary"\nsource = "a letter"\n'
    text = f"{head}{step}{rest}"
    signed = 'last_verified = 2026-10-01\nverified_by = "Mary Curtin"\n\n['
    (own / "ma-social-work.toml").write_text(text.replace("[", signed, 1), "utf-8")
    path = folder / "cecert.toml"
    path.write_text(path.read_text("utf-8") + '\n[regimes]\npath = "regimes"\n', "utf-8")
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("Ana Ruiz", "keynote;close"), row("B O", "close")
        )
        first, second = ([*decide(each, course)] for each in found.records)
    assert isinstance(first[1], Award)
    assert first[1].line.hours == 1
    assert isinstance(second[0], Award)
    assert isinstance(second[1], Denial)
    assert [each.kind for each in second[1].shortfalls] == [ShortfallKind.HOURS]
    assert "0.25 hours" in second[1].shortfalls[0].sentence


def test_nobody_is_in_two_sessions_at_once_or_in_none(tmp_path: Path) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        course, found = listed(
            office, folder, row("Ana Ruiz", "grief;ethics"), row("Ben O", "all"), row("Cy Lo", "")
        )
        told = [str(each) for each in found.faults]
        assert all("names grief and ethics, which were at the same time" in each for each in told)
        assert len(told) == 2
        (record,) = found.records
        denials = decide(record, course)
    for each in denials:
        assert isinstance(each, Denial)
        assert [it.kind for it in each.shortfalls] == [ShortfallKind.ATTENDANCE]
        assert "any session" in each.shortfalls[0].sentence


def test_an_evaluation_may_be_dated_when_the_persons_own_sessions_were_over(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path / "office")
    with opened(folder) as office:
        _, found = listed(
            office, folder, row("Ana Ruiz", "keynote", "2020-04-03"),
            row("Ben O", "keynote;close", "2020-04-03"),
        )  # fmt: skip
    (fault,) = found.faults
    assert "row 3, column evaluation" in str(fault)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_conference_can_be_linted_and_previewed(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", layout)
    with opened(folder) as office:
        reading = office.course_reading(folder / "course.toml")
        assert reading.course is not None, reading.errors
        found = [*reading.findings, *office.drawing_findings(reading, "course.toml")]
        assert [each for each in found if each.severity is Severity.ERROR] == []
        own = preview_certificate(reading.course, "Ana Ruiz", office.preview_desk())
    assert [each.title for each in own.course.sessions] == [
        "Opening Keynote: Attachment", "Ethics of Record Keeping", "Closing Panel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('partial = "per-session"\n', "", 'a conference has partial = "per-session"'),
        ('partial = "per-session"', 'partial = "half"', "'half' is not per-session"),
        ('format = "conference"', 'format = "live-in-person"', "is for conferences alone"),
        ("hours = 1.5\n", "", "session keynote needs title and hours"),
        ('title = "Closing Panel"\n', "", "session close needs title and hours"),
        ("hours = 3\n", "hours = 4\n", "4 hours are not the most that somebody can attend, 3"),
        ("hours = 3\n", "hours = 2\n", "2 hours are not the most that somebody can attend, 3"),
        ("hours = 1\n", "hours = 1.25\n", "session grief: 1.25 hours are above the ceiling"),
        (
            "hours = 3\n",
            "hours = 3\ncategories = [{ code = 'ethics', hours = 1 }]\n",
            "categories are of a whole course",
        ),
    ],
)
def test_a_conference_that_cannot_be_credited_is_refused(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    folder = made(tmp_path / "office", "classic", (before, after))
    with opened(folder) as office:
        reading = office.course_reading(folder / "course.toml")
    assert reading.course is None
    assert any(told in each.message for each in reading.errors), reading.errors
