"""Correcting: a certificate that says something wrong about who holds it.

A wrong name or licence is corrected at any time, by a new certificate that supersedes.
What was earned stays as it was recorded: course, dates, credit lines, statements and
credit date come from the old snapshot. New are the issue date and what is done with a
document today: who signs it, how it looks, where it is verified (ADR 17). Its mail tells the
holder that the old one was replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import (
    Certificate,
    CertificateState,
)
from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.token_claims import uncovered_lines
from cecert.domain.course.provider import signatories_of
from cecert.domain.mail.promises import queue_row
from cecert.domain.mail.reason import reason_problems
from cecert.domain.people.person import email_problems, name_problems
from cecert.domain.values.certificate_id import CertificateId, derive_certificate_id
from cecert.errors import (
    Fault,
    InputError,
    IssueError,
    LedgerError,
    NotStandingError,
    TokenError,
    no_certificate,
)
from cecert.ports import Entry, EntryResult, Event, Ledger
from cecert.workflows.issue.compose import LAST_SLOT, Draft, sealed_draft, tried_out
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.recover import KeptFiles

__all__ = [
    "Corrected",
    "correct",
    "refuse_unprintable",
    "successor_of",
]

SLOT_TRIES = 5
"""Times the correction is drawn anew because another run took its status slot."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction made. Threads may share it.

    Attributes:
        entry: The new certificate's.
        others: Standing certificates of the same person and course that still have
            another name.
    """

    entry: Entry
    others: tuple[CertificateId, ...]


@typed
def correct(certificate_id: CertificateId, correction: Correction, desk: IssuingDesk) -> Corrected:
    """Make the certificate that supersedes a wrong one, and queue its mail.

    The old one's queued mail is cancelled in the transaction that enters the new one.
    A crash before it leaves a file nobody was promised.

    Args:
        certificate_id: The wrong certificate.
        correction: What is right.
        desk: The office's.

    Raises:
        InputError: If the correction cannot be printed, has no reason or changes nothing.
        IssueError: If the new certificate could not be drawn, or would not verify: a key
            may have been withdrawn meanwhile.
        LedgerError: If there is no such certificate, it does not stand, or the ledger
            cannot be written. In all cases nothing was changed.
    """
    refuse_unprintable(correction)
    old = _standing(certificate_id, desk.ledger)
    if correction.of(old.certificate.recipient) == old.certificate.recipient:
        raise InputError(
            f"certificate {certificate_id} says so already; nothing was changed",
            hint="cecert resend ID --to ADDRESS sends the same certificate again",
        )
    draft = _tried_out(old, correction, desk)
    kept = KeptFiles(desk, [draft.certificate.id])
    for _ in range(SLOT_TRIES):
        entry = _made(old, correction, draft, desk, kept)
        event = _event(entry, correction, desk)
        try:
            result = desk.ledger.supersede(certificate_id, entry, event, desk.require_keys)
        except IssueError:
            kept.discard(entry)
            raise
        if result is EntryResult.ENTERED:
            return Corrected(entry, _others(entry, desk.ledger))
        kept.discard(entry)
        if result is not EntryResult.SLOT_TAKEN:
            break
    raise LedgerError(
        f"certificate {certificate_id} was not corrected: {_REFUSALS[result]}",
        hint="cecert show tells what it is now",
    )


_REFUSALS = {
    EntryResult.HELD: "it was corrected or revoked meanwhile",
    EntryResult.OTHER_IDENTITY: "somebody else of this course has this name, and the same address"
    " or licence",
    EntryResult.SLOT_TAKEN: f"it found no free status slot in {SLOT_TRIES} tries",
}


def successor_of(entry: Entry, ledger: Ledger) -> CertificateId | None:
    """Return the certificate that superseded that of *entry*, None if none did."""
    if entry.state is not CertificateState.SUPERSEDED:
        return None
    own = entry.certificate
    theirs = ledger.entries_of(own.course.id, [own.recipient.participant])
    found = (each.certificate for each in theirs)
    return next((each.id for each in found if each.supersedes == own.id), None)


def refuse_unprintable(correction: Correction) -> None:
    """Refuse a correction that cannot be printed or mailed, or has no reason.

    Raises:
        InputError: Then, with everything that is wrong.
    """
    problems = () if correction.name is None else name_problems(correction.name)
    faults = [Fault("name", correction.name or "", each) for each in problems]
    wrong = [] if correction.email is None else email_problems(correction.email)
    faults += [Fault("email", correction.email or "", each) for each in wrong]
    reason = correction.reason
    if not reason.strip():
        faults.append(Fault("reason", "", "is blank", "say in a sentence what was wrong"))
    faults += [Fault("reason", reason, each) for each in reason_problems(reason)]
    if faults:
        raise InputError("nothing was corrected", tuple(faults))


def _standing(certificate_id: CertificateId, ledger: Ledger) -> Entry:
    entry = ledger.entry(certificate_id)
    if entry is None:
        raise no_certificate(certificate_id)
    fields = {"id": str(certificate_id), "state": entry.state.value}
    if entry.state is CertificateState.SUPERSEDED:
        successor = successor_of(entry, ledger)
        raise NotStandingError(
            f"certificate {certificate_id} was superseded by {successor}; nothing was changed",
            hint=f"correct that one: cecert correct {successor}",
            fields={**fields, "successor": str(successor)},
        )
    if entry.state is CertificateState.REVOKED:
        raise NotStandingError(
            f"certificate {certificate_id} was revoked, which is final; nothing was changed",
            fields=fields,
        )
    return entry


def _tried_out(old: Entry, correction: Correction, desk: IssuingDesk) -> Draft:
    """Return the new certificate as a draft, unless it cannot be drawn or verifies nowhere."""
    second = int(desk.clock.now().timestamp())
    kid = desk.token_signer.public_key.kid
    if not any(each.signs_tokens_at(second) for each in desk.trust.keys_with(kid)):
        raise IssueError(
            "the trust file lists no token key of ours that signs today; nothing was corrected",
            hint="cecert keys rotate, or cecert keys sign",
        )
    faults: Sequence[Fault] = [
        Fault(f"trust file: {line.credential}", line.token_provider, "is not covered any more")
        for line in uncovered_lines(old.certificate, desk.trust)
    ]
    try:
        found = tried_out(_composed(old, correction, desk), desk)
    except TokenError as error:
        raise IssueError(f"nothing was corrected: {error}", hint=error.hint) from error
    if isinstance(found, Draft) and not faults:
        return found
    undrawable = () if isinstance(found, Draft) else found
    raise IssueError("nothing was corrected", (*faults, *undrawable))


def _made(
    old: Entry, correction: Correction, draft: Draft, desk: IssuingDesk, kept: KeptFiles
) -> Entry:
    certificate, document = kept.again(draft) or _sealed(draft, desk)
    digest = sha256(document).hexdigest()
    email = old.email if correction.email is None else correction.email
    return Entry(
        certificate=certificate,
        email=email,
        document=desk.archive.put([(certificate.id, document)])[0],
        sha256=digest,
        mail=queue_row(
            certificate, email, digest, desk.clock.now(), desk.mail_host, correction.reason
        ),
        actor=desk.actor,
        evidence=old.evidence,
        level=desk.level(document),
    )


def _sealed(draft: Draft, desk: IssuingDesk) -> tuple[Certificate, bytes]:
    (slot,) = desk.ledger.free_slots(desk.randomness, 1)
    return sealed_draft(draft, slot, desk)


def _composed(old: Entry, correction: Correction, desk: IssuingDesk) -> Certificate:
    before = old.certificate
    revision = before.revision + 1
    recipient = correction.of(before.recipient)
    held = {each.jurisdiction for each in recipient.licenses}
    return replace(
        before,
        credit_lines=tuple(each.of_states(held) for each in before.credit_lines),
        id=_id_of(before, revision, desk),
        revision=revision,
        recipient=recipient,
        issued_at=desk.clock.now().replace(microsecond=0),
        signatories=signatories_of(
            desk.signatories, [each.credential for each in before.credit_lines]
        ),
        layout=desk.layout,
        paper=desk.paper,
        slot=LAST_SLOT,
        verify_host=desk.verify_host,
        supersedes=before.id,
    )


def _id_of(before: Certificate, revision: int, desk: IssuingDesk) -> CertificateId:
    return derive_certificate_id(
        desk.id_key,
        provider_id=before.provider.id,
        course_id=before.course.id,
        participant_id=before.recipient.participant,
        credential_types=[line.credential for line in before.credit_lines],
        revision=revision,
    )


def _event(entry: Entry, correction: Correction, desk: IssuingDesk) -> Event:
    certificate = entry.certificate
    reason = f"by {certificate.id}: {correction.reason}"
    return Event("superseded", desk.clock.now(), certificate.supersedes, desk.actor, reason)


def _others(entry: Entry, ledger: Ledger) -> tuple[CertificateId, ...]:
    own = entry.certificate
    theirs = ledger.entries_of(own.course.id, [own.recipient.participant])
    return tuple(
        each.certificate.id
        for each in theirs
        if each.state is CertificateState.STANDING
        and each.certificate.recipient.name != own.recipient.name
    )
