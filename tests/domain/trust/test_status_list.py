"""Status lists: two bits a certificate, and nothing that inflates without end."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, encode
from cecert.domain.trust.status_list import (
    LIST_BYTES,
    SLOTS,
    BadStatusListError,
    Status,
    StatusAnswer,
    StatusList,
    bits_of,
    newest_list,
    open_status_list,
    sign_status_list,
)
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustedKey, TrustFile
from cecert.testing import FakeSigner, MemoryOffice, checker_of

SIGNER = FakeSigner("status")
CHECK = checker_of([SIGNER])
TRUST = MemoryOffice().trust()
KEY = TrustedKey(SIGNER.public_key, TRUST.issued_at, TRUST.issued_at + 1000, KeyUse.STATUS)
LIST = StatusList(
    issuer=TRUST.issuer,
    list_id=3,
    sequence=TRUST.issued_at,
    issued_at=TRUST.issued_at,
    expires_at=TRUST.issued_at + 500,
    ttl=3600,
    bits=bits_of({91_235: Status.REVOKED}),
)


def trust(key: TrustedKey = KEY) -> TrustFile:
    return replace(TRUST, keys=(key,))


def opened(data: bytes) -> StatusList:
    return open_status_list(data, trust(), CHECK)


@given(st.dictionaries(st.integers(0, SLOTS - 1), st.sampled_from(Status), max_size=50))
def test_every_slot_says_what_was_written(marks: dict[int, Status]) -> None:
    written = replace(LIST, bits=bits_of(marks))
    read = opened(sign_status_list(written, SIGNER))
    assert read == written
    assert all(read.status(slot) is mark for slot, mark in marks.items())
    unmarked = next(slot for slot in range(SLOTS) if slot not in marks)
    assert read.status(unmarked) is Status.VALID


def test_slots_lie_as_the_specification_says() -> None:
    # docs/spec/token.md W7: slot i = byte i >> 2, bits 2 * (i & 3), least significant first.
    assert bits_of({0: Status.REVOKED})[0] == 0b01
    assert bits_of({3: Status.SUPERSEDED})[0] == 0b10_00_00_00
    assert bits_of({5: Status.RESERVED})[1] == 0b11_00


def test_a_list_of_one_revoked_certificate_is_small() -> None:
    # docs/spec/token.md M4: 185 bytes with one revoked.
    assert len(sign_status_list(LIST, SIGNER)) < 250


def test_a_list_has_one_size() -> None:
    with pytest.raises(ValueError, match="1 bytes of slots"):
        replace(LIST, bits=b"\0")


@pytest.mark.parametrize(
    "key",
    [
        replace(KEY, use=KeyUse.TOKEN),
        replace(KEY, state=KeyState.COMPROMISED),
        replace(KEY, not_after=LIST.issued_at - 1, not_before=LIST.issued_at - 100),
        replace(KEY, not_before=LIST.issued_at + 1),
        replace(KEY, key=FakeSigner("other").public_key, listed_as=KEY.kid),
    ],
    ids=["of tokens", "stolen", "ended before", "begun after", "another under its kid"],
)
def test_only_a_status_key_in_its_window_makes_a_list(key: TrustedKey) -> None:
    with pytest.raises(BadStatusListError, match="not signed by a status key"):
        open_status_list(sign_status_list(LIST, SIGNER), trust(key), CHECK)


def test_a_retired_key_vouches_for_the_lists_of_its_time() -> None:
    data = sign_status_list(LIST, SIGNER)
    assert open_status_list(data, trust(replace(KEY, state=KeyState.RETIRED)), CHECK) == LIST


@pytest.mark.parametrize("size", [LIST_BYTES - 1, LIST_BYTES + 1, 100 << 20])
def test_slots_of_another_size_are_refused_without_being_inflated(size: int) -> None:
    packed = zlib.compress(bytes(size), 9)
    payload: dict[int, Value] = {
        1: TRUST.issuer, 2: 3, 3: 1, 4: LIST.issued_at, 5: 2, 6: 3600, 7: 2, 8: packed,
    }  # fmt: skip
    data = cose.seal_envelope(encode(payload), cose.STATUS, SIGNER)
    with pytest.raises(BadStatusListError, match="slots of another size"):
        opened(data)


@pytest.mark.parametrize("changes", [{7: 1}, {9: 0}, {8: "x"}, {1: 5}])
def test_any_other_map_is_refused(changes: dict[int, object]) -> None:
    payload = {1: TRUST.issuer, 2: 3, 3: 1, 4: LIST.issued_at, 5: 2, 6: 3600, 7: 2, 8: b""}
    data = cose.seal_envelope(encode({**payload, **changes}), cose.STATUS, SIGNER)  # type: ignore[dict-item]  # the wrong types are the point
    with pytest.raises(BadStatusListError, match="damaged"):
        opened(data)


def test_the_newest_of_several_counts_and_is_kept() -> None:
    newer = sign_status_list(replace(LIST, sequence=LIST.sequence + 1), SIGNER)
    answer, keep = newest_list(
        [sign_status_list(LIST, SIGNER), newer], None, 3, opened, LIST.issued_at
    )
    assert answer.statuses is not None
    assert answer.statuses.sequence == LIST.sequence + 1
    assert keep == newer


def test_an_older_list_than_the_kept_one_is_not_used_and_not_kept() -> None:
    older = sign_status_list(replace(LIST, sequence=LIST.sequence - 1), SIGNER)
    kept = sign_status_list(LIST, SIGNER)
    answer, keep = newest_list([older], kept, 3, opened, LIST.issued_at)
    assert answer == StatusAnswer(LIST, rolled_back=True)
    assert keep is None


@pytest.mark.parametrize("apart", [300, 301])
def test_a_list_counts_up_to_300_seconds_before_its_time(apart: int) -> None:
    data = sign_status_list(LIST, SIGNER)
    for served, kept in (([data], None), ([], data)):
        answer, keep = newest_list(served, kept, 3, opened, LIST.issued_at - apart)
        believed = apart == 300
        assert answer == (StatusAnswer(LIST) if believed else StatusAnswer(bad=True))
        assert keep == (data if believed and served else None)


@given(st.integers(-900_000, 900_000), st.integers(-900_000, 900_000), st.integers(-900, 900_000))
def test_no_list_is_believed_or_kept_before_its_time_and_none_is_far_behind_unsaid(
    served_at: int, kept_at: int, later: int
) -> None:
    lists = {
        each: replace(LIST, sequence=LIST.sequence + each, issued_at=LIST.issued_at + each)
        for each in (served_at, kept_at)
    }
    now = LIST.issued_at + later
    answer, keep = newest_list(
        [b"served"],
        b"kept",
        3,
        lambda data: lists[served_at if data == b"served" else kept_at],
        now,
    )
    assert answer.statuses is None or answer.statuses.issued_at <= now + 300
    assert keep is None or served_at <= later + 300
    if answer.statuses is not None and answer.statuses != lists[served_at]:
        apart = kept_at - served_at
        assert answer.rolled_back_far == (answer.rolled_back and apart > 86_400)
