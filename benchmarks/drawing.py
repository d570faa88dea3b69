"""How long one certificate takes to draw and seal, and to issue, as ratios within one run.

    python benchmarks/drawing.py [ROUNDS]

All rows are measured in turn, round after round. `plain` is what anybody would write
first: reportlab with its fonts parsed for each certificate, qrcode's default mask search,
pyHanko with the key read from PKCS#12 for each; `fpdf2` is the same without reportlab.
`typst` and `WeasyPrint` draw the same words at the same places and sign nothing.
`floor` is what cannot be saved: deflating what
is one certificate's own, one SHA-256 over the file, one P-256 signature, one write.
`issue` is all of it: the trial, token, drawing, seal, archive with fsync, ledger and mail
queue on SQLite. Two noisy machines give the same ratios where they give no two equal
times. The processor's time leaves out waits for the disk and for other programs.
"""

from __future__ import annotations

import gc
import re
import statistics
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, cycle, islice
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from certificate_samples import signing_cert
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from figures import Figure, peak_megabytes
from other_engines import Fpdf, Plain, Typst, WeasyPrint, truetype_faces
from sample_office import (
    Sample,
    empty_desk,
    latin_names,
    logo,
    names_of_any_script,
    sample,
    tell_shares,
    timed_desk,
)

from cecert import issue
from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import Certificate

ROOT = Path(__file__).parents[1]
KEY = ec.derive_private_key(0xCECE27, ec.SECP256R1())
OURS, ISSUED = 20, 100
"""Certificates a round: of the short rows, and of `issue` (one group of the ledger)."""

PLAIN, FPDF, FLOOR = "plain reportlab and pyHanko", "fpdf2 and pyHanko", "floor"
LATIN, ISSUE = "draw and seal, Latin names", "issue, Latin names"


@dataclass
class Row:
    """What is measured: each round prepares work, whose time is taken.

    Attributes:
        prepare: Returns the work of one round.
        certificates: How many it makes.
    """

    prepare: Callable[[], Callable[[], object]]
    certificates: int = 1
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Do one round."""
        work = self.prepare()
        start, used = perf_counter(), process_time()
        work()
        self.processor.append((process_time() - used) / self.certificates)
        self.wall.append((perf_counter() - start) / self.certificates)


def floor(own: bytes, whole: bytes, path: Path) -> int:
    """Do what no program can leave out."""
    zlib.compress(own, 6)
    sha256(whole).digest()
    KEY.sign(own, ec.ECDSA(SHA256()))
    return path.write_bytes(whole)


def unpacked(written: bytes) -> bytes:
    """Return what the deflated streams of a part of a file say, one after the other."""
    streams = re.finditer(rb"/FlateDecode/Length (\d+)>>\nstream\n", written)
    return b"".join(zlib.decompress(written[each.end() :][: int(each[1])]) for each in streams)


class Bench:
    """The rows, over one office."""

    def __init__(self, taken: Sample) -> None:
        self._taken = taken
        self._latin = cycle(latin_names())
        self._others = cycle(names_of_any_script())
        self._number = count()
        self._open = ExitStack()
        self.spent: dict[str, float] = defaultdict(float)
        renderer = taken.desk.renderer
        assert isinstance(renderer, CertificateRenderer)
        self.renderer = renderer
        self._ana = taken.certificate("Ana Ruiz")

    @property
    def _pictures(self) -> dict[str, bytes]:
        names = {each.image for each in self._taken.desk.signatories}
        return {name: (self._taken.folder / "office" / name).read_bytes() for name in names}

    def sealed(self, drawn: Certificate) -> bytes:
        """Draw and seal as `issue` does."""
        return self._taken.desk.sealer.seal(self.renderer.draw(drawn), drawn.issued_at)

    def rows(self) -> dict[str, Row]:
        """Return what is measured."""
        drawn = self._ana
        whole, page = self.sealed(drawn), self.renderer.pages(drawn, specimen=False)[0]
        fonts = truetype_faces(ROOT / "fonts", self._taken.folder / "fonts")
        pictures = {"logo": logo(), **self._pictures}
        identity = self._identity()
        plain = Plain(self.renderer, pictures, fonts, identity)
        fpdf = Fpdf(self.renderer, pictures, fonts, identity)
        typst = Typst(self.renderer, pictures, fonts)
        weasy = WeasyPrint(self.renderer, pictures, fonts, page)
        self.sizes = {
            PLAIN: len(plain.draw(drawn, page)),
            FPDF: len(fpdf.draw(drawn, page)),
            "typst, unsigned": len(typst.draw(drawn, page)),
            "WeasyPrint, unsigned": len(weasy.draw(drawn, page)),
            LATIN: len(whole),
            "draw and seal, any script": len(self.sealed(self._taken.certificate("فاطمة حداد"))),
        }
        return {
            PLAIN: Row(self._copying(plain)),
            FPDF: Row(self._copying(fpdf)),
            "typst, unsigned": Row(self._copying(typst)),
            "WeasyPrint, unsigned": Row(self._copying(weasy)),
            LATIN: Row(self._drawing(self._latin), OURS),
            "draw and seal, any script": Row(self._drawing(self._others), OURS),
            ISSUE: Row(self._issuing, ISSUED),
            FLOOR: Row(self._floor(whole), OURS),
        }

    def _identity(self) -> Path:
        path = self._taken.folder / "seal.p12"
        protection = BestAvailableEncryption(b"benchmark")
        chain = signing_cert(KEY)
        path.write_bytes(serialize_key_and_certificates(b"seal", KEY, chain, None, protection))
        return path

    def close(self) -> None:
        """Close the last ledger."""
        self._open.close()

    def certificates(self, names: Iterator[str], wanted: int) -> list[Certificate]:
        """Return certificates of people whose names come next."""
        return [self._taken.certificate(each) for each in islice(names, wanted)]

    def _copying(
        self, engine: Plain | Fpdf | Typst | WeasyPrint
    ) -> Callable[[], Callable[[], object]]:
        def prepare() -> Callable[[], object]:
            (drawn,) = self.certificates(self._latin, 1)
            page = engine.page(drawn)
            return lambda: engine.draw(drawn, page)

        return prepare

    def _drawing(self, names: Iterator[str]) -> Callable[[], Callable[[], object]]:
        def prepare() -> Callable[[], object]:
            drawn = self.certificates(names, OURS)
            return lambda: [self.sealed(each) for each in drawn]

        return prepare

    def _issuing(self) -> Callable[[], object]:
        awards = self._taken.awards(list(islice(self._latin, ISSUED)))

        self._open.close()
        desk = self._open.enter_context(empty_desk(self._taken, f"ledger-{next(self._number)}"))
        return lambda: issue(awards, timed_desk(desk, self.spent))

    def _floor(self, whole: bytes) -> Callable[[], Callable[[], object]]:
        own = unpacked(whole[self._taken.desk.renderer.draw(self._ana).shared :])

        def prepare() -> Callable[[], object]:
            # New files: to shorten one that is there makes some systems wait for the disk.
            folder = self._taken.folder / f"floor-{next(self._number)}"
            folder.mkdir()
            paths = [folder / str(each) for each in range(OURS)]
            return lambda: [floor(own, whole, each) for each in paths]

        return prepare


def figures(rounds: int = 30) -> tuple[Figure, ...]:
    """Measure, print, and return it."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        bench = Bench(taken)
        start = perf_counter()
        bench.sealed(taken.certificate("Ana Ruiz"))
        compiled = perf_counter() - start
        rows = bench.rows()
        for each in rows.values():  # what is kept is made
            each.run()
            each.wall.clear()
            each.processor.clear()
        bench.spent.clear()
        for _ in range(rounds):
            for each in rows.values():
                each.run()
        print(f"first certificate of a course (compiles its plate): {compiled * 1e3:.0f} ms")
        _tell(rows, bench.sizes)
        issued = rows[ISSUE]
        print("where the time of `issue` goes:")
        tell_shares(ISSUED * rounds, sum(issued.wall) * ISSUED, bench.spent)
        peaks = memory(bench)
        bench.close()
    return (*(_figure(rows, name) for name in rows), *peaks)


