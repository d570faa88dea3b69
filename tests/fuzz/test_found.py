"""Every input that a decoder once stumbled over, and some hand-made ones, read by every decoder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz.decoders import DECODERS

FOUND = sorted((Path(__file__).parent / "found").glob("*"))
HOSTILE = (
    b"", b"\0", b"\xff" * 64, b"\x9f" * 200, b"[" * 5000, b"PK\x03\x04" + b"\0" * 40, b"1" * 5000,
    b"#1" + b"9" * 1400, b'name,email\r\n"', b"a.b." * 4000 + b"=1", b"\xfe\xff\xd8\x00",
    b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n--x--\r\n",
)  # fmt: skip


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_raises_nothing_but_its_own_error(name: str) -> None:
    for data in (*HOSTILE, *(each.read_bytes() for each in FOUND)):
        DECODERS[name](data)
