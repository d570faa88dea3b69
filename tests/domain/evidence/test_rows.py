"""Rows of all reports by time, each once, as sorting all of them would have it."""

from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.matching import Connection, Rows
from cecert.domain.evidence.rulings import sessions_of
from cecert.testing import sample_course

SESSIONS = sample_course().sessions
BEGUN = SESSIONS[0].start.astimezone(UTC)


def row(name: str, second: int, slack: int, place: tuple[str, int, str]) -> Connection:
    file, line, digest = place
    joined = BEGUN + timedelta(seconds=second), BEGUN + timedelta(seconds=second + slack)
    left = (joined[1] + timedelta(hours=1),) * 2
    stay = Stay(joined, left, file=file, line=line, shown_name=name, waiting=name == "Waiting")
    return Connection(name, "", "7" if name == "Ana" else "", stay, digest)


ROWS = st.builds(
    row,
    st.sampled_from(("Ana", "Ben", "Otter.ai", "Waiting")),
    st.integers(0, 2),
    st.sampled_from((0, 59)),
    st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.sampled_from("xy")),
)


def plainly(reports: list[list[Connection]]) -> list[Connection]:
    def order(each: Connection) -> tuple[object, ...]:
        return each.stay.joined, each.stay.file, each.stay.line, each.sha256

    found: dict[str, Connection] = {}
    for each in sorted((each for report in reports for each in report), key=order):
        found.setdefault(each.mark, each)
    return [*found.values()]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ROWS, max_size=6), max_size=3))
def test_rows_by_time_are_those_of_a_plain_sorting(reports: list[list[Connection]]) -> None:
    rows = Rows.by_time(reports, lambda stay: sessions_of(stay, SESSIONS))
    wanted = plainly(reports)
    assert [*rows] == wanted
    assert rows.marks_in("day-1") == [each.mark for each in wanted]
    assert rows.marks_in("day-2") == []
    shown = [each.shown_name for each in wanted]
    assert [rows[each].shown_name for each in rows.firsts] == [*dict.fromkeys(shown)]
    certain = [each.stay for each in wanted if not each.stay.waiting]
    assert [*rows.certain_in("day-1")] == [
        (each.joined[1].timestamp(), each.left[0].timestamp()) for each in certain if each.left
    ]
    for part, report in enumerate(reports):
        names = [each.shown_name for each in report]
        assert rows.programs_in(part) == ["Otter.ai"] * ("Otter.ai" in names)
        assert [*rows.ids_in(part)] == ["7"] * ("Ana" in names)
        assert rows.sessions_in(part) == ({"day-1"} if report else set())
