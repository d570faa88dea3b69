"""Revoking, over the fakes: final, with a reason, and the mail goes with it."""

from __future__ import annotations

import pytest

from cecert.domain.certificate.certificate import REVOCATION_REASONS, CertificateState
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailState
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import revoke
from cecert.workflows.issue.issue import issue


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def entry(office: MemoryOffice) -> Entry:
    awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
    return issue(awards, office.desk()).issued[0]


def act(
    office: MemoryOffice, certificate_id: CertificateId, reason_class: str, reason: str
) -> CertificateState:
    return revoke(
        certificate_id, office.ledger, office.clock,
        actor="Mary", reason_class=reason_class, reason=reason,
    )  # fmt: skip


@pytest.mark.parametrize("reason_class", REVOCATION_REASONS)
def test_a_revoked_certificate_and_its_mail_end_together(
    office: MemoryOffice, entry: Entry, reason_class: str
) -> None:
    own = entry.certificate.id
    assert act(office, own, reason_class, " row 17 ") is CertificateState.STANDING
    assert office.ledger.entry(own).state is CertificateState.REVOKED  # type: ignore[union-attr]
    assert office.ledger.row(entry.mail.key).state is MailState.CANCELLED  # type: ignore[union-attr]
    assert office.ledger.statuses(1) == {entry.certificate.slot.index: CertificateState.REVOKED}
    event = office.ledger.events(own)[-1]
    assert (event.kind, event.actor, event.reason) == ("revoked", "Mary", f"{reason_class}: row 17")


def test_revoking_again_changes_nothing(office: MemoryOffice, entry: Entry) -> None:
    own = entry.certificate.id
    act(office, own, "wrong-person", "first")
    events = list(office.ledger.events(own))
    assert act(office, own, "evidence-false", "second") is CertificateState.REVOKED
    assert office.ledger.events(own) == events


@pytest.mark.parametrize(
    ("reason_class", "reason", "kind", "why"),
    [
        ("because", "row 17", InputError, "no reason class"),
        ("wrong-person", "  ", InputError, "this one is blank"),
    ],
)
def test_a_revocation_without_a_reason_is_refused(
    office: MemoryOffice, entry: Entry, reason_class: str, reason: str, kind: type[Exception],
    why: str,
) -> None:  # fmt: skip
    with pytest.raises(kind, match=why):
        act(office, entry.certificate.id, reason_class, reason)
    assert office.ledger.entry(entry.certificate.id) == entry


def test_nobody_s_certificate_cannot_be_revoked(office: MemoryOffice) -> None:
    with pytest.raises(LedgerError, match="has no certificate 0000-0000-0000-0000"):
        act(office, CertificateId(bytes(10)), "wrong-person", "row 17")
