"""Public values as JSON has them, and back: a rule for each kind of field, not for each class.

Dates and instants are ISO 8601, amounts (Decimal) and ids are text, bytes are hexadecimal, an
Enum is its value, a set is a sorted list. A field that may be of several classes says which
under `kind`. What is read back is checked as any input is: every fault at once, with its place.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from cecert.argument_types import typed
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError

__all__ = ["from_dict", "is_plain", "schema_of", "to_dict"]

ValueT = TypeVar("ValueT")


@typed
def to_dict(value: object) -> dict[str, Any]:
    """Return a public value as JSON has it.

    Raises:
        InputError: If it is no value but does something: a desk, a port.
    """
    if not is_plain(type(value)):
        raise InputError(f"{type(value).__name__} is no value that JSON can hold")
    written: dict[str, Any] = _written(type(value), value)
    return written


@typed
def from_dict(kind: type[ValueT], document: Mapping[str, Any]) -> ValueT:
    """Return the value of a class that `to_dict` made a document of.

    Raises:
        InputError: If the document is none; every fault is listed with its place.
    """
    if not is_plain(kind):
        raise InputError(f"{kind.__name__} is no value that JSON can hold")
    faults: list[Fault] = []
    value = _read(kind, document, kind.__name__, faults)
    if faults:
        raise InputError(f"this is no {kind.__name__}", tuple(faults))
    return typing.cast("ValueT", value)


def is_plain(kind: type) -> bool:
    """Return whether all that a class holds is text, numbers, dates or such classes."""
    return is_dataclass(kind) and kind not in _LEAVES and _can_be(kind)


@cache
def _hints(kind: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except NameError:  # of what only type checkers import: no value
        return {"": object}


_INSTANT = {"type": "string", "format": "date-time"}
_LEAVES: Mapping[type, tuple[Callable[[Any], Any], Callable[[Any], Any], dict[str, Any]]] = {
    datetime: (
        datetime.isoformat,
        datetime.fromisoformat,
        {"type": "string", "format": "date-time"},
    ),
    date: (date.isoformat, date.fromisoformat, {"type": "string", "format": "date"}),
    Decimal: (str, Decimal, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
    bytes: (bytes.hex, bytes.fromhex, {"type": "string", "pattern": "^([0-9a-f]{2})*$"}),
    CertificateId: (str, CertificateId.parse, {"type": "string"}),
}
_JSON: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean", float: "number"}


def _can_be(hint: Any, above: tuple[type, ...] = ()) -> bool:  # noqa: ANN401  # any annotation
    if (origin := typing.get_origin(hint)) is not None:
        held = origin in {typing.Union, types.UnionType} or issubclass(origin, Collection)
        parts = [e for e in typing.get_args(hint) if e is not type(None) and e is not Ellipsis]
        return held and all(_can_be(each, above) for each in parts)
    if not isinstance(hint, type):
        return False
    if hint in above:
        return True
    if hint in _LEAVES or hint in _JSON or issubclass(hint, Enum):
        return True
    if not is_dataclass(hint):
        return False
    hints = _hints(hint)
    return all(_can_be(hints.get(e.name), (*above, hint)) for e in fields(hint) if e.init)


def _written(hint: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911  # one a kind of field
    if value is None:
        return None
    if several := _classes(hint):
        own = next(each for each in several if isinstance(value, each))
        return {"kind": own.__name__, **_written(own, value)}
    hint, arguments = _only(hint), typing.get_args(_only(hint))
    if isinstance(value, Enum):
        return value.value
    if leaf := _LEAVES.get(type(value)):
        return leaf[0](value)
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        named = [each.name for each in fields(value) if each.init]
        return {each: _written(hints[each], getattr(value, each)) for each in named}
    if isinstance(value, Mapping):
        return {str(_written(arguments[0], k)): _written(arguments[1], v) for k, v in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((_written(arguments[0], each) for each in value), key=str)
    if isinstance(value, tuple | list):
        return [
            _written(each, it) for each, it in zip(_of_each(hint, len(value)), value, strict=True)
        ]
    return value


def _classes(hint: Any) -> list[type]:  # noqa: ANN401
    """Return the classes that a field may be of, if there are several dataclasses."""
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return []
    several = [each for each in typing.get_args(hint) if is_dataclass(each)]
    return typing.cast("list[type]", several) if len(several) > 1 else []


def _only(hint: Any) -> Any:  # noqa: ANN401
    """Return what a field is where it is not None."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return next(each for each in typing.get_args(hint) if each is not type(None))
    return hint


