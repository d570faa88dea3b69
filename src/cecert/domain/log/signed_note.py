"""A text with the signatures of several keys below it (C2SP signed-note)."""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import a2b_base64
from dataclasses import dataclass

from cecert.errors import WrongValueError

__all__ = ["BadNoteError", "NoteSignature", "SignedNote", "base64_bytes", "base64_text"]

MOST_SIGNATURES = 100
"""Lines of signatures that are read; sixteen must be."""

LARGEST_NOTE = 1 << 16
"""Bytes of a note that is read."""

KEY_ID_SIZE = 4

_LINE = re.compile(r"\u2014 (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNoteError(WrongValueError):
    """Bytes that are no signed note, or one that says something else than it must."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line below a note.

    Attributes:
        name: Of the key, or of whose it is.
        key_id: 4 bytes that tell keys of one name apart.
        signature: What the key's kind says, 64 bytes or more.
    """

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it is written, without its end."""
        return f"\u2014 {self.name} {base64_text(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and the signatures over it, which nobody has checked.

    Attributes:
        text: Ends with a line feed, and has no empty line.
        signatures: One at least.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    @property
    def encoded(self) -> bytes:
        """The bytes of the note."""
        lines = "".join(f"{each.line}\n" for each in self.signatures)
        return f"{self.text}\n{lines}".encode()

    @classmethod
    def of(cls, data: bytes) -> SignedNote:
        """Read a note from its bytes.

        Raises:
            BadNoteError: If it is none, or larger than any.
        """
        if len(data) > LARGEST_NOTE:
            raise BadNoteError(f"a note of {len(data)} bytes")
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise BadNoteError("a note that is not UTF-8") from error
        # At the last empty line, as the specification says; ours have no other.
        head, mark, tail = text.rpartition("\n\n")
        if not mark or not tail.endswith("\n") or _CONTROL.search(text):
            raise BadNoteError("a note without signatures")
        lines = tail[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise BadNoteError(f"a note with {len(lines)} signatures")
        return cls(f"{head}\n", tuple(map(_signature_of, lines)))


def _signature_of(line: str) -> NoteSignature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadNoteError(f"a line that is no signature: {line[:80]!r}")
    data = base64_bytes(found["signature"])
    if len(data) <= KEY_ID_SIZE:
        raise BadNoteError("a signature without bytes")
    return NoteSignature(found["name"], data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])


def base64_text(data: bytes) -> str:
    """Return bytes in standard base64."""
    return b64encode(data).decode()


def base64_bytes(text: str) -> bytes:
    """Return the bytes whose one spelling in standard base64 *text* is.

    Raises:
        BadNoteError: If it is none.
    """
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError as error:  # of the library, or of a character that it cannot take
        raise BadNoteError(f"no base64: {error}") from error
    # Bits behind the last byte are read over by the library.
    if base64_text(data) != text:
        raise BadNoteError("base64 that is not the one spelling of its bytes")
    return data
