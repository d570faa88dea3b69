"""Pieces: what is put together of them, any library unpacks."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.filters import FlateDecode

from cecert.adapters.render.pdf.pieces import STEP, Piece, joined, lasting, own, stored

ASCII = st.text(st.characters(max_codepoint=0x7E), max_size=3000).map(str.encode)


@settings(max_examples=100, deadline=None)
@given(ASCII, ASCII, ASCII)
def test_pieces_say_in_turn_what_each_of_them_says(above: bytes, name: bytes, below: bytes) -> None:
    first = lasting(above, ())
    named = own(name)
    last = lasting(below, (first, named))
    said = zlib.decompress(joined([first, named, last]))
    assert said == above + named.text + below
    assert named.text.rstrip(b" ") == name.rstrip(b" ")
    assert len(named.text) % STEP == 0


@given(ASCII)
def test_a_kept_piece_serves_any_words_of_that_length(below: bytes) -> None:
    first = lasting(b"BT /F1 12 Tf 10 20 Td <0041> TJ ET\n" * 3, ())
    one, other = own(b"BT <0041> TJ ET"), own(b"BT <0042> TJ ET\nBT <0043> TJ ET")
    last = lasting(below + first.text, (first, one))
    for name in (one, other):
        assert zlib.decompress(joined([first, name, last])).endswith(name.text + last.text)


def test_a_kept_piece_points_back_over_a_persons_words() -> None:
    words = bytes(range(0x20, 0x7F)) * 3
    first, name = lasting(words, ()), own(b"Ana Ruiz")
    assert len(lasting(words, (first, name)).data) < len(lasting(words, ()).data) / 3


@settings(max_examples=30)
@given(st.binary(max_size=65_535))
def test_bytes_like_nothing_else_stand_as_they_are(data: bytes) -> None:
    assert zlib.decompress(joined([stored(data)])) == data
    assert data in joined([stored(data)])


def test_another_reader_unpacks_a_stream_of_pieces() -> None:
    pieces = [lasting(b"q Q\n" * 50, ()), own(b"BT ET\n")]
    pieces.append(lasting(b"q Q\nBT ET\n" * 20, pieces))
    assert FlateDecode.decode(joined(pieces)) == b"".join(each.text for each in pieces)


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(joined([own(b"Ana Ruiz")]))
    data[-1] ^= 1
    with pytest.raises(zlib.error, match="incorrect data check"):
        zlib.decompress(bytes(data))


def test_a_piece_says_what_it_holds() -> None:
    assert own(b"Ana") == Piece(b"Ana".ljust(STEP), own(b"Ana").data, kept=False)
