"""A frozen value that is made quickly is what `dataclass` makes of the same class."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from inspect import signature

import pytest

from cecert.domain.values.quick_making import quickly_made


@dataclass(frozen=True, slots=True)
class Plain:
    """A place in a file."""

    file: str
    line: int = 0
    seen: int = field(init=False, compare=False, default=-1)
    place: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.line < 0:
            raise ValueError("no such line")
        object.__setattr__(self, "place", f"{self.file}:{self.line}")


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """A place in a file."""

    file: str
    line: int = 0
    seen: int = field(init=False, compare=False, default=-1)
    place: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.line < 0:
            raise ValueError("no such line")
        object.__setattr__(self, "place", f"{self.file}:{self.line}")


def test_a_value_is_what_it_would_be() -> None:
    plain, quick = Plain("a", line=3), Quick("a", line=3)
    assert (
        repr(quick) == repr(plain).replace("Plain", "Quick") == "Quick(file='a', line=3, seen=-1)"
    )
    assert (quick.place, type(quick)) == (plain.place, Quick)
    assert quick == Quick("a", 3) != Quick("a")
    assert hash(quick) == hash(Quick("a", 3))
    assert replace(quick, line=4).place == "a:4"
    assert pickle.loads(pickle.dumps(quick)) == quick
    assert str(signature(Quick)) == str(signature(Plain)).replace("Plain", "Quick")


def test_nothing_sets_its_fields_and_what_is_wrong_is_refused() -> None:
    quick = Quick("a")
    with pytest.raises(FrozenInstanceError):
        quick.line = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        object.__setattr__(quick, "other", 3)
    with pytest.raises(ValueError, match="no such line"):
        Quick("a", -1)
    with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required positional"):
        Quick()  # type: ignore[call-arg]


def test_what_cannot_be_made_so_is_told() -> None:
    @dataclass(frozen=True, slots=True)
    class Listed:
        lines: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Child(Plain):
        more: str = ""

    with pytest.raises(TypeError, match="Listed cannot be made quickly for its fields"):
        quickly_made(Listed)
    with pytest.raises(TypeError, match="Child cannot be made quickly for its parents"):
        quickly_made(Child)
