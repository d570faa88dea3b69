"""What badges say and how it is signed, as far as no other program is needed to judge it."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from cecert.domain.badge.proof import BadgeKey, did_document, did_key, did_of_site, signed
from cecert.domain.badge.statements import canonical_statements
from cecert.domain.badge.status import encoded_list, status_credential, withdrawn_slots

MOMENT = datetime(2020, 10, 30, 12, tzinfo=UTC)


def test_statements_are_named_by_what_is_said_of_them_and_sorted() -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:web:a.example", "name": 'A "b" \\ c', "address": {"type": "Address"}},
        "credentialSubject": {"creditsEarned": 1.5},
    }
    ob, vc = (
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
        "https://www.w3.org/2018/credentials#",
    )
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert canonical_statements(document).decode().splitlines() == [
        f"<did:web:a.example> <{ob}address> _:c14n1 .",
        '<did:web:a.example> <https://schema.org/name> "A \\"b\\" \\\\ c" .',
        f"<urn:uuid:1> {kind} <{vc}VerifiableCredential> .",
        f"<urn:uuid:1> <{vc}credentialSubject> _:c14n0 .",
        f"<urn:uuid:1> <{vc}issuer> <did:web:a.example> .",
        f'_:c14n0 <{ob}creditsEarned> "1.5E0"^^<https://www.w3.org/2001/XMLSchema#float> .',
        f"_:c14n1 {kind} <{ob}Address> .",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"hours": 6}, "hours is defined by no context, so that nothing would sign it"),
        ({"type": ["Certificate"]}, "Certificate is a type that no context defines"),
        ({"name": "a\tb"}, "holds a control character"),
        ({"name": "a\x85b"}, "holds a control character"),
        ({"id": "no address"}, "is no absolute address or name"),
        ({"issuer": "did:web:a> <b"}, "is no absolute address or name"),
        ({"evidence": [{"name": "a"}, {"name": "a"}]}, "without an id are the same"),
    ],
)
def test_what_would_not_be_signed_is_refused(document: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        canonical_statements(document)


def test_a_proof_signs_its_options_and_then_the_document() -> None:
    messages: list[bytes] = []

    def sign(message: bytes) -> bytes:
        messages.append(message)
        return bytes(64)

    did, method = did_key(bytes(32))
    assert did == "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"
    found = signed({"id": "urn:uuid:1", "name": "A"}, BadgeKey(did, method, sign), MOMENT)
    proof = dict(found.pop("proof"))
    assert proof.pop("proofValue") == "z" + "1" * 64
    assert proof == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2020-10-30T12:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    digests = [sha256(canonical_statements(each)).digest() for each in (proof, found)]
    assert messages == [b"".join(digests)]


def test_a_site_names_its_keys() -> None:
    did, name = did_of_site("https://Example.edu/ce/verify/")
    assert (did, name) == ("did:web:example.edu:ce:verify", "did.json")
    document = did_document(did, [("badge-1", bytes(32)), ("badge-2", bytes([1] * 32))])
    assert document["assertionMethod"] == [f"{did}#badge-1", f"{did}#badge-2"]
    assert {each["controller"] for each in document["verificationMethod"]} == {did}


def test_a_list_has_a_bit_for_each_slot_the_first_one_highest() -> None:
    text = encoded_list([0, 9, 131_071])
    assert text[0] == "u"
    assert "=" not in text
    bits = gzip.decompress(urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4)))
    assert (len(bits), bits[0], bits[1], bits[-1]) == (16_384, 0x80, 0x40, 0x01)
    valid = (MOMENT, MOMENT)
    listed = status_credential("did:web:a.example", "https://a.example/1", [9], valid, 60)
    assert listed["credentialSubject"]["ttl"] == 60_000
    assert withdrawn_slots(listed) == {9}
    with pytest.raises(ValueError, match="holds no list"):
        withdrawn_slots({"credentialSubject": {"encodedList": "uabc"}})
