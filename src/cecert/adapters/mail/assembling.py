"""Assembling a message as bytes: headers folded by the library, parts encoded by it, once.

`EmailMessage` parses each header it is given and flattens each part line by line, which
costs five times the rest of a mail. What is put together here is parsed back by
`checking` before it is sent.
"""

from __future__ import annotations

import base64
import quopri
from email.headerregistry import Address, HeaderRegistry
from email.policy import SMTP

__all__ = ["Part", "assemble", "header", "pdf_part", "sender_value", "text_part"]

POLICY = SMTP.clone(max_line_length=76, cte_type="7bit")
_REGISTRY = HeaderRegistry()

Part = bytes
"""A MIME part with its headers, CRLF line ends."""


def header(name: str, value: str) -> bytes:
    """Fold and encode one header (RFC 5322 2.2.3, RFC 2047).

    Raises:
        ValueError: If *value* holds a line break.
    """
    if "\r" in value or "\n" in value:
        raise ValueError(f"header {name} holds a line break")
    folded: str = _REGISTRY(name, value).fold(policy=POLICY)
    return folded.encode("ascii")


def sender_value(name: str, address: str) -> str:
    """Write a From value: the name printed before the bare address."""
    return str(Address(name, addr_spec=address))


def text_part(subtype: str, text: str) -> Part:
    """Return text as quoted-printable UTF-8, lines of at most 76 characters."""
    body = quopri.encodestring(text.encode("utf-8")).replace(b"\n", b"\r\n")
    return (
        b'Content-Type: text/%b; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n%b"
    ) % (subtype.encode(), body)


def pdf_part(name: str, document: bytes) -> Part:
    """Return a document as an attachment; *name* is plain ASCII without quotes."""
    body = base64.encodebytes(document).replace(b"\n", b"\r\n")
    return (
        b"Content-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment;\r\n filename="%b"\r\n\r\n%b'
    ) % (name.encode("ascii"), body)


def assemble(headers: list[bytes], words: list[Part], attachment: Part) -> bytes:
    """Return the message: multipart/mixed of the words in each form, and the attachment.

    Args:
        headers: Folded, without those about the content.
        words: The same words in each form, plainest first (RFC 2046 5.1.4).
        attachment: After them.
    """
    mixed = _multipart("mixed", [_multipart("alternative", words), attachment])
    return b"".join([*headers, b"MIME-Version: 1.0\r\nContent-Language: en\r\n", mixed])


def _multipart(kind: str, parts: list[Part]) -> Part:
    # RFC 2045 6.7: "=_" stands in no quoted-printable text, nor in base64. One boundary for
    # all mails, because whoever parses compiles a pattern for each, which took a third.
    boundary = b"=_cecert-" + kind.encode("ascii")
    line = b"--" + boundary
    head = b'Content-Type: multipart/%b;\r\n boundary="%b"\r\n\r\n' % (kind.encode(), boundary)
    inside = b"".join(b"%b\r\n%b\r\n" % (line, part) for part in parts)
    return head + inside + line + b"--\r\n"
