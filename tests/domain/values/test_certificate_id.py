"""Certificate ids: what people type is understood, and nobody without the key can guess one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.values.certificate_id import CertificateId, derive_certificate_id

KEY = bytes(32)


def derived(key: bytes = KEY, participant: str = "a@b.org", *types: str) -> CertificateId:
    return derive_certificate_id(
        key, provider_id="p", course_id="c", participant_id=participant,
        credential_types=types or ("x", "y"), revision=0,
    )  # fmt: skip


@given(st.binary(min_size=10, max_size=10), st.sampled_from(["", " ", "-", "\N{EN DASH}"]))
def test_an_id_is_read_as_printed_and_as_typed(value: bytes, between: str) -> None:
    printed = str(CertificateId(value))
    typed = printed.lower().replace("0", "o").replace("1", "l").replace("-", between)
    assert CertificateId.parse(printed) == CertificateId.parse(typed) == CertificateId(value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has 0 characters"),
        ("3K50-VMEJ-KFZV-NS3", "it has 15 characters"),
        ("3K50-VMEJ-KFZV-NS3U", "no id holds 'U'"),
        ("3K50-VMEJ-KFZV-NS3\N{ARABIC-INDIC DIGIT ONE}", "no id holds"),
    ],
)
def test_what_is_no_id_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        CertificateId.parse(text)


def test_an_id_has_ten_bytes() -> None:
    with pytest.raises(ValueError, match="an id has 10 bytes, not 9"):
        CertificateId(bytes(9))


def test_an_id_hangs_on_the_key_and_the_person_and_not_on_the_order_of_types() -> None:
    assert derived(KEY, "a@b.org", "x", "y") == derived(KEY, "a@b.org", "y", "x")
    assert len({derived(), derived(bytes(31) + b"1"), derived(KEY, "b@b.org")}) == 3


def test_a_key_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="has 31 bytes, 32 are the least"):
        derived(bytes(31))


def test_the_derivation_is_fixed_for_good() -> None:
    # Changing it would make every list issue its certificates a second time. Computed apart
    # from cecert: HMAC-SHA-256 of the JSON list, its first 80 bits in Crockford's base32.
    found = derive_certificate_id(
        bytes(range(32)),
        provider_id="smith-ssw",
        course_id="mbt-2020-10",
        participant_id="ana@example.org",
        credential_types=["ny-social-work", "apa-psychology"],
        revision=0,
    )
    assert str(found) == "9AAP-5CB9-HCP2-M0Z2"


def test_joined_parts_do_not_collide() -> None:
    parts = {"participant_id": "a", "credential_types": ["x"], "revision": 0}
    one = derive_certificate_id(KEY, provider_id="ab", course_id="c", **parts)  # type: ignore[arg-type]  # by name
    other = derive_certificate_id(KEY, provider_id="a", course_id="bc", **parts)  # type: ignore[arg-type]  # by name
    assert one != other
