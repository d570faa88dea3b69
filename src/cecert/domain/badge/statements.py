"""A credential as RDF statements in their canonical order (RDFC-1.0), which a proof signs.

Our credentials are small and their parts without an id all differ, so that the first step of
the canonicalization names every one of them; what would need its further steps is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from cecert.domain.badge.terms import TERMS, TYPES, Kind

__all__ = ["canonical_statements"]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PURPOSES = {"assertionMethod": "https://w3id.org/security#assertionMethod"}

_Statement = tuple[str, str, str]
"""Subject, predicate and object, as N-Quads writes them."""


def canonical_statements(document: Mapping[str, Any]) -> bytes:
    """Return the canonical N-Quads of a credential, or of the options of a proof.

    Args:
        document: Its members, without a proof; `@context` makes no statement.

    Raises:
        ValueError: If a member or type is none that a context defines, a text holds a
            control character, or two parts without an id are the same.
    """
    reading = _Reading()
    reading.node(document)
    statements = set(reading.statements)
    names = _canonical_names(statements)
    lines = {_line(each, lambda term: names.get(term, term)) for each in statements}
    return "".join(sorted(lines)).encode()


class _Reading:
    """Goes through a document and gathers its statements."""

    def __init__(self) -> None:
        self.statements: list[_Statement] = []
        self._blank = 0

    def node(self, members: Mapping[str, Any]) -> str:
        """Add the statements of a node; return what it is called."""
        if (identifier := members.get("id")) is not None:
            subject = _iri(identifier)
        else:
            subject = f"_:b{self._blank}"
            self._blank += 1
        for key, value in members.items():
            if key in {"id", "@context"}:
                continue
            if key == "type":
                self._add(subject, _TYPE, (_iri(_type(each)) for each in _several(value)))
                continue
            if key not in TERMS:
                raise ValueError(f"{key} is defined by no context, so that nothing would sign it")
            predicate, kind = TERMS[key]
            self._add(subject, predicate, (self._object(each, kind) for each in _several(value)))
        return subject

    def _add(self, subject: str, predicate: str, objects: Iterator[str]) -> None:
        self.statements += [(subject, f"<{predicate}>", each) for each in objects]

    def _object(self, value: Any, kind: Kind | str) -> str:  # noqa: ANN401 - what JSON holds
        if isinstance(value, Mapping):
            return self.node(value)
        match kind:
            case Kind.NODE:
                return _iri(value)
            case Kind.LINK:
                return _iri(_PURPOSES.get(value, value))
            case Kind.TEXT:
                return _literal(value)
            case _:
                return f"{_literal(_lexical(value))}^^<{kind}>"


def _several(value: Any) -> Sequence[Any]:  # noqa: ANN401 - what JSON holds
    return value if isinstance(value, list) else [value]


def _type(name: str) -> str:
    if name not in TYPES:
        raise ValueError(f"{name} is a type that no context defines")
    return TYPES[name]


def _iri(text: str) -> str:
    if not text.isascii() or ":" not in text or set(text) & set('<>"{}|^`\\ '):
        raise ValueError(f"{text!r} is no absolute address or name")
    return f"<{text}>"


def _lexical(value: object) -> str:
    """Return a value of a stated type as JSON-LD writes it in RDF.

    >>> _lexical(6), _lexical(1.5), _lexical(False), _lexical("2020-10-29")
    ('6', '1.5E0', 'false', '2020-10-29')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        mantissa, _, exponent = f"{value:.15E}".partition("E")
        whole, _, fraction = mantissa.partition(".")
        return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"
    return str(value)


def _literal(text: str) -> str:
    if not text.replace("\n", " ").isprintable():
        raise ValueError(f"{text!r} holds a control character")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _canonical_names(statements: set[_Statement]) -> Mapping[str, str]:
    """Return what RDFC-1.0 calls each node without an id: `_:c14n0`, by its first-degree hash."""
    mentions: dict[str, list[_Statement]] = defaultdict(list)
    for each in statements:
        for term in {each[0], each[2]}:
            if term.startswith("_:"):
                mentions[term].append(each)
    hashes: dict[str, str] = {}
    for term, of in mentions.items():
        lines = sorted(_line(each, lambda it, own=term: _first_degree(it, own)) for each in of)
        found = sha256("".join(lines).encode()).hexdigest()
        if found in hashes:
            raise ValueError("two parts of the credential without an id are the same")
        hashes[found] = term
    return {hashes[each]: f"_:c14n{number}" for number, each in enumerate(sorted(hashes))}


def _first_degree(term: str, own: str) -> str:
    if not term.startswith("_:"):
        return term
    return "_:a" if term == own else "_:z"


def _line(statement: _Statement, named: Any) -> str:  # noqa: ANN401 - a function of one term
    subject, predicate, value = statement
    return f"{named(subject)} {predicate} {named(value)} .\n"
