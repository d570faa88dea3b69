"""Seals with a time stamp (PAdES B-T): two authorities, their faults, and what an office does."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from ssl import DER_cert_to_PEM_cert
from typing import Any

import page
import pytest
from asn1crypto import x509
from asn1crypto.keys import PrivateKeyInfo
from certificate_samples import certificate, renderer
from certificate_samples import sealer as plain_sealer
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, ExtendedKeyUsage, Name, NameAttribute
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from key_work import derived
from papers import papers, private_key, signing_cert
from pdf_cases import script
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from real_office import a_list, office_folder, office_with_keys
from seal_parts import seal_of, signature_of
from seal_referee import status
from time_authorities import (
    Faulty,
    answered_by_certomancer,
    answered_by_openssl,
    certomancer,
    certomancer_root,
    served,
)
from time_stamps import Authority

from cecert import Office
from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.pades import PadesSealer, level_of
from cecert.adapters.time_stamps import (
    Login,
    StampingAuthority,
    TimeStamp,
    judged_stamp,
    read_roots,
)
from cecert.domain.decision.decide import Award, decide
from cecert.errors import ConfigurationError, SealError
from cecert.testing import FixedClock, MemoryLedger
from cecert.workflows.issue.issue import issue

__all__ = ["derived", "office_folder", "office_with_keys"]
pytestmark = pytest.mark.system
Cecert = Callable[..., tuple[int, str, str]]
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("openssl"))


@pytest.fixture(scope="module")
def faulty(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Faulty, str, bytes]]:
    """Yield certomancer's authority, its address, and the certificates that vouch for it."""
    architecture = certomancer(tmp_path_factory.mktemp("certomancer"))
    authority = Faulty(lambda query: answered_by_certomancer(architecture, query))
    with served(authority) as url:
        yield authority, url, DER_cert_to_PEM_cert(certomancer_root(architecture)).encode()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def asked(url: str, roots: bytes, apart: timedelta = timedelta(), **options: Any) -> str:  # noqa: ANN401
    """Return why an authority's answer is refused, or who stamped."""
    certificates = read_roots(roots, "tsa.pem")
    clock = FixedClock(now() + apart)
    one = StampingAuthority(url, certificates, clock, seconds=0.5, **options)
    try:
        found = judged_stamp(one.stamp(b"a signature"), b"a signature", certificates)
    except SealError as error:
        return str(error)
    return found.authority if isinstance(found, TimeStamp) else found


def test_two_authorities_are_understood_and_each_fault_of_one_is_told(
    faulty: tuple[Faulty, str, bytes], openssl: Authority
) -> None:
    authority, url, roots = faulty
    own = (openssl.folder / "tsa.pem").read_bytes()
    with served(Faulty(lambda query: answered_by_openssl(openssl, query))) as other:
        assert asked(other, own) == "Stamps of a test"
        # An archive's stamp by RSA: the page knows it; that of the other authority is by ECDSA.
        assert before_stamps(archived(papers().pdf, other, own)) == papers().pdf
        assert "whom no authority of tsa_roots vouches for" in asked(other, roots)
    assert asked(url, roots) == "Stamps"
    assert asked(url, own + roots) == "Stamps"
    for fault, told in (
        ("silent", "took longer than 0.5 seconds"),
        ("500", "cannot be asked: HTTP Error 500"),
        ("page", "sent no answer of an authority of time stamps"),
        ("endless", "sent more than an authority of time stamps does"),
        ("nonce", "answered another question (its nonce is another)"),
        ("imprint", "is of something else"),
    ):
        authority.fault = fault
        assert told in asked(url, roots), fault
    authority.fault = ""
    assert "has another clock than this machine" in asked(url, roots, timedelta(days=1))
    assert "has another clock than this machine" in asked(url, roots, timedelta(days=-1))
    authority.fault = "long chain"
    assert re.search(r"a time stamp of 2\d,\d{3} bytes, there is room for 8,192", asked(url, roots))
    assert asked(url, roots, room=1 << 16) == "Stamps"  # nothing else is wrong with it
    authority.fault, authority.login = "", "Basic YSB1c2VyOnDDpHNz"
    assert asked(url, roots, login=Login("a user", "p\u00e4ss")) == "Stamps"
    before = authority.asked
    assert "stamps for those alone whom it knows" in asked(url, roots)
    assert "does not take the user and the password" in asked(url, roots, login=Login("a", "b"))
    assert authority.asked == before + 2  # and not a second time each
    authority.login = ""
    assert "cannot be asked" in asked("http://127.0.0.1:9/tsa", roots)
    with pytest.raises(ConfigurationError, match="is no file of certificates"):
        read_roots(b"nothing", "tsa.pem")


