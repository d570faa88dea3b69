"""A draft is signed as it was tried out; what was drawn is compared before it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.cose.cose import open_envelope
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.course.credit_line import Category
from cecert.domain.decision.decide import Award, decide
from cecert.domain.token.claims import claims_of_payload
from cecert.domain.token.verify import token_digits
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import DrawingError
from cecert.ports import Drawing
from cecert.testing import (
    MemoryOffice,
    PlainRenderer,
    StampSealer,
    sample_course,
    sample_record,
)
from cecert.workflows.correct import correct
from cecert.workflows.issue.compose import LAST_SLOT, Composer, Draft, signed, tried_out
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import issue
from cecert.workflows.issue.plan import participants_of, plan_certificates

Change = Callable[[Certificate], Certificate]

ANOTHER: dict[str, Change] = {
    "recipient name": lambda own: replace(own, recipient=replace(own.recipient, name="Ana Ruíz")),
    "course title": lambda own: replace(own, course=replace(own.course, title="Another")),
    "id": lambda own: replace(own, id=CertificateId(bytes(10))),
    "hours": lambda own: _line(own, hours=Decimal("6.5")),
    "unit": lambda own: _line(own, unit="CE credits"),
    "credit for": lambda own: _line(own, profession="Psychology"),
    "categories": lambda own: _line(own, categories=(Category("ethics", Decimal(2)),)),
    "awarded by": lambda own: _line(own, awarded_by="Somebody else"),
    "approved by": lambda own: _line(own, approver="Another board"),
    "approval number": lambda own: _line(own, number="0198"),
    "statement": lambda own: _line(own, statement="Approved by nobody."),
    "credits": lambda own: replace(own, credit_lines=own.credit_lines * 2),
}


def _line(own: Certificate, **changes: Any) -> Certificate:  # noqa: ANN401  # fields of the line
    first, *rest = own.credit_lines
    return replace(own, credit_lines=(replace(first, **changes), *rest))


class OfAnother(PlainRenderer):
    """Draws another record than the one it was given, as a cache that is mixed up does."""

    def __init__(self, change: Change) -> None:
        self._change = change

    def draw(self, certificate: Certificate) -> Drawing:
        return super().draw(self._change(certificate))


class CountingSealer(StampSealer):
    """Counts what it is given to seal."""

    sealed = 0

    def seal(self, drawing: Drawing, at: object) -> bytes:
        self.sealed += 1
        return super().seal(drawing, at)  # type: ignore[arg-type]  # a datetime


def awards() -> list[Award]:
    return [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]


def desk_that_draws(office: MemoryOffice, change: Change) -> tuple[IssuingDesk, CountingSealer]:
    sealer = CountingSealer()
    return replace(office.desk(), renderer=OfAnother(change), sealer=sealer), sealer


@pytest.mark.parametrize("fact", ANOTHER)
def test_a_page_that_says_another_fact_is_not_sealed(fact: str) -> None:
    office = MemoryOffice()
    desk, sealer = desk_that_draws(office, ANOTHER[fact])
    with pytest.raises(DrawingError) as refused:
        issue(awards(), desk)
    places = [each.place for each in refused.value.faults]
    assert any(each == fact or each.startswith(f"{fact} of ny-social-work") for each in places)
    assert "of Ana Ruiz was drawn with other words" in str(refused.value)
    assert sealer.sealed == 0
    assert office.archive.documents == {}
    assert list(office.ledger.entries()) == []


def test_the_error_names_certificate_fact_and_both_sides() -> None:
    office = MemoryOffice()
    (entry,) = issue(awards(), MemoryOffice().desk()).issued
    desk, _ = desk_that_draws(office, ANOTHER["course title"])
    with pytest.raises(DrawingError) as refused:
        issue(awards(), desk)
    assert f"certificate {entry.certificate.id} of Ana Ruiz" in str(refused.value)
    assert str(refused.value).endswith(
        "  course title: 'Another' is drawn where the record says 'Mentalization Based Treatment'"
    )


def test_a_correction_that_is_drawn_wrong_is_not_sealed_and_the_old_one_stands() -> None:
    office = MemoryOffice()
    (old,) = issue(awards(), office.desk()).issued
    desk, sealer = desk_that_draws(office, ANOTHER["recipient name"])
    right = Correction("a letter was wrong", name="Anna Ruiz")
    with pytest.raises(DrawingError, match="Anna Ruiz was drawn with other words"):
        correct(old.certificate.id, right, desk)
    assert sealer.sealed == 0
    assert list(office.ledger.entries()) == [old]


def test_a_renderer_that_does_not_say_what_it_drew_is_not_believed() -> None:
    class Mute(PlainRenderer):
        def draw(self, certificate: Certificate) -> Drawing:
            return Drawing(super().draw(certificate).pdf)

    office = MemoryOffice()
    with pytest.raises(DrawingError, match="recipient name"):
        issue(awards(), replace(office.desk(), renderer=Mute()))
    assert office.archive.documents == {}


def test_nothing_is_taken_over_by_a_renderer_that_draws_another_record() -> None:
    office = MemoryOffice()
    issue(awards(), office.desk())
    forgetful = MemoryOffice()
    forgetful.archive = office.archive
    desk, sealer = desk_that_draws(forgetful, ANOTHER["course title"])
    with pytest.raises(DrawingError):
        issue(awards(), desk)
    assert sealer.sealed == 0
    assert list(forgetful.ledger.entries()) == []


def test_what_is_signed_claims_what_the_record_says_in_its_slot() -> None:
    desk = MemoryOffice().desk()
    awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
    (planned,) = plan_certificates(participants_of(awards), []).certificates
    draft = tried_out(Composer(desk, "by hand").compose(planned), desk)
    assert isinstance(draft, Draft)
    assert draft.certificate.slot == LAST_SLOT
    slot = StatusSlot(3, 4711)
    certificate = signed(draft, slot, desk)
    claims = claims_of_payload(_payload(certificate))
    assert claims == certified_claims(certificate)
    assert (claims.status, claims.issued_at) == ((3, 4711), certificate.issued_at.timestamp())
    assert certificate == replace(
        draft.certificate,
        slot=slot,
        issued_at=certificate.issued_at,
        token_url=certificate.token_url,
    )
    longest = signed(draft, LAST_SLOT, desk)
    assert len(draft.certificate.token_url) == len(longest.token_url), "room for any code"


def _payload(certificate: Certificate) -> bytes:
    return open_envelope(bytes_of_digits(token_digits(certificate.token_url)[1:])).payload
