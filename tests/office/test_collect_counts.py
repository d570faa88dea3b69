"""What collecting costs, counted: so many more people, so many more calls, and no more files."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import ref

import pytest

import cecert
from cecert.adapters.storage.atomic import write_pieces
from cecert.cli import main
from cecert.domain.evidence import attendance, rulings
from cecert.domain.evidence import people as everybody
from cecert.domain.evidence.collection import Participant
from cecert.domain.evidence.matching import Connection
from cecert.errors import InputError
from cecert.office.collect import collect as collecting
from cecert.office.collect import passing
from cecert.office.collect.passing import Passing
from cecert.workflows.collect import collect as workflow

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
    once = ("required_time", "ground_of", "Axis.ticks", "axis_of", "_plan", "_environment", "mark")
    assert {name: each.get(name, 0) for name in once} == dict.fromkeys(once, 0)


def test_a_person_is_drawn_and_written_once_a_session(each: dict[str, float]) -> None:
    assert each["Drawings.drawing"] == 2
    assert each["timeline_row"] == 1
    assert each["_row"] <= 2  # of the evidence, and of the terminal's table
    assert each["_explained"] == 2  # once for the evidence and the page
    assert each["_standing"] == 1


def test_all_that_is_called_for_one_person_more_is_bounded(each: dict[str, float]) -> None:
    assert sum(each.values()) <= MOST_CALLS


MOST_CALLS = 780
"""Calls and resumed generators of cecert's own code for a person of four connections."""


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what collects a few people, whose pages are short."""
    return words_for(tmp_path_factory.mktemp("some") / "office", 60)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecert.adapters.reports.collect_pages.PEOPLE_A_PAGE", 20)


@pytest.mark.usefixtures("pages")
def test_however_few_judgements_are_kept_and_whatever_waits_the_same_is_written(
    some: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(some) == 0
    written = contents(Path(some[1]).parent)
    monkeypatch.setattr(attendance, "KEPT", 5)
    attendance._LATELY.clear()
    most = watch_kept(monkeypatch)
    assert main(some) == 0
    assert contents(Path(some[1]).parent) == written
    assert max(most) == 5


def hold_few(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (passing, everybody):
        monkeypatch.setattr(where, "KEPT", 20)
    for where, name, most in (
        (workflow, "TOGETHER", 15), (rulings, "LATELY", 15),
    ):  # fmt: skip
        monkeypatch.setattr(where, name, most)


@pytest.mark.usefixtures("pages")
def test_of_many_people_none_is_held_and_the_same_is_written(
    some: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(some) == 0
    written, told = contents(Path(some[1]).parent), capsys.readouterr()
    alive = watch(monkeypatch)
    hold_few(monkeypatch)
    gc.freeze()  # what others left behind is not counted
    try:
        assert main(some) == 0
    finally:
        gc.unfreeze()
    assert contents(Path(some[1]).parent) == written
    assert capsys.readouterr() == told
    judged, connected = (max(each) for each in zip(*alive, strict=True))
    assert judged <= 15
    assert connected <= 2 * 15 * ROWS  # of those who are looked at, and of those before


class Filling(io.FileIO):
    """A file on a disk that has room for so many bytes."""

    room = 0

    def write(self, content: Any) -> int:  # noqa: ANN401 - as of any file
        if self.tell() + len(content) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


def test_a_disk_that_is_full_while_people_are_judged_is_told_and_nothing_is_written(
    some: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = sum(Path(some[each]).stat().st_size for each in (5, 7, 9))  # the raw files
    assert some[4:10:2] == ["--registrations", "--attendance", "--attendance"]

    def opened(**_: object) -> io.BufferedRandom:
        file = Filling(tmp_path / "full", "w+b")
        file.room = kept + 1_000
        return io.BufferedRandom(file)

    hold_few(monkeypatch)
    monkeypatch.setattr("cecert.adapters.storage.waiting.TemporaryFile", opened)
    (tmp_path / "out").mkdir()
    assert main([*some[:-1], str(tmp_path / "out" / "all.csv")]) == 2
    assert "out cannot be written: No space left on device" in capsys.readouterr().err
    assert not [each for each in (tmp_path / "out").iterdir() if each.suffix != ".lock"]


def watch(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Return a list that grows: of people and connections that are alive."""
    alive: list[tuple[int, int]] = []
    write, take = write_pieces, Passing.take

    def count() -> None:
        kinds = Counter(type(each) for each in gc.get_objects())
        alive.append((kinds[Participant], kinds[Connection]))

    def written(*given: Any) -> None:  # noqa: ANN401 - as *write*
        write(*given)
        count()

    def taken(*given: Any) -> None:  # noqa: ANN401 - as *take*
        take(*given)
        count()

    monkeypatch.setattr(collecting, "write_pieces", written)
    monkeypatch.setattr(Passing, "take", taken)
    return alive


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
        collecting._aside(tmp_path / "gone" / "all.csv").__enter__()


class Shown:
    """What a page showed, to which a macro of its template refers, and the other way round."""

    def __init__(self) -> None:
        self.macro = self


def test_a_page_is_let_go_when_it_was_written() -> None:
    left: list[ref[Shown]] = []

    def pages() -> Iterator[tuple[str, Iterator[bytes]]]:
        for number in range(3):
            left.append(ref(Shown()))
            yield f"{number}", iter(())

    gc.disable()
    try:
        alive = [sum(each() is not None for each in left) for _ in collecting._let_go(pages())]
    finally:
        gc.enable()
    assert alive == [1, 1, 1]  # that of the page which is written
