"""JSON documents written piece by piece."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.values.json_text import json_pieces, one_line

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)

# Programs and people search what was written like this: it is for good.
EVIDENCE = """\
{
 "format": 1,
 "course": {"id": "mbt", "sessions": [{"id": "day-1"}]},
 "rows": [
  {"name": "Zoë \\"Z\\" Núñez", "sessions": ["day-1", "day-2"]},
  {"name": "Ann\\nLee", "sessions": []}
 ],
 "nobody": []
}
"""


def test_the_layout_of_the_evidence_file_is_fixed() -> None:
    document = {
        "format": 1,
        "course": {"id": "mbt", "sessions": [{"id": "day-1"}]},
        "rows": iter(
            [
                {"name": 'Zoë "Z" Núñez', "sessions": ["day-1", "day-2"]},
                {"name": "Ann\nLee", "sessions": []},
            ]
        ),
        "nobody": iter(()),
    }
    assert "".join(json_pieces(document, " ", one_line)) == EVIDENCE


@pytest.mark.parametrize("indent", [" ", "  "])
@given(document=st.dictionaries(st.text(), VALUES), entries=st.lists(VALUES))
@settings(max_examples=50)
def test_what_is_written_is_read_again(
    document: dict[str, object], entries: list[object], indent: str
) -> None:
    written = "".join(json_pieces({**document, "mails": iter(entries)}, indent, one_line))
    assert json.loads(written) == {**document, "mails": entries}
    held = "".join(json_pieces(document, indent, one_line))
    assert json.loads(held) == document


def test_an_entry_is_drawn_when_its_line_is_written_and_not_before() -> None:
    drawn: list[int] = []

    def entry(number: int) -> dict[str, int]:
        drawn.append(number)
        return {"number": number}

    written = 0
    for piece in json_pieces({"entries": map(entry, range(1000))}, " ", one_line):
        written += piece.count("\n  ")
        assert len(drawn) == written
    assert written == 1000
