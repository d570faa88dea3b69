"""The certificate that seals is looked into: by `lint`, and before the first certificate."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509

from cecert.adapters.keys import KeyPurpose, KeyStage, SealKey, read_key_facts
from cecert.adapters.keys.seal import life_findings, signing_cert_findings
from cecert.domain.trust.trust_file import KeyState, TrustFile
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import KeyStoreError

__all__ = [
    "authority_certificate",
    "own_seal_findings",
    "require_fit_seal",
    "require_listed_seal",
    "seal_findings",
]


def seal_findings(seal: SealKey, place: str, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with the certificate of *seal* at *now*, or soon will be.

    Args:
        seal: The seal, opened.
        place: Where its certificate stands, for the findings.
        now: Aware.
    """
    cert, chain = seal.signing_cert, seal.chain
    timeless = signing_cert_findings(cert, chain, place)
    return (*timeless, *life_findings(cert, chain, place, now))


def own_seal_findings(keys: Path, now: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with the office's own seal, from its public facts; () without keys."""
    try:
        facts = [each for each in read_key_facts(keys) if each.certificate]
    except KeyStoreError:
        return ()
    seals = [each for each in facts if each.purpose is KeyPurpose.SEAL]
    issuers = [each for each in facts if each.purpose is KeyPurpose.SEAL_CA]
    active = [each for each in seals if each.state is KeyStage.ACTIVE]
    if not active:
        return ()  # `key_warnings` says so
    newest = active[-1]
    # An earlier CA of the office is of no use to this certificate, and no fault of it.
    chain = tuple(_loaded(each.certificate) for each in issuers[-1:])
    cert = _loaded(newest.certificate)
    timeless = signing_cert_findings(cert, chain, newest.name)
    return (*timeless, *life_findings(cert, chain, newest.name, now))


def authority_certificate(keys: Path) -> bytes:
    """Return the certificate of the office's CA, DER: who trusts it, trusts the office's seals.

    Raises:
        KeyStoreError: If there are no keys, or no CA that is in use.
    """
    active = [
        each
        for each in read_key_facts(keys)
        if each.purpose is KeyPurpose.SEAL_CA and each.state is KeyStage.ACTIVE
    ]
    if not active or active[-1].certificate is None:
        raise KeyStoreError(
            f"{keys} has no active seal CA", hint="cecert keys init --after makes new keys"
        )
    return active[-1].certificate


def _loaded(certificate: bytes | None) -> x509.Certificate:
    assert certificate is not None  # noqa: S101  # only facts with one get here
    return x509.load_der_x509_certificate(certificate)


def require_fit_seal(seal: SealKey, now: datetime) -> None:
    """Refuse to seal with a certificate that makes every seal worthless.

    Raises:
        KeyStoreError: If it has an error at *now*; every one is listed.
    """
    place = "the seal's signing certificate"
    errors = [each for each in seal_findings(seal, place, now) if each.severity is Severity.ERROR]
    if errors:
        reasons = "; ".join(each.message for each in errors)
        raise KeyStoreError(
            f"{place} cannot be used: it {reasons}",
            hint="cecert keys rotate makes a new one; an institution's comes from the institution",
        )


def require_listed_seal(trust: TrustFile, seal: SealKey, now: datetime) -> None:
    """Refuse to seal with what verifiers would call unknown.

    Args:
        trust: What verifiers are given.
        seal: What certificates would get.
        now: When they would be sealed, aware.

    Raises:
        KeyStoreError: If *trust* does not list the seal's certificate as good at *now*.
    """
    digest, second = sha256(seal.certificate).digest(), int(now.timestamp())
    good = (
        each.state is KeyState.ACTIVE and each.not_before <= second <= each.not_after
        for each in trust.seals
        if each.sha256 == digest
    )
    if not any(good):
        raise KeyStoreError(
            "the trust file does not list the seal that certificates would get, or not for today",
            hint="cecert keys sign lists a seal; cecert keys rotate makes a new one",
        )
