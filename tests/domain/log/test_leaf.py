"""A leaf's bytes, put together here by hand from docs/spec/log.md 1."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.log.index import IndexBuilder
from cecert.domain.log.leaf import (
    NOTHING,
    SALT_SIZE,
    Leaf,
    LeafKind,
    LoggedEvent,
    kind_and_instant,
)
from cecert.domain.values.certificate_id import CertificateId

SALT = bytes(range(SALT_SIZE))
EVENT = LoggedEvent(CertificateId(bytes(10)), "issued", 1_600_000_000_000_000, "ana", "")


def text(value: str) -> bytes:
    """Return the CBOR of a text shorter than 24 bytes."""
    return bytes([0x60 + len(value)]) + value.encode()


def test_a_leaf_has_the_110_bytes_of_the_page() -> None:
    digests = [bytes([each]) * 32 for each in (1, 2, 3)]
    leaf = Leaf(LeafKind.ISSUED, 1_600_000_000, *digests)
    head = b"\x86\x01\x01\x1a" + (1_600_000_000).to_bytes(4, "big")
    assert leaf.encoded == head + b"".join(b"\x58\x20" + each for each in digests)
    assert len(leaf.encoded) == 110


def test_the_subject_of_each_kind_is_another_digest_of_one_payload() -> None:
    subjects = {kind: kind.subject(b"payload") for kind in LeafKind}
    assert subjects == {
        kind: sha256(b"cecert-leaf-1" + bytes([number]) + b"payload").digest()
        for number, kind in zip((0, 1, 2, 3, 16), LeafKind, strict=True)
    }
    assert len(set(subjects.values())) == 5


def test_an_event_is_hidden_by_its_salt() -> None:
    instant = b"\x1b" + EVENT.at.to_bytes(8, "big")
    row = text(EVENT.certificate_id.text) + text("issued") + instant + text("ana") + text("")
    assert EVENT.digest(SALT) == sha256(SALT + b"\x85" + row).digest()
    assert EVENT.digest(SALT) != EVENT.digest(bytes(SALT_SIZE))


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a salt of 15 bytes, 16 are needed"):
        EVENT.digest(SALT[1:])


def test_a_digest_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="digests of 32 bytes"):
        Leaf(LeafKind.START, 0, subject=b"short")


@pytest.mark.parametrize("kind", [LeafKind.START, LeafKind.SUPERSEDED, LeafKind.REVOKED])
def test_only_an_issue_names_a_file(kind: LeafKind) -> None:
    assert Leaf(kind, 0).file == NOTHING
    with pytest.raises(ValueError, match=f"{kind.name} names no file"):
        Leaf(kind, 0, file=bytes([1]) * 32)


@given(
    st.sampled_from([each for each in LeafKind if each is not LeafKind.TICK]),
    st.integers(0, 1 << 40),
    st.lists(st.binary(min_size=32, max_size=32), min_size=3, max_size=3),
)
def test_a_leaf_is_read_as_it_was_written(kind: LeafKind, instant: int, all_: list[bytes]) -> None:
    subject, file, event = all_
    leaf = Leaf(kind, instant, subject, file if kind is LeafKind.ISSUED else NOTHING, event)
    assert Leaf.of(leaf.encoded) == leaf
    assert kind_and_instant(leaf.encoded) == (kind, instant)


@given(st.binary(min_size=1, max_size=3), st.integers(0, 109))
def test_what_is_no_leaf_is_refused_or_is_the_one_spelling_of_another(
    other: bytes, at: int
) -> None:
    good = Leaf(LeafKind.ISSUED, 1_600_000_000, *[bytes([each]) * 32 for each in (1, 2, 3)])
    changed = good.encoded[:at] + other + good.encoded[at + len(other) :]
    try:
        found = Leaf.of(changed)
    except ValueError:
        return
    assert found is not None
    assert found.encoded == changed


def test_a_tick_is_no_leaf_about_a_certificate() -> None:
    tick = IndexBuilder().finish(dict[int, bytes]().__setitem__).tick(7).encoded
    assert Leaf.of(tick) is None
    assert kind_and_instant(tick) == (LeafKind.TICK, 7)
