"""Every referee on sealed certificates of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import certificate_samples
import pytest
import transcript_samples
from certificate_samples import HARD_NAME, HARD_TITLE, ISSUED, certificate, sealer, uneven_sessions
from referees import Exhibit, complaints
from sampled import sampled

from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import Symbol
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.office.papers.transcript_pdf import listed_codes

pytestmark = pytest.mark.system
KINDS: dict[str, Callable[[], Certificate]] = {
    "of one line": lambda: certificate(lines=1, licenses=()),
    "of three lines": certificate,
    "hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "of two pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "with sixty sessions listed": lambda: certificate(sessions=uneven_sessions(60)),
    "with words in italics": lambda: in_italics(certificate(sessions=uneven_sessions(8))),
    "of attendance": lambda: certificate(lines=0),
}


def in_italics(drawn: Certificate) -> Certificate:
    """Return it with the last word of its title in italics."""
    end = len(drawn.course.title)
    italics = ((drawn.course.title.rindex(" ") + 1, end),)
    return replace(drawn, course=replace(drawn.course, title_italics=italics))


@pytest.fixture(scope="module")
def seal() -> PadesSealer:
    return sealer()


@pytest.fixture(scope="module")
def drawer(seal: PadesSealer) -> CertificateRenderer:
    return certificate_samples.renderer(seal_room=seal.room)


def sealed(
    drawn: Certificate, drawer: CertificateRenderer, seal: PadesSealer, folder: Path
) -> Exhibit:
    first = drawer.pages(drawn, specimen=False)[0]
    kids = (kid for element in first.body for kid in element.kids)
    code = next(kid.box for kid in kids if isinstance(kid, Symbol))
    folder.mkdir()
    path = folder / "sealed.pdf"
    path.write_bytes(seal.seal(drawer.draw(drawn), ISSUED))
    return Exhibit(path, drawn.recipient.name, drawn.token_url, code, first.height)


CASES = tuple(product(KINDS, Paper, ("classic/1", "modern/1")))
SAMPLE = [each for number, each in enumerate(CASES) if number % 4 == number // 4 % 4]
"""Every kind, on each sheet in each layout in turn."""


@pytest.mark.parametrize(("kind", "paper", "layout"), sampled(CASES, SAMPLE))
def test_no_referee_complains_of_a_certificate(
    kind: str, paper: Paper, layout: str,
    drawer: CertificateRenderer, seal: PadesSealer, tmp_path: Path,
) -> None:  # fmt: skip
    drawn = replace(KINDS[kind](), layout=layout, paper=paper)
    assert list(complaints(sealed(drawn, drawer, seal, tmp_path / "one"))) == []


TRANSCRIPTS: dict[str, tuple[int, str, Paper]] = {
    "of sixty courses": (60, HARD_NAME, Paper.LETTER),
    "on A4": (7, "محمد عبد الله", Paper.A4),
}


@pytest.mark.parametrize("kind", TRANSCRIPTS)
def test_no_referee_complains_of_a_transcript(kind: str, tmp_path: Path) -> None:
    count, name, paper = TRANSCRIPTS[kind]
    one = transcript_samples.enrolled(count, name)
    if count > 3:
        transcript_samples.replaced_and_revoked(one)
    issuer, renderer = transcript_samples.issuer(paper), transcript_samples.transcript_renderer()
    transcript = one.transcript
    first = renderer.pages(transcript, listed_codes(transcript), issuer)[0]
    kids = (kid for element in first.body for kid in element.kids)
    code = next(kid.box for kid in kids if isinstance(kid, Symbol))
    path = tmp_path / "sealed.pdf"
    path.write_bytes(one.sealed(paper=paper))
    exhibit = Exhibit(path, transcript.licenses[0].number, issuer.verify_url, code, first.height)
    assert list(complaints(exhibit)) == []
