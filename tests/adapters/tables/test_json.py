"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lists import cells, read, told

from cecert.adapters.tables import json as json_tables
from cecert.errors import InputError


def written(folder: Path, *lines: object) -> Path:
    path = folder / "completions.jsonl"
    texts = (each if isinstance(each, str) else json.dumps(each) for each in lines)
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def test_lists_numbers_and_truth_stand_for_cells(tmp_path: Path) -> None:
    line = cells() | {
        "credentials": ["ny-social-work", "ma-social-work"],
        "attended": ["day-1", "day-2"],
        "visible": True,
        "fee_paid": False,
        "post_test": 85.5,
        "participant_id": 17,
        "review": None,
    }
    (record,) = read(written(tmp_path, "", line)).records
    assert record.credentials == ("ny-social-work", "ma-social-work")
    assert record.attended == {"day-1", "day-2"}
    assert (record.visible, record.fee_paid) == (True, False)
    assert (record.post_test, record.participant_id) == (Decimal("85.5"), "17")
    assert record.evaluation == date(2020, 10, 30)
    assert record.place == "line 2"


def test_a_key_left_out_of_one_line_is_an_empty_cell(tmp_path: Path) -> None:
    short = {"name": "Bo Li", "email": "b@example.org", "attended": "day-1"}
    listed = read(written(tmp_path, cells(), short))
    assert told(listed) == []
    assert listed.records[1].credentials == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"name": "Bo"', "completions.jsonl: line 2: is not JSON"),
        ("[1, 2]", "completions.jsonl: line 2: is not a JSON object"),
        ('{"name": "Bo", "name": "Bo Li"}', "completions.jsonl: line 2: has one key twice"),
        ("[" * 100_000, "completions.jsonl: line 2: is not JSON"),
        ('{"post_test": ' + "9" * 5000 + "}", "completions.jsonl: line 2: is not JSON"),
        ({"post_test": float("nan")}, "column post_test: 'NaN' is not a number of per cent"),
        ({"name": {"first": "Bo"}}, 'column name: \'{"first": "Bo"}\' is neither text'),
        ({"attended": ["day-1", 2]}, "column attended: '[\"day-1\", 2]' is neither text"),
        ({"attended": ["day-1;day-2"]}, "column attended: '[\"day-1;day-2\"]' is neither text"),
        ({"evaluation": {"at": 1}}, "column evaluation: '{\"at\": 1}' is neither text"),
        ({"name": "\ud800 Li"}, "holds U+D800"),
    ],
)
def test_each_bad_line_says_what_is_wrong(tmp_path: Path, line: object, problem: str) -> None:
    full = cells(email="b@example.org", name="Bo Li")
    row = full | line if isinstance(line, dict) else line
    listed = read(written(tmp_path, cells(), row))
    assert problem in told(listed)[0]
    assert [each.name for each in listed.records] == ["Ana Ruiz"]


@pytest.mark.parametrize("content", ["[]", "null", "{}", "not json"])
def test_a_file_without_an_object_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="holds no JSON object"):
        read(written(tmp_path, content))


def test_more_lines_or_keys_than_any_list_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="has more than 200 different keys"):
        read(written(tmp_path, {str(each): 1 for each in range(201)}))
    monkeypatch.setattr(json_tables, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="has more than 1 lines"):
        read(written(tmp_path, cells(), cells()))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(list(cells())), VALUES))
def test_any_values_are_read_or_told(tmp_path: Path, values: dict[str, object]) -> None:
    listed = read(written(tmp_path, cells() | values))
    assert bool(listed.faults) is not bool(listed.records)
