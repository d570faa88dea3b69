"""How long one certificate takes to draw and seal, as ratios within one interleaved run.

    python benchmarks/drawing.py [ROUNDS]

`plain` is what anybody would write first: reportlab with its fonts parsed for each
certificate, qrcode's default mask search, pyHanko with the key read from PKCS#12 for
each. `floor` is what cannot be saved: deflating what is one certificate's own, one
SHA-256 over the file, one P-256 signature, one write. Two noisy machines give the
same ratios where they give no two equal times.
"""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import qrcode
from certificate_samples import ISSUED, ROOT, certificate, renderer, sealer, signing_cert
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cecert.adapters.render.page import inks
from cecert.domain.certificates import Certificate

KEY = ec.derive_private_key(0xCECE27, ec.SECP256R1())
LATIN = ["Ana Ruiz", "Margaret Hughes", "Lucía Fernández", "John Q. Public III", "Zoë Ågren"]
ANY = ["דניאל כהן", "فاطمة الزهراء", "Ελένη Παπαδοπούλου", "Екатерина Щербакова", "श्रीमती लक्ष्मी"]
RENDERER, SEALER = renderer(seal_room=sealer().room), sealer()


def plain(drawn: Certificate, identity: bytes) -> bytes:
    """Draw the same words at the same places, and seal them, with nothing kept."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 612))
    for face in ("EBGaramond-Regular", "EBGaramond-SemiBold", "Cormorant-SemiBold"):
        pdfmetrics.registerFont(TTFont(face, ROOT / "fonts" / f"{face}.ttf"))
    (page,) = RENDERER.pages(drawn, specimen=False)
    for ink in inks(page):
        canvas.setFont("EBGaramond-Regular", ink.size)
        canvas.drawString(ink.x, ink.y, ink.shaped.text)
    code = qrcode.make(drawn.token_url, error_correction=qrcode.ERROR_CORRECT_Q)
    canvas.drawImage(ImageReader(code.get_image()), 641, 45, 102, 102)
    canvas.save()
    path = Path(tempfile.gettempdir()) / "cecert-benchmark.p12"
    path.write_bytes(identity)
    load: Any = signers.SimpleSigner.load_pkcs12
    signer = load(str(path), passphrase=b"benchmark")
    writer = IncrementalPdfFileWriter(BytesIO(out.getvalue()))
    meta = signers.PdfSignatureMetadata(field_name="Seal", certify=True)
    return bytes(signers.sign_pdf(writer, meta, signer=signer).getvalue())


def cecert(drawn: Certificate) -> bytes:
    """Draw and seal as `issue` does."""
    return SEALER.seal(RENDERER.draw(drawn), ISSUED)


def floor(own: bytes, whole: bytes, path: Path) -> int:
    """Do what no program can leave out."""
    zlib.compress(own, 6)
    sha256(whole).digest()
    KEY.sign(own, ec.ECDSA(SHA256()))
    return path.write_bytes(whole)


def spent(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rounds: int) -> None:
    identity = serialize_key_and_certificates(
        b"seal", KEY, signing_cert(KEY), None, BestAvailableEncryption(b"benchmark")
    )
    latin, others = [certificate(name) for name in LATIN], [certificate(name) for name in ANY]
    compile_time = spent(lambda: cecert(latin[0]))
    whole = cecert(latin[0])
    own = bytes(range(256)) * 12
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floor.pdf"
        rows: dict[str, Callable[[], object]] = {
            "plain reportlab and pyHanko": lambda: plain(latin[0], identity),
            "cecert, Latin names": lambda: [cecert(each) for each in latin],
            "cecert, any script": lambda: [cecert(each) for each in others],
            "floor": lambda: [floor(own, whole, path) for _ in range(5)],
        }
        times: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(rounds):
            for name, work in rows.items():
                count = 1 if name.startswith("plain") else 5
                times[name].append(spent(work) / count)
    medians = {name: statistics.median(each) for name, each in times.items()}
    base, least = medians["plain reportlab and pyHanko"], medians["floor"]
    print(f"first certificate of a course (compiles its plate): {compile_time * 1e3:.0f} ms")
    print(f"a sealed file: {len(whole):,} bytes")
    for name, median in medians.items():
        ratio = f"{base / median:6.1f} x plain   {median / least:6.1f} x floor"
        print(f"{name:30} {median * 1e3:8.3f} ms   {ratio}")
    memory()


def memory() -> None:
    """Print what the process holds at most after 1,000 certificates of a batch, and after 10,000.

    The peak only grows, so that both figures being near says that nothing is kept.
    """
    peaks = []
    for start, end in ((0, 1_000), (1_000, 10_000)):
        for number in range(start, end):
            cecert(certificate(f"Ana Ruiz {number}"))
        gc.collect()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(f"after {end:,} certificates: {peaks[-1]:.0f} MB at most")
    print(f"grown by {100 * (peaks[1] / peaks[0] - 1):.1f} %")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
