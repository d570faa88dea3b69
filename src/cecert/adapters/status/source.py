"""Where status lists come from: named files, named addresses, the provider's own hosts.

A file is one list, or a bundle that holds several. What was had before is on the shelf, so
that an older list is known as such; what counts is decided by whoever opens the lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from cecert.adapters.status.cache import CachedList, Shelf
from cecert.adapters.status.http import SECONDS, Hosts
from cecert.adapters.zip_damage import ZIP_DAMAGE, refuse_other_packing
from cecert.ports import OfferedLists

__all__ = [
    "LARGEST_LIST",
    "StatusLists",
    "lists_in",
]

LARGEST_LIST = 64 << 10
"""Bytes; 32 768 bytes of slots that do not compress, and a signature, are fewer."""

LARGEST_REATTESTED = 8 << 20
"""Bytes; half a million certificates of one key."""

LARGEST_LOG_FILE = 1 << 20
"""Bytes of a head or a bucket."""

MOST_LISTS = 1000

_ZIP = b"PK\x03\x04"


class StatusLists:
    """Status lists of one provider: named files, named URLs, its own hosts."""

    def __init__(
        self,
        provider: str,
        shelf: Path | None,
        files: Sequence[bytes] = (),
        urls: Sequence[str] = (),
        *,
        seconds: float = SECONDS,
    ) -> None:
        """Take where lists come from.

        Args:
            provider: What tells it from every other, as its root's thumbprint.
            shelf: Folder that keeps what was fetched, None to keep nothing.
            files: Contents of lists and bundles that were named.
            urls: Addresses of lists and bundles that were named.
            seconds: For all hosts together, over all that is asked within a minute.
        """
        self._provider = provider
        self._shelf = Shelf(shelf)
        self._files = tuple(files)
        self._named = tuple(each for file in files for each in lists_in(file))
        self._urls = tuple(urls)
        self._hosts = Hosts(self._shelf, seconds)

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        """Return the list as files, hosts and the shelf have it."""
        urls = [*self._urls, *(f"{base.rstrip('/')}/{list_id}.st" for base in bases)]
        fetched = self._hosts.files(urls)
        served = tuple(each for data in fetched.values() for each in lists_in(data))
        kept = self._shelf.kept(self._name(list_id))
        return OfferedLists((*self._named, *served), None if kept is None else kept.data)

    def reattested(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return the list of genuine tokens of a withdrawn key, as files and hosts have it."""
        urls = [*self._urls, *(f"{base.rstrip('/')}/{name}" for base in bases)]
        fetched = self._hosts.files(urls)
        return [each for data in (*self._files, *fetched.values()) for each in _reattested_in(data)]

    def files(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return a file of the log, as bundles and hosts have it."""
        urls = [*self._urls, *(f"{base.rstrip('/')}/{name}" for base in bases)]
        fetched = self._hosts.files(urls)
        found = [each for data in self._files for each in _logged_in(data, name)]
        for url, data in fetched.items():
            found += _logged_in(data, name) if url in self._urls else [data]
        return found

    def kept_head(self) -> bytes | None:
        """Return the newest genuine head that was kept."""
        kept = self._shelf.kept(self._head)
        return None if kept is None else kept.data

    def keep_head(self, data: bytes) -> None:
        """Keep the newest genuine head, so that an older one is known as such."""
        self._shelf.keep(self._head, CachedList(data, "", 0))

    def evidence(self) -> Sequence[bytes]:
        """Return the genuine head that contradicted the kept one, if one did."""
        kept = self._shelf.kept(self._contradiction)
        return [] if kept is None else [kept.data]

    def keep_evidence(self, data: bytes) -> None:
        """Keep a genuine head that contradicts the kept one; the first that did stays."""
        if not self.evidence():
            self._shelf.keep(self._contradiction, CachedList(data, "", 0))

    @property
    def _contradiction(self) -> str:
        return f"contradicting head {self._provider}"

    @property
    def _head(self) -> str:
        return f"newest head {self._provider}"

    def keep(self, list_id: int, data: bytes) -> None:
        """Keep the newest genuine list, so that an older one is known as such."""
        self._shelf.keep(self._name(list_id), CachedList(data, "", 0))

    def _name(self, list_id: int) -> str:
        return f"newest {self._provider} {list_id}"


def lists_in(data: bytes) -> tuple[bytes, ...]:
    """Return the lists in a file: itself, or the `.st` files of a bundle.

    What is too large to be a list, or damaged, is left out.
    """
    if not data.startswith(_ZIP):
        return (data[: LARGEST_LIST + 1],)
    return _members(data, ".st", LARGEST_LIST)


def _reattested_in(data: bytes) -> tuple[bytes, ...]:
    """Return the re-attested lists in a file: itself, or the `.reattested` files of a bundle."""
    if not data.startswith(_ZIP):
        return (data,)
    return _members(data, ".reattested", LARGEST_REATTESTED)


def _logged_in(data: bytes, name: str) -> tuple[bytes, ...]:
    """Return a file of the log in a bundle; a status list has none."""
    return _members(data, f"log/{name}", LARGEST_LOG_FILE) if data.startswith(_ZIP) else ()


def _members(data: bytes, ending: str, largest: int) -> tuple[bytes, ...]:
    try:
        with ZipFile(BytesIO(data)) as bundle:
            members = [each for each in bundle.infolist() if each.filename.endswith(ending)]
            refuse_other_packing(members)
            return tuple(
                bundle.read(each) for each in members[:MOST_LISTS] if each.file_size <= largest
            )
    except ZIP_DAMAGE:
        return (b"",)
