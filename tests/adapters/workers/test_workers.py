from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_work import beginning

from cecert.adapters.workers import cores, open_workers, workers_worth
from cecert.adapters.workers.pool import AHEAD
from cecert.errors import InputError
from cecert.ports import WorkerLostError, Workers

Working = Workers[tuple[str, object], object]


@pytest.fixture(scope="module")
def two() -> Iterator[Working]:
    with open_workers(beginning, 7, 2) as workers:
        yield workers


@pytest.fixture(scope="module")
def none() -> Iterator[Working]:
    with open_workers(beginning, 7, 1) as workers:
        yield workers


@pytest.mark.parametrize("who", ["two", "none"])
def test_answers_come_in_the_order_of_the_groups(who: str, request: pytest.FixtureRequest) -> None:
    workers: Working = request.getfixturevalue(who)
    groups = [("multiplied" if each % 3 else "slowly", each) for each in range(12)]
    assert list(workers.answers(groups)) == [7 * each for each in range(12)]
    assert list(workers.answers([])) == []


def test_two_workers_are_two_processes_and_alone_it_is_this_one(
    two: Working, none: Working
) -> None:
    asked = [*[("slowly", 1)] * 4, *[("process", None)] * 8, *[("slowly", 1)] * 4]
    found = {each[0] for each in two.answers(asked) if isinstance(each, tuple)}
    assert os.getpid() not in found
    assert 1 <= len(found) <= 2
    assert list(none.answers([("process", 1)])) == [(os.getpid(), 1, 7)]


def test_groups_are_taken_as_they_are_needed(two: Working) -> None:
    taken = 0

    def endless() -> Iterator[tuple[str, object]]:
        nonlocal taken
        while True:
            taken += 1
            yield "multiplied", taken

    answers = two.answers(endless())
    assert [next(answers), next(answers)] == [7, 14]
    assert taken <= 2 * AHEAD + 2
    # What was left undone of one list is nothing to the next.
    answers.close()  # type: ignore[attr-defined]  # a generator
    assert list(two.answers([("multiplied", 5)])) == [35]


def test_what_work_raises_is_raised_in_its_place_with_its_hint(two: Working) -> None:
    answers = two.answers([("multiplied", 1), ("wrong", "it"), ("multiplied", 3)])
    assert next(answers) == 7
    with pytest.raises(InputError, match="it is wrong") as caught:
        next(answers)
    assert caught.value.hint == "not 7"
    assert "in a worker" in caught.value.__notes__[0]
    with pytest.raises(Exception, match="pickle"):
        list(two.answers([("multiplied", lambda: None)]))
    assert list(two.answers([("multiplied", 5)])) == [35]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_lost_worker_s_group_is_done_again_and_one_that_ends_all_is_told(
    two: Working, tmp_path: Path
) -> None:
    groups = [("multiplied", 1), ("killed once", str(tmp_path / "mark")), ("multiplied", 3)]
    assert list(two.answers(groups)) == [7, 7, 21]
    with pytest.raises(WorkerLostError, match="3 workers ended over the same work"):
        list(two.answers([("killed", None)]))
    assert list(two.answers([("multiplied", 5)])) == [35]


def interrupted() -> Iterator[object]:
    with open_workers(beginning, 7, 2) as workers:
        yield next(workers.answers([("process", None), *[("slowly", 1)] * 100]))


def test_no_process_is_left_when_the_work_is_left_undone() -> None:
    run = interrupted()
    found = next(run)
    with pytest.raises(KeyboardInterrupt):
        run.throw(KeyboardInterrupt)  # type: ignore[attr-defined]  # a generator
    assert isinstance(found, tuple)
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)


def test_workers_are_started_where_they_save_more_than_their_start() -> None:
    assert workers_worth(None, 1_000_000, 0.05, start=1.0) == cores()
    assert workers_worth(None, 30, 0.05, start=1.0) == 1
    assert workers_worth(None, 0, 0.05) == 1
    assert workers_worth(3, 30, 0.0) == 3
    assert workers_worth(3, 2, 0.0) == 2
