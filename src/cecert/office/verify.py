"""Opening a verifier, with or without an office."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.clock import SystemClock
from cecert.adapters.document_reader import (
    ISSUED,
    LimitedPdfReader,
    OwnSealReader,
    PadesSealReader,
    ReadingProcess,
)
from cecert.adapters.keys import SeenTrust
from cecert.adapters.keys.signatures import check_signature
from cecert.domain.trust.codec import (
    KeysetInvalidError,
    open_trust_file,
    require_issued,
    require_not_older,
)
from cecert.domain.trust.reattested_list import reattested_name
from cecert.domain.trust.trust_file import KeyState, TrustFile, Withdrawable
from cecert.errors import Fault, InputError
from cecert.office.user_folders import cache_folder
from cecert.workflows.verify.status_source import reattested_teller, status_teller
from cecert.workflows.verify.verify import Verifier

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = [
    "TRUST_FILE",
    "in_its_office",
    "office_trust_file",
    "office_verifier",
    "open_verifier",
    "reattested_beside",
    "seal_reader_of",
    "verifier_of",
]

TRUST_FILE = "trust.cose"
LARGEST_TRUST, LARGEST_BUNDLE = 1 << 20, 8 << 20
"""Bytes; what stands after them is not read, and the file is then damaged."""


def office_trust_file(config: Path) -> Path:
    """Return where the trust file of the office of a `cecert.toml` lies.

    Raises:
        ConfigurationError: If the file cannot be used.
    """
    from cecert.adapters.office_files import read_office

    return read_office(config).keys / TRUST_FILE


def open_verifier(  # noqa: PLR0913  # what a person may name
    trust: Path,
    *,
    root: str | None = None,
    status: Sequence[str] = (),
    offline: bool = False,
    config: Path | None = None,
    folders: Collection[Path] = (),
    log_ends: bool = False,
) -> Verifier:
    """Open a verifier over a trust file, and remember which was the newest of its root.

    Args:
        trust: The provider's trust file.
        root: Thumbprint its root must have, 64 hexadecimal digits; None pins nothing.
        status: Status lists or bundles, files or URLs.
        offline: Ask no host.
        config: The `cecert.toml` of the office whose own trust file it is, if a person
            named it: then its root is pinned.
        folders: Where the documents lie that will be verified, if they are files; the
            process that reads them loads no module from there.
        log_ends: Ask the log too whether a certificate was revoked or superseded.

    Raises:
        KeysetInvalidError: If the file is damaged, not of that root, of a time to come, or
            older than one of the root that this user has seen.
        OSError: If it cannot be read.
        InputError: If something named in *status* cannot be read.
    """
    from cecert.adapters.status import StatusLists
    from cecert.workflows.verify.log_source import log_teller

    opened = open_trust_file(_start_of(trust, LARGEST_TRUST), check_signature, _thumbprint(root))
    clock = SystemClock()
    require_issued(opened, int(clock.now().timestamp()))
    _remember(opened)
    lists = _named_lists(status, offline=offline)
    pinned = root is not None or config is not None
    verifier = verifier_of(opened, root_pinned=pinned, folders=folders)
    source = StatusLists(opened.root.thumbprint.hex(), _lists_folder(), *lists)
    return replace(
        verifier,
        status=status_teller(opened, check_signature, source, clock, ask_hosts=not offline),
        reattested=reattested_teller(
            opened, source, clock, ask_hosts=not offline, known=reattested_beside(trust, opened)
        ),
        logged=log_teller(
            opened, check_signature, source, clock, ask_hosts=not offline, ends=log_ends
        ),
    )


def office_verifier(trust_file: Path, trust: TrustFile) -> Verifier:
    """Return a verifier that trusts the office's own *trust*, and asks no host."""
    from cecert.adapters.status import StatusLists

    nowhere = StatusLists(trust.root.thumbprint.hex(), None)
    known = reattested_beside(trust_file, trust)
    teller = reattested_teller(trust, nowhere, SystemClock(), ask_hosts=False, known=known)
    return replace(verifier_of(trust, root_pinned=True), reattested=teller)


def in_its_office(verifier: Verifier, office: Office) -> Verifier:
    """Return a verifier that asks the office's own ledger first.

    Raises:
        LedgerError: If the ledger cannot be opened.
    """
    from cecert.office.log import is_current
    from cecert.workflows.verify.own_ledger import ledger_teller, own_log_teller, record_teller

    ledger = office.ledger
    if is_current(office):
        verifier = replace(verifier, logged=own_log_teller(ledger, verifier.logged))
    return replace(
        verifier,
        status=ledger_teller(ledger, office.clock, verifier.status),
        recorded=record_teller(ledger),
        timezone=office.file.provider.timezone,
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
    with path.open("rb") as file:
        return file.read(most)


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


def seal_reader_of(trust: TrustFile, process: ReadingProcess) -> OwnSealReader:
    """Return a reader of seals that checks those itself which a trust file has in force.

    Args:
        trust: The provider's trust file, opened.
        process: Reads the others.
    """
    listed = [each.sha256 for each in trust.seals if each.state is not KeyState.COMPROMISED]
    return OwnSealReader(listed, PadesSealReader(process))


def verifier_of(trust: TrustFile, *, root_pinned: bool, folders: Collection[Path] = ()) -> Verifier:
    """Return a verifier that trusts *trust* and asks no host.

    Args:
        trust: The provider's trust file, opened.
        root_pinned: Whether its root was compared with a thumbprint.
        folders: Where the documents lie; no module is loaded from there.
    """
    process = ReadingProcess.shared(folders)
    # Most files are ours: for them what reads everybody's need not be loaded.
    issued = ReadingProcess.shared(folders, (ISSUED,))
    return Verifier(
        trust=trust,
        root_pinned=root_pinned,
        check_signature=check_signature,
        pdf_reader=LimitedPdfReader(process, issued),
        seal_reader=seal_reader_of(trust, process),
        clock=SystemClock(),
    )
