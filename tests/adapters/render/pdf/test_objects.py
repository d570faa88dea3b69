"""PDF objects, as a file has them."""

from __future__ import annotations

import pytest

from cecert.adapters.render.pdf.objects import Name, Raw, Ref, serialised


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, b"null"),
        (True, b"true"),
        (-3, b"-3"),
        (0.0, b"0"),
        (1.25, b"1.25"),
        (Ref(7), b"7 0 R"),
        (Name("A B#"), b"/A#20B#23"),
        ("plain (text) \\", b"(plain \\(text\\) \\\\)"),
        ("Żaba", b"<FEFF017B006100620061>"),
        ("two\nlines", b"<FEFF00740077006F000A006C0069006E00650073>"),
        (b"\x00\xff", b"(\x00\xff)"),
        (b"(\\)\r\n", b"(\\(\\\\\\)\\r\n)"),
        (Raw(b"<</Any/Thing>>"), b"<</Any/Thing>>"),
        ({"K": [1, {"L": None}]}, b"<</K[1 <</L null>>]>>"),
    ],
)
def test_a_value_is_written_as_iso_32000_says(value: object, expected: bytes) -> None:
    assert serialised(value) == expected


def test_what_pdf_has_no_object_for_is_an_error() -> None:
    with pytest.raises(TypeError, match="complex is no PDF object"):
        serialised(1j)
