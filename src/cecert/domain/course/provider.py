"""The provider of courses, and who signs for it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Provider", "Signatory"]


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation answerable for the course, as printed.

    Attributes:
        id: Never changes; certificate ids and the trust file hang on it.
        name: As the approver's list has it, wherever the provider is named.
        office: The part of it that answers, "" for none.
        address: Postal, in one line.
        email, phone: Where participants and boards ask.
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
    """Who signs, as printed.

    Attributes:
        name: With credentials.
        title: The position, in the line below.
        image: The file of the signature's picture, "" for a bare line.
    """

    name: str
    title: str
    image: str = ""
