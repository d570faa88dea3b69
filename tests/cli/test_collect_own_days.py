"""Self-study and hybrid courses, collected: from exports to each person's day and certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_course import RULE, OwnCourse
from real_office import PASSPHRASE, office_folder, office_with_keys

from cecert.domain.certificate.token_claims import certified_claims
from cecert.office import Office

__all__ = ["office_folder", "office_with_keys"]

Cecert = Callable[..., tuple[int, str, str]]

COURSE = """[course]
id = "reader"
title = "Ethics at a Distance"
presented_by = "Smith College School for Social Work"
format = "self-study"
location = "Canvas"
timezone = "America/New_York"
study_minutes = 100

[[credit]]
credential = "ny-social-work"
hours = 2

[requirements]
evaluation = true
attestation = true
post_test = 80
"""
EVENING = """
[[session]]
id = "evening"
start = 2020-03-03T18:00:00
end = 2020-03-03T19:00:00
"""
HYBRID = COURSE.replace('"self-study"', '"hybrid"').replace(
    "\n[[credit]]", EVENING + "\n[[credit]]"
)
HYBRID += RULE
PEOPLE = {"Ana Ruiz": "ana", "Ben Cho": "ben", "Ida Berg": "ida", "Leo Park": "leo"}
REGISTRATIONS = "name,email,credentials\n" + "".join(
    f"{name},{who}@example.org,ny-social-work\n" for name, who in PEOPLE.items()
)
QUIZ = """\
"Last name","First name","Email address",Status,Started,Completed,Duration,Grade/10.00,"Q. 1 /10.00"
Ruiz,Ana,ana@example.org,Finished,"5 March 2020 9:00 AM","5 March 2020 9:20 AM",20 mins,9.00,9.00
Cho,Ben,ben@example.org,Finished,"5 March 2020 9:00 AM","5 March 2020 9:20 AM",20 mins,6.00,6.00
Cho,Ben,ben@example.org,Finished,"6 March 2020 9:00 AM","6 March 2020 9:20 AM",20 mins,8.00,8.00
Cho,Ben,ben@example.org,Finished,"9 March 2020 9:00 AM","9 March 2020 9:20 AM",20 mins,10.00,10.00
Berg,Ida,ida@example.org,Finished,"5 March 2020 9:00 AM","5 March 2020 9:20 AM",20 mins,7.90,7.90
Park,Leo,leo@example.org,"In progress","5 March 2020 9:00 AM",-,-,-,-
"Overall average",,,,,,,8.15,8.15
"""
SURVEY = """\
Timestamp,Email Address,How was it?,Attestation
3/7/2020 23:30:00,ana@example.org,good,"Yes, I attest"
3/6/2020 9:40:00,ben@example.org,good,"Yes, I attest"
3/13/2020 9:40:00,ida@example.org,good,"Yes, I attest"
"""
FILES = {"people.csv": REGISTRATIONS, "quiz.csv": QUIZ, "survey.csv": SURVEY}
ZOOM = """\
Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ana Ruiz,ana@example.org,03/03/2020 05:58:00 PM,03/03/2020 07:01:00 PM,63,Yes
Ben Cho,ben@example.org,03/03/2020 06:20:00 PM,03/03/2020 07:01:00 PM,41,Yes
Ida Berg,ida@example.org,03/03/2020 05:58:00 PM,03/03/2020 07:01:00 PM,63,Yes
"""


@pytest.fixture
def course(office_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OwnCourse:
    """Stand in an office of one self-study course with everything that was exported."""
    monkeypatch.chdir(office_folder)
    monkeypatch.setenv("CECERT_ACTOR", "Mary")
    return OwnCourse.made(office_folder, "reader", COURSE, FILES)


def days(course: OwnCourse) -> dict[str, str]:
    return {name: each["completed_on"][:10] for name, each in course.rows().items()}


def test_a_person_s_day_is_that_of_the_last_thing_done_and_its_certificate_says_so(
    course: OwnCourse, cecert: Cecert
) -> None:
    status, out, err = cecert("collect", "reader")
    assert status == 0, err
    assert "quiz.csv as post-test (moodle_quiz, 7 rows: the header of this format)" in err
    assert "survey.csv as evaluation and attestation" in err
    assert "2 of 4 people can have their certificate now. 2 still owe a test, an evaluation" in err
    assert out.splitlines()[:2] == ["name\tcompleted_on\twhy", "Ana Ruiz\t2020-03-07\t"]
    ana, ben = (course.rows()[each] for each in ("Ana Ruiz", "Ben Cho"))
    assert "attended" not in ana
    assert (ana["completed_on"], ana["post_test"]) == ("2020-03-07T00:00:00-05:00", "90")
    assert (ben["completed_on"], ben["post_test"]) == ("2020-03-06T00:00:00-05:00", "80")
    assert cecert("decide", "reader")[2].startswith("cecert: 2 awards, 2 denials")
    assert cecert("issue", "reader")[0] == 0
    with Office.open("cecert.toml", environ={"CECERT_KEY_PASSPHRASE": PASSPHRASE}) as office:
        made = {each.certificate.recipient.name: each for each in office.ledger.entries("reader")}
    for name, day in (("Ana Ruiz", "2020-03-07"), ("Ben Cho", "2020-03-06")):
        own = made[name].certificate
        assert (str(own.credit_date), str(own.requirements_met_on)) == (day, day)
        assert [str(each) for each in certified_claims(own).session_dates] == [day]
        assert own.evidence == "collected"
    assert cecert("dossier", "Ana Ruiz", "-o", "dossier")[0] == 0
    page = Path("dossier/index.html").read_text("utf-8")
    assert "Ana Ruiz completed the course on March 7, 2020." in page
    assert "attended every session" not in page
    assert "by the evaluation and the attestation, the last of what is required" in page


def test_the_evidence_says_by_what_the_day_is_that_day_and_where_it_stands(
    course: OwnCourse, cecert: Cecert
) -> None:
    assert cecert("collect", "reader")[0] == 0
    ana = course.evidence("Ana Ruiz")
    assert ana["completed_on"] == "2020-03-07"
    assert ana["completion"]["why"] == (
        "Completed on March 7, 2020, by the evaluation and the attestation, the last of what is "
        "required: post-test passed with 90 per cent on March 5, 2020 (quiz.csv: line 2); "
        "evaluation on March 7, 2020 (survey.csv: line 2); attestation on March 7, 2020 "
        "(survey.csv: line 2)."
    )
    last = [each["what"] for each in ana["completion"]["steps"] if each["last"]]
    assert last == ["evaluation", "attestation"]
    ida = course.evidence("Ida Berg")
    assert (ida["completed_on"], ida["completion"]["missing"]) == ("", ["post_test"])
    assert ana["completion"]["why"] in course.report
    assert "Not completed: no post-test that passes." in course.report
    assert "Who was there when" not in course.report
    assert "You attended" not in course.report


def test_of_several_tests_the_first_that_passes_counts(course: OwnCourse, cecert: Cecert) -> None:
    said = cecert("collect", "reader")[2]
    ben = course.evidence("Ben Cho")["completion"]["steps"][0]
    assert (ben["day"], ben["score"], ben["place"]) == ("2020-03-06", "80", "quiz.csv: line 4")
    assert "quiz.csv: line 3: ben@example.org again; quiz.csv: line 4 counts" in said
    assert "the response of leo@example.org does not count: it was not finished" in said


def test_what_is_dated_before_the_test_was_passed_is_a_question_with_both_dates(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.give({"survey.csv": SURVEY.replace("3/6/2020 9:40:00,ben", "3/5/2020 9:40:00,ben")})
    said = cecert("collect", "reader")[2]
    review = course.rows()["Ben Cho"]["review"]
    assert review.startswith(
        "evaluation: dated 2020-03-05 09:40, before the post-test was passed on 2020-03-06"
    )
    assert "question 1: Does the evaluation of Ben Cho count?" in said
    assert "Does Ben Cho plainly attest to having completed the course?" in said
    assert days(course)["Ben Cho"] == "2020-03-06"
    assert "1 in review" in cecert("decide", "reader")[2]
    for each in ("evaluation", "attestation"):
        decision = ("decision", "ben@example.org", each, "MET", "--why", "she wrote", "--course")
        assert cecert("override", *decision, "reader")[0] == 0
    assert cecert("collect", "reader")[0] == 0
    assert course.rows()["Ben Cho"]["review"] == ""
    assert cecert("decide", "reader")[2].startswith("cecert: 2 awards")


def test_an_evaluation_after_the_test_is_no_question_though_more_was_done_later(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.give(
        {
            "survey.csv": "email,evaluation\nana@example.org,2020-03-06\n",
            "signed.csv": "email,attestation\nana@example.org,2020-03-09\n",
        }
    )
    assert cecert("collect", "reader")[0] == 0
    ana = course.rows()["Ana Ruiz"]
    assert (ana["review"], days(course)["Ana Ruiz"]) == ("", "2020-03-09")
    assert "Ana Ruiz\tny-social-work\taward" in cecert("decide", "reader")[1]


def test_a_day_to_come_and_a_test_without_a_day_stop_everything(
    course: OwnCourse, cecert: Cecert
) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    course.give(
        {
            "survey.csv": f"email,evaluation\nana@example.org,{later:%Y-%m-%d}\n",
            "quiz.csv": "email,post_test\nana@example.org,85\nben@example.org,60\n",
        }
    )
    status, _, err = cecert("collect", "reader")
    assert status == 2
    assert f"survey.csv: row 2: '{later:%Y-%m-%d}' lies in the future" in err
    assert "quiz.csv: row 2: '85 per cent' does not say on which day" in err
    assert "quiz.csv: row 3" not in err
    assert not course.list_path.exists()


def test_an_office_s_own_list_says_the_day_of_a_test_beside_it(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.take("people.csv", "quiz.csv", "survey.csv")
    course.give({"people.csv": REGISTRATIONS})
    for name, text in (
        ("scores.csv", "email,post_test,completed_on\nana@example.org,85,2020-03-05\n"),
        ("survey.csv", SURVEY),
    ):
        Path(name).write_text(text, "utf-8")
    people = ("--registrations", "courses/reader/files/people.csv")
    lists = ("--post-test", "scores.csv", "--evaluation", "survey.csv")
    further = ("--attestation", "survey.csv")
    status, _, err = cecert("collect", "reader", *people, *lists, *further)
    assert status == 0, err
    assert days(course)["Ana Ruiz"] == "2020-03-07"
    assert course.evidence("Ana Ruiz")["completion"]["steps"][0]["place"] == "scores.csv: row 2"


ACTIVITIES = """\
,"Email address","The lecture","","The reading","2020-04-01 00:00:00"
"Ana Ruiz","ana@example.org","Completed","2020-03-02 10:00:00","Completed","2020-03-08 10:00:00"
"Ben Cho","ben@example.org","Completed","2020-03-02 10:00:00","Not completed",""
"Ida Berg","ida@example.org","Completed","2020-03-02 10:00:00",{failed},"2020-03-03 10:00:00"
""".format(failed='"Completed (did not achieve pass grade)"')
COMPLETE = """\
ID,Name,"Email address","The lecture","The lecture - Completion date","Course complete"
7,"Ana Ruiz",ana@example.org,Completed,"02/03/20, 10:00","18/03/20, 10:00"
8,"Ben Cho",ben@example.org,Completed,"02/03/20, 10:00",
"""


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        (ACTIVITIES, "moodle_activity_completion, 3 rows", "2020-03-08"),
        (COMPLETE, "moodle_course_completion, 2 rows", "2020-03-18"),
    ],
)
def test_where_the_platform_says_who_completed_the_material_that_is_required_too(
    course: OwnCourse, cecert: Cecert, text: str, name: str, day: str
) -> None:
    course.give({"progress.csv": text})
    status, _, err = cecert("collect", "reader")
    assert status == 0, err
    assert f"progress.csv as completion ({name}: the header of this format)" in err
    assert days(course) == {"Ana Ruiz": day, "Ben Cho": "", "Ida Berg": "", "Leo Park": ""}
    # No question of the evaluation's date: the platform may have waited for just that.
    assert course.rows()["Ana Ruiz"]["review"] == ""
    assert "We have no day on which you completed the course." in cecert("decide", "reader")[1]


def test_a_completion_that_names_two_people_is_a_question_to_each(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.give({"progress.csv": ACTIVITIES.replace('"Ben Cho","ben@', '"Ana Ruiz","ben@')})
    assert cecert("collect", "reader")[0] == 0
    assert days(course)["Ben Cho"] == ""
    text = ACTIVITIES.replace('"Not completed",""', '"Completed","2020-03-06 08:00:00"')
    course.give({"progress.csv": text.replace('"Ben Cho","ben@', '"Ida Berg","ben@')})
    said = cecert("collect", "reader")[2]
    assert "Has Ben Cho completed the material?" in said
    assert course.rows()["Ben Cho"]["review"].startswith("completed_on: one row that names several")


CANVAS_PEOPLE = """\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz (812),CE credit
    Points Possible,,,,,10.00,
