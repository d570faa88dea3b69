"""Issuing by a scheduler and two worker processes of which one is killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from distributed import LocalCluster
from killed_drawer import begin_badly
from real_office import a_list, entered_documents, holders
from shared_work import beginning

from cecert.adapters.pades import PadesSealer
from cecert.adapters.workers import open_dask_workers
from cecert.cli import main
from cecert.domain.decision.decide import Award, decide
from cecert.office import Office
from cecert.office.issue.drawers import drawer_of
from cecert.office.looks.preview import hardest_names
from cecert.ports import WorkerLostError
from cecert.testing import FixedClock
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.issue import issue_checked

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


def test_what_a_killed_worker_was_drawing_another_draws(
    scheduler: str, office_folder: Path
) -> None:
    mark = office_folder / "killed"
    with Office.open(office_folder / "cecert.toml", actor="Maria") as office:
        course = office.course(office_folder / "course.toml")
        listed = office.completions(a_list(office_folder, 40), course)
        decided = [each for record in listed.records for each in decide(record, course)]
        desk = office.desk()
        batch = check_batch([each for each in decided if isinstance(each, Award)], desk)
        assert isinstance(desk.sealer, PadesSealer)
        setting = (mark, drawer_of(office, desk.sealer.room))
        with open_dask_workers(begin_badly, setting, scheduler) as drawers:
            report = issue_checked(batch, replace(desk, drawers=drawers))
        assert mark.exists()
        assert Counter(holders(office_folder).values()) == {1: 40}
        for entry in report.issued:
            page = desk.renderer.lay_out(entry.certificate)
            assert not isinstance(page, tuple)
            document = office.archive.get(entry.document)
            drawn_here = page.draw(entry.certificate)
            assert desk.sealer.has_sealed(document, drawn_here, entry.certificate.issued_at)
        assert list(office.ledger.irregularities()) == []


def test_the_command_has_a_scheduler_draw_and_issues_nothing_twice(
    scheduler: str, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(office_folder, 5)
    monkeypatch.chdir(office_folder)
    issuing = ["issue", "course.toml", "list.csv", "--scheduler", scheduler]
    assert [main(issuing), main(issuing)] == [0, 0]
    archive = office_folder / "certificates"
    stored = {each.relative_to(archive).as_posix() for each in archive.glob("*/*.pdf")}
    assert len(stored) == 5
    assert entered_documents(office_folder) == stored


def test_a_sheet_of_the_hardest_names_is_the_same_wherever_it_is_drawn(
    scheduler: str, office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.office.looks.preview.MOST_NAMES", 3)
    monkeypatch.setattr("cecert.office.looks.preview.TRIED", 20)
    with Office.open(office_folder / "cecert.toml", environ={}) as office:
        office.clock = FixedClock(datetime(2026, 10, 22, 12, tzinfo=UTC))
        course = office.course(office_folder / "course.toml")
        first, *others = office.completions(a_list(office_folder, 60), course).records
        records = [replace(first, name="王小明"), *others]
        alone = hardest_names(office, course, records, workers=1)
        assert len(alone.names) == 3
        assert len(alone.faults) == 1
        assert hardest_names(office, course, records, workers=2) == alone
        assert hardest_names(office, course, records, scheduler=scheduler) == alone


def test_one_that_ends_every_worker_is_told(scheduler: str) -> None:
    with open_dask_workers(beginning, 7, scheduler) as workers:
        with pytest.raises(WorkerLostError, match="one worker after another ended"):
            list(workers.answers([("killed", None)]))
        assert list(workers.answers([("multiplied", 5)])) == [35]
