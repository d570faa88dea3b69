"""Addresses of the office: its verify page and its ledger."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["ledger_url", "verify_url"]

LEDGERS = ("sqlite:///", "postgresql+psycopg://", "postgresql://")
"""What a ledger's URL begins with."""

MOST_CHARACTERS = 39
"""Characters of the longest verify address; its `#` makes 40 in every QR code (QR-TOKEN W3)."""


def verify_url(url: str) -> str:
    """Return the address of a verify page, ending in `/`.

    >>> verify_url("https://verify.example.edu")
    'https://verify.example.edu/'

    Raises:
        ValueError: If it is not an https address that a QR code can carry.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("is not an https address such as https://verify.example.edu/")
    if not url.isascii() or any(each.isspace() for each in url):
        raise ValueError("holds a space or a letter outside ASCII; write the host in punycode")
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment or "#" in url:
        raise ValueError("is not a plain address: no user, query or fragment")
    url = url if url.endswith("/") else url + "/"
    if len(url) > MOST_CHARACTERS:
        raise ValueError(f"has {len(url)} characters, {MOST_CHARACTERS} at most fit the QR code")
    return url


def is_loopback(host: str | None) -> bool:
    """Say whether *host* is this machine."""
    return host in {"localhost", "::1"} or (host or "").startswith("127.")


def ledger_url(url: str, folder: Path) -> str:
    """Return the ledger's URL, a relative SQLite path made absolute.

    >>> ledger_url("sqlite:///ledger.db", Path("/srv/office"))
    'sqlite:////srv/office/ledger.db'

    Raises:
        ValueError: If it is of no kind that cecert keeps a ledger in.
    """
    if url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:///")
        if name == url or not name or name.startswith(":memory:"):
            raise ValueError("names no file, such as sqlite:///ledger.db")
        return f"sqlite:///{folder / name}"
    if not url.startswith(LEDGERS):
        raise ValueError(f"is no ledger; it begins with {' or '.join(LEDGERS)}")
    return url
