"""The message as bytes: headers folded and encoded, parts with their encodings, put together.

Not by `email`, whose folding loses the space between two encoded words, adds one inside a
name, and leaves a first line empty before a long word; and which parses each header it is
given and flattens each part line by line, for five times the rest of a mail.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator, Sequence
from email.headerregistry import Address
from functools import lru_cache
from struct import Struct
from typing import NamedTuple
from urllib.parse import quote

__all__ = [
    "PICTURE_ID",
    "Part",
    "Picture",
    "assembled",
    "header",
    "mailbox_header",
    "pdf_part",
    "related_part",
    "text_part",
]

Part = bytes
"""A MIME part with its headers, CRLF line ends."""

LONGEST_LINE = 76
"""Characters of a line that has an encoded word (RFC 2047 2); of all others too."""


class Picture(NamedTuple):
    """A picture that the HTML shows.

    Attributes:
        data: PNG.
        width, height: In which it is shown, CSS pixels.
    """

    data: bytes
    width: int
    height: int


PICTURE_ID = "logo@cecert.invalid"
"""Content-ID of the picture; a mail has one at most."""


def header(name: str, value: str) -> bytes:
    """Fold and encode one header of plain words (RFC 5322 2.2.3, RFC 2047).

    Raises:
        ValueError: If *value* holds a line break.
    """
    if "\r" in value or "\n" in value:
        raise ValueError(f"header {name} holds a line break")
    return _folded(name, _words(value, len(name) + 2))


def mailbox_header(name: str, display: str, address: str) -> bytes:
    """Fold and encode a header with one mailbox: a name printed before the bare address.

    Args:
        name: The header's.
        display: What is printed, "" for nothing.
        address: The address, in ASCII.

    Raises:
        ValueError: If *display* holds a line break.
    """
    if "\r" in display or "\n" in display:
        raise ValueError(f"header {name} holds a line break")
    if not display:
        return _folded(name, [address])
    quoted = str(Address(display, addr_spec="a@b")).removesuffix(" <a@b>")
    # What is encoded is the name itself: quotes inside an encoded word are shown.
    words = _words(quoted if _is_plain(quoted) else display, len(name) + 2)
    return _folded(name, [*words, f" <{address}>"])


def _words(text: str, used: int) -> list[str]:
    """Return the pieces of a header's text, each but the first with the space before it.

    Args:
        text: What it says.
        used: Characters that stand on its first line already.
    """
    if _is_plain(text):
        return list(_spaced(text))
    return [f" {each}" for each in _encoded_words(text, used)] if text else []


def _is_plain(text: str) -> bool:
    """Say whether a text may stand in a header as it is."""
    readable = text.isascii() and text.isprintable() and "=?" not in text
    return readable and text == text.strip() and all(map(_fits, _spaced(text)))


def _spaced(text: str) -> Iterator[str]:
    """Yield the words of a text, each with the spaces before it."""
    spaces = 0
    for part in text.split(" "):
        if part:
            yield " " * spaces + part
        spaces = 1 if part else spaces + 1


def _fits(word: str) -> bool:
    return len(word) <= LONGEST_LINE - len("Subject: ")


_OPENING, _CLOSING = "=?utf-8?q?", "?="


def _encoded_words(text: str, used: int) -> Iterator[str]:
    """Encode *text* in words of whole characters; every space is inside one.

    What stands between two encoded words is not shown (RFC 2047 6.2).
    """
    room = LONGEST_LINE - used - len(_OPENING) - len(_CLOSING)
    word = ""
    for each in text:
        piece = _PLAIN.get(each) or "".join(f"={byte:02X}" for byte in each.encode())
        if len(word) + len(piece) > room:
            yield f"{_OPENING}{word}{_CLOSING}"
            word, room = "", LONGEST_LINE - 1 - len(_OPENING) - len(_CLOSING)
        word += piece
    yield f"{_OPENING}{word}{_CLOSING}"


_PLAIN = {
    each: each for each in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"
}
_PLAIN[" "] = "_"
"""What an encoded word may hold as it is, also in a name (RFC 2047 5.3)."""


def _folded(name: str, words: Sequence[str]) -> bytes:
    """Put words on lines; the first stands on the header's own line, so that none is empty."""
    lines = [f"{name}:"]
    for position, word in enumerate(words):
        spaced = word if word.startswith(" ") else f" {word}"
        if position and len(lines[-1]) + len(spaced) > LONGEST_LINE:
            lines.append("")
        lines[-1] += spaced
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def text_part(subtype: str, text: str) -> Part:
    """Return text as quoted-printable UTF-8, lines of at most 76 characters."""
    body = quopri.encodestring(text.encode("utf-8")).replace(b"\n", b"\r\n")
    return (
        b'Content-Type: text/%b; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n%b"
    ) % (subtype.encode(), body)


