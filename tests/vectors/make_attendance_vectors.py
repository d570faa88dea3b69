"""Makes `attendance.json`: worked cases of docs/spec/attendance.md 1, 2 and 4 to 7.

Every figure is found by counting seconds one by one, from the page and not from the code: nothing
of cecert is imported, and no interval is computed with. What each case is there for, and what
becomes of it, stands beside it by hand; a case that counts to something else stops the script.
Names, days and limits are made up. `make vectors` runs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).with_name("attendance.json")
ZONE = ZoneInfo("Europe/Athens")
RULE = {
    "late_join": 480, "early_leave": 240, "gap_each": 180, "absent_total": 720, "jitter": 45,
    "jitter_total": 200,
}  # fmt: skip
PAUSE = ("2023-03-14T10:10:00", "2023-03-14T10:25:00")
MORNING = ("2023-03-14T09:00:00", "2023-03-14T11:30:00", PAUSE)
NIGHT = ("2023-10-29T02:00:00", "2023-10-29T05:00:00", None)
"""Three hours by the clock and four in time: at 04:00 it is 03:00 again."""

FROM, TO = "08:55:00", "11:35:00"


@dataclass(frozen=True)
class Stay:
    """A row of a report: times of day, or instants where the clock repeats an hour."""

    join: str
    leave: str | None
    resolution: int = 1
    sure: bool = True
    waiting: bool = False


@dataclass(frozen=True)
class Case:
    """A worked case, the section it is about, and what becomes of it."""

    section: str
    title: str
    status: str
    stays: Sequence[Stay]
    window: tuple[str, str] | None = None
    session: tuple[str, str, tuple[str, str] | None] = field(default=MORNING)


def between(*gaps: tuple[str, str]) -> list[Stay]:
    """Return stays from before the start to after the end, but for these gaps."""
    ends = [FROM, *(each for gap in gaps for each in gap), TO]
    return [Stay(*pair) for pair in zip(ends[::2], ends[1::2], strict=True)]


CASES = (
    Case("4", "one connection for all of it", "MET", [Stay(FROM, TO)]),
    Case("4", "two devices at once are one presence", "MET",
         [Stay(FROM, "10:40:00"), Stay("10:00:00", TO)]),
    Case("4", "a possible connection closes the gap: for somebody to decide", "REVIEW",
         [*between(("10:30:00", "10:50:00")), Stay("10:29:00", "10:51:00", sure=False)]),
    Case("4", "a possible connection that is too short helps nothing", "NOT_MET",
         [*between(("10:30:00", "10:50:00")), Stay("10:29:00", "10:40:00", sure=False)]),
    Case("4", "an open connection may have lasted to the end", "REVIEW", [Stay(FROM, None)]),
    Case("4", "an open connection that began too late", "NOT_MET", [Stay("09:40:00", None)]),
    Case("4", "a join to the minute, in time at its latest", "MET",
         [Stay("09:07:00", TO, resolution=60)]),
    Case("4", "a join to the minute, with the limit inside the minute", "REVIEW",
         [Stay("09:08:00", TO, resolution=60)]),
    Case("4", "a leave to the minute, late enough at its earliest", "MET",
         [Stay(FROM, "11:26:00", resolution=60)]),
    Case("4", "a leave to the minute, with the limit inside the minute", "REVIEW",
         [Stay(FROM, "11:25:00", resolution=60)], window=("09:00:00", "11:29:30")),
    Case("5", "away for the break alone", "MET", between(("10:10:00", "10:25:00"))),
    Case("5", "left before the break, back after it: one absence without the break", "MET",
         between(("10:08:30", "10:26:30"))),
    Case("5", "the same, a second too long", "NOT_MET", between(("10:08:30", "10:26:31"))),
    Case("5", "looked in during the break: away twice", "MET",
         between(("10:08:00", "10:15:00"), ("10:16:00", "10:27:30"))),
    Case("5", "came in the break: late by all that was before it", "NOT_MET",
         [Stay("10:12:00", TO)]),
    Case("5", "there for the break alone", "NOT_MET", [Stay("10:11:00", "10:20:00")]),
    Case("5", "before the start and after the end counts nothing", "NOT_MET",
         [Stay("08:00:00", "08:59:00"), Stay("11:31:00", "12:00:00")]),
    Case("5", "it ended at 11:20 for everybody, which nobody declared", "NOT_MET",
         [Stay(FROM, "11:20:00")]),
    Case("5", "it ended at 11:20, declared", "MET", [Stay(FROM, "11:20:00")],
         window=("09:00:00", "11:20:00")),
    Case("6", "late by the limit", "MET", [Stay("09:08:00", TO)]),
    Case("6", "late by a second more", "NOT_MET", [Stay("09:08:01", TO)]),
    Case("6", "early by the limit", "MET", [Stay(FROM, "11:26:00")]),
    Case("6", "early by a second more", "NOT_MET", [Stay(FROM, "11:25:59")]),
    Case("6", "a gap of the limit", "MET", between(("09:30:00", "09:33:00"))),
    Case("6", "a gap of a second more", "NOT_MET", between(("09:30:00", "09:33:01"))),
    Case("6", "late and early make the most that may be missed", "MET",
         [Stay("09:08:00", "11:26:00")]),
    Case("6", "and a gap of 46 seconds is more than that", "NOT_MET",
         [Stay("09:08:00", "09:30:00"), Stay("09:30:46", "11:26:00")]),
    Case("6", "but one of 45 is a reconnect", "MET",
         [Stay("09:08:00", "09:30:00"), Stay("09:30:45", "11:26:00")]),
    Case("6", "four gaps, each allowed, together 12 minutes", "MET",
         between(*((f"09:{each}:00", f"09:{each + 3}:00") for each in (10, 20, 30, 40)))),
    Case("6", "and a fifth is too much", "NOT_MET",
         between(*((f"09:{each}:00", f"09:{each + 3}:00") for each in (10, 20, 30, 40, 50)))),
    Case("6", "reconnects of 200 seconds beside late and early", "MET",
         [Stay(each.join if at else "09:08:00", each.leave if at < 5 else "11:26:00")
          for at, each in enumerate(between(*((f"09:{minute}:00", f"09:{minute}:40")
                                              for minute in (20, 25, 30, 35, 40))))]),
    Case("6", "reconnects of 201 seconds count towards all that was missed", "NOT_MET",
         [Stay(each.join if at else "09:08:00", each.leave if at < 5 else "11:26:00")
          for at, each in enumerate(between(("09:15:00", "09:15:41"),
                                            *((f"09:{minute}:00", f"09:{minute}:40")
                                              for minute in (25, 30, 35, 40))))]),
    Case("7", "nobody of that name was connected", "NO_EVIDENCE", []),
    Case("2", "the waiting room is no presence", "NO_EVIDENCE", [Stay(FROM, TO, waiting=True)]),
    Case("2", "admitted too late from the waiting room", "NOT_MET",
         [Stay("08:58:00", "09:09:00", waiting=True), Stay("09:09:00", TO)]),
    Case("1", "an hour that comes twice is two hours", "MET", session=NIGHT,
         stays=[Stay("2023-10-29T02:00:00+03:00", "2023-10-29T05:00:00+02:00")]),
    Case("1", "who left at its first end missed the second", "NOT_MET", session=NIGHT,
         stays=[Stay("2023-10-29T02:00:00+03:00", "2023-10-29T03:59:59+03:00"),
                Stay("2023-10-29T04:00:00+02:00", "2023-10-29T05:00:00+02:00")]),
)  # fmt: skip


def instant(text: str, day: str) -> datetime:
    """Return a stamp in UTC; a time of day is of the session's day."""
    full = text if "T" in text else f"{day}T{text}"
    read = datetime.fromisoformat(full)
    return (read if read.tzinfo else read.replace(tzinfo=ZONE)).astimezone(UTC)


