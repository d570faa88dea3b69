"""Two commands at once: each pair, the first held at each of its storage calls.

One pair takes a few seconds, all of them most of an hour.
"""

from __future__ import annotations

from itertools import count, product

import pytest
from matrix import COMMANDS, Fresh, fresh, made_office, run_cell

__all__ = ["fresh", "made_office"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("first", "second"), product(COMMANDS, COMMANDS))
def test_neither_of_two_commands_at_once_undoes_the_other_wherever_they_meet(
    fresh: Fresh, first: str, second: str
) -> None:
    wrong = []
    for number in count():
        with fresh() as office:
            cell = run_cell(office, first, second, number)
        wrong += [(number, cell.call, each) for each in cell.findings]
        if not cell.call:
            break
    assert wrong == []
    assert number > 0
