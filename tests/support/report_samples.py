"""Reports of a seminar in which everything occurs, and hostile names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger_entries import entry_for

from cecert.adapters.collect_files.batch import Batch, ReportFiles
from cecert.adapters.reports import (
    Commands,
    IssueOutcome,
    batch_report,
    collection_pages,
    collection_report,
)
from cecert.adapters.storage.atomic import make_folder, write_pieces
from cecert.domain.course.course import AttendanceRule, Course
from cecert.domain.decision.decide import Denial, decide
from cecert.domain.evidence.attendance import AttendanceStatus, Stay
from cecert.domain.evidence.collection import Collection, Registrant, Report, SourceRecord
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.matching import Connection
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.evidence.standing import standings_of
from cecert.domain.mail.message import MailState
from cecert.domain.values.intervals import Interval
from cecert.testing import sample_course, sample_record
from cecert.workflows.collect.collect import Gathered, collect
from cecert.workflows.collect.lists import Lists

TEMPLATES = Path(__file__).parents[2] / "templates"
# Markup that a name may have by our rules, which refuse what editors of pages write.
HOSTILE = '"><svg onload=document.title="owned"></svg><x>'


def course() -> Course:
    return replace(sample_course(), attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300))


def row(
    name: str, email: str, day: int, minutes: tuple[int, int | None], line: int, **about: object
) -> Connection:
    start = course().sessions[day].start.astimezone(UTC)
    first = start + timedelta(minutes=minutes[0])
    last = None if minutes[1] is None else start + timedelta(minutes=minutes[1])
    left = None if last is None else (last, last)
    stay = Stay((first, first), left, file=f"day{day + 1}.csv", line=line, shown_name=name, **about)  # type: ignore[arg-type]
    return Connection(name, email, "", stay, role="guest")


WHOLE = (-3, 200)


def address(name: str) -> str:
    letters = re.sub("[^a-z]", "", name.casefold()) or "x"
    return f"{letters}@example.org"


def visits(name: str, *days: tuple[int, int | None]) -> list[Connection]:
    return [row(name, address(name), day, each, 40 + day) for day, each in enumerate(days)]


STATES = (
    *(visits("Met Plain", WHOLE, WHOLE)), *(visits("Met Late", (8, 200), (-3, 192))),
    *(visits("Not Early", WHOLE, (-3, 100))), *(visits("Not Ever", WHOLE)),
    *(visits("Open Ended", (-3, None), WHOLE)), *(visits("Owes Fee", WHOLE, WHOLE)),
    *(visits("Owes More", WHOLE, WHOLE)), *(visits("By Decision", (12, 200), WHOLE)),
    *(visits("No Candidate", WHOLE, WHOLE)), *(visits("Jitter Man", WHOLE)),
    row("Jitter Man", address("Jitter Man"), 1, (-3, 30), 60),
    row("Jitter Man", address("Jitter Man"), 1, (31, 200), 61),
    *(visits("In Pieces", WHOLE)),
    *(row("In Pieces", address("In Pieces"), 1, each, 70 + each[0])
      for each in ((-3, 20), (25, 40), (45, 60), (65, 80), (84, 200))),
    row("Waits Long", address("Waits Long"), 0, (-3, 12), 80, waiting=True),
    *(visits("Waits Long", (13, 200), WHOLE)),
    row(HOSTILE, "", 0, WHOLE, 90), row("Chance Equal", "", 0, WHOLE, 91),
    row("Chance Equal", "", 1, WHOLE, 92), row("iPhone", "", 1, (101, 200), 93),
)  # fmt: skip


NAMES = (
    "Met Plain", "Met Late", "Not Early", "Not Ever", "Open Ended", "Owes Fee", "Owes More",
    "By Decision", "Jitter Man", "In Pieces", "Waits Long", "Chance Equal", "No Candidate",
)  # fmt: skip


AT = datetime(2020, 10, 30, 13, tzinfo=UTC)


def decision(kind: OverrideKind = OverrideKind.DECISION, **about: object) -> Override:
    made: dict[str, object] = {"by": HOSTILE, "at": AT, "why": f"ticket {HOSTILE}"}
    return Override(kind, **(made | about))  # type: ignore[arg-type] # by kind


def collection(names: tuple[str, ...] = NAMES, rows: tuple[Connection, ...] = STATES) -> Collection:
    people = tuple(
        Registrant(
            f"{name} {HOSTILE}" if name == "Met Plain" else name, address(name),
            fee_paid=name != "Owes Fee", role="staff" if name == "No Candidate" else "",
            place=f"reg.csv: row {place}",
        )
        for place, name in enumerate(names, 2)
    )  # fmt: skip
    done = tuple(Done(address(name), AT, noted=True) for name in names if name != "Owes More")
    kept = SourceRecord("day1.csv", "ab" * 32, "attendance", "zoom", 9)
    start = course().sessions[0].start.astimezone(UTC)
    overrides: tuple[Override, ...] = ()
    if names == NAMES:
        period = Interval(start, start + timedelta(minutes=195))
        overrides = (
            decision(
                participant=address("By Decision"),
                session="day-1",
                reference="sheet",
                status=AttendanceStatus.MET,
            ),
            decision(OverrideKind.ACTUAL_WINDOW, session="day-1", period=period),
        )
    gathered = Gathered(
        people, (Report(kept, rows),), Lists(done, done, (), done), overrides, (kept,), ("a note",)
    )
    return collect(course(), gathered)


def collected(commands: Commands | None = None) -> bytes:
    return b"".join(collection_report(collection(), TEMPLATES, commands or Commands()))


def many_people(count: int) -> Collection:
    """Return a course of so many people: nearly all met it, and one of each other kind."""
    names = tuple(
        "Many " + "".join(chr(ord("a") + int(digit)) for digit in str(each))
        for each in range(count - len(FEW))
    )
    rows = tuple(each for name in (*names, "Met Plain", "Owes More")
                 for each in visits(name, WHOLE, WHOLE))  # fmt: skip
    rows += (
        *visits("Open Ended", (-3, None), WHOLE), *visits(LAST, WHOLE, (-3, 100)),
        row("Guest of Nobody", "", 0, WHOLE, 90),
    )  # fmt: skip
    return collection((*FEW, *names), rows)


LAST = "Zo\u00eb \u00danica"
FEW = (LAST, "Never There", "Open Ended", "Met Plain", "Owes More")
"""Those of many people who are not like the others; `LAST` is the last of all by name."""


def store_pages(folder: Path, count: int) -> Path:
    """Write the report of so many people as `collect` does; return its first page."""
    found = many_people(count)
    pages = collection_pages(
        found, TEMPLATES, Commands(), standings_of(found), "completions.report"
    )
    batch = Batch(folder / "completions.csv", write_pieces, make_folder)
    return batch.store((b"rows",), (b"{}",), ReportFiles(pages.page, pages.further), {})[2]


def issued() -> bytes:
    course_ = course()
    entries = [
        entry_for(sample_record(name=f"Holder {letter}", email=f"{letter}@example.org"), slot=place)
        for place, letter in enumerate("abcdef", 1)
    ]
    states = (
        MailState.SENT,
        MailState.QUEUED,
        MailState.FAILED,
        MailState.UNCERTAIN,
        MailState.BOUNCED,
    )
    mails = {
        entry.certificate.id: replace(
            entry.mail, state=state, reply="550 5.1.1 no such user", attempts=1
        )
        for entry, state in zip(entries, states, strict=False)
    }
    nobody = sample_record(participant_id="")
    denied = [
        replace(nobody, name=f"Denied {HOSTILE}"[:70], email="w@example.org", attended=frozenset()),
        replace(nobody, name="Asked About", email="x@example.org", review="day-1: to be decided"),
        replace(nobody, name="Owes Much", email="y@example.org", fee_paid=False, evaluation=None),
        replace(nobody, name="Staff Member", email="z@example.org", role="staff"),
    ]
    denials = [each for it in denied for each in decide(it, course_) if isinstance(each, Denial)]
    outcome = IssueOutcome(
        course_, entries, denials, datetime(2020, 11, 6, 21, 31, tzinfo=UTC), mails, ("withheld",)
    )
    return batch_report(outcome, TEMPLATES)


MADE = {"collect": collected, "issue": issued}
