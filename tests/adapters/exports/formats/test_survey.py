"""Evaluations as docs/spec/inputs.md 5 describes them, in texts written for these tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from cecert.adapters.exports import ColumnMapping
from cecert.domain.evidence.answers import Said
from cecert.errors import ConfigurationError, InputError

Read = Callable[..., Any]
SECRET = "A VERY PRIVATE ANSWER"


def local(hour: int, minute: int = 0, *, day: int = 30) -> datetime:
    return datetime(2020, 10, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


IDS = (
    "StartDate,EndDate,Status,Progress,Finished,RecordedDate,ResponseId,RecipientEmail,Q1,Q2,Email"
)
TEXTS = "Start,Ende,Typ,Stand,Beendet,Erfasst,Antwort-ID,E-Mail,Was?,Wie?,Email"
TIMES = "2020-10-30 09:00:00,2020-10-30 09:10:00"
RECORDED = "2020-11-06 09:10:00"


def imports(zone: str) -> str:
    ids = ["startDate", "endDate", "status", "progress", "finished", "recordedDate", "_recordId"]
    cells = [f'{{"ImportId":"{each}"{zone}}}' for each in [*ids, "recipientEmail", "QID1", "QID2"]]
    return ",".join([*cells, '{"ImportId":"Email"}'])


def qualtrics(*rows: str, zone: str = ',"timeZone":"America/Denver"', texts: str = TEXTS) -> str:
    return "\n".join([IDS, texts, imports(zone), *rows])


def answer(status: str, finished: str, identifier: str, *, first: str = SECRET) -> str:
    own = f"{identifier}@example.org"
    return f"{TIMES},{status},100,{finished},{RECORDED},{identifier},,{first},,{own}"


def test_qualtrics_states_its_zone_in_the_third_row(read: Read) -> None:
    found = read(qualtrics(answer("IP Address", "True", "R_1")))
    assert (found.facts.format, found.facts.zone) == ("qualtrics", "America/Denver")
    assert found.header_rows == 3
    (response,) = found.responses
    # no personal link: the address stands in a field of the office's own
    assert response.email == "R_1@example.org"
    assert response.submitted == local(9, 10)


@pytest.mark.parametrize(("flag", "finished"), [("True", True), ("1", True), ("0", False)])
@pytest.mark.parametrize("status", ["IP Address", "0"])
def test_completeness_follows_the_platforms_flag(
    read: Read, flag: str, finished: bool, status: str
) -> None:
    (response,) = read(qualtrics(answer(status, flag, "R_1"), zone="")).responses
    assert (response.finished, response.complete) == (finished, finished)


def test_previews_are_no_responses(read: Read) -> None:
    rows = [answer("Survey Preview", "1", "R_1"), answer("1", "1", "R_2"), answer("0", "1", "R_3")]
    found = read(qualtrics(*rows))
    assert [each.response_id for each in found.responses] == ["R_3"]
    assert found.previews == 2
    with pytest.raises(InputError, match="no usable row"):
        read(qualtrics(*rows[:2]))


def test_a_finished_response_lacks_a_required_question(read: Read) -> None:
    # Skip logic finishes people it screens out (docs/spec/inputs.md 5)
    mapping = ColumnMapping("evaluation", required=("Was?", "Wie?"))
    (response,) = read(qualtrics(answer("0", "1", "R_1")), mapping=mapping).responses
    assert response.finished
    assert not response.complete
    assert response.unanswered == ("Wie?",)


def test_the_legacy_export_has_two_header_rows(read: Read) -> None:
    rows = [
        "V1,V2,V7,V8,V9,V10,Q1,",
        "ResponseID,EmailAddress,Status,StartDate,EndDate,Finished,Was?,",
        f"R_1,ana@example.org,0,{TIMES},1,{SECRET},",
    ]
    found = read("\n".join(rows))
    assert (found.facts.format, found.header_rows) == ("qualtrics", 2)
    assert found.responses[0].email == "ana@example.org"


def test_google_forms_states_an_offset_in_each_stamp(read: Read) -> None:
    rows = [
        'Timestamp,Email Address,Score,"What\nis it? 🙂 ",Which?,Which?',
        f"2020/10/30 3:00:00 PM GMT+5:30,ana@example.org,28.00 / 30,{SECRET},a,",
        "2020/10/30 3:00:00 PM GMT-4,bo@example.org,,,a;b,",
    ]
    found = read("\n".join(rows))
    assert (found.facts.format, found.facts.zone) == ("google_forms", "offset in each stamp")
    ana, bo = found.responses
    assert ana.submitted.utcoffset() == timedelta(hours=5.5)
    assert ana.per_cent == Decimal(2800) / 30
    assert ana.complete
    # The form took it: what it leaves open was optional.
    assert (bo.complete, bo.unanswered) == (True, ())
    assert bo.per_cent is None


@pytest.mark.parametrize(
    "header", ["Zeitstempel,Nutzername", "Carimbo de data/hora,Endereço de e-mail"]
)
def test_a_sheet_has_its_owners_language_and_no_zone(read: Read, header: str) -> None:
    found = read(f"{header},Frage\n30.10.2020 15:00:00,ana@example.org,{SECRET}\n")
    assert found.facts.format == "google_forms"
    assert found.facts.zone is None
    assert found.responses[0].submitted == local(15)


def test_surveymonkey_has_choices_in_a_second_header_row(read: Read) -> None:
    rows = [
        "Respondent ID,Collector ID,Start Date,End Date,Email Address,Contact,,Rate,Which,",
        ",,,,,Name,Email,Response,Red,Blue",
        "1,9,10/30/2020 09:00:00 AM,10/30/2020 09:05:00 AM,,Ana,ana@example.org,5,,Blue",
        "2,9,10/30/2020 09:00:00 AM,10/30/2020 09:05:00 AM,,Bo,bo@example.org,5,,",
    ]
    found = read("\n".join(rows))
    assert (found.facts.format, found.header_rows) == ("surveymonkey", 2)
    ana, bo = found.responses
    assert (ana.email, ana.complete) == ("ana@example.org", True)
    # No mark says who finished; he answered one question, and only a mapping requires others.
    assert (bo.email, bo.complete, bo.unanswered) == ("bo@example.org", True, ())


def test_microsoft_forms_names_no_one_who_is_anonymous(read: Read) -> None:
    header = "ID,Start time,Completion time,Email,Name,Total points,What is grace?"
    rows = [
        f"{header},Points - What is grace?,Your email address",
        f"1,10/30/20 9:00:00,10/30/20 9:10:00,anonymous,anonymous,4,{SECRET},4,ana@example.org",
    ]
    found = read("\n".join(rows))
    assert found.facts.format == "ms_forms"
    (ana,) = found.responses
    assert (ana.email, ana.name) == ("ana@example.org", "")
    assert ana.points == 4
    assert ana.per_cent is None
    assert found.required == ()


def test_microsoft_forms_workbooks_have_real_dates(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["ID", "Start time", "Completion time", "Email", "Name", "Wie war es?", "Ja?"])
    sheet.append([1, local(9), local(9, 10), "ana@example.org", "Ana", SECRET, True])
    sheet.append([2, local(9), local(9, 20), "bo@example.org", "Bo", None, False])
    content = BytesIO()
    book.save(content)
    found = read(content.getvalue())
    assert (found.facts.format, found.facts.encoding) == ("ms_forms", "xlsx")
    assert [each.submitted for each in found.responses] == [local(9, 10), local(9, 20)]
    assert [each.complete for each in found.responses] == [True, True]
    assert [each.line for each in found.responses] == [2, 3]


def test_a_mapping_says_which_columns_an_evaluation_has(read: Read) -> None:
    rows = [
        "Wann,Wer,Adresse,Ich war da,Punkte,Wie war es?",
        f"2020-10-30 15:00,Ana,ana@example.org,ja,17,{SECRET}",
        "2020-10-30 15:00,Bo,bo@example.org,no,18,",
    ]
    mapping = ColumnMapping(
        "evaluation",
        {
            "submitted": "wann",
            "name": "Wer",
            "email": "Adresse",
            "attestation": "Ich war da",
            "score": "Punkte",
        },
        ("Wie war es?",),
        20,
    )
    found = read("\n".join(rows), mapping=mapping)
    assert found.facts.format == "mapped_evaluation"
    ana, bo = found.responses
    assert (ana.name, ana.email, ana.attested, ana.per_cent) == (
        "Ana",
        "ana@example.org",
        Said.YES,
        85,
    )
    assert (bo.attested, bo.complete) == (Said.NO, False)
    assert ana.submitted == local(15)


def test_a_question_that_the_form_has_not_is_named(read: Read) -> None:
    mapping = ColumnMapping("evaluation", {"email": "e-mial"}, ("Was?", "Wozu?"))
    with pytest.raises(ConfigurationError) as caught:
        read(qualtrics(answer("0", "1", "R_1")), mapping=mapping)
    assert [str(each) for each in caught.value.faults] == [
        "mapping: 'e-mial' is no column of the file (is it 'E-Mail'?)",
        "mapping: 'Wozu?' is no column of the file",
    ]


@pytest.mark.parametrize("rows", [[answer("0", "1", "R_1")], [answer("0", "1", "R_1", first="")]])
def test_an_answer_is_in_no_value(read: Read, rows: list[str]) -> None:
    found = read(qualtrics(*rows))
    assert SECRET not in str(asdict(found))


def test_an_error_shows_no_answer_where_columns_are_shifted(read: Read) -> None:
    row = answer("0", "1", "R_1").replace(",2020-10-30 09:10:00", f",{SECRET}")
    with pytest.raises(InputError) as caught:
        read(qualtrics(row))
    assert str(caught.value.faults[0]) == "export: line 4, column ended: is not a date and time"
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("zone", ["Middle/Earth", "Z+1", "EDT", "EST"])
def test_a_zone_that_is_stated_and_cannot_be_read_is_an_error(read: Read, zone: str) -> None:
    with pytest.raises(InputError, match=f"states the time zone '{re.escape(zone)}', which is non"):
        read(qualtrics(answer("0", "1", "R_1"), zone=f',"timeZone":"{zone}"'))


@pytest.mark.parametrize("zone", ["Z", "UTC", "GMT", "Etc/UTC"])
def test_a_zone_that_is_stated_as_utc_in_any_spelling_is_utc(read: Read, zone: str) -> None:
    found = read(qualtrics(answer("0", "1", "R_1"), zone=f',"timeZone":"{zone}"'))
    assert found.facts.zone == "UTC"


def test_a_file_that_states_no_zone_leaves_it_to_others(read: Read) -> None:
    assert read(qualtrics(answer("0", "1", "R_1"), zone="")).facts.zone is None


def test_a_score_without_a_highest_is_told(read: Read) -> None:
    rows = ["Timestamp,Score,Frage", "2020-10-30 15:00:00,17,x"]
    found = read("\n".join(rows))
    assert (
        "scores have no highest value here: say it in a mapping file (out_of)" in found.facts.notes
    )


def test_surveymonkey_is_known_without_dates_by_its_second_row(read: Read) -> None:
    rows = ["RespondentID,Seen it?,Which,", ",Response,One,Two", "12,Yes,One,", "13,,,"]
    found = read("\r".join(rows))
    assert (found.facts.format, found.facts.newline, found.header_rows) == ("surveymonkey", "CR", 2)
    assert [each.complete for each in found.responses] == [True, False]
    with pytest.raises(InputError, match="is no export we know"):
        read("RespondentID,Seen it?\n12,Yes\n")


FORM = "Timestamp,Email Address,{},How useful?"
ASKED = "Do you attest that you were there for all of it?"


def said(read: Read, header: str, *cells: str, **about: object) -> list[Said | None]:
    rows = [f'2020-10-30 15:00:00,p@example.org,"{each}",Very' for each in cells]
    found = read("\n".join([FORM.format(header), *rows]), **about)
    return [each.attested for each in found.responses]


def test_only_a_plain_yes_to_the_mapped_question_attests(read: Read) -> None:
    mapping = ColumnMapping("evaluation", {"attestation": ASKED})
    cells = ("Yes, I attest", "No, I left early", "N", "No.", "I do not attest", "", "Most of it")
    assert said(read, ASKED, *cells, mapping=mapping) == [
        Said.YES, Said.NO, Said.NO, Said.NO, Said.NO, Said.BLANK, Said.UNCLEAR,
    ]  # fmt: skip


def test_a_column_is_the_attestation_by_the_courses_words_or_by_its_name(read: Read) -> None:
    words = "I was there all day, and I am who I say."
    asked = f'"Please confirm: {words.replace(",", ";")}"'
    assert said(read, asked, "Yes", "No", words, statement=words) == [Said.YES, Said.NO, Said.YES]
    assert said(read, "Attestation", "yes", "no") == [Said.YES, Said.NO]
    assert said(read, "ATTESTATION ", "2020-10-30", "") == [Said.YES, Said.BLANK]
    assert said(read, "Attestation", "see below", "a comment") == [None, None]
    assert said(read, ASKED, "Yes") == [None]


def test_a_tick_says_what_its_choice_says(read: Read) -> None:
    rows = [
        "Respondent ID,Collector ID,Email Address,Attestation,,",
        ",,,I attest that I attended,No I did not,I missed some of it",
        "1,9,ana@example.org,X,,", "2,9,bo@example.org,,1,", "3,9,cy@example.org,,,x",
        "4,9,di@example.org,1,1,", "5,9,ed@example.org,I attest that I attended,,",
        "6,9,fo@example.org,,No I did not,",
    ]  # fmt: skip
    found = read(
        "\n".join(rows), mapping=ColumnMapping("evaluation", {"attestation": "Attestation"})
    )
    assert [each.attested for each in found.responses] == [
        Said.YES, Said.NO, Said.UNCLEAR, Said.UNCLEAR, Said.YES, Said.NO,
    ]  # fmt: skip


def test_a_question_repeated_as_the_answer_is_a_yes_only_if_it_states_it(read: Read) -> None:
    for header, expected in (
        ("I certify that this is my own sworn word", Said.YES),
        ("I certify that I did not attend", Said.UNCLEAR),
        (ASKED, Said.UNCLEAR),
    ):
        mapping = ColumnMapping("evaluation", {"attestation": header})
        assert said(read, header, header, mapping=mapping) == [expected], header


def test_one_answer_that_is_no_address_leaves_the_others_theirs(read: Read) -> None:
    rows = [
        "Timestamp,What is your e-mail address?,How useful?",
        "2020-10-30 15:00:00,ana@example.org,Very", "2020-10-30 15:00:00,the same as before,Very",
        "2020-10-30 15:00:00,bo@example.org,Very",
    ]  # fmt: skip
    found = read("\n".join(rows))
    assert [each.email for each in found.responses] == ["ana@example.org", "", "bo@example.org"]


def test_who_left_a_survey_without_any_answer_did_not_complete_it(read: Read) -> None:
    rows = [
        "Respondent ID,Collector ID,Your email address,Full name,License number,Rate,Why",
        "1,9,ana@example.org,Ana Ruiz,NY 081234,5,", "2,9,bo@example.org,,,,",
        "3,9,cho@example.org,Cho Min-ji,NY 081235,,",
    ]  # fmt: skip
    found = read("\n".join(rows))
    assert [(each.email, each.complete) for each in found.responses] == [
        ("ana@example.org", True), ("bo@example.org", False), ("cho@example.org", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "cell", "said"),
    [
        ("Your full name", "Ben Okafor", ((), ("Ben Okafor",), ())),
        ("Name (as on your certificate)", "Ben Okafor", ((), ("Ben Okafor",), ())),
        ("Nombre completo", "Ben Okafor", ((), ("Ben Okafor",), ())),
        ("License number and state", "MA LICSW 114455", ((), (), ("MA LICSW 114455",))),
        ("Which e-mail did you register with?", "b@example.org", (("b@example.org",), (), ())),
        ("Email", "b@example.org", (("b@example.org",), (), ())),
        ("Name of your supervisor", "Ben Okafor", ((), (), ())),
        ("Supervisor's email", "b@example.org", ((), (), ())),
        ("Are you licensed? License", "yes", ((), (), ())),
        ("What will you change in your practice?", "Ben Okafor", ((), (), ())),
    ],
)
def test_a_forms_own_questions_say_who_answers(
    read: Read, question: str, cell: str, said: tuple[tuple[str, ...], ...]
) -> None:
    header = f'Timestamp,Email Address,"{question}"'
    row = f"2020/10/30 9:00:00 AM GMT-4,ana@example.org,{cell}"
    (response,) = read(f"{header}\n{row}\n").responses
    assert response.email == "ana@example.org"
    assert (response.further_emails, response.further_names, response.licenses) == said


def test_a_first_and_a_last_name_are_one_name(read: Read) -> None:
    text = "Timestamp,Email Address,First name,Last name,Why?\n"
    row = f"2020/10/30 9:00:00 AM GMT-4,ana@example.org,Ben,Okafor,{SECRET}\n"
    (response,) = read(text + row).responses
    assert response.further_names == ("Ben Okafor",)
    assert SECRET not in str(response)


def test_a_long_answer_is_no_fault_and_one_without_an_end_is_told_and_not_shown(
    read: Read,
) -> None:
    long = (SECRET + " ") * 1_000
    (response,) = read(qualtrics(answer("0", "1", "R_1", first=long))).responses
    assert response.complete
    with pytest.raises(InputError) as refused:
        read(qualtrics(answer("0", "1", "R_1", first=long * 2)))
    (fault,) = refused.value.faults
    assert str(fault) == "export: line 4, column 9: has 44000 characters, at most 32767"


@pytest.mark.parametrize("field", ["email", "name"])
def test_an_answer_that_stands_for_a_field_is_no_longer_than_one(read: Read, field: str) -> None:
    mapping = ColumnMapping("evaluation", {field: "Q1"})
    long = "a@" + "x" * 2_000
    with pytest.raises(InputError) as refused:
        read(qualtrics(answer("0", "1", "R_1", first=long)), mapping=mapping)
    (fault,) = refused.value.faults
    assert str(fault) == f"export: line 4, column {field}: has 2002 characters, at most 2000"
