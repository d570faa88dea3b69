"""`[hooks]`: the address that changes are posted to, and what they are signed with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cecert.adapters.office_files.office_shape import HooksShape
from cecert.adapters.office_files.values import nearest
from cecert.domain.mail.account import is_loopback
from cecert.ports.pages import CHANGE_KINDS

__all__ = ["HookAddress", "hook_address"]


@dataclass(frozen=True, slots=True)
class HookAddress:
    """A receiver of changes; its secret is elsewhere.

    Attributes:
        url: Where they are posted.
        secret_file: File that holds the secret, None for the environment.
        kinds: Which are posted; none for all.
    """

    url: str
    secret_file: Path | None
    kinds: frozenset[str]


def hook_address(
    shape: HooksShape,
    file_at: Callable[[str, str], Path | None],
    checked: Callable[[str, str, Callable[[str], str]], str],
) -> HookAddress:
    """Return the address that `[hooks]` names.

    Args:
        shape: `[hooks]` as it is written.
        file_at: As of `zoom_app`.
        checked: As of `zoom_app`.
    """
    return HookAddress(
        url=checked("hooks.url", shape.url, _address),
        secret_file=file_at("hooks.secret_file", shape.secret_file),
        kinds=frozenset(
            checked(f"hooks.kinds[{place}]", each, _kind)
            for place, each in enumerate(shape.kinds, 1)
        ),
    )


def _kind(word: str) -> str:
    if word not in CHANGE_KINDS:
        raise ValueError(f"is no kind of change{nearest(word, CHANGE_KINDS)}")
    return word


def _address(url: str) -> str:
    """Return an address that changes may be posted to.

    >>> _address("https://learn.example.edu/hooks/cecert")
    'https://learn.example.edu/hooks/cecert'

    Raises:
        ValueError: If it is not https, or not a plain address.
    """
    plain = url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("is no address") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("is not an https address: names and reasons go there")
    if not plain or not host or port == 0:
        raise ValueError("is no address")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError("is not a plain address: no user, query or fragment, which hold secrets")
    return url
