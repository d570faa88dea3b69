"""Publishing: what the site says follows the ledger, and never goes back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from papers import School, private_key, school

from cecert.adapters.keys.signatures import P256Signer, check_signature
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.trust.build import jwks_of
from cecert.domain.trust.status_list import Status, StatusList, newest_list, open_status_list
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustFile
from cecert.errors import InputError, LedgerError
from cecert.ports import Event
from cecert.ports.site import seen
from cecert.testing import MemoryOffice
from cecert.workflows.publish import Published, PublishingDesk, publish


class MemorySite:
    """A site and its maker, in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def put(self, files: Mapping[str, bytes], look: Callable[[str], None] = seen) -> Sequence[str]:
        written = []
        for name, content in files.items():
            if self.files.get(name) == content:
                continue
            self.meanwhile.pop(name, lambda: None)()
            look(name)
            self.files[name] = content
            written.append(name)
        return written

    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        return f"{trust.issuer} {zlib.crc32(trust_file)} {sorted(lists.items())}".encode()

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        return repr(sorted(files.items())).encode()


def desk(one: School, site: MemorySite) -> PublishingDesk:
    return PublishingDesk(
        trust=one.trust,
        trust_file=one.trust_bytes(),
        check_signature=check_signature,
        status_signer=one.status,
        status_days=35,
        ledger=one.office.ledger,
        site=site,
        maker=site,
        clock=one.office.clock,
        further={"ab.reattested": b"list"},
    )


@pytest.fixture
def one() -> School:
    return school()


@pytest.fixture
def site() -> MemorySite:
    return MemorySite()


def revoked(one: School, certificate: Certificate) -> None:
    event = Event("revoked", one.office.clock.now(), certificate.id, "office", "error")
    one.office.ledger.revoke(certificate.id, event)


def listed(one: School, site: MemorySite, certificate: Certificate) -> StatusList:
    data = site.files[f"status/{certificate.slot.list_id}.st"]
    return open_status_list(data, one.trust, check_signature)


def published(one: School, site: MemorySite) -> Published:
    return publish(desk(one, site))


