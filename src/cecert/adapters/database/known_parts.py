"""Parts of snapshots that were read before: what the certificates of a course share.

Most of a snapshot is its course, credit lines, provider and signatories, in the very words
of the one before. A part is known again by its text, and not by what it says: 6 and 6.00
hours are two. What is not written as `SnapshotWriter` writes it is not known here, and is
read as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["KnownParts", "Split"]

MOST = 16
"""Texts of a part that are remembered; an audit goes through the courses one by one."""

_BEGIN = '{"certificate":{'
_END = '},"format":%d}'
_FORMATS = range(1, 10)

_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # reads a value, says where it ends


@dataclass(frozen=True, slots=True)
class Split:
    """A snapshot of which all shared parts are known.

    Attributes:
        known: What they are, by name.
        others: The other parts as JSON values, by name.
    """

    known: Mapping[str, Any]
    others: Mapping[str, Any]


class KnownParts:
    """Remembers parts by their texts; threads may share one."""

    def __init__(self, names: Collection[str], shared: Collection[str]) -> None:
        """Take what a snapshot is made of.

        Args:
            names: Of all its parts.
            shared: Of those that are remembered.
        """
        ordered = sorted(names)
        self._keys = tuple(
            (name, f'{"," if position else ""}"{name}":', name in shared)
            for position, name in enumerate(ordered)
        )
        self._known: dict[tuple[int, str], tuple[tuple[str, Any], ...]] = {}

    def split(self, text: str) -> Split | None:
        """Return the parts of a snapshot; None if one is not known, or it is written otherwise."""
        number = _format_of(text)
        known: dict[str, Any] = {}
        others: dict[str, Any] = {}
        position = len(_BEGIN)
        for name, key, shared in self._keys:
            if not text.startswith(key, position):
                return None
            position += len(key)
            if not shared:
                try:
                    others[name], position = _scan(text, position)
                except (StopIteration, ValueError, RecursionError):
                    return None
                continue
            # A part ends with its bracket, so that no longer one begins with its text.
            for written, value in self._known.get((number, name), ()):
                if text.startswith(written, position):
                    known[name] = value
                    position += len(written)
                    break
            else:
                return None
        return Split(known, others) if position == len(text) - len(_END % number) else None

    def note(self, text: str, read: object) -> None:
        """Remember the shared parts of a snapshot.

        Args:
            text: The snapshot.
            read: What was read from it, with its parts as attributes.
        """
        number = _format_of(text)
        for name, written in self._texts(text):
            remembered = self._known.get((number, name), ())
            if all(each != written for each, _ in remembered):
                newest = ((written, getattr(read, name)), *remembered[: MOST - 1])
                self._known[number, name] = newest

    def _texts(self, text: str) -> Iterator[tuple[str, str]]:
        position = len(_BEGIN)
        for name, key, shared in self._keys:
            if not text.startswith(key, position):
                return
            begin = position + len(key)
            try:
                _, position = _scan(text, begin)
            except StopIteration:  # a blank, which we write nowhere
                return
            if shared and text[begin] in "{[":
                yield name, text[begin:position]


def _format_of(text: str) -> int:
    """Return the number of a snapshot's format; 0 if it is not written in our way."""
    if not text.startswith(_BEGIN):
        return 0
    return next((each for each in _FORMATS if text.endswith(_END % each)), 0)
