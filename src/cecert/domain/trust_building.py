"""Building the trust file: what the office's approvals, keys and hosts let a verifier believe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from cecert.domain.approvals import Approval
from cecert.domain.approving import token_provider_of
from cecert.domain.certificates import Certificate, Provider
from cecert.domain.cose import CoseKey
from cecert.domain.credit_lines import CreditLine
from cecert.domain.regimes import Regime
from cecert.domain.trust import Scope, SealCert, TrustedKey, TrustFile

__all__ = ["build_trust_file", "credit_scopes", "uncovered_lines"]

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
    status_bases: tuple[str, ...],
    keys: tuple[TrustedKey, ...],
    seals: tuple[SealCert, ...],
    root: CoseKey,
    now: datetime,
    previous_sequence: int = 0,
) -> TrustFile:
    """Put a trust file together; its sequence is the instant, and never goes down."""
    second = int(now.timestamp())
    return TrustFile(
        issuer=provider.id,
        sequence=max(second, previous_sequence + 1),
        issued_at=second,
        refresh_by=second + REFRESH_DAYS * 86_400,
        name=provider.name,
        credits=scopes,
        hosts=hosts,
        status_bases=status_bases,
        keys=keys,
        root=root,
        seals=seals,
    )


def uncovered_lines(certificate: Certificate, trust: TrustFile) -> tuple[CreditLine, ...]:
    """Return the credit lines of *certificate* that *trust* does not cover on every date.

    A trust file that leaves out an approval unmakes what was issued under it.
    """
    return tuple(
        line
        for line in certificate.credit_lines
        if any(
            trust.scope_of(line.code, line.token_provider, day) is None
            for day in certificate.course.days
        )
    )
