"""How the command line writes its answers."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.cli._output import answer_json

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