class Count:
    """The seconds of one case, counted from the session's start."""

    def __init__(self, case: Case) -> None:
        first, last, pause = case.session
        self.day = first[:10]
        self.start = instant(first, self.day)
        self.length = self.second(last)
        window = case.window or (first, last)
        inside = range(self.second(window[0]), self.second(window[1]))
        broken = range(self.second(pause[0]), self.second(pause[1])) if pause else range(0)
        self.required = [
            each for each in range(self.length) if each in inside and each not in broken
        ]
        self.case = case

    def second(self, text: str) -> int:
        return int((instant(text, self.day) - self.start).total_seconds())

    def there(self, *, at_most: bool) -> set[int]:
        """Return the seconds of certain presence, or of all that is possible."""
        found: set[int] = set()
        for each in self.case.stays:
            slack = each.resolution - 1
            join = self.second(each.join)
            leave = self.length if each.leave is None else self.second(each.leave)
            if each.waiting or not (at_most or (each.sure and each.leave is not None)):
                continue
            begin, end = (join, leave + slack) if at_most else (join + slack, leave)
            found.update(range(max(begin, 0), min(end, self.length)))
        return found

    def absences(self, there: set[int]) -> Iterator[list[Any]]:
        """Yield kind, first and last instant, and required seconds of each stretch away."""
        away: list[int] = []
        required = set(self.required)
        if not required & there:
            yield ["whole", *self.shown(self.required), len(required)]
            return
        for each in range(self.length + 1):
            if each < self.length and each not in there:
                away.append(each)
                continue
            if missed := [second for second in away if second in required]:
                yield [self.kind(missed), *self.shown(missed), len(missed)]
            away = []

    def kind(self, missed: Sequence[int]) -> str:
        if missed[0] == self.required[0]:
            return "late"
        return "early" if missed[-1] == self.required[-1] else "gap"

    def shown(self, missed: Sequence[int]) -> list[str]:
        ends = (missed[0], missed[-1] + 1)
        return [f"{self.start + timedelta(seconds=each):%Y-%m-%dT%H:%M:%SZ}" for each in ends]

    def meets(self, there: set[int]) -> bool:
        absences = [(kind, seconds) for kind, _, _, seconds in self.absences(there)]
        gaps = [seconds for kind, seconds in absences if kind == "gap"]
        reconnects = sum(each for each in gaps if each <= RULE["jitter"])
        total = sum(seconds for _, seconds in absences)
        if reconnects <= RULE["jitter_total"]:
            total -= reconnects
        ends = {"late": RULE["late_join"], "early": RULE["early_leave"], "whole": -1}
        return (
            all(seconds <= ends.get(kind, seconds) for kind, seconds in absences)
            and all(each <= max(RULE["gap_each"], RULE["jitter"]) for each in gaps)
            and total <= RULE["absent_total"]
        )

    def status(self) -> str:
        if not [each for each in self.case.stays if not each.waiting]:
            return "NO_EVIDENCE"
        if self.meets(self.there(at_most=False)):
            return "MET"
        return "REVIEW" if self.meets(self.there(at_most=True)) else "NOT_MET"


