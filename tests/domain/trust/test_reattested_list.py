"""Re-attested lists: what honest holders keep when a key was stolen, and what a thief gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from cecert.domain.cose.cbor import Value, encode
from cecert.domain.cose.cose import seal_envelope
from cecert.domain.decision.decide import Award, decide
from cecert.domain.token.claims import payload_of_claims
from cecert.domain.token.verify import Outcome, verify_token
from cecert.domain.trust import reattested_list as reattesting
from cecert.domain.trust.reattested_list import (
    BadReattestedListError,
    ReattestedList,
    genuine_digests,
    is_vouched_for,
    open_reattested_list,
    sealed_digests,
    sign_reattested_list,
)
from cecert.domain.trust.trust_file import KeyState, SealCert, TrustFile
from cecert.ports import Entry
from cecert.testing import FakeSigner, MemoryOffice, checker_of, sample_course, sample_record
from cecert.workflows.issue.issue import issue
from cecert.workflows.verify.status_source import reattested_teller
from cecert.workflows.verify.verify import verify

STATUS = FakeSigner("status")
TOKEN = FakeSigner("token")
KID = TOKEN.public_key.kid


def issued(office: MemoryOffice, count: int) -> list[Entry]:
    records = [sample_record(name=f"P {n}", email=f"p{n}@example.org") for n in range(count)]
    decisions = [each for record in records for each in decide(record, sample_course())]
    awards = [each for each in decisions if isinstance(each, Award)]
    return list(issue(awards, office.desk()).issued)


def withdrawn(office: MemoryOffice, genuine: ReattestedList) -> TrustFile:
    """The office's trust file after its token key was stolen."""
    trust = office.trust()
    (key,) = trust.keys
    stolen = replace(key, state=KeyState.COMPROMISED, reattested=genuine.sha256)
    return replace(trust, keys=(stolen,))


def listed(office: MemoryOffice, entries: list[Entry]) -> ReattestedList:
    digests = genuine_digests((each.certificate.token_url for each in entries), KID)
    return ReattestedList(office.trust().issuer, KID, 1_600_000_000, digests)


def test_the_list_has_16_bytes_for_each_token_ascending_and_each_once() -> None:
    office = MemoryOffice()
    entries = issued(office, 5)
    genuine = listed(office, [*entries, *entries])
    parts = [genuine.digests[at : at + 16] for at in range(0, len(genuine.digests), 16)]
    assert parts == sorted(set(parts))
    assert genuine.count == 5
    first = verify(entries[0].certificate.token_url, office.verifier()).verification.claims
    assert first is not None
    assert sha256(payload_of_claims(first)).digest()[:16] in parts


def test_tokens_of_other_keys_are_not_in_it() -> None:
    office = MemoryOffice()
    urls = [each.certificate.token_url for each in issued(office, 2)]
    assert genuine_digests(urls, b"another!") == b""


def test_the_genuine_go_on_to_verify_and_what_the_thief_signs_does_not() -> None:
    office = MemoryOffice()
    entries = issued(office, 3)
    genuine = listed(office, entries[:2])  # the third stands for what a thief signed
    trust = withdrawn(office, genuine)
    now = int(office.clock.now().timestamp())
    check = checker_of([TOKEN])
    outcomes = [
        verify_token(
            each.certificate.token_url, trust, check, now, reattested=lambda _: genuine.digests
        ).outcome
        for each in entries
    ]
    unknown = Outcome.VALID_STATUS_UNKNOWN
    assert outcomes == [unknown, unknown, Outcome.KEY_REVOKED]


def test_what_was_signed_is_read_back_whoever_signed_it() -> None:
    office = MemoryOffice()
    genuine = listed(office, issued(office, 2))
    trust = withdrawn(office, genuine)
    assert open_reattested_list(sign_reattested_list(genuine, STATUS), trust) == genuine
    # The digest in the trust file is what counts: its status key may be withdrawn later.
    other = FakeSigner("another")
    assert open_reattested_list(sign_reattested_list(genuine, other), trust) == genuine


def test_a_list_of_sealed_files_vouches_for_these_very_bytes() -> None:
    files = [b"one sealed file", b"another"]
    digests = sealed_digests([sha256(each).hexdigest() for each in (*files, *files)])
    seal = SealCert(sha256(b"seal").digest(), 0, 9, KeyState.COMPROMISED, sha256(digests).digest())
    assert [is_vouched_for(each, seal, digests) for each in files] == [True, True]
    assert not is_vouched_for(b"one sealed file ", seal, digests)
    assert not is_vouched_for(files[0], replace(seal, reattested=None), digests)
    more = digests + sha256(b"the thief's").digest()[:16]
    assert not is_vouched_for(b"the thief's", seal, more)
    assert not is_vouched_for(files[0], seal, b"")


