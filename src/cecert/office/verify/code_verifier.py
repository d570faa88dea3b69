"""Opening a verifier of codes: links and digits, with the standard library and `cryptography`.

The distribution `cecert-verify` is this and what it needs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from errno import EINVAL
from pathlib import Path

from cecert.adapters.clock import SystemClock
from cecert.adapters.keys.seen_trust import SeenTrust
from cecert.adapters.keys.signatures import check_signature
from cecert.adapters.no_documents import NoDocuments
from cecert.domain.trust.codec import (
    KeysetInvalidError,
    open_trust_file,
    require_issued,
    require_not_older,
)
from cecert.domain.trust.reattested_list import reattested_name
from cecert.domain.trust.trust_file import TrustFile, Withdrawable
from cecert.errors import Fault, InputError
from cecert.office.verify.user_folders import cache_folder
from cecert.workflows.verify.status_source import reattested_teller, status_teller
from cecert.workflows.verify.verifier import Verifier

__all__ = ["open_code_verifier", "reattested_beside"]

LARGEST_TRUST, LARGEST_BUNDLE = 1 << 20, 8 << 20
"""Bytes; what stands after them is not read, and the file is then damaged."""


def open_code_verifier(
    trust: Path,
    *,
    root: str | None = None,
    status: Sequence[str] = (),
    offline: bool = False,
    own: bool = False,
    log_ends: bool = False,
) -> Verifier:
    """Open a verifier of codes over a trust file; remember which was the newest of its root.

    A PDF or a picture is `NOT_READABLE` to it, with a detail that says so.

    Args:
        trust: The provider's trust file.
        root: Thumbprint its root must have, 64 hexadecimal digits; None pins nothing.
        status: Status lists or bundles, files or URLs.
        offline: Ask no host.
        own: Whether it is the trust file of an office that a person named: its root is pinned.
        log_ends: Ask the log too whether a certificate was revoked or superseded.

    Raises:
        KeysetInvalidError: If the file is damaged, not of that root, of a time to come, or
            older than one of the root that this user has seen.
        OSError: If it cannot be read.
        InputError: If something named in *status* cannot be read.
    """
    from cecert.adapters.status.source import StatusLists
    from cecert.workflows.verify.log_source import log_teller

    opened = open_trust_file(_start_of(trust, LARGEST_TRUST), check_signature, _thumbprint(root))
    clock, unread = SystemClock(), NoDocuments()
    require_issued(opened, int(clock.now().timestamp()))
    _remember(opened)
    lists = _named_lists(status, offline=offline)
    source = StatusLists(opened.root.thumbprint.hex(), _lists_folder(), *lists)
    known = reattested_beside(trust, opened)
    asked = not offline
    return Verifier(
        trust=opened,
        root_pinned=root is not None or own,
        check_signature=check_signature,
        pdf_reader=unread,
        seal_reader=unread,
        clock=clock,
        status=status_teller(opened, check_signature, source, clock, ask_hosts=asked),
        reattested=reattested_teller(opened, source, clock, ask_hosts=asked, known=known),
        logged=log_teller(opened, check_signature, source, clock, ask_hosts=asked, ends=log_ends),
    )


def reattested_beside(trust_file: Path, trust: TrustFile) -> Sequence[bytes]:
    """Return the lists of what is genuine that lie beside a trust file, unchecked."""
    withdrawable: tuple[Withdrawable, ...] = (*trust.keys, *trust.seals)
    names = [reattested_name(each.kid) for each in withdrawable if each.reattested is not None]
    paths = [trust_file.parent / each for each in names]
    return [_start_of(each, LARGEST_BUNDLE) for each in paths if each.is_file()]


def _named_lists(status: Sequence[str], *, offline: bool) -> tuple[list[bytes], list[str]]:
    """Return the contents of the named files, and the named addresses.

    Raises:
        InputError: If a file cannot be read, or an address is named offline.
    """
    urls = [each for each in status if each.startswith(("http://", "https://"))]
    if offline and urls:
        raise InputError(
            f"{urls[0]} is not asked offline", hint="fetch it first, and name the file"
        )
    files: list[bytes] = []
    faults: list[Fault] = []
    for name in status:
        try:
            files += [] if name in urls else [_start_of(Path(name), LARGEST_BUNDLE)]
        except OSError as error:
            faults.append(Fault(name, "", error.strerror or "cannot be read"))
    if faults:
        raise InputError("no status list can be read", tuple(faults))
    return files, urls


def _start_of(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except ValueError as error:  # of a name with a NUL, or with half a character
        raise OSError(EINVAL, "no file has such a name") from error


def _remember(trust: TrustFile) -> None:
    """Remember the newest trust file of a root; refuse an older one.

    Raises:
        KeysetInvalidError: If it is older.
    """
    caches = cache_folder(os.environ)
    seen = SeenTrust(None if caches is None else caches / "trust")
    thumbprint = trust.root.thumbprint.hex()
    require_not_older(trust, seen.newest(thumbprint))
    seen.note(thumbprint, trust.sequence)


def _lists_folder() -> Path | None:
    caches = cache_folder(os.environ)
    return None if caches is None else caches / "status"


def _thumbprint(root: str | None) -> bytes | None:
    if root is None:
        return None
    try:
        return bytes.fromhex("".join(root.replace(":", " ").split()))
    except ValueError:
        raise KeysetInvalidError("the thumbprint to pin is not hexadecimal") from None
