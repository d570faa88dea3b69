"""A meeting of two days with its registrations and its evaluation, for any number of people.

Most were there throughout, thrown out once a day for some seconds; of a hundred some came
late, went away, missed the second day or gave no evaluation. Written as Zoom and Google
Forms export, so that `collect` reads the files as it reads anybody's. It runs nothing by itself.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

__all__ = ["Meeting", "write_meeting"]

ZONE = ZoneInfo("America/New_York")
DAYS = (datetime(2020, 10, 22, 13, tzinfo=ZONE), datetime(2020, 10, 29, 13, tzinfo=ZONE))
LENGTH = timedelta(hours=3, minutes=15)
CONNECTIONS = (
    "Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)",
    "Guest", "In Waiting Room",
)  # fmt: skip
NOT_ASKED = ("visible", "attestation", "fee")
"""What the course of a new office asks for besides, and this one does not."""

FIRST = tuple(
    f"{each}{end}"
    for each in ("Al", "Be", "Ca", "Do", "El", "Fi", "Ga", "Ha", "Io", "Ka")
    for end in ("da", "dith", "fa", "lin", "mon", "na", "ra", "rit", "sa", "ya")
)
LAST = tuple(
    f"{each}{middle}{end}"
    for each in ("Ab", "Ber", "Cor", "Dal", "Esk", "Fal", "Gor", "Hol", "Ing", "Jar")
    for middle in ("el", "in", "ow", "as", "un")
    for end in ("berg", "dal", "man", "sen", "ton")
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the files lie.

    Attributes:
        folder: Of the office and its course.
        registrations: An office's own list.
        reports: One a day.
        evaluation: The form's responses.
    """

    folder: Path
    registrations: Path
    reports: tuple[Path, ...]
    evaluation: Path

    def collect(self, output: Path) -> tuple[str, ...]:
        """Return the words of the command that collects it."""
        reports = (word for each in self.reports for word in ("--attendance", str(each)))
        return (
            "collect", str(self.folder / "course.toml"),
            "--config", str(self.folder / "cecert.toml"),
            "--registrations", str(self.registrations), *reports,
            "--evaluation", str(self.evaluation), "--output", str(output),
        )  # fmt: skip


def write_meeting(folder: Path, people: int) -> Meeting:
    """Make an office with a course, and the files of one meeting of so many people.

    Args:
        folder: Where; missing or empty.
        people: How many registered.
    """
    init = [sys.executable, "-m", "cecert", "init", str(folder)]
    subprocess.run(init, check=True, capture_output=True)
    course = folder / "course.toml"
    text = course.read_text("utf-8")
    for each in NOT_ASKED:
        text = text.replace(f"{each} = true", f"{each} = false")
    course.write_text(text, "utf-8")
    names = [_person(number) for number in range(people)]
    meeting = Meeting(
        folder,
        folder / "registrations.csv",
        tuple(folder / f"participants_{day:%Y_%m_%d}.csv" for day in DAYS),
        folder / "evaluation.csv",
    )
    registered = ((*each, "ny-social-work") for each in names)
    _write(meeting.registrations, ("name", "email", "credentials"), registered)
    for day, (path, start) in enumerate(zip(meeting.reports, DAYS, strict=True)):
        _write(path, CONNECTIONS, _connections(names, day, start))
    _write(
        meeting.evaluation,
        ("Timestamp", "Email Address", "What did you learn?", "How likely are you to return?"),
        _responses(names),
    )
    return meeting


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _person(number: int) -> tuple[str, str]:
    name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
    return name, f"{name.replace(' ', '.').lower()}.{number}@example.org"


def _connections(
    people: list[tuple[str, str]], day: int, start: datetime
) -> Iterator[tuple[str, ...]]:
    for number, (name, email) in enumerate(people):
        kind = number % 100
        if kind in {31, 32, 33} and day == 1:
            continue
        join = start - timedelta(seconds=60 + number % 540)
        away = start + timedelta(minutes=20 + number % 60)
        leave = start + LENGTH + timedelta(seconds=number % 300)
        back = away + timedelta(seconds=20 + number % 40)
        if kind in {11, 12, 13}:
            join += timedelta(minutes=25)
        if kind in {21, 22}:
            back = away + timedelta(minutes=20)
        yield _connection(name, email, join, away)
        yield _connection(name, email, back, leave)
    yield _connection("Host of the Day", "", start - timedelta(minutes=30), start + LENGTH)


def _connection(name: str, email: str, join: datetime, leave: datetime) -> tuple[str, ...]:
    minutes = -(-int((leave - join).total_seconds()) // 60)
    stamps = (f"{each:%m/%d/%Y %I:%M:%S %p}" for each in (join, leave))
    return (name, email, *stamps, str(minutes), "Yes", "No")


def _responses(people: list[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    end = DAYS[-1] + LENGTH
    for number, (_, email) in enumerate(people):
        if number % 100 not in {41, 42}:
            stamp = end + timedelta(minutes=10 + number % 4000)
            told = "To ask what somebody has in mind, and to wait for the answer"
            yield (f"{stamp:%m/%d/%Y %H:%M:%S}", email, told, str(1 + number % 5))
