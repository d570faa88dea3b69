"""An argument of a wrong type is told by its name, wherever a public call stumbles over it.

Nothing is looked at as long as all goes well, so it costs nothing. What was raised because
something is not what a signature says becomes a TypeError that names the argument and the
field; all other errors go on as they are.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, wraps
from importlib import import_module
from inspect import iscoroutinefunction, isgeneratorfunction, signature
from itertools import islice
from typing import Any, ParamSpec, TypeVar

__all__ = ["misfit", "typed"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_STUMBLES = (AttributeError, TypeError, LookupError, ValueError, ArithmeticError, OSError)
_PUBLIC = ("", ".ports", ".office", ".testing")
_DEEP = 4
_LOOKED_AT = 1000


def typed(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Return a function that names the argument of a wrong type over which it stumbles.

    Raises:
        TypeError: By the function returned, if an argument is not what its signature says.
    """
    made: Callable[..., Any]
    if iscoroutinefunction(function):

        @wraps(function)
        async def answered(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            try:
                return await function(*args, **named)
            except _STUMBLES as error:
                _tell(function, args, named, error)
                raise

        made = answered
    elif isgeneratorfunction(function):

        @wraps(function)
        def yielded(*args: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401
            try:
                yield from function(*args, **named)
            except _STUMBLES as error:
                _tell(function, args, named, error)
                raise

        made = yielded
    else:

        @wraps(function)
        def called(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            try:
                return function(*args, **named)
            except _STUMBLES as error:
                _tell(function, args, named, error)
                raise

        made = called
    return typing.cast("Callable[Given, Answer]", made)


def _tell(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    named: Mapping[str, Any],
    error: Exception,
) -> None:
    """Raise a TypeError for an argument of a wrong type; return if there is none."""
    if hasattr(error, "code") or getattr(error, "is_told", False):
        return  # it is one of ours, or said already
    try:
        given = signature(function).bind(*args, **named).arguments
    except TypeError:
        return  # too many or too few: Python says it itself
    hints = _hints(function)
    for name, value in given.items():
        place = f"{function.__qualname__}: {name}"
        hint: Any = hints.get(name, Any)
        if name == "self":
            hint, place = type(value), type(value).__name__
        if wrong := misfit(hint, value, place):
            told = TypeError(wrong)
            told.is_told = True  # type: ignore[attr-defined]  # by a call within this one
            raise told from error


def misfit(  # noqa: C901, PLR0911  # one a kind of hint
    hint: Any,  # noqa: ANN401
    value: object,
    place: str,
    depth: int = 0,
) -> str:
    """Return a sentence about the first thing in a value that is not what a hint says, or "".

    Args:
        hint: What a signature says: a type, a union, a collection of such.
        value: What was given.
        place: Where it stands, for the sentence.
        depth: How deep within the argument it stands.
    """
    if hint is _Unread:
        is_plain = value is None or type(value).__module__ == "builtins"
        return _told(value, place, "part of an office") if is_plain else ""
    if isinstance(hint, TypeVar):
        hint = hint.__bound__
    if isinstance(hint, typing.ForwardRef | str) or hint in {Any, None}:
        return ""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        near = [each for each in parts if _is_of(each, value)]
        told = [misfit(each, value, place, depth) for each in near or parts[:1]]
        if near or len(parts) == 1:
            return "" if "" in told else told[0]
        return _told(value, place, " or ".join(map(_name, parts)))
    if origin is typing.Annotated:
        return misfit(parts[0], value, place, depth)
    if not _is_of(hint, value):
        return _told(value, place, _name(hint))
    if depth > _DEEP:
        return ""
    if isinstance(value, Collection) and not isinstance(value, str | bytes) and parts:
        return _misfit_within(origin, parts, value, place, depth + 1)
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        within = (
            misfit(hints[each.name], getattr(value, each.name), f"{place}.{each.name}", depth + 1)
            for each in fields(value)
            if each.name in hints and hasattr(value, each.name)
        )
        return next(filter(None, within), "")
    return ""


class _Unread:
    """Stands for what only type checkers import: nothing that Python itself has."""


def _told(value: object, place: str, wanted: str) -> str:
    # A figure is shown; what else it is may be a passphrase, or tell of a person.
    is_figure = value is None or isinstance(value, bool | int | float)
    shown = repr(value) if is_figure else f"a {type(value).__name__}"
    return f"{place}: {shown} is no {wanted}"


def _misfit_within(
    origin: Any,  # noqa: ANN401
    parts: tuple[Any, ...],
    value: Collection[Any],
    place: str,
    depth: int,
) -> str:
    if isinstance(value, Mapping):
        pairs = islice(value.items(), _LOOKED_AT)
        within = (
            misfit(parts[0], key, f"{place}: key", depth)
            or misfit(parts[-1], each, f"{place}[{key!r}]", depth)
            for key, each in pairs
        )
        return next(filter(None, within), "")
    items = [*islice(value, _LOOKED_AT)]
    hints = [parts[0]] * len(items)
    if origin is tuple and parts[-1] is not Ellipsis:
        if len(items) != len(parts):
            return f"{place}: {len(items)} stand there, and not {len(parts)}"
        hints = [*parts]
    within = (
        misfit(hint, each, f"{place}[{number}]", depth)
        for number, (hint, each) in enumerate(zip(hints, items, strict=True), 1)
    )
    return next(filter(None, within), "")


def _is_of(hint: Any, value: object) -> bool:  # noqa: ANN401, PLR0911  # one a kind of hint
    if hint is None or hint is type(None):
        return value is None
    origin = typing.get_origin(hint) or hint
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if origin is float and isinstance(value, int):
        return True
    if origin is int and isinstance(value, bool):
        return True
    if not isinstance(origin, type):
        return True
    if getattr(origin, "_is_protocol", False):
        return all(hasattr(value, each) for each in _members(origin))
    if issubclass(origin, Iterable) and not issubclass(origin, str | bytes):
        return isinstance(value, origin) and not isinstance(value, str | bytes)
    return isinstance(value, origin)


def _members(protocol: type) -> set[str]:
    own = [vars(each) for each in protocol.__mro__ if getattr(each, "_is_protocol", False)]
    return {
        name
        for each in own
        for name in (*each, *each.get("__annotations__", {}))
        if not name.startswith("_")
    }


def _name(hint: Any) -> str:  # noqa: ANN401
    if hint is type(None):
        return "None"
    return hint.__name__ if isinstance(hint, type) else str(hint).replace("typing.", "")


@cache
def _hints(thing: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Return what the annotations of a function or a class mean, so far as they can be read."""
    try:
        return typing.get_type_hints(thing)
    except (NameError, TypeError):  # of what only type checkers import
        known = _public_names()
    found = {}
    for name, said in getattr(thing, "__annotations__", {}).items():
        try:
            found[name] = typing.get_type_hints(
                types.SimpleNamespace(__annotations__={name: said}),
                {**vars(import_module(thing.__module__)), **known},
            )[name]
        except (NameError, TypeError):
            found[name] = _Unread  # internal, as a part of an office is
    return found


@cache
def _public_names() -> dict[str, Any]:
    """Return every public name: each type that stands in a public signature is one."""
    found: dict[str, Any] = {}
    for each in _PUBLIC:
        try:
            module = import_module(f"{__package__}{each}")
        except ImportError:  # who verifies alone has not all of them
            continue
        found |= {name: getattr(module, name, None) for name in getattr(module, "__all__", ())}
    return found
