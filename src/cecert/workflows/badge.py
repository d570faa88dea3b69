"""Badges: a credit handed out as an Open Badges credential, and the lists of their status.

The event is entered before anything is handed out, as for every export. The lists say of each
slot what our own status lists say, and are made of the same reading of the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cecert.domain.badge.credential import badge_of
from cecert.domain.badge.proof import BadgeKey, signed
from cecert.domain.badge.status import (
    list_name,
    status_credential,
    status_entry,
    withdrawn_slots,
)
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.course.credit_line import CreditLine
from cecert.errors import InputError
from cecert.ports import Clock, Entry, Event, Ledger, Site

__all__ = ["BadgeDesk", "BadgeSite", "badge_files", "export_badge", "json_file"]

RENEWED = timedelta(days=1)
"""Age at which a list is signed anew though nothing in it has changed."""


@dataclass(frozen=True, slots=True)
class BadgeDesk:
    """What it takes to hand a badge out.

    Attributes:
        key: Signs it.
        site: Address of the verify page, ending in `/`.
        has_status: Whether a list says what became of it: not of a badge whose issuer is its
            key alone.
        ledger: Takes the event.
        clock: Tells when.
        actor: Who exports.
    """

    key: BadgeKey
    site: str
    has_status: bool
    ledger: Ledger
    clock: Clock
    actor: str


def export_badge(entry: Entry, credential: str, desk: BadgeDesk) -> Mapping[str, Any]:
    """Return one credit of a certificate as a signed credential.

    Args:
        entry: The certificate.
        credential: The credential type, "" where the certificate has but one.
        desk: What it takes.

    Raises:
        InputError: If the certificate does not stand, has no such credit, or has several and
            none is named; or if something in it cannot be signed.
    """
    certificate = entry.certificate
    if entry.state is not CertificateState.STANDING:
        raise InputError(
            f"certificate {certificate.id} is {entry.state.value}: no badge is made of it",
            hint=f"cecert show {certificate.id} says what replaced it, if anything",
        )
    line = _line(entry, credential)
    status = status_entry(desk.site, certificate.slot) if desk.has_status else None
    badge = badge_of(certificate, line, entry.sha256, desk.key.issuer, desk.site, status)
    now = desk.clock.now()
    try:
        found = signed(badge, desk.key, now)
    except ValueError as error:
        raise InputError(
            f"no badge can be made of certificate {certificate.id}: {error}"
        ) from error
    reason = f"badge of {line.credential}, {desk.key.method}"
    desk.ledger.add_event(Event("exported", now, certificate.id, desk.actor, reason))
    return found


def _line(entry: Entry, credential: str) -> CreditLine:
    certificate = entry.certificate
    lines = {each.credential: each for each in certificate.credit_lines}
    if credential in lines:
        return lines[credential]
    named = ", ".join(lines)
    if credential:
        raise InputError(
            f"certificate {certificate.id} has no credit of {credential}", hint=f"it has {named}"
        )
    if len(lines) > 1:
        raise InputError(
            f"certificate {certificate.id} has {len(lines)} credits, and a badge is of one",
            hint=f"name it with --credential: {named}",
        )
    return certificate.credit_lines[0]


@dataclass(frozen=True, slots=True)
class BadgeSite:
    """What the site says for badges.

    Attributes:
        name: Of the file that says what the site's keys are.
        document: That file's content.
        address: Of the site, ending in `/`.
        key: Signs the lists, None where no key for badges is in use: they are left to expire.
    """

    name: str
    document: Mapping[str, Any]
    address: str
    key: BadgeKey | None


def badge_files(
    badges: BadgeSite,
    states: Mapping[int, Mapping[int, CertificateState]],
    site: Site,
    valid: tuple[datetime, datetime],
    ttl: int,
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a site by which readers check badges.

    A list that is there, says the same and is of today stays as it is.

    Args:
        badges: What they say.
        states: Of every slot that a certificate has, by list.
        site: What is published.
        valid: From when until when a new list is good, aware.
        ttl: Seconds a reader may keep a list.
    """
    yield badges.name, json_file(badges.document)
    if badges.key is None:
        return
    for list_id, slots in states.items():
        name = list_name(list_id)
        gone = {at for at, state in slots.items() if state is not CertificateState.STANDING}
        there = site.read(name)
        if there is not None and _still_true(there, gone, badges.key, valid):
            yield name, there
            continue
        unsigned = status_credential(badges.key.issuer, f"{badges.address}{name}", gone, valid, ttl)
        yield name, json_file(signed(unsigned, badges.key, valid[0]))


def _still_true(
    data: bytes, gone: set[int], key: BadgeKey, valid: tuple[datetime, datetime]
) -> bool:
    try:
        found = json.loads(data)
        first, last = (datetime.fromisoformat(found[each]) for each in ("validFrom", "validUntil"))
        return (
            withdrawn_slots(found) == gone
            and found["proof"]["verificationMethod"] == key.method
            and last - first == valid[1] - valid[0]
            and timedelta() <= valid[0] - first < RENEWED
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def json_file(document: Mapping[str, Any]) -> bytes:
    """Return a document as the file that people import: indented, in UTF-8."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
