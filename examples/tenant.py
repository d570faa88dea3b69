"""Two schools of a learning system, without a file: all that an office is, as values.

    python examples/tenant.py sqlite:////tmp/ledger.db
    python examples/tenant.py URL /usr/lib/softhsm/libsofthsm2.so PIN

Clock, bucket, mail service and keys are its own. With a PKCS #11 library the seal's key is in
the token "office", labelled "seal"; without one it is in memory, where no key should be that
anybody relies on.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from cecert import (
    Approval,
    Award,
    BreakDraft,
    CertificateId,
    CompletionRecord,
    CourseDraft,
    CourseFormat,
    CreditDraft,
    MailAccount,
    MailSecurity,
    MailState,
    NotFoundError,
    Office,
    Provider,
    Requirements,
    SessionDraft,
    Signatory,
    decide,
    deliver,
    issue_one,
    verify,
)
from cecert.office import (
    KeyElsewhere,
    Keys,
    MailService,
    TokensElsewhere,
    create_ledger,
    sign_trust,
)
from cecert.ports import Mail, Receipt


class LearningClock:
    """Tells the learning system's time."""

    def now(self) -> datetime:
        """Return the day after the course, at noon."""
        return datetime(2026, 3, 14, 12, tzinfo=UTC)


class Bucket:
    """An archive over a bucket of an object store; a dictionary stands in for it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.objects: dict[str, bytes] = {}

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store documents, each under its id and digest: putting one again changes nothing."""
        named = {f"{each.text}-{sha256(pdf).hexdigest()[:16]}.pdf": pdf for each, pdf in documents}
        self.objects |= named
        return list(named)

    def get(self, name: str) -> bytes:
        """Return the document of a name."""
        if name not in self.objects:
            fields = {"what": "document", "id": name}
            raise NotFoundError(f"{name} is not in the bucket", fields=fields)
        return self.objects[name]

    def discard(self, name: str) -> None:
        """Remove a document that nobody was promised."""
        self.objects.pop(name, None)

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        """Return the names of all documents of some certificates: a listing by prefix."""
        starts = tuple(f"{each.text}-" for each in certificate_ids)
        return sorted(each for each in self.objects if each.startswith(starts))

    def names(self) -> Sequence[str]:
        """Return every name."""
        return sorted(self.objects)

    def foreign(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: a bucket has one owner."""
        yield from ()


class Outgoing:
    """A mail service of the learning system's own; a list stands in for its interface."""

    def __init__(self) -> None:
        """Begin with no mail."""
        self.taken: list[Mail] = []

    @asynccontextmanager
    async def lane(self) -> AsyncIterator["Outgoing"]:
        """Return itself: there is nothing to open."""
        yield self

    async def open(self) -> None:
        """Do nothing."""

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        """Hand a mail over, once the ledger knows that it may be gone."""
        if not await commit():
            return Receipt(MailState.QUEUED, "somebody else took it over", counts=False)
        self.taken.append(mail)
        return Receipt(MailState.SENT, f"taken as number {len(self.taken)}")


class KeyInMemory(KeyElsewhere):
    """A key on P-256 that stands in for one with a key service."""

    def __init__(self) -> None:
        """Make the key."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key()
        super().__init__(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, digest: bytes) -> bytes:
        """Sign a digest: what a key service is asked for."""
        return self._key.sign(digest, ec.ECDSA(Prehashed(SHA256())))


class KeyInHardware(KeyElsewhere):
    """A key on P-256 in a token, by PKCS #11."""

    def __init__(self, module: str, pin: str) -> None:
        """Find the key that is labelled `seal` in the token `office`."""
        import pkcs11  # only who has hardware needs it
        from pkcs11.util.ec import encode_ec_public_key

        token = pkcs11.lib(module).get_token(token_label="office")
        session = token.open(user_pin=pin)
        self._mechanism = pkcs11.Mechanism.ECDSA
        self._key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label="seal")
        public = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, label="seal")
        super().__init__(bytes(encode_ec_public_key(cast("pkcs11.PublicKey", public))))

    def sign(self, digest: bytes) -> bytes:
        """Sign a digest; the token returns r and s, and a seal takes their DER."""
        signature = bytes(self._key.sign(digest, mechanism=self._mechanism))  # type: ignore[attr-defined]
        half = len(signature) // 2
        return encode_dss_signature(
            int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
        )


