"""Every row of the attack table and of W5, from the file that the verify page is run on too."""

from __future__ import annotations

import json
import runpy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from verifiers import VECTORS, opened, verified

from cecert.adapters.keys.signatures import Ed25519Signer, P256Signer
from cecert.domain.token.claims import claims_of_payload, sign_token, token_url
from cecert.domain.token.verify import Outcome, exit_status
from cecert.domain.trust.codec import KeysetInvalidError

PUBLIC = Path(__file__).parents[3] / "../shared/qr_vectors.json"
DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
CASES = DOCUMENT["cases"]


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_the_outcome_is_the_one_of_the_vector(case: dict[str, Any]) -> None:
    if case["expect"] == "KEYSET_INVALID":
        with pytest.raises(KeysetInvalidError):
            opened(DOCUMENT, case)
        return
    found = verified(case, opened(DOCUMENT, case))
    assert found.outcome.value == case["expect"], found.detail
    assert [each.value for each in found.warnings] == case["warnings"]


def test_the_vectors_reach_every_outcome_a_token_can_have() -> None:
    of_files = {
        "NO_TOKEN_IN_PDF", "TOKENS_DIFFER", "TEXT_MISMATCH", "CODE_ONLY", "SEAL_MISSING",
        "SEAL_BROKEN", "SEAL_UNKNOWN", "NOT_READABLE", "NO_CRYPTO", "NO_TRUST_FILE",
        "LATER_TIME_STAMP",
    }  # fmt: skip
    in_log = {"NOT_LOGGED"}  # its vectors are in log.json, for verifiers of before know none
    assert {e["expect"] for e in CASES} == {e.value for e in Outcome} - of_files - in_log


def test_every_outcome_has_the_exit_status_of_the_table() -> None:
    # docs/spec/token.md W5, its last paragraphs.
    by_status = {
        status: {each.value for each in Outcome if exit_status(each) == status}
        for status in map(exit_status, Outcome)
    }
    assert by_status == {
        0: {"VALID"},
        3: {"VALID_STATUS_STALE", "VALID_STATUS_UNKNOWN", "LATER_TIME_STAMP"},
        4: {"REVOKED", "SUPERSEDED", "KEY_REVOKED"},
        5: {
            "ALG_NOT_ALLOWED", "UNKNOWN_KEY", "ALG_KEY_MISMATCH", "BAD_SIGNATURE", "BAD_CLAIMS",
            "ISSUED_IN_FUTURE", "KEY_NOT_VALID_AT_ISSUE", "CREDIT_NOT_AUTHORISED",
            "NOT_LOGGED", "UNKNOWN_STATUS", "NO_TOKEN_IN_PDF", "TOKENS_DIFFER", "TEXT_MISMATCH",
            "CODE_ONLY", "SEAL_MISSING", "SEAL_BROKEN", "SEAL_UNKNOWN",
        },
        6: {
            "TOO_LARGE", "NO_TOKEN", "UNSUPPORTED_VERSION", "MALFORMED", "TRUNCATED",
            "NOT_READABLE",
        },
        7: {"KEYSET_INVALID", "NO_CRYPTO", "NO_TRUST_FILE"},
    }  # fmt: skip


def test_no_text_is_given_out_before_the_signature_holds() -> None:
    unsigned = {
        "TOO_LARGE", "NO_TOKEN", "UNSUPPORTED_VERSION", "MALFORMED", "TRUNCATED",
        "ALG_NOT_ALLOWED", "UNKNOWN_KEY", "ALG_KEY_MISMATCH", "BAD_SIGNATURE", "BAD_CLAIMS",
    }  # fmt: skip
    told = [verified(each, opened(DOCUMENT, each)) for each in CASES if each["expect"] in unsigned]
    assert len(told) > 50
    assert all(each.claims is None for each in told)
    assert not any("Ana" in each.detail for each in told if each.outcome.value != "BAD_CLAIMS")


def test_the_vectors_are_what_their_generator_writes() -> None:
    written = runpy.run_path(str(VECTORS.with_name("make_token_vectors.py")))["document"]()
    assert written["trusts"] == DOCUMENT["trusts"]
    # The packed slots of a list may differ by the version of zlib; nothing else may.
    for case, ours in zip(DOCUMENT["cases"], written["cases"], strict=True):
        assert case | {"served": [], "kept": None} == ours | {"served": [], "kept": None}


def public_signers() -> dict[str, Any]:
    scalar = int.from_bytes(sha256(b"cecert test p256").digest())
    seed = sha256(b"cecert test ed25519").digest()
    return {
        "ESP256": P256Signer(ec.derive_private_key(scalar, ec.SECP256R1())),
        "Ed25519": Ed25519Signer(ed25519.Ed25519PrivateKey.from_private_bytes(seed)),
    }


@pytest.mark.shared
def test_the_public_vectors_reproduce_byte_for_byte() -> None:
    published = json.loads(PUBLIC.read_text(encoding="utf-8"))
    signers = public_signers()
    assert signers["ESP256"].public_key.kid.hex() == published["kid_p256"]
    assert signers["Ed25519"].public_key.kid.hex() == published["kid_ed25519"]
    assert len(published["vectors"]) == 7
    for vector in published["vectors"]:
        claims = claims_of_payload(bytes.fromhex(vector["payload_hex"]))
        token = sign_token(claims, signers[vector["alg"]])
        assert token.hex() == vector["token_hex"]
        prefix = vector["url"].partition("#")[0] + "#"
        assert token_url(prefix, token) == vector["url"]
        assert str(claims.certificate_id) == vector["cert_id"]