def vector(number: int, case: Case) -> dict[str, Any]:
    """Return a case with what was counted.

    Raises:
        ValueError: If it counts to another status than stands beside it.
    """
    count = Count(case)
    if count.status() != case.status:
        raise ValueError(f"{case.title}: counted {count.status()}, written {case.status}")

    def utc(text: str | None) -> str | None:
        return text and f"{instant(text, count.day):%Y-%m-%dT%H:%M:%SZ}"

    least, most = (count.there(at_most=each) for each in (False, True))
    return {
        "number": number,
        "section": case.section,
        "title": case.title,
        "session": {"start": case.session[0], "end": case.session[1], "break": case.session[2]},
        "window": [utc(each) for each in case.window or ()],
        "connections": [
            {"join": utc(each.join), "leave": utc(each.leave), "resolution": each.resolution,
             "sure": each.sure, "waiting": each.waiting}
            for each in case.stays
        ],
        "expected": {
            "status": case.status,
            "required": len(count.required),
            "least": len(least & set(count.required)),
            "most": len(most & set(count.required)),
            "absences": list(count.absences(least)),
        },
    }  # fmt: skip


def document() -> dict[str, Any]:
    """Return all there is to write."""
    return {
        "figures": "counted second by second by make_attendance_vectors.py from "
        "docs/spec/attendance.md, not by cecert; limits, days and times are made up",
        "time_zone": ZONE.key,
        "rule": RULE,
        "vectors": [vector(number, case) for number, case in enumerate(CASES, 1)],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1) + "\n", "utf-8")