def pdf_part(name: str, document: bytes) -> Part:
    """Return a document as an attachment with a name for people, without quotes in it."""
    body = _base64_lines(document)
    return (
        b"Content-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment;\r\n%b\r\n\r\n%b"
    ) % (b";\r\n".join(_file_name(name)), body)


def _base64_lines(data: bytes) -> bytes:
    """Return base64 in lines of 76 characters, each with its end (RFC 2045 6.8)."""
    text = base64.b64encode(data)
    whole, rest = divmod(len(text), LONGEST_LINE)
    lines = list(_cutter(whole).unpack_from(text))  # in one call, for a mail has a thousand
    if rest:
        lines.append(text[-rest:])
    return b"\r\n".join([*lines, b""])


@lru_cache(maxsize=32)
def _cutter(lines: int) -> Struct:
    return Struct(f"{LONGEST_LINE}s" * lines)


def _file_name(name: str) -> Iterator[bytes]:
    """Return a file's name as a parameter, in pieces if it is long or not ASCII (RFC 2231)."""
    plain = f' filename="{name}"'
    if name.isascii() and len(plain) <= LONGEST_LINE:
        yield plain.encode("ascii")
        return
    room = LONGEST_LINE - len(" filename*99*=;")
    pieces = ["utf-8''"]
    for each in name:
        escaped = _escaped(each)
        if len(pieces[-1]) + len(escaped) > room:
            pieces.append("")
        pieces[-1] += escaped
    for place, piece in enumerate(pieces):
        yield f" filename*{place}*={piece}".encode("ascii")


@lru_cache(maxsize=512)
def _escaped(letter: str) -> str:
    return quote(letter, safe="")


def related_part(html: Part, picture: Picture | None) -> Part:
    """Return HTML with the picture it shows, or alone."""
    if picture is None:
        return html
    body = _base64_lines(picture.data)
    shown = (
        b"Content-Type: image/png\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: inline; filename="logo.png"\r\n'
        b"Content-ID: <%b>\r\n\r\n%b"
    ) % (PICTURE_ID.encode("ascii"), body)
    return _multipart("related", [html, shown])


def assembled(
    headers: Sequence[bytes], words: Sequence[Part], attachments: Sequence[Part]
) -> bytes:
    """Return the message: the words in each form, with attachments as multipart/mixed.

    Args:
        headers: Folded, without those about the content.
        words: The same words in each form, plainest first (RFC 2046 5.1.4).
        attachments: After them; there may be none.
    """
    said = _multipart("alternative", words)
    content = _multipart("mixed", [said, *attachments]) if attachments else said
    return b"".join([*headers, b"MIME-Version: 1.0\r\nContent-Language: en\r\n", content])


def _multipart(kind: str, parts: Sequence[Part]) -> Part:
    # RFC 2045 6.7: "=_" stands in no quoted-printable text, nor in base64. One boundary for
    # all mails, because whoever parses compiles a pattern for each, which took a third.
    boundary = b"=_cecert-" + kind.encode("ascii")
    line = b"--" + boundary
    head = b'Content-Type: multipart/%b;\r\n boundary="%b"\r\n\r\n' % (kind.encode(), boundary)
    inside = b"".join(b"%b\r\n%b\r\n" % (line, part) for part in parts)
    return head + inside + line + b"--\r\n"
