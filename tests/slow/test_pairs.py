"""Two commands at once: each pair, the first held at each of its storage calls.

One pair takes a few seconds at all of its calls, all pairs most of an hour: `make slow` runs
every eighth pair at one call, `make chaos` all of them at all.
"""

from __future__ import annotations

from itertools import count, product
from zlib import crc32

import pytest
from matrix import run_cell
from matrix_made import Fresh, fresh, made_office
from matrix_office import COMMANDS

__all__ = ["fresh", "made_office"]

pytestmark = pytest.mark.slow


PAIRS = tuple(product(COMMANDS, COMMANDS))


@pytest.mark.parametrize(("first", "second"), PAIRS[::8])
def test_neither_of_two_commands_at_once_undoes_the_other_at_one_of_their_calls(
    fresh: Fresh, first: str, second: str
) -> None:
    number = crc32(f"{first} {second}".encode()) % 6
    with fresh() as office:
        cell = run_cell(office, first, second, number)
    assert cell.findings == []


@pytest.mark.long
@pytest.mark.parametrize(("first", "second"), PAIRS)
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
