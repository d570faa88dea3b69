"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from cecert.adapters.render.renderer import SEAL_ROOM, CertificateRenderer

__all__ = ["SEAL_ROOM", "CertificateRenderer"]
