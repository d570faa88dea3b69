"""The newest trust file that a user has seen of each root, so that none is rolled back.

A saved trust file stays genuine for ever, and an old one calls a stolen key good. Of each
sequence that was seen a file without content bears the number as its name: two commands at
once cannot take each other's memory back.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder

__all__ = ["SeenTrust"]

_NUMBER = re.compile(r"-?[0-9]{1,20}", re.ASCII)


class SeenTrust:
    """What one user has seen; without a folder nothing is remembered."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; it is made with the first root."""
        self._folder = folder

    def newest(self, thumbprint: str) -> int | None:
        """Return the highest sequence seen under a root (hexadecimal), None if there was none."""
        return max(self._seen(thumbprint), default=None)

    def note(self, thumbprint: str, sequence: int) -> None:
        """Remember a sequence; what cannot be written is not remembered."""
        if self._folder is None:
            return
        folder = self._folder / thumbprint
        with suppress(OSError):
            before = self._seen(thumbprint)
            if sequence not in before:
                make_folder(folder)
                (folder / str(sequence)).touch(mode=0o600)
            for each in before:
                if each < sequence:
                    (folder / str(each)).unlink(missing_ok=True)

    def _seen(self, thumbprint: str) -> list[int]:
        if self._folder is None:
            return []
        try:
            names = [each.name for each in (self._folder / thumbprint).iterdir()]
        except OSError:
            return []
        return [int(each) for each in names if _NUMBER.fullmatch(each)]
