"""Who holds how an office's certificates and transcripts look, and what draws them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cecert.adapters.assets import asset_folder
from cecert.office.holders.ledger import LedgerHolder

# Drawing is imported where it is done.
if TYPE_CHECKING:
    from cecert.adapters.render import CertificateRenderer, Letterhead, TranscriptRenderer
    from cecert.adapters.render.text.layout_draft import LayoutDraft
    from cecert.domain.course.provider import Signatory
    from cecert.workflows.preview import PreviewDesk

__all__ = ["LooksHolder"]


class LooksHolder(LedgerHolder):
    """Whoever holds the pictures, fonts and letterhead that an office's file names."""

    def letterhead(self) -> Letterhead | None:
        """Return the page that certificates are drawn on; None if they are on the layout's own.

        Raises:
            ConfigurationError: If it cannot be used.

        Internal.
        """
        from cecert.office.holders.letterhead import opened_letterhead

        if self.file.letterhead is None:
            return None
        return opened_letterhead(self.file.letterhead, self.file.places)

    def layouts(self) -> Sequence[LayoutDraft]:
        """Return the office's own layouts: there are none in files.

        Internal.
        """
        return ()

    def logo(self) -> bytes | None:
        """Return the picture of the logo, None for none.

        Raises:
            ConfigurationError: If it cannot be read.

        Internal.
        """
        from cecert.adapters.render import picture_file

        return None if self.file.logo is None else picture_file(self.file.logo)

    def printed_signatories(self) -> Sequence[Signatory]:
        """Return who signs, each with the name of the picture that is printed.

        Internal.
        """
        return [replace(each, image=self._image_name(each.image)) for each in self.file.signatories]

    def signature_pictures(self) -> Mapping[str, bytes]:
        """Return the pictures of signatures, by the name that certificates have of each.

        Raises:
            ConfigurationError: If one cannot be read.

        Internal.
        """
        from cecert.adapters.render import picture_file

        return {
            self._image_name(each.image): picture_file(Path(each.image))
            for each in self.file.signatories
            if each.image
        }

    def _image_name(self, image: str) -> str:
        # The record keeps where the picture lay in the office, not where the office lies.
        return Path(os.path.relpath(image, self.file.folder)).as_posix() if image else ""

    def renderer(self, seal_room: int | None = None) -> CertificateRenderer:
        """Return what draws the office's certificates.

        Args:
            seal_room: Bytes that are left for a seal, None for what the office's own takes.

        Internal.
        """
        from cecert.adapters.render import SEAL_ROOM, CertificateRenderer

        return CertificateRenderer(
            templates=asset_folder("templates"),
            fonts=asset_folder("fonts"),
            pictures=self.signature_pictures(),
            logo=self.logo(),
            accent=self.file.accent,
            extra_fonts=self.file.fonts,
            letterhead=self.letterhead(),
            layouts=self.layouts(),
            seal_room=SEAL_ROOM if seal_room is None else seal_room,
        )

    def transcript_renderer(self, seal_room: int) -> TranscriptRenderer:
        """Return what draws the office's transcripts, with so many bytes left for a seal.

        Internal.
        """
        from cecert.adapters.render import TranscriptRenderer

        return TranscriptRenderer(
            templates=asset_folder("templates"),
            fonts=asset_folder("fonts"),
            pictures=self.signature_pictures(),
            accent=self.file.accent,
            extra_fonts=self.file.fonts,
            seal_room=seal_room,
        )

    def preview_desk(self) -> PreviewDesk:
        """Return what a preview needs; it opens neither keys nor ledger.

        Internal.
        """
        from cecert.workflows.preview import PreviewDesk

        prefix = f"{self.file.verify_url}#"
        return PreviewDesk(
            provider=self.file.provider,
            signatories=tuple(self.printed_signatories()),
            layout=f"{self.file.layout}/1",
            paper=self.file.paper,
            verify_prefix=prefix,
            verify_host=urlsplit(prefix).hostname or "",
            now=self.clock.now(),
        )
