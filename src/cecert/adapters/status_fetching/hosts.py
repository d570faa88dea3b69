"""Asking hosts without letting a silent one hold up everything that is verified."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

from cecert.adapters.status_fetching.http import SECONDS, fetch_all
from cecert.adapters.status_fetching.keeping import Shelf

__all__ = ["Hosts"]

ROUND = 60.0
"""Seconds after which an address may be asked again, and the allowance is whole again.

Longer than a command takes over a folder of certificates, and short enough for a service
that keeps one verifier for weeks.
"""


class Hosts:
    """Asks each address once in a round, and waits for all of them no longer than allowed.

    Several certificates on one list cost one question; a host that does not answer costs
    the allowance once, however many certificates are verified (DESIGN 6: 5 s in all).
    """

    def __init__(self, shelf: Shelf, seconds: float = SECONDS, every: float = ROUND) -> None:
        """Take where answers are kept, the seconds allowed in a round, and its length."""
        self._shelf = shelf
        self._seconds = seconds
        self._every = every
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._ends = time.monotonic() + self._every
        self._left = self._seconds
        self._asked: dict[str, bytes | None] = {}

    def files(self, urls: Sequence[str]) -> Mapping[str, bytes]:
        """Return the files at *urls* that could be had."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._begin()
            unasked = [each for each in urls if each not in self._asked]
            self._ask(unasked)
            answers = {each: self._asked[each] for each in urls}
        return {url: data for url, data in answers.items() if data is not None}

    def _ask(self, urls: Sequence[str]) -> None:
        started = time.monotonic()
        found = fetch_all(urls, self._shelf, self._left)
        self._left = max(0.0, self._left - (time.monotonic() - started))
        self._asked |= {each: found.get(each) for each in urls}
