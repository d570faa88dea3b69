"""Corrections: what is right, where a certificate says something wrong."""

from __future__ import annotations

from dataclasses import dataclass

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Recipient
from cecert.domain.people.person import License

__all__ = ["Correction", "CorrectionRow"]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is wrong with a certificate. Threads may share it.

    Attributes:
        reason: Why, for the record; the recipient reads it too.
        name: The right name, None where it is right.
        licenses: All licences to be printed, None where they are right.
        email: Where the new certificate is mailed, None where the old one was.
    """

    reason: str
    name: str | None = None
    licenses: tuple[License, ...] | None = None
    email: str | None = None

    @typed
    def of(self, recipient: Recipient) -> Recipient:
        """Return *recipient* as corrected."""
        return Recipient(
            recipient.participant,
            recipient.name if self.name is None else self.name,
            recipient.licenses if self.licenses is None else self.licenses,
        )


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A row of a list of corrections.

    Attributes:
        place: Where it stands: `corrections.csv: row 3`.
        certificate: The certificate's id, or what finds it alone.
        correction: What is right.
    """

    place: str
    certificate: str
    correction: Correction
