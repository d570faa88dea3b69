"""What time it is for the host of the site, which a publishing machine compares with its own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

__all__ = ["site_time"]

SECONDS = 3.0
"""How long the host is waited for."""

_ILLUSTRATIONS = ("example", "invalid", "test", "localhost")
"""Names that no site has (RFC 2606), and the `example` below another name."""


def site_time(url: str, seconds: float = SECONDS) -> datetime | None:
    """Return what the host of a site says the time is; None where it cannot be had.

    A cache that answers in its place says how old its answer is.

    Args:
        url: Of the site.
        seconds: How long it is waited for.
    """
    host = urlsplit(url).hostname or ""
    *_, above, last = ["", *host.split(".")]
    if last in _ILLUSTRATIONS or above == "example":
        return None
    found: list[datetime] = []
    # A name that cannot be looked up may keep a thread for longer than anybody waits.
    asking = threading.Thread(target=_ask, args=(url, seconds, found), daemon=True)
    asking.start()
    asking.join(seconds)
    return found[0] if found else None


def _ask(url: str, seconds: float, found: list[datetime]) -> None:
    try:
        request = Request(url, method="HEAD")  # noqa: S310  # an https address, or this machine
        with build_opener().open(request, timeout=seconds) as answer:
            said = parsedate_to_datetime(answer.headers["Date"])
            age = timedelta(seconds=int(answer.headers.get("Age", "0")))
        if said.tzinfo is not None:
            found.append(said.astimezone(UTC) + age)
    except (OSError, HTTPException, TypeError, ValueError, OverflowError):
        return
