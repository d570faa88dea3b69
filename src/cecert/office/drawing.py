"""What draws an office's certificates and transcripts, and what is printed on each of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cecert.adapters.assets import asset_folder
from cecert.domain.course.provider import Signatory
from cecert.workflows.preview import PreviewDesk

# Drawing is imported where it is done.
if TYPE_CHECKING:
    from cecert.adapters.office_files import OfficeFile
    from cecert.adapters.render import CertificateRenderer, TranscriptRenderer
    from cecert.office.course_reader import CourseReader

__all__ = [
    "certificate_renderer",
    "preview_desk",
    "printed_signatories",
    "signature_pictures",
    "transcript_renderer",
]


def certificate_renderer(office: CourseReader, seal_room: int | None) -> CertificateRenderer:
    """Return what draws an office's certificates.

    Args:
        office: The office.
        seal_room: Bytes that are left for a seal, None for what the office's own takes.
    """
    from cecert.adapters.render import SEAL_ROOM, CertificateRenderer

    return CertificateRenderer(
        templates=asset_folder("templates"),
        fonts=asset_folder("fonts"),
        pictures=office.signature_pictures(),
        logo=office.logo(),
        accent=office.file.accent,
        extra_fonts=office.file.fonts,
        letterhead=office.letterhead(),
        layouts=office.layouts(),
        seal_room=SEAL_ROOM if seal_room is None else seal_room,
    )


def transcript_renderer(office: CourseReader, seal_room: int) -> TranscriptRenderer:
    """Return what draws an office's transcripts, with so many bytes left for a seal."""
    from cecert.adapters.render import TranscriptRenderer

    return TranscriptRenderer(
        templates=asset_folder("templates"),
        fonts=asset_folder("fonts"),
        pictures=office.signature_pictures(),
        accent=office.file.accent,
        extra_fonts=office.file.fonts,
        seal_room=seal_room,
    )


def preview_desk(office: CourseReader) -> PreviewDesk:
    """Return what a preview needs; it opens neither keys nor ledger."""
    prefix = f"{office.file.verify_url}#"
    return PreviewDesk(
        provider=office.file.provider,
        signatories=tuple(office.printed_signatories()),
        layout=f"{office.file.layout}/1",
        paper=office.file.paper,
        verify_prefix=prefix,
        verify_host=urlsplit(prefix).hostname or "",
        now=office.clock.now(),
    )


def printed_signatories(file: OfficeFile) -> tuple[Signatory, ...]:
    """Return who signs, each with the name of the picture that is printed."""
    return tuple(replace(each, image=_image_name(file, each.image)) for each in file.signatories)


def signature_pictures(file: OfficeFile) -> Mapping[str, bytes]:
    """Return the pictures of signatures, by the name that certificates have of each."""
    from cecert.adapters.render import picture_file

    return {
        _image_name(file, each.image): picture_file(Path(each.image))
        for each in file.signatories
        if each.image
    }


def _image_name(file: OfficeFile, image: str) -> str:
    # The record keeps where the picture lay in the office, not where the office lies.
    return Path(os.path.relpath(image, file.folder)).as_posix() if image else ""
