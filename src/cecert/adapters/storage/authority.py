"""The small certification authority behind a provider's seal (RFC 5280).

A self-signed leaf stays "issuer unknown" in every reader even when it is imported;
a leaf below an authority of the provider's own does not.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["make_authority", "make_signing_cert"]

_COMMON_NAME = 64
"""RFC 5280 upper bound ub-common-name, in characters."""


def _name(provider: str, role: str) -> x509.Name:
    common = f"{provider[: _COMMON_NAME - len(role) - 1]} {role}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, provider[:_COMMON_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def make_authority(
    key: ec.EllipticCurvePrivateKey, provider: str, first: datetime, last: datetime
) -> x509.Certificate:
    """Make the authority's own certificate."""
    name = _name(provider, "Seal CA")
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def make_signing_cert(
    key: ec.EllipticCurvePrivateKey,
    provider: str,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    window: tuple[datetime, datetime],
) -> x509.Certificate:
    """Make the certificate that seals, valid within *window*."""
    first, last = window
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name(provider, "Seal"))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
