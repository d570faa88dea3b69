"""`course.toml`: the seminar, and everything that can be wrong (docs/spec/inputs.md 0)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from office_folder import OfficeFolder

from cecert.adapters.office_files import CourseReading, read_course, read_office
from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.values.findings import Severity

HOURS = 'credential = "ny-social-work"\nhours = 6'
TITLE = 'title = "Mentalization Based Treatment"'


def errors(reading: CourseReading) -> list[str]:
    return [f"{each.place}: {each.message}" for each in reading.errors]


def warnings(reading: CourseReading) -> list[str]:
    found = (each for each in reading.findings if each.severity is Severity.WARNING)
    return [f"{each.place}: {each.message}" for each in found]


def loaded(reading: CourseReading) -> Course:
    assert reading.course is not None, errors(reading)
    return reading.course


def statement(course: Course, credential: str) -> str:
    line = course.credit_for(credential)
    assert line is not None
    return line.statement


def test_the_seminar_of_the_course_page_loads(new_office: OfficeFolder) -> None:
    course = loaded(new_office.course())
    assert course.days == (date(2020, 10, 22), date(2020, 10, 29))
    assert course.creditable.total_seconds() == 360 * 60  # 2 x (195 - 15) minutes
    assert course.certificate_policy is CertificatePolicy.COMBINED
    assert [(line.credential, line.code, str(line.hours)) for line in course.credit_lines] == [
        ("ny-social-work", 1, "6"),
        ("ma-social-work", 2, "6"),
        ("apa-psychology", 3, "6"),
        ("attendance", 4, "6"),
    ]
    asked = course.requirements
    assert asked.visible
    assert asked.evaluation
    assert asked.attestation
    assert asked.fee
    assert asked.post_test is None
    assert course.attendance_rule is not None
    assert course.attestation is not None
    assert course.attestation.version == "2020-1"
    assert course.attestation.text.startswith("I attended all sessions")


def test_new_york_names_its_holder_and_number_as_the_board_lists_them(
    new_office: OfficeFolder,
) -> None:
    # The sentence of docs/spec/regulations.md 3.1.
    assert statement(loaded(new_office.course()), "ny-social-work") == (
        "Smith College School for Social Work, Office of Professional Education SW OPE is "
        "recognized by the New York State Education Department's State Board for Social Work as "
        "an approved provider of continuing education for licensed social workers #0169."
    )


def test_psychology_names_both_as_co_sponsors_and_then_the_holder_alone(
    new_office: OfficeFolder,
) -> None:
    # docs/spec/regulations.md 3.2 and 3.3.
    assert statement(loaded(new_office.course()), "apa-psychology") == (
        "This program is co-sponsored by Smith College School for Social Work and Amego Prepare. "
        "Amego Prepare is approved by the American Psychological Association to sponsor "
        "continuing education for psychologists. Amego Prepare maintains responsibility for this "
        "program and its content."
    )


def test_massachusetts_has_no_number_and_says_so(new_office: OfficeFolder) -> None:
    line = loaded(new_office.course()).credit_for("ma-social-work")
    assert line is not None
    assert (line.number, line.number_none_issued, line.token_provider) == ("", True, "")
    assert "258 CMR 31.00" in line.statement


def test_attendance_claims_no_approval_at_all(new_office: OfficeFolder) -> None:
    line = loaded(new_office.course()).credit_for("attendance")
    assert line is not None
    assert (line.approver, line.number, line.statement, line.awarded_by) == ("", "", "", "")
    assert line.valid_from is None
    assert not line.number_none_issued


def test_the_new_office_warns_that_nobody_has_checked_its_approvals(
    new_office: OfficeFolder,
) -> None:
    told = "\n".join(warnings(new_office.course()))
    for credential in ("ny-social-work", "ma-social-work", "apa-psychology"):
        assert f"cecert.toml: approval[{credential}].checked_on: nobody has checked" in told
    assert "regime ny-social-work: an hour of 50 minutes rests on secondary evidence" in told
    assert "regime apa-psychology: keeping records 3 years rests on unverified evidence" in told


def test_a_checked_approval_warns_no_more(new_office: OfficeFolder) -> None:
    new_office.rewrite("cecert.toml", ('checked_on = ""', "checked_on = 2020-09-01"))
    assert "checked_on" not in "\n".join(warnings(new_office.course()))


def test_hours_the_tolerance_eats_into_warn_with_the_figures(new_office: OfficeFolder) -> None:
    # 360 minutes less twice the 900 s that absent_total tolerates.
    assert (
        "course.toml: credit[ma-social-work].hours: 6 hours need 360 minutes at 60 an hour; "
        "who misses the 30 minutes that absent_total lets pass is there for 330, which are 5.5 "
        "hours"
    ) in warnings(new_office.course())


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        # 360 minutes at 50 an hour are 7.2.
        ("7.2", ""),
        ("7.21", "7.21 hours are above the ceiling: 360 scheduled minutes less breaks make 7.2"),
        ("8", "8 hours are above the ceiling: 360 scheduled minutes less breaks make 7.2"),
    ],
)
def test_no_credit_is_above_the_schedule_at_fifty_minutes_an_hour(
    new_office: OfficeFolder, hours: str, told: str
) -> None:
    found = errors(new_office.course((HOURS, HOURS.replace("6", hours))))
    assert [told in each for each in found] == ([True] if told else [])


def test_a_stricter_figure_binds_only_where_its_text_was_read(new_office: OfficeFolder) -> None:
    reading = new_office.course(
        ('credential = "ma-social-work"\nhours = 6', 'credential = "ma-social-work"\nhours = 6.5')
    )
    told = (
        "6.5 hours are above an hour of 60 minutes (secondary: NASW-MA, for the programmes it "
        "authorizes: one hour of instruction, no breaks; 258 CMR 31.02 was not read): 360 "
        "scheduled minutes less breaks make 6 at 60 minutes an hour; ask the board which hour it "
        "counts, or claim no more than that"
    )
    assert f"course.toml: credit[ma-social-work].hours: {told}" in warnings(reading)
    assert reading.course is not None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("hours = 6", "hours = -6"), "credit[1].hours: '-6' is not a positive number of hours"),
        (("hours = 6", "hours = 0"), "is not a positive number of hours"),
        (("hours = 6", "hours = nan"), "credit[1].hours: 'NaN' is not a number"),
        (("hours = 6", "hours = inf"), "credit[1].hours: 'Infinity' is not a number"),
        (("hours = 6", "hours = 6.333"), "credit[1].hours: '6.333' is not a positive number"),
        (("hours = 6", "hours = 1e400"), "is not a positive number of hours"),
        (("hours = 6", "hours = 0x" + "f" * 5000), "is not a positive number of hours"),
        (("visible = true", "visible = 0x" + "f" * 5000), "'a number too long to show' is"),
        (("hours = 6", "hours = true"), "credit[1].hours: 'True' is not a number"),
        (("hours = 6", 'hours = "6"'), "credit[1].hours: '6' is not a number"),
        ((HOURS, HOURS + "\ncategories = [{ code = 'ethics', hours = 7 }]"), "categories sum to 7"),
        (("hours = 6", "hour = 6"), "credit[1].hour: is no known key; did you mean hours?"),
        (('"ny-social-work"', '"ny-socialwork"'), "did you mean ny-social-work?"),
        (('"ny-social-work"', '"attendance"'), "credit attendance stands there twice"),
        (('"ny-social-work"', '"nbcc"'), "credit[nbcc]: cecert.toml has no [[approval]] for it"),
        (('"live-interactive-webinar"', '"self-study-recorded"'), "is self-study, which"),
        (('"live-interactive-webinar"', '"self-study"'), "self-study has no sessions"),
        (('"live-interactive-webinar"', '"hybrid"'), "study_minutes is missing"),
        (('timezone = "A', 'study_minutes = 60\ntimezone = "A'), "self-study and hybrid cou"),
        (('"live-interactive-webinar"', '"online"'), "does not say whether people could talk"),
        (('"live-interactive-webinar"', '"zoom"'), "is not one of live-interactive-webinar, live"),
        (('"America/New_York"', '"Mars/Base"'), "course.timezone: 'Mars/Base' is not a time zone"),
        ((TITLE, ""), "course.title: is missing"),
        ((TITLE, f'title = "{"x" * 161}"'), "has 161 characters and 161 bytes in UTF-8"),
        ((TITLE, f'title = "{"ü" * 101}"'), "has 101 characters and 202 bytes in UTF-8"),
        ((TITLE, 'title = "<em>Ethics</em> &amp; Law"'), "holds markup; is it 'Ethics & Law'?"),
        ((TITLE, 'title = "A\\u202eB"'), "holds U+202E RIGHT-TO-LEFT OVERRIDE"),
        (('id = "day-2"', 'id = "day-1"'), "session day-1 stands there twice"),
        (('id = "day-2"', 'id = "All"'), "no session is called all"),
        (('id = "day-2"', 'id = "day;2"'), "session[2].id: 'day;2' is not 1 to 64 letters"),
        (("end = 2020-10-22T16:15:00", "end = 2020-10-22T12:15:00"), "session[1]: "),
        (("end = 2020-10-22T16:15:00", "end = 2021-10-22T16:15:00"), "lasts more than a day"),
        (("end = 2020-10-22T14:45:00", "end = 2020-10-22T14:15:00"), "session[1]: break ends"),
        (("start = 2020-10-22T13:00:00", "start = 2020-10-22T14:40:00"), "overlaps another or"),
        (("start = 2020-10-22T13:00:00", 'start = "1 pm"'), "is not a date and time such as"),
        (("start = 2020-10-22T13:00:00", "start = 2020-10-22T13:00:00Z"), "has an offset"),
        (("start = 2020-10-22T13:00:00", "start = 0001-01-01T00:00:00"), "is not in the years"),
        (("T13:00:00", "T13:00:00.5"), ""),
        (("fee = true", 'fee = "yes"'), "requirements.fee: 'yes' is not true or false"),
        (("fee = true", "post_test = 120"), "requirements.post_test: '120' is not a number of per"),
        (("fee = true", 'roles = ["cook"]'), "requirements.roles[1]: 'cook' is not one of"),
        (("days = 30", "days = 0"), "delivery_days: '0' is not a whole number"),
        (("late_join = 600", "late_join = -1"), "late_join: '-1' is not a whole number"),
        (("late_join = 600\n", ""), "requirements.attendance.late_join: is missing"),
        (('"combined"', '"both"'), "is not one of combined, per-credential"),
        (('"Amego Prepare"   #', '"Amego"   #'), "Amego holds no approval for it"),
        (('awarded_by = "Amego Prepare"   # where it is not the provider\n', ""), "can be lent"),
        (("[course]", "[[course]]"), "course: "),
    ],
)  # fmt: skip
def test_each_fault_of_a_course_says_its_place(
    new_office: OfficeFolder, change: tuple[str, str], told: str
) -> None:
    reading = new_office.course(change)
    found = errors(reading)
    assert (reading.course is None) is bool(told)
    assert all(each.startswith(("course.toml", "cecert.toml")) for each in found)
    assert any(told in each for each in found) is bool(told), found


def test_an_approval_out_of_force_on_any_session_date_keeps_the_course_from_loading(
    new_office: OfficeFolder,
) -> None:
    new_office.rewrite("cecert.toml", ("valid_to = 2022-12-31   #", "valid_to = 2020-10-28   #"))
    assert errors(new_office.course()) == [
        (
            "course.toml: credit[ny-social-work]: the approval #0169 of Smith College School for "
            "Social Work, Office of Professional Education SW OPE is in force from 2020-01-01 to "
            "2020-10-28, not on session date 2020-10-29"
        )
    ]


def test_an_approval_for_another_format_keeps_the_course_from_loading(
    new_office: OfficeFolder,
) -> None:
    new_office.rewrite(
        "cecert.toml", ('status = "approved"', 'status = "approved"\nformats = ["live-in-person"]')
    )
    assert errors(new_office.course()) == [
        (
            "course.toml: credit[ny-social-work]: the approval covers live-in-person, the course "
            "is a live-interactive-webinar"
        )
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{{ holdr }} is approved", "names the unknown field holdr; there are provider"),
        ("{{ holder.__class__ }} is", "holds code (line 1)"),
        ("{{ ''.__class__.__mro__ }} x", "holds code"),
        ("{% for a in holder %}x{% endfor %}", "holds code"),
        ("{{ holder | upper }} x", "holds code"),
        ("{{ range(9) }} x", "holds code"),
        ("{{ range }} x", "unknown field range"),
        ("{{ 'a' * 1000000000 }} x", "holds code"),
        ("{{ holder }", "cannot be read: unexpected '}'"),
        ("{% include 'x' %} y", "holds code"),
        ("{% if co_sponsored %} {% endif %}", "it is empty"),
        ("licensed #0161, {{ holder }}", "it says number 0161, the approval's is 0169"),
        ("provider number SW-0169 {{ holder }}", "it says number SW-0169"),
        ("{{ holder }}: 5.5 contact hours", "it says 5.5 hours, the credit has 6"),
        ("{{ holder }}: 12 continuing education credits", "it says 12 hours, the credit has 6"),
        ("social-work", "no statement is named social-work; there is ny-social-work"),
    ],
)
def test_a_statement_that_cannot_be_right_is_an_error(
    new_office: OfficeFolder, written: str, told: str
) -> None:
    new_office.rewrite("cecert.toml", ('= "ny-social-work"   # a named', f'= "{written}"   # a'))
    found = errors(new_office.course())
    assert any(told in each for each in found), found


def test_a_statement_in_the_offices_own_words_is_printed_as_it_is(new_office: OfficeFolder) -> None:
    words = "Our office, {{ number }}, gives {{ hours }} contact hours (8 NYCRR 74.10)."
    new_office.rewrite("cecert.toml", ('= "ny-social-work"   # a named', f'= "{words}"   # a'))
    printed = statement(loaded(new_office.course()), "ny-social-work")
    assert printed == "Our office, #0169, gives 6 contact hours (8 NYCRR 74.10)."


def test_the_apa_sentences_must_stand_verbatim_with_the_holder(new_office: OfficeFolder) -> None:
    drifted = (
        "Smith College School for Social Work is approved by the American Psychological "
        "Association to sponsor continuing education for psychologists. Smith College School for "
        "Social Work maintains responsibility for this program and its content."
    )
    new_office.rewrite("cecert.toml", ('statement = "apa-psychology"', f'statement = "{drifted}"'))
    found = errors(new_office.course())
    assert len(found) == 2
    assert all("it lacks the sentence: Amego Prepare" in each for each in found)


def test_psychology_of_an_approved_school_has_no_sentence_on_co_sponsors(
    new_office: OfficeFolder,
) -> None:
    school = "Smith College School for Social Work"
    new_office.rewrite("cecert.toml", ('holder = "Amego Prepare"', f'holder = "{school}"'))
    awarded = 'awarded_by = "Amego Prepare"   # where it is not the provider\n'
    course = loaded(new_office.course((awarded, "")))
    assert statement(course, "apa-psychology").startswith(f"{school} is approved by the American")


def test_a_course_the_co_sponsor_presents_is_not_deemed_approved_in_massachusetts(
    new_office: OfficeFolder,
) -> None:
    # 258 CMR 31.04(2)(a): presented or conducted by the accredited school.
    school = 'presented_by = "Smith College School for Social Work"'
    assert errors(new_office.course((school, 'presented_by = "Amego Prepare"'))) == [
        (
            "course.toml: credit[ma-social-work]: the approval covers what Smith College School "
            "for Social Work itself presents (258 CMR 31.00), the course is presented by Amego "
            "Prepare"
        )
    ]


def test_every_error_of_a_course_is_told_at_once(new_office: OfficeFolder) -> None:
    new_office.rewrite("cecert.toml", ("valid_to = 2022-12-31   #", "valid_to = 2020-10-28   #"))
    found = errors(
        new_office.course(('"ma-social-work"\nhours = 6', '"ma-social-work"\nhours = 9'))
    )
    assert len(found) == 2


def test_requirements_of_a_credit_override_the_courses(new_office: OfficeFolder) -> None:
    course = loaded(
        new_office.course(
            (
                (
                    "requirements = { visible = false, evaluation = false, attestation = false, "
                    "fee = false }"
                ),
                "[credit.requirements]\nfee = false\nvisible = false",
            ),
            ("fee = true", 'fee = true\nroles = ["instructor"]\npost_test = 80'),
        )
    )
    line = course.credit_for("attendance")
    assert line is not None
    assert (line.requirements.fee, line.requirements.visible) == (False, False)
    assert line.requirements.evaluation
    assert line.requirements.roles == frozenset({"instructor"})
    assert course.requirements.fee
    assert course.requirements.post_test == Decimal(80)


def test_seven_credits_do_not_fit_one_certificate(new_office: OfficeFolder) -> None:
    text = (new_office.folder / "course.toml").read_text("utf-8")
    more = "".join(f'[[credit]]\ncredential = "{each}"\nhours = 1\n' for each in ("nbcc",) * 3)
    (new_office.folder / "course.toml").write_text(text + more, "utf-8")
    assert any(
        "7 credits on a combined certificate" in each for each in errors(new_office.course())
    )


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2021-03-14T02:30:00", "is on no clock in America/New_York: it is skipped in spring"),
        ("2020-11-01T01:30:00", "is twice on the clock in America/New_York: it is repeated"),
    ],
)
def test_a_time_that_the_clock_skips_or_repeats_is_an_error(
    new_office: OfficeFolder, day: str, told: str
) -> None:
    start = "start = 2020-10-29T13:00:00"
    assert any(told in each for each in errors(new_office.course((start, f"start = {day}"))))


def test_a_course_file_that_is_missing_or_no_toml_is_a_finding(new_office: OfficeFolder) -> None:
    office = read_office(new_office.folder / "cecert.toml")
    reading = read_course(new_office.folder / "no.toml", office, new_office.regimes)
    assert errors(reading) == ["no.toml: cannot be read: No such file or directory"]
    (new_office.folder / "cut.toml").write_text("[course")
    reading = read_course(new_office.folder / "cut.toml", office, new_office.regimes)
    assert errors(reading)[0].startswith("cut.toml: is not TOML")


def test_sessions_that_overlap_are_an_error(new_office: OfficeFolder) -> None:
    reading = new_office.course(("2020-10-29", "2020-10-22"))
    assert errors(reading) == ["course.toml: session day-2 starts before session day-1 has ended"]