def test_the_site_has_page_trust_lists_bundle_and_keys(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    done = published(one, site)
    number = certificate.slot.list_id
    assert list(done.files) == [
        f"status/{number}.st", "status/ab.reattested", "trust/example-ssw.cose", "jwks.json",
        "bundle.zip", "index.html",
    ]  # fmt: skip
    assert done.written == done.files
    assert (done.certificates, done.revoked, done.superseded) == (1, 0, 0)
    statuses = listed(one, site, certificate)
    assert statuses.status(certificate.slot.index) is Status.VALID
    now = int(one.office.clock.now().timestamp())
    assert (statuses.sequence, statuses.issued_at, statuses.ttl) == (now, now, 3600)
    assert statuses.expires_at == now + 35 * 86_400


def test_within_a_day_nothing_is_written_again(one: School, site: MemorySite) -> None:
    one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    one.office.clock.forward(timedelta(hours=23, minutes=59))
    assert published(one, site).written == ()


def test_after_a_day_lists_are_signed_anew(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    before = listed(one, site, certificate)
    one.office.clock.forward(timedelta(days=1))
    done = published(one, site)
    assert f"status/{certificate.slot.list_id}.st" in done.written
    assert "trust/example-ssw.cose" not in done.written
    assert listed(one, site, certificate).sequence == before.sequence + 86_400


def test_a_revocation_is_published_at_once(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    other, _ = one.issue("Eva Ruiz", "eva@example.org")
    published(one, site)
    revoked(one, certificate)
    one.office.clock.forward(timedelta(minutes=1))
    done = published(one, site)
    assert (done.certificates, done.revoked) == (2, 1)
    statuses = listed(one, site, certificate)
    assert statuses.status(certificate.slot.index) is Status.REVOKED
    assert statuses.status(other.slot.index) is Status.VALID


def test_a_changed_number_of_days_is_published(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    publish(replace(desk(one, site), status_days=7))
    statuses = listed(one, site, certificate)
    assert statuses.expires_at - statuses.issued_at == 7 * 86_400


def test_an_older_ledger_does_not_bring_a_certificate_back(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    revoked(one, certificate)
    published(one, site)
    restored = replace(one, office=MemoryOffice())
    again, _ = restored.issue("Ana Ruiz", "ana@example.org")
    assert again.slot == certificate.slot
    restored.office.clock.forward(timedelta(minutes=1))
    before = dict(site.files)
    with pytest.raises(LedgerError, match="1 certificates are revoked or replaced") as raised:
        published(restored, site)
    assert str(certificate.id) in str(raised.value)
    assert "older copy" in raised.value.hint
    assert "cecert log adopt" in raised.value.hint
    assert site.files == before


def test_a_ledger_that_lost_a_revoked_certificate_is_refused(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    revoked(one, certificate)
    published(one, site)
    restored = replace(one, office=MemoryOffice())
    restored.office._randomness.below(2)  # the next slot is another than Ana's was
    other, _ = restored.issue("Eva Ruiz", "eva@example.org")
    assert other.slot != certificate.slot
    restored.office.clock.forward(timedelta(minutes=1))
    with pytest.raises(LedgerError, match=r"the ledger does not know it$"):
        published(restored, site)


def test_a_clock_that_went_back_is_refused(one: School, site: MemorySite) -> None:
    one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    one.office.clock.forward(timedelta(minutes=-1))
    with pytest.raises(LedgerError, match="60 seconds later than this clock") as caught:
        published(one, site)
    assert "publish DIR --clock-was-ahead" in caught.value.hint


def ahead_by(one: School, site: MemorySite, time: timedelta) -> bytes:
    """Publish under a clock that is ahead, set it right, and return the list published."""
    (entry,) = one.office.ledger.entries()
    number = entry.certificate.slot.list_id
    one.office.clock.forward(time)
    published(one, site)
    one.office.clock.forward(-time)
    return site.files[f"status/{number}.st"]


def test_after_a_clock_that_was_ahead_lists_are_issued_again_and_every_verifier_takes_them(
    one: School, site: MemorySite
) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    ahead = ahead_by(one, site, timedelta(days=30))
    revoked(one, certificate)
    before = dict(site.files)
    with pytest.raises(LedgerError, match="2592000 seconds later than this clock: it was issued"):
        published(one, site)
    assert site.files == before
    publish(desk(one, site), clock_was_ahead=True)
    again = listed(one, site, certificate)
    now = int(one.office.clock.now().timestamp())
    assert (again.issued_at, again.sequence) == (now, now + 30 * 86_400 + 1)
    served = site.files[f"status/{certificate.slot.list_id}.st"]
    opener = partial(open_status_list, trust=one.trust, check_signature=check_signature)
    for kept in (None, ahead):
        answer, keep = newest_list([served, ahead], kept, certificate.slot.list_id, opener, now)
        assert answer.statuses == again
        assert keep == served
    # Once that time has come, the list of the clock ahead is still the older one.
    later = now + 31 * 86_400
    answer, _ = newest_list([ahead], served, certificate.slot.list_id, opener, later)
    assert answer.statuses == again
    assert answer.rolled_back_far


def test_publishing_goes_on_from_there_without_anything_said(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    ahead_by(one, site, timedelta(days=30))
    publish(desk(one, site), clock_was_ahead=True)
    first = listed(one, site, certificate)
    assert published(one, site).written == ()
    revoked(one, certificate)
    published(one, site)
    second = listed(one, site, certificate)
    assert (second.sequence, second.issued_at) == (first.sequence + 1, first.issued_at)
    assert second.status(certificate.slot.index) is Status.REVOKED
    one.office.clock.forward(timedelta(days=40))
    published(one, site)
    third = listed(one, site, certificate)
    assert third.sequence == third.issued_at == int(one.office.clock.now().timestamp())


def test_a_clock_is_not_said_to_have_been_ahead_where_no_list_is(
    one: School, site: MemorySite
) -> None:
    one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    before = dict(site.files)
    with pytest.raises(InputError, match="no status list on the site lies ahead"):
        publish(desk(one, site), clock_was_ahead=True)
    assert site.files == before


def test_a_clock_that_was_ahead_brings_no_certificate_back(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    revoked(one, certificate)
    ahead_by(one, site, timedelta(days=30))
    restored = replace(one, office=MemoryOffice())
    restored.issue("Ana Ruiz", "ana@example.org")
    before = dict(site.files)
    with pytest.raises(LedgerError, match="1 certificates are revoked or replaced"):
        publish(desk(restored, site), clock_was_ahead=True)
    assert site.files == before


def test_revoking_twice_within_a_second_publishes_two_sequences(
    one: School, site: MemorySite
) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    first = listed(one, site, certificate)
    revoked(one, certificate)
    published(one, site)
    assert listed(one, site, certificate).sequence == first.sequence + 1


def test_a_clock_that_was_a_year_ahead_is_recovered_from_with_a_new_status_key(
    one: School, site: MemorySite
) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    one.office.clock.forward(timedelta(days=365))
    published(one, site)
    ahead = site.files[f"status/{certificate.slot.list_id}.st"]
    one.office.clock.forward(timedelta(days=-365))
    new = P256Signer(private_key("the next status key"))
    (old_key,) = [each for each in one.trust.keys if each.use is KeyUse.STATUS]
    withdrawn = replace(old_key, state=KeyState.COMPROMISED)
    keys = [withdrawn if each is old_key else each for each in one.trust.keys]
    trust = replace(one.trust, keys=(*keys, replace(old_key, key=new.public_key)))
    published(replace(one, trust=trust, status=new), site)
    # A verifier that kept the list of the future lets go of it, too.
    served = site.files[f"status/{certificate.slot.list_id}.st"]
    opener = partial(open_status_list, trust=trust, check_signature=check_signature)
    now = int(one.office.clock.now().timestamp())
    answer, _ = newest_list([served], ahead, certificate.slot.list_id, opener, now)
    assert answer.statuses is not None
    assert answer.statuses.issued_at == int(one.office.clock.now().timestamp())
    assert not answer.rolled_back


@pytest.mark.parametrize("there", [b"junk", b""])
def test_a_damaged_list_is_written_anew(there: bytes, one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    site.files[f"status/{certificate.slot.list_id}.st"] = there
    published(one, site)
    assert listed(one, site, certificate).status(certificate.slot.index) is Status.VALID


def test_an_office_without_certificates_has_a_site_too(one: School, site: MemorySite) -> None:
    assert "index.html" in published(one, site).written
    assert not [name for name in site.files if name.endswith(".st")]


def test_nobody_is_named(one: School, site: MemorySite) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    published(one, site)
    everything = b"".join(site.files.values())
    for private in ("Ana Ruiz", "ana@example.org", str(certificate.id)):
        assert private.encode() not in everything


def test_token_keys_are_mirrored_for_other_software(one: School) -> None:
    mirrored = json.loads(json.dumps(jwks_of(one.trust)))
    (key,) = mirrored["keys"]
    assert key["kid"] == one.token.public_key.kid.hex()
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_ed25519_keys_are_mirrored_as_octet_key_pairs() -> None:
    (key,) = json.loads(json.dumps(jwks_of(MemoryOffice().trust())))["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "Ed25519")
    assert "y" not in key


NAMES = ("status/1.st", "status/ab.reattested", "trust/example-ssw.cose", "jwks.json",
         "bundle.zip", "index.html")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_is_revoked_before_any_file_is_renamed_is_published_at_once(
    one: School, site: MemorySite, name: str
) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    site.meanwhile[name] = lambda: revoked(one, certificate)
    published = publish(desk(one, site))
    assert published.revoked == 1
    assert status_on(one, site, certificate) is Status.REVOKED
    assert set(site.files) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_who_began_before_a_revocation_does_not_put_the_old_list_back(
    one: School, site: MemorySite, name: str
) -> None:
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")

    def revoke_and_publish() -> None:
        revoked(one, certificate)
        one.office.clock.forward(timedelta(seconds=1))
        publish(desk(one, site))

    site.meanwhile[name] = revoke_and_publish
    published = publish(desk(one, site))
    assert published.revoked == 1
    assert status_on(one, site, certificate) is Status.REVOKED


def test_who_finds_a_newer_list_of_another_machine_makes_his_own_after_it(
    one: School, site: MemorySite
) -> None:
    """The other machine's ledger is the same; only the site tells that it was there."""
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    other = MemorySite()

    def other_machine() -> None:
        one.office.clock.forward(timedelta(days=2))
        publish(desk(one, other))
        site.files |= {"status/1.st": other.files["status/1.st"]}

    publish(desk(one, site))
    before = opened(one, site).sequence
    one.office.clock.forward(timedelta(days=1))
    site.meanwhile["status/1.st"] = other_machine
    publish(desk(one, site))
    assert opened(one, site).sequence > before
    assert status_on(one, site, certificate) is Status.VALID


def test_a_ledger_that_never_stands_still_is_published_by_nobody(
    one: School, site: MemorySite
) -> None:
    letters = iter("abcdefghijklmnopqrstuvwxyz")

    class Restless(MemorySite):
        def put(
            self, files: Mapping[str, bytes], look: Callable[[str], None] = seen
        ) -> Sequence[str]:
            letter = next(letters)
            revoked(one, one.issue(f"Ana {letter}", f"{letter}@example.org")[0])
            return super().put(files, look)

    one.issue("Ana Ruiz", "ana@example.org")
    with pytest.raises(LedgerError, match="changed in each of 20 tries"):
        publish(desk(one, Restless()))
    assert site.files == {}


def opened(one: School, site: MemorySite) -> StatusList:
    return open_status_list(site.files["status/1.st"], one.trust, check_signature)


def status_on(one: School, site: MemorySite, certificate: Certificate) -> Status:
    return opened(one, site).status(certificate.slot.index)
