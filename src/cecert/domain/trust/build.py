"""Building the trust file: what the office's approvals, keys and hosts let a verifier believe.

Its token keys are published besides in the form other software reads, a JSON Web Key Set
(RFC 7517).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from cecert.domain.cose.cose import Algorithm, CoseKey
from cecert.domain.course.approval import Approval
from cecert.domain.course.approval_use import token_provider_of
from cecert.domain.course.provider import Provider
from cecert.domain.course.regime import Regime
from cecert.domain.log.trusted_log import LoggedBefore, TrustedLog
from cecert.domain.trust.trust_file import KeyUse, Scope, SealCert, TrustedKey, TrustFile

__all__ = ["build_trust_file", "credit_scopes", "jwks_of"]

REFRESH_DAYS = 400
"""Days after which a trust file that nobody renewed is old, and a verifier says so."""

ALWAYS = (date(1970, 1, 1), date.max)


def credit_scopes(
    approvals: Iterable[Approval], regimes: Mapping[str, Regime]
) -> Mapping[int, tuple[Scope, ...]]:
    """Return what the office may certify, by credit code.

    An approval covers the session dates it is in force on. A regime that needs none,
    attendance, is always covered: it claims nothing.
    """
    found: defaultdict[int, list[Scope]] = defaultdict(list)
    for regime in regimes.values():
        if not regime.approval_needed:
            found[regime.code].append(Scope("", regime.label, *ALWAYS))
    for approval in approvals:
        if (known := regimes.get(approval.credential)) is not None:
            number = token_provider_of(known, approval)
            first, last = max(approval.valid_from, ALWAYS[0]), approval.valid_to or ALWAYS[1]
            found[known.code].append(Scope(number, known.label, first, last))
    return {code: tuple(found[code]) for code in sorted(found)}


def build_trust_file(
    provider: Provider,
    scopes: Mapping[int, tuple[Scope, ...]],
    *,
    hosts: tuple[str, ...],
    link_prefixes: tuple[str, ...],
    status_bases: tuple[str, ...],
    keys: tuple[TrustedKey, ...],
    seals: tuple[SealCert, ...],
    root: CoseKey,
    now: datetime,
    previous: TrustFile | None = None,
    logs: tuple[TrustedLog, ...] = (),
    logged: tuple[LoggedBefore, ...] = (),
) -> TrustFile:
    """Put a trust file together; its sequence is the instant, and never goes down.

    Signatures have the lower form since the first trust file that says so.

    Args:
        provider: Whose it is.
        scopes: What the provider may certify, by credit code (`credit_scopes`).
        hosts: Hosts of the verify page and its mirrors.
        status_bases: Where status lists are published; at least one.
        keys: Working keys, retired and withdrawn ones too.
        seals: Signing certificates of the PDF seals, retired ones too.
        root: The public key of the root that signs it.
        now: Aware; it is issued at this second, and is to be renewed after 400 days.
        previous: The trust file before, None without one.
        link_prefixes: What the links of certificates begin with.
        logs: Of the provider's log, the newest key last.
        logged: What the log has of keys that are withdrawn now; of those before stays what
            *previous* says.

    Raises:
        ValueError: If there is no status base.
    """
    second = int(now.timestamp())
    since = None if previous is None else previous.low_s_since
    return TrustFile(
        issuer=provider.id,
        sequence=second if previous is None else max(second, previous.sequence + 1),
        issued_at=second,
        refresh_by=second + REFRESH_DAYS * 86_400,
        name=provider.name,
        credits=scopes,
        hosts=hosts,
        status_bases=status_bases,
        keys=keys,
        root=root,
        seals=seals,
        low_s_since=second if since is None else since,
        link_prefixes=link_prefixes,
        logs=logs,
        logged=_all_logged(logged, previous),
    )


def _all_logged(
    logged: tuple[LoggedBefore, ...], previous: TrustFile | None
) -> tuple[LoggedBefore, ...]:
    # A thief may have gone on signing: what was said first, of the fewest leaves, stays.
    before = () if previous is None else previous.logged
    known = {each.kid for each in before}
    return (*before, *(each for each in logged if each.kid not in known))


def jwks_of(trust: TrustFile) -> dict[str, object]:
    """Return the token keys of *trust*, retired ones too, as a JWKS.

    It is signed by nobody: who wants to rely on a key opens the trust file.
    """
    keys = [each for each in trust.keys if each.use is KeyUse.TOKEN]
    return {"keys": [{**_jwk(each.key), "kid": each.kid.hex(), "use": "sig"} for each in keys]}


def _jwk(key: CoseKey) -> dict[str, str]:
    if key.algorithm is Algorithm.ED25519:
        # RFC 8037, 2; RFC 9864 names the algorithm.
        return {"kty": "OKP", "crv": "Ed25519", "x": _text(key.x), "alg": "Ed25519"}
    return {"kty": "EC", "crv": "P-256", "x": _text(key.x), "y": _text(key.y), "alg": "ES256"}


def _text(coordinate: bytes) -> str:
    return urlsafe_b64encode(coordinate).rstrip(b"=").decode()
