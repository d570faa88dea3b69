"""Lines of the first page one below the other: what has no room for anybody is known by numbers."""

from __future__ import annotations

import pytest

from cecert.adapters.render.layout.first_page import HeadLine, lack_of, stack_of, stacked
from cecert.adapters.render.layout.page import Element
from cecert.adapters.render.layout.setting import NoRoomError
from cecert.adapters.render.layout.table import FitStep

WHITES = {"near": (10, 1, 5), "table": (20, 1, 5)}
LINES = [HeadLine("near", 12, 3, lambda _: Element("P", ()))] * 2


def test_lines_that_alone_have_no_room_are_told_by_heights_and_keep_no_refusal() -> None:
    rung = FitStep({}, 1, 3, room=8)
    assert lack_of(LINES, stack_of(WHITES, rung, 100, 22)) is None
    tight = stack_of(WHITES, rung, 100, 23)
    assert lack_of(LINES, tight) == (78, 77), "white, lines and the room that must be left"
    with pytest.raises(NoRoomError, match="needs 78 pt, has 77"):
        stacked(LINES, tight)
