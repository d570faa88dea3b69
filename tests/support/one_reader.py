"""One process reads the documents of all tests of a session: to start one takes a second.

A command starts its own, and ends it. That it does, and what it leaves out of the path of
modules, is asked where commands are run as programs (`adapters/document_reader`).
"""

from __future__ import annotations

import pytest

from cecert.adapters.document_reader import ReadingProcess

__all__ = ["one_reader", "reading_process"]


@pytest.fixture(scope="session")
def reading_process() -> ReadingProcess:
    return ReadingProcess()


@pytest.fixture(autouse=True)
def one_reader(reading_process: ReadingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands that a test runs in its own process read in the session's."""
    monkeypatch.setattr(ReadingProcess, "shared", lambda *_: reading_process)
