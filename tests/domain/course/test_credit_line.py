"""Credit lines, as batches look them up."""

from __future__ import annotations

from dataclasses import replace

from cecert.testing import sample_course


def test_equal_lines_are_one_key_and_others_are_others() -> None:
    lines = sample_course().credit_lines
    found = {each: number for number, each in enumerate(lines)}
    assert [found[replace(each)] for each in lines] == list(range(len(lines)))
    assert replace(lines[0], label="another") not in found


def test_a_line_is_looked_up_by_few_of_its_facts() -> None:
    line = sample_course().credit_lines[0]
    # What cannot be hashed is not.
    assert hash(replace(line, categories=[])) == hash(line)  # type: ignore[arg-type]
