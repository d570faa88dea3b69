"""What was fetched before, kept in a folder: for the rules of caching, and against old lists.

Nothing in it is trusted: a list is opened with its signature each time.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

__all__ = ["LONGEST_FRESH", "CachedList", "Shelf"]

LONGEST_FRESH = 86_400
"""Seconds a cache is believed to be fresh, whatever the host says."""

HEAD = 4096
"""Bytes within which the first line of a kept file ends."""


@dataclass(frozen=True, slots=True)
class CachedList:
    """A file as it was fetched.

    Attributes:
        data: Its content.
        etag: The host's name for this version, "" if it gave none.
        fresh_until: Seconds since 1970 until which it is used without asking again.
    """

    data: bytes
    etag: str
    fresh_until: float

    def is_fresh(self, now: float) -> bool:
        """Say whether the host need not be asked again.

        What is to be fresh for longer than anything is was fetched while this clock was ahead.
        """
        return now < self.fresh_until <= now + LONGEST_FRESH


class Shelf:
    """Keeps files by name in a folder; without one, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; it is made when something is kept."""
        self._folder = folder

    def kept(self, name: str) -> CachedList | None:
        """Return what was kept under *name*, None if there is nothing that can be read."""
        if self._folder is None:
            return None
        try:
            head, _, data = self._path(self._folder, name).read_bytes().partition(b"\n")
            facts = json.loads(head[:HEAD])
            return CachedList(data, str(facts["etag"]), float(facts["fresh_until"]))
        except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
            return None

    def keep(self, name: str, kept: CachedList) -> None:
        """Keep a file; one that cannot be written is not kept, and will be fetched again."""
        if self._folder is None:
            return
        head = json.dumps({"name": name, "etag": kept.etag, "fresh_until": kept.fresh_until})
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._replace(self._path(self._folder, name), head.encode() + b"\n" + kept.data)

    @staticmethod
    def _path(folder: Path, name: str) -> Path:
        return folder / sha256(name.encode()).hexdigest()

    @staticmethod
    def _replace(path: Path, content: bytes) -> None:
        # mkstemp makes the file readable by its owner only.
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
