"""What was made before and is forgotten: an archive that knows more than its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from other_forms import OtherFormSealer, OtherFormSigner
from papers import CREDENTIALS, papers, private_key, school

from cecert.adapters.keys.digests import longest_ecdsa
from cecert.adapters.keys.signatures import check_signature, cose_key
from cecert.adapters.pades import PadesSealer
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.correction import Correction
from cecert.domain.cose.low_s import LowSSigner
from cecert.domain.decision.decide import Award, decide
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult, Requirement, nothing
from cecert.testing import MemoryLedger, MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.issue.issue import IssueReport, issue

ANA = sample_record(name="Ana Ruiz", email="ana@example.org")
BEN = sample_record(name="Ben Lee", email="ben@example.org")


def run(office: MemoryOffice, *records: object) -> IssueReport:
    decisions = [each for record in records or (ANA,) for each in decide(record, sample_course())]  # type: ignore[arg-type]  # records, all
    return issue([each for each in decisions if isinstance(each, Award)], office.desk())


def forget(office: MemoryOffice) -> None:
    """Let the ledger be lost, a day after; nothing else is."""
    office.ledger = MemoryLedger()
    office.clock.forward(timedelta(days=1))


def test_a_forgotten_certificate_is_entered_as_it_was_made() -> None:
    office = MemoryOffice()
    (before,) = run(office).issued
    forget(office)
    report = run(office, ANA, BEN)
    again, new = report.issued
    assert (again.certificate, again.document, again.sha256) == (
        before.certificate, before.document, before.sha256,
    )  # fmt: skip
    assert report.taken_over == {str(before.certificate.id)}
    assert again.mail.queued_at == office.clock.now()
    assert new.certificate.issued_at == office.clock.now()
    assert sorted(office.archive.documents) == sorted([again.document, new.document])


def test_a_certificate_that_would_be_another_today_is_made_anew() -> None:
    office = MemoryOffice()
    (before,) = run(office).issued
    forget(office)
    licensed = sample_record(name="Ana Ruiz-Lee", email="ana@example.org")
    report = run(office, licensed)
    (anew,) = report.issued
    assert anew.certificate.id == before.certificate.id
    assert anew.certificate.issued_at == office.clock.now()
    assert report.taken_over == frozenset()
    assert sorted(office.archive.documents) == sorted([before.document, anew.document])


def test_of_several_files_the_newest_is_taken_over() -> None:
    office = MemoryOffice()
    files = []
    for _ in range(3):
        office.archive.documents = {}
        files.append((run(office).issued[0].document, dict(office.archive.documents)))
        forget(office)
    office.archive.documents = {k: v for _, each in files for k, v in each.items()}
    assert run(office).issued[0].document == files[-1][0]


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda pdf: pdf[:-1],
        lambda pdf: pdf.replace(b"#1", b"#2"),
        lambda pdf: pdf.replace(b"#1", b"#10"),
        lambda pdf: pdf.replace(b"token: ", b"taken: "),
        lambda pdf: pdf[:60],
    ],
)
def test_a_file_that_differs_is_left_alone(spoilt: object) -> None:
    office = MemoryOffice()
    (before,) = run(office).issued
    office.archive.documents[before.document] = spoilt(office.archive.documents[before.document])  # type: ignore[operator]  # each is a function
    forget(office)
    assert run(office).taken_over == frozenset()
    assert before.document in office.archive.documents


def test_a_damaged_file_and_an_archive_that_cannot_be_listed_are_no_hindrance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = MemoryOffice()
    (before,) = run(office).issued
    for method in ("get", "names"):
        forget(office)
        with monkeypatch.context() as patched:

            def fail(*words: object) -> object:
                raise LedgerError(f"{words} cannot be read")

            patched.setattr(office.archive, method, fail)
            (anew,) = run(office).issued
            assert anew.document != before.document


class Racing(MemoryLedger):
    """A ledger that refuses the first entry as *result* says, or lets a rival enter it first."""

    def __init__(self, result: EntryResult) -> None:
        super().__init__()
        self._result: EntryResult | None = result

    def enter(
        self,
        entries: Sequence[Entry],
        at: datetime,
        require: Requirement = nothing,
        owner: str = "",
    ) -> Sequence[EntryResult]:
        result, self._result = self._result, None
        if result is None or result is EntryResult.HELD:
            done = super().enter(entries, at, require, owner)
            return done if result is None else [result] * len(entries)
        return [result] * len(entries)


def test_a_slot_that_another_has_since_is_not_taken_over() -> None:
    office = MemoryOffice()
    (before,) = run(office).issued
    forget(office)
    office.ledger = Racing(EntryResult.SLOT_TAKEN)
    report = run(office)
    assert report.taken_over == frozenset()
    assert report.issued[0].certificate.slot != before.certificate.slot
    assert before.document in office.archive.documents  # somebody may hold it


def test_a_file_that_a_rival_took_over_is_not_discarded() -> None:
    office = MemoryOffice()
    office.ledger = Racing(EntryResult.HELD)
    report = run(office)
    assert (report.issued, report.lost) == ((), 1)
    (entry,) = office.ledger.entries()
    assert list(office.archive.documents) == [entry.document]


def test_a_forgotten_correction_is_entered_as_it_was_made_and_another_is_not() -> None:
    office = MemoryOffice()
    (old,) = run(office).issued
    fix = Correction("as on her licence", name="Ana Ruiz-Lee")
    new = correct(old.certificate.id, fix, office.desk()).entry
    for correction, same in ((fix, True), (replace(fix, name="Anna Ruiz"), False)):
        forget(office)
        run(office)
        again = correct(old.certificate.id, correction, office.desk()).entry
        assert again.certificate.id == new.certificate.id
        assert (again.certificate == new.certificate, again.document == new.document) == (same,) * 2
        entry = office.ledger.entry(old.certificate.id)
        assert entry is not None
        assert entry.state is CertificateState.SUPERSEDED


@pytest.mark.parametrize("seal_before", [True, False], ids=["seal of before", "seal of today"])
@pytest.mark.parametrize("token_before", [True, False], ids=["token of before", "of today"])
def test_a_file_whose_signatures_have_the_other_form_is_taken_over_byte_for_byte(
    *, token_before: bool, seal_before: bool
) -> None:
    one = school()
    low = LowSSigner(one.token)
    reader = papers().verifier.pdf_reader
    desk = replace(one.desk(), token_signer=low, pdf_reader=reader)
    then = replace(
        desk,
        token_signer=OtherFormSigner(low) if token_before else low,
        sealer=OtherFormSealer(desk.sealer) if seal_before else desk.sealer,
    )
    record = sample_record(name="Ana Ruiz", email="ana@example.org", credentials=CREDENTIALS)
    awards = [each for each in decide(record, sample_course()) if isinstance(each, Award)]
    (before,) = issue(awards, then).issued
    file = one.office.archive.get(before.document)
    one.office.clock.forward(timedelta(days=1))
    today = replace(desk, ledger=MemoryLedger())
    report = issue(awards, today)
    (again,) = report.issued
    assert report.taken_over == {str(before.certificate.id)}
    assert (again.document, again.certificate) == (before.document, before.certificate)
    assert one.office.archive.get(again.document) == file
    assert len(one.office.archive.documents) == 1


class Restless:
    """Signs rightly, and differently each time, as a key in hardware does."""

    algorithm, longest = "sha256_ecdsa", longest_ecdsa(256)

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public_key = cose_key(key.public_key())

    def sign(self, message: bytes) -> bytes:
        if len(message) == 32:  # a digest, for the seal
            return self._key.sign(message, ec.ECDSA(Prehashed(SHA256())))
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


def test_a_file_whose_signatures_are_others_each_time_is_taken_over_by_what_was_drawn() -> None:
    one = school()
    desk = replace(
        one.desk(),
        token_signer=LowSSigner(Restless(private_key("token"))),
        check_signature=check_signature,
        sealer=PadesSealer(Restless(one.seal_key), one.seal_cert),
        pdf_reader=papers().verifier.pdf_reader,
    )
    record = sample_record(name="Ana Ruiz", email="ana@example.org", credentials=CREDENTIALS)
    awards = [each for each in decide(record, sample_course()) if isinstance(each, Award)]
    (before,) = issue(awards, desk).issued
    file = one.office.archive.get(before.document)
    one.office.clock.forward(timedelta(days=1))
    (again,) = issue(awards, replace(desk, ledger=MemoryLedger())).issued
    assert (again.document, again.certificate) == (before.document, before.certificate)
    # Somebody else's seal, or a signature that does not hold, is no file of ours.
    stranger = PadesSealer(Restless(private_key("a stranger")), one.seal_cert)
    drawing = desk.renderer.draw(before.certificate)
    at = before.certificate.issued_at
    assert desk.sealer.has_sealed(file, drawing, at)
    assert not desk.sealer.has_sealed(stranger.seal(drawing, at), drawing, at)
    assert not desk.sealer.has_sealed(file + b"\n", drawing, at)
    assert not desk.sealer.has_sealed(drawing.pdf, drawing, at)
