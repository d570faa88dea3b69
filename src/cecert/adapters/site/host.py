"""What the host of the site says: its time, and the newest checkpoint of the log it has."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

__all__ = ["SiteAnswer", "site_answer"]

SECONDS = 3.0
"""How long the host is waited for."""

LARGEST_CHECKPOINT = 1 << 16
"""Bytes of a checkpoint that are read."""

_ILLUSTRATIONS = ("example", "invalid", "test", "localhost")
"""Names that no site has (RFC 2606), and the `example` below another name."""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """What a host said.

    Attributes:
        at: The time there; None where it did not say.
        checkpoint: Its file, signed by whom nobody has looked yet; b"" where it has none.
    """

    at: datetime | None = None
    checkpoint: bytes = b""


def site_answer(url: str, seconds: float = SECONDS) -> SiteAnswer:
    """Return what the host of a site says; nothing where it cannot be asked.

    A cache that answers in its place says how old its answer is.

    Args:
        url: Of the site, ending in a slash.
        seconds: How long it is waited for.
    """
    host = urlsplit(url).hostname or ""
    *_, above, last = ["", *host.split(".")]
    if last in _ILLUSTRATIONS or above == "example":
        return SiteAnswer()
    found: list[SiteAnswer] = []
    # A name that cannot be looked up may keep a thread for longer than anybody waits.
    asking = threading.Thread(target=_ask, args=(url, seconds, found), daemon=True)
    asking.start()
    asking.join(seconds)
    return found[0] if found else SiteAnswer()


def _ask(url: str, seconds: float, found: list[SiteAnswer]) -> None:
    try:
        # An https address, or this machine.
        request = Request(f"{url}log/checkpoint", headers={"Cache-Control": "no-cache"})  # noqa: S310
        try:
            with build_opener().open(request, timeout=seconds) as answer:
                found.append(SiteAnswer(_time(answer.headers), answer.read(LARGEST_CHECKPOINT)))
        except HTTPError as error:  # a site without a log has a time too
            with error:
                found.append(SiteAnswer(_time(error.headers)))
    except (OSError, HTTPException, ValueError):
        return


def _time(headers: Message[str, str]) -> datetime | None:
    try:
        said = parsedate_to_datetime(headers["Date"])
        age = timedelta(seconds=int(headers.get("Age", "0")))
        return None if said.tzinfo is None else said.astimezone(UTC) + age
    except (TypeError, ValueError, OverflowError):
        return None
