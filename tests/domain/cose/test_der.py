from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cecert.domain.cose.cbor import MalformedError
from cecert.domain.cose.der import members, tagged, value_at, whole


@given(tag=some.integers(0, 255), content=some.binary(max_size=700))
def test_what_is_written_is_read_and_every_prefix_of_it_is_refused(
    tag: int, content: bytes
) -> None:
    written = tagged(tag, content)
    assert whole(written, tag) == content
    assert list(members(written + written)) == [(tag, written)] * 2
    for end in {0, 1, len(written) - 1}:
        with pytest.raises(MalformedError):
            value_at(written[:end], 0)


@pytest.mark.parametrize(
    "long", ["0481020101", "04820001ff", "0480", "04850000000000", "0484000000"]
)
def test_a_length_in_another_form_is_refused(long: str) -> None:
    with pytest.raises(MalformedError):
        value_at(bytes.fromhex(long) + bytes(300), 0)


def test_more_than_one_value_or_another_tag_is_not_the_whole() -> None:
    for wrong in (tagged(4, b"1") + b"\0", tagged(5, b"1")):
        with pytest.raises(MalformedError):
            whole(wrong, 4)
