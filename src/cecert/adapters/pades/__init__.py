"""Sealing PDF files, and telling who sealed one: PAdES baseline B-B and B-T."""

from cecert.adapters.pades.sealer import PadesSealer, level_of, sealed_with, sealers_of_before

__all__ = ["PadesSealer", "level_of", "sealed_with", "sealers_of_before"]
