"""Workers that a scheduler has, here in threads of this process; processes are in tests/slow."""

from __future__ import annotations

import pickle
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from time import sleep

import pytest
from distributed import LocalCluster
from shared_work import beginning

from cecert.adapters.workers import dask, open_dask_workers
from cecert.errors import ConfigurationError, InputError
from cecert.ports import WorkerLostError, Workers
from cecert.version import __version__

Working = Workers[tuple[str, object], object]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp://",
        dashboard_address=":0",
    ) as opened:  # fmt: skip
        yield opened


@pytest.fixture(scope="module")
def workers(cluster: LocalCluster) -> Iterator[Working]:
    with open_dask_workers(beginning, 7, cluster.scheduler_address) as opened:
        yield opened


def test_answers_come_in_the_order_of_the_groups_taken_a_few_ahead(workers: Working) -> None:
    groups = [("multiplied" if each % 3 else "slowly", each) for each in range(8)]
    assert list(workers.answers(groups)) == [7 * each for each in range(8)]
    assert list(workers.answers([])) == []
    taken = 0

    def endless() -> Iterator[tuple[str, object]]:
        nonlocal taken
        while True:
            taken += 1
            yield "multiplied", taken

    answers = workers.answers(endless())
    assert [next(answers), next(answers)] == [7, 14]
    assert taken <= 2 * dask.AHEAD + 2
    answers.close()  # type: ignore[attr-defined]  # a generator


def test_what_work_raises_is_raised_in_its_place_with_its_hint(workers: Working) -> None:
    answers = workers.answers([("multiplied", 1), ("wrong", "it"), ("multiplied", 3)])
    assert next(answers) == 7
    with pytest.raises(InputError, match="it is wrong") as caught:
        next(answers)
    assert caught.value.hint == "not 7"
    assert "in a worker" in caught.value.__notes__[0]
    assert list(workers.answers([("multiplied", 5)])) == [35]


def test_what_was_told_is_forgotten_when_the_work_is_done(cluster: LocalCluster) -> None:
    before = set(dask._begun)
    with open_dask_workers(beginning, 3, cluster.scheduler_address) as opened:
        assert list(opened.answers([("multiplied", 5)])) == [15]
        assert len(set(dask._begun) - before) == 1
    assert set(dask._begun) == before


def test_workers_of_another_version_are_named_before_any_work(
    cluster: LocalCluster, workers: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask, "_version", lambda: "0.0.9")
    with (
        pytest.raises(ConfigurationError, match=r"tcp://\S+ has cecert 0\.0\.9") as refused,
        open_dask_workers(beginning, 7, cluster.scheduler_address),
    ):
        pass
    assert refused.value.hint == f"pip install 'cecert[dask]=={__version__}' there"
    assert list(workers.answers([("multiplied", 1)])) == [7]
    # One that joins later has not been asked: it refuses what it is given.
    succeeded, error = pickle.loads(dask._told("of nobody", "0.0.9", b""))
    assert not succeeded
    assert str(error) == f"a worker has cecert {__version__}, and not 0.0.9"


def test_an_address_where_no_scheduler_is_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECTING", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    for address, error, said in (
        (nobody, ConfigurationError, f"no scheduler answers at {nobody}"),
        ("tls://127.0.0.1:1", ConfigurationError, "Dask's configuration names no certificates"),
        ("localhost:8786", InputError, "localhost:8786 is no address of a scheduler"),
        ("inproc://1/2/3", InputError, "is no address of a scheduler"),
    ):
        with pytest.raises(error, match=said), open_dask_workers(beginning, 7, address):
            pass


def test_a_scheduler_without_workers_is_told_and_one_that_loses_them_ends_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dask, "ALONE", 0.1)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://",
        dashboard_address=":0",
    ) as cluster:  # fmt: skip
        with open_dask_workers(beginning, 7, cluster.scheduler_address) as opened:
            assert list(opened.answers([("multiplied", 1)])) == [7]
            cluster.scale(0)
            while cluster.scheduler_info["workers"]:
                sleep(0.01)
            with pytest.raises(WorkerLostError, match="no worker left"):
                list(opened.answers([("multiplied", 1)]))
        with (
            pytest.raises(ConfigurationError, match="has no worker"),
            open_dask_workers(beginning, 7, cluster.scheduler_address),
        ):
            pass


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "cecert.adapters.workers.dask")
    with pytest.raises(ConfigurationError, match="not installed") as refused:
        import_module("cecert.adapters.workers.dask")
    assert refused.value.hint == "pip install 'cecert[dask]'"
