"""The published lists against the ledger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from papers import School, school
from tests.workflows.test_publish import MemorySite, desk, revoked

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.certificate.certificate import Certificate
from cecert.ports import Event
from cecert.testing import MemoryOffice
from cecert.workflows.audit.published import site_faults
from cecert.workflows.publish import publish


@pytest.fixture
def one() -> School:
    return school()


@pytest.fixture
def certificate(one: School) -> Certificate:
    return one.issue("Ana Ruiz", "ana@example.org")[0]


@pytest.fixture
def site(one: School, certificate: Certificate) -> MemorySite:  # noqa: ARG001  # it is on it
    """A site on which the certificate stands."""
    site = MemorySite()
    publish(desk(one, site))
    return site


def faults(one: School, site: MemorySite) -> list[str]:
    found = site_faults(site, one.office.ledger, one.trust, check_signature)
    return [f"{each.certificate_id} {each.place}: {each.sentence}" for each in found]


def test_a_site_that_says_what_the_ledger_says_has_no_fault(one: School, site: MemorySite) -> None:
    assert faults(one, site) == []


def test_a_revocation_that_was_not_published_is_told(
    one: School, site: MemorySite, certificate: Certificate
) -> None:
    revoked(one, certificate)
    assert faults(one, site) == [
        f"{certificate.id} status/1.st: the site says valid, the ledger revoked"
    ]


def test_a_revocation_that_the_ledger_has_forgotten_is_told(
    one: School, site: MemorySite, certificate: Certificate
) -> None:
    revoked(one, certificate)
    publish(desk(one, site))
    entry = one.office.ledger._entries.pop(certificate.id)
    assert faults(one, site) == []  # no list has a certificate any more
    other = one.issue("Bea Ruiz", "bea@example.org")[0]
    assert faults(one, site) == [
        "None status/1.st: 1 slots that no certificate has are not valid on the site"
    ]
    one.office.ledger._entries[certificate.id] = entry
    assert other.slot != certificate.slot
    assert faults(one, site) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda site: site.files.pop("status/1.st"), "it is not on the site"),
        (lambda site: site.files.update({"status/1.st": b"junk"}), "no list of this office"),
    ],
    ids=["missing", "damaged"],
)
def test_a_list_that_nobody_can_use_is_told(
    one: School, site: MemorySite, spoil: Callable[[MemorySite], object], words: str
) -> None:
    spoil(site)
    (found,) = faults(one, site)
    assert words in found


def test_more_than_a_hundred_are_counted_and_not_named(
    one: School, site: MemorySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.workflows.audit.published._LOOKED_UP", 1)
    for name in ("Bea", "Cora"):
        revoked(one, one.issue(f"{name} Ruiz", f"{name}@example.org")[0])
    found = faults(one, site)
    assert len(found) == 2
    assert found[1] == "None status/1.st: 1 more certificates have another status on the site"


def test_an_office_that_never_issued_has_no_site_to_be_wrong() -> None:
    one = school()
    assert isinstance(one.office, MemoryOffice)
    assert one.office.ledger.events(None) == list[Event]()
    assert faults(one, MemorySite()) == []
