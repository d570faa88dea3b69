"""Finding: certificates by what somebody typed, and the one that an act is meant for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.people.search import PersonSearch, what_finds
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import day_phrase
from cecert.errors import Fault, InputError, no_certificate
from cecert.ports import Entry, Ledger

__all__ = ["find", "found_one"]

SHOWN = 20
"""Certificates that are named where a text finds too many."""


def find(text: str, ledger: Ledger, limit: int) -> Sequence[Entry]:
    """Return the certificates that a text finds, the newest first, at most *limit* of them.

    Args:
        text: Part of a name, an address, a licence, or the start of an id.
        ledger: Where they are looked for.
        limit: So many at most.

    Raises:
        InputError: If there is nothing to look for in it.
    """
    try:
        return ledger.find(PersonSearch.of(text), limit)
    except ValueError as error:
        raise InputError(
            f"nothing can be found by {text[:80]!r}: {error}", hint=what_finds()
        ) from None


def found_one(text: str, ledger: Ledger) -> Entry:
    """Return the one certificate that a text finds: its id, or whatever `find` knows.

    Of one that was corrected, and the one that it was corrected by, the later is found.

    Raises:
        InputError: If it finds none, or several, which are listed.
        LedgerError: If it is a whole id, and of no certificate here.
    """
    try:
        certificate_id = CertificateId.parse(text)
    except ValueError:
        return _only(text, find(text, ledger, SHOWN + 1))
    entry = ledger.entry(certificate_id)
    if entry is None:
        raise no_certificate(certificate_id)
    return entry


def _only(text: str, all_found: Sequence[Entry]) -> Entry:
    # Of more than are looked at, one may be another person's.
    found = all_found if len(all_found) > SHOWN else _newest_of_each(all_found)
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"no certificate is found by {text!r}", hint=what_finds())
    several = f"more than {SHOWN}" if len(found) > SHOWN else str(len(found))
    faults = tuple(Fault(str(each.certificate.id), "", _told(each)) for each in found[:SHOWN])
    hint = "say which by its id, or by more of the name, the address or the licence"
    raise InputError(f"{text!r} finds {several} certificates", faults, hint=hint)


def _newest_of_each(found: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries without those in whose place another of them stands since."""
    last: dict[Hashable, int] = {}
    for each in found:
        last[_line(each)] = max(last.get(_line(each), 0), each.certificate.revision)
    return [
        each
        for each in found
        if each.state is not CertificateState.SUPERSEDED
        or each.certificate.revision == last[_line(each)]
    ]


def _line(entry: Entry) -> Hashable:
    """Return what a certificate and those that supersede it have in common, and no others."""
    own = entry.certificate
    credentials = tuple(each.credential for each in own.credit_lines)
    return own.course.id, own.recipient.participant, credentials


def _told(entry: Entry) -> str:
    own = entry.certificate
    parts = (own.recipient.name, entry.email, own.course.id, day_phrase(own.credit_date))
    return ", ".join((*parts, entry.state.value))