def _of_each(hint: Any, count: int) -> list[Any]:  # noqa: ANN401
    """Return what each item of a sequence is."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and Ellipsis not in arguments:
        return list(arguments)
    return [arguments[0]] * count


def _read(  # noqa: PLR0911  # one a kind of field
    hint: Any,  # noqa: ANN401
    value: Any,  # noqa: ANN401
    place: str,
    faults: list[Fault],
) -> Any:  # noqa: ANN401
    if several := _classes(hint):
        named = value.get("kind") if isinstance(value, Mapping) else None
        own = next((each for each in several if each.__name__ == named), None)
        if own is None:
            names = " or ".join(each.__name__ for each in several)
            return _refuse(faults, f"{place}.kind", named, f"is not {names}")
        return _read(own, {k: v for k, v in value.items() if k != "kind"}, place, faults)
    if value is None and type(None) in typing.get_args(hint):
        return None
    hint = _only(hint)
    if hint not in _LEAVES and is_dataclass(hint) and isinstance(hint, type):
        return _read_fields(hint, value, place, faults)
    if typing.get_args(hint):
        return _read_many(hint, value, place, faults)
    if hint in _JSON:
        right = isinstance(value, hint) and (hint is bool or not isinstance(value, bool))
        return value if right else _refuse(faults, place, value, f"is no {_JSON[hint]}")
    if hint in _LEAVES and not isinstance(value, str):
        return _refuse(faults, place, value, f"is no {hint.__name__}")
    try:
        return _LEAVES[hint][1](value) if hint in _LEAVES else hint(value)
    except (ValueError, TypeError, InvalidOperation):
        return _refuse(faults, place, value, f"is no {hint.__name__}")


def _read_key(hint: Any, key: str, place: str, faults: list[Fault]) -> Any:  # noqa: ANN401
    """Read a key of an object, which JSON has as text whatever it is."""
    if hint is not int:
        return _read(hint, key, place, faults)
    try:
        return int(key)
    except ValueError:
        return _refuse(faults, place, key, f"has a key that is no {_JSON[int]}")


def _read_many(hint: Any, value: Any, place: str, faults: list[Fault]) -> Any:  # noqa: ANN401
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            return _refuse(faults, place, value, "is no object")
        return {
            _read_key(arguments[0], key, place, faults):
            _read(arguments[1], each, f"{place}.{key}", faults)
            for key, each in value.items()
        }  # fmt: skip
    hints = _of_each(hint, len(value)) if isinstance(value, list) else []
    if not isinstance(value, list) or len(hints) != len(value):
        return _refuse(faults, place, value, "is no list, or not so long")
    made = [
        _read(each, it, f"{place}[{number}]", faults)
        for number, (each, it) in enumerate(zip(hints, value, strict=True), 1)
    ]
    return frozenset(made) if issubclass(origin, AbstractSet) else tuple(made)


def _read_fields(kind: type, value: Any, place: str, faults: list[Fault]) -> Any:  # noqa: ANN401
    if not isinstance(value, Mapping):
        return _refuse(faults, place, value, "is no object")
    known, before, hints = {e.name: e for e in fields(kind) if e.init}, len(faults), _hints(kind)
    for name in value.keys() - known.keys():
        _refuse(faults, f"{place}.{name}", "", "is no known key")
    for name, each in known.items():
        if name not in value and each.default is MISSING and each.default_factory is MISSING:
            _refuse(faults, f"{place}.{name}", "", "is missing")
    given = {
        name: _read(hints[name], value[name], f"{place}.{name}", faults)
        for name in known
        if name in value
    }
    if len(faults) > before:
        return None
    try:
        return kind(**given)
    except ValueError as error:
        return _refuse(faults, place, "", str(error))
    except (ArithmeticError, TypeError):  # of values that nobody can reckon with
        return _refuse(faults, place, "", f"is no {kind.__name__}")


def _refuse(faults: list[Fault], place: str, value: object, problem: str) -> None:
    faults.append(Fault(place, "" if value is None else str(value), problem))


def schema_of(*kinds: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `to_dict` makes of some classes, under `$defs`."""
    named: dict[str, Any] = {}
    for each in kinds:
        _schema(each, named)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(named.items())),
        **({"$ref": f"#/$defs/{kinds[0].__name__}"} if len(kinds) == 1 else {}),
    }


def _schema(hint: Any, named: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        choices = [{"type": "null"} if e is type(None) else _schema(e, named) for e in arguments]
        if several := {each.__name__ for each in _classes(hint)}:
            choices = [_told(each, several) for each in choices]
        return {"anyOf": choices}
    if arguments:
        return _schema_of_many(hint, arguments, named)
    if hint in _JSON:
        return {"type": _JSON[hint]}
    if hint in _LEAVES:
        return dict(_LEAVES[hint][2])
    if issubclass(hint, Enum):
        return {"enum": [each.value for each in hint]}
    if hint.__name__ not in named:
        named[hint.__name__] = {}
        hints = _hints(hint)
        own = [each for each in fields(hint) if each.init]
        named[hint.__name__] = {
            "type": "object",
            "properties": {each.name: _schema(hints[each.name], named) for each in own},
            "required": [
                e.name for e in own if e.default is MISSING and e.default_factory is MISSING
            ],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _told(choice: dict[str, Any], several: set[str]) -> dict[str, Any]:
    name = str(choice.get("$ref", "")).rpartition("/")[2]
    if name not in several:
        return choice
    return {
        "type": "object",
        "properties": {"kind": {"const": name}},
        "required": ["kind"],
        "description": f"and the keys of {name}",
    }


def _schema_of_many(
    hint: Any,  # noqa: ANN401
    arguments: tuple[Any, ...],
    named: dict[str, Any],
) -> dict[str, Any]:
    origin = typing.get_origin(hint)
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], named)}
    if origin is tuple and Ellipsis not in arguments:
        items = [_schema(each, named) for each in arguments]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    unique = {"uniqueItems": True} if issubclass(origin, AbstractSet) else {}
    return {"type": "array", "items": _schema(arguments[0], named), **unique}
