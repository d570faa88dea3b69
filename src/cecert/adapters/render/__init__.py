"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from cecert.adapters.render.contact_sheet import contact_sheet, page_pictures
from cecert.adapters.render.layouts.letterhead_file import Letterhead, read_letterhead
from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer
from cecert.adapters.render.text.scripts import SCRIPT_FONTS, ScriptFont, font_advice, letters_of
from cecert.adapters.render.text.system_fonts import find_font

__all__ = [
    "SCRIPT_FONTS",
    "SEAL_ROOM",
    "CertificateRenderer",
    "Letterhead",
    "ScriptFont",
    "contact_sheet",
    "find_font",
    "font_advice",
    "letters_of",
    "page_pictures",
    "read_letterhead",
]
