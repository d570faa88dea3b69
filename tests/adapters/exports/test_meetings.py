"""Attendance exports in texts written for these tests (docs/spec/inputs.md 2 to 4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cecert.adapters.assets import asset_folder
from cecert.adapters.tables import json as json_tables
from cecert.domain.evidence.export import AttendanceFile, DateOrder, RegistrationFile, RowKind
from cecert.errors import InputError

Read = Callable[..., Any]

ZOOM = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"
ROW = "Ana Ruiz,ana@example.org,10/22/2020 12:58:00 PM,10/22/2020 04:15:10 PM,198"

# Full-width brackets, and curly apostrophes, as Zoom writes them.
JAPANESE = "名前 (元の名前),ユーザーメール,参加時刻,退出時刻,所要時間\uff08分\uff09"
ZOOM_2024 = (
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
    "Recording disclaimer response,In waiting room"
)
SPANISH = (
    "Nombre (nombre original);E-mail del usuario;Hora para unirse;Hora para salir;"
    "Duración (minutos)"
)
FRENCH = (
    "Nom (nom original),Adresse e-mail de l\u2019utilisateur,Heure d\u2019arrivée,"
    "Heure de départ,Durée (minutes)"
)


def local(day: int, hour: int, minute: int, second: int = 0, *, month: int = 10) -> datetime:
    return datetime(2020, month, day, hour, minute, second, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (ZOOM, ROW),
        (f"{ZOOM},Guest,Recording Consent", f"{ROW},Yes,Y"),
        (f"{ZOOM},Attentiveness Score", f"{ROW},"),
        (ZOOM.upper(), ROW),
        (ZOOM_2024, f"{ROW},Yes,OK,No"),
        ("Name,Email,Join time,Leave time,Duration (minutes)", ROW),
        (SPANISH, ROW.replace(",", ";")),
        (JAPANESE, ROW),
        (FRENCH, ROW),
        (f"{ZOOM},,,", f"{ROW},,,\n,,,,,,,"),
    ],
    ids=["2020", "2021", "score", "capitals", "2024", "2026", "es", "ja", "fr", "padded"],
)
def test_zoom_is_read_in_every_era_and_language(read: Read, header: str, row: str) -> None:
    found = read(f"{header}\r\n{row}\r\n")
    assert found.facts.format == "zoom_participants"
    (connection,) = found.connections
    assert connection.key == "mailto:ana@example.org"
    assert connection.join == local(22, 12, 58)
    assert connection.leave == local(22, 16, 15, 10)
    assert connection.line == 2
    assert connection.reported_seconds == 198 * 60


def test_columns_are_found_by_name_wherever_they_stand(read: Read) -> None:
    header = "Duration (Minutes),Leave Time,Favourite Colour,Join Time,Name (Original Name)"
    found = read(f"{header}\n198,10/22/2020 04:15:10 PM,blue,10/22/2020 12:58:00 PM,Ana\n")
    assert found.connections[0].join == local(22, 12, 58)
    assert found.facts.columns_unused == ("Favourite Colour",)


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("utf-8-sig"), "utf-8+bom"),
        (lambda text: text.encode("utf-16"), "utf-16-le+bom"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "utf-16-be+bom"),
        (lambda text: text.encode("utf-16-le"), "utf-16-le"),
        (lambda text: text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: text.encode("cp1252"), "cp1252"),
        (lambda text: text.replace("Ana", "A\0na").encode(), "utf-8"),
    ],
    ids=["bom", "utf-16", "utf-16-be", "unmarked", "unmarked-be", "cp1252", "nul"],
)
def test_an_encoding_is_recognised(
    read: Read, encode: Callable[[str], bytes], encoding: str
) -> None:
    found = read(encode(f"{ZOOM}\n{ROW.replace('Ruiz', 'Rüíz')}\n"))
    assert found.facts.encoding == encoding
    assert found.connections[0].name == "Ana Rüíz"
    guessed = [note for note in found.facts.notes if "Windows-1252" in note or "NUL" in note]
    assert bool(guessed) == (encoding == "cp1252" or len(guessed) == 1)


def test_a_japanese_spreadsheet_is_read_where_windows_1252_makes_no_sense(read: Read) -> None:
    found = read(f"{JAPANESE}\n太郎,,2020/10/22 8:35,2020/10/22 12:39,245\n".encode("cp932"))
    assert found.facts.encoding == "cp932"
    assert found.connections[0].name == "太郎"


@pytest.mark.parametrize(("newline", "named"), [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")])
def test_line_ends_are_recognised(read: Read, newline: str, named: str) -> None:
    found = read(newline.join([ZOOM, ROW, ROW.replace("Ana Ruiz", "Bo Lee")]))
    assert found.facts.newline == named
    assert [each.line for each in found.connections] == [2, 3]


def test_the_meeting_block_is_the_occurrence_and_its_host_is_nobody(read: Read) -> None:
    block = (
        "Topic,ID,Host,Duration (minutes),Start time,End time,Participants\n"
        'MBT,885 1560 6254,Host (host@example.org),198,"10/22/2020 12:58:00 PM",'
        '"10/22/2020 04:15:10 PM",2\n\n'
    )
    waiting = "Name (original name),Email,Join time,Leave time,Duration (minutes),In waiting room"
    found = read(f"{block}{waiting}\n{ROW},No\n{ROW.replace('Ana', 'Bo')},Yes\n")
    (meeting,) = found.occurrences
    assert (meeting.meeting_id, meeting.topic) == ("88515606254", "MBT")
    assert meeting.start == local(22, 12, 58)
    assert [each.kind for each in found.connections] == [RowKind.PRESENCE, RowKind.WAITING_ROOM]
    # 2 were counted, 1 in-meeting row is there
    assert any("Zoom counted 2 connections, the file has 1" in each for each in found.facts.notes)


def test_an_edited_duration_is_told(read: Read) -> None:
    found = read(f"{ZOOM}\n{ROW}\n{ROW.replace(',198', ',90')}\n{ROW.replace(',198', ',')}\n")
    assert [each for each in found.facts.notes if "contradicts the times in lines 3:" in each]


def test_many_edited_durations_are_counted(read: Read) -> None:
    found = read("\n".join([ZOOM, *[ROW.replace(",198", ",90")] * 8]))
    assert any("lines 2, 3, 4, 5, 6 and 3 more" in each for each in found.facts.notes)


def test_two_exports_pasted_together_are_read_once_through(read: Read) -> None:
    found = read(f"{ZOOM}\n{ROW}\n{ZOOM}\n{ROW.replace('Ana', 'Bo')}\n")
    assert len(found.connections) == 2


def test_names_stay_as_the_platform_wrote_them(read: Read) -> None:
    found = read(f'{ZOOM}\n"\'+1  413***55 ",,10/22/2020 12:58:00 PM,,\n')
    (connection,) = found.connections
    assert connection.name == "'+1 413***55"
    assert connection.leave is None


def test_every_bad_cell_is_told_at_once(read: Read) -> None:
    rows = ["Ana,,,10/22/2020 04:00:00 PM,1", "Bo,,soon,,1", '"C\nD",,10/22/2020 04:00:00 PM,,1']
    with pytest.raises(InputError) as caught:
        read("\n".join([ZOOM, *rows]))
    assert [str(each) for each in caught.value.faults] == [
        "export: line 2, column join time: is empty",
        "export: line 3, column join time: 'soon' is not a date and time",
        "export: line 4: 'C D' has a line break in a name: a quote is open",
    ]


@pytest.mark.parametrize("header", [ZOOM, "Name,Total Duration (Minutes)"])
def test_a_report_without_rows_is_never_everybody_absent(read: Read, header: str) -> None:
    with pytest.raises(InputError, match="has no usable row"):
        read(f"{header}\n\n")


def test_unique_users_are_refused_with_the_way_to_export(read: Read) -> None:
    block = (
        "Meeting ID,Topic,Start Time,Duration (Minutes),Participants\n1,X,1/2/2020 10:00,75,2\n\n"
    )
    found = read(f"{block}Name (Original Name),User Email,Total Duration (Minutes)\nAna,,80\n")
    assert found.facts.format == "zoom_unique_users"
    assert "cannot prove entire attendance" in found.refusal
    assert "without 'Show unique users'" in found.advice
    assert found.occurrences[0].reported_minutes == 75
    # 1/2/2020 may be two days, and no decision hangs on it
    assert found.occurrences[0].start is None


def test_a_list_of_meetings_is_refused_as_attendance(read: Read) -> None:
    header = "Topic,Meeting ID,Creation Time,Start Time,End Time,Duration (Minutes),Participants"
    times = "10/13/2020 10:00:00 AM,10/22/2020 01:00:00 PM,10/22/2020 04:15:00 PM"
    found = read(f"{header}\nMBT,123,{times},195,40\n")
    assert found.facts.format == "zoom_usage"
    assert "meetings, not the people" in found.refusal
    assert found.occurrences[0].end == local(22, 16, 15)


WEBINAR = """\
Attendee Report,,
Report Generated:,"Oct 23, 2020 8:50 PM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered
"MBT, day 1", 328-972-509,"Oct 22, 2020 12:58 PM", 198, 3
Host Details,,
Attended,User Name,Email,Join Time,Leave Time,Time in Session (minutes)
Yes,Host,host@example.org,"Oct 22, 2020 12:58:00","Oct 22, 2020 16:15:10",198
Panelist Details,,,
Attended,User Name,Email,Join Time,Leave Time,Time in Session (minutes)
Attendee Details,,,
Attended,First Name,Last Name,Email,Registration Time,Approval Status,Join Time,Leave Time,\
Time in Session (minutes),"License, and number?",Country/Region Name
Yes,Ana,Ruiz,ana@example.org,"Oct 01, 2020 12:58:00",approved,"Oct 22, 2020 12:58:00",\
"Oct 22, 2020 14:15:10",78,"NY ""12"", MA",US
Yes,Ana,Ruiz,ana@example.org,NA,NA,"Oct 22, 2020 14:20:00","Oct 22, 2020 16:15:10",116,,US
No,Bo,Lee,bo@example.org,"Oct 01, 2020 12:58:00",approved,--,--,--,,US
Other Attended
User Name,Join Time,Leave Time,Time in Session (minutes),Country/Region Name
+1 413***55,"Oct 22, 2020 2:20 PM","Oct 22, 2020 2:21 PM",1,US
"""


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_webinar_report_is_several_tables(read: Read, delimiter: str) -> None:
    text = WEBINAR if delimiter == "," else WEBINAR.replace("Attendee Report,,", "Attendee Report")
    found = read(text)
    assert found.facts.format == "zoom_webinar"
    assert [(each.name, each.role, each.kind) for each in found.connections] == [
        ("Host", "host", RowKind.PRESENCE),
        ("Ana Ruiz", "attendee", RowKind.PRESENCE),
        ("Ana Ruiz", "attendee", RowKind.PRESENCE),
        ("Bo Lee", "attendee", RowKind.NO_SHOW),
        ("+1 413***55", "other", RowKind.PRESENCE),
    ]
    assert found.connections[1].approval == "approved"
    assert found.connections[2].approval == ""
    assert found.connections[4].resolution == 60
    assert found.occurrences[0].meeting_id == "328972509"
    assert "License, and number?" in found.facts.columns_unused


def test_a_webinar_of_no_shows_alone_is_no_evidence_of_absence(read: Read) -> None:
    text = WEBINAR.split("Attendee Details", 1)[0].replace("\nYes,Host", "\nNo,Host")
    with pytest.raises(InputError, match="no usable row"):
        read(text)


def test_a_webinar_section_without_times_is_a_fault(read: Read) -> None:
    with pytest.raises(InputError, match="is a header without join and leave time"):
        read(f"{WEBINAR}Panelist Details\nAttended,User Name\nYes,Ana\n")


def test_an_attendee_report_of_another_shape_is_not_guessed(read: Read) -> None:
    with pytest.raises(InputError, match="is no export we know"):
        read("Attendee Report\nfoo,bar\n1,2\n")


def api(*people: dict[str, object], token: str = "") -> bytes:
    return json.dumps({"participants": list(people), "next_page_token": token}).encode()


PERSON = {
    "id": "abc",
    "user_id": "16778240",
    "name": "Ana",
    "user_email": "ana@example.org",
    "join_time": "2020-10-22T16:58:00Z",
    "leave_time": "2020-10-22T20:15:00Z",
    "duration": 11820,
    "registrant_id": None,
    "internal_user": True,
}


def test_zooms_interface_speaks_utc(read: Read) -> None:
    found = read(api(PERSON, PERSON | {"status": "in_waiting_room", "bo_mtg_id": "x"}))
    assert found.facts.format == "zoom_api"
    assert found.facts.zone == "UTC"
    first, second = found.connections
    assert first.key == "id:abc"
    assert first.join == datetime(2020, 10, 22, 16, 58, tzinfo=UTC)
    assert (second.kind, second.breakout) == (RowKind.WAITING_ROOM, True)


def test_all_pages_of_an_answer_may_stand_in_a_list(read: Read) -> None:
    pages = [json.loads(api(PERSON, token="next")), json.loads(api(PERSON | {"id": "b"}))]
    assert len(read(json.dumps(pages)).connections) == 2
    assert len(read(json.dumps([PERSON])).connections) == 1


def test_participants_without_times_are_refused(read: Read) -> None:
    found = read(api({"id": "abc", "name": "Ana", "user_email": ""}))
    assert "no join and leave times" in found.refusal
    assert "/report/meetings/" in found.advice


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (api(PERSON, token="next"), "one page of several"),
        (b'{"participants": [{"id": "a"', "no complete JSON"),
        (b'{"meetings": []}', "has no list of participants"),
        (b'[{"participants": 1}]', "has no list of participants"),
        (b'[{"foo": 1}]', "is no export we know"),
        (b"[" * 100_000, "no complete JSON"),
    ],
)
def test_json_that_is_no_whole_report_is_refused(read: Read, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(content)


TEAMS = """\
1. Zusammenfassung
Besprechungstitel\tMBT
Teilnehmer\t2
Startzeit\t22.10.20, 13:00:00
Endzeit\t22.10.20, 16:15:00

