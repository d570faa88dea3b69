"""Another identity that may be the same person: it is told, and never put together with theirs."""

from __future__ import annotations

from dataclasses import dataclass

from cecert.domain.people.likeness import Likeness
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["Other"]


@dataclass(frozen=True, slots=True)
class Other:
    """Another identity that may be the same person. Threads may share it.

    Attributes:
        participant: The identity.
        name: As on its newest certificate.
        email: Where that was mailed.
        certificate_id: That certificate.
        why: What the two have in common.
    """

    participant: str
    name: str
    email: str
    certificate_id: CertificateId
    why: Likeness
