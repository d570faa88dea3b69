"""Several lines: the size that holds a text is found without asking what would hold it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from certificate_samples import ROOT
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.render.text import breaking
from cecert.adapters.render.text.breaking import DoesNotFitError, balanced, holds
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.fitting import STEP, fitted
from cecert.adapters.render.text.layout_file import load_layout
from cecert.adapters.render.text.shaping import Style

LAYOUT = load_layout(ROOT / "templates" / "layouts" / "classic.toml", FaceShelf(ROOT / "fonts"))
STYLE: Style = LAYOUT.styles["words_bold"]
WORDS = st.sampled_from(["Ana", "No.", "12", "hours", "B.A.,", "NASW", "LCSW-R", "W" * 30, "of"])


@given(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), st.integers(1, 5),
       st.floats(20, 400), st.floats(7, 40))  # fmt: skip
def test_what_is_said_to_be_held_is_broken_and_nothing_else(
    text: str, most: int, measure: float, size: float
) -> None:
    try:
        lines: Sequence[str] = balanced(text, STYLE.at(size), measure, most)
    except DoesNotFitError:
        lines = ()
    assert holds(text, STYLE.at(size), measure, most) is bool(lines)
    assert len(lines) <= most


def test_only_the_least_size_is_asked_what_measure_would_hold_a_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passes: list[float] = []
    greedy = breaking._greedy

    def counted(words: Sequence[str], style: Style, measure: float) -> list[str]:
        passes.append(style.size)
        return greedy(words, style, measure)

    monkeypatch.setattr(breaking, "_greedy", counted)
    fit = {"one": [30.0, 20.0], "many": [24.0, 12.0], "lines": 2}
    with pytest.raises(DoesNotFitError) as caught:
        fitted("Wonderful Mammoth " * 60 + "in all", STYLE, 300.0, fit)
    sizes = int((24 - 12) / STEP)
    assert len(passes) - passes.count(12.0) == sizes
    assert caught.value.needed > 1000


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("sponsor number 0169. Delivery method", ["sponsor", "number 0169.", "Delivery", "method"]),
        ("ACE provider 0000, approved", ["ACE", "provider 0000,", "approved"]),
        ("is a provider approved", ["is", "a", "provider", "approved"]),
        ("receive 6 contact hours", ["receive", "6 contact", "hours"]),
    ],
)
def test_a_number_stands_with_what_is_numbered_and_not_with_the_next_sentence(
    text: str, apart: list[str]
) -> None:
    assert breaking._glued(text) == apart
