"""From a TOML file that a person edited to the shape it should have, with every fault told.

pydantic finds every fault of a file at once; places are counted as a person counts, and
an unknown key names the nearest known one. Whatever editor wrote the file, with a byte
order mark or without, it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from cecert.adapters.office_files.values import nearest
from cecert.adapters.tables import toml
from cecert.errors import ConfigurationError, Fault

__all__ = ["Shape", "parsed", "read_shape", "read_text", "read_toml"]

ShapeT = TypeVar("ShapeT", bound="Shape")


class Shape(BaseModel):
    """A table of a file: each key is known, nothing is converted behind its back."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_toml(path: Path) -> dict[str, Any]:
    """Return what the file at *path* says; decimal fractions as Decimal.

    Raises:
        ConfigurationError: If it cannot be read, is no UTF-8, or is no TOML.
    """
    return parsed(path, read_text(path))


def read_text(path: Path) -> str:
    """Return the text of the TOML file at *path*.

    Raises:
        ConfigurationError: If it cannot be read, or is no UTF-8.
    """
    try:
        return toml.read_toml_text(path)
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from error
    except toml.TomlError as error:
        raise _unusable(path, str(error)) from error


def parsed(path: Path, text: str) -> dict[str, Any]:
    """Return what *text*, which was read of *path*, says; decimal fractions as Decimal.

    Raises:
        ConfigurationError: If it is no TOML.
    """
    try:
        return toml.parse_toml(text, parse_float=Decimal)
    except toml.TomlError as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be used", (Fault(path.name, "", problem),))


def read_shape(
    shape: type[ShapeT], document: object, file: str
) -> tuple[ShapeT | None, tuple[Fault, ...]]:
    """Read *document* as *shape*, or say everything that is wrong with it.

    Args:
        shape: What it should be.
        document: As parsed.
        file: The file's name, for the faults' places.
    """
    try:
        return shape.model_validate(document), ()
    except ValidationError as error:
        return None, tuple(_fault(each, shape, file) for each in error.errors(include_url=False))


def _fault(error: ErrorDetails, shape: type[Shape], file: str) -> Fault:
    loc = error["loc"]
    place = f"{file}: {_path(loc)}" if loc else file
    value, kind = error["input"], error["type"]
    if kind == "extra_forbidden":
        keys = _keys_at(shape, loc[:-1])
        close = nearest(str(loc[-1]), keys)
        return Fault(place, "", f"is no known key{close or '; known are ' + ', '.join(keys)}")
    if kind == "missing":
        return Fault(place, "", "is missing")
    if kind == "value_error":
        return Fault(place, _shown(value), str(error["ctx"]["error"]))
    wanted = "a list: write [[...]] or [...]" if kind == "list_type" else "a table of keys"
    return Fault(place, _shown(value), f"is not {wanted}")


def _shown(value: object) -> str:
    try:
        return value if isinstance(value, str) else str(value)[:80]
    except ValueError:  # Python does not write an integer of more than 4,300 digits
        return "a number too long to show"


def _path(loc: Sequence[str | int]) -> str:
    # Counted from 1, as a person counts the tables of a file.
    steps = (f"[{each + 1}]" if isinstance(each, int) else f".{each}" for each in loc)
    return "".join(steps).removeprefix(".")


def _keys_at(shape: type[Shape], loc: Sequence[str | int]) -> list[str]:
    for step in loc:
        if isinstance(step, str):
            fields = {field.alias or name: field for name, field in shape.model_fields.items()}
            shape = _shape_in(fields[step].annotation)
    return [field.alias or name for name, field in shape.model_fields.items()]


def _shape_in(annotation: Any) -> type[Shape]:  # noqa: ANN401  # annotations are of many types
    if get_origin(annotation) in {list, Union, UnionType, Annotated}:
        inner = (each for each in get_args(annotation) if each is not type(None))
        return _shape_in(next(inner))
    found: type[Shape] = annotation
    return found
