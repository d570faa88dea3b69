"""An invented seminar of forty people, two afternoons, that meets every state.

`python tests/support/seminar.py DIR` writes its files as an office has them after a
seminar: registrations, two Zoom reports, an evaluation's export, attestations, camera
notes, and a file of decisions. Course and times are those of docs/spec/inputs.md 0 (13:00 to 16:15
with a break from 14:30 to 14:45, late 600 s, early 300 s, gap 300 s, in all 900 s).
Everybody is invented, and every address ends in a reserved domain.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

__all__ = ["FILES", "PEOPLE", "Person", "write_seminar"]

DAYS = ("10/22/2020", "10/29/2020")
WHOLE = (("12:57:41", "16:16:20"),)
"""A visit to the whole of an afternoon."""

_PLAIN = (
    "Marguerite Adeyemi-Thornquist", "Nguyễn Thị Minh Châu", "Tobias Lindqvist-Aoki",
    "Solveig Ødegård", "Rosalind Achterberg", "DeShawn Whitfield-Ames", "Priya Raghunathan",
    "Kateryna Holub", "Emeka Okonjo-Bright", "Ana Ruiz-Calloway", "Wilhelmina van der Zee",
    "Yael Ben-Shimol", "Patrick O'Donoghue Jr.", "Sunniva Karlsdóttir", "Theodora Papagiannis",
    "Ingrid Sørby", "Mateus Figueira", "Aoife Ní Bhriain", "Tomasz Żurawski", "Leilani Kahale",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A registrant, and what the platform saw of them.

    Attributes:
        name: As registered.
        visits: One tuple of (join, leave) pairs an afternoon; leave "" for none.
        shown: The display name, "" for the registered one.
        known: Whether Zoom knew the address.
        email: "" for one made from the name.
        state: What `collect` says of the course: `MET`, `NOT_MET`, `REVIEW`, `NO_EVIDENCE`.
        lacks: What is missing besides attendance: `evaluation`, `fee`, `attestation`, `camera`.
    """

    name: str
    visits: tuple[tuple[tuple[str, str], ...], ...] = (WHOLE, WHOLE)
    shown: str = ""
    known: bool = True
    email: str = ""
    state: str = "MET"
    lacks: str = ""
    credentials: str = "ny-social-work"
    role: str = ""
    waiting: tuple[tuple[int, str, str], ...] = field(default=())

    @property
    def address(self) -> str:
        """Return the registered address."""
        ascii_name = self.name.encode("ascii", "ignore").decode().rstrip(".")
        return (
            self.email
            or ascii_name.casefold().replace(" ", ".").replace("..", ".") + "@example.org"
        )


def _back(left: str, seconds: int) -> tuple[tuple[str, str], ...]:
    """Return a whole visit with one gap."""
    at = datetime.strptime(left, "%H:%M:%S")  # noqa: DTZ007 - a time of day
    return (("12:58:00", left), (f"{at + timedelta(seconds=seconds):%H:%M:%S}", "16:15:30"))


PEOPLE = (
    *(Person(name, credentials=("ny-social-work", "ma-social-work;ny-social-work", "")[place % 3])
      for place, name in enumerate(_PLAIN)),
    # MET with findings: allowed lateness, early leaving, reconnects, the break spent elsewhere
    Person("Hannah Brightwater", (WHOLE, (("13:06:48", "16:16:00"),)), lacks="evaluation"),
    Person("Omar Haddad-Lévesque", (
        (("13:04:12", "16:16:00"),), (("12:59:00", "16:12:44"),),
    ), lacks="fee"),
    Person("Beatriz Aldana", (
        (("12:58:00", "13:41:00"), ("13:41:38", "15:10:00"), ("15:10:38", "16:16:00")),
        (("12:58:00", "14:30:05"), ("14:44:40", "16:15:30")),
    )),
    Person("Casimir Novák", (WHOLE, (("12:58:00", "16:16:00"), ("13:30:00", "15:30:00")))),
    Person("Delphine Marchetti", lacks="attestation"),
    Person("Gwendolyn Pryce", lacks="camera"),
    # NOT_MET: away through the break, gone early, late, four short gaps, waiting room
    Person("Caroline Aldous-Mbeki", (
        (("12:58:00", "14:07:00"), ("15:00:00", "16:16:00")), WHOLE,
    ), state="NOT_MET"),
    Person("Beatrix Oyelaran", (WHOLE, (("12:57:47", "16:06:10"),)), state="NOT_MET"),
    Person("Fabian Straub", ((("13:10:01", "16:16:00"),), WHOLE), state="NOT_MET"),
    Person("Ottilie Grandin", (WHOLE, (
        ("12:58:00", "13:20:00"), ("13:24:30", "13:40:00"), ("13:44:30", "14:00:00"),
        ("14:04:30", "15:00:00"), ("15:04:30", "16:15:30"),
    )), state="NOT_MET"),
    Person("Idris Bellamy", ((("13:12:01", "16:16:00"),), WHOLE), state="NOT_MET",
           waiting=((0, "12:58:00", "13:12:00"),)),
    # NO_EVIDENCE: never on the second day, and under no name at all
    Person("Rafael Quintanilla", (WHOLE, ()), state="NO_EVIDENCE"),
    # REVIEW: a device that fills the gap, a short name, one screen for two, no leave, an equal name
    Person("Lucía Fernández-Bóveda", (WHOLE, (("12:58:30", "14:12:40"),)), state="REVIEW"),
    Person("Magdalena Dworzak", ((), WHOLE), state="REVIEW"),
    Person("Ruth Abelard", ((("12:56:00", "16:16:00"),), (("12:55:00", "16:16:00"),)),
           shown="Ruth & Jonah", email="abelard@example.org", state="REVIEW"),
    Person("Jonah Abelard", ((), ()), email="abelard@example.org", state="REVIEW"),
    Person("Viktor Halloran", ((("12:58:00", ""),), WHOLE), state="REVIEW"),
    Person("Chidinma Eze", known=False, state="REVIEW"),
    # decided: a late join with a ticket, and a screen name linked by alias
    Person("Sepideh Farahani", ((("13:12:00", "16:15:30"),), WHOLE)),
    Person("Henrik Vestergaard", shown="hv studio", known=False),
)  # fmt: skip

