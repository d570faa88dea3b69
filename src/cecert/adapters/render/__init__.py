"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from cecert.adapters.render.letterhead import Letterhead, read_letterhead
from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer
from cecert.adapters.render.sheets import contact_sheet, page_pictures

__all__ = [
    "SEAL_ROOM",
    "CertificateRenderer",
    "Letterhead",
    "contact_sheet",
    "page_pictures",
    "read_letterhead",
]
