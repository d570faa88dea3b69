"""Opening a verifier, with or without an office."""

from __future__ import annotations

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
from cecert.adapters.keys.signatures import check_signature
from cecert.adapters.no_documents import NoDocuments
from cecert.argument_types import typed
from cecert.domain.trust.trust_file import TRUST_FILE, KeyState, TrustFile
from cecert.errors import Fault, InputError, WrongValueError
from cecert.office.verify.code_verifier import open_code_verifier, reattested_beside
from cecert.ports import SealReader
from cecert.workflows.verify.ahead import Readers
from cecert.workflows.verify.status_source import reattested_teller
from cecert.workflows.verify.verify import Verifier

if TYPE_CHECKING:
    from cecert.office.holders.ledger import LedgerHolder

__all__ = [
    "document_readers",
    "in_its_office",
    "office_trust_file",
    "office_verifier",
    "open_verifier",
    "seal_reader_of",
    "verifier_of",
    "verifiers_at_once",
]


@typed
def office_trust_file(config: Path) -> Path:
    """Return where the trust file of the office of a `cecert.toml` lies.

    Raises:
        ConfigurationError: If the file cannot be used.
    """
    from cecert.adapters.office_files import read_office

    return read_office(config).keys / TRUST_FILE


@typed
def open_verifier(  # noqa: PLR0913  # what a person may name
    trust: Path,
    *,
    root: str | None = None,
    status: Sequence[str] = (),
    offline: bool = False,
    config: Path | None = None,
    folders: Collection[Path] = (),
    log_ends: bool = False,
    tsa_roots: Path | None = None,
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
        tsa_roots: Certificates (PEM) of the authorities whose time stamps count, if any do.

    Raises:
        KeysetInvalidError: If the file is damaged, not of that root, of a time to come, or
            older than one of the root that this user has seen.
        OSError: If it cannot be read.
        InputError: If something named in *status* or *tsa_roots* cannot be read.
    """
    verifier = open_code_verifier(
        trust,
        root=root,
        status=status,
        offline=offline,
        own=config is not None,
        log_ends=log_ends,
    )
    return _reading_documents(verifier, folders, tsa_roots)


def office_verifier(trust_file: Path, trust: TrustFile) -> Verifier:
    """Return a verifier that trusts the office's own *trust*, and asks no host."""
    from cecert.adapters.status import StatusLists

    nowhere = StatusLists(trust.root.thumbprint.hex(), None)
    known = reattested_beside(trust_file, trust)
    teller = reattested_teller(trust, nowhere, SystemClock(), ask_hosts=False, known=known)
    return replace(verifier_of(trust, root_pinned=True), reattested=teller)


@typed
def in_its_office(verifier: Verifier, office: LedgerHolder) -> Verifier:
    """Return a verifier that asks the office's own ledger first.

    Raises:
        LedgerError: If the ledger cannot be opened.
        InputError: If the office's `tsa_roots` cannot be read.
    """
    from cecert.office.log.log import is_current
    from cecert.workflows.verify.own_ledger import ledger_teller, own_log_teller, record_teller

    ledger = office.ledger
    if is_current(office):
        verifier = replace(verifier, logged=own_log_teller(ledger, verifier.logged))
    reader = _trusting(verifier.seal_reader, office.file.tsa_roots)
    return replace(
        verifier,
        seal_reader=reader,
        status=ledger_teller(ledger, office.clock, verifier.status),
        recorded=record_teller(ledger),
        timezone=office.file.provider.timezone,
    )


def seal_reader_of(trust: TrustFile, process: ReadingProcess, tsa_roots: str = "") -> OwnSealReader:
    """Return a reader of seals that checks those itself which a trust file has in force.

    Args:
        trust: The provider's trust file, opened.
        process: Reads the others.
        tsa_roots: Certificates (PEM) of the authorities whose time stamps count; "" for none.
    """
    listed = [each.sha256 for each in trust.seals if each.state is not KeyState.COMPROMISED]
    return OwnSealReader(listed, PadesSealReader(process, tsa_roots))


def verifier_of(
    trust: TrustFile,
    *,
    root_pinned: bool,
    folders: Collection[Path] = (),
    tsa_roots: Path | None = None,
) -> Verifier:
    """Return a verifier that trusts *trust* and asks no host.

    Args:
        trust: The provider's trust file, opened.
        root_pinned: Whether its root was compared with a thumbprint.
        folders: Where the documents lie; no module is loaded from there.
        tsa_roots: Certificates (PEM) of the authorities whose time stamps count, if any do.

    Raises:
        InputError: If those cannot be read.
    """
    unread = NoDocuments()
    verifier = Verifier(trust, root_pinned, check_signature, unread, unread, SystemClock())
    return _reading_documents(verifier, folders, tsa_roots)


def _reading_documents(
    verifier: Verifier, folders: Collection[Path], tsa_roots: Path | None
) -> Verifier:
    process = ReadingProcess.shared(folders)
    # Most files are ours: for them what reads everybody's need not be loaded.
    issued = ReadingProcess.shared(folders, (ISSUED,))
    return replace(
        verifier,
        pdf_reader=LimitedPdfReader(process, issued),
        seal_reader=seal_reader_of(verifier.trust, process, _roots_of(tsa_roots)),
    )


def _trusting(reader: SealReader, roots: Path | None) -> SealReader:
    """Return a reader that takes time stamps of *roots*, if it takes none yet."""
    if not isinstance(reader, OwnSealReader) or not isinstance(reader.others, PadesSealReader):
        return reader
    others = reader.others
    if others.tsa_roots:
        return reader
    return OwnSealReader(reader.listed, PadesSealReader(others.process, _roots_of(roots)))


def _taken_roots(reader: SealReader) -> str:
    """Return the authorities whose time stamps a reader takes, as certificates (PEM)."""
    others = reader.others if isinstance(reader, OwnSealReader) else reader
    return others.tsa_roots if isinstance(others, PadesSealReader) else ""


def _roots_of(path: Path | None) -> str:
    """Return the certificates of a file, checked, as the process that reads documents is told.

    Raises:
        InputError: If it has none.
    """
    if path is None:
        return ""
    from cecert.adapters.time_stamps import read_roots

    try:
        text = path.read_bytes()
    except OSError as error:
        fault = Fault(str(path), "", error.strerror or "cannot be read")
        raise InputError("authorities of time stamps cannot be read", (fault,)) from error
    read_roots(text, str(path))
    return text.decode("ascii", "replace")


SECONDS, START = 0.04, 0.5
"""What reading a certificate takes, and what it takes to start who reads."""


def document_readers(
    verifier: Verifier, folders: Collection[Path], documents: int, asked: int | None
) -> Sequence[Readers]:
    """Return who reads documents for a verifier at once; none where its own readers are enough.

    Args:
        verifier: Who judges.
        folders: Where the documents lie; no module is loaded from there.
        documents: How many there are.
        asked: Workers that a person asked for; None for as many as are worth it.
    """
    if documents <= 1:
        return []
    from cecert.adapters.workers import workers_worth

    count = workers_worth(asked, documents, SECONDS, START)
    return [] if count == 1 else [_readers(verifier, folders) for _ in range(count)]


@typed
def verifiers_at_once(verifier: Verifier, count: int) -> tuple[Verifier, ...]:
    """Return verifiers that read documents at once, each in processes of its own.

    All judge as *verifier* does. One reads a document at a time, whichever thread asks; its
    processes start with its first document, and end with it.

    Args:
        verifier: Trust and tools.
        count: How many, 256 at most; one for each core are enough.

    Raises:
        WrongValueError: If that is none, or more.
    """
    from cecert.adapters.workers import MOST_WORKERS

    if not 1 <= count <= MOST_WORKERS:
        raise WrongValueError(f"{count} verifiers: from 1 to {MOST_WORKERS} can be had")
    made = (_readers(verifier, ()) for _ in range(count))
    return tuple(
        replace(verifier, pdf_reader=each.pdf_reader, seal_reader=each.seal_reader) for each in made
    )


def _readers(verifier: Verifier, folders: Collection[Path]) -> Readers:
    process = ReadingProcess(folders=folders)
    issued = ReadingProcess(folders=folders, questions=(ISSUED,))
    seals = seal_reader_of(verifier.trust, process, _taken_roots(verifier.seal_reader))

    def stop() -> None:
        process.stop()
        issued.stop()

    return Readers(LimitedPdfReader(process, issued), seals, stop)
