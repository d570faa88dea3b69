"""The provider of courses, and who signs for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

__all__ = ["Provider", "Signatory", "signatories_of"]


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation answerable for the course, as printed. Threads may share it.

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
    """Who signs, as printed. Threads may share it.

    Attributes:
        name: With credentials.
        title: The position, in the line below.
        image: The file of the signature's picture, "" for a bare line.
        organisation: Whom they sign for, where it is not the provider; else "".
        credentials: The credential types that they alone sign, () for all that nobody else
            signs.
        contact: Where that organisation answers, a telephone or an e-mail address; or "".
    """

    name: str
    title: str
    image: str = ""
    organisation: str = ""
    credentials: tuple[str, ...] = ()
    contact: str = ""

    @property
    def whom(self) -> str:
        """For whom they sign, and where that answers, on one line; "" for the provider.

        >>> Signatory("Alex", "", organisation="Prepare", contact="413.555.0111").whom
        'Prepare, 413.555.0111'
        """
        return ", ".join(each for each in (self.organisation, self.contact) if each)


def signatories_of(
    signatories: Sequence[Signatory], credentials: Collection[str]
) -> tuple[Signatory, ...]:
    """Return who signs a certificate of *credentials*, in their order.

    Who is named for credential types signs where one of them is; the others, where one is
    that nobody is named for.
    """
    named = {credential for each in signatories for credential in each.credentials}
    rest = any(each not in named for each in credentials)
    return tuple(
        each
        for each in signatories
        if (any(one in credentials for one in each.credentials) if each.credentials else rest)
    )
