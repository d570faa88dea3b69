"""Fixtures for tests of any room."""

from __future__ import annotations

import atexit
import gc
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings
from key_work import LITTLE, work_of_keys
from one_query_cache import share_queries

# How long an example takes says how busy the machine is, and nothing else. The examples are the
# same in every run, so that a change is judged by what it changes; `make chance` looks for others.
settings.register_profile(
    "same", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("chance", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


SEEKING = (700, 10, 100)
"""Python's own thresholds, but for what has lived long."""
SHARED = Path(__file__).parents[1] / "../shared"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among ten thousand tests: they stay, and each search goes through all.

    Afterwards what has lived long is seldom gone through: it took a twentieth of the tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SEEKING)
        gc.enable()
        atexit.register(gc.unfreeze)  # libraries complain of what is never cleared away


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Ask no module for examples that has none: to look through all it holds takes a while."""
    collectors = yield
    if file_path.suffix != ".py" or ">>>" in file_path.read_text("utf-8"):
        return collectors
    return [each for each in collectors if not isinstance(each, DoctestModule)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what reads samples that are not in the project, where they are not beside it."""
    if SHARED.exists():
        return
    for each in items:
        if each.get_closest_marker("shared"):
            each.add_marker(pytest.mark.skip(reason="../shared is not there"))


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Let Control-C interrupt, also where a shell began the run with & and so shut it out."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests note and fetch out of the folders of whoever runs them."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patched.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _keys_open_quickly() -> Iterator[None]:
    """Let no test pay for what slows down a thief, but those that ask for `work_of_keys`."""
    with work_of_keys(LITTLE):
        yield


@pytest.fixture(scope="session", autouse=True)
def _queries_are_worded_once() -> Iterator[None]:
    """Let no test pay for what another's ledger was asked in the same words."""
    with pytest.MonkeyPatch.context() as patched:
        share_queries(patched)
        yield


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test remember what another has seen: copies of one office have one root."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"{uuid4()}"))
