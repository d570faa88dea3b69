"""What is public: the names of four packages, and every type that stands in their signatures."""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from types import FunctionType, GenericAlias

PACKAGES = ("cecert", "cecert.ports", "cecert.office", "cecert.testing")


def public_names() -> dict[str, object]:
    """Return what is public, by its package and name."""
    modules = {each: import_module(each) for each in PACKAGES}
    return {
        f"{package}.{name}": getattr(module, name)
        for package, module in modules.items()
        for name in module.__all__
    }


def hidden_types() -> dict[str, list[str]]:
    """Return the types of cecert in public signatures that are exported nowhere, and where.

    What is handed in may be a parent of a public class: who calls has the child.
    """
    public = public_names()
    known = {id(each) for each in public.values()}
    parents = {
        id(base) for each in public.values() if isinstance(each, type) for base in each.__mro__
    }
    found: dict[str, list[str]] = {}
    for name, each in public.items():
        for place, kind in types_of(name, each):
            enough = known if place.endswith(": return") else known | parents
            if kind.__module__.startswith("cecert") and id(kind) not in enough:
                found.setdefault(f"{kind.__module__}.{kind.__qualname__}", []).append(place)
    return found


def types_of(name: str, thing: object) -> Iterator[tuple[str, type]]:
    """Yield each type in the signatures of a function, or of a class and its members."""
    if isinstance(thing, type):
        for base in thing.__mro__:
            if base.__module__.startswith("cecert"):
                yield from _members(name, base)
    elif isinstance(function := _unwrapped(thing), FunctionType):
        yield from _annotated(name, function, function.__module__)


def is_internal(member: object) -> bool:
    """Return whether a member of a public class says that it is cecert's own."""
    return (getattr(member, "__doc__", "") or "").rstrip().endswith("Internal.")


def public_members(kind: type) -> Iterator[tuple[str, FunctionType]]:
    """Yield the public functions of a class, its properties' too."""
    for name, value in vars(kind).items():
        function = _unwrapped(value)
        shown = name == "__init__" and not is_dataclass(kind)
        if (name.startswith("_") and not shown) or is_internal(function):
            continue
        if isinstance(function, FunctionType):
            yield name, function


def _members(name: str, kind: type) -> Iterator[tuple[str, type]]:
    if not issubclass(kind, enum.Enum):
        yield from _annotated(name, kind, kind.__module__)
    for member, function in public_members(kind):
        yield from _annotated(f"{name}.{member}", function, function.__module__)


def _unwrapped(value: object) -> object:
    match value:
        case classmethod() | staticmethod():
            value = value.__func__
        case property():
            value = value.fget
        case functools.cached_property():
            value = value.func
    return inspect.unwrap(value) if callable(value) else value


def _annotated(place: str, thing: type | FunctionType, module: str) -> Iterator[tuple[str, type]]:
    for name, text in inspect.get_annotations(thing).items():
        if not name.startswith("_"):
            said = getattr(text, "__forward_arg__", text)  # of a NamedTuple
            kinds = eval(said, names_of(module)) if isinstance(said, str) else said
            yield from ((f"{place}: {name}", kind) for kind in _types_in(kinds))


def _types_in(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not isinstance(annotation, GenericAlias):
        yield annotation
    for each in typing.get_args(annotation):
        for inner in each if isinstance(each, list) else (each,):
            yield from _types_in(inner)


@cache
def names_of(module: str) -> dict[str, object]:
    """Return the names a module's annotations may use, of what only type checkers import too."""
    loaded = import_module(module)
    names = dict(vars(loaded))
    for node in ast.parse(inspect.getsource(loaded)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for each in (it for it in node.body if isinstance(it, ast.ImportFrom)):
                source = import_module(str(each.module))
                names |= {it.asname or it.name: getattr(source, it.name) for it in each.names}
    return names
