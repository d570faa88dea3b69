"""Revoking: a certificate that should never have been, or should no longer be relied upon.

It is final. The holder may be told by mail, which is queued in the transaction that revokes:
whatever is killed when, either both are there or neither is.
"""

from __future__ import annotations

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import (
    REVOCATION_REASONS,
    CertificateState,
)
from cecert.domain.mail.message import REVOKED, OutboxRow
from cecert.domain.mail.promises import revoked_row
from cecert.domain.mail.reason import reason_problems
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError, no_certificate
from cecert.ports import Clock, Event, Ledger, Outbox

__all__ = ["notice_of", "refuse_reason", "refuse_untellable", "revoke"]


@typed
def revoke(  # noqa: PLR0913  # whom to tell has a default
    certificate_id: CertificateId,
    ledger: Ledger,
    clock: Clock,
    *,
    actor: str,
    reason_class: str,
    reason: str,
    tell: Outbox | None = None,
) -> CertificateState:
    """Revoke a certificate; final, with its reason and actor in the ledger's events.

    A mail of it that is still queued is cancelled in the same transaction.

    Args:
        certificate_id: The certificate.
        ledger: Where it stands.
        clock: Tells when.
        actor: Who revokes it.
        reason_class: One of `REVOCATION_REASONS`.
        reason: Why, in a sentence; not blank.
        tell: The ledger's outbox, where the mail to the holder is queued, with the reason;
            None tells nobody. A holder whom no mail of the certificate can have reached is
            told nothing.

    Returns:
        The state it had before; only a standing certificate was changed.

    Raises:
        InputError: If the reason class is unknown, the reason is blank, or it cannot be told.
        LedgerError: If the ledger has no such certificate.
    """
    refuse_reason(reason_class, reason)
    entry = ledger.entry(certificate_id)
    if entry is None:
        raise no_certificate(certificate_id)
    why, now, notice = f"{reason_class}: {reason.strip()}", clock.now(), None
    if tell is not None:
        refuse_untellable(reason)
        mails = tell.of_certificate(certificate_id)
        notice = revoked_row(entry.certificate, mails, now, why)
    return ledger.revoke(certificate_id, Event("revoked", now, certificate_id, actor, why), notice)


def notice_of(certificate_id: CertificateId, outbox: Outbox) -> OutboxRow | None:
    """Return the mail that tells a holder of a revocation, None if there is none."""
    return outbox.row(f"{certificate_id}:{REVOKED}")


def refuse_reason(reason_class: str, reason: str) -> None:
    """Refuse what is no reason to revoke a certificate.

    Raises:
        InputError: If the reason class is unknown or the reason is blank.
    """
    if reason_class not in REVOCATION_REASONS:
        raise InputError(
            f"{reason_class!r} is no reason class", hint=f"one of {', '.join(REVOCATION_REASONS)}"
        )
    if not reason.strip():
        raise InputError("a certificate is revoked with a reason, and this one is blank")


def refuse_untellable(reason: str) -> None:
    """Refuse a reason that cannot stand in a mail.

    Raises:
        InputError: If it is too long, or holds what no text may.
    """
    if problems := reason_problems(reason.strip()):
        faults = tuple(Fault("reason", reason, each) for each in problems)
        raise InputError("the holder would read the reason; nothing was revoked", faults)
