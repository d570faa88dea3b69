"""Chains as institutions have them: a root, an authority below it, and what that certified."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from cecert.adapters.keys.seal import make_ca_certificate, make_signing_certificate


def chain_of(
    key: ec.EllipticCurvePublicKey, start: datetime
) -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
    """Return a signing certificate for *key*, that of its authority, and the root's.

    The authority's is the shorter, so that DER sorts it before the signing certificate.
    """
    top, middle = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = make_ca_certificate(top, "An institution", start)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "M")])
    public = middle.public_key()
    builder = x509.CertificateBuilder(root.subject, name, public, 1)
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=3000))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    between = builder.add_extension(identifier, critical=False).sign(top, SHA256())
    signing = make_signing_certificate(key, "An institution", start, middle, between)
    return signing, between, root
