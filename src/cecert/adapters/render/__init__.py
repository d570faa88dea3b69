"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from cecert.adapters.render.contact_sheet import contact_sheet, page_pictures
from cecert.adapters.render.layout.pictures import picture_file
from cecert.adapters.render.layouts.letterhead_file import (
    Letterhead,
    letterhead_file,
    read_letterhead,
)
from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer

__all__ = [
    "SEAL_ROOM",
    "CertificateRenderer",
    "Letterhead",
    "contact_sheet",
    "letterhead_file",
    "page_pictures",
    "picture_file",
    "read_letterhead",
]
