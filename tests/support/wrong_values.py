"""Every public call with a good value for each argument, and with wrong ones in its place.

Good values are made of what signatures say: samples of an office in memory where there are
some, else the least that a type allows.
"""

from __future__ import annotations

import asyncio
import enum
import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from types import FunctionType
from typing import Any

from public_face import is_internal, names_of, public_members, public_names

from cecert import CertificateId

HUGE, HALF_A_LETTER = "x" * 20_000, "\ud800"
VALUES: Mapping[type, Collection[Any]] = {
    str: ("", "\x00", HALF_A_LETTER, HUGE, " ", "\n", "\u202e", "\u0661", "no such word"),
    int: (0, -1, 10**30),
    float: (float("nan"), float("inf"), -1.0),
    Decimal: tuple(map(Decimal, ("NaN", "sNaN", "-1", "0", "Infinity", "1e400"))),
    bytes: (b"", b"\xff" * 3),
    date: (date.min, date.max),
    datetime: (
        datetime(2020, 1, 1),  # noqa: DTZ001
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, tzinfo=UTC),
    ),
    Path: tuple(map(Path, ("", "\x00", HALF_A_LETTER, HUGE, "/dev/null", "no/such/file"))),
}
"""What has the right type, and is hardly meant."""

TYPES = (None, 0, "x", b"x", [None], {"a": object()})
"""Of which most have the wrong type, whatever is asked."""

GOOD: Mapping[type, Any] = {
    str: "x", int: 1, bool: True, float: 1.0, bytes: b"x", Decimal: Decimal(1), Path: Path(),
    date: date(2020, 10, 22), datetime: datetime(2020, 10, 22, 12, tzinfo=UTC),
    timedelta: timedelta(minutes=1), CertificateId: CertificateId.parse("0000-0000-0000-0000"),
}  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """One public call with one wrong value."""

    place: str
    of_right_type: bool
    call: Callable[[], object]


class Samples:
    """Good values by their type; those that were found are asked first."""

    def __init__(self, *found: object) -> None:
        self._known: dict[type, Any] = dict(GOOD)
        for each in found:
            self.keep(each)

    def keep(self, value: object) -> None:
        """Keep a value as the sample of its class, with all that it holds."""
        if isinstance(value, Mapping):
            value = tuple(value.values())
        if isinstance(value, tuple | list | frozenset):
            for each in value:
                self.keep(each)
        elif is_dataclass(value) and not isinstance(value, type) and type(value) not in self._known:
            self._known[type(value)] = value
            for field in fields(value):
                self.keep(getattr(value, field.name, None))

    def of(self, hint: Any) -> Any:  # noqa: ANN401, C901, PLR0911  # one a kind of hint
        """Return a good value of what a signature says."""
        origin, parts = typing.get_origin(hint), typing.get_args(hint)
        if origin in {typing.Union, types.UnionType}:
            return self.of(parts[0])
        if origin is typing.Literal:
            return parts[0]
        if origin is tuple and Ellipsis not in parts:
            return tuple(map(self.of, parts))
        if origin is Callable:
            return lambda *_, **__: None
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {self.of(parts[0]): self.of(parts[1])}
        if isinstance(origin, type) and issubclass(origin, AbstractSet):
            return frozenset({self.of(parts[0])})
        if isinstance(origin, type) and issubclass(origin, Iterable):
            return (self.of(parts[0]),)
        if hint in self._known:
            return self._known[hint]
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return next(iter(hint))
        if isinstance(hint, type) and is_dataclass(hint):
            self._known[hint] = hint(**self.needed(hint))
            return self._known[hint]
        return None if hint is type(None) else _Nothing()

    def needed(self, kind: type) -> dict[str, Any]:
        """Return good values for the fields of a class that have no default."""
        hints = hints_of(kind)
        return {
            each.name: self.of(hints[each.name])
            for each in fields(kind)
            if each.init and each.default is MISSING and each.default_factory is MISSING
        }


class _Nothing:
    """Stands for a port that is never reached."""


