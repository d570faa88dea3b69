"""Documents of the commands of `keys`, of `publish` and `log adopt`."""

from __future__ import annotations

from typing import TypedDict

__all__ = [
    "AdoptDocument",
    "CompromisedDocument",
    "KeyCertificateDocument",
    "KeyDocument",
    "KeyEventDocument",
    "KeyEventsDocument",
    "KeysDocument",
    "LeafDocument",
    "MadeDocument",
    "PublishDocument",
    "RetiredDocument",
    "SignedDocument",
]

KeyDocument = TypedDict(
    "KeyDocument",
    {"key": str, "purpose": str, "state": str, "from": str, "until": str, "kid": str},
)
"""A key, what it is for, and its first and last day."""


class KeysDocument(TypedDict):
    """The document of `keys list`."""

    root: str
    keys: list[KeyDocument]


class KeyEventDocument(TypedDict):
    """Something that was done to a key."""

    at: str
    event: str
    key: str
    by: str
    reason: str


class KeyEventsDocument(TypedDict):
    """The document of `keys events`."""

    events: list[KeyEventDocument]


class KeyCertificateDocument(TypedDict):
    """The document of `keys certificate`."""

    certificate: str
    sha256: str


class SignedDocument(TypedDict):
    """The document of `keys init` and `keys sign`."""

    trust_file: str
    root: str


class MadeDocument(TypedDict):
    """The document of `keys badge` and `keys rotate`."""

    made: list[str]


class RetiredDocument(TypedDict):
    """The document of `keys retire`."""

    retired: list[str]


class CompromisedDocument(TypedDict):
    """The document of `keys compromise`."""

    made: list[str]
    genuine: dict[str, int]


class PublishDocument(TypedDict):
    """The document of `publish`."""

    folder: str
    files: list[str]
    written: list[str]
    certificates: int
    revoked: int
    superseded: int
    checkpoint: str | None


class LeafDocument(TypedDict):
    """A leaf of the log that was taken back."""

    position: int
    kind: str
    document: str


class AdoptDocument(TypedDict):
    """The document of `log adopt`."""

    leaves: list[LeafDocument]
