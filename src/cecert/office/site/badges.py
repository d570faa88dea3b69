"""Badges for an office: in whose name they are signed, with which key, and what its site says.

The issuer is the site (`did:web`), whose domain is the school's, or for a badge that needs no
site the key itself (`did:key`), of which nothing says whose it is.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cecert.adapters.keys import KeyFacts, KeyPurpose, KeyStage, open_badge_key
from cecert.adapters.keys.signatures import Ed25519Signer, cose_key
from cecert.domain.badge.proof import BadgeIssuer, BadgeKey, did_document, did_key, did_of_site
from cecert.errors import KeyStoreError
from cecert.office.keys.returned import refuse_older_keys
from cecert.office.office import Office
from cecert.workflows.badge import BadgeDesk, BadgeSite

__all__ = ["badge_desk", "badge_site"]


def badge_desk(office: Office, issuer: BadgeIssuer) -> BadgeDesk:
    """Return what handing out badges needs.

    Raises:
        KeyStoreError: If there is no key for badges in use, it cannot be opened, its time is
            over, or the keys are older than the ledger.
        LedgerError: If the ledger cannot be opened.
    """
    refuse_older_keys(office)
    site = office.file.verify_url
    return BadgeDesk(
        key=_opened(office, issuer, office.known_passphrase()),
        site=site,
        has_status=issuer is BadgeIssuer.WEB,
        ledger=office.written_ledger,
        clock=office.clock,
        actor=office.actor,
    )


def _opened(office: Office, issuer: BadgeIssuer, passphrase: str) -> BadgeKey:
    facts, secret = open_badge_key(office.file.keys, passphrase)
    if ended := _not_now(facts, office):
        raise KeyStoreError(ended, hint=_ROTATE)
    if issuer is BadgeIssuer.KEY:
        did, method = did_key(_public(facts))
    else:
        did, _ = did_of_site(office.file.verify_url)
        method = f"{did}#{facts.name}"
    return BadgeKey(did, method, Ed25519Signer(secret).sign)


_ROTATE = "look at this clock; if it is right, cecert keys rotate makes a key that signs now"


def _not_now(facts: KeyFacts, office: Office) -> str:
    """Return why a key signs nothing now, "" where it does."""
    # `read_key_facts` refuses a key for badges without an end.
    assert facts.not_after is not None  # noqa: S101
    if facts.not_before <= int(office.clock.now().timestamp()) <= facts.not_after:
        return ""
    first, last = (
        f"{datetime.fromtimestamp(each, UTC):%Y-%m-%d}"
        for each in (facts.not_before, facts.not_after)
    )
    return f"the key {facts.name} signs from {first} to {last} alone"


def _public(facts: KeyFacts) -> bytes:
    # It refuses one without its public half, too.
    assert facts.public_key is not None  # noqa: S101
    return cose_key(facts.public_key).x


def badge_site(office: Office, passphrase: str) -> BadgeSite | None:
    """Return what the office's site says for badges, None where it never had a key for them.

    A key that was withdrawn is left out, so that nothing it signed verifies any more; one that
    has retired stays.

    Where the time of the one in use is over, that is told, and its lists are left to expire: the
    other lists must be published all the same.

    Raises:
        KeyStoreError: If the key cannot be opened.
    """
    listed = [each for each in office.key_facts() if each.purpose is KeyPurpose.BADGE]
    if not listed:
        return None
    did, name = did_of_site(office.file.verify_url)
    good = [(each.name, _public(each)) for each in listed if each.state is not KeyStage.COMPROMISED]
    in_use = [each for each in listed if each.state is KeyStage.ACTIVE]
    ended = _not_now(in_use[-1], office) if in_use else "no key for badges is in use"
    if ended:
        office.warn(f"{ended}: what says which badges were revoked is not renewed")
    key = None if ended else _opened(office, BadgeIssuer.WEB, passphrase)
    return BadgeSite(name, did_document(did, good), office.file.verify_url, key)
