"""`docs/reference/files.md` names every key that a file may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from cecert.adapters.office_files.course_shape import CourseShape
from cecert.adapters.office_files.office_shape import OfficeShape
from cecert.adapters.office_files.regime_files import RegimeShape
from cecert.domain.course.statement import STATEMENT_FIELDS

PAGE = (Path(__file__).parents[2] / "docs/reference/files.md").read_text("utf-8")


def keys_of(shape: type[BaseModel]) -> Iterator[str]:
    """Return the keys of a table and of all tables in it."""
    for name, field in shape.model_fields.items():
        yield field.alias or name
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from keys_of(inner)


@pytest.mark.parametrize(
    ("heading", "shape"),
    [
        ("## cecert.toml", OfficeShape),
        ("## course.toml", CourseShape),
        ("## Regime files", RegimeShape),
    ],
)
def test_every_key_of_the_file_is_in_its_tables(heading: str, shape: type[BaseModel]) -> None:
    section = PAGE.partition(heading)[2].partition("\n## ")[0]
    rows = "".join(each for each in section.splitlines() if each.startswith("|"))
    named = set(re.findall(r"[a-z_][a-z_0-9]*", " ".join(re.findall(r"`([^`]+)`", rows))))
    wanted = set(keys_of(shape))
    assert len(wanted) > 20
    assert wanted - named == set()


def test_every_field_of_a_statement_is_named() -> None:
    assert [each for each in STATEMENT_FIELDS if f"`{each}`" not in PAGE] == []