def certificate_of(key: KeyElsewhere, owner: str, at: datetime) -> bytes:
    """Return a certificate of a seal's key, DER; a real one comes from an authority."""
    public = load_der_public_key(key.public_key)
    if not isinstance(public, ec.EllipticCurvePublicKey):
        sys.exit("this example seals with ECDSA")
    authority = ec.generate_private_key(ec.SECP256R1())
    use = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, owner)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
    made = (
        x509.CertificateBuilder(issuer, named, public, x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=400))
        .add_extension(use, critical=True)
        .sign(authority, SHA256())
    )
    return made.public_bytes(Encoding.DER)


def course_of(school: Provider) -> CourseDraft:
    """Return a course as the learning system's database has it."""
    start = datetime(2026, 3, 13, 9)  # noqa: DTZ001  # local to the course's time zone
    end = start + timedelta(hours=3, minutes=15)
    pause = BreakDraft(start + timedelta(hours=1), start + timedelta(hours=1, minutes=15))
    return CourseDraft(
        id="attachment-2026", title="Attachment in Practice", presented_by=school.name,
        format=CourseFormat.LIVE_IN_PERSON, timezone=school.timezone, location="Hall 2",
        sessions=(SessionDraft("morning", start, end, (pause,)),),
        credits=(CreditDraft("ma-social-work", Decimal(3)),),
        requirements=Requirements(evaluation=True),
    )  # fmt: skip


class Tenant:
    """A school of the learning system, with all that its office is."""

    def __init__(self, name: str, identifier: str, ledger: str, seal: KeyElsewhere) -> None:
        """Make the school's office; its trust file is signed and kept by the learning system."""
        self.bucket, self.outgoing, clock = Bucket(), Outgoing(), LearningClock()
        school = Provider(
            id=identifier, name=name, office="", address="1 Main Street, Northampton MA",
            email=f"ce@{identifier}.example", phone="413.555.0100", timezone="America/New_York",
        )  # fmt: skip
        approval = Approval(
            "ma-social-work", name, "", date(2025, 1, 1), date(2027, 12, 31),
            statement="ma-social-work", checked_on=date(2026, 1, 2),
        )  # fmt: skip
        keys = Keys(
            seal=seal, certificate=certificate_of(seal, name, clock.now()),
            token=TokensElsewhere(KeyInMemory()), ids=sha256(identifier.encode()).digest(),
        )  # fmt: skip
        account = MailAccount("interface", 0, MailSecurity.NONE, school.email)
        self._trust = b""
        self.office = Office.from_values(
            school, (Signatory("Mary Curtin", "Director"),), (approval,),
            verify_url=f"https://verify.{identifier}.example/", ledger=ledger,
            archive=self.bucket, keys=keys, trust=lambda: self._trust,
            mail=MailService(account, self.outgoing), clock=clock, actor="the learning system",
        )  # fmt: skip
        self._trust = sign_trust(self.office, TokensElsewhere(KeyInMemory()), keys)

    def finished(self, name: str, email: str) -> None:
        """Do what is to be done when somebody has completed the course."""
        draft = course_of(self.office.file.provider)
        reading = self.office.resolve_course(draft)
        if reading.course is None:
            sys.exit("\n".join(f"{each.place}: {each.message}" for each in reading.errors))
        record = CompletionRecord(
            name=name, email=email, credentials=("ma-social-work",),
            attended=frozenset({"morning"}), evaluation=date(2026, 3, 13),
        )  # fmt: skip
        (decision,) = decide(record, reading.course)
        if isinstance(decision, Award):
            print(f"{name}: {decision.line.label}, {decision.line.hours} {decision.line.unit}")
        result = issue_one(decision, self.office.desk())
        print(f"{self.office.file.provider.id}: {result.became.value}")
        if result.entry is not None:
            report = asyncio.run(deliver(self.office.mail_room()))
            checked = verify(self.bucket.get(result.entry.document), self.office.verifier())
            print(f"{report.count('sent')} sent, {checked.outcome.value}")


def main(ledger: str, module: str = "", pin: str = "") -> None:
    """Let the same person finish at two schools that share a ledger, at one of them twice."""
    create_ledger(ledger)
    seal: KeyElsewhere = KeyInHardware(module, pin) if module else KeyInMemory()
    first = Tenant("Smith School", "smith", ledger, seal)
    second = Tenant("Jones School", "jones", ledger, seal)
    with first.office, second.office:
        for tenant in (first, second, first):
            tenant.finished("Ana Ruiz", "ana@example.org")
        for tenant in (first, second):
            print(f"{tenant.office.ledger.count()} certificate, {len(tenant.bucket.objects)} file")


if __name__ == "__main__":
    main(*sys.argv[1:])
