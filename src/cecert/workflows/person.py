"""The one person a text finds, with everything the ledger has of them.

Who is one person is told by identity. Two identities are two: they may be one person, and
then both are told, but what they hold is never put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cecert.domain.people.likeness import Likeness, likeness
from cecert.domain.people.other_identity import Other
from cecert.domain.people.search import PersonSearch, what_finds
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError, no_certificate
from cecert.ports import Entry, Ledger
from cecert.workflows.find import find

__all__ = ["Other", "Person", "found_person"]

MOST = 500
"""Certificates among which the people are told apart whom a text finds."""

SHOWN = 20
"""People who are named where a text finds too many."""


@dataclass(frozen=True, slots=True)
class Person:
    """One identity, and all that it holds.

    Attributes:
        participant: The identity.
        entries: Its certificates, in order of issue; at least one.
        others: Other identities that may be the same person; nothing of theirs is here.
    """

    participant: str
    entries: tuple[Entry, ...]
    others: tuple[Other, ...]

    @property
    def name(self) -> str:
        """As on the newest certificate."""
        return self.entries[-1].certificate.recipient.name


def found_person(text: str, ledger: Ledger) -> Person:
    """Return the one person whom a text finds: by certificate id, identity, or as `find` does.

    Raises:
        InputError: If it finds nobody, or several, who are listed.
        LedgerError: If it is a whole id, and of no certificate here.
    """
    participant = _participant(text, ledger)
    entries = tuple(ledger.everything_of(participant))
    return Person(participant, entries, tuple(_others(entries, ledger)))


def _participant(text: str, ledger: Ledger) -> str:
    try:
        certificate_id = CertificateId.parse(text)
    except ValueError:
        return _only(text, [*find(text, ledger, MOST + 1), *ledger.everything_of(text.strip())])
    entry = ledger.entry(certificate_id)
    if entry is None:
        raise no_certificate(certificate_id)
    return entry.certificate.recipient.participant


def _only(text: str, found: Sequence[Entry]) -> str:
    people = _newest(found)
    if len(found) > MOST:
        hint = "say more of the name, the address or the licence"
        raise InputError(f"{text!r} finds more than {MOST} certificates", hint=hint)
    if not people:
        hint = what_finds("an identity")
        raise InputError(f"no certificate is found by {text!r}", hint=hint)
    if len(people) > 1:
        faults = tuple(map(_told, list(people.values())[:SHOWN]))
        hint = (
            "say which by the id of a certificate or by the identity; what two identities hold "
            "is never put together"
        )
        raise InputError(f"{text!r} finds {len(people)} people", faults, hint=hint)
    return next(iter(people))


def _told(entry: Entry) -> Fault:
    own = entry.certificate
    licenses = "; ".join(map(str, own.recipient.licenses)) or "no licence"
    told = f"{own.recipient.name}, {entry.email}, {licenses}, identity {own.recipient.participant}"
    return Fault(str(own.id), "", told)


def _newest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the newest certificate of each identity."""
    newest: dict[str, Entry] = {}
    for each in entries:
        own = each.certificate
        kept = newest.get(own.recipient.participant)
        if kept is None or kept.certificate.issued_at < own.issued_at:
            newest[own.recipient.participant] = each
    return newest


def _others(entries: Sequence[Entry], ledger: Ledger) -> Iterable[Other]:
    signs = {each.signs for each in entries}
    asked = {text for each in signs for text in (each.address, each.name, *each.licenses)}
    searches = (PersonSearch.of(each) for each in sorted(asked))
    near = [entry for each in searches for entry in ledger.find(each, MOST)]
    for participant, entry in _newest(near).items():
        found = {likeness(each, entry.signs) for each in signs} - {None}
        if found:
            why = next(each for each in Likeness if each in found)
            own = entry.certificate
            yield Other(participant, own.recipient.name, entry.email, own.id, why)
