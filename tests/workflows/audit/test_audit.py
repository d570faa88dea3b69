"""Auditing, over the fakes: each thing that can be wrong is found, named, and explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.certificate.correction import Correction
from cecert.domain.decision.decide import Award, decide
from cecert.domain.trust.reattested_list import genuine_digests
from cecert.domain.trust.trust_file import KeyState
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.testing.plain import StampSealReader
from cecert.workflows.audit.audit import AuditDesk, AuditKind, AuditReport, audit
from cecert.workflows.correct import correct
from cecert.workflows.issue.issue import issue


class Altered:
    """A ledger some of whose entries were edited by hand."""

    def __init__(self, office: MemoryOffice) -> None:
        self._ledger = office.ledger
        self.changes: dict[CertificateId, dict[str, Any]] = {}
        self.hidden: set[CertificateId] = set()
        self.certificates: dict[CertificateId, dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # the ledger's own
        return getattr(self._ledger, name)

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        for entry in self._ledger.walk(course_id):
            own = entry.certificate.id
            if own in self.hidden:
                continue
            certificate = replace(entry.certificate, **self.certificates.get(own, {}))
            yield replace(entry, certificate=certificate, **self.changes.get(own, {}))


class Watched:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def advance(self, done: int, total: int) -> None:
        self.told.append((done, total))


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def entries(office: MemoryOffice) -> list[Entry]:
    records = [sample_record(name=f"P {n}", email=f"p{n}@example.org") for n in range(3)]
    decisions = [each for record in records for each in decide(record, sample_course())]
    awards = [each for each in decisions if isinstance(each, Award)]
    return list(issue(awards, office.desk()).issued)


def desk(office: MemoryOffice, ledger: Any = None) -> AuditDesk:  # noqa: ANN401  # or an altered one
    verifier = office.verifier()
    return AuditDesk(
        ledger=ledger or office.ledger,
        archive=office.archive,
        trust=office.trust(),
        check_signature=verifier.check_signature,
        pdf_reader=verifier.pdf_reader,
        seal_reader=verifier.seal_reader,
        clock=office.clock,
        reattested={},
    )


def told(report: AuditReport) -> list[tuple[AuditKind, str]]:
    assert all(each.remedy for each in report.findings)
    return [(each.kind, each.sentence) for each in report.findings]


def test_what_was_issued_corrected_and_revoked_is_in_order(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    correct(entries[0].certificate.id, Correction("typo", name="P Zero"), office.desk())
    watched = Watched()
    report = audit(desk(office), progress=watched)
    assert (report.certificates, report.findings) == (4, ())
    assert watched.told == [(4, 4)]


class Counted:
    """A port, or what takes its place, that counts what it is asked."""

    def __init__(self, asked: Any, calls: Counter[str], name: str = "") -> None:  # noqa: ANN401
        self._asked, self._calls, self._name = asked, calls, name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return Counted(getattr(self._asked, name), self._calls, name)

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401
        self._calls[self._name] += 1
        return self._asked(*arguments)


def test_progress_is_told_every_hundred_and_a_certificate_costs_a_file_and_a_signature(
    office: MemoryOffice,
) -> None:
    records = [sample_record(name=f"P {n}", email=f"p{n}@example.org") for n in range(210)]
    decisions = [each for record in records for each in decide(record, sample_course())]
    issue([each for each in decisions if isinstance(each, Award)], office.desk())
    watched = Watched()
    calls: Counter[str] = Counter()
    plain = desk(office)
    counted: Any = {
        each: Counted(getattr(plain, each), calls)
        for each in ("ledger", "archive", "seal_reader", "pdf_reader")
    }
    check: Any = Counted(plain.check_signature, calls, "check_signature")
    audit(replace(plain, **counted, check_signature=check), progress=watched)
    assert watched.told == [(100, 210), (200, 210), (210, 210)]
    assert calls == {
        "get": 210, "inspect": 210, "check_signature": 210, "events_of": 3,
        "count": 1, "walk": 1, "names": 1, "foreign": 1, "irregularities": 1,
    }  # fmt: skip


def test_a_file_that_is_gone_changed_or_another_is_found(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    first, second, third = entries
    documents = office.archive.documents
    del documents[first.document]
    documents[second.document] += b" and more"
    documents[third.document] = documents[third.document].replace(b"P 2", b"P X")
    report = audit(desk(office))
    assert [(each.kind, each.certificate_id) for each in report.findings] == [
        (AuditKind.FILE, first.certificate.id),
        (AuditKind.FILE, second.certificate.id), (AuditKind.SEAL, second.certificate.id),
        (AuditKind.FILE, third.certificate.id), (AuditKind.SEAL, third.certificate.id),
    ]  # fmt: skip
    assert "is missing from the archive" in report.findings[0].sentence
    assert sha256(documents[second.document]).hexdigest() in report.findings[1].sentence
    assert "broken" in report.findings[2].sentence


def test_files_are_counted_by_the_level_of_their_seals_and_one_of_another_is_found(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    assert audit(desk(office)).levels == {"B-B": 3}
    stamped = [sample_record(name="S", email="s@example.org")]
    decided = [each for record in stamped for each in decide(record, sample_course())]
    awards = [each for each in decided if isinstance(each, Award)]
    (fourth,) = issue(awards, replace(office.desk(), level=lambda _: "B-T")).issued
    del office.archive.documents[entries[0].document]
    report = audit(desk(office))
    assert report.levels == {"B-B": 3}
    assert told(report)[1:] == [
        (AuditKind.SEAL, "its event says that it was sealed B-T, and its file is B-B"),
    ]  # fmt: skip
    assert report.findings[1].certificate_id == fourth.certificate.id


def test_a_file_without_its_token_is_found(office: MemoryOffice, entries: list[Entry]) -> None:
    (first, *_) = entries
    plain = b"%PDF-plain, by cecert.testing\nno token at all"
    office.archive.documents[first.document] = plain
    kinds = [each.kind for each in audit(desk(office)).findings]
    assert kinds == [AuditKind.FILE, AuditKind.SEAL, AuditKind.TOKEN]
    office.archive.documents[first.document] = b"no PDF"
    assert [each.kind for each in audit(desk(office)).findings] == kinds


def test_a_token_that_readers_find_in_another_way_is_there(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    class Inflating:
        """Finds what is compressed in the file."""

        def read(self, pdf: bytes) -> Any:  # noqa: ANN401  # a content
            found = verifier.pdf_reader.read(pdf)
            return replace(found, token_texts=(wanted,))  # type: ignore[type-var]  # it is a content

    verifier, wanted = office.verifier(), entries[0].certificate.token_url + "9"
    altered = Altered(office)
    altered.certificates[entries[0].certificate.id] = {"token_url": wanted}
    sentences = [text for _, text in told(audit(desk(office, altered)))]
    assert "it does not carry the token that is recorded" in sentences
    found = audit(replace(desk(office, altered), pdf_reader=Inflating()))  # type: ignore[arg-type]  # reads only
    assert not [each for _, each in told(found) if "carry" in each]


def test_a_seal_of_somebody_else_is_found(office: MemoryOffice, entries: list[Entry]) -> None:
    assert entries
    trust = office.trust()
    (seal,) = trust.seals
    late = seal.not_before + 300 * 86_400
    cases = {
        "does not list": replace(trust, seals=()),
        "outside the time": replace(trust, seals=(replace(seal, not_after=late),)),
    }
    for why, changed in cases.items():
        found = told(audit(replace(desk(office), trust=changed)))
        assert len(found) == 3
        assert all(kind is AuditKind.SEAL and why in text for kind, text in found), found
    # What became of the seal later is no fault of the file.
    for state in (KeyState.RETIRED, KeyState.COMPROMISED):
        later = replace(trust, seals=(replace(seal, state=state),))
        assert audit(replace(desk(office), trust=later)).findings == ()


def test_a_stamp_of_another_secret_is_broken(office: MemoryOffice, entries: list[Entry]) -> None:
    assert entries
    found = audit(replace(desk(office), seal_reader=StampSealReader(b"another")))
    assert {each.kind for each in found.findings} == {AuditKind.SEAL}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"requirements_met_on": None}, None),  # not in the token
        ({"slot": StatusSlot(1, 5)}, "says something else than the record"),
        ({"token_url": "https://verify.example.edu/#1"}, "it does not verify: TRUNCATED"),
        ({"token_url": "https://verify.example.edu/#1123"}, "it does not verify: MALFORMED"),
    ],
)
def test_a_token_that_is_not_the_record_s_is_found(
    office: MemoryOffice, entries: list[Entry], changes: dict[str, Any], why: str | None
) -> None:
    altered = Altered(office)
    altered.certificates[entries[1].certificate.id] = changes
    found = [text for kind, text in told(audit(desk(office, altered))) if kind is AuditKind.TOKEN]
    assert (why is None and not found) or any(why in each for each in found if why), found


def test_a_record_that_no_token_can_say_is_found(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    altered = Altered(office)
    own = entries[1].certificate
    recipient = replace(own.recipient, name="x" * 81)
    altered.certificates[own.id] = {"recipient": recipient}
    (found,) = told(audit(desk(office, altered)))
    assert "no token can say what is recorded" in found[1]


def test_tokens_of_a_withdrawn_key_need_to_be_vouched_for(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    trust = office.trust()
    (key,) = trust.keys
    digests = genuine_digests((each.certificate.token_url for each in entries), key.kid)
    stolen = replace(key, state=KeyState.COMPROMISED, reattested=sha256(digests).digest())
    withdrawn = replace(desk(office), trust=replace(trust, keys=(stolen,)))
    found = told(audit(withdrawn))
    assert len(found) == 3
    assert all("KEY_REVOKED" in text for _, text in found)
    assert audit(replace(withdrawn, reattested={key.kid: digests})).findings == ()


def test_what_only_a_hand_can_do_to_a_ledger_is_found(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    first, second, third = (each.certificate for each in entries)
    altered = Altered(office)
    altered.certificates[second.id] = {"slot": first.slot}
    altered.changes[third.id] = {"mail": replace(entries[2].mail, sha256="00" * 32)}
    found = {(each.kind, each.certificate_id) for each in audit(desk(office, altered)).findings}
    assert (AuditKind.SLOT, second.id) in found
    assert (AuditKind.MAIL, third.id) in found


def test_a_correction_and_what_it_corrects_must_know_each_other(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    old = entries[0].certificate.id
    new = correct(old, Correction("typo", name="P Zero"), office.desk()).entry.certificate.id
    altered = Altered(office)
    altered.hidden.add(new)
    found = audit(desk(office, altered)).findings
    assert [(each.kind, each.certificate_id) for each in found if each.place == str(old)] == [
        (AuditKind.SUPERSESSION, old)
    ]
    office.ledger._entries[old] = replace(  # what a hand in the database does
        office.ledger._entries[old], state=CertificateState.STANDING
    )
    (found_,) = (e for e in audit(desk(office)).findings if e.kind is not AuditKind.EVENT)
    assert (found_.kind, found_.certificate_id) == (AuditKind.SUPERSESSION, old)
    assert str(new) in found_.sentence


def test_a_correction_made_while_the_audit_runs_is_no_fault(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    class Racing(Altered):
        def walk(self, course_id: str = "") -> Iterator[Entry]:
            seen = list(super().walk(course_id))
            new = correct(
                entries[0].certificate.id, Correction("typo", name="P Zero"), office.desk()
            )
            yield from [*seen, new.entry]

    assert audit(desk(office, Racing(office))).findings == ()


def test_files_that_are_nobody_s_are_named(office: MemoryOffice, entries: list[Entry]) -> None:
    orphan = office.archive.put([(entries[0].certificate.id, b"drawn by a run that was killed")])
    office.archive.documents["notes.txt"] = b""
    found = audit(desk(office)).findings
    assert [(each.kind, each.place) for each in found] == [
        (AuditKind.ORPHAN, orphan[0]), (AuditKind.ORPHAN, "notes.txt"),
    ]  # fmt: skip
    # Of one course it cannot be told whose a file is.
    assert audit(desk(office), course_id="mbt-2020-10").findings == ()


def test_a_file_entered_while_the_audit_runs_is_no_orphan(
    office: MemoryOffice, entries: list[Entry]
) -> None:
    altered = Altered(office)
    altered.hidden.add(entries[2].certificate.id)
    assert audit(desk(office, altered)).findings == ()


def test_an_archive_that_cannot_be_looked_into_is_an_error(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: object) -> list[str]:
        del self
        raise LedgerError("the archive cannot be read")

    monkeypatch.setattr(type(office.archive), "names", gone)
    with pytest.raises(LedgerError):
        audit(desk(office))


def test_it_may_run_years_later(office: MemoryOffice, entries: list[Entry]) -> None:
    assert entries
    office.clock.forward(timedelta(days=3000))
    assert audit(desk(office)).findings == ()
