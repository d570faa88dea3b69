"""Draws certificates: text is shaped, fitted, placed, and written as a tagged document."""

from cecert.adapters.render.renderer import CertificateRenderer

__all__ = ["CertificateRenderer"]
