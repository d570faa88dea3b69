"""The renderer of transcripts: what one person earned, and the faces, make a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cecert.adapters.render.layout.page import Element, Ink, Page
from cecert.adapters.render.layout.pictures import PrintPicture, print_signature
from cecert.adapters.render.layout.setting import DOT, LayoutContext, UndrawableError
from cecert.adapters.render.layouts.transcript import compose_transcript
from cecert.adapters.render.layouts.transcript_foot import transcript_seal
from cecert.adapters.render.pdf.fill import About, Filler
from cecert.adapters.render.pdf.plate import Attachment, SealField, SharedBeginning
from cecert.adapters.render.qr import modules
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.layout_file import load_layout
from cecert.adapters.tables.toml import read_toml
from cecert.domain.certificate.certificate import Paper
from cecert.domain.certificate.misprints import PrintedLine
from cecert.domain.certificate.transcript import Transcript, TranscriptIssuer
from cecert.domain.token.transcript_list import TRANSCRIPT_FILE, TranscriptList
from cecert.errors import DrawingError
from cecert.ports import Drawing

__all__ = ["TranscriptRenderer"]

SHEETS = {Paper.LETTER: (612.0, 792.0), Paper.A4: (595.28, 841.89)}
"""Width and height of each sheet, upright, in points."""

SIGNATURE_POINTS = (128, 40)
DESCRIPTION = "The codes of the certificates that this transcript lists, signed"


class TranscriptRenderer:
    """Draws transcripts as PDF/A-3u and PDF/UA-1 documents, ready to be sealed."""

    def __init__(  # all but the folders have a default
        self,
        *,
        templates: Path,
        fonts: Path,
        seal_room: int,
        pictures: Mapping[str, bytes] | None = None,
        accent: str = "",
        extra_fonts: Sequence[Path] = (),
    ) -> None:
        """Open what drawing needs.

        Args:
            templates: Folder of the layout file, in `transcripts/`, and of the words.
            fonts: Folder of the shipped faces.
            seal_room: Bytes left for the signature (`PadesSealer.room`).
            pictures: Signature pictures by the name a `Signatory.image` gives.
            accent: The provider's own colour instead of the layout's, `#RRGGBB`.
            extra_fonts: Further TrueType files, for scripts no shipped face has.

        Raises:
            ConfigurationError: If a picture, the accent or a font cannot be used.
        """
        shelf = FaceShelf(fonts, extra_fonts)
        folder = templates / "transcripts"
        layout = load_layout(folder / "transcript.toml", shelf, accent)
        words = {**layout.words, **read_toml(folder / "en.toml")}
        self._layout = replace(layout, words=words)
        self._pictures: dict[str, PrintPicture] = {
            name: print_signature(data, name, SIGNATURE_POINTS)
            for name, data in (pictures or {}).items()
        }
        self._seal_room = seal_room

    def draw(
        self, transcript: Transcript, listed: TranscriptList, issuer: TranscriptIssuer
    ) -> Drawing:
        """Draw a transcript as a PDF with room for its seal.

        Args:
            transcript: What it says.
            listed: The codes that it carries.
            issuer: Whose it is.

        Raises:
            DrawingError: If it has a character that no face has, or needs too many pages.
        """
        try:
            setting = self._setting(transcript, issuer)
            pages = compose_transcript(setting, transcript, issuer, listed.number)
            filler = Filler(self._plate(setting, pages), pages)
        except UndrawableError as undrawable:
            raise DrawingError("a transcript cannot be drawn", (undrawable.fault,)) from None
        words = self._layout.words
        about = About(
            title=f"{words['transcript']}: {transcript.name}",
            author=issuer.provider.name,
            at=transcript.drawn_up_at,
            token=listed.text,
            seal_room=self._seal_room,
            code=issuer.verify_url,
        )
        printed = tuple(tuple(_words(page.body)) for page in pages)
        return replace(filler.fill(pages, about), pages=printed)

    def pages(
        self, transcript: Transcript, listed: TranscriptList, issuer: TranscriptIssuer
    ) -> tuple[Page, ...]:
        """Compose the pages as display lists, for who wants to look before it is a file.

        Args:
            transcript: What it says.
            listed: The codes that it carries.
            issuer: Whose it is.

        Raises:
            UndrawableError: As `draw`.
        """
        setting = self._setting(transcript, issuer)
        return compose_transcript(setting, transcript, issuer, listed.number)

    def _setting(self, transcript: Transcript, issuer: TranscriptIssuer) -> LayoutContext:
        width, height = SHEETS[issuer.paper]
        # What every layout asks of a certificate are its provider and whose it is.
        named = replace(transcript.newest, provider=issuer.provider, verify_host=issuer.verify_host)
        shapes = {key: each.shape for key, each in self._pictures.items()}
        size = modules(issuer.verify_url)
        return LayoutContext(
            named, self._layout, width, height, specimen=False, pictures=shapes, modules=size
        )

    def _plate(self, setting: LayoutContext, pages: tuple[Page, ...]) -> SharedBeginning:
        words = self._layout.words
        label = words["alt_seal"].format(name=setting.certificate.provider.name)
        field = SealField(transcript_seal(setting), label)
        attachment = Attachment(TRANSCRIPT_FILE, DESCRIPTION)
        return SharedBeginning(pages, self._pictures, (), field, attachment=attachment)


def _words(elements: Sequence[Element | Ink | object]) -> list[PrintedLine]:
    """Return the words of elements, without the dots between two facts."""
    lines = []
    for each in elements:
        if isinstance(each, Ink):
            if each.shaped.text != DOT:
                lines.append(PrintedLine(each.what, each.shaped.text))
        elif isinstance(each, Element):
            lines += _words(each.kids)
    return lines
