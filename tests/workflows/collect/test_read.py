"""Reading exports for a course: zones, orders of dates, clock changes, midnight (7.1, 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cecert.domain.course.course import Course
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.export import (
    AttendanceFile,
    DateOrder,
    EvaluationFile,
    EvaluationResponse,
    FileFacts,
    Occurrence,
    ReportedConnection,
    RowKind,
)
from cecert.errors import AmbiguousDateError, Fault, InputError
from cecert.ports import SourceFile
from cecert.testing import sample_course
from cecert.workflows.collect.read import Reading, read_report, read_responses
from cecert.workflows.collect.report_times import Timing, connections

ZONE = ZoneInfo("America/New_York")
FILE = SourceFile("oct22.csv", b"")
FACTS = FileFacts("oct22.csv", "ab" * 32, 100, "zoom_participants", "utf-8")


def attendance(*rows: ReportedConnection, **about: object) -> AttendanceFile:
    facts = replace(FACTS, **{key: about.pop(key) for key in ("zone", "notes") if key in about})  # type: ignore[arg-type]
    return AttendanceFile(facts, rows, **about)  # type: ignore[arg-type]


def local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - as a file writes it


def there(join: datetime | None, leave: datetime | None, **about: object) -> ReportedConnection:
    return ReportedConnection("Ana", "ana@example.org", join=join, leave=leave, line=7, **about)  # type: ignore[arg-type]


WHOLE = there(local(2020, 10, 22, 12, 58), local(2020, 10, 22, 16, 16))


@dataclass
class Shelf:
    """Files by the order they are read in; None is the order the file itself proves."""

    reports: Mapping[DateOrder | None, AttendanceFile] = field(default_factory=dict)
    surveys: Mapping[DateOrder | None, EvaluationFile] = field(default_factory=dict)

    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        if order not in self.reports:
            raise self._unknown(file, order, tuple(each.value for each in self.reports if each))
        return self.reports[order]

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        if order not in self.surveys:
            raise self._unknown(file, order, tuple(each.value for each in self.surveys if each))
        return self.surveys[order]

    def _unknown(
        self, file: SourceFile, order: DateOrder | None, orders: tuple[str, ...]
    ) -> InputError:
        if order is None and orders:
            return AmbiguousDateError("ambiguous", (), orders=orders)
        return InputError(f"{file.name} is no export", hint="export it again")


def reading(shelf: Shelf, **about: object) -> Reading:
    return Reading(sample_course(), shelf, **about)  # type: ignore[arg-type]


def stays(shelf: Shelf, **about: object) -> list[tuple[datetime, datetime]]:
    report, faults = read_report(FILE, reading(shelf, **about))
    assert faults == ()
    assert report is not None
    return [
        (each.stay.joined[0], each.stay.left[1]) for each in report.connections if each.stay.left
    ]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("stated", "asked", "join"),
    [
        (None, None, utc(2020, 10, 22, 16, 58)),  # the course's zone, EDT
        (None, ZoneInfo("Europe/London"), utc(2020, 10, 22, 11, 58)),  # BST until 25 Oct 2020
        ("America/Denver", ZoneInfo("Europe/London"), utc(2020, 10, 22, 18, 58)),  # the file's own
    ],
)
def test_a_stamp_is_local_to_the_files_zone_else_the_operators_else_the_courses(
    stated: str | None, asked: ZoneInfo | None, join: datetime
) -> None:
    shelf = Shelf({None: attendance(WHOLE, zone=stated)})
    assert stays(shelf, zone=asked)[0][0] == join


def test_a_stamp_with_an_offset_needs_no_zone_and_the_report_states_its_own() -> None:
    offset = timezone(timedelta(hours=2))
    row = there(
        datetime(2020, 10, 22, 19, tzinfo=offset), datetime(2020, 10, 22, 22, tzinfo=offset)
    )
    report, _ = read_report(FILE, reading(Shelf({None: attendance(row)})))
    assert report is not None
    assert report.zone_stated
    assert report.connections[0].stay.joined[0] == utc(2020, 10, 22, 17)


def test_the_plan_chooses_between_two_orders_of_day_and_month() -> None:
    wrong = there(local(2020, 12, 10, 13), local(2020, 12, 10, 16))
    right = there(local(2020, 10, 22, 13), local(2020, 10, 22, 16))
    shelf = Shelf({DateOrder.MDY: attendance(right), DateOrder.DMY: attendance(wrong)})
    assert stays(shelf)[0][0] == utc(2020, 10, 22, 17)


def test_two_orders_that_both_fit_are_an_error_that_shows_both() -> None:
    one = there(local(2020, 10, 9, 13), local(2020, 10, 9, 16))
    other = there(local(2020, 9, 10, 13), local(2020, 9, 10, 16))
    shelf = Shelf({DateOrder.MDY: attendance(one), DateOrder.DMY: attendance(other)})
    report, (fault,) = read_report(FILE, reading(shelf))
    assert report is None
    assert "AMBIGUOUS_DATE" in fault.problem
    assert "MDY: October 9, 2020 to October 9, 2020" in fault.problem
    assert "DMY: September 10, 2020 to September 10, 2020" in fault.problem
    assert fault.remedy == "say --date-order"


def test_the_operators_order_is_taken_at_its_word() -> None:
    shelf = Shelf({DateOrder.DMY: attendance(WHOLE)})
    assert stays(shelf, order=DateOrder.DMY)


def test_a_file_that_cannot_be_read_says_why_and_what_to_do() -> None:
    report, (fault,) = read_report(FILE, reading(Shelf()))
    assert report is None
    assert str(fault) == "oct22.csv: oct22.csv is no export (export it again)"


def test_an_export_that_proves_no_presence_is_refused_with_what_to_export_instead() -> None:
    unique = attendance(
        there(None, None, kind=RowKind.TOTAL), refusal="proves no presence", advice="export again"
    )
    report, (fault,) = read_report(FILE, reading(Shelf({None: unique})))
    assert report is None
    assert str(fault) == "oct22.csv: 'zoom_participants' proves no presence (export again)"


def test_an_experimental_format_says_so_and_the_meeting_is_told_from_others() -> None:
    meeting = Occurrence("885", start=local(2020, 10, 22, 12, 57))
    file = attendance(WHOLE, experimental=True, notes=("n",), occurrences=(Occurrence(), meeting))
    report, _ = read_report(FILE, reading(Shelf({None: file})))
    assert report is not None
    assert report.occurrence == "885 2020-10-22T12:57:00"
    assert report.notes[0] == "oct22.csv: n"
    assert "no real export" in report.notes[1]


# Stamps


def timed(*rows: ReportedConnection, day: date | None = None) -> tuple[list[str], list[str]]:
    found, faults = connections(attendance(*rows), Timing(ZONE, day))
    shown = [
        "/".join(f"{each:%d %H:%M:%S}" for each in (*it.stay.joined, *(it.stay.left or ())))
        for it in found
    ]
    return shown, [fault.problem for fault in faults]


def test_a_stamp_to_the_minute_lies_anywhere_in_it() -> None:
    row = replace(WHOLE, resolution=60)
    assert timed(row)[0] == ["22 16:58:00/22 16:58:59/22 20:16:00/22 20:16:59"]


def test_an_hour_that_does_not_exist_is_an_error_with_its_line() -> None:
    # New York sprang forward on 8 Mar 2020 at 02:00
    row = there(local(2020, 3, 8, 2, 30), local(2020, 3, 8, 4))
    found, (fault,) = connections(attendance(row), Timing(ZONE))
    assert found == ()
    assert fault.place == "oct22.csv: line 7"
    assert "does not exist in America/New_York" in fault.problem


def test_an_hour_that_comes_twice_is_both_unless_the_length_tells() -> None:
    # New York fell back on 1 Nov 2020 at 02:00: 01:30 is 05:30 or 06:30 UTC
    join, leave = local(2020, 11, 1, 1, 30), local(2020, 11, 1, 3)
    assert timed(there(join, leave))[0] == ["01 05:30:00/01 06:30:00/01 08:00:00/01 08:00:00"]
    told = there(join, leave, reported_seconds=90 * 60)
    assert timed(told)[0] == ["01 06:30:00/01 06:30:00/01 08:00:00/01 08:00:00"]
    unclear = there(join, leave, reported_seconds=10 * 60)
    assert timed(unclear)[0] == timed(there(join, leave))[0]


def test_in_an_hour_that_comes_twice_nobody_leaves_before_joining() -> None:
    # 1:40 and 1:20 are both twice on 1 November 2020; only 1:40 EDT to 1:20 EST is possible.
    (found,), _ = connections(
        attendance(there(local(2020, 11, 1, 1, 40), local(2020, 11, 1, 1, 20))), Timing(ZONE)
    )
    assert found.stay.joined == (utc(2020, 11, 1, 5, 40),) * 2
    assert found.stay.left == (utc(2020, 11, 1, 6, 20),) * 2


def test_a_leave_before_its_join_is_an_error_unless_the_day_rolled_over() -> None:
    late, early = local(2020, 10, 22, 23, 30), local(2020, 10, 22, 0, 30)
    assert timed(there(late, early))[1] == ["leaves before it joins"]
    assert timed(there(late, early, reported_seconds=3600))[0] == [
        "23 03:30:00/23 03:30:00/23 04:30:00/23 04:30:00"
    ]
    assert timed(there(late, early, reported_seconds=60))[1] == ["leaves before it joins"]


def test_times_without_a_date_are_of_the_meetings_day_and_may_pass_midnight() -> None:
    row = there(local(1, 1, 1, 23, 30), local(1, 1, 1, 0, 30), dated=False)
    assert timed(row, day=date(2020, 10, 22))[0] == [
        "23 03:30:00/23 03:30:00/23 04:30:00/23 04:30:00"
    ]
    assert timed(row)[1] == ["has a time without a date, and the course has several days"]


def test_times_without_a_date_take_the_courses_only_day_or_the_meetings() -> None:
    row = there(local(1, 1, 1, 13), local(1, 1, 1, 16), dated=False)
    course = sample_course()
    single: Course = replace(course, sessions=course.sessions[:1])
    report, _ = read_report(FILE, Reading(single, Shelf({None: attendance(row)})))
    assert report is not None
    assert report.connections[0].stay.joined[0] == utc(2020, 10, 22, 17)
    meeting = Occurrence(start=local(2020, 10, 29, 12, 57))
    dated = Shelf({None: attendance(row, occurrences=(meeting,))})
    assert stays(dated)[0][0] == utc(2020, 10, 29, 17)
    report, faults = read_report(FILE, reading(Shelf({None: attendance(row)})))
    assert report is None
    assert len(faults) == 1


def test_waiting_is_kept_as_waiting_and_no_shows_and_blank_rows_are_no_connections() -> None:
    rows = (
        replace(WHOLE, kind=RowKind.WAITING_ROOM),
        there(None, None, kind=RowKind.NO_SHOW),
        there(None, None),
    )
    found, _ = connections(attendance(*rows), Timing(ZONE))
    assert [each.stay.waiting for each in found] == [True]


def test_first_join_and_last_leave_alone_are_certain_for_no_second() -> None:
    found, _ = connections(attendance(replace(WHOLE, kind=RowKind.ENVELOPE)), Timing(ZONE))
    assert not found[0].stay.certain
    assert found[0].stay.possible(utc(2020, 10, 23)).seconds == 198 * 60


def test_first_and_last_times_count_only_where_connections_would_show_gaps() -> None:
    # Teams' summary is an upper bound (docs/spec/inputs.md 3), Google Meet's row proves nothing
    # (docs/spec/attendance.md 10.3).
    teams, meet = (
        replace(WHOLE, kind=RowKind.ENVELOPE, summary=True),
        replace(WHOLE, kind=RowKind.ENVELOPE),
    )
    found, _ = connections(attendance(teams, meet, WHOLE), Timing(ZONE))
    assert [each.stay.counts for each in found] == [True, False, True]


def test_a_join_that_is_not_told_may_be_any_time_before() -> None:
    found, _ = connections(attendance(there(None, local(2020, 10, 22, 16))), Timing(ZONE))
    assert not found[0].stay.certain
    assert found[0].stay.possible(utc(2020, 10, 23)).start == utc(2020, 10, 22, 8)


# Surveys


def survey(*responses: EvaluationResponse, attestation: str = "") -> EvaluationFile:
    facts = replace(FACTS, name="eval.csv", notes=("n",), columns_unused=("When", "Why?"))
    return EvaluationFile(facts, responses, attestation=attestation)


ANSWERED = EvaluationResponse(
    "1", "ana@example.org", submitted=local(2020, 10, 30, 9), finished=True, line=2
)


def test_a_complete_response_counts_at_its_local_time() -> None:
    done, notes, kept = read_responses(
        FILE, "evaluation", reading(Shelf(surveys={None: survey(ANSWERED)}))
    )
    assert [(each.key, each.moment, each.place) for each in done] == [
        ("ana@example.org", datetime(2020, 10, 30, 9, tzinfo=ZONE), "eval.csv: line 2")
    ]
    assert (notes, kept.purpose) == (("eval.csv: n",), "evaluation")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"complete": False}, "it has no score"),
        ({"complete": False, "finished": False}, "it was not finished"),
        ({"complete": False, "unanswered": ("Q1",)}, "1 required question is unanswered"),
        ({"complete": False, "unanswered": ("Q1", "Q2")}, "2 required questions are unanswered"),
        ({"submitted": None}, "it has no date"),
        ({"complete": False, "finished": None}, "no question is answered"),
        ({"attested": Said.NO}, "attendance is not attested (the answer is no)"),
        ({"attested": Said.BLANK}, "attendance is not attested (the answer is blank)"),
    ],
)
def test_a_response_that_does_not_count_is_listed_with_the_reason(
    changed: dict[str, object], why: str
) -> None:
    response = replace(ANSWERED, **{"attested": Said.YES} | changed)  # type: ignore[arg-type]
    file = survey(response, attestation="Were you there?")
    done, notes, _ = read_responses(FILE, "attestation", reading(Shelf(surveys={None: file})))
    assert [each.said in {Said.NO, Said.BLANK} for each in done] == [True]
    assert notes[1] == f"eval.csv: line 2: the response of ana@example.org does not count: {why}"


def test_an_unclear_attestation_goes_on_as_unclear_and_is_complained_of_nowhere_else() -> None:
    file = survey(replace(ANSWERED, attested=Said.UNCLEAR), attestation="Were you there?")
    done, notes, _ = read_responses(FILE, "attestation", reading(Shelf(surveys={None: file})))
    assert ([each.said for each in done], notes) == ([Said.UNCLEAR], ("eval.csv: n",))


def test_a_file_without_an_attestation_is_no_list_of_attestations_and_its_columns_are_named() -> (
    None
):
    shelf = Shelf(surveys={None: survey(ANSWERED)})
    with pytest.raises(InputError) as refused:
        read_responses(FILE, "attestation", reading(shelf))
    (fault,) = refused.value.faults
    assert "has no column that is an attestation; its columns are When, Why?" in str(fault)
    assert read_responses(FILE, "evaluation", reading(shelf))[0][0].said is Said.YES


def test_a_test_needs_no_date_and_its_score_is_per_cent() -> None:
    scored = replace(ANSWERED, submitted=None, points=Decimal(28), out_of=Decimal(40))
    done, _, _ = read_responses(FILE, "post_test", reading(Shelf(surveys={None: survey(scored)})))
    assert done[0].score == Decimal(70)


def test_responses_are_read_in_the_order_that_puts_them_after_the_course_began() -> None:
    after = survey(replace(ANSWERED, submitted=local(2020, 11, 2)))
    before = survey(replace(ANSWERED, submitted=local(2020, 2, 11)))
    shelf = Shelf(surveys={DateOrder.MDY: after, DateOrder.DMY: before})
    done, _, _ = read_responses(FILE, "evaluation", reading(shelf))
    assert done[0].moment == datetime(2020, 11, 2, tzinfo=ZONE)
    both = Shelf(surveys={DateOrder.MDY: before, DateOrder.DMY: before})
    with pytest.raises(InputError, match="cannot be used"):
        read_responses(FILE, "evaluation", reading(both))


def test_a_fault_of_a_reader_is_passed_on_whole() -> None:
    class Broken(Shelf):
        def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
            raise InputError("x", (Fault(f"{file.name}: line 3", str(order), "is odd"),))

    _, faults = read_report(FILE, reading(Broken()))
    assert faults == (Fault("oct22.csv: line 3", "None", "is odd"),)


def test_a_leave_that_is_not_told_stays_open() -> None:
    found, _ = connections(attendance(there(local(2020, 10, 22, 13), None)), Timing(ZONE))
    assert found[0].stay.left is None
