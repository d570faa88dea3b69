"""`[zoom]`: the app that a course's registrants and participants are fetched with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cecert.adapters.office_files.office_shape import ZoomShape
from cecert.domain.mail.account import is_loopback

__all__ = ["ZoomApp", "zoom_app"]


@dataclass(frozen=True, slots=True)
class ZoomApp:
    """A server-to-server OAuth app; its secret is elsewhere.

    Attributes:
        account_id, client_id: Of the app; "" where the environment has them.
        secret_file: File that holds the client secret, None for the environment.
        api_url, token_url: Where Zoom is asked; another cloud of Zoom's has its own.
    """

    account_id: str
    client_id: str
    secret_file: Path | None
    api_url: str
    token_url: str


def zoom_app(
    shape: ZoomShape,
    file_at: Callable[[str, str], Path | None],
    checked: Callable[[str, str, Callable[[str], str]], str],
) -> ZoomApp:
    """Return the app that `[zoom]` names.

    Args:
        shape: `[zoom]` as it is written.
        file_at: Finds the file that a key names: given the key's place and the name, it
            returns the path, None for no name, and tells the fault if there is none.
        checked: Returns a value as a check does, and tells the fault if it refuses.
    """
    return ZoomApp(
        account_id=shape.account_id,
        client_id=shape.client_id,
        secret_file=file_at("zoom.client_secret_file", shape.client_secret_file),
        api_url=checked("zoom.api_url", shape.api_url, _address),
        token_url=checked("zoom.token_url", shape.token_url, _address),
    )


def _address(url: str) -> str:
    """Return an address that a secret may be sent to, without a slash at its end.

    >>> _address("https://api.zoom.us/v2/")
    'https://api.zoom.us/v2'

    Raises:
        ValueError: If it is not https, or not a plain address.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("is not an https address: secrets go there")
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("is not a plain address: no user, query or fragment")
    return url.rstrip("/")
