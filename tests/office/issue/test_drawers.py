"""Certificates drawn by other processes are those that this one draws, and no key leaves it."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from killed_drawer import begin_badly
from letterhead_samples import letterhead
from real_office import a_list

from cecert.adapters.pades import PadesSealer
from cecert.adapters.workers.pool import OwnProcess, open_workers
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.decision.decide import Award, decide
from cecert.errors import InputError
from cecert.office import Office
from cecert.office.issue.drawers import Drawer, begin_drawing, drawer_of, open_drawers, renderer_of
from cecert.ports import Drawing
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import IssueReport, issue_checked
from cecert.workflows.preview import preview_certificate

SMALL = 3


@pytest.fixture
def office(office_folder: Path) -> Iterator[Office]:
    with Office.open(office_folder / "cecert.toml", actor="Maria") as opened:
        yield opened


def told(office: Office, desk: IssuingDesk) -> Drawer:
    assert isinstance(desk.sealer, PadesSealer)
    return drawer_of(office, desk.sealer.room)


def awards(office: Office, people: int) -> list[Award]:
    course = office.course(office.file.folder / "course.toml")
    listed = office.completions(a_list(office.file.folder, people), course)
    decided = [each for record in listed.records for each in decide(record, course)]
    return [each for each in decided if isinstance(each, Award)]


def require_as_drawn_here(report: IssueReport, office: Office, desk: IssuingDesk) -> None:
    for entry in report.issued:
        own = entry.certificate
        page = desk.renderer.lay_out(own)
        assert not isinstance(page, tuple)
        document = office.archive.get(entry.document)
        assert desk.sealer.has_sealed(document, page.draw(own), own.issued_at)


def test_what_others_draw_is_byte_for_byte_what_is_drawn_here(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.workflows.issue.making.DRAWN", SMALL)
    monkeypatch.setattr("cecert.workflows.issue.run.GROUP", SMALL + 1)
    desk, asked = office.desk(), list[Sequence[Certificate]]()

    def begin(told: bytes) -> object:
        draw = begin_drawing(pickle.loads(told))

        def work(group: Sequence[Certificate]) -> Sequence[Drawing]:
            asked.append(group)
            drawings: Sequence[Drawing] = pickle.loads(pickle.dumps(draw(group)))
            return drawings

        return work

    setting = pickle.dumps(told(office, desk))
    for secret in (desk.id_key, b"PRIVATE", os.environ["CECERT_KEY_PASSPHRASE"].encode()):
        assert secret not in setting
    drawers: OwnProcess[bytes, Sequence[Certificate], Sequence[Drawing]]
    drawers = OwnProcess(begin, setting)  # type: ignore[arg-type]
    batch = check_batch(awards(office, 10), desk)
    report = issue_checked(batch, replace(desk, drawers=drawers))
    assert [len(each) for each in asked] == [3, 3, 3, 1]
    assert [e.certificate.recipient.name for e in report.issued] == [
        e.planned.record.name for e in batch.certificates
    ]
    require_as_drawn_here(report, office, desk)
    assert len({e.certificate.slot for e in report.issued}) == 10
    assert list(office.ledger.irregularities()) == []


def test_what_draws_elsewhere_has_the_office_s_fonts_and_letterhead(
    office: Office, office_folder: Path
) -> None:
    (office_folder / "theirs.pdf").write_bytes(letterhead(words=True))
    font = next((Path(__file__).parents[3] / "fonts").glob("*.[ot]tf"))
    office.file = replace(office.file, letterhead=office_folder / "theirs.pdf", fonts=(font, font))
    course = office.course(office_folder / "course.toml")
    own = preview_certificate(course, "Ana Ruiz", office.preview_desk())
    elsewhere = renderer_of(pickle.loads(pickle.dumps(drawer_of(office))))
    assert elsewhere.draw_specimen(own).pdf == office.renderer().draw_specimen(own).pdf


def test_workers_of_this_machine_and_of_a_scheduler_exclude_one_another(office: Office) -> None:
    both = open_drawers(begin_drawing, drawer_of(office), 2, "tcp://127.0.0.1:1")
    with pytest.raises(InputError, match="exclude one another"), both:
        pass


@pytest.mark.slow
def test_what_a_killed_process_was_drawing_another_draws(office: Office, tmp_path: Path) -> None:
    desk = office.desk()
    batch = check_batch(awards(office, 50), desk)
    setting = (tmp_path / "killed", told(office, desk))
    with open_workers(begin_badly, setting, 2) as drawers:
        report = issue_checked(batch, replace(desk, drawers=drawers))
    assert (tmp_path / "killed").exists()
    assert len(report.issued) == 50
    require_as_drawn_here(report, office, desk)
