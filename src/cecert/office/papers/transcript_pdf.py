"""A transcript as a sealed PDF, which carries the codes of the certificates it lists.

A seal says that the pages are the provider's word. So whatever drew them, each row is held
against the record of its certificate before it is sealed, as a verifier will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.certificate.transcript import Transcript, TranscriptIssuer
from cecert.domain.certificate.transcript_text import listed_differences
from cecert.domain.token.transcript_list import ListedCode, TranscriptList
from cecert.errors import DrawingError, Fault

if TYPE_CHECKING:
    from cecert.domain.course.provider import Signatory
    from cecert.office.office import Office
    from cecert.ports import Drawing

__all__ = ["listed_codes", "proofread", "sealed_transcripts", "transcript_issuer"]


def sealed_transcripts(office: Office) -> Callable[[Transcript], bytes]:
    """Return what makes the sealed PDF of a transcript; keys are opened at once.

    Raises:
        ConfigurationError: If a font or picture of the office cannot be used.
        KeyStoreError: If there is no seal that verifiers know, or its passphrase is missing.
        LedgerError: If the ledger cannot be opened.
    """
    sealer = office.sealer()
    renderer = office.transcript_renderer(sealer.room)
    issuer = transcript_issuer(office)

    def sealed(transcript: Transcript) -> bytes:
        drawing = renderer.draw(transcript, listed_codes(transcript), issuer)
        proofread(drawing, transcript)
        return sealer.seal(drawing, transcript.drawn_up_at)

    return sealed


def transcript_issuer(office: Office) -> TranscriptIssuer:
    """Return who draws up the transcripts of an office."""
    looks = office.preview_desk()
    return TranscriptIssuer(
        provider=looks.provider,
        signatory=_signatory(looks.signatories),
        paper=looks.paper,
        verify_url=looks.verify_prefix.removesuffix("#"),
        verify_host=looks.verify_host,
    )


def _signatory(signatories: tuple[Signatory, ...]) -> Signatory | None:
    """Return who signs for the provider itself, whatever the credit is."""
    own = (each for each in signatories if not each.organisation)
    return min(own, key=lambda each: bool(each.credentials), default=None)


def listed_codes(transcript: Transcript) -> TranscriptList:
    """Return the codes that the file of a transcript carries."""
    rows = transcript.rows
    codes = tuple(ListedCode(each.certificate.token_url, each.counts) for each in rows)
    return TranscriptList(int(transcript.drawn_up_at.timestamp()), codes)


def proofread(drawing: Drawing, transcript: Transcript) -> None:
    """Refuse to seal pages that do not say what was certified.

    Raises:
        DrawingError: If a row differs from its certificate.
    """
    faults = tuple(_misprints([line.text for page in drawing.pages for line in page], transcript))
    if faults:
        raise DrawingError("what was drawn is not what was certified", faults)


def _misprints(lines: list[str], transcript: Transcript) -> Iterator[Fault]:
    for row in transcript.rows:
        for each in listed_differences(lines, certified_claims(row.certificate)):
            yield Fault(str(row.certificate.id), each.certified, f"{each.fact}: {each.printed}")