def test_a_certificate_for_other_things_stamps_nothing(openssl: Authority) -> None:
    token = openssl.stamped(b"value").dump()
    roots = [x509.Certificate.load(_der(openssl.folder / "tsa.pem"))]
    assert isinstance(judged_stamp(token, b"value", roots), TimeStamp)
    assert judged_stamp(token[:-1], b"value", roots) == "cannot be read (ValueError)"
    assert judged_stamp(token, b"other", roots) == "is of something else"
    changed = bytearray(token)
    changed[-1] ^= 1
    assert "its signature is wrong" in str(judged_stamp(bytes(changed), b"value", roots))
    loose = DummyTimeStamper(*loose_authority(), include_nonce=True)
    made = asyncio.run(loose.async_timestamp(sha256(b"value").digest(), "sha256"))
    told = judged_stamp(made.dump(), b"value", [loose.tsa_cert])
    assert told == "is by Loose, whose certificate does not insist on being for time stamps"


def loose_authority() -> tuple[x509.Certificate, PrivateKeyInfo]:
    """Return an authority whose certificate does not insist on its one use."""
    key = rsa.generate_private_key(65537, 2048)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Loose")])
    builder = CertificateBuilder(name, name, key.public_key(), 7)
    builder = builder.not_valid_before(now() - timedelta(days=1))
    builder = builder.not_valid_after(now() + timedelta(days=1))
    uses = ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    cert = builder.add_extension(uses, critical=False).sign(key, SHA256())
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return x509.Certificate.load(cert.public_bytes(Encoding.DER)), PrivateKeyInfo.load(secret)


def _der(path: Path) -> bytes:
    from ssl import PEM_cert_to_DER_cert

    return PEM_cert_to_DER_cert(path.read_text())


