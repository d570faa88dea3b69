"""Revoking: a certificate that should never have been, or should no longer be relied upon."""

from __future__ import annotations

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError
from cecert.ports import Clock, Event, Ledger

__all__ = ["REASONS", "revoke"]

REASONS = (
    "issued-in-error",
    "wrong-person",
    "evidence-false",
    "approval-withdrawn",
    "requested-by-holder",
)
"""Why a certificate can be revoked; the class stands in the event, never in public."""


def revoke(
    certificate_id: CertificateId,
    ledger: Ledger,
    clock: Clock,
    *,
    actor: str,
    reason_class: str,
    reason: str,
) -> CertificateState:
    """Revoke a certificate; final, with its reason and actor in the ledger's events.

    A mail of it that is still queued is cancelled in the same transaction.

    Returns:
        The state it had before; only a standing certificate was changed.

    Raises:
        InputError: If the reason class is unknown or the reason is blank.
        LedgerError: If the ledger has no such certificate.
    """
    if reason_class not in REASONS:
        raise InputError(
            f"{reason_class!r} is no reason class", hint=f"one of {', '.join(REASONS)}"
        )
    if not reason.strip():
        raise InputError("a certificate is revoked with a reason, and this one is blank")
    if ledger.entry(certificate_id) is None:
        raise LedgerError(f"the ledger has no certificate {certificate_id}")
    event = Event(
        kind="revoked",
        at=clock.now(),
        certificate_id=certificate_id,
        actor=actor,
        reason=f"{reason_class}: {reason.strip()}",
    )
    return ledger.revoke(certificate_id, event)
