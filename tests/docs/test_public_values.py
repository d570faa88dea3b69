"""Whoever gets a value of the library reads what each field of it is, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from importlib import import_module
from inspect import cleandoc
from typing import Any

PACKAGES = ("cecert", "cecert.ports", "cecert.office", "cecert.testing")
NUMBER = re.compile(r"\b(?:int|float|Decimal)\b")
UNIT = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|months?|years?|hundredths?|per cent|bytes?"
    r"|how many|how often|most|number|counts?|counted|line|rows?|codes?|port|leaves|steps"
    r"|from [01]|[01] in)\b",
    re.IGNORECASE,
)
"""A unit, or what is counted, or from where."""


def values() -> Iterator[type]:
    """Yield the dataclasses among the public names."""
    found = {
        value: None
        for package in map(import_module, PACKAGES)
        for value in (getattr(package, name) for name in package.__all__)
        if isinstance(value, type) and is_dataclass(value)
    }
    yield from found


def explained(text: str) -> dict[str, str]:
    """Return what a docstring says of each attribute."""
    section = cleandoc(text).partition("Attributes:\n")[2]
    section = re.split(r"^\S", section, maxsplit=1, flags=re.MULTILINE)[0]
    entries = re.split(r"^ {4}(?=\S)", section, flags=re.MULTILINE)
    told = (entry.partition(":") for entry in entries if entry)
    return {name: " ".join(words.split()) for names, _, words in told for name in names.split(", ")}


VALUES = list(values())


def test_every_field_of_a_public_value_is_explained() -> None:
    assert len(VALUES) > 100
    missing = {
        value.__qualname__: left
        for value in VALUES
        if (left := {each.name for each in public(value)} - explained(value.__doc__ or "").keys())
    }
    assert missing == {}


def test_every_figure_of_a_public_value_has_its_unit() -> None:
    figures = [
        (value, each.name, explained(value.__doc__ or "").get(each.name, ""))
        for value in VALUES
        for each in public(value)
        if NUMBER.search(str(each.type))
    ]
    assert len(figures) > 70
    first = {value: (value.__doc__ or "").partition("\n")[0] for value in VALUES}
    bare = [
        f"{value.__qualname__}.{name}: {words}"
        for value, name, words in figures
        if not UNIT.search(f"{words} {first[value]}")
    ]
    assert bare == []


def public(value: type) -> Iterator[Field[Any]]:
    yield from (each for each in fields(value) if not each.name.startswith("_"))
