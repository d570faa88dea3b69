"""Snapshots: a certificate as JSON text, exactly, and read back strictly.

The text is canonical (sorted keys, no spaces, ASCII), so that equal certificates have
equal texts. It names its format: a later cecert that adds a field to `Certificate` reads
older texts through `_UPGRADES`, and never rewrites one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, partial
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from cecert.adapters.database.column_types import civil_text, civil_time
from cecert.adapters.database.known_parts import KnownParts
from cecert.domain.certificate.certificate import Certificate, CourseSnapshot
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError

__all__ = ["FORMAT", "SnapshotWriter", "certificate_of"]

FORMAT = 4
"""Of the texts of certificates whose titles have words in italics."""

USUAL_FORMAT = 3
"""Of all others: a cecert of before reads them."""


def _with_own_words(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Add what lines and signatories say since format 2, all of it empty before."""
    names = ("unit_short", "approver_label", "basis", "category_label", "general")
    words = {**dict.fromkeys(names, ""), "states": []}
    whom = {"organisation": "", "credentials": []}
    value["credit_lines"] = [_with(each, words) for each in value["credit_lines"]]
    value["signatories"] = [_with(each, whom) for each in value["signatories"]]
    return value


def _with_completion(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Add the day of completion, titles of sessions and contacts, which came with format 3."""
    value["signatories"] = [_with(each, {"contact": ""}) for each in value["signatories"]]
    course = _with(value["course"], {"completed_on": None})
    course["sessions"] = [_with(each, {"title": ""}) for each in course["sessions"]]
    value["course"] = course
    return value


def _with_italics(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Add what of titles is set in italics, which came with format 4."""
    none: Mapping[str, Any] = {ITALICS: []}
    course = _with(value["course"], none)
    course["sessions"] = [_with(each, none) for each in course["sessions"]]
    value["course"] = course
    return value


ITALICS = "title_italics"


def _with(value: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    if early := value.keys() & more.keys():
        raise ValueError(f"its format has no {', '.join(sorted(early))}")
    return {**value, **more}


_UPGRADES: Mapping[int, Callable[[Any], Any]] = {
    1: _with_own_words,
    2: _with_completion,
    3: _with_italics,
}
"""What makes a certificate of format n (as JSON values) one of format n + 1."""


class SnapshotWriter:
    """Writes the texts of a group of certificates.

    What they have in common (provider, course, credit lines, signatories) is written
    once, and known again by being the same object: equal values may have different
    texts, as 6 and 6.00 hours do.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def text_of(self, certificate: Certificate) -> str:
        """Return *certificate* as JSON text."""
        parts = [
            f"{key}{self._part(value)}" for key, value in zip(_KEYS, _own(certificate), strict=True)
        ]
        number = FORMAT if _has_italics(certificate.course) else USUAL_FORMAT
        return f'{{"certificate":{{{",".join(parts)}}},"format":{number}}}'

    def _part(self, value: Any) -> str:  # noqa: ANN401
        """Return the text of a certificate's field, or of a member of one."""
        kind = type(value)
        if kind is str:
            return encode_basestring_ascii(value)
        if kind is not tuple and not hasattr(kind, "__dataclass_fields__"):
            return _json(_plain(value))
        known = self._known.get(id(value))
        if known is None:
            text = _array(map(self._part, value)) if kind is tuple else _json(_plain(value))
            # The value is kept with its text: else another one could get its id.
            known = self._known[id(value)] = value, text
        return known[1]


def _has_italics(course: CourseSnapshot) -> bool:
    return bool(course.title_italics) or any(each.title_italics for each in course.sessions)


def _array(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"


_FIELDS = sorted(each.name for each in fields(Certificate))
_KEYS = [f'"{each}":' for each in _FIELDS]
_own = attrgetter(*_FIELDS)
"""Returns the fields of a certificate in the order in which they are written."""

_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


SHARED = ("course", "credit_lines", "provider", "signatories")
"""What certificates of a course have in common: most of a text, and all that a format changed."""


def certificate_of(text: str) -> Certificate:
    """Read the text of a certificate.

    Raises:
        LedgerError: If it is not exactly what `SnapshotWriter` writes, or of a newer format.
    """
    found = _known_before(text)
    if found is None:
        found = _read_whole(text)
        _PARTS.note(text, found)
    return found


def _known_before(text: str) -> Certificate | None:
    """Read a text whose shared parts are known; None of another, or of a faulty one."""
    split = _PARTS.split(text)
    if split is None:
        return None
    hints = _hints(Certificate)
    try:
        own = {name: _read(hints[name], each, name) for name, each in split.others.items()}
        return Certificate(**own, **split.known)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # which is told by whoever reads all of it


def _read_whole(text: str) -> Certificate:
    try:
        document = json.loads(text)
        if not isinstance(document, dict) or set(document) != {"format", "certificate"}:
            raise ValueError("no snapshot")  # noqa: TRY301  # as the other reasons
        value = _upgraded(document["certificate"], document["format"])
        return _read(Certificate, value, "certificate")  # type: ignore[no-any-return]  # it is one
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LedgerError(f"a certificate's snapshot cannot be read: {error}") from error


def _upgraded(value: Any, number: Any) -> Any:  # noqa: ANN401  # JSON
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise ValueError(f"its format is {number!r}, this cecert reads 1 to {FORMAT}")
    for each in range(number, FORMAT):
        value = _UPGRADES[each](value)
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911  # one line for each kind of value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, CertificateId):
        return value.text
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return civil_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if is_dataclass(value):
        return _fields(value)
    return value


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401
    kind: Any = type(value)
    found = {name: _plain(getattr(value, name)) for name in _names(kind)}
    if kind is CourseSnapshot and not _has_italics(value):
        for each in (found, *found["sessions"]):
            del each[ITALICS]
    return found


def _read(kind: Any, value: Any, place: str) -> Any:  # noqa: ANN401
    return _reader(kind)(value, place)


@cache
def _reader(kind: Any) -> Reader:  # noqa: ANN401
    """Return what reads values of a kind: what the kind is, is asked once and not of each value."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        read = _reader(inner)
        return lambda value, place: None if value is None else read(value, place)
    if origin in {tuple, frozenset}:
        return _reader_of_members(origin, get_args(kind))
    if kind in _TEXTS:
        return partial(_text, _TEXTS[kind])
    if is_dataclass(kind):
        return _reader_of_record(kind)
    if issubclass(kind, Enum):
        return lambda value, _: kind(value)
    return partial(_plainly, kind)


Reader: TypeAlias = Callable[[Any, str], Any]
"""Takes JSON and its place; raises ValueError, or what Python raises of another shape."""


def _plainly(kind: type, value: Any, place: str) -> Any:  # noqa: ANN401
    if type(value) is not kind:
        raise ValueError(f"{place} is {value!r}, no {kind.__name__}")
    return value


def _reader_of_members(kind: Any, inner: Any) -> Reader:  # noqa: ANN401
    counted = Ellipsis not in inner and kind is tuple
    read = _reader(inner[0])

    def members(value: Any, place: str) -> Any:  # noqa: ANN401
        if not isinstance(value, list) or (counted and len(value) != len(inner)):
            raise ValueError(f"{place} is {value!r}, no list")  # wrong data, no wrong call
        return kind(read(each, f"{place}[{index}]") for index, each in enumerate(value))

    return members


def _reader_of_record(kind: Any) -> Reader:  # noqa: ANN401
    return partial(_record, kind, {name: _reader(hint) for name, hint in _hints(kind).items()})


def _record(kind: Any, readers: Mapping[str, Reader], value: Any, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, dict) or value.keys() != readers.keys():
        found = sorted(value) if isinstance(value, dict) else repr(value)
        raise ValueError(f"{place} has {found}, not {sorted(readers)}")
    return kind(**{name: read(value[name], f"{place}.{name}") for name, read in readers.items()})


@cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(each.name for each in fields(kind))


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


_PARTS = KnownParts(_names(Certificate), SHARED)


_TEXTS: Mapping[Any, Callable[[str], Any]] = {
    CertificateId: CertificateId.parse,
    Decimal: Decimal,
    datetime: civil_time,
    date: date.fromisoformat,
}


def _text(read: Callable[[str], Any], value: Any, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        raise ValueError(f"{place} is {value!r}, no text")  # noqa: TRY004  # wrong data, no wrong call
    try:
        return read(value)
    except (ValueError, InvalidOperation) as error:
        raise ValueError(f"{place}: {error}") from error
