"""A column that stands twice: the participant's is known by its place, or none is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cecert.errors import InputError

Read = Callable[..., Any]

ZOOM = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)"
ROW = "Ana Ruiz,ana@example.org,10/22/2020 12:58:00 PM,10/22/2020 04:15:10 PM,198"
ZOOM_2024 = (
    "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
    "Recording disclaimer response,In waiting room"
)


def local(day: int, hour: int, minute: int) -> datetime:
    return datetime(2020, 10, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


# Zoom's report with the meeting's columns in every row: the host's stand before the name.
MEETING = (
    "Topic,Meeting ID,User Name,User Email,Start Time,End Time,Duration (Minutes),Participants"
)
OF_MEETING = (
    "MBT,88 11,Host Hill,host@example.org,10/22/2020 12:50:00 PM,10/22/2020 04:16:00 PM,206,2"
)
WITHOUT_EMAIL = "Name (Original Name),Join Time,Leave Time,Duration (Minutes)"
NAMELESS = "Ana Ruiz,10/22/2020 12:58:00 PM,10/22/2020 04:15:10 PM,198"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (f"{MEETING},{ZOOM}", f"{OF_MEETING},{ROW}"),
        (f"{ZOOM},{MEETING}", f"{ROW},{OF_MEETING}"),
        (f"{MEETING},{ZOOM_2024}", f"{OF_MEETING},{ROW},Yes,OK,No"),
        (f"{MEETING},Creation Time,{ZOOM}", f"{OF_MEETING},10/01/2020 10:00:00 AM,{ROW}"),
        (
            f"{MEETING.removesuffix(',Participants')},{ZOOM}",
            f"{OF_MEETING.removesuffix(',2')},{ROW}",
        ),
        (f"{MEETING},Name,User Email,Join Time,Leave Time", f"{OF_MEETING},{ROW[:-4]}"),
        (f"Topic,Host,Host Email,{ZOOM},Meeting ID", f"MBT,H,h@example.org,{ROW},88"),
        (f"{MEETING};{ZOOM}".replace(",", ";"), f"{OF_MEETING};{ROW}".replace(",", ";")),
    ],
    ids=["before", "after", "2024", "creation", "fewer", "plain name", "around", "semicolons"],
)
def test_the_participants_columns_are_those_beside_the_name(
    read: Read, header: str, row: str
) -> None:
    (found,) = read(f"{header}\n{row}\n").connections
    assert (found.name, found.email) == ("Ana Ruiz", "ana@example.org")
    assert (found.join, found.reported_seconds) in [
        (local(22, 12, 58), 198 * 60), (local(22, 12, 58), None),
    ]  # fmt: skip


SWITCHED_OFF = [
    tuple(each for at, each in enumerate(zip(*columns, strict=True)) if number >> at & 1)
    for columns in [(MEETING.split(","), OF_MEETING.split(","))]
    for number in range(1, 2 ** len(columns[0]))
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("with_email", [False, True], ids=["without address", "with address"])
def test_whatever_columns_of_the_meeting_are_left_the_hosts_address_is_never_the_participants(
    read: Read, after: bool, with_email: bool
) -> None:
    header, row = (ZOOM, ROW) if with_email else (WITHOUT_EMAIL, NAMELESS)
    other = row.replace("Ana Ruiz", "Ben Cho").replace("ana@", "ben@")
    read_right = 0
    for left in SWITCHED_OFF:
        of_meeting, beside = (",".join(each) for each in zip(*left, strict=True))
        parts = [of_meeting, header], [beside, row], [beside, other]
        lines = [",".join(each[::-1] if after else each) for each in parts]
        try:
            found = read("\n".join(lines) + "\n").connections
        except InputError:
            continue
        ana, ben = ("ana@example.org", "ben@example.org") if with_email else ("", "")
        assert [each.name for each in found] == ["Ana Ruiz", "Ben Cho"], of_meeting
        assert [each.email for each in found] == [ana, ben], of_meeting
        read_right += 1
    assert read_right > len(SWITCHED_OFF) / 2


def test_the_hosts_address_is_nobodys_where_the_participants_column_is_switched_off(
    read: Read,
) -> None:
    found = read(f"{MEETING},{WITHOUT_EMAIL}\n{OF_MEETING},{NAMELESS}\n")
    (row,) = found.connections
    assert (row.name, row.email, row.reported_seconds) == ("Ana Ruiz", "", 198 * 60)
    assert "User Email" in found.facts.columns_unused
    (blank,) = read(f"{MEETING},{WITHOUT_EMAIL}\n{OF_MEETING},{NAMELESS[8:]}\n").connections
    assert blank.name == ""


TEAMS_2021 = "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
TEAMS_ROW = "Ana\t10/22/2020, 1:00:00 PM\t10/22/2020, 2:42:59 PM\t1h 42m\ta@example.org\tx\n"
WEBINAR_TABLE = """\
Attendee Report
Attendee Details
Attended,User Name,Email,Join Time,Leave Time,Time in Session (minutes){more}
Yes,Ana,a@example.org,10/22/2020 12:58:00 PM,10/22/2020 04:15:10 PM,198,b@example.org
"""
MEET = "First name,Last name,Email,Duration,Time joined,Time exited{more}\n"
MEET_ROW = "Ana,Ruiz,a@example.org,58 min,2020-10-22 13:00,2020-10-22 14:00,b@example.org\n"
LIVE_EVENT = "SessionId,ParticipantId,FullName,FullName,UtcEventTimestamp,Action,Role\n"
WEBEX = "Meeting Name,Display Name,Attendee Email,Attendee Email,Join Time,Attendance Duration\n"
TEAMS_2022 = """\
1. Summary
Start time\t10/22/20, 1:00:00 PM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole{more}
Ana\t10/22/20, 1:00:00 PM\t10/22/20, 2:00:00 PM\t1h\ta@example.org\tx\tb@example.org
"""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            f"{ZOOM},User Email\n{ROW},b@example.org\n",
            "the address in line 1: 'User Email' .column 2. and 'User Email' .column 6.",
        ),
        (
            f"{ZOOM},Email\n{ROW},b@example.org\n",
            "the address in line 1: 'User Email' .column 2. and 'Email' .column 6.",
        ),
        (f"{ZOOM},Join Time\n{ROW},10/22/2020 01:58:00 PM\n", "the join time in line 1"),
        (f"{ZOOM},Name (Original Name)\n{ROW},Bo Lee\n", "the name in line 1"),
        (
            f"{ZOOM},User Email,Topic,Meeting ID\n{ROW},host@example.org,MBT,88\n",
            "'User Email' .column 2. and 'User Email' .column 6.",
        ),
        (
            TEAMS_2021.replace("\n", "\tEmail\n") + TEAMS_ROW.replace("\n", "\tb@example.org\n"),
            "the address in line 1",
        ),
        (WEBINAR_TABLE.format(more=",Email"), "the address in line 3"),
        (MEET.format(more=",E-mail") + MEET_ROW, "the address in line 1"),
        (TEAMS_2022.format(more="\tE-mail"), "the address in line 5"),
        (
            "Name,Email,E-mail\nAna,a@example.org,b@example.org\n",
            "'Email' .column 2. and 'E-mail' .column 3.",
        ),
        (
            f"{LIVE_EVENT}s,a@example.org,Ana,Bo,10/22/2020 1:00:00 PM,Joined,Attendee\n",
            "the name in line 1: 'FullName' .column 3. and 'FullName' .column 4.",
        ),
        (
            f"{WEBEX}M,Ana,a@example.org,b@example.org,10/22/2020 1:00:00 PM,60 min\n",
            "the address in line 1",
        ),
    ],
    ids=[
        "zoom", "two words for it", "times", "names", "beside the meeting", "2021", "webinar",
        "meet", "2022", "registrations", "live event", "webex",
    ],
)  # fmt: skip
def test_a_column_that_stands_twice_is_refused_with_both_places(
    read: Read, content: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read(content)
