"""Issuing with real adapters, killed and raced: each person has exactly one certificate."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from real_office import a_list, entered_documents, holders, start_issue

pytestmark = pytest.mark.slow


def test_killed_at_any_point_and_run_again_each_person_has_exactly_one(office_folder: Path) -> None:
    a_list(office_folder, 60)
    for seconds in (1.2, 1.9, 2.6, 3.1):
        run = start_issue(office_folder)
        time.sleep(seconds)
        run.kill()
        run.communicate()
    last = start_issue(office_folder)
    _, said = last.communicate()
    assert last.returncode == 0, said.decode()
    assert set(holders(office_folder).values()) == {1}
    assert len(holders(office_folder)) == 60
    archive = office_folder / "certificates"
    archived = {each.relative_to(archive).as_posix() for each in archive.glob("*/*.pdf")}
    assert entered_documents(office_folder) <= archived


def test_two_runs_at_once_make_each_certificate_once(office_folder: Path) -> None:
    a_list(office_folder, 25)
    runs = [start_issue(office_folder) for _ in range(2)]
    for run in runs:
        _, said = run.communicate()
        assert run.returncode == 0, said.decode()
    assert holders(office_folder) == Counter(dict.fromkeys(holders(office_folder), 1))
    assert len(holders(office_folder)) == 25
    archive = office_folder / "certificates"
    archived = {each.relative_to(archive).as_posix() for each in archive.glob("*/*.pdf")}
    assert archived == entered_documents(office_folder)
