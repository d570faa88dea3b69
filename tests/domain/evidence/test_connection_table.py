"""Connections in a table are those that were put there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.connection_table import ConnectionTable
from cecert.domain.evidence.connections import Connection
from cecert.domain.evidence.matching import Rows

BEGUN = datetime(2020, 10, 22, 17, tzinfo=UTC)


@st.composite
def connections(draw: st.DrawFn) -> Connection:
    seconds = st.integers(0, 20_000)
    first, more, length = draw(seconds), draw(st.sampled_from((0, 59))), draw(seconds)
    joined = BEGUN + timedelta(seconds=first), BEGUN + timedelta(seconds=first + more)
    left = joined[1] + timedelta(seconds=length)
    words, many = st.text(max_size=9), st.lists(st.text(max_size=5), max_size=2).map(tuple)
    name = draw(words)
    stay = Stay(
        joined,
        draw(st.sampled_from((None, (left, left), (left, left + timedelta(seconds=59))))),
        waiting=draw(st.booleans()),
        file=draw(st.sampled_from(("a.csv", "b.csv"))),
        line=draw(seconds),
        shown_name=draw(st.sampled_from((name, "by somebody"))),
        gaps_shown=draw(st.booleans()),
        within=draw(many),
    )
    return Connection(
        name, draw(words), draw(words), stay, draw(words), draw(words), draw(words), draw(words),
        draw(many), draw(many), draw(many), draw(many),
    )  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.lists(connections(), max_size=8), st.integers(0, 8))
def test_connections_of_a_table_are_those_of_a_list(rows: list[Connection], cut: int) -> None:
    table = ConnectionTable()
    parts = [table.kept(rows[:cut]), table.kept(rows[cut:])]
    assert [each for part in parts for each in part] == rows
    assert [each.mark for part in parts for each in part] == [each.mark for each in rows]
    together = table.kept(iter(rows))
    assert together == rows
    assert [together[each] for each in range(-len(rows), len(rows))] == [*rows, *rows]
    assert [*together[1:3]] == rows[1:3]
    assert [*together[1:][:2]] == rows[1:3]
    assert all(each.stay.joined[0].tzinfo is UTC for each in together)
    for beyond in (len(rows), -len(rows) - 1):
        with pytest.raises(IndexError):
            together[beyond]
    whos = table.whos[together.rows.start :]
    for each, who in zip(rows, whos, strict=True):
        assert table.said[who][:3] == (each.shown_name, each.email, each.platform_id)
        assert table.ids(who) == (each.platform_id, each.registrant_id)


@settings(max_examples=15, deadline=None)
@given(st.lists(connections(), min_size=1, max_size=8))
def test_rows_of_one_table_are_those_of_lists(rows: list[Connection]) -> None:
    table, other = ConnectionTable(), ConnectionTable()
    told = [table.kept(rows[:3]), table.kept(rows[3:])]
    mixed = [table.kept(rows[:3]), other.kept(rows[3:])]
    plain = [rows[:3], rows[3:]]
    wanted = [*Rows.by_time(plain, lambda _: ())]
    assert [*Rows.by_time(told, lambda _: ())] == wanted
    assert [*Rows.by_time(mixed, lambda _: ())] == wanted
    found = Rows(told)
    numbers, begins = found.by_who()
    assert sorted(numbers) == [*range(len(found))]
    for who in range(found.people):
        mine = [*numbers[begins[who] : begins[who + 1]]]
        assert mine == [each for each in range(len(found)) if found.who(each) == who]
