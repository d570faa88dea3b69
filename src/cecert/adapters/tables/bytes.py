"""A file as bytes, and how its bytes can be text.

Nothing is taken from the file's name. Encodings are tried in the order in which
platforms and spreadsheets write them; what is only a guess says so in a note
(docs/spec/inputs.md 1).
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cecert.adapters.tables.pages import list_at
from cecert.errors import Fault, InputError

__all__ = ["MOST_BYTES", "Source", "Text", "read_source", "texts_of", "unusable"]

MOST_BYTES = 64_000_000
"""Bytes of the largest file we read; 100,000 connections take about 12 million, 100,000 rows
of a completion list about 20."""

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
    """A file's content, and by which name it is told of.

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
        return self.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


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
    """Return the error that a file as a whole cannot be used.

    Args:
        name: The file's.
        problem: What is wrong; it continues a sentence.
        remedy: What would be right, "" where nobody can say.
        hint: What the operator may do besides.
    """
    return InputError(f"{name} cannot be used", (Fault(name, "", problem, remedy),), hint=hint)


def read_source(path: Path) -> Source:
    """Read the bytes of a file, a bounded number of them; of a list in pages, of all its pages.

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
    if (paged := list_at(path)) is not None:
        data = paged.content()
    if len(data) > MOST_BYTES:
        problem = f"has more than {MOST_BYTES // 1_000_000} million bytes"
        raise unusable(path.name, problem, "an export of one meeting is far smaller")
    if not data.strip(b"\0 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise unusable(path.name, "is empty")
    return Source.of(path.name, data)


def texts_of(source: Source) -> Iterator[Text]:
    """Yield every way to read *source* as text, likeliest first.

    Raises:
        InputError: If it is no text.
    """
    for magic, what, remedy in _OTHER_FILES:
        if source.data.startswith(magic):
            raise unusable(source.name, f"is {what}, not a table", remedy)
    for text in _decoded(source):
        _refuse_binary(source, text.text)
        yield text


def _decoded(source: Source) -> Iterator[Text]:
    data = source.data
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            yield _strictly(source, data[len(mark) :], codec, label)
            return
    if (unmarked := _utf16(data)) is not None:
        yield _strictly(source, data, unmarked, unmarked)
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield from _guessed(source, data[: error.start].count(b"\n") + 1)
    else:
        yield _text(text, "utf-8")


def _strictly(source: Source, data: bytes, codec: str, label: str) -> Text:
    try:
        return _text(data.decode(codec), label)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "replace").count("\n") + 1
        problem = f"is marked as {codec} and is not (line {line})"
        raise unusable(source.name, problem, "export it again; it may be half a file") from error


def _text(text: str, encoding: str, *notes: str) -> Text:
    """Return a text without the NUL characters in it, which some exports have."""
    if nuls := text.count("\0"):
        text = text.replace("\0", "")
        notes = (*notes, f"{nuls} NUL characters were skipped")
    return Text(text.removeprefix("\ufeff"), encoding, notes)


def _guessed(source: Source, line: int) -> Iterator[Text]:
    """Yield what bytes that are not UTF-8 may say, likeliest first.

    Args:
        source: The file.
        line: Its first line that is not UTF-8.
    """
    western, japanese = _in_code_page(source.data, "cp1252"), _in_code_page(source.data, "cp932")
    found = [("cp1252", "Windows-1252", western), ("cp932", "Shift-JIS", japanese)]
    if western is None or (japanese is not None and _is_japanese(western, japanese)):
        found.reverse()
    readable = [(codec, called, text) for codec, called, text in found if text is not None]
    if not readable:
        problem = f"is text in no encoding we know (line {line})"
        raise unusable(source.name, problem, "save it as CSV UTF-8")
    for codec, called, text in readable:
        yield _text(
            text, codec, f"it is not UTF-8 (line {line}); read as {called}: check the names"
        )


def _in_code_page(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    # Python gives bytes that the page does not define to places nobody writes in.
    return None if _UNDEFINED.search(text) else text


_UNDEFINED = re.compile("[\x80-\x9f\uf8f0-\uf8f3]")
_UNASSIGNED = b"\x81\x8d\x8f\x90\x9d"
_NO_SIGNS = "\xa0\xad\u0160\u0152\u017d\u0161\u0153\u017e\u0178"
"""Letters among the signs of Windows-1252, and what is a blank or nothing."""

_SIGNS = frozenset(
    bytes(each for each in range(0x80, 0xC0) if each not in _UNASSIGNED).decode("cp1252")
) - set(_NO_SIGNS)


def _signs_but(others: str) -> str:
    return "".join(sorted(_SIGNS - set(others)))


_IN_WORDS, _AFTER_SIGNS = "\u2018\u2019\u2013\u2014\xb7\xb4", "\u2019\u201d\u2026"
_JAPANESE = "\u3040-\u30ff\u3400-\u9fff\uff61-\uff9f"
_ODD_WESTERN = re.compile(
    # A sign within a word, two signs together, a dash or a quotation mark that begins nothing.
    rf"(?<=[^\W\d_])[{_signs_but(_IN_WORDS)}](?=[^\W\d_])"
    rf"|[{_signs_but('')}](?=[{_signs_but(_AFTER_SIGNS)}])"
    r"|(?<![\w\s])[\u2013\u2014](?=\w)|[\u2018\u2019\u2013\u2014](?=[^\w\s,;.!?)\"])"
)
_ODD_JAPANESE = re.compile(rf"(?<=[A-Za-z])[{_JAPANESE}]|[{_JAPANESE}](?=[A-Za-z])")


def _is_japanese(western: str, japanese: str) -> bool:
    """Say which of two readings of the same bytes is text.

    Japanese read as Windows-1252 has signs in the middle of words; a European word read as
    Shift-JIS has a character of Japan beside a Latin letter. Where neither is odd, Japanese
    is believed if most of it is characters of everyday use.
    """
    odd_western = len(_ODD_WESTERN.findall(western))
    odd_japanese = len(_ODD_JAPANESE.findall(japanese))
    if odd_western or odd_japanese:
        return odd_japanese < odd_western
    leads = [each.encode("cp932")[0] for each in japanese if not each.isascii()]
    return sum(each in _EVERYDAY for each in leads) * 2 > len(leads)


_EVERYDAY = range(0x81, 0xA0)
"""First bytes of kana and of the kanji of JIS level 1, and of no common Western letter."""


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
    controls = len(sample) - len(sample.translate(dict.fromkeys(_CONTROLS)))
    if controls > len(sample) * _SHARE_OF_CONTROLS:
        raise unusable(source.name, "is no text", "export the table as CSV, or save it as .xlsx")
