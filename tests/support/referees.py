"""All the referees of a sealed file, asked one after the other; each answers with its complaint."""

from __future__ import annotations

import re
import ssl
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import page
import zxingcpp
from certificate_samples import ISSUED
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader
from seal_referee import holds

from cecert.adapters.render.layout.page import Box

__all__ = ["REFEREES", "Exhibit", "complaints"]

POINTS_PER_INCH = 72
QUIET = 14
"""Points round the code that are looked at with it: its quiet zone, and something more."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A sealed file, and what it must say.

    Attributes:
        path: Where it lies.
        name: The recipient's, as it was typed.
        url: What the code holds.
        code: Where the code stands on the first page.
        height: Of the first page, in points.
    """

    path: Path
    name: str
    url: str
    code: Box
    height: float

    @property
    def pdf(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


Referee = Callable[[Exhibit], str]


def _said(*command: object) -> tuple[int, str, str]:
    run = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout, run.stderr


def _conforms(profile: page.ValidationProfile) -> Referee:
    def referee(exhibit: Exhibit) -> str:
        report = page.validate_pdf_bytes(exhibit.pdf, profile=profile)
        return "; ".join(each.rule_id for each in report.failures)

    return referee


def _qpdf(exhibit: Exhibit) -> str:
    status, _, err = _said("qpdf", "--check", exhibit.path)
    return err if status or err else ""


def _pdfsig(exhibit: Exhibit) -> str:
    _, out, _ = _said("pdfsig", exhibit.path)
    wanted = ("Total document signed", "Signature Validation: Signature is Valid.")
    return "; ".join(f"no {each!r}" for each in wanted if each not in out)


def _pyhanko(exhibit: Exhibit) -> str:
    return "" if holds(exhibit.pdf) else "not intact over the entire file"


def _unpadded(cms: bytes) -> bytes:
    """Cut off the zeros after a CMS; its own last byte may be one (X.690, 8.1.3.5)."""
    assert cms[:2] == b"\x30\x82"
    return cms[: 4 + int.from_bytes(cms[2:4], "big")]


def _openssl(exhibit: Exhibit) -> str:
    pdf, folder = exhibit.pdf, exhibit.path.parent
    found = re.search(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]", pdf)
    assert found
    first, second, rest = map(int, found.groups())
    (folder / "content").write_bytes(pdf[:first] + pdf[second : second + rest])
    contents = bytes.fromhex(pdf[first + 1 : second - 1].decode())
    (folder / "cms").write_bytes(_unpadded(contents))
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    (folder / "root.pem").write_text(ssl.DER_cert_to_PEM_cert(signature.signer_cert.dump()))
    status, _, err = _said(
        "openssl", "cms", "-verify", "-cades", "-inform", "DER", "-in", folder / "cms",
        "-content", folder / "content", "-binary", "-CAfile", folder / "root.pem",
        "-purpose", "any", "-out", folder / "out", "-attime", int(ISSUED.timestamp()),
    )  # fmt: skip
    return err if status else ""


def _pdftoppm(exhibit: Exhibit) -> str:
    status, _, err = _said("pdftoppm", "-r", 40, exhibit.path, exhibit.path.with_suffix(""))
    return err if status or err else ""


def _solid(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _pypdf(exhibit: Exhibit) -> str:
    text = PdfReader(BytesIO(exhibit.pdf)).pages[0].extract_text()
    return "" if _solid(exhibit.name) in _solid(text) else "the name is not in its text"


def _symbol(exhibit: Exhibit, dpi: int) -> Path:
    """Return a picture of the code, drawn for the first referee who asks for it."""
    stem = exhibit.path.with_name(f"code-{dpi}")
    if (drawn := stem.with_suffix(".png")).exists():
        return drawn
    scale, box = dpi / POINTS_PER_INCH, exhibit.code.widened(QUIET)
    sides = (box.left, exhibit.height - box.top, box.right - box.left, box.top - box.bottom)
    x, y, width, height = (round(each * scale) for each in sides)
    crop = ("-x", x, "-y", y, "-W", width, "-H", height)
    _said("pdftoppm", "-png", "-gray", "-singlefile", "-r", dpi, *crop, exhibit.path, stem)
    return drawn


def _zxing(dpi: int) -> Referee:
    def referee(exhibit: Exhibit) -> str:
        with Image.open(_symbol(exhibit, dpi)) as image:
            read = [each.text for each in zxingcpp.read_barcodes(image)]
        return "" if read == [exhibit.url] else f"reads {read}"

    return referee


def _zbar(exhibit: Exhibit) -> str:
    _, out, _ = _said("zbarimg", "--raw", "-q", _symbol(exhibit, 200))
    return "" if out.strip() == exhibit.url else f"reads {out!r}"


REFEREES: Mapping[str, Referee] = {
    "page-validation, PDF/A-3u": _conforms(page.ValidationProfile.PDF_A_3U),
    "page-validation, PDF/UA-1": _conforms(page.ValidationProfile.PDF_UA_1),
    "qpdf --check": _qpdf,
    "pdfsig": _pdfsig,
    "pyHanko, entire file": _pyhanko,
    "openssl cms -verify -cades": _openssl,
    "pdftoppm, nothing on stderr": _pdftoppm,
    "pypdf, the name": _pypdf,
    "zxing-cpp at 150 dpi": _zxing(150),
    "zxing-cpp at 200 dpi": _zxing(200),
    "zbar at 200 dpi": _zbar,
}


def complaints(exhibit: Exhibit) -> Iterator[str]:
    """Return what any referee complains of."""
    for name, referee in REFEREES.items():
        if complaint := referee(exhibit):
            yield f"{name}: {complaint}"
