"""How the command line writes its answers."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.cli._output import answer_json, answer_row, table

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('ab\n"\\'), inner),
    max_leaves=12,
)

# Programs read what was written like this: it is for good.
ANSWER = """\
{
  "mails": [
    {"id": "1", "subject": "Zoë \\"Z\\" Núñez", "to": ["z@example.edu"]},
    {"id": "2", "subject": "Ann\\nLee", "to": []}
  ],
  "lost": [],
  "counts": {
    "sent": 2,
    "by": [
      "deliver"
    ]
  },
  "warnings": []
}
"""


def test_the_layout_of_an_answer_is_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    mails: list[object] = [
        {"id": "1", "subject": 'Zoë "Z" Núñez', "to": ["z@example.edu"]},
        {"id": "2", "subject": "Ann\nLee", "to": []},
    ]
    answer_json(
        {
            "mails": iter(mails),
            "lost": iter(()),
            "counts": {"sent": 2, "by": ["deliver"]},
            "warnings": [],
        }
    )
    assert capsys.readouterr().out == ANSWER


@given(document=st.dictionaries(st.text('abc\n"'), VALUES))
@settings(max_examples=50)
def test_an_answer_that_is_held_as_a_whole_is_indented_by_two(document: dict[str, object]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        out = io.StringIO()
        patched.setattr("sys.stdout", out)
        answer_json(document)
    assert out.getvalue() == json.dumps(document, ensure_ascii=False, indent=2) + "\n"


HARMFUL = (("=HYPERLINK(1)", "\x1b[2Jgone", "a\tb\nc", "+1", "@a", "-2", "-", "1-2", "Ana"),)
HARMLESS = "'=HYPERLINK(1)\t\N{REPLACEMENT CHARACTER}[2Jgone\ta b c\t'+1\t'@a\t'-2\t-\t1-2\tAna\n"


def test_a_table_in_a_file_is_obeyed_by_no_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    table(["=1", *"bcdefghi"], HARMFUL)
    assert capsys.readouterr().out == "'=1\tb\tc\td\te\tf\tg\th\ti\n" + HARMLESS
    answer_row(HARMFUL[0])
    assert capsys.readouterr().out == HARMLESS


@given(cells=st.lists(st.text(), min_size=1))
def test_a_row_is_one_line_of_as_many_cells_and_no_formula(cells: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        out = io.StringIO()
        patched.setattr("sys.stdout", out)
        answer_row(cells)
    line = out.getvalue()
    assert line.splitlines() == [line[:-1]]
    shown = line[:-1].split("\t")
    assert len(shown) == len(cells)
    assert not any(each.startswith(("=", "+", "@")) for each in shown)
    assert all(each.isprintable() and (each == "-" or not each.startswith("-")) for each in shown)
