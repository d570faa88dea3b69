"""What stands in for the readers of documents where none are installed: it reads nothing."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.ports.documents import PdfContent, SealFinding, SealState, SeenPage

__all__ = ["NoDocuments"]

UNREAD = "this verifier reads links and digits alone; cecert verify reads PDF files and pictures"


class NoDocuments:
    """Answers for PDF files, pictures and seals that this verifier cannot read them."""

    def read(self, pdf: bytes) -> PdfContent | str:
        """Say that a *pdf* is not read here."""
        del pdf
        return UNREAD

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        """Return no page of a *pdf*."""
        del pdf
        return ()

    def as_issued(self, pdf: bytes) -> None:
        """Say nothing about a *pdf*."""
        del pdf

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage] | str:
        """Say that a *picture* is not read here."""
        del picture
        return UNREAD

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say that whatever seal a *pdf* has is not read here."""
        del pdf
        return SealFinding(SealState.MISSING, UNREAD)

    def of_our_form(self, pdf: bytes) -> None:
        """Say nothing about the seal of a *pdf*."""
        del pdf
