"""Checking a batch: what can be drawn is laid out once, and what is refused leaves no trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.correction import Correction
from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.errors import Fault, IssueError
from cecert.ports import Drawing
from cecert.testing import MemoryOffice, PlainPage, PlainRenderer, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import IssueReport, issue, issue_checked
from cecert.workflows.revoke import revoke

COURSE = replace(sample_course(), certificate_policy=CertificatePolicy.PER_CREDENTIAL)
BOTH = ("ny-social-work", "apa-psychology")

SOUND = sample_record(name="Ana Ruiz", email="ana@example.org", credentials=BOTH)
HOLDER = sample_record(name="Ben Lee", email="ben@example.org", credentials=BOTH[:1])
REVOKED = sample_record(name="Cem Kaya", email="cem@example.org", credentials=BOTH[:1])
UNDRAWABLE = sample_record(name="Dee ☃ Poe", email="dee@example.org", credentials=BOTH)
RENAMED = replace(HOLDER, name="Benjamin Lee", credentials=BOTH)
REVOKED_AND_UNDRAWABLE = replace(UNDRAWABLE, email="eve@example.org", name="Eve ☃ Noe")


def awards_of(*records: CompletionRecord, course: Course = COURSE) -> list[Award]:
    decisions = [each for record in records for each in decide(record, course)]
    return [each for each in decisions if isinstance(each, Award)]


class Watched(PlainRenderer):
    """Notes what is laid out, what is drawn of that, and what is drawn without."""

    def __init__(self) -> None:
        self.laid_out: list[str] = []
        self.drawn: list[str] = []
        self.loose: list[str] = []

    def lay_out(self, certificate: Certificate) -> PlainPage | tuple[Fault, ...]:
        self.laid_out.append(certificate.recipient.name)
        found = super().lay_out(certificate)
        return found if isinstance(found, tuple) else WatchedPage(self)

    def draw(self, certificate: Certificate) -> Drawing:
        self.loose.append(certificate.recipient.name)
        return super().draw(certificate)


class WatchedPage(PlainPage):
    """A page that notes that it is drawn."""

    def __init__(self, renderer: Watched) -> None:
        super().__init__(PlainRenderer())
        self._watched = renderer

    def draw(self, certificate: Certificate) -> Drawing:
        self._watched.drawn.append(certificate.recipient.name)
        return super().draw(certificate)


def watching(office: MemoryOffice) -> tuple[Watched, IssuingDesk]:
    renderer = Watched()
    return renderer, replace(office.desk(), renderer=renderer)


def test_each_certificate_is_laid_out_once_and_drawn_from_that() -> None:
    renderer, desk = watching(MemoryOffice([COURSE]))
    issue(awards_of(SOUND, HOLDER), desk)
    assert renderer.laid_out == renderer.drawn == ["Ana Ruiz", "Ana Ruiz", "Ben Lee"]
    assert renderer.loose == []


def test_a_checked_batch_is_issued_without_laying_out_again() -> None:
    renderer, desk = watching(MemoryOffice([COURSE]))
    batch = check_batch(awards_of(SOUND, UNDRAWABLE), desk)
    seen = list(renderer.laid_out)
    issue_checked(batch.without_refused(), desk)
    assert renderer.laid_out == seen
    assert renderer.drawn == ["Ana Ruiz", "Ana Ruiz"]


def test_a_correction_is_laid_out_once_and_drawn_from_that() -> None:
    office = MemoryOffice([COURSE])
    (old,) = issue(awards_of(HOLDER), office.desk()).issued
    renderer, desk = watching(office)
    correct(old.certificate.id, Correction("a letter", name="Benn Lee"), desk)
    assert (renderer.laid_out, renderer.drawn, renderer.loose) == (["Benn Lee"], ["Benn Lee"], [])


def test_what_is_taken_over_is_drawn_from_the_page_that_was_laid_out() -> None:
    office = MemoryOffice([COURSE])
    issue(awards_of(HOLDER), office.desk())
    forgetful = MemoryOffice([COURSE])
    forgetful.archive = office.archive
    renderer, desk = watching(forgetful)
    (entry,) = issue(awards_of(HOLDER), desk).issued
    assert office.ledger.entry(entry.certificate.id) == replace(entry, actor="cecert.testing")
    assert (renderer.laid_out, renderer.drawn, renderer.loose) == (["Ben Lee"], ["Ben Lee"], [])


def test_a_checked_batch_with_faults_is_not_issued() -> None:
    office = MemoryOffice([COURSE])
    batch = check_batch(awards_of(SOUND, UNDRAWABLE), office.desk())
    with pytest.raises(IssueError, match="has no glyph"):
        issue_checked(batch, office.desk())
    assert office.archive.documents == {}


def office_with_a_past() -> MemoryOffice:
    """Return an office where one holds a certificate, and two had theirs revoked."""
    office = MemoryOffice([COURSE])
    drawable = replace(REVOKED_AND_UNDRAWABLE, name="Eve Noe", credentials=BOTH[:1])
    past = issue(awards_of(HOLDER, REVOKED, drawable), office.desk()).issued
    for entry in past[1:]:
        revoke(
            entry.certificate.id, office.ledger, office.clock,
            actor="me", reason_class="issued-in-error", reason="wrong list",
        )  # fmt: skip
    return office


GOOD = (SOUND, HOLDER, REVOKED)


@pytest.mark.parametrize("bad", [UNDRAWABLE, RENAMED, REVOKED_AND_UNDRAWABLE])
def test_without_the_refused_a_batch_does_what_it_would_had_they_not_been_on_the_list(
    bad: CompletionRecord,
) -> None:
    good = [each for each in GOOD if each.email != bad.email]

    def report(*records: CompletionRecord) -> IssueReport:
        office = office_with_a_past()
        batch = check_batch(awards_of(*records), office.desk())
        assert batch.refused == ({bad.identity} if bad in records else set())
        return issue_checked(batch.without_refused(), office.desk())

    assert report(*good, bad) == report(*good)


def test_an_award_handed_over_twice_is_one() -> None:
    office = MemoryOffice([COURSE])
    report = issue(awards_of(HOLDER) * 2, office.desk())
    assert [each.certificate.recipient.name for each in report.issued] == ["Ben Lee"]


def test_of_a_large_batch_the_last_are_laid_out_again_when_they_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cecert.workflows.issue.check.MOST_PAGES", 1)
    renderer, desk = watching(MemoryOffice([COURSE]))
    report = issue(awards_of(SOUND, HOLDER), desk)
    assert len(report.issued) == len(renderer.laid_out) == 3
    assert renderer.drawn == ["Ana Ruiz"]
    assert renderer.loose == ["Ana Ruiz", "Ben Lee"]