"Ruiz, Ana",101,u1,ana@example.org,MBT,9.00,NY Social Work
"Cho, Ben",102,u2,ben@example.org,MBT,8.00,NY Social Work
"""
CANVAS_QUIZ = """\
name,id,sis_id,section,section_id,section_sis_id,submitted,attempt,812: What is grace?,4.0,\
813: And mercy?,6.0,n correct,n incorrect,score
Ana Ruiz,101,u1,MBT,9,s9,2020-03-06 03:59:00 UTC,1,a gift,4.0,a choice,5.0,2,0,9.0
Ben Cho,102,u2,MBT,9,s9,2020-03-06 05:01:00 UTC,1,a gift,4.0,a choice,6.0,2,0,10.0
Cy Lo,103,u3,MBT,9,s9,2020-03-06 05:01:00 UTC,1,a gift,4.0,a choice,6.0,2,0,10.0
"""


def test_canvas_knows_people_by_its_id_and_a_day_is_that_of_the_course(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.write(COURSE.replace("evaluation = true\nattestation = true\n", ""))
    course.take("survey.csv")
    course.give({"people.csv": CANVAS_PEOPLE, "quiz.csv": CANVAS_QUIZ})
    status, _, err = cecert("collect", "reader")
    assert status == 0, err
    assert "quiz.csv as post-test (canvas_quiz, 3 rows: the header of this format)" in err
    assert "scores are of 10.0 points, the sum of its questions" in err
    found = course.rows()
    assert [each["post_test"] for each in found.values()] == ["90", "100"]
    # 03:59 and 05:01 UTC are 22:59 and 00:01 in New York.
    assert days(course) == {"Ana Ruiz": "2020-03-05", "Ben Cho": "2020-03-06"}
    assert "u3 is nobody's who registered" in err


def test_a_day_that_somebody_changed_in_a_spreadsheet_is_refused(
    course: OwnCourse, cecert: Cecert
) -> None:
    assert cecert("collect", "reader")[0] == 0
    text = course.list_path.read_text("utf-8-sig")
    changed = text.replace("2020-03-06T00:00:00-05:00", "2020-03-05T00:00:00-05:00", 1)
    course.list_path.write_text(changed, "utf-8")
    status, _, err = cecert("decide", "reader")
    assert status == 2
    assert "row 3, column completed_on" in err
    assert "differs from what collect found, '2020-03-06'" in err


def test_a_day_that_was_added_by_hand_to_a_list_of_before_stands(
    course: OwnCourse, cecert: Cecert
) -> None:
    assert cecert("collect", "reader")[0] == 0
    path = course.folder / "completions.evidence.json"
    document = json.loads(path.read_bytes())
    for each in document["rows"]:
        del each["completed_on"], each["completion"]
    path.write_text(json.dumps(document), "utf-8")
    text = course.list_path.read_text("utf-8-sig").replace(
        "2020-03-06T00:00:00", "2020-03-09T00:00:00"
    )
    course.list_path.write_text(text.replace("2020-03-06T09:40:00", "2020-03-09T09:40:00"), "utf-8")
    assert cecert("decide", "reader")[2].startswith("cecert: 2 awards")


def test_what_a_format_has_no_use_for_is_refused_with_what_to_do(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.give({"zoom.csv": ZOOM})
    status, _, err = cecert("collect", "reader")
    assert (status, "is self-study: it has no attendance to collect" in err) == (2, True)
    course.write(HYBRID)
    zoom = "courses/reader/files/zoom.csv=evening"
    status, _, err = cecert("collect", "reader", "--session", zoom)
    assert (status, "course reader is no conference" in err) == (2, True)
    live = HYBRID.replace('"hybrid"', '"live-in-person"').replace("study_minutes = 100\n", "")
    course.write(live.replace("hours = 2", "hours = 1"))
    course.give({"progress.csv": ACTIVITIES})
    status, _, err = cecert("collect", "reader")
    assert (status, "nobody completes course reader on a day of their own" in err) == (2, True)


def test_a_hybrid_has_its_sessions_and_a_day_not_before_the_last_of_them(
    course: OwnCourse, cecert: Cecert
) -> None:
    quiz = QUIZ.replace("5 March 2020 9:20 AM", "1 March 2020 9:20 AM")
    survey = SURVEY.replace("3/7/2020 23:30:00,ana", "3/3/2020 19:10:00,ana")
    course.write(HYBRID)
    course.give({"zoom.csv": ZOOM, "quiz.csv": quiz, "survey.csv": survey})
    status, out, err = cecert("collect", "reader")
    assert status == 0, err
    assert out.splitlines()[0] == "name\tevening\tcompleted_on\twhy"
    ana, ben = (course.rows()[each] for each in ("Ana Ruiz", "Ben Cho"))
    assert (ana["attended"], ana["completed_on"][:10]) == ("evening", "2020-03-03")
    assert (ben["attended"], ben["completed_on"]) == ("", "")
    came_late = "On March 3 you came at 6:20 p.m., 20 minutes after the start."
    assert came_late in cecert("decide", "reader")[1]
    assert (
        "We have no day"
        not in cecert("decide", "reader")[1].partition("Ben Cho")[2].partition("\n")[0]
    )
    why = course.evidence("Ana Ruiz")["completion"]["why"]
    assert why.startswith(
        "Completed on March 3, 2020, by the last session, the evaluation and the attestation"
    )
    assert "Who was there when" in course.report
    assert cecert("issue", "reader")[0] == 0
    with Office.open("cecert.toml", environ={}) as office:
        (entry,) = office.ledger.entries("reader")
    assert str(entry.certificate.credit_date) == "2020-03-03"
    course.give({"survey.csv": SURVEY.replace("3/7/2020 23:30:00,ana", "3/3/2020 18:30:00,ana")})
    assert cecert("collect", "reader")[0] == 0
    review = course.rows()["Ana Ruiz"]["review"]
    assert "dated 2020-03-03 18:30, more than 15 minutes before the last session ended" in review


def test_a_hybrid_may_be_evaluated_when_its_sessions_are_over_and_its_test_is_not(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.write(HYBRID)
    survey = SURVEY.replace("3/7/2020 23:30:00,ana", "3/3/2020 19:10:00,ana")
    course.give({"zoom.csv": ZOOM, "survey.csv": survey})
    assert cecert("collect", "reader")[0] == 0
    assert (course.rows()["Ana Ruiz"]["review"], days(course)["Ana Ruiz"]) == ("", "2020-03-05")
    assert "Ana Ruiz\tny-social-work\taward" in cecert("decide", "reader")[1]


def test_two_credits_have_the_one_day_of_all_that_is_complete(
    course: OwnCourse, cecert: Cecert
) -> None:
    second = '\n[[credit]]\ncredential = "ma-social-work"\nhours = 2\n'
    own = "[credit.requirements]\nevaluation = false\nattestation = false\npost_test = 75\n"
    course.write(COURSE.replace("\n[requirements]", f"{second}{own}\n[requirements]"))
    both = REGISTRATIONS.replace(",ny-social-work", ",ny-social-work;ma-social-work")
    course.give({"people.csv": both})
    assert cecert("collect", "reader")[0] == 0
    # Ida's test passes for one of her credits alone, and nothing else is asked for that.
    assert days(course) == {
        "Ana Ruiz": "2020-03-07", "Ben Cho": "2020-03-06", "Ida Berg": "2020-03-05", "Leo Park": "",
    }  # fmt: skip
    decided = cecert("decide", "reader")[1]
    assert "Ida Berg\tma-social-work\taward" in decided
    assert "Ida Berg\tny-social-work\tdenial" in decided


@pytest.mark.usefixtures("course")
def test_json_tells_the_day_and_by_what(cecert: Cecert) -> None:
    document = json.loads(cecert("collect", "reader", "--json")[1])
    ana, *_, leo = document["participants"]
    assert (ana["status"], ana["completed_on"]) == ("MET", "2020-03-07")
    assert ana["completion"].startswith("Completed on March 7, 2020")
    assert (leo["status"], leo["completed_on"]) == ("NO_EVIDENCE", None)
    assert leo["completion"].startswith("Not completed: no post-test that passes")


def test_of_several_quizzes_somebody_says_which_is_the_test(
    course: OwnCourse, cecert: Cecert
) -> None:
    course.give({"practice.csv": QUIZ})
    status, _, err = cecert("collect", "reader")
    assert status == 2
    path = "courses/reader/files/{}.csv"
    assert (
        "practice.csv and quiz.csv: may each be the post-test (say which: --post-test "
        f"{path.format('practice')})" in err
    )
    status, _, err = cecert("collect", "reader", "--post-test", path.format("quiz"))
    assert status == 0, err
    assert "practice.csv as nothing, an option gives another" in err
    assert days(course)["Ana Ruiz"] == "2020-03-07"


def test_of_two_completions_the_later_counts(course: OwnCourse, cecert: Cecert) -> None:
    course.give({"activities.csv": ACTIVITIES, "course.csv": COMPLETE})
    said = cecert("collect", "reader")[2]
    assert days(course)["Ana Ruiz"] == "2020-03-18"
    assert "activities.csv: line 2: ana@example.org again; course.csv: line 2 counts" in said


def test_nobody_is_told_that_a_day_is_missing_which_is_still_looked_at(
    course: OwnCourse, cecert: Cecert
) -> None:
    text = SURVEY.replace("?,Attestation", "?,Your full name,Attestation")
    text = text.replace("good,", "good,,").replace(
        "ben@example.org,good,,", "ben@example.org,good,Ida Berg,"
    )
    course.give({"survey.csv": text})
    assert cecert("collect", "reader")[0] == 0
    assert (days(course)["Ben Cho"], course.rows()["Ben Cho"]["review"][:10]) == ("", "evaluation")
    document = json.loads(cecert("decide", "reader", "--json")[1])
    ben = next(each for each in document["decisions"] if each["name"] == "Ben Cho")
    told = {each["kind"]: each["sentence"] for each in ben["shortfalls"]}
    assert told["completion"] == "On which day you completed the course is still being looked at."


def test_pages_of_many_people_have_everybody_s_day(
    course: OwnCourse, cecert: Cecert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.adapters.reports.collect_pages.PEOPLE_A_PAGE", 2)
    assert cecert("collect", "reader")[0] == 0
    pages = course.folder / "completions.report"
    first, second = (pages.joinpath(each).read_text("utf-8") for each in ("001.html", "002.html"))
    assert first.count("Completed on March") == 2
    assert 'href="#when">Skip' in first
    assert '<section id="when" aria-labelledby="completed-title">' in first
    assert "Not completed: no post-test that passes" in second
    index = course.report
    assert index.count("completions.report/001.html#p-") == 2
    for anchor in (each.partition('"')[0] for each in index.split("001.html#")[1:]):
        assert f'id="{anchor}"' in first


def test_a_platform_s_own_words_are_said_in_a_form(course: OwnCourse, cecert: Cecert) -> None:
    (course.folder / "forms.toml").write_text(
        '[[form]]\nkinds = ["completion"]\nrecognise = ["Learner", "Finished at"]\n'
        '[form.columns]\nemail = "Learner"\nsubmitted = "Finished at"\n',
        "utf-8",
    )
    rows = "ana@example.org,2020-03-08 09:00:00\nben@example.org,\n"
    course.give({"lms.csv": f"Learner,Finished at\n{rows}"})
    status, _, err = cecert("collect", "reader")
    assert status == 0, err
    assert "lms.csv as completion" in err
    assert (days(course)["Ana Ruiz"], days(course)["Ben Cho"]) == ("2020-03-08", "")
