"""Verifying in the office itself: its ledger knows more than a token, and sooner than a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.phrases import credit_words, format_phrase, hours_words, issue_day
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.log.answer import LogAnswer
from cecert.domain.token.claims import Claims, claims_of_payload
from cecert.domain.token.shown_record import Recorded
from cecert.domain.trust.status_list import RecordedStatus, Status, StatusAnswer
from cecert.ports import Clock, Entry, Ledger
from cecert.workflows.correct import successor_of

__all__ = ["ledger_teller", "own_log_teller", "record_teller"]

_STATUSES = {
    CertificateState.STANDING: Status.VALID,
    CertificateState.REVOKED: Status.REVOKED,
    CertificateState.SUPERSEDED: Status.SUPERSEDED,
}


def ledger_teller(
    ledger: Ledger, clock: Clock, published: Callable[[Claims], StatusAnswer]
) -> Callable[[Claims], StatusAnswer]:
    """Return what a `Verifier` in the office itself asks for the status of a certificate.

    The ledger answers. Where it says that a certificate stands, what was published is asked
    too: a ledger that was restored from a backup has forgotten what was revoked since.

    Args:
        ledger: The office's own.
        clock: Tells when it was asked.
        published: Tells what lists say; it alone answers for what the ledger does not have.
    """

    def tell(claims: Claims) -> StatusAnswer:
        entry = _own_entry(claims, ledger)
        if entry is None:
            return published(claims)
        now = int(clock.now().timestamp())
        recorded = RecordedStatus(_STATUSES[entry.state], now, "by the ledger of this office")
        if recorded.status is not Status.VALID:
            return StatusAnswer(recorded=recorded)
        answer = published(claims)
        list_id, slot = claims.status
        lists = answer.statuses
        if (
            lists is not None
            and lists.list_id == list_id
            and lists.status(slot) is not Status.VALID
        ):
            return answer
        return replace(answer, recorded=recorded)

    return tell


def own_log_teller(
    ledger: Ledger, published: Callable[[bytes], LogAnswer]
) -> Callable[[bytes], LogAnswer]:
    """Return what a `Verifier` in the office itself asks for a certificate's place in the log.

    Its own ledger is a log that is current: what neither it nor the published log has was not
    issued here.

    Args:
        ledger: The office's own, which has all that was published from it.
        published: Tells what the published log has.
    """

    def tell(payload: bytes) -> LogAnswer:
        if _own_entry(claims_of_payload(payload), ledger) is not None:
            return LogAnswer(recorded=True)
        return replace(published(payload), recorded=False)

    return tell


def record_teller(ledger: Ledger) -> Callable[[Claims], Recorded | None]:
    """Return what a `Verifier` in the office itself asks for what a token leaves out."""

    def tell(claims: Claims) -> Recorded | None:
        entry = _own_entry(claims, ledger)
        if entry is None:
            return None
        certificate = entry.certificate
        lines, provider = certificate.credit_lines, certificate.provider.name
        return Recorded(
            hours=hours_words(lines),
            credit_lines=tuple(credit_words(each, provider) for each in lines),
            format=format_phrase(certificate.course),
            issued_on=issue_day(certificate),
            replaced_by=successor_of(entry, ledger),
        )

    return tell


def _own_entry(claims: Claims, ledger: Ledger) -> Entry | None:
    """Return the certificate that claims just this, None if the ledger has none."""
    entry = ledger.entry(claims.certificate_id)
    if entry is None or certified_claims(entry.certificate) != claims:
        return None
    return entry
