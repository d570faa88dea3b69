"""Frozen values that are made as quickly as others: for what there is a hundred thousand of.

What `dataclass` writes for a frozen class sets each field by a call, which takes four times as
long.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

__all__ = ["quickly_made"]

Made = TypeVar("Made")


def quickly_made(frozen: type[Made]) -> type[Made]:
    """Return a frozen dataclass with slots, whose values are made quicker; all else is the same.

    While its fields are set a value is of a class that is not frozen, and nobody else has it yet.

    Raises:
        TypeError: If the class has fields that a function makes or that are only named, or parents.

    >>> from dataclasses import dataclass
    >>> @quickly_made
    ... @dataclass(frozen=True, slots=True)
    ... class Place:
    ...     file: str
    ...     line: int = 0
    >>> Place("day1.csv", line=3)
    Place(file='day1.csv', line=3)
    """
    held: Any = frozen
    every = fields(held)
    given = [each for each in every if each.init]
    if any(each.default_factory is not MISSING or each.kw_only for each in every):
        raise TypeError(f"{frozen.__name__} cannot be made quickly for its fields")
    if held.__base__ is not object:
        raise TypeError(f"{frozen.__name__} cannot be made quickly for its parents")
    begun = [each for each in every if not each.init and each.default is not MISSING]
    defaults = {
        f"_default_{each.name}": each.default for each in every if each.default is not MISSING
    }
    words = [
        each.name if each.default is MISSING else f"{each.name}=_default_{each.name}"
        for each in given
    ]
    lines = [
        f"def __init__(self, {', '.join(words)}):",
        " _set(self, '__class__', _open)",
        *(f" self.{each.name} = {each.name}" for each in given),
        *(f" self.{each.name} = _default_{each.name}" for each in begun),
        " self.__class__ = _frozen",
    ]
    if hasattr(held, "__post_init__"):
        lines.append(" self.__post_init__()")
    open_ = type(frozen.__name__, (), {"__slots__": held.__slots__})
    known: dict[str, Any] = {
        "_set": object.__setattr__, "_open": open_, "_frozen": frozen, **defaults,
    }  # fmt: skip
    exec("\n".join(lines), known)  # noqa: S102 - of names of fields alone, as `dataclass` does
    made = known["__init__"]
    made.__qualname__, made.__module__ = f"{frozen.__qualname__}.__init__", frozen.__module__
    made.__annotations__ = held.__init__.__annotations__
    held.__init__ = made
    return frozen
