"""Keys that seal, with their X.509 certificates: the office's own small CA, or an institution's.

The office's CA is self-signed and lasts 25 years; a signing certificate lasts 400 days
(DESIGN section 7). Readers that do not know the CA show the seal as intact and its
owner as unknown; who it is follows from the trust file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

__all__ = ["CA_LIFE", "SIGNING_LIFE", "SealKey", "make_ca_certificate", "make_signing_certificate"]

SIGNING_LIFE = timedelta(days=400)
CA_LIFE = timedelta(days=25 * 365 + 6)

_COMMON_NAME_BYTES = 64  # ub-common-name, RFC 5280 appendix A

_NO_USE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key that seals.

    Attributes:
        private_key: ECDSA or RSA.
        signing_cert: Its X.509 certificate.
        chain: Certificates between it and the root, the root left out.
    """

    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(repr=False)
    signing_cert: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def certificate(self) -> bytes:
        """The signing certificate, DER; the trust file lists its SHA-256."""
        return self.signing_cert.public_bytes(Encoding.DER)


def make_ca_certificate(
    key: ec.EllipticCurvePrivateKey, provider: str, start: datetime
) -> x509.Certificate:
    """Make the self-signed certificate of the office's seal CA."""
    subject = _name(provider, " seal CA")
    use = x509.KeyUsage(**{**_NO_USE, "key_cert_sign": True, "crl_sign": True})
    return (
        _builder(subject, subject, key.public_key(), start, start + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(use, critical=True)
        .sign(key, SHA256())
    )


def make_signing_certificate(
    key: ec.EllipticCurvePublicKey,
    provider: str,
    start: datetime,
    ca_key: ec.EllipticCurvePrivateKey,
    ca_certificate: x509.Certificate,
) -> x509.Certificate:
    """Make a certificate for the seal's *key*, issued by the office's seal CA."""
    use = x509.KeyUsage(**{**_NO_USE, "digital_signature": True, "content_commitment": True})
    issuer_id = ca_certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(_name(provider), ca_certificate.subject, key, start, start + SIGNING_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(use, critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
        .sign(ca_key, SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(provider: str, suffix: str = "") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, _shortened(provider, suffix)),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, provider),
        ]
    )


def _shortened(provider: str, suffix: str) -> str:
    room = _COMMON_NAME_BYTES - len(suffix)
    if len(provider.encode()) <= room:
        return provider + suffix
    cut = provider.encode()[: room - len("…".encode())].decode(errors="ignore")
    return cut.rstrip(" ,;") + "…" + suffix
