"""The port behind which status lists are got."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cecert.adapters.status_fetching.files import lists_in, reattested_in
from cecert.adapters.status_fetching.hosts import Hosts
from cecert.adapters.status_fetching.http import SECONDS
from cecert.adapters.status_fetching.keeping import Kept, Shelf
from cecert.ports import OfferedLists

__all__ = ["StatusLists"]


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
        return [each for data in (*self._files, *fetched.values()) for each in reattested_in(data)]

    def keep(self, list_id: int, data: bytes) -> None:
        """Keep the newest genuine list, so that an older one is known as such."""
        self._shelf.keep(self._name(list_id), Kept(data, "", 0))

    def _name(self, list_id: int) -> str:
        return f"newest {self._provider} {list_id}"
