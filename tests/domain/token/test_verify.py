"""Verifying as a rule: nothing escapes, and nothing but the genuine token is valid."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.cose.cose import CoseKey, CryptoUnavailableError
from cecert.domain.cose.digits import bytes_of_digits, digits_of_bytes
from cecert.domain.token.claims import Claims
from cecert.domain.token.verify import (
    STATUS_OUTCOMES,
    Outcome,
    StatusAnswer,
    Verification,
    Warning_,
    looks_like_token,
    verify_token,
)
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.status_list import newest_list, open_status_list
from cecert.domain.trust.trust_file import TrustedKey, TrustFile

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "vectors" / "tokens.json").read_text(encoding="utf-8")
)
CASE = {each["name"]: each for each in DOCUMENT["cases"]}
GENUINE = CASE["genuine, P-256"]["text"]
PREFIX, _, DIGITS = GENUINE.partition("#1")
NOW = CASE["genuine, P-256"]["now"]
TRUST_BYTES = bytes.fromhex(DOCUMENT["trusts"]["school"])


VOUCHED = "a stolen key that vouches for the token"


def opened(name: str) -> TrustFile:
    return open_trust_file(bytes.fromhex(DOCUMENT["trusts"][name]), check_signature)


SCHOOL = opened("school")
LIST = open_status_list(bytes.fromhex(CASE["genuine, P-256"]["served"][0]), SCHOOL, check_signature)
KNOWN = StatusAnswer(LIST)


def verified(text: str) -> Verification:
    return verify_token(text, SCHOOL, check_signature, NOW, lambda _: KNOWN)


@given(st.text(max_size=1500))
@settings(max_examples=200)
def test_no_text_makes_it_raise_or_is_valid(text: str) -> None:
    assert verified(text).outcome not in STATUS_OUTCOMES
    assert verified(f"https://verify.example.edu/#1{text}").outcome not in STATUS_OUTCOMES


@given(st.binary(max_size=430))
@settings(max_examples=200)
def test_no_bytes_in_digits_make_it_raise_or_are_valid(data: bytes) -> None:
    assert verified(f"{PREFIX}#1{digits_of_bytes(data)}").outcome not in STATUS_OUTCOMES


@given(st.binary(max_size=200), st.integers(0, 8))
@settings(max_examples=100)
def test_no_bytes_are_a_trust_file_or_a_list(data: bytes, kept: int) -> None:
    # The start of a genuine one takes the reader further than noise does.
    for start in (b"", TRUST_BYTES[: 100 * kept]):
        with pytest.raises(KeysetInvalidError):
            open_trust_file(start + data, check_signature)
    opener = partial(open_status_list, trust=SCHOOL, check_signature=check_signature)
    assert newest_list([data], data, 3, opener, NOW)[0] == StatusAnswer(bad=True)


def test_no_single_bit_can_be_changed() -> None:
    token = bytes_of_digits(DIGITS)
    for position in range(len(token) * 8):
        changed = bytearray(token)
        changed[position // 8] ^= 1 << position % 8
        found = verified(f"{PREFIX}#1{digits_of_bytes(bytes(changed))}")
        assert found.outcome not in STATUS_OUTCOMES, position


def test_no_beginning_of_it_is_valid() -> None:
    token = bytes_of_digits(DIGITS)
    outcomes = {
        verified(f"{PREFIX}#1{digits_of_bytes(token[:end])}").outcome for end in range(len(token))
    }
    assert outcomes == {Outcome.TRUNCATED}
    assert {verified(GENUINE[:end]).outcome for end in range(len(PREFIX) + 2, len(GENUINE))} <= {
        Outcome.TRUNCATED,
        Outcome.MALFORMED,
    }


def test_no_random_mutation_is_valid() -> None:
    chance = random.Random(1)  # the same mutations in every run
    for _ in range(5000):
        text = list(DIGITS)
        for _ in range(chance.randint(1, 6)):
            text[chance.randrange(len(text))] = chance.choice("0123456789")
        mutated = "".join(text)
        if mutated != DIGITS:
            assert verified(f"{PREFIX}#1{mutated}").outcome not in STATUS_OUTCOMES


def test_without_cryptography_nothing_is_called_forged() -> None:
    def unavailable(*_: object) -> bool:
        raise CryptoUnavailableError("no P-256 here")

    found = verify_token(GENUINE, SCHOOL, unavailable, NOW)
    assert found.outcome is Outcome.NO_CRYPTO
    with pytest.raises(CryptoUnavailableError):
        open_trust_file(TRUST_BYTES, unavailable)
    opener = partial(open_status_list, trust=SCHOOL, check_signature=unavailable)
    served = bytes.fromhex(CASE["genuine, P-256"]["served"][0])
    assert newest_list([served], None, 3, opener, NOW)[0].bad


def test_another_root_than_the_pinned_one_is_refused() -> None:
    with pytest.raises(KeysetInvalidError, match="another root than the pinned one"):
        open_trust_file(TRUST_BYTES, check_signature, bytes(32))


def test_a_status_list_of_another_number_says_nothing() -> None:
    other = verify_token(CASE["another list"]["text"], SCHOOL, check_signature, NOW)
    assert other.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert other.status_as_of is None
    assert verified(GENUINE).status_as_of == LIST.issued_at


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (GENUINE, True),
        ("2" + DIGITS, True),  # a later version of ours: said, not ignored
        ("https://verify.example.edu/", False),
        ("4006381333931", False),  # a barcode of goods
        ("https://app.example.com/#/login", False),
        ("", False),
    ],
)
def test_codes_of_other_products_are_told_apart(text: str, *, ours: bool) -> None:
    assert looks_like_token(text) is ours


def test_a_sample_and_a_look_alike_are_told_together() -> None:
    mixed = CASE["a Cyrillic letter in a Latin word"]["text"]
    old = open_trust_file(bytes.fromhex(DOCUMENT["trusts"]["old"]), check_signature)
    found = verify_token(mixed, old, check_signature, NOW, lambda _: KNOWN)
    assert found.warnings == (Warning_.KEYSET_OLD, Warning_.MIXED_SCRIPT)


def test_a_signature_is_checked_once_and_who_tells_is_asked_once_at_their_step() -> None:
    asked: list[str] = []

    def check(key: CoseKey, signature: bytes, message: bytes) -> bool:
        asked.append("signature")
        return check_signature(key, signature, message)

    def status(claims: Claims) -> StatusAnswer:
        asked.append(f"status of {claims.certificate_id}")
        return KNOWN

    def reattested(key: TrustedKey) -> bytes:
        asked.append(f"tokens of {key.kid.hex()}")
        return bytes.fromhex(CASE[VOUCHED]["reattested"])

    for name in ("genuine, P-256", VOUCHED):
        case, trust = CASE[name], opened(CASE[name]["trust"])
        asked.clear()
        found = verify_token(case["text"], trust, check, NOW, status, reattested=reattested)
        assert found.claims is not None
        assert found.key is not None
        tokens = [f"tokens of {found.key.kid.hex()}"] if name == VOUCHED else []
        assert asked == ["signature", *tokens, f"status of {found.claims.certificate_id}"]


def test_nobody_is_asked_about_a_token_that_fails_before() -> None:
    def nobody(_: object) -> Any:  # noqa: ANN401  # it returns nothing of any type
        raise AssertionError("asked")

    for case in CASE.values():
        if case["expect"] in {"BAD_SIGNATURE", "MALFORMED", "BAD_CLAIMS", "UNKNOWN_KEY"}:
            trust = opened(case["trust"])
            found = verify_token(
                case["text"], trust, check_signature, case["now"], nobody, reattested=nobody
            )
            assert found.outcome.value == case["expect"]
