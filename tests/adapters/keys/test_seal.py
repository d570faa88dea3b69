"""Signing certificates: what makes a seal worthless, and what only some readers mind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cecert.adapters.keys.seal import life_findings, signing_cert_findings
from cecert.domain.values.findings import Finding, Severity

NOW = datetime(2026, 6, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
CURVE = ec.SECP256R1()
ROOT_KEY, MIDDLE_KEY, LEAF_KEY = (ec.generate_private_key(CURVE) for _ in range(3))
SIGNS = ("digital_signature", "content_commitment")
USES = (
    *SIGNS, "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
    "encipher_only", "decipher_only",
)  # fmt: skip


def name(common: str) -> x509.Name:
    kind = NameOID.COMMON_NAME if common else NameOID.ORGANIZATION_NAME
    return x509.Name([x509.NameAttribute(kind, common or "No Common Name")])


def made(
    subject: str = "Seal",
    issuer: str = "Middle",
    key: Any = LEAF_KEY,  # noqa: ANN401  # of any kind
    signed_by: Any = MIDDLE_KEY,  # noqa: ANN401
    *,
    uses: tuple[str, ...] | None = SIGNS,
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    authority: bool | None = False,
    first: datetime = NOW - YEAR,
    last: datetime = NOW + YEAR,
    hashed: Any = None,  # noqa: ANN401  # a hash algorithm
) -> x509.Certificate:
    builder = x509.CertificateBuilder(name(issuer), name(subject), key.public_key(), 7, first, last)
    if uses is not None:
        usage = x509.KeyUsage(**{each: each in uses for each in USES})
        builder = builder.add_extension(usage, critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    return builder.sign(signed_by, hashed or SHA256())


def authority(subject: str, issuer: str, key: Any, signed_by: Any, **more: Any) -> x509.Certificate:  # noqa: ANN401
    uses = ("key_cert_sign", "crl_sign", "key_agreement")
    return made(subject, issuer, key, signed_by, uses=uses, authority=True, **more)


ROOT = authority("Root", "Root", ROOT_KEY, ROOT_KEY)
MIDDLE = authority("Middle", "Root", MIDDLE_KEY, ROOT_KEY)


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(each.severity.value, each.message) for each in findings]


def test_a_certificate_that_is_fit_with_its_chain_gives_no_finding() -> None:
    purposes = (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),)  # RFC 9336
    fit = made(purposes=purposes)
    assert signing_cert_findings(fit, (MIDDLE, ROOT), "seal") == ()
    assert signing_cert_findings(fit, (), "seal") == ()  # the root may be known to readers
    assert life_findings(fit, (ROOT, MIDDLE), "seal", NOW) == ()


def test_a_finding_says_where_the_certificate_is() -> None:
    (finding,) = signing_cert_findings(made(uses=("key_agreement",)), (), "ours.p12")
    assert finding == Finding(
        Severity.ERROR, "ours.p12", "is not for digital signatures (key usage)"
    )


@pytest.mark.parametrize(
    ("cert", "error"),
    [
        (
            made(key=rsa.generate_private_key(65537, 1024)),
            "has an RSA key of 1024 bits, 2048 are the least",
        ),
        (
            made(key=ec.generate_private_key(ec.SECP256K1())),
            "has a key on the curve secp256k1, which PDF readers do not know",
        ),
        (made(key=dsa.generate_private_key(1024)), "has a key that is neither ECDSA nor RSA"),
        (
            made(signed_by=ROOT_KEY),
            "its chain is broken: Middle did not issue Seal",
        ),
    ],
    ids=["short RSA", "odd curve", "DSA", "broken chain"],
)
def test_what_makes_every_seal_worthless_is_an_error(cert: x509.Certificate, error: str) -> None:
    assert said(signing_cert_findings(cert, (MIDDLE,), "seal"))[0] == ("error", error)


def test_keys_of_good_size_are_fit() -> None:
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())):
        assert signing_cert_findings(made(key=key), (MIDDLE,), "seal") == ()


SELF_SIGNED = "is self-signed: readers show its seals as intact, and their owner as unknown"


@pytest.mark.parametrize(
    ("cert", "warning"),
    [
        (made("Seal", "Seal", LEAF_KEY, LEAF_KEY), SELF_SIGNED),
        (made(authority=True), "is a certificate authority's own, not one for signing"),
        (made(uses=None, authority=None), "does not say what its key may be used for (key usage)"),
        (
            made(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)),
            "is for other things than documents (serverAuth)",
        ),
    ],
    ids=["self-signed", "authority", "no key usage", "for a server"],
)
def test_what_some_readers_mind_is_a_warning(cert: x509.Certificate, warning: str) -> None:
    assert said(signing_cert_findings(cert, (), "seal")) == [("warning", warning)]


class Changed:
    """A certificate but for what no library makes any more."""

    def __init__(self, **changes: object) -> None:
        self.changes = changes

    def __getattr__(self, name: str) -> object:
        return self.changes.get(name, getattr(made(), name))


def test_a_weak_hash_is_a_warning() -> None:
    weak: Any = Changed(signature_hash_algorithm=SHA1())
    warning = ("warning", "was signed with sha1, which readers no longer accept")
    assert said(signing_cert_findings(weak, (), "seal")) == [warning]


def test_a_certificate_of_somebody_else_is_of_no_use() -> None:
    stray = authority("", "", ROOT_KEY, ROOT_KEY)
    warning = "the certificate of O=No Common Name beside it is of no use to it"
    assert said(signing_cert_findings(made(), (MIDDLE, stray), "seal")) == [("warning", warning)]


def test_a_key_that_cannot_be_read_is_an_error() -> None:
    def unreadable() -> object:
        raise ValueError("an unknown curve")

    odd: Any = Changed(public_key=unreadable)
    assert said(signing_cert_findings(odd, (), "seal")) == [
        ("error", "has a key that cannot be read")
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (-2, -1, [("error", "ended on 2026-05-31")]),
        (1, 400, [("error", "is in force only from 2026-06-02 on")]),
        (-1, 59, [("warning", "ends on 2026-07-30")]),
        (-1, 60, []),
    ],
)
def test_the_life_of_a_certificate_is_told_sixty_days_ahead(
    first: int, last: int, expected: list[tuple[str, str]]
) -> None:
    days = timedelta(days=1)
    cert = made(first=NOW + first * days, last=NOW + last * days)
    assert said(life_findings(cert, (), "seal", NOW)) == expected


def test_the_life_of_an_issuer_counts_too() -> None:
    ended = authority("Middle", "Root", MIDDLE_KEY, ROOT_KEY, last=NOW - timedelta(days=1))
    expected = [("error", "the certificate of its issuer Middle ended on 2026-05-31")]
    assert said(life_findings(made(), (ended,), "seal", NOW)) == expected
