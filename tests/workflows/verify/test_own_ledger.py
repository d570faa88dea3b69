"""Verifying in the office itself: the ledger answers, and what was published is heard too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from papers import School, school

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.token.claims import Claims
from cecert.domain.token.verify import StatusAnswer, status_unknown
from cecert.domain.trust.status_list import Status, StatusList, bits_of
from cecert.workflows.correct import correct
from cecert.workflows.revoke import revoke
from cecert.workflows.verify.own_ledger import ledger_teller, record_teller


@pytest.fixture
def office() -> School:
    return school()


@pytest.fixture
def certificate(office: School) -> Certificate:
    return office.issue("Ana Ruiz", "ana@example.org")[0]


def published(status: Status, claims: Claims) -> Callable[[Claims], StatusAnswer]:
    """Tell what a list says in which the certificate has *status*."""
    list_id, slot = claims.status
    listed = StatusList("example-ssw", list_id, 1, 1, 2, 3600, bits_of({slot: status}))
    return lambda _: StatusAnswer(listed)


def test_a_certificate_that_stands_is_valid_without_any_list(
    office: School, certificate: Certificate
) -> None:
    claims, memory = certified_claims(certificate), office.office
    answer = ledger_teller(memory.ledger, memory.clock, status_unknown)(claims)
    assert answer.recorded is not None
    assert answer.recorded.status is Status.VALID
    assert answer.recorded.as_of == int(memory.clock.now().timestamp())


def test_what_was_revoked_today_is_revoked_before_any_list_says_so(
    office: School, certificate: Certificate
) -> None:
    memory, claims = office.office, certified_claims(certificate)
    revoke(
        certificate.id, memory.ledger, memory.clock,
        actor="a test", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip
    tell = ledger_teller(memory.ledger, memory.clock, published(Status.VALID, claims))
    recorded = tell(claims).recorded
    assert recorded is not None
    assert recorded.status is Status.REVOKED


def test_a_restored_ledger_that_forgot_a_revocation_is_not_believed(
    office: School, certificate: Certificate
) -> None:
    memory, claims = office.office, certified_claims(certificate)
    answer = ledger_teller(memory.ledger, memory.clock, published(Status.REVOKED, claims))(claims)
    assert answer.recorded is None
    assert answer.statuses is not None


@pytest.mark.parametrize("change", ["recipient", "certificate_id"])
def test_the_ledger_answers_for_nothing_it_does_not_have(
    change: str, office: School, certificate: Certificate
) -> None:
    memory, claims = office.office, certified_claims(certificate)
    other = office.issue("Rosa Nunez", "rosa@example.org")[0]
    forged = (
        replace(claims, recipient="Eve")
        if change == "recipient"
        else replace(claims, certificate_id=other.id)
    )
    listed = published(Status.VALID, claims)
    answer = ledger_teller(memory.ledger, memory.clock, listed)(forged)
    assert answer == listed(forged)
    assert record_teller(memory.ledger)(forged) is None


def test_the_record_has_the_words_of_the_paper_and_names_the_successor(
    office: School, certificate: Certificate
) -> None:
    memory, claims = office.office, certified_claims(certificate)
    tell = record_teller(memory.ledger)
    before = tell(claims)
    assert before is not None
    assert before.replaced_by is None
    assert before.credit_lines[0] == (
        "New York, social work: 6 contact hours, No. 0199, 2018\N{EN DASH}2027"
    )
    memory.clock.forward(timedelta(days=1))
    new = correct(certificate.id, Correction("misspelt", name="Ana Ruíz"), office.desk())
    after = tell(claims)
    assert after is not None
    assert after.replaced_by == new.entry.certificate.id