STRANGERS = (
    (0, "Joan Lesser", "joan.lesser@example.edu", "12:40:02", "16:31:00"),
    (1, "Joan Lesser", "joan.lesser@example.edu", "12:41:10", "16:30:12"),
    (0, "Magda D.", "", "12:59:10", "16:15:50"),
    (1, "iPhone", "", "14:13:31", "16:15:40"),
    (1, "Zoom User", "", "13:47:00", "13:55:00"),
)
"""Rows of nobody who registered under that name or address."""


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _clock(day: str, clock: str) -> str:
    return f"{datetime.strptime(f'{day} {clock}', '%m/%d/%Y %H:%M:%S'):%m/%d/%Y %I:%M:%S %p}"  # noqa: DTZ007


def _minutes(join: str, leave: str) -> str:
    first, last = (datetime.strptime(each, "%H:%M:%S") for each in (join, leave))  # noqa: DTZ007
    return str(-(-int((last - first).total_seconds()) // 60))


def report(afternoon: int) -> str:
    """Return the Zoom report of an afternoon, one row a connection."""
    day = DAYS[afternoon]
    rows: list[tuple[str, ...]] = []
    for each in PEOPLE:
        who = (each.shown or each.name, each.address if each.known else "")
        rows += [(*who, join, leave, "No") for join, leave in each.visits[afternoon]]
        rows += [(*who, join, leave, "Yes") for at, join, leave in each.waiting if at == afternoon]
    rows += [
        (name, email, join, leave, "No")
        for at, name, email, join, leave in STRANGERS
        if at == afternoon
    ]
    rows.sort(key=lambda row: (row[2], row[0]))
    lines = [
        [
            "Name (original name)",
            "Email",
            "Join time",
            "Leave time",
            "Duration (minutes)",
            "Guest",
            "In waiting room",
        ]
    ]
    for name, email, join, leave, waiting in rows:
        length = _minutes(join, leave) if leave else ""
        lines.append(
            [
                name,
                email,
                _clock(day, join),
                _clock(day, leave) if leave else "",
                length,
                "Yes",
                waiting,
            ]
        )
    return _csv(lines)


def registrations() -> str:
    """Return the registrations."""
    lines = [["name", "email", "credentials", "licenses", "fee_paid", "role"]]
    lines += [
        [
            each.name,
            each.address,
            each.credentials,
            "",
            "no" if each.lacks == "fee" else "yes",
            each.role,
        ]
        for each in PEOPLE
    ]
    return _csv(lines)


def evaluation() -> str:
    """Return the evaluation as Google Forms exports it; one answered it twice."""
    lines = [
        ["Timestamp", "Email Address", "How was the seminar?", "What will you change in your work?"]
    ]
    answered = [each for each in PEOPLE if each.lacks != "evaluation"]
    for place, each in enumerate(dict.fromkeys(each.address for each in answered)):
        lines.append([f"2020/10/30 9:{place:02}:00 AM GMT-4", each, "Very good", "Listen more"])
    lines.append(["2020/10/31 8:00:00 AM GMT-4", PEOPLE[0].address, "Good", "Nothing"])
    lines.append(["2020/10/31 8:05:00 AM GMT-4", "somebody.else@example.net", "Good", "Nothing"])
    return _csv(lines)


def attestations() -> str:
    """Return the attestations, a list that the office keeps."""
    done = [each for each in PEOPLE if each.lacks != "attestation"]
    return _csv(
        [
            ["email", "attestation"],
            *([each, "2020-10-30"] for each in dict.fromkeys(each.address for each in done)),
        ]
    )


def camera() -> str:
    """Return the moderator's camera notes."""
    seen = dict.fromkeys(each.address for each in PEOPLE if each.lacks != "camera")
    return _csv([["email", "visible"], *([each, "yes"] for each in seen)])


OVERRIDES = """\
# What the office decided after the seminar.

[[override]]
kind = "decision"
participant = "sepideh.farahani@example.org"
session = "day-1"
status = "MET"
by = "M. Example"
at = 2020-11-02T10:15:00
why = "phone line to the office from 13:00 to 13:12"
reference = "ticket 17"

[[override]]
kind = "alias"
participant = "henrik.vestergaard@example.org"
alias = "hv studio"
by = "M. Example"
at = 2020-11-02T10:20:00
why = "he wrote that this is his practice's screen name"
"""

FILES: dict[str, Callable[[], str]] = {
    "registrations.csv": registrations,
    "oct22.csv": lambda: report(0),
    "oct29.csv": lambda: report(1),
    "evaluation.csv": evaluation,
    "attestation.csv": attestations,
    "visibility.csv": camera,
    "overrides.toml": lambda: OVERRIDES,
}


def write_seminar(folder: Path) -> None:
    """Write all files of the seminar into *folder*, which is there."""
    for name, made in FILES.items():
        (folder / name).write_bytes(made().encode())


if __name__ == "__main__":
    write_seminar(Path(sys.argv[1]))