def test_a_list_of_a_seal_is_opened_where_the_trust_file_names_it() -> None:
    seal = SealCert(sha256(b"seal").digest(), 0, 9, KeyState.COMPROMISED)
    genuine = ReattestedList(MemoryOffice().trust().issuer, seal.kid, 1_600_000_000, bytes(16))
    trust = replace(MemoryOffice().trust(), seals=(replace(seal, reattested=genuine.sha256),))
    data = sign_reattested_list(genuine, STATUS)
    assert open_reattested_list(data, trust) == genuine
    with pytest.raises(BadReattestedListError, match="names another list"):
        open_reattested_list(data, replace(trust, seals=(seal,)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"digests": bytes(16)}, "names another list"),
        ({"kid": b"another!"}, "names another list"),
        ({"issuer": "another-school"}, "names another list"),
        ({"digests": bytes(17)}, "17 bytes of digests"),
    ],
)
def test_another_list_is_refused(changes: dict[str, Any], why: str) -> None:
    office = MemoryOffice()
    genuine = listed(office, issued(office, 1))
    trust = withdrawn(office, genuine)
    data = sign_reattested_list(replace(genuine, **changes), STATUS)
    with pytest.raises(BadReattestedListError, match=why):
        open_reattested_list(data, trust)


@pytest.mark.parametrize("payload", [{1: "x"}, [1], {1: "s", 2: b"k", 3: 1, 4: b"", 5: 1}])
def test_what_is_no_list_is_refused(payload: Value, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = MemoryOffice().trust()
    data = seal_envelope(encode(payload), reattesting.PURPOSE, STATUS)
    with pytest.raises(BadReattestedListError, match="is damaged"):
        open_reattested_list(data, trust)
    for cut in (data[:-1], b"", b"\xff" * 40):
        with pytest.raises(BadReattestedListError, match="is damaged"):
            open_reattested_list(cut, trust)
    monkeypatch.setattr(reattesting, "LARGEST_LIST", 10)
    with pytest.raises(BadReattestedListError, match="more than"):
        open_reattested_list(data, trust)


class Served:
    """Hosts that serve these files, whatever they are asked for."""

    def __init__(self, *files: bytes) -> None:
        self.files = files
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def reattested(self, bases: Sequence[str], name: str) -> tuple[bytes, ...]:
        self.asked.append((tuple(bases), name))
        return self.files


def test_a_verifier_finds_the_list_among_what_is_served() -> None:
    office = MemoryOffice()
    entries = issued(office, 2)
    genuine = listed(office, entries)
    trust = withdrawn(office, genuine)
    data = sign_reattested_list(genuine, STATUS)
    hosts = Served(b"not found", data)
    verifier = replace(
        office.verifier(),
        trust=trust,
        reattested=reattested_teller(trust, hosts, office.clock, ask_hosts=True),
    )
    assert verify(entries[0].certificate.token_url, verifier).outcome is (
        Outcome.VALID_STATUS_UNKNOWN
    )
    assert hosts.asked == [(trust.status_bases, f"{KID.hex()}.reattested")]
    offline = Served()
    for known, outcome in (((), Outcome.KEY_REVOKED), ((data,), Outcome.VALID_STATUS_UNKNOWN)):
        teller = reattested_teller(trust, offline, office.clock, ask_hosts=False, known=known)
        found = verify(entries[0].certificate.token_url, replace(verifier, reattested=teller))
        assert found.outcome is outcome
    assert {bases for bases, _ in offline.asked} == {()}


def test_a_key_without_a_list_and_a_list_of_another_key_vouch_for_nothing() -> None:
    office = MemoryOffice()
    genuine = listed(office, issued(office, 1))
    trust = withdrawn(office, genuine)
    (key,) = trust.keys
    teller = reattested_teller(trust, Served(), office.clock, ask_hosts=True)
    assert teller(replace(key, reattested=None)) == b""
    second = replace(key, key=FakeSigner("second").public_key)
    both = replace(trust, keys=(key, second))
    data = sign_reattested_list(genuine, STATUS)
    assert reattested_teller(both, Served(data), office.clock, ask_hosts=True)(second) == b""


def test_a_list_of_a_time_to_come_vouches_for_nobody_and_does_not_hide_a_true_one() -> None:
    office = MemoryOffice()
    genuine = listed(office, issued(office, 1))
    trust = withdrawn(office, genuine)
    (key,) = trust.keys
    now = int(office.clock.now().timestamp())
    ahead, true = (
        sign_reattested_list(replace(genuine, issued_at=now + apart), STATUS)
        for apart in (301, 300)
    )
    assert reattested_teller(trust, Served(ahead), office.clock, ask_hosts=True)(key) == b""
    served = Served(ahead, true)
    teller = reattested_teller(trust, served, office.clock, ask_hosts=True)
    assert teller(key) == genuine.digests
