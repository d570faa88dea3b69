"""Keys that seal, with their X.509 certificates: the office's own small CA, or an institution's.

The office's CA is self-signed and lasts 25 years; a signing certificate lasts 400 days
(docs/spec/seals.md 3). Readers that do not know the CA show the seal as intact and its
owner as unknown; who it is follows from the trust file.

Whether a signing certificate is fit to seal is told before it seals the first. What would
make every seal worthless is an error; what some readers complain of, or what soon will be
an error, is a warning. RFC 5280 section 4.2 says what the fields mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cecert.domain.values.findings import Finding, Severity
from cecert.ports import DigestSigner

__all__ = [
    "CA_LIFE",
    "SIGNING_LIFE",
    "SealKey",
    "is_issued_by",
    "life_findings",
    "make_ca_certificate",
    "make_signing_certificate",
    "signing_cert_findings",
]

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

LEAST_RSA_BITS = 2048
"""NIST SP 800-131A: shorter ones are disallowed."""

WARNED = timedelta(days=60)
"""Time before its end at which a signing certificate is warned of (docs/spec/seals.md 3)."""

_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_WEAK_HASHES = frozenset({"md5", "sha1"})
_DOCUMENTS = frozenset({
    "1.3.6.1.5.5.7.3.36",  # document signing, RFC 9336
    "1.2.840.113583.1.1.5",  # authentic documents, Adobe
    "1.3.6.1.4.1.311.10.3.12",  # document signing, Microsoft
    ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key that seals.

    Attributes:
        signer: Signs with its private key, wherever that is.
        signing_cert: Its X.509 certificate.
        chain: Certificates that go along with it: of the office's own CA; of an
            institution's those between it and its root, which is left out.
    """

    signer: DigestSigner = field(repr=False)
    signing_cert: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def certificate(self) -> bytes:
        """The signing certificate, DER; the trust file lists its SHA-256."""
        return self.signing_cert.public_bytes(Encoding.DER)


def make_ca_certificate(
    key: ec.EllipticCurvePrivateKey, provider: str, start: datetime
) -> x509.Certificate:
    """Make the self-signed certificate of the office's seal CA.

    Args:
        key: The CA's; it signs its own certificate.
        provider: The provider's name; a long one is cut in the common name, not in the
            organisation's.
        start: First instant of its 25 years, aware.
    """
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
    """Make a certificate for the seal's *key*, issued by the office's seal CA.

    Args:
        key: The public half of the key that will seal.
        provider: The provider's name, which readers show as the seal's owner.
        start: First instant of its 400 days, aware.
        ca_key: Signs it.
        ca_certificate: Of *ca_key*.
    """
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


def signing_cert_findings(
    cert: x509.Certificate, chain: Sequence[x509.Certificate], place: str
) -> tuple[Finding, ...]:
    """Say what is wrong with a signing certificate at any time.

    Args:
        cert: The signing certificate.
        chain: Certificates of issuers, in any order; the root may be missing.
        place: Where it stands, for the findings.
    """
    errors = [*_key_errors(cert), *_use_errors(cert), *_chain_errors(cert, chain)]
    warnings = [*_use_warnings(cert), *_chain_warnings(cert, chain)]
    return (*_all(Severity.ERROR, place, errors), *_all(Severity.WARNING, place, warnings))


def life_findings(
    cert: x509.Certificate, chain: Sequence[x509.Certificate], place: str, now: datetime
) -> tuple[Finding, ...]:
    """Say whether a signing certificate and those above it are in force at *now*, and stay so.

    Args:
        cert: The signing certificate.
        chain: Certificates of issuers, in any order; the root may be missing.
        place: Where it stands, for the findings.
        now: Aware; what ends within 60 days after it is warned of.
    """
    errors, warnings = [], []
    for each in (cert, *_path(cert, chain)):
        whose = (
            "" if each is cert else f"the certificate of its issuer {_subject_name(each.subject)} "
        )
        first, last = each.not_valid_before_utc, each.not_valid_after_utc
        if now < first:
            errors.append(f"{whose}is in force only from {first:%Y-%m-%d} on")
        elif last < now:
            errors.append(f"{whose}ended on {last:%Y-%m-%d}")
        elif last < now + WARNED:
            warnings.append(f"{whose}ends on {last:%Y-%m-%d}")
    return (*_all(Severity.ERROR, place, errors), *_all(Severity.WARNING, place, warnings))


def _all(severity: Severity, place: str, messages: Sequence[str]) -> Iterator[Finding]:
    return (Finding(severity, place, each) for each in messages)


def _key_errors(cert: x509.Certificate) -> Iterator[str]:
    try:
        key = cert.public_key()
    except (UnsupportedAlgorithm, ValueError):
        yield "has a key that cannot be read"
        return
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < LEAST_RSA_BITS:
            yield f"has an RSA key of {key.key_size} bits, {LEAST_RSA_BITS} are the least"
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        yield "has a key that is neither ECDSA nor RSA"
    elif not isinstance(key.curve, _CURVES):
        yield f"has a key on the curve {key.curve.name}, which PDF readers do not know"


def _use_errors(cert: x509.Certificate) -> Iterator[str]:
    use = _key_usage(cert)
    if use is not None and not (use.digital_signature or use.content_commitment):
        yield "is not for digital signatures (key usage)"


def _use_warnings(cert: x509.Certificate) -> Iterator[str]:
    if _key_usage(cert) is None:
        yield "does not say what its key may be used for (key usage)"
    try:
        purposes = cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not _DOCUMENTS & {each.dotted_string for each in purposes}:
        names = ", ".join(each._name for each in purposes)  # noqa: SLF001  # it has no other
        yield f"is for other things than documents ({names})"


def _key_usage(cert: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return cert.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _chain_errors(cert: x509.Certificate, chain: Sequence[x509.Certificate]) -> Iterator[str]:
    for each in (cert, *_path(cert, chain)):
        named = [other for other in chain if other.subject == each.issuer]
        if named and not any(is_issued_by(each, other) for other in named):
            issuer, subject = _subject_name(each.issuer), _subject_name(each.subject)
            yield f"its chain is broken: {issuer} did not issue {subject}"


def _chain_warnings(cert: x509.Certificate, chain: Sequence[x509.Certificate]) -> Iterator[str]:
    if cert.issuer == cert.subject:
        yield "is self-signed: readers show its seals as intact, and their owner as unknown"
    elif _is_ca(cert):
        yield "is a certificate authority's own, not one for signing"
    hashed = cert.signature_hash_algorithm
    if hashed is not None and hashed.name in _WEAK_HASHES:
        yield f"was signed with {hashed.name}, which readers no longer accept"
    path = _path(cert, chain)
    for each in chain:
        if each not in path:
            yield f"the certificate of {_subject_name(each.subject)} beside it is of no use to it"


def _path(cert: x509.Certificate, chain: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return the issuers of *cert*, the nearest first, as far as *chain* has them."""
    path: list[x509.Certificate] = []
    last = cert
    while True:
        above = next(
            (each for each in chain if each not in path and is_issued_by(last, each)), None
        )
        if above is None:
            return path
        path.append(above)
        last = above


def is_issued_by(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether *issuer* is the certificate of whoever signed *cert*."""
    try:
        cert.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_ca(cert: x509.Certificate) -> bool:
    try:
        return cert.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _subject_name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
