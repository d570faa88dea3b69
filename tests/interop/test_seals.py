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
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader

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