@cache
def hints_of(thing: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what the annotations of a function or class mean, its bases' too."""
    bases = reversed(thing.__mro__) if isinstance(thing, type) else (thing,)
    found: dict[str, Any] = {}
    for each in bases:
        if each.__module__.startswith(("cecert", "examples")):
            known = names_of(each.__module__)
            for name, said in inspect.get_annotations(each).items():
                found[name] = eval(said, known) if isinstance(said, str) else said
    return found


def wrong(hint: Any) -> Iterator[tuple[bool, Any]]:  # noqa: ANN401
    """Yield wrong values for what a signature says, and whether each has the right type."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    for each in parts if origin in {typing.Union, types.UnionType} else (hint,):
        yield from ((True, value) for value in VALUES.get(each, ()))
    many = isinstance(origin, type) and issubclass(origin, Iterable)
    if many and not (issubclass(origin, Mapping) or (origin is tuple and Ellipsis not in parts)):
        whole = frozenset if issubclass(origin, AbstractSet) else tuple
        yield from ((True, whole((value,))) for value in VALUES.get(parts[0], ()))
        yield True, whole(())
    yield from ((False, value) for value in TYPES)


def constructions(samples: Samples) -> Iterator[Attempt]:
    """Yield each public dataclass that looks at its fields, made with each of them wrong."""
    for kind in _classes():
        if is_dataclass(kind) and hasattr(kind, "__post_init__"):
            good = samples.of(kind)
            given = {e.name: getattr(good, e.name) for e in fields(kind) if e.init}
            for name, hint in ((e, hints_of(kind)[e]) for e in given):
                for right, value in wrong(hint):
                    made = {**given, name: value}
                    yield Attempt(f"{kind.__name__}.{name}", right, partial(kind, **made))


def calls(
    samples: Samples,
    named: Mapping[str, Any],
    made: Mapping[str, Callable[[], object]],
    *,
    left_out: Collection[str],
) -> Iterator[Attempt]:
    """Yield each public function and method with each argument wrong, or a field of one.

    Args:
        samples: Good values by type.
        named: Good values by the name of the argument, or of function and argument.
        made: Makes the instance of a class that has no sample.
        left_out: Names of what is not called.
    """
    for name, thing in public_names().items():
        short = name.rpartition(".")[2]
        if isinstance(thing, FunctionType) and short not in left_out:
            yield from _attempts(short, thing, thing, samples, named)
    of_methods = {name: value for name, value in named.items() if "." in name}
    for kind in _classes():
        own: Callable[[], object] = partial(samples.of, kind) if is_dataclass(kind) else kind
        new = made.get(kind.__name__, own)
        for name, function, raw in _methods(kind):
            if f"{kind.__name__}.{name}" in left_out:
                continue
            bound = getattr(kind if isinstance(raw, classmethod | staticmethod) else new(), name)
            yield from _attempts(f"{kind.__name__}.{name}", bound, function, samples, of_methods)


def _classes() -> Iterator[type]:
    for thing in dict.fromkeys(public_names().values()):
        if not isinstance(thing, type) or not thing.__module__.startswith("cecert"):
            continue
        if issubclass(thing, enum.Enum | BaseException | tuple):
            continue
        if not getattr(thing, "_is_protocol", False):
            yield thing


def _methods(kind: type) -> Iterator[tuple[str, FunctionType, object]]:
    seen: set[str] = set()
    for base in kind.__mro__:
        if not base.__module__.startswith("cecert") or getattr(base, "_is_protocol", False):
            continue
        for name, function in public_members(base):
            asks = {*inspect.signature(function).parameters} - {"self", "cls"}
            if name not in seen and name != "__init__" and asks and not is_internal(function):
                seen.add(name)
                yield name, function, vars(base)[name]


def _attempts(
    place: str,
    bound: Callable[..., object],
    function: FunctionType,
    samples: Samples,
    named: Mapping[str, Any],
) -> Iterator[Attempt]:
    hints = hints_of(inspect.unwrap(function))
    parameters = [
        each
        for each in inspect.signature(function).parameters.values()
        if each.name not in {"self", "cls"} and each.kind < each.VAR_KEYWORD
        and each.kind is not each.VAR_POSITIONAL
    ]  # fmt: skip
    own = {each.name: f"{place}.{each.name}" for each in parameters}
    known = {**named, **{name: named[it] for name, it in own.items() if it in named}}
    good = {
        each.name: known[each.name] if each.name in known else samples.of(hints[each.name])
        for each in parameters
        if each.default is each.empty or each.name in known
    }
    first = [each.name for each in parameters if each.kind is each.POSITIONAL_ONLY]
    for each in parameters:
        for right, value in _wrong_within(hints[each.name], good.get(each.name)):
            given = {**good, each.name: value}
            yield Attempt(f"{place}({each.name})", right, partial(_done, bound, first, given))


def _wrong_within(hint: Any, good: object) -> Iterator[tuple[bool, Any]]:  # noqa: ANN401
    yield from wrong(hint)
    if not is_dataclass(good) or isinstance(good, type):
        return
    hints = hints_of(type(good))
    for each in fields(good):
        for right, value in wrong(hints[each.name]) if each.init and each.name in hints else ():
            try:
                yield right, replace(good, **{each.name: value})
            except (TypeError, ValueError):
                continue  # it cannot be made: `constructions` looks at how


def _done(bound: Callable[..., object], first: Collection[str], given: Mapping[str, Any]) -> object:
    rest = {name: value for name, value in given.items() if name not in first}
    answer = bound(*(given[name] for name in first), **rest)
    if inspect.iscoroutine(answer):
        return asyncio.run(answer)
    return list(answer) if isinstance(answer, Iterator) else answer
