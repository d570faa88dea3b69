"""Threads share one office: one ledger is opened, and each certificate is of its own course."""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from pypdf import PdfReader

from cecert import Award, Office, Outcome, decide, verify
from cecert.adapters import database
from cecert.adapters.database import Database
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.ports import Entry
from cecert.workflows.issue.issue import issue

THREADS, PEOPLE = 6, 5


def test_threads_that_come_first_open_one_ledger(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Database] = []

    def slowly(url: str, provider: str) -> Database:
        opened.append(opener(url, provider))
        time.sleep(0.05)  # so that all threads have asked before the first is answered
        return opened[-1]

    opener = database.open_database
    monkeypatch.setattr(database, "open_database", slowly)
    start = Barrier(THREADS)
    with Office.open(office_folder / "cecert.toml") as office:

        def ask(_: int) -> object:
            start.wait()
            return office.ledger

        with ThreadPoolExecutor(THREADS) as pool:
            ledgers = list(pool.map(ask, range(THREADS)))
    assert len(opened) == 1
    assert {id(each) for each in ledgers} == {id(opened[0].ledger)}


def test_threads_issue_courses_of_their_own_on_one_desk_and_verify_with_one_verifier(
    office_folder: Path,
) -> None:
    before = sys.getswitchinterval()
    with Office.open(office_folder / "cecert.toml") as office:
        desk, seminar = office.desk(), office.course(office_folder / "course.toml")
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(THREADS) as pool:
                courses = [_course(seminar, letter) for letter in "ABCDEF"]
                reports = list(pool.map(lambda each: issue(_awards(each), desk), courses))
                verifier = office.verifier()
                links = [e.certificate.token_url for each in reports for e in each.issued]
                found = list(pool.map(lambda link: verify(link, verifier), links))
                pages = list(pool.map(lambda _: office.certificates(limit=1000).cursor, links))
        finally:
            sys.setswitchinterval(before)
        issued = [entry for report in reports for entry in report.issued]
        assert Counter(each.certificate.course.title for each in issued) == {
            f"Seminar {letter} of six": PEOPLE for letter in "ABCDEF"
        }
        verified = [each.verification.claims.certificate_id for each in found]  # type: ignore[union-attr]  # each has some
        assert verified == [each.certificate.id for each in issued]
        assert {each.outcome for each in found} == {Outcome.VALID_STATUS_UNKNOWN}
        assert len(set(pages)) == 1
        for entry in issued:
            assert _shows_its_own(entry, office.archive.get(entry.document))


def _course(seminar: Course, letter: str) -> Course:
    return replace(seminar, id=f"seminar-{letter.lower()}", title=f"Seminar {letter} of six")


def _awards(course: Course) -> list[Award]:
    done = date(2020, 10, 30)
    records = [
        CompletionRecord(
            name=f"Person {letter}",
            email=f"{letter.lower()}@example.org",
            credentials=("ny-social-work",),
            attended=frozenset(each.id for each in course.sessions),
            visible=True,
            evaluation=done,
            attestation=done,
            fee_paid=True,
        )
        for letter in "VWXYZ"[:PEOPLE]
    ]
    decisions = [each for record in records for each in decide(record, course)]
    return [each for each in decisions if isinstance(each, Award)]


def _shows_its_own(entry: Entry, document: bytes) -> bool:
    text = PdfReader(BytesIO(document)).pages[0].extract_text()
    own = entry.certificate
    return all(each in text for each in (own.course.title, own.recipient.name, str(own.id)))
