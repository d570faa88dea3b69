"""Ports that publish the verify site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cecert.domain.trust.trust_file import TrustFile

__all__ = ["Site", "SiteMaker"]


class Site(Protocol):
    """The folder a web host serves."""

    def read(self, name: str) -> bytes | None:
        """Return what is published under *name* (`status/0.st`), None if nothing is."""
        ...

    def put(self, files: Mapping[str, bytes]) -> Sequence[str]:
        """Publish *files* in their order, each whole or not at all; return what was written.

        A file that says the same already is left as it is.
        """
        ...


class SiteMaker(Protocol):
    """Makes the files of a site that people and programs open."""

    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        """Return the verify page, with trust file and status lists inside."""
        ...

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        """Return *files* in one archive, the same bytes each time."""
        ...
