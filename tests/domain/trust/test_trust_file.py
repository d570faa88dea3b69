"""The trust file: what a root signs, and what a reader accepts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import decode, encode
from cecert.domain.cose.cose import Algorithm, CoseKey
from cecert.domain.trust.codec import (
    KeysetInvalidError,
    open_trust_file,
    require_issued,
    sign_trust_file,
)
from cecert.domain.trust.issue_dates import issue_date
from cecert.domain.trust.trust_file import (
    LONGEST_WINDOW,
    KeyState,
    KeyUse,
    Scope,
    SealCert,
    TrustedKey,
    TrustFile,
)
from cecert.testing import FakeSigner, MemoryOffice, checker_of

ROOT, TOKEN, STATUS = FakeSigner("root"), FakeSigner("token"), FakeSigner("status")
CHECK = checker_of([ROOT])
FIRST = 1_577_836_800
TRUST = replace(
    MemoryOffice().trust(),
    keys=(
        TrustedKey(TOKEN.public_key, FIRST, FIRST + LONGEST_WINDOW, KeyUse.TOKEN, (1, 64)),
        TrustedKey(
            STATUS.public_key, FIRST, FIRST + 1, KeyUse.STATUS, (), KeyState.RETIRED, bytes(32)
        ),
    ),
    credits={
        1: (Scope("0169", "New York", date(2020, 1, 1), date(2022, 12, 31)),),
        2: (Scope("", "Massachusetts", date(2020, 1, 1), date.max),),
    },
    seals=(SealCert(bytes(32), FIRST, FIRST + 1, KeyState.COMPROMISED),),
)


def opened(data: bytes) -> TrustFile:
    return open_trust_file(data, CHECK, ROOT.public_key.thumbprint)


def test_what_was_signed_is_read_back() -> None:
    assert opened(sign_trust_file(TRUST, ROOT)) == TRUST
    plain = replace(TRUST, seals=())
    assert opened(sign_trust_file(plain, ROOT)) == plain


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (replace(TRUST, root=TOKEN.public_key), "another key than the root"),
        (replace(TRUST, keys=(TRUST.keys[0],) * 2), "two keys with one kid"),
        (
            replace(TRUST, keys=(replace(TRUST.keys[0], key=ROOT.public_key),)),
            "root key is listed",
        ),
        (replace(TRUST, keys=(replace(TRUST.keys[0], listed_as=bytes(8)),)), "not its own"),
    ],
)
def test_a_builder_refuses_what_would_confuse_readers(changed: TrustFile, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sign_trust_file(changed, ROOT)


def test_a_trust_file_says_where_status_lists_are() -> None:
    with pytest.raises(ValueError, match="at least one status base"):
        replace(TRUST, status_bases=())


@pytest.mark.parametrize("window", [0, LONGEST_WINDOW + 1])
def test_a_working_key_signs_for_400_days_at_most(window: int) -> None:
    with pytest.raises(ValueError, match="at most 34560000"):
        TrustedKey(TOKEN.public_key, FIRST, FIRST + window, KeyUse.TOKEN)


def payload() -> Any:  # noqa: ANN401  # CBOR, changed at will
    return decode(cose.open_envelope(sign_trust_file(TRUST, ROOT)).payload)


def changed(where: list[int], value: object) -> Callable[[], bytes]:
    def build() -> bytes:
        top = payload()
        inner = top
        for step in where[:-1]:
            inner = inner[step]
        inner[where[-1]] = value
        return cose.seal_envelope(encode(top), cose.KEYS, ROOT)

    return build


@pytest.mark.parametrize(
    "build",
    [
        changed([9], 1),
        changed([7], bytes(31)),
        changed([7], "x"),
        changed([1], 5),
        changed([5, 3], [1]),
        changed([5, 2], {1: 5}),
        changed([5, 2], {1: [["0169", "New York", 18262]]}),
        changed([5, 2, 1, 0, 2], 1 << 40),
        changed([6, 0], []),
        changed([6, 0, 3], -9),
        changed([6, 0, 3], -7),
        changed([6, 0, 6], 3),
        changed([6, 0, 8], 3),
        changed([6, 0, 5], FIRST - 1),
        changed([6, 0, 2], {1: 1, -1: 6, -2: bytes(31)}),
        changed([6, 0, 2], {1: 1, -1: 6, -2: bytes(32), -3: bytes(32)}),
        changed([6, 1, 9], bytes(16)),
        changed([8, 0], [bytes(31), 0, 1, 0]),
        changed([8, 0], [bytes(32), 0, 1]),
        changed([64], {1: 3}),
        changed([5, 4], []),
    ],
)
def test_a_file_of_another_shape_is_damaged(build: Callable[[], bytes]) -> None:
    with pytest.raises(KeysetInvalidError, match="damaged"):
        opened(build())


def test_labels_from_64_up_are_for_later_and_ignored() -> None:
    assert opened(changed([71], "later")()) == TRUST


def test_two_keys_under_one_kid_are_both_candidates() -> None:
    # Nobody can make two keys with one kid, but a verifier must try all (docs/spec/token.md W5,
    # step 5).
    trust = opened(changed([6, 1, 1], TOKEN.public_key.kid)())
    assert [each.key for each in trust.keys_with(TOKEN.public_key.kid)] == [
        TOKEN.public_key,
        STATUS.public_key,
    ]


def test_a_root_of_another_algorithm_does_not_vouch() -> None:
    top = payload()
    top[64] = CoseKey(Algorithm.ESP256, bytes(32), bytes(32)).value
    with pytest.raises(KeysetInvalidError, match="not signed by its root"):
        open_trust_file(cose.seal_envelope(encode(top), cose.KEYS, ROOT), CHECK)


def test_scopes_hold_from_their_first_to_their_last_day() -> None:
    def covered(day: date) -> bool:
        return TRUST.scope_of(1, "0169", day) is not None

    assert covered(date(2020, 1, 1))
    assert covered(date(2022, 12, 31))
    assert not covered(date(2019, 12, 31))
    assert not covered(date(2023, 1, 1))
    assert TRUST.scope_of(2, None, date(2990, 1, 1)) is not None
    assert TRUST.scope_of(2, "0169", date(2021, 1, 1)) is None


def test_a_code_without_scopes_is_shown_as_its_number() -> None:
    assert TRUST.label_of(1) == "New York"
    assert TRUST.label_of(64) == "credit code 64"


def test_only_an_active_token_key_signs() -> None:
    active, retired = TRUST.keys
    assert active.signs_tokens_at(FIRST)
    assert active.signs_tokens_at(FIRST + LONGEST_WINDOW)
    assert not active.signs_tokens_at(FIRST - 1)
    assert not retired.signs_tokens_at(FIRST)
    assert not replace(active, state=KeyState.RETIRED).signs_tokens_at(FIRST)


# RFC 9679, 6: the thumbprint of its example key.
def test_the_thumbprint_is_that_of_the_rfc() -> None:
    key = CoseKey(
        Algorithm.ESP256,
        bytes.fromhex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"),
        bytes.fromhex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c"),
    )
    assert key.thumbprint.hex() == (
        "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    )
    assert key.kid.hex() == "496bd8afadf307e5"


@pytest.mark.parametrize(
    ("algorithm", "x", "y"),
    [
        (Algorithm.ESP256, bytes(32), b""),
        (Algorithm.ESP256, bytes(33), bytes(32)),
        (Algorithm.ED25519, bytes(31), b""),
        (Algorithm.ED25519, bytes(32), bytes(32)),
    ],
)
def test_coordinates_have_32_bytes(algorithm: Algorithm, x: bytes, y: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        CoseKey(algorithm, x, y)


def test_a_trust_file_of_a_time_to_come_is_refused_with_both_dates() -> None:
    require_issued(TRUST, TRUST.issued_at - 300)
    with pytest.raises(KeysetInvalidError, match="look at this clock") as caught:
        require_issued(TRUST, TRUST.issued_at - 301)
    assert issue_date(TRUST.issued_at) in str(caught.value)
    assert issue_date(TRUST.issued_at - 301) in str(caught.value)


@pytest.mark.parametrize("prefixes", [None, (), ("https://verify.example.edu/#",)])
@pytest.mark.parametrize("since", [None, 0, 1_604_588_400])
def test_what_newer_verifiers_read_comes_back(
    since: int | None, prefixes: tuple[str, ...] | None
) -> None:
    trust = replace(TRUST, low_s_since=since, link_prefixes=prefixes)
    assert opened(sign_trust_file(trust, ROOT)) == trust


def test_the_lists_that_vouch_for_seals_come_back() -> None:
    seals = tuple(
        SealCert(bytes([each]) * 32, FIRST, FIRST + 1, KeyState.COMPROMISED, digest)
        for each, digest in enumerate((None, bytes(32), None, b"x" * 32))
    )
    trust = replace(TRUST, seals=seals)
    assert opened(sign_trust_file(trust, ROOT)) == trust


def test_a_trust_file_that_says_nothing_new_has_the_bytes_it_had() -> None:
    labels = decode(cose.open_envelope(sign_trust_file(TRUST, ROOT)).payload)
    assert not {67, 68, 70} & labels.keys()
