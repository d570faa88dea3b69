"""HTTP for small public files: all at once, with one deadline, and by the rules of caching.

No cookie, no query, no redirect to another host: a host learns that somebody asked for a
list of 131 072 certificates, and no other host learns anything (docs/spec/token.md W7). One
that stays silent does not hold up everything that is verified.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cecert.adapters.status.cache import LONGEST_FRESH, CachedList, Shelf

__all__ = ["LARGEST_FILE", "Hosts", "fetch_all"]

LARGEST_FILE = 8 << 20
"""Bytes of a bundle; a list has 33 000 at most, unless it lies."""

SECONDS = 5.0
"""For all files together (docs/spec/token.md W7)."""

_WEB = re.compile(r"https?://", re.ASCII | re.IGNORECASE)
_CHUNK = 1 << 16
_NOT_MODIFIED = 304
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})", re.ASCII)

ROUND = 60.0
"""Seconds after which an address may be asked again, and the allowance is whole again.

Longer than a command takes over a folder of certificates, and short enough for a service
that keeps one verifier for weeks.
"""


class Hosts:
    """Asks each address once in a round, and waits for all of them no longer than allowed.

    Several certificates on one list cost one question; a host that does not answer costs
    the allowance once, however many certificates are verified (docs/spec/token.md W7: 5 s in all).
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


def fetch_all(urls: Sequence[str], shelf: Shelf, seconds: float = SECONDS) -> Mapping[str, bytes]:
    """Return the files at *urls* that could be had within *seconds*, in all.

    One that was kept and is fresh is not asked for again; one that was kept and has not
    changed is not sent again.

    Args:
        urls: Addresses; one that is not http or https is passed over.
        shelf: Where files are kept between runs.
        seconds: For all of them together; 0 asks nobody.

    Returns:
        By address; one that could not be had is missing.
    """
    wanted = {url: shelf.kept(url) for url in urls if _WEB.match(url)}
    now = time.time()
    found = {url: kept.data for url, kept in wanted.items() if kept and kept.is_fresh(now)}
    deadline = time.monotonic() + seconds
    # Daemons: a host that never answers must not keep the program from ending.
    threads = [
        threading.Thread(target=_into, args=(found, url, kept, shelf, deadline), daemon=True)
        for url, kept in wanted.items()
        if url not in found and seconds > 0
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(found)


def _into(
    found: dict[str, bytes], url: str, kept: CachedList | None, shelf: Shelf, deadline: float
) -> None:
    try:
        answer = _ask(url, "" if kept is None else kept.etag, deadline)
    except (OSError, HTTPException, ValueError):
        return
    data = answer.data if answer.data is not None else (kept.data if kept else None)
    if data is not None:
        found[url] = data
        shelf.keep(url, CachedList(data, answer.etag, time.time() + answer.fresh_seconds))


def _ask(url: str, etag: str, deadline: float) -> _Answer:
    headers = {"User-Agent": "cecert"} | ({"If-None-Match": etag} if etag else {})
    request = Request(url, headers=headers)  # noqa: S310  # http and https only
    left = max(0.1, deadline - time.monotonic())
    try:
        with build_opener(_SameHost()).open(request, timeout=left) as response:
            data = _limited(response, deadline)
            return _Answer(data, response.headers.get("ETag") or "", _fresh(response.headers))
    except HTTPError as error:
        with error:
            if error.code != _NOT_MODIFIED:
                raise
            return _Answer(None, etag, _fresh(error.headers))


def _limited(response: IO[bytes], deadline: float) -> bytes:
    data = bytearray()
    while chunk := response.read(_CHUNK):
        data += chunk
        if len(data) > LARGEST_FILE or time.monotonic() > deadline:
            raise ValueError("too large or too slow")
    return bytes(data)


def _fresh(headers: Message[str, str]) -> int:
    """Return for how many seconds an answer may be used again (RFC 9111, 4.2)."""
    control = (headers.get("Cache-Control") or "").lower()
    if "no-store" in control or "no-cache" in control:
        return 0
    found = _MAX_AGE.search(control)
    age = headers.get("Age") or "0"
    lifetime = (
        int(found[1]) - (int(age) if age.isascii() and age.isdecimal() else 0) if found else 0
    )
    return min(max(lifetime, 0), LONGEST_FRESH)


class _SameHost(HTTPRedirectHandler):
    """Follows redirects on the same host only, and never from https to http."""

    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        downgraded = before.scheme == "https" and after.scheme != "https"
        if downgraded or before.hostname != after.hostname:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a host said: None where nothing changed since it was kept."""

    data: bytes | None
    etag: str
    fresh_seconds: int
