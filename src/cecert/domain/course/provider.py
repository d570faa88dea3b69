"""The provider of courses, and who signs for it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Provider", "Signatory"]


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation answerable for the course, as printed.

    Attributes:
        id: Never changes; certificate ids and the trust file hang on it.
        timezone: IANA name of the office's zone, for issue dates.
    """

    id: str
    name: str
    office: str
    address: str
    email: str
    phone: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, as printed; `image` is the file name of the signature picture or ""."""

    name: str
    title: str
    image: str = ""
