"""Pieces that wait on the disk until it is their turn."""

from __future__ import annotations

from pathlib import Path

from cecert.adapters.storage.waiting import waiting_in


def test_pieces_that_wait_are_got_again_in_any_order_and_nothing_lies_there(tmp_path: Path) -> None:
    pieces = [b"", b"one\n", bytes(range(256)) * 300, b"two"]
    with waiting_in(tmp_path) as waiting:
        places = [waiting.put(each) for each in pieces]
        assert [waiting.get(each) for each in reversed(places)] == pieces[::-1]
        parts = [*waiting.pieces(places[2])]
        assert b"".join(parts) == pieces[2]
        assert max(map(len, parts)) < len(pieces[2])
        assert [*waiting.pieces(places[0])] == []
        late = waiting.put(b"late")
        later = waiting.put(b"later")
        assert [waiting.get(each) for each in (later, places[1], late)] == [
            b"later",
            b"one\n",
            b"late",
        ]
        assert [*tmp_path.iterdir()] == []
    assert [*tmp_path.iterdir()] == []
