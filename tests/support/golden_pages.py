"""The golden pages: which certificates they hold, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from certificate_samples import HARD_NAME, HARD_TITLE, ROOT, certificate, uneven_sessions
from transcript_samples import TRANSCRIPTS, issuer, transcript_renderer

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import Page, inks
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.values.certificate_id import CertificateId
from cecert.office.papers.transcript_pdf import listed_codes

GOLDEN = ROOT / "tests" / "golden"
USUAL = "Margaret O\N{RIGHT SINGLE QUOTATION MARK}Connell-Hughes, LICSW"

KINDS: dict[str, Callable[[], Certificate]] = {
    "classic-letter": lambda: certificate(USUAL),
    "classic-hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "classic-two-pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "classic-one-line": lambda: certificate(lines=1, licenses=()),
    "classic-attendance": lambda: certificate(lines=0),
    "classic-sessions": lambda: certificate(sessions=uneven_sessions(12)),
    "classic-sixty-dates": lambda: certificate(sessions=uneven_sessions(60)),
    "classic-a4": lambda: replace(certificate(), paper=Paper.A4),
    "classic-corrected": lambda: _corrected(certificate(USUAL)),
    "classic-specimen": certificate,
    "modern-letter": lambda: _modern(certificate(USUAL)),
    "modern-hard": lambda: _modern(certificate(HARD_NAME, HARD_TITLE, lines=4)),
    "modern-two-pages": lambda: _modern(certificate(HARD_NAME, HARD_TITLE, lines=6)),
    "modern-sessions": lambda: _modern(certificate(lines=1, sessions=uneven_sessions(4))),
    "modern-sessions-beside": lambda: _modern(certificate(sessions=uneven_sessions(8))),
    "modern-sixty-dates": lambda: _modern(certificate(sessions=uneven_sessions(60))),
    "modern-attendance": lambda: _modern(certificate(lines=0)),
    "modern-a4": lambda: replace(_modern(certificate()), paper=Paper.A4),
    "modern-corrected": lambda: _corrected(_modern(certificate(USUAL))),
    "modern-specimen": lambda: _modern(certificate()),
}


def _corrected(drawn: Certificate) -> Certificate:
    return replace(drawn, supersedes=CertificateId.parse("7Q2M-X4KD-9VTR-H3NP"))


def _modern(drawn: Certificate) -> Certificate:
    return replace(drawn, layout="modern/1")


def golden_text(renderer: CertificateRenderer, kind: str) -> str:
    """Write each line of text of a certificate with its place, size and colour."""
    pages = renderer.pages(KINDS[kind](), specimen=kind.endswith("specimen"))
    return "\n".join(_written(pages)) + "\n"


def golden_transcript_text(kind: str) -> str:
    """Write each line of text of a transcript with its place, size and colour."""
    transcript, paper = TRANSCRIPTS[kind]()
    pages = transcript_renderer().pages(transcript, listed_codes(transcript), issuer(paper))
    return "\n".join(_written(pages)) + "\n"


def _written(pages: tuple[Page, ...]) -> Iterator[str]:
    for number, page in enumerate(pages, 1):
        yield f"page {number}: {page.width:g} x {page.height:g}"
        for ink in inks(page):
            place = f"{ink.x:7.2f} {ink.y:7.2f} {ink.size:5.2f} {ink.colour}"
            yield f"{place} {ink.shaped.text.rstrip()}"
