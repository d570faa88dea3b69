"""Overrides in a stored record, of this release and of those before it."""

from __future__ import annotations

import json

import pytest

from cecert.cli.status import decided_lines


def of_session(**facts: object) -> str:
    return json.dumps({"participant": "ana", "sessions": [{"session": "day-1", **facts}]})


@pytest.mark.parametrize("evidence", ["", "{}", "[]", '{"sessions": []}', of_session()])
def test_a_record_without_overrides_tells_of_none(evidence: str) -> None:
    assert decided_lines(evidence) == ()


def test_an_override_is_told_with_author_date_reason_and_reference() -> None:
    decision = {
        "kind": "actual_window",
        "by": "M. Example",
        "at": "2020-11-02T10:15:00-05:00",
        "why": "the host ended early",
        "reference": "",
    }
    told = "day-1: actual window by M. Example, 2020-11-02 15:15 UTC: the host ended early"
    assert decided_lines(of_session(decisions=[decision])) == (told,)
    assert decided_lines(of_session(decisions=[decision | {"reference": "ticket 9"}])) == (
        f"{told} (ticket 9)",
    )


def test_a_record_of_an_earlier_release_has_their_words_alone() -> None:
    words = "override by M. Example: she wrote so"
    evidence = of_session(overrides=[words], notes=["waiting room time not counted", words])
    assert decided_lines(evidence) == (f"day-1: {words}",)
