"""The trust file of an office that has no files: made of its values, signed by a program's root."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from cecert.adapters.keys.signatures import check_signature
from cecert.argument_types import typed
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.trust_file import KeyUse, SealCert, TrustedKey, TrustFile
from cecert.errors import KeyStoreError
from cecert.office.given.parts import Keys
from cecert.office.office import Office

__all__ = ["Window", "sign_trust"]


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when keys sign, as verifiers are told.

    Attributes:
        first, last: Instants, aware; at most 400 days lie between them.
    """

    first: datetime
    last: datetime


LIFE = timedelta(days=400)
"""How long keys sign where nobody says: as long as those that cecert makes."""


@typed
def sign_trust(  # what a trust file says
    office: Office,
    root: TokenSigner,
    keys: Keys,
    *,
    window: Window | None = None,
    status: TokenSigner | None = None,
    previous: bytes = b"",
) -> bytes:
    """Return a trust file for an office's approvals, hosts and keys, signed.

    What *previous* lists and is not listed anew, stays listed with its window, so that what was
    issued with it goes on to verify.

    Args:
        office: Whose approvals, regimes and verify page it tells of.
        root: Signs it; verifiers pin its thumbprint.
        keys: What signs tokens and seals from now on.
        window: From when to when they sign, None for 400 days from now.
        status: What signs status lists, None where none are published.
        previous: The trust file before, as it was signed; b"" for none.

    Raises:
        KeyStoreError: If *previous* is damaged, or keys would sign for too long or never.
    """
    try:
        return sign_trust_file(_trust(office, root, keys, window, status, previous), root)
    except ValueError as error:
        raise KeyStoreError(f"no trust file can be made of this: {error}") from error


def _trust(  # as `sign_trust`
    office: Office,
    root: TokenSigner,
    keys: Keys,
    window: Window | None,
    status: TokenSigner | None,
    previous: bytes,
) -> TrustFile:
    now = office.clock.now()
    span = window or Window(now, now + LIFE)
    seconds = int(span.first.timestamp()), int(span.last.timestamp())
    before = _opened(previous) if previous else None
    scopes = credit_scopes(office.file.approvals, office.regimes)
    token = TrustedKey(keys.token.public_key, *seconds, KeyUse.TOKEN, tuple(sorted(scopes)))
    lists = [TrustedKey(each.public_key, *seconds, KeyUse.STATUS) for each in [status] if each]
    seal = SealCert(sha256(keys.certificate).digest(), *seconds)
    addresses = (office.file.verify_url, *office.file.mirrors)
    return build_trust_file(
        office.file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        link_prefixes=tuple(f"{each}#" for each in addresses),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=(*_kept_keys(before, [token, *lists]), token, *lists),
        seals=(*_kept_seals(before, seal), seal),
        root=root.public_key,
        now=now,
        previous=before,
        logs=() if before is None else before.logs,
    )


def _opened(data: bytes) -> TrustFile:
    try:
        return open_trust_file(data, check_signature)
    except KeysetInvalidError as error:
        raise KeyStoreError(f"the trust file cannot be used: {error}") from error


def _kept_keys(before: TrustFile | None, new: Sequence[TrustedKey]) -> Iterable[TrustedKey]:
    known = {each.kid for each in new}
    return () if before is None else [each for each in before.keys if each.kid not in known]


def _kept_seals(before: TrustFile | None, new: SealCert) -> Iterable[SealCert]:
    return () if before is None else [each for each in before.seals if each.sha256 != new.sha256]
