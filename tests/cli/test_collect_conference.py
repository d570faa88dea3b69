"""A conference, collected: from the rooms' reports to each person's sessions and certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import conference
import pytest
from own_course import RULE, OwnCourse
from real_office import PASSPHRASE, office_folder, office_with_keys

from cecert.office import Office

__all__ = ["office_folder", "office_with_keys"]

Cecert = Callable[..., tuple[int, str, str]]

SECOND = """[[credit]]
credential = "ma-social-work"
hours = 3

"""
COURSE = (
    conference.COURSE.replace("spring-2020", "spring")
    .replace("Opening Keynote: Attachment", "Opening Keynote")
    .replace(SECOND, "")
    + RULE
)
PEOPLE = {
    "Ana Ruiz": "ana@example.org",
    "Ben Cho": "ben@example.org",
    "Ida Berg": "ida@example.org",
    "Leo Park": "leo@example.org",
    "Mia Lund": "mia@example.org",
}
REGISTRATIONS = "name,email,credentials\n" + "".join(
    f"{name},{email},ny-social-work\n" for name, email in PEOPLE.items()
)
EVALUATION = "email,evaluation\n" + "".join(f"{each},2020-04-06\n" for each in PEOPLE.values())
HEAD = "Name (Original Name),User Email,Join Time,Leave Time,In Waiting Room\n"


def doors(day: int, *visits: tuple[str, str, str], topic: str = "") -> str:
    """Return what was noted at a room's door: first name, and from when to when."""
    rows = "".join(
        f"{name},{PEOPLE[name]},2020-04-{day:02d} {come}:00,2020-04-{day:02d} {gone}:00,No\n"
        for first, come, gone in visits
        for name in PEOPLE
        if name.startswith(first)
    )
    began = "2020-04-03 10:55:00"
    number = f"885 {len(topic)}"
    block = f"Topic,Meeting ID,Start Time\n{topic},{number},{began}\n\n" if topic else ""
    return block + HEAD + rows


# Ana leaves the hall late: for five minutes she is in no other session.
KEYNOTE = doors(3, ("Ana", "08:55", "11:05"), ("Ben", "09:00", "10:31"), ("Ida", "09:40", "10:30"))
GRIEF = doors(3, ("Ana", "10:58", "12:01"), ("Leo", "11:00", "12:00"))
ETHICS = doors(3, ("Ben", "10:58", "12:16"), ("Leo", "11:00", "12:15"))
CLOSE = doors(4, ("Ana", "09:00", "09:15"), ("Ben", "08:58", "09:15"))
FILES = {
    "people.csv": REGISTRATIONS, "evaluation.csv": EVALUATION,
    "a.csv": KEYNOTE, "b.csv": GRIEF, "c.csv": ETHICS, "d.csv": CLOSE,
}  # fmt: skip
PLACE = "courses/spring/files"
SESSIONS = ("--session", f"{PLACE}/b.csv=grief", "--session", f"{PLACE}/c.csv=ethics")


