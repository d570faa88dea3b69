"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.render.layouts.letterhead_file import Letterhead, read_letterhead
    from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "layouts.letterhead_file": (
                "Letterhead",
                "read_letterhead",
            ),
            "renderer": (
                "SEAL_ROOM",
                "CertificateRenderer",
            ),
        },
    )

__all__ = [
    "SEAL_ROOM",
    "CertificateRenderer",
    "Letterhead",
    "read_letterhead",
]
