"""What collecting costs, counted: so many more people, so many more calls, and no more files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import cecert
from cecert.adapters.completion_list.evidence_write import EvidenceRows
from cecert.cli import main
from cecert.domain.evidence import attendance
from cecert.errors import InputError
from cecert.office.collect import collect as collecting

OURS = f"{Path(cecert.__file__).parent}/"
DAYS = (datetime(2020, 10, 22, 13), datetime(2020, 10, 29, 13))  # noqa: DTZ001 - as exported
FEWER, MORE = 210, 250
ROWS = 4
"""Connections of each: two a day."""

STAMPS = 2 * ROWS + 1
"""Of each: the ends of the connections, and the evaluation's."""


def name_of(number: int) -> str:
    letters = "abcdefghij"
    return (
        "Given" + "".join(letters[int(each)] for each in str(number)) + " Sur" + letters[number % 7]
    )


def report(people: int, start: datetime) -> str:
    rows = [
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),In Waiting Room"
    ]
    for number in range(people):
        join, away = start - timedelta(minutes=5, seconds=number), start + timedelta(minutes=40)
        back, leave = away + timedelta(seconds=30), start + timedelta(minutes=200)
        for first, last in ((join, away), (back, leave)):
            minutes = -(-int((last - first).total_seconds()) // 60)
            stamps = f"{first:%m/%d/%Y %I:%M:%S %p},{last:%m/%d/%Y %I:%M:%S %p}"
            rows.append(f"{name_of(number)},p{number}@example.org,{stamps},{minutes},No")
    return "\n".join(rows)


def words_for(folder: Path, people: int) -> list[str]:
    """Write the files of so many people; return what collects them."""
    assert main(["init", str(folder)]) == 0
    registered = [f"{name_of(each)},p{each}@example.org,attendance" for each in range(people)]
    (folder / "reg.csv").write_text("\n".join(["name,email,credentials", *registered]))
    for day, start in enumerate(DAYS):
        (folder / f"day{day}.csv").write_text(report(people, start))
    end = DAYS[-1] + timedelta(hours=4)
    answers = [
        f"{end + timedelta(seconds=each):%m/%d/%Y %H:%M:%S},p{each}@example.org,Much"
        for each in range(people)
    ]
    (folder / "eval.csv").write_text("\n".join(["Timestamp,Email Address,What?", *answers]))
    return [
        "collect", str(folder / "course.toml"), "-c", str(folder / "cecert.toml"),
        "--registrations", str(folder / "reg.csv"), "--attendance", str(folder / "day0.csv"),
        "--attendance", str(folder / "day1.csv"), "--evaluation", str(folder / "eval.csv"),
        "-o", str(folder / "all.csv"),
    ]  # fmt: skip


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count the calls of every function of cecert, and the generators it resumes."""
    calls: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            calls[code.co_qualname] += 1

    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.fixture(scope="module")
def each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Return how often each function is called for one person more."""
    counted = []
    for people in (FEWER, MORE):
        words = words_for(tmp_path_factory.mktemp("counts") / str(people), people)
        with counting() as calls:
            assert main(words) == 0
        counted.append(calls)
    fewer, more = counted
    return {name: (more[name] - fewer[name]) / (MORE - FEWER) for name in more}


def test_an_address_is_folded_no_more_than_thrice_a_row(each: dict[str, float]) -> None:
    rows = ROWS + 2  # with the registration and the evaluation
    assert each["folded_email"] <= 3 * rows


def test_a_stamp_is_parsed_once_and_made_a_moment_once(each: dict[str, float]) -> None:
    assert each["_parsed"] <= STAMPS
    assert each["Stamp.at"] <= STAMPS + 1


def test_whose_a_row_is_is_looked_up_once_a_person_and_list(each: dict[str, float]) -> None:
    # By their connections' names and addresses, which are the same, and by the evaluation's.
    assert each["Directory.said_by"] <= 2


def test_a_person_is_judged_once_a_session(each: dict[str, float]) -> None:
    assert each["judge_by"] == 2
    assert each["_bound"] == 2  # what is certain is what is possible
    assert each["decide"] == 1  # for everybody's standing, and by it for whom to remind


def test_what_is_the_same_for_everybody_is_worked_out_for_nobody_alone(
    each: dict[str, float],
) -> None:
    once = ("required_time", "ground_of", "Axis.ticks", "axis_of", "_plan", "_environment")
    assert {name: each.get(name, 0) for name in once} == dict.fromkeys(once, 0)


def test_a_person_is_drawn_and_written_once_a_session(each: dict[str, float]) -> None:
    assert each["Drawings.drawing"] == 2
    assert each["timeline_row"] == 1
    assert each["_row"] <= 2  # of the evidence, and of the terminal's table
    assert each["_explained"] == 2  # once for the evidence and the page
    assert each["_standing"] == 1


def test_what_a_report_says_at_its_top_is_worked_out_once_for_all_its_pages(
    each: dict[str, float],
) -> None:
    assert each["mark"] == 2  # of everybody, and of those on the page


def test_all_that_is_called_for_one_person_more_is_bounded(each: dict[str, float]) -> None:
    assert sum(each.values()) <= MOST_CALLS


MOST_CALLS = 780
"""Calls and resumed generators of cecert's own code for a person of four connections."""


def test_however_few_judgements_are_kept_and_whatever_waits_the_same_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = words_for(tmp_path, FEWER)
    assert main(words) == 0
    written = contents(tmp_path)
    monkeypatch.setattr(attendance, "KEPT", 5)
    attendance._LATELY.clear()
    most = watch_kept(monkeypatch)
    assert main(words) == 0
    assert contents(tmp_path) == written
    assert max(most) == 5
    # Nothing waits in a file of its own, and evidence is made when it is written.
    monkeypatch.setattr(EvidenceRows, "write", lambda *_: None)
    assert main(words) == 0
    assert contents(tmp_path) == written


def contents(folder: Path) -> dict[str, bytes]:
    found = (each for each in folder.rglob("*") if each.is_file() and each.name != "ledger.db")
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in found}


def watch_kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by how many judgements are kept, each time one more is."""
    most, keep = [], attendance._keep

    def watched(*judged: Any) -> None:  # noqa: ANN401 - as *keep*
        keep(*judged)
        most.append(len(attendance._LATELY))

    monkeypatch.setattr(attendance, "_keep", watched)
    return most


def test_where_nothing_can_wait_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone cannot be written: No such file"):
        collecting._waiting_beside(tmp_path / "gone" / "all.csv").__enter__()
