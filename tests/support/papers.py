"""Genuine certificates to be tampered with: real keys, a real seal, the real drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.keys.signatures import P256Signer, check_signature
from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.decision.decide import Award, decide
from cecert.domain.trust.codec import sign_trust_file
from cecert.domain.trust.status_list import Status, StatusList, bits_of, sign_status_list
from cecert.domain.trust.trust_file import KeyUse, SealCert, TrustedKey, TrustFile
from cecert.office.verify.verify import seal_reader_of
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import issue
from cecert.workflows.verify.verify import Verifier

ROOT = Path(__file__).parents[2]
CREDENTIALS = ("ny-social-work", "ma-social-work", "apa-psychology")


def private_key(label: str) -> ec.EllipticCurvePrivateKey:
    """Return the throw-away key of a label, the same in every run."""
    return ec.derive_private_key(int.from_bytes(sha256(label.encode()).digest()), ec.SECP256R1())


def signing_cert(key: ec.EllipticCurvePrivateKey, common_name: str) -> x509.Certificate:
    """Return a certificate (X.509) that signs itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = x509.CertificateBuilder(name, name, key.public_key(), 4711)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
    signed = builder.add_extension(usage, critical=True)
    return signed.sign(key, SHA256(), ecdsa_deterministic=True)


@dataclass(frozen=True)
class School:
    """A school with real keys, whose office is in memory."""

    office: MemoryOffice
    trust: TrustFile
    root: P256Signer
    token: P256Signer
    status: P256Signer
    seal_key: ec.EllipticCurvePrivateKey
    seal_cert: x509.Certificate

    def desk(self, spare: int = 0) -> IssuingDesk:
        """Return the desk, whose drawings leave *spare* more bytes for the seal than it needs."""
        sealer = PadesSealer(digest_signer_of(self.seal_key), self.seal_cert)
        return replace(
            self.office.desk(),
            token_signer=self.token,
            check_signature=check_signature,
            trust=self.trust,
            renderer=CertificateRenderer(
                templates=ROOT / "templates",
                fonts=ROOT / "fonts",
                seal_room=sealer.room + spare,
            ),
            sealer=sealer,
        )

    def issue(self, name: str, email: str, spare: int = 0) -> tuple[Certificate, bytes]:
        """Issue a certificate for all three credit lines, and return it with its PDF."""
        record = sample_record(name=name, email=email, credentials=CREDENTIALS)
        decided = decide(record, sample_course())
        issue([each for each in decided if isinstance(each, Award)], self.desk(spare))
        entry = next(e for e in self.office.ledger.entries() if e.email == email)
        return entry.certificate, self.office.archive.get(entry.document)

    def verifier(self, process: ReadingProcess, trust: TrustFile | None = None) -> Verifier:
        return Verifier(
            trust=trust or self.trust,
            root_pinned=True,
            check_signature=check_signature,
            pdf_reader=LimitedPdfReader(process),
            seal_reader=seal_reader_of(trust or self.trust, process),
            clock=self.office.clock,
        )

    def trust_bytes(self, trust: TrustFile | None = None) -> bytes:
        return sign_trust_file(trust or self.trust, self.root)

    def status_list(self, certificate: Certificate, status: Status) -> bytes:
        """Return the list in which *certificate* has *status*, made now, good for a day."""
        now = int(self.office.clock.now().timestamp())
        slot = certificate.slot
        bits = bits_of({slot.index: status})
        listed = StatusList(self.trust.issuer, slot.list_id, now, now, now + 86_400, 3600, bits)
        return sign_status_list(listed, self.status)


def school() -> School:
    """Return a new school, whose ledger is empty."""
    root, token, status = (P256Signer(private_key(each)) for each in ("root", "token", "status"))
    key = private_key("seal")
    certificate = signing_cert(key, "Example College seal")
    office = MemoryOffice()
    plain = office.trust()
    window = (plain.keys[0].not_before, plain.keys[0].not_after)
    digest = sha256(certificate.public_bytes(Encoding.DER)).digest()
    codes = plain.keys[0].codes
    trust = replace(
        plain,
        root=root.public_key,
        keys=(
            TrustedKey(token.public_key, *window, KeyUse.TOKEN, codes),
            TrustedKey(status.public_key, *window, KeyUse.STATUS),
        ),
        seals=(SealCert(digest, *window),),
    )
    return School(office, trust, root, token, status, key, certificate)


@dataclass(frozen=True)
class Papers:
    """What the tests of verification start from, made once."""

    school: School
    certificate: Certificate
    pdf: bytes
    other: Certificate
    other_pdf: bytes
    process: ReadingProcess

    @property
    def verifier(self) -> Verifier:
        return self.school.verifier(self.process)


@cache
def papers() -> Papers:
    """Return two genuine certificates of one school, and the process that reads them."""
    one = school()
    certificate, pdf = one.issue("Ana Ruiz", "ana.ruiz@example.org")
    other, other_pdf = one.issue("Margaret O\u2019Connell-Hughes", "margaret@example.org")
    one.office.clock.forward(timedelta(hours=1))
    return Papers(one, certificate, pdf, other, other_pdf, ReadingProcess())
