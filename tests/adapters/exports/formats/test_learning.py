"""What learning platforms export, in texts written for these tests after the programs' source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cecert.adapters.exports import ColumnMapping
from cecert.domain.evidence.export import DateOrder
from cecert.errors import AmbiguousDateError

Read = Callable[..., Any]
SECRET = "A VERY PRIVATE ANSWER"


def local(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


HEAD = '"Last name","First name","Email address",State,"Started on",Completed,"Time taken"'
QUIZ = f"""\
{HEAD},"Grade/20.00","Q. 1 /20.00"
Ruiz,Ana,ana@example.org,Finished,"5 March 2020 9:00 AM","5 March 2020  9:20 AM",20 mins,17.00,17.00
Cho,Ben,ben@example.org,"In progress","5 March 2020  9:00 AM",-,-,-,-
"Overall average",,,,,,,17.00,17.00
"""


def test_moodle_says_in_a_header_what_a_quiz_is_out_of(read: Read) -> None:
    found = read(QUIZ)
    assert found.facts.format == "moodle_quiz"
    ana, ben = found.responses
    assert (ana.email, ana.name, ana.submitted) == ("ana@example.org", "Ana Ruiz", local(5, 9, 20))
    assert (ana.per_cent, ana.complete) == (Decimal(85), True)
    assert (ben.per_cent, ben.submitted, ben.complete) == (None, None, False)


def test_newer_moodle_calls_the_columns_otherwise(read: Read) -> None:
    head = HEAD.replace("State", "Status").replace("Started on", "Started")
    text = QUIZ.replace(HEAD, head.replace("Time taken", "Duration"))
    assert read(text).responses[0].per_cent == Decimal(85)


def test_a_list_of_attempts_without_a_grade_is_no_quiz(read: Read) -> None:
    times = '"5 March 2020 9:00 AM","5 March 2020 9:20 AM"'
    found = read(f"{HEAD}\nRuiz,Ana,ana@example.org,Finished,{times},20 mins\n")
    assert found.facts.format != "moodle_quiz"


ACTIVITIES = """\
,"ID number","Email address","The lecture","","The test","2020-04-01 00:00:00"
"Ana Ruiz",7,ana@example.org,Completed,"2020-03-08 10:00:00","Completed (achieved pass grade)","2020-03-02 10:00:00"
"Ben Cho",8,ben@example.org,Completed,"2020-03-08 10:00:00","Completed (did not achieve pass grade)","2020-03-09 10:00:00"
"Ida Berg",9,ida@example.org,"Completed (set by Joan Lesser)","2020-03-08 10:00:00","Not completed",""
"""  # noqa: E501 - as the platform writes it


@pytest.mark.parametrize("text", [ACTIVITIES, ACTIVITIES.replace(",", "\t").encode("utf-16")])
def test_whoever_did_all_activities_did_so_at_the_latest_time(
    read: Read, text: str | bytes
) -> None:
    found = read(text)
    assert found.facts.format == "moodle_activity_completion"
    assert [(each.name, each.submitted, each.complete) for each in found.responses] == [
        ("Ana Ruiz", local(8, 10), True), ("Ben Cho", None, False), ("Ida Berg", None, False),
    ]  # fmt: skip


COURSE = """\
ID,Name,"Email address","The lecture","The lecture - Completion date","Course complete"
7,"Ana Ruiz",ana@example.org,Completed,"02/03/20, 10:00","{}/03/20, 10:00"
8,"Ben Cho",ben@example.org,"Not completed",,
"""


def test_the_course_was_complete_on_the_day_that_moodle_says(read: Read) -> None:
    found = read(COURSE.format(18))
    assert found.facts.format == "moodle_course_completion"
    ana, ben = found.responses
    assert (ana.submitted, ana.complete) == (local(18, 10), True)
    assert (ben.submitted, ben.complete) == (None, False)
    with pytest.raises(AmbiguousDateError):
        read(COURSE.format("05"))
    assert read(COURSE.format("05"), DateOrder.DMY).responses[0].submitted == local(5, 10)


CANVAS = f"""\
name,id,sis_id,section,section_id,section_sis_id,submitted,attempt,"812: What, then?",4.0,\
"813: And now?",6,n correct,n incorrect,score
Ana Ruiz,101,u1,MBT,9,s9,2020-03-06 03:59:00 UTC,1,{SECRET},4.0,{SECRET},5.0,2,0,8.5
Ben Cho,102,,MBT,9,s9,2020-03-06 05:01:00 UTC,1,{SECRET},4.0,{SECRET},6.0,2,0,
"""


def test_canvas_scores_are_of_the_sum_of_the_questions_points(read: Read) -> None:
    found = read(CANVAS)
    assert (found.facts.format, found.facts.zone) == ("canvas_quiz", "UTC")
    ana, ben = found.responses
    assert (ana.email, ana.further_emails, ana.name) == ("u1", ("101",), "Ana Ruiz")
    assert (ana.per_cent, ben.per_cent, ben.email) == (Decimal(85), None, "102")
    assert "scores are of 10.0 points, the sum of its questions" in found.facts.notes[0]
    assert SECRET not in str(found)


def test_a_form_may_say_what_a_canvas_quiz_is_out_of(read: Read) -> None:
    mapping = ColumnMapping("evaluation", {}, (), 17, {})
    found = read(CANVAS, mapping=mapping)
    assert (found.responses[0].per_cent, found.facts.notes) == (Decimal(50), ())
