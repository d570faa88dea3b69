"""An office without files, made of the values that the files of `cecert init` hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cecert import (
    Approval,
    AttendanceRule,
    AttestationText,
    BreakDraft,
    CoSponsor,
    CourseDraft,
    CourseFormat,
    CreditDraft,
    Instructor,
    Office,
    Provider,
    Requirements,
    SessionDraft,
    Signatory,
)
from cecert.office import (
    KeyElsewhere,
    Keys,
    LayoutDraft,
    Looks,
    MailService,
    TokensElsewhere,
    sign_trust,
)
from cecert.ports import Archive, Ledger, TokenSigner
from cecert.testing import FixedClock, MemoryArchive, MemoryLedger

AFTER = datetime(2020, 11, 5, 15, tzinfo=UTC)
SCHOOL = Provider(
    id="smith-ssw",
    name="Smith College School for Social Work",
    office="Office of Professional Education",
    address="Lilly Hall, 23 West Street, Northampton MA 01062",
    email="ce@example.edu",
    phone="413.585.7970",
    timezone="America/New_York",
)
SIGNATORIES = (Signatory("Mary Curtin", "Manager of Professional Education"),)
_TERM = (date(2020, 1, 1), date(2022, 12, 31))
APPROVALS = (
    Approval(
        "ny-social-work", f"{SCHOOL.name}, Office of Professional Education SW OPE", "#0169",
        *_TERM, statement="ny-social-work",
    ),
    Approval("ma-social-work", SCHOOL.name, "", *_TERM, statement="ma-social-work"),
    Approval("apa-psychology", "Amego Prepare", "", *_TERM, statement="apa-psychology"),
)  # fmt: skip


class HeldKey(KeyElsewhere):
    """A key on P-256 that stands in for one that is elsewhere."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key()
        super().__init__(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, digest: bytes) -> bytes:
        scheme = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)
        return self.key.sign(digest, scheme)

    def certificate(self, name: str = "A school", since: datetime = AFTER) -> bytes:
        """Return a self-signed certificate of the key, DER."""
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        start = since - timedelta(days=1)
        use = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
             "encipher_only", "decipher_only", "content_commitment"), False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(subject).public_key(self.key.public_key())
            .serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=400))
            .add_extension(x509.KeyUsage(digital_signature=True, **use), critical=True)
            .sign(self.key, SHA256())
            .public_bytes(Encoding.DER)
        )  # fmt: skip


def given_keys(since: datetime = AFTER) -> Keys:
    """Return keys that only sign digests."""
    seal = HeldKey()
    return Keys(seal, TokensElsewhere(HeldKey()), bytes(range(32)), seal.certificate(since=since))


def given_office(  # as `Office.from_values`
    provider: Provider = SCHOOL,
    *,
    ledger: str | Ledger | None = None,
    archive: Archive | None = None,
    keys: Keys | None = None,
    mail: MailService | None = None,
    at: datetime = AFTER,
    status: TokenSigner | None = None,
    trust: Callable[[], bytes] | None = None,
    layouts: Sequence[LayoutDraft] = (),
    layout: str = "classic",
) -> Office:
    """Return an office that can issue, with its trust file where none is given."""
    held, memory = keys or given_keys(at), MemoryLedger()
    trusted: list[bytes] = []
    office = Office.from_values(
        provider, SIGNATORIES, APPROVALS,
        verify_url="https://verify.example.edu/",
        ledger=memory if ledger is None else ledger, outbox=None if ledger else memory,
        archive=archive or MemoryArchive(),
        keys=held, trust=trust or (lambda: trusted[-1]), mail=mail, clock=FixedClock(at),
        layouts=layouts,
        looks=Looks(layout=layout, program="Program of Professional Education"),
    )  # fmt: skip
    if trust is None:
        trusted.append(sign_trust(office, TokensElsewhere(HeldKey()), held, status=status))
    return office


def seminar_draft() -> CourseDraft:
    """Return the seminar of `cecert init` as a program would put it together."""

    def day(number: int) -> SessionDraft:
        start = datetime(2020, 10, number, 13)  # noqa: DTZ001  # local to the course
        pause = BreakDraft(start.replace(hour=14, minute=30), start.replace(hour=14, minute=45))
        return SessionDraft(
            f"day-{1 if number == 22 else 2}", start, start.replace(hour=16, minute=15), (pause,)
        )

    six = Decimal(6)
    return CourseDraft(
        id="mbt-2020-10", title="Mentalization Based Treatment", presented_by=SCHOOL.name,
        format=CourseFormat.LIVE_INTERACTIVE_WEBINAR, location="Zoom", level="intermediate",
        audience="Social workers and other social service providers",
        timezone="America/New_York",
        objectives=(
            "Define Mentalization Based Treatment (MBT).",
            "Describe the relationship between attachment and mentalization.",
            "Explain connection between mentalization and resilience.",
            "List treatment strategies in MBT.",
            "Describe how to apply treatment strategies to clinical practice.",
        ),
        instructors=(Instructor("Joan Lesser", "Ph.D., LICSW"),),
        sessions=(day(22), day(29)),
        credits=(
            CreditDraft("ny-social-work", six), CreditDraft("ma-social-work", six),
            CreditDraft("apa-psychology", six, awarded_by="Amego Prepare"),
            CreditDraft("attendance", six, requirements=Requirements()),
        ),
        co_sponsors=(CoSponsor("Amego Prepare", "psychology CE sponsor"),),
        requirements=Requirements(visible=True, evaluation=True, attestation=True, fee=True),
        attestation=AttestationText(
            "2020-1",
            "I attended all sessions of this course in full, and I am the person named above.",
        ),
        attendance=AttendanceRule(600, 300, 300, 900, 60, 300),
    )  # fmt: skip
