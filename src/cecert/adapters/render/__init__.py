"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.render.layout.pictures import picture_file
    from cecert.adapters.render.layouts.letterhead_file import (
        Letterhead,
        letterhead_file,
        read_letterhead,
    )
    from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer
    from cecert.adapters.render.text.scripts import (
        SCRIPT_FONTS,
        font_advice,
        letters_of,
    )
    from cecert.adapters.render.text.system_fonts import find_font
    from cecert.adapters.render.transcripts import TranscriptRenderer
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "layout.pictures": ("picture_file",),
            "layouts.letterhead_file": (
                "Letterhead",
                "letterhead_file",
                "read_letterhead",
            ),
            "renderer": (
                "SEAL_ROOM",
                "CertificateRenderer",
            ),
            "text.scripts": (
                "SCRIPT_FONTS",
                "font_advice",
                "letters_of",
            ),
            "text.system_fonts": ("find_font",),
            "transcripts": ("TranscriptRenderer",),
        },
    )

__all__ = [
    "SCRIPT_FONTS",
    "SEAL_ROOM",
    "CertificateRenderer",
    "Letterhead",
    "TranscriptRenderer",
    "find_font",
    "font_advice",
    "letterhead_file",
    "letters_of",
    "picture_file",
    "read_letterhead",
]