def _figure(rows: dict[str, Row], name: str) -> Figure:
    """Return a row held against our drawing, or what issues against the floor."""
    other = FLOOR if name == ISSUE else LATIN
    own, base = (statistics.median(rows[each].processor) for each in (name, other))
    return Figure(name, 1e3 * own, "ms", len(rows[name].processor), other, own / base)


def _tell(rows: dict[str, Row], sizes: dict[str, int]) -> None:
    wall = {name: statistics.median(each.wall) for name, each in rows.items()}
    used = {name: statistics.median(each.processor) for name, each in rows.items()}
    print(f"{'medians, a certificate':29} {'ms':>8} {'x plain':>8} {'x floor':>8}", end="")
    print(f" | {'cpu ms':>8} {'x plain':>8} {'x floor':>8} | {'bytes':>8}")
    for name in rows:
        print(f"{name:29} {_ratios(wall, name)} | {_ratios(used, name)}", end=" | ")
        print(f"{sizes[name]:8,}" if name in sizes else "")


def _ratios(medians: dict[str, float], name: str) -> str:
    own = medians[name]
    return f"{own * 1e3:8.3f} {medians[PLAIN] / own:8.1f} {own / medians[FLOOR]:8.1f}"


def memory(bench: Bench) -> tuple[Figure, ...]:
    """Print and return what the process holds at most after 1,000 and after 10,000 certificates.

    The peak only grows, so that both figures being near says that nothing is kept.
    """
    peaks, names = [], latin_names()
    for start, end in ((0, 1_000), (1_000, 10_000)):
        for _ in range(start, end):
            bench.sealed(*bench.certificates(names, 1))
        gc.collect()
        peaks.append(peak_megabytes())
        print(f"after {end:,} certificates: {peaks[-1]:.0f} MB at most")
    print(f"grown by {100 * (peaks[1] / peaks[0] - 1):.1f} %")
    few, many = peaks
    name = "memory after 10,000 certificates drawn"
    return (Figure(name, many, "MB", 1, "after 1,000", many / few, 10_000),)


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