2. Teilnehmer
{people}
Ana Ruiz\t22.10.20, 13:01:00\t22.10.20, 16:15:00\t3 Std. 14 Min.\tana@example.org\tana@corp.test\t\
Organisator
Bo Lee\t22.10.20, 13:05:00\t22.10.20, 16:00:00\t2 Std. 55 Min. 0 Sek.\t\tbo@corp.test\tReferent

3. Aktivitäten
{activities}
Ana Ruiz\t22.10.20, 13:01:00\t22.10.20, 16:15:00\t3 Std. 14 Min.\tana@example.org\tOrganisator
"""
PEOPLE = "Name\tErster Beitritt\tLetztes Verlassen\tDauer\tE-Mail\tTeilnehmer-ID (UPN)\tRolle"
ACTIVITIES = "Name\tBeitrittszeit\tVerlassenzeit\tDauer\tE-Mail\tRolle"
UNKNOWN = "Foo\tBar\tBaz\tQux\tQuux\tCorge\tGrault"


@pytest.mark.parametrize("people", [PEOPLE, UNKNOWN])
@pytest.mark.parametrize("activities", [ACTIVITIES, UNKNOWN])
def test_teams_sections_are_read_in_any_language(read: Read, people: str, activities: str) -> None:
    found = read(TEAMS.format(people=people, activities=activities).encode("utf-16"))
    assert found.facts.format == "teams_report"
    assert found.facts.date_order is DateOrder.DMY
    ana, bo = found.connections
    assert (ana.key, ana.account, ana.kind) == (
        "mailto:ana@example.org",
        "ana@corp.test",
        RowKind.PRESENCE,
    )
    assert (bo.kind, bo.summary, bo.reported_seconds) == (RowKind.ENVELOPE, True, 10_500)
    assert any(
        each.startswith(f"{bo.name} (line {bo.line}, 2 h 55 min 0 s in all by the report) stands")
        for each in found.facts.notes
    )
    assert found.occurrences[0].participants == 2
    told = sum("language we do not know" in each for each in found.facts.notes)
    assert told == [people, activities].count(UNKNOWN)


def test_a_teams_report_without_activities_is_an_upper_bound(read: Read) -> None:
    text = TEAMS.format(people=PEOPLE, activities=ACTIVITIES).split("\n3. ")[0]
    found = read(text)
    assert {each.kind for each in found.connections} == {RowKind.ENVELOPE}


def test_a_teams_report_with_unreadable_sections_has_no_usable_row(read: Read) -> None:
    text = "1. A\nx\ty\n\n2. B\nName\tFoo\tBar\tBaz\nAna\ta\tb\tc\n\n3. C\nName\n"
    with pytest.raises(InputError, match="no usable row"):
        read(text)


def test_numbered_lines_of_a_letter_are_no_teams_report(read: Read) -> None:
    with pytest.raises(InputError, match="is no export we know"):
        read("1. First\n2. Second, and then, some, more\n")


def test_the_report_of_2021_has_one_table(read: Read) -> None:
    text = (
        "Meeting Summary\nTotal Number of Participants\t1\n\n"
        "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
        "Ana\t10/22/2020, 1:00:00 PM\t10/22/2020, 2:42:59 PM\t1h 42m\tana@example.org\tPresenter\t"
        "ana@corp.test\n"
        "Bo\t10/22/2020, 1:00:00 PM\t\t\tbo\tAttendee\t\n"
    )
    found = read(text.encode("utf-16"))
    assert found.facts.format == "teams_report_2021"
    ana, bo = found.connections
    assert (ana.reported_seconds, ana.account) == (6120, "ana@corp.test")
    assert (bo.email, bo.leave) == ("", None)
    assert not found.facts.notes


@pytest.mark.parametrize("header", ["Full Name\tUser Action\tTimestamp\n", ""])
def test_a_teams_list_pairs_joining_and_leaving(read: Read, header: str) -> None:
    events = [
        "Ana\tJoined\t10/22/2020, 1:00:00 PM",
        "Ana\tLeft\t10/22/2020, 1:30:00 PM",
        "Ana\tJoined\t10/22/2020, 1:30:00 PM",
        "Ana\tJoined\t10/22/2020, 1:40:00 PM",
        "Ana\tLeft\t10/22/2020, 2:00:00 PM",
        "Bo\tJoined before\t10/22/2020, 1:00:00 PM",
    ]
    found = read(header + "\n".join(events))
    assert found.facts.format == "teams_list"
    assert [(each.name, each.join, each.leave) for each in found.connections] == [
        ("Ana", local(22, 13, 0), local(22, 13, 30)),
        ("Ana", local(22, 13, 30), None),
        ("Ana", local(22, 13, 40), local(22, 14, 0)),
        ("Bo", local(22, 13, 0), None),
    ]
    assert len(found.facts.notes) == 2


def test_a_leave_of_another_meeting_closes_nothing(read: Read) -> None:
    events = [
        "Full Name\tUser Action\tTimestamp",
        "Ana\tJoined\t10/22/2020, 1:00:00 PM",
        "Ana\tLeft\t10/29/2020, 1:30:00 PM",
    ]
    found = read("\n".join(events))
    assert [(each.join, each.leave) for each in found.connections] == [
        (local(22, 13, 0), None),
        (None, local(29, 13, 30)),
    ]
    assert "1 connections have an end and no beginning" in found.facts.notes


def test_two_devices_of_one_person_are_two_connections(read: Read) -> None:
    times = {"Joined": ("1:00", "1:05"), "Left": ("1:30", "2:00")}
    events = [
        f"Ana\t{action}\t10/22/2020, {time}:00 PM" for action in times for time in times[action]
    ]
    found = read("\n".join(events))
    assert sorted((each.join, each.leave) for each in found.connections) == [
        (local(22, 13, 0), local(22, 14, 0)),
        (local(22, 13, 5), local(22, 13, 30)),
    ]


def test_an_action_that_is_neither_is_a_fault(read: Read) -> None:
    events = ["Ana\tJoined\t10/22/2020, 1:00:00 PM", "Ana\tWaved\t10/22/2020, 1:30:00 PM"]
    with pytest.raises(InputError, match="'Waved' is neither joining nor leaving"):
        read("\n".join(events))


LIVE = "SessionId,ParticipantId,FullName,UserAgent,UtcEventTimestamp,Action,Role"


def test_a_live_event_is_in_utc_and_open_ends_stay_open(read: Read) -> None:
    rows = [
        "s1,ana@example.org,Ana,Mozilla,10/22/2020 4:58:00 PM,Joined,Attendee",
        "s2,ana@example.org,Ana,Mobile,10/22/2020 5:00:00 PM,Joined,Attendee",
        "s1,ana@example.org,Ana,Mozilla,10/22/2020 6:00:00 PM,Left,Attendee",
        "s3,f00,Bo,Mozilla,10/22/2020 5:00:00 PM,Joined,Attendee",
    ]
    found = read("\n".join([LIVE, *rows]))
    first, second, third = found.connections
    assert first.leave == datetime(2020, 10, 22, 18, 0, tzinfo=UTC)
    assert second.leave is None
    assert third.key == "id:f00"
    with pytest.raises(InputError, match="is neither Joined nor Left"):
        read("\n".join([LIVE, rows[0].replace("Joined", "Danced")]))


MEET = "First name,Last name,Email,Duration,Time joined,Time exited"


def test_meet_shows_no_gaps_and_mostly_no_date(read: Read) -> None:
    found = read(f"{MEET}\nAna,Ruiz,ana@example.org,1 hr 2 min,18:00,19:02\n")
    (ana,) = found.connections
    assert (ana.kind, ana.dated, ana.reported_seconds) == (RowKind.ENVELOPE, False, 3720)
    assert found.refusal == "its times have no date"


@pytest.mark.parametrize(
    "block",
    [
        "Meeting title,Date,Start time,End time\nMBT,2020-10-22,18:00,19:00\n\n",
        "Date,2020-10-22\n\n",
    ],
)
def test_the_meetings_own_lines_date_the_times(read: Read, block: str) -> None:
    found = read(f"{block}{MEET}\nAna,Ruiz,,58,23:30,00:28\n")
    (ana,) = found.connections
    assert (ana.join, ana.leave) == (local(22, 23, 30), local(23, 0, 28))
    assert not found.refusal


@pytest.mark.parametrize(
    "header",
    [
        "Nome,Sobrenome,E-mail,Duração,Horário de entrada,Horário de saída",
        "Name,Email,Duration,Time joined,Time exited",
    ],
)
def test_meet_is_known_in_other_languages_and_shapes(read: Read, header: str) -> None:
    cells = {"Nome": "Ana", "Sobrenome": "Ruiz", "Name": "Ana Ruiz"}
    last = ["ana@example.org", "32m", "2020-10-22T18:00:00Z", "2020-10-22T18:32:00Z"]
    names = [cells[each] for each in header.split(",") if each in cells]
    found = read(f"Relatório de participação\n\n{header}\n{','.join([*names, *last])}\n")
    assert found.facts.format == "google_meet"
    assert found.facts.zone == "UTC"
    assert found.connections[0].name == "Ana Ruiz"


def test_snapshots_prove_nothing(read: Read) -> None:
    link = "https://meet.google.com/abc-defg-hij"
    rows = ["7/22/2020 9:27:13,7/22/2020 9:30:13", f"{link},{link}?x=1", "Ana,Ana", ",Bo"]
    found = read("\n".join(rows))
    assert [(each.name, each.seen) for each in found.connections] == [("Ana", (0, 1)), ("Bo", (1,))]
    assert "snapshots" in found.refusal


WEBEX = "Meeting Name\tSession Name\tDisplay Name\tAttendee Email\t{times}Attendance Duration"


def test_webex_is_experimental_and_durations_alone_are_refused(read: Read) -> None:
    text = WEBEX.format(times="") + "\nMBT\tBreakout 1\tAna\tana@example.org\t1 hr 20 min\n"
    found = read(text.encode("utf-16"))
    assert found.experimental
    assert found.connections[0].breakout
    assert "neither sum proves presence" in found.refusal
    times = WEBEX.format(times="Join Time\tLeave Time\t")
    stamps = "2020-10-22 13:00:00\t2020-10-22 14:00:00"
    row = f"MBT\tMain\tGuest\tx@guest.webex.localhost\t{stamps}\t60 min"
    found = read(f"{times}\n{row}\n".encode("utf-16"))
    assert not found.refusal
    assert found.connections[0].email == ""


REGISTRATION = (
    "Registration Report\nTopic,Meeting ID\nMBT,1\n\n"
    "First Name,Last Name,Email,Registration Time,Approval Status,License\n"
    'Ana,Ruiz,ana@example.org,"Oct 1, 2020 10:00:00",approved,NY LMSW 012345\n'
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (REGISTRATION, "Ana Ruiz"),
        ("name,email,credentials\nAna Ruiz,ana@example.org,ny-social-work\n", "Ana Ruiz"),
        ("Nombre;Correo electrónico\nAna;ana@example.org\n", "Ana"),
        ("First name,Last name,Member ID\nAna,Ruiz,12\n", "Ana Ruiz"),
    ],
)
def test_a_registration_list_is_known_by_names_and_addresses(
    read: Read, text: str, name: str
) -> None:
    found = read(text)
    assert isinstance(found, RegistrationFile)
    assert found.registrants[0].name == name
    assert (
        "Ana" in found.registrants[0].fields.values()
        or name in found.registrants[0].fields.values()
    )


def test_times_with_and_without_an_offset_do_not_go_together(read: Read) -> None:
    rows = [
        "Ana,,2020-10-22T18:00:00Z,2020-10-22T18:32:00Z,32",
        ROW.replace("10/22/2020", "2020-10-22"),
    ]
    with pytest.raises(InputError, match="times with an offset from UTC and times without"):
        read("\n".join([ZOOM, *rows]))


def test_the_name_of_a_file_means_nothing(read: Read) -> None:
    found = read(f"{ZOOM}\n{ROW}\n", name="meetingAttendanceReport.xlsx")
    assert isinstance(found, AttendanceFile)
    assert found.facts.format == "zoom_participants"


def test_the_shipped_synonyms_are_there() -> None:
    assert (asset_folder("templates") / "evidence" / "synonyms.toml").is_file()


def test_a_table_that_only_looks_like_a_list_of_teams_is_none(read: Read) -> None:
    with pytest.raises(InputError, match="is no export we know"):
        read("Ana\tJoined\tat noon\n")


def test_blank_times_of_events_are_passed_over(read: Read) -> None:
    rows = ["Ana\tJoined\t10/22/2020, 1:00:00 PM", "Ana\tLeft\t"]
    found = read("\n".join(["Full Name\tUser Action\tTimestamp", *rows]))
    assert found.connections[0].leave is None
    rows = ["s1,f00,Bo,Mozilla,10/22/2020 5:00:00 PM,Joined,Attendee", "s1,f00,Bo,Mozilla,,Left,"]
    assert read("\n".join([LIVE, *rows])).connections[0].leave is None


def test_a_webinar_may_lack_its_summary_and_have_blank_lines(read: Read) -> None:
    start, rest = WEBINAR.split("Host Details,,", 1)
    first = start.split("\n", 1)[0]
    found = read(f"{first}\n\nHost Details,,{rest}")
    assert found.occurrences == ()
    assert len(found.connections) == 5


def test_a_webinar_of_more_participants_than_fit_is_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_tables, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="more than 1 participants"):
        read(api(PERSON, PERSON))
