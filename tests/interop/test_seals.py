"""Seals in the eyes of other programs."""

from __future__ import annotations

import re
import ssl
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    ISSUED,
    certificate,
    renderer,
    sealer,
)
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader

from cecert.cli import main
from cecert.ports import Drawing

pytestmark = pytest.mark.system
EC_KEY = ec.derive_private_key(0xCECE27, ec.SECP256R1())
KEYS: dict[str, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = {
    "P-256": EC_KEY,
    "RSA": rsa.generate_private_key(65537, 2048),
}


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return renderer().draw(certificate(HARD_NAME, HARD_TITLE, lines=6))


@pytest.fixture(scope="module", params=KEYS)
def sealed(drawing: Drawing, request: pytest.FixtureRequest) -> bytes:
    return sealer(KEYS[request.param]).seal(drawing, ISSUED)


def test_pdfsig_finds_it_valid_over_the_total_document(sealed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    for line in (
        "Signature Field Name: Seal",
        "Signature Type: ETSI.CAdES.detached",
        "Total document signed",
        "Signature Validation: Signature is Valid.",
    ):
        assert line in said


def test_openssl_accepts_the_cms_as_cades(sealed: bytes, tmp_path: Path) -> None:
    content, cms = signed_parts(sealed)
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "cms").write_bytes(cms)
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    (tmp_path / "root.pem").write_text(ssl.DER_cert_to_PEM_cert(signature.signer_cert.dump()))
    said = subprocess.run(
        [
            "openssl",
            "cms",
            "-verify",
            "-cades",
            "-inform",
            "DER",
            "-in",
            "cms",
            "-content",
            "content",
            "-binary",
            "-CAfile",
            "root.pem",
            "-purpose",
            "any",
            "-out",
            "out",
            "-attime",
            str(int(ISSUED.timestamp())),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr.strip()) == (0, "CAdES Verification successful")


def signed_parts(pdf: bytes) -> tuple[bytes, bytes]:
    ranges = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    assert ranges
    start, length, after, rest = map(int, ranges.groups())
    placed = bytes.fromhex(pdf[start + length + 1 : after - 1].decode("ascii"))
    size = int.from_bytes(placed[2:4], "big") + 4
    return pdf[start : start + length] + pdf[after : after + rest], placed[:size]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an office that has issued, and written the certificate of its CA."""
    folder = tmp_path_factory.mktemp("made") / "office"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CECERT_KEY_PASSPHRASE", "correct horse battery")
        config = ["--config", str(folder / "cecert.toml")]
        assert main(["init", str(folder)]) == 0
        assert main(["keys", "init", *config]) == 0
        lists = [str(folder / "course.toml"), str(folder / "completions.csv")]
        assert main(["issue", *lists, *config]) == 0
        for name in ("ca.cer", "ca.pem"):
            assert main(["keys", "certificate", "-o", str(folder / name), *config]) == 0
    return folder


def test_the_certificate_of_the_ca_is_all_that_openssl_needs(issued: Path, tmp_path: Path) -> None:
    """The chain is in the file: openssl builds it from there, and trusts the CA it was given."""
    path = min((issued / "certificates").glob("*/*.pdf"))
    content, cms = signed_parts(path.read_bytes())
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "cms").write_bytes(cms)
    said = subprocess.run(
        ["openssl", "cms", "-verify", "-cades", "-inform", "DER", "-in", "cms", "-content",
         "content", "-binary", "-CAfile", str(issued / "ca.pem"), "-purpose", "any", "-out", "out",
         "-certsout", "certificates.pem"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr.strip()) == (0, "CAdES Verification successful")
    held = x509.load_pem_x509_certificates((tmp_path / "certificates.pem").read_bytes())
    authority = x509.load_der_x509_certificate((issued / "ca.cer").read_bytes())
    assert authority in held
    assert len(held) == 2
    assert x509.load_pem_x509_certificate((issued / "ca.pem").read_bytes()) == authority


def test_pdfsig_trusts_the_seal_once_the_ca_is_trusted_by_hand(
    issued: Path, tmp_path: Path
) -> None:
    path = min((issued / "certificates").glob("*/*.pdf"))
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)

    def said() -> str:
        command = ["pdfsig", "-nssdir", store, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    assert "Signature Validation: Signature is Valid." in said()
    assert "Certificate is Trusted." not in said()
    add = ["-A", "-n", "ca", "-t", "CT,C,C", "-i", str(issued / "ca.pem"), "-a"]
    subprocess.run(["certutil", *add, "-d", store], check=True)
    assert "Certificate is Trusted." in said()