def test_a_stamped_seal_is_one_revision_that_others_accept_and_the_file_conforms(
    faulty: tuple[Faulty, str, bytes],
) -> None:
    _, url, roots = faulty
    certificates = read_roots(roots, "tsa.pem")
    key = private_key("stamped")
    stamper = StampingAuthority(url, certificates, FixedClock(now()))
    sealer = PadesSealer(digest_signer_of(key), signing_cert(key, "A college"), stamper=stamper)
    drawing = renderer(seal_room=sealer.room).draw(certificate())
    at = datetime(2020, 11, 5, 15, tzinfo=UTC)
    pdf = sealer.seal(drawing, at)
    assert (level_of(pdf), level_of(plain_sealer().seal(drawing, at))) == ("B-T", "B-B")
    assert pdf.count(b"%%EOF") == 1
    found = status(pdf)
    assert found.intact
    assert found.valid
    assert found.timestamp_validity is not None
    assert found.timestamp_validity.intact
    assert found.timestamp_validity.valid
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).failures == []
    stamp = seal_of(pdf)["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0]
    assert isinstance(judged_stamp(stamp.dump(), signature_of(pdf), certificates), TimeStamp)
    assert sealer.has_sealed(pdf, drawing, at)


def stamping(folder: Path, url: str, roots: bytes, policy: str) -> Path:
    """Let the office of a folder ask an authority; return its file."""
    (folder / "tsa.pem").write_bytes(roots)
    file = folder / "cecert.toml"
    table = f'[seal]\ntimestamp = "{url}"\ntimestamp_policy = "{policy}"\ntsa_roots = "tsa.pem"\n'
    file.write_text(file.read_text("utf-8") + table, "utf-8")
    return file


def test_an_office_issues_with_time_stamps_or_not_at_all_or_without_as_its_policy_says(
    faulty: tuple[Faulty, str, bytes], office_folder: Path, cecert: Cecert
) -> None:
    authority, url, roots = faulty
    file = stamping(office_folder, url, roots, "required")
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    warned: list[str] = []
    with Office.open(file, environ=environ, warn=warned.append) as office:
        course = office.course(office_folder / "course.toml")
        records = office.completions(a_list(office_folder, 9), course).records
        found = [each for record in records for each in decide(record, course)]
        awards = [each for each in found if isinstance(each, Award)]
        for authority.fault, why in (("500", "500"), ("long chain", "there is room for 8,192")):
            with pytest.raises(SealError, match=f"nothing was issued: .*no time stamp.*{why}"):
                issue(awards[:5], office.desk())
        assert list(office.ledger.entries()) == []
        authority.fault, authority.together = "slow", 0
        first = issue(awards[:5], office.desk()).issued
        assert 2 <= authority.together <= 4
        assert {level_of(office.archive.get(e.document)) for e in first} == {"B-T"}
        events = office.ledger.events(first[0].certificate.id)
        assert [e.reason for e in events if e.kind == "issued"] == ["B-T"]
        again = issue(awards[:1], replace(office.desk(), ledger=MemoryLedger()))
        assert again.taken_over == {str(first[0].certificate.id)}
    text = file.read_text("utf-8")
    file.write_text(text.replace('"required"', '"if-possible"'), "utf-8")
    with Office.open(file, environ=environ, warn=warned.append) as office:
        authority.fault, asked_before = "long chain", authority.asked
        others = issue(awards[5:], office.desk()).issued
        assert authority.asked == asked_before + 2  # two tries, and then a pause
        (told,) = (each for each in warned if "no time stamp" in each)
        assert re.fullmatch(
            f"no time stamp: {url} sent a time stamp of 2.,... bytes, there is room for 8,192", told
        )
        events = office.ledger.events(others[0].certificate.id)
        assert [e.reason for e in events if e.kind == "issued"] == ["B-B"]
    authority.fault = ""
    # An office that asks for none any more takes over what was stamped, all the same.
    file.write_text(text.replace("timestamp = ", "#"), "utf-8")
    with Office.open(file, environ=environ) as office:
        again = issue(awards[:1], replace(office.desk(), ledger=MemoryLedger()))
        assert again.taken_over == {str(first[0].certificate.id)}
        stamped = office.archive.get(first[0].document)
    file.write_text(text, "utf-8")
    verified_by_command(cecert, office_folder, stamped, url)
    file.write_text(text.replace("tsa_roots = ", "#").replace("http:", "ftp:"), "utf-8")
    with pytest.raises(ConfigurationError, match=r"seal\.tsa_roots: is missing") as caught:
        Office.open(file)
    assert "is not an http or https address" in str(caught.value)


def test_a_login_to_an_authority_that_cannot_be_is_told(office_folder: Path) -> None:
    file = stamping(office_folder, "http://tsa.example.org/", b"", "required")
    (office_folder / "pw").write_text("secret")
    text = file.read_text("utf-8")
    for changed, told in (
        ('timestamp_password_file = "pw"', "seal.timestamp_user: is missing, though its password"),
        ('timestamp_user = "a:b"', "has a colon, which no such login may have"),
        ('timestamp_user = "a"', "is no https address, so that others could read the password"),
    ):
        file.write_text(f"{text}{changed}\n", "utf-8")
        with pytest.raises(ConfigurationError) as caught:
            Office.open(file)
        assert told in str(caught.value)


def verified_by_command(cecert: Cecert, folder: Path, stamped: bytes, url: str) -> None:
    """See what `verify` says of a stamped file with and without roots, and after an archive."""
    path, other = folder / "stamped.pdf", folder / "other.pem"
    path.write_bytes(stamped)
    own = ["--config", str(folder / "cecert.toml"), "--offline", "--json"]

    def told(*options: str) -> tuple[str, str, set[str]]:
        _, out, _ = cecert("verify", str(path), *options)
        (result,) = json.loads(out)["results"]
        return result["outcome"], result["checks"]["seal"], set(result["warnings"])

    assert told(*own) == ("VALID", "INTACT", set())
    status, out, err = cecert("audit", *own[:2])
    assert (status, out) == (0, ""), err
    assert "seals: " in err
    found = json.loads(cecert("audit", *own[:2], "--json")[1])
    assert found["levels"].keys() == {"B-B", "B-T"}
    assert sum(found["levels"].values()) == found["certificates"]
    alone = ["--trust", str(folder / "keys" / "trust.cose"), "--offline", "--json"]
    assert "TIME_STAMP_NOT_CHECKED" in told(*alone)[2]
    named = told(*alone, "--tsa-roots", str(folder / "tsa.pem"))[2]
    assert not named & {"TIME_STAMP_NOT_CHECKED", "BAD_TIME_STAMP"}
    other.write_text(DER_cert_to_PEM_cert(loose_authority()[0].dump()))
    assert "BAD_TIME_STAMP" in told(*alone, "--tsa-roots", str(other))[2]
    status, _, err = cecert("verify", str(path), *alone, "--tsa-roots", str(path))
    assert (status, "is no file of certificates" in err) == (2, True)
    kept = archived(stamped, url, (folder / "tsa.pem").read_bytes())
    path.write_bytes(kept)
    assert before_stamps(kept) == stamped
    outcome, seal, warnings = told(*own)
    assert (outcome, seal) == ("LATER_TIME_STAMP", "INTACT")
    assert "LATER_TIME_STAMP" in warnings
    path.write_bytes(path.read_bytes() + b"\n% more")
    assert told(*own)[0] == "CODE_ONLY"


def test_each_checkpoint_of_the_log_is_stamped_once_and_openssl_finds_the_stamp_good(
    faulty: tuple[Faulty, str, bytes], office_folder: Path, cecert: Cecert
) -> None:
    authority, url, roots = faulty
    file = stamping(office_folder, url, roots, "required")
    site = office_folder / "site"
    command = ["publish", str(site), "--config", str(file), "--json"]
    authority.fault = "500"
    status, out, err = cecert(*command)
    assert (status, "the log's checkpoint: there is no time stamp" in err) == (0, True)
    # A stamp that is too large for a seal is a file of its own here; and this one wants a login.
    authority.fault, authority.login = "long chain", "Basic Y29sbGVnZTpzM2NyZXQ="
    file.write_text(f'{file.read_text("utf-8")}timestamp_user = "college"\n', "utf-8")
    status, _, err = cecert(*command)
    assert (status, "checkpoint: the authority of time stamps wants the password" in err) == (
        0,
        True,
    )
    (office_folder / "tsa.password").write_text("s3cret\n")
    key = 'timestamp_password_file = "tsa.password"\n'
    file.write_text(file.read_text("utf-8") + key, "utf-8")
    asked_before = authority.asked
    for written in (1, 0):  # the second time it is there
        status, out, _ = cecert(*command)
        found = json.loads(out)
        assert [e.startswith("log/stamps/") for e in found["written"]].count(True) == written
    assert authority.asked == asked_before + 1
    (stamp,) = (site / "log" / "stamps").iterdir()
    text = found["checkpoint"].partition("\n\n")[0] + "\n"
    assert stamp.name == f"{text.splitlines()[1]}.tsr"
    assert stamp.stat().st_size > 20_000
    authority.fault = authority.login = ""
    (office_folder / "text").write_text(text)
    run = subprocess.run(
        ["openssl", "ts", "-verify", "-data", office_folder / "text", "-in", stamp, "-CAfile",
         office_folder / "tsa.pem"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def before_stamps(pdf: bytes) -> bytes:
    """Return what the page takes for the file before an archive stamped it; b"" if nothing."""
    asked = f"""{script("verifier.js", "qr.js", "pdf.js")}
    const pdf = new Uint8Array(require("fs").readFileSync(0));
    cecertPdf.beforeStamps(pdf, cecertVerifier.isStampOf)
      .then((found) => process.stdout.write(found || ""));
    """
    run = subprocess.run(["node", "-e", asked], input=pdf, capture_output=True, check=True)
    return run.stdout


def archived(pdf: bytes, url: str, roots: bytes) -> bytes:
    """Return a file to which an archive added a time stamp of all of it, and what proves it."""
    context = ValidationContext(trust_roots=list(read_roots(roots, "")), allow_fetching=False)
    output = BytesIO()
    PdfTimeStamper(HTTPTimeStamper(url)).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), "sha256", validation_context=context, output=output
    )
    return output.getvalue()
