"""Certificates to draw, of every kind, and a sealer with a throw-away key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from ledger_entries import composed_at

from cecert import Award, decide
from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import (
    Certificate,
    Paper,
    Recipient,
    SessionTimes,
)
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.course.credit_line import Category, CreditLine
from cecert.domain.people.person import License
from cecert.testing import MemoryOffice, sample_course, sample_record

ROOT = Path(__file__).parents[2]
ISSUED = datetime(2020, 11, 5, 15, tzinfo=UTC)
APPROVED = ("ny-social-work", "ma-social-work", "apa-psychology")
HARD_NAME = "Þórdís Wilhelmína Żółkiewska-Ştefănescu Đorđević Nguyễn-Ålesund Ibáñez"
HARD_TITLE = (
    "Mentalization Based Treatment in Clinical Social Work Practice: Attachment Theory, "
    "Relational Trauma, Resilience and the Relational Passport Across the Lifespan"
)
LICENSES = (License("NY", "LMSW", "012345"), License("MA", "LICSW", "1234"))
ZONE = ZoneInfo("America/New_York")


def renderer(**more: object) -> CertificateRenderer:
    """Return the renderer over the shipped layouts and faces."""
    return CertificateRenderer(templates=ROOT / "templates", fonts=ROOT / "fonts", **more)  # type: ignore[arg-type]  # keywords of the renderer


def certificate(
    name: str = "Ana Ruiz",
    title: str = "Mentalization Based Treatment",
    lines: int = 3,
    sessions: Sequence[SessionTimes] = (),
    licenses: tuple[License, ...] = LICENSES,
) -> Certificate:
    """Return a certificate with a token of its own; 0 lines make one of attendance."""
    office = MemoryOffice()
    course = replace(sample_course(), title=title)
    record = sample_record(credentials=APPROVED if lines else ())
    awards = [each for each in decide(record, course) if isinstance(each, Award)]
    composed = composed_at(office.desk(), awards)
    snapshot = composed.course
    if sessions:
        snapshot = replace(snapshot, sessions=tuple(sessions))
    return replace(
        composed,
        recipient=Recipient("p-1", name, licenses),
        course=snapshot,
        credit_lines=_lines(composed.credit_lines, lines),
    )


def certificate_with_its_token(**changes: object) -> tuple[Certificate, object]:
    """Return a certificate drawn from its claims, and those claims."""
    office = MemoryOffice()
    course = sample_course()
    record = sample_record(credentials=APPROVED, **changes)
    awards = [each for each in decide(record, course) if isinstance(each, Award)]
    composed = composed_at(office.desk(), awards)
    return composed, certified_claims(composed)


def _lines(lines: Sequence[CreditLine], wanted: int) -> tuple[CreditLine, ...]:
    """Return so many lines; from the fourth on they repeat, with hours in categories."""
    if not wanted:
        return tuple(lines)
    further = replace(
        lines[0],
        hours=Decimal("5.5"),
        unit="ACE credits",
        categories=(Category("ethics", Decimal(2)), Category("clinical", Decimal("3.5"))),
    )
    pool = [*lines[:3], *(further for _ in range(3))]
    return tuple(replace(each, credential=f"type-{n}") for n, each in enumerate(pool[:wanted]))


def equal_sessions(count: int) -> list[SessionTimes]:
    """Return so many afternoons of one length, a week apart."""
    first = datetime(2020, 9, 3, 13, tzinfo=ZONE)
    starts = [first + timedelta(weeks=week) for week in range(count)]
    return [SessionTimes(each, each + timedelta(hours=3, minutes=15)) for each in starts]


def uneven_sessions(count: int) -> list[SessionTimes]:
    """Return so many sessions that no two lines can share."""
    first = datetime(2020, 9, 3, 9, tzinfo=ZONE)
    starts = [first + timedelta(days=6 * n, hours=n % 5) for n in range(count)]
    return [
        SessionTimes(each, each + timedelta(hours=2, minutes=15 * (n % 4)))
        for n, each in enumerate(starts)
    ]


def sealer(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None) -> PadesSealer:
    """Return a sealer whose self-signed certificate is in force around the issue date."""
    key = key or ec.derive_private_key(0xCECE27, ec.SECP256R1())
    return PadesSealer(digest_signer_of(key), signing_cert(key))


def signing_cert(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    """Return a certificate (X.509) that is in force for a year around the issue date."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example College")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(key.public_key().key_size)
        .not_valid_before(ISSUED - timedelta(days=100))
        .not_valid_after(ISSUED + timedelta(days=300))
        .add_extension(
            x509.KeyUsage(*(index < 2 for index in range(9))),  # signature, commitment
            critical=True,
        )
    )
    return builder.sign(key, SHA256(), ecdsa_deterministic=_deterministic(key))


def _deterministic(key: object) -> bool | None:
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None


KINDS: dict[str, Callable[[], Certificate]] = {
    "three lines": certificate,
    "attendance": lambda: certificate(lines=0),
    "one line": lambda: certificate(lines=1, licenses=()),
    "hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "two pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "sessions listed": lambda: certificate(sessions=uneven_sessions(12)),
    "A4": lambda: replace(certificate(), paper=Paper.A4),
    "modern": lambda: replace(certificate(), layout="modern/1"),
    "modern, two pages": lambda: replace(
        certificate(HARD_NAME, HARD_TITLE, lines=6), layout="modern/1", paper=Paper.A4
    ),
    "modern, attendance": lambda: replace(certificate(lines=0), layout="modern/1"),
    "Hebrew": lambda: certificate("דניאל כהן"),
}
