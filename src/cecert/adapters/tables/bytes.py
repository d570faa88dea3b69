"""A file as bytes, and how its bytes can be text.

Nothing is taken from the file's name. Encodings are tried in the order in which
platforms and spreadsheets write them; what is only a guess says so in a note.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cecert.errors import Fault, InputError

__all__ = ["MOST_BYTES", "Source", "Text", "read_source", "texts_of", "unusable"]

MOST_BYTES = 64_000_000
"""Bytes of the largest export we read; 100,000 connections take about 12 million."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8+bom"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le+bom"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be+bom"),
)
_OTHER_FILES = (
    (b"%PDF", "a PDF", "export the table itself as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old or locked Excel file", "save it as .xlsx or CSV UTF-8"),
    (b"\x89PNG", "a picture", "export the table itself as CSV"),
    (b"\xff\xd8\xff", "a picture", "export the table itself as CSV"),
    (b"GIF8", "a picture", "export the table itself as CSV"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"Rar!", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "unpack it first"),
    (b"\x7fELF", "a program", "name the export"),
    (b"MZ\x90", "a program", "name the export"),
)  # fmt: skip
_SAMPLE = 65_536
_SHARE_OF_NULS = 0.3  # docs/spec/inputs.md 1: more than 30 % of the odd bytes are NUL
_SHARE_OF_CONTROLS = 0.01
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content.

    Attributes:
        name: Its name, without folders.
        data: Its bytes.
        sha256: Of the bytes, hexadecimal.
    """

    name: str
    data: bytes
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> Source:
        """Return *data* as a source."""
        return cls(name, data, hashlib.sha256(data).hexdigest())

    @property
    def is_workbook(self) -> bool:
        """Whether it is a zip file, as `.xlsx` is one."""
        return self.data.startswith(b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Text:
    """One way to read the bytes as text.

    Attributes:
        text: Without byte order mark and NUL characters.
        encoding: As docs/spec/inputs.md 1 names it: `utf-16-le+bom`.
        notes: What a person should check.
    """

    text: str
    encoding: str
    notes: tuple[str, ...] = ()

    @property
    def newline(self) -> str:
        """`CRLF`, `LF` or `CR`, by the first line's end; `LF` for a single line."""
        end = self.text.find("\n")
        if end < 0:
            return "CR" if "\r" in self.text else "LF"
        return "CRLF" if self.text[end - 1 : end] == "\r" else "LF"


def unusable(name: str, problem: str, remedy: str = "", *, hint: str = "") -> InputError:
    """Return the error that a file as a whole cannot be used."""
    return InputError(f"{name} cannot be used", (Fault(name, "", problem, remedy),), hint=hint)


def read_source(path: Path) -> Source:
    """Read a file.

    Raises:
        InputError: If it cannot be read, is empty, or is larger than `MOST_BYTES`.
    """
    try:
        with path.open("rb") as file:
            # The size first: a buffer for the largest file is no price for a small one.
            size = os.fstat(file.fileno()).st_size or MOST_BYTES
            data = file.read(min(size, MOST_BYTES) + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unusable(path.name or str(path), f"cannot be read: {reason}") from error
    if len(data) > MOST_BYTES:
        problem = f"has more than {MOST_BYTES // 1_000_000} million bytes"
        raise unusable(path.name, problem, "an export of one meeting is far smaller")
    if not data.strip(b"\0 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise unusable(path.name, "is empty", "export it again")
    return Source.of(path.name, data)


def texts_of(source: Source) -> Iterator[Text]:
    """Yield every way to read *source* as text, likeliest first.

    Raises:
        InputError: If it is no text.
    """
    for magic, what, remedy in _OTHER_FILES:
        if source.data.startswith(magic):
            raise unusable(source.name, f"is {what}, not a table", remedy)
    found = False
    for text in _decoded(source):
        _refuse_binary(source, text.text)
        found = True
        yield text
    if not found:
        raise unusable(source.name, "is text in no encoding we know", "save it as CSV UTF-8")


def _decoded(source: Source) -> Iterator[Text]:
    data = source.data
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            yield Text(_strictly(data[len(mark) :], codec, source), label)
            return
    if (unmarked := _utf16(data)) is not None:
        yield Text(_strictly(data, unmarked, source), unmarked)
        return
    try:
        text, nuls = _clean(data.decode("utf-8"))
        yield Text(text, "utf-8", _nul_note(nuls))
    except UnicodeDecodeError as error:
        yield from _guessed(data, data[: error.start].count(b"\n") + 1)


def _guessed(data: bytes, line: int) -> Iterator[Text]:
    for codec, called in (("cp1252", "Windows-1252"), ("cp932", "Shift-JIS")):
        try:
            text, nuls = _clean(data.decode(codec))
        except UnicodeDecodeError:
            continue
        note = f"it is not UTF-8 (line {line}); read as {called}: check the names"
        yield Text(text, codec, (note, *_nul_note(nuls)))


def _strictly(data: bytes, codec: str, source: Source) -> str:
    try:
        return _clean(data.decode(codec))[0]
    except UnicodeDecodeError as error:
        problem = f"is marked as {codec} and is not (byte {error.start})"
        raise unusable(source.name, problem, "export it again; it may be half a file") from error


def _clean(text: str) -> tuple[str, int]:
    nuls = text.count("\0")
    return (text.replace("\0", "") if nuls else text).removeprefix("\ufeff"), nuls


def _nul_note(nuls: int) -> tuple[str, ...]:
    return (f"{nuls} NUL characters were skipped",) if nuls else ()


def _utf16(data: bytes) -> str | None:
    """Return UTF-16 without a byte order mark, by where the NUL bytes of ASCII text stand."""
    sample = data[:_SAMPLE]
    odd, even = sample[1::2], sample[::2]
    if odd and odd.count(0) > len(odd) * _SHARE_OF_NULS > even.count(0):
        return "utf-16-le"
    if even and even.count(0) > len(even) * _SHARE_OF_NULS > odd.count(0):
        return "utf-16-be"
    return None


def _refuse_binary(source: Source, text: str) -> None:
    sample = text[:_SAMPLE]
    if sum(ord(each) in _CONTROLS for each in sample) > len(sample) * _SHARE_OF_CONTROLS:
        raise unusable(source.name, "is no text", "export the table as CSV, or save it as .xlsx")