@pytest.fixture
def course(office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OwnCourse:
    """Stand in an office of one conference with everything that was exported."""
    monkeypatch.chdir(office_folder)
    monkeypatch.setenv("CECERT_ACTOR", "Mary")
    return OwnCourse.made(office_folder, "spring", COURSE, FILES)


def attended(course: OwnCourse) -> dict[str, str]:
    return {name: each["attended"] for name, each in course.rows().items()}


def test_each_person_has_credit_for_the_sessions_attended_in_full(
    course: OwnCourse, cecert: Cecert
) -> None:
    status, out, err = cecert("collect", "spring", *SESSIONS)
    assert status == 0, err
    assert attended(course) == {
        "Ana Ruiz": "keynote;grief;close", "Ben Cho": "keynote;ethics;close", "Ida Berg": "",
        "Leo Park": "", "Mia Lund": "",
    }  # fmt: skip
    assert "Ana Ruiz\tMET\tMET\tNO_EVIDENCE\tMET\t\n" in out
    assert cecert("issue", "spring")[0] == 0
    with Office.open("cecert.toml", environ={"CECERT_KEY_PASSPHRASE": PASSPHRASE}) as office:
        made = {each.certificate.recipient.name: each for each in office.ledger.entries("spring")}
    hours = {name: each.certificate.credit_lines[0].hours for name, each in made.items()}
    assert hours == {"Ana Ruiz": Decimal("2.75"), "Ben Cho": Decimal(3)}
    titles = [each.title for each in made["Ana Ruiz"].certificate.course.sessions]
    assert titles == ["Opening Keynote", "Grief in Families", "Closing Panel"]


def test_nobody_is_denied_for_a_session_they_did_not_go_to(
    course: OwnCourse, cecert: Cecert
) -> None:
    said = cecert("collect", "spring", *SESSIONS)[2]
    assert (
        "2 of 5 people can have their certificate now. 1 needs your decision, 1 was not found in "
        "the reports, and 1 cannot get one" in said
    )
    found = course.rows()
    assert [found[each]["why"] for each in ("Ana Ruiz", "Ben Cho", "Mia Lund")] == ["", "", ""]
    partly = (
        "On April 3 (Opening Keynote) you came at 9:40 a.m., 40 minutes after the start. The "
        "course allows 10 minutes, and no session counts in part."
    )
    assert found["Ida Berg"]["why"] == partly
    decided = cecert("decide", "spring")[1]
    nowhere = "We have no full attendance of yours for any session."
    assert f"Ida Berg\tny-social-work\tdenial\t{nowhere} {partly}" in decided
    assert f"Mia Lund\tny-social-work\tdenial\t{nowhere}\n" in decided
    assert "We find no connection of yours in any session." in course.report
    assert "No connection in any session. Evaluation" in course.report
    assert "never present in required time" not in course.report
    assert "2 sessions" not in course.report
    assert "3 sessions" in course.report


def test_of_two_sessions_at_once_a_person_says_which_counts(
    course: OwnCourse, cecert: Cecert
) -> None:
    said = cecert("collect", "spring", *SESSIONS)[2]
    asked = "April 3 (Grief in Families) and April 3 (Ethics of Record Keeping)"
    assert f"question 1: Which of these was Leo Park in: {asked}?" in said
    assert "Only Grief in Families: cecert override decision leo@example.org ethics NOT_MET" in said
    assert "at the same time; only one of them can count" in course.rows()["Leo Park"]["review"]
    assert "Leo Park\tny-social-work\treview" in cecert("decide", "spring")[1]
    decision = ("decision", "leo@example.org", "ethics", "NOT_MET", "--why", "he said", "--course")
    assert cecert("override", *decision, "spring")[0] == 0
    assert "question" not in cecert("collect", "spring", *SESSIONS)[2]
    assert attended(course)["Leo Park"] == "grief"
    assert "Leo Park\tny-social-work\taward\t1 " in cecert("decide", "spring")[1]


def test_both_decided_to_be_met_is_asked_again(course: OwnCourse, cecert: Cecert) -> None:
    assert cecert("collect", "spring", *SESSIONS)[0] == 0
    for each in ("grief", "ethics"):
        decision = ("decision", "ana@example.org", each, "MET", "--why", "a sheet", "--course")
        assert cecert("override", *decision, "spring")[0] == 0
    assert "Which of these was Ana Ruiz in" in cecert("collect", "spring", *SESSIONS)[2]
    assert attended(course)["Ana Ruiz"] == "keynote;close"


def test_a_report_that_may_be_of_either_is_asked_about_and_its_title_may_tell(
    course: OwnCourse, cecert: Cecert
) -> None:
    status, _, err = cecert("collect", "spring")
    assert status == 2
    assert (
        "b.csv: may be of Grief in Families (grief) and Ethics of Record Keeping (ethics), which "
        f"were at the same time (say which: --session {PLACE}/b.csv=grief or --session "
        f"{PLACE}/b.csv=ethics)" in err
    )
    assert "a.csv: " not in err
    assert not course.list_path.exists()
    titled = doors(3, ("Ana", "10:58", "12:01"), topic="grief in  families")
    other = doors(3, ("Ben", "10:58", "12:16"), topic="Ethics of Record Keeping")
    course.give({"b.csv": titled, "c.csv": other})
    status, _, err = cecert("collect", "spring")
    assert status == 0, err
    assert attended(course)["Ana Ruiz"] == "keynote;grief;close"


@pytest.mark.usefixtures("course")
def test_a_session_that_is_none_and_a_file_that_is_not_given_are_refused(cecert: Cecert) -> None:
    status, _, err = cecert("collect", "spring", "--session", f"{PLACE}/b.csv=greif")
    assert (status, "'greif' is no session (one of keynote, grief, ethics, close)" in err) == (
        2, True,
    )  # fmt: skip
    status, _, err = cecert("collect", "spring", "--session", "x.csv=grief")
    assert (status, "--session x.csv=... is for a file that is not collected" in err) == (2, True)
    status, _, err = cecert("collect", "spring", "--session", "grief")
    assert (status, "--session grief is no file and session" in err) == (2, True)


def test_one_report_may_be_of_the_sessions_of_a_room_after_each_other(
    course: OwnCourse, cecert: Cecert
) -> None:
    hall = KEYNOTE + "".join(
        each.removeprefix(HEAD) for each in (GRIEF, doors(4, ("Ana", "09:00", "09:15")))
    )
    course.take("b.csv")
    course.give({"a.csv": hall})
    told = [f"--session={PLACE}/a.csv={each}" for each in ("keynote", "grief", "close")]
    status, _, err = cecert("collect", "spring", *told, "--session", f"{PLACE}/c.csv=ethics")
    assert status == 0, err
    assert attended(course)["Ana Ruiz"] == "keynote;grief;close"
    assert attended(course)["Ben Cho"] == "keynote;ethics;close"
    assert f"--session {PLACE}/a.csv=keynote --session {PLACE}/a.csv=grief" in course.report


FORM = """[[form]]
kinds = ["attendance"]
recognise = ["Badge holder", "Session"]
[form.columns]
name = "Badge holder"
email = "Mail"
join = "In"
leave = "Out"
session = "Session"
"""


def badges(course: OwnCourse, *rows: str) -> None:
    course.take("a.csv", "b.csv", "c.csv", "d.csv")
    (course.folder / "forms.toml").write_text(FORM, "utf-8")
    course.give({"badges.csv": "\n".join(["Badge holder,Mail,In,Out,Session", *rows, ""])})


def test_one_file_of_all_doors_says_in_each_row_which_session_it_is(
    course: OwnCourse, cecert: Cecert
) -> None:
    badges(
        course,
        "Ana Ruiz,ana@example.org,2020-04-03 08:55:00,2020-04-03 10:31:00,keynote",
        "Ana Ruiz,ana@example.org,2020-04-03 10:58:00,2020-04-03 12:16:00,grief in Families",
        "Ben Cho,ben@example.org,2020-04-03 10:58:00,2020-04-03 12:16:00,ethics",
        "Ben Cho,ben@example.org,2020-04-04 08:58:00,2020-04-04 09:16:00,Closing Panel",
    )
    status, _, err = cecert("collect", "spring")
    assert status == 0, err
    found = attended(course)
    assert (found["Ana Ruiz"], found["Ben Cho"]) == ("keynote;grief", "ethics;close")


def test_a_row_of_all_doors_without_a_session_there_is_stops_everything(
    course: OwnCourse, cecert: Cecert
) -> None:
    badges(
        course,
        "Ana Ruiz,ana@example.org,2020-04-03 08:55:00,2020-04-03 10:31:00,keynote",
        "Ana Ruiz,ana@example.org,2020-04-03 10:58:00,2020-04-03 12:16:00,Greif",
        "Ben Cho,ben@example.org,2020-04-03 10:58:00,2020-04-03 12:16:00,",
    )
    status, _, err = cecert("collect", "spring")
    assert status == 2
    told = "is no session (by id or title: keynote, grief, ethics, close)"
    assert f"badges.csv: line 3: 'Greif' {told}" in err
    assert f"badges.csv: line 4: {told}" in err


def test_equal_rows_of_two_rooms_are_two_rows(course: OwnCourse, cecert: Cecert) -> None:
    # A sheet has the planned times: the same row stands in both rooms' sheets.
    course.give({"c.csv": doors(3, ("Ben", "10:58", "12:16"), ("Leo", "11:00", "12:00"))})
    course.write(COURSE.replace("12:15:00", "12:00:00").replace("hours = 1.25", "hours = 1")
                 .replace("hours = 3\n", "hours = 2.75\n"))  # fmt: skip
    said = cecert("collect", "spring", *SESSIONS)[2]
    assert "Which of these was Leo Park in" in said


def test_a_session_without_a_report_is_missing_as_of_any_course(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.take("d.csv")
    status, _, err = cecert("collect", "spring", *SESSIONS)
    assert status == 1
    assert "session close: no report has a connection on April 4, 2020" in err
    assert "there is no report of close (April 4, 2020) yet" in course.report
    assert not course.list_path.exists()


def test_an_evaluation_may_be_given_when_the_person_s_own_sessions_were_over(
    course: OwnCourse, cecert: Cecert
) -> None:
    day = "2020-04-03"
    text = EVALUATION.replace("ben@example.org,2020-04-06", f"ben@example.org,{day}")
    text = text.replace("leo@example.org,2020-04-06", f"leo@example.org,{day}")
    course.give({"evaluation.csv": text})
    assert cecert("collect", "spring", *SESSIONS)[0] == 0
    ben, leo = (course.rows()[each]["review"] for each in ("Ben Cho", "Leo Park"))
    assert f"dated {day}, more than 15 minutes before the last session ended on 2020-04-04" in ben
    assert "evaluation" not in leo
    assert "Ben Cho\tny-social-work\treview" in cecert("decide", "spring")[1]


def test_json_and_the_page_have_every_session_by_its_title(
    course: OwnCourse, cecert: Cecert
) -> None:
    document = json.loads(cecert("collect", "spring", *SESSIONS, "--json")[1])
    ana, _, ida, leo, mia = document["participants"]
    assert [each["status"] for each in (ana, ida, leo, mia)] == [
        "MET", "NOT_MET", "REVIEW", "NO_EVIDENCE",
    ]  # fmt: skip
    assert ana["attended"] == ["keynote", "grief", "close"]
    assert document["questions"][0].startswith("Which of these was Leo Park in")
    assert "Friday, April 3 (Grief in Families)" in course.report
