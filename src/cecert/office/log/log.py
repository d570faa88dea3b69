"""The office's log: what of it was published, and whether the ledger still has all of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cecert.adapters.keys.signatures import Ed25519Signer, check_signature
from cecert.adapters.site import SiteFolder
from cecert.adapters.storage.atomic import write_file
from cecert.adapters.storage.posix import read_linked
from cecert.argument_types import typed
from cecert.domain.log.head import open_head
from cecert.domain.log.signed_note import BadNoteError
from cecert.errors import InputError, KeyStoreError, LedgerError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.holders.published_note import published_folder
from cecert.ports import Event
from cecert.workflows.adopt_log import AdoptedLeaf, adopt_log
from cecert.workflows.log import (
    FOLDER,
    KnownCheckpoint,
    LogDesk,
    LogFiles,
    LogKeys,
    log_faults,
    opened_checkpoint,
    require_not_behind,
)

__all__ = [
    "PUBLISHED",
    "adopt_published",
    "is_current",
    "keep_head",
    "kept_checkpoint",
    "known_checkpoints",
    "log_desk",
    "log_keys",
    "named_checkpoint",
    "note_checkpoint",
    "published_here",
    "refuse_older_ledger",
    "refuse_other_log",
    "refuse_revoking",
]

PUBLISHED = "log-published"
"""The event of the ledger as a whole whose reason is the checkpoint that was published."""


def log_keys(office: LedgerHolder) -> LogKeys | None:
    """Return by what checkpoints of the office's log are known; None where it has no log yet.

    Raises:
        KeyStoreError: If the trust file is missing or damaged.
    """
    logs = office.trust().logs
    if not logs:
        return None
    return LogKeys(logs[-1].origin, tuple(each.key for each in logs), check_signature)


def log_desk(office: LedgerHolder, site: Path, passphrase: str) -> LogDesk | None:
    """Return what publishing the log into a site needs; None where the office has no log yet.

    Args:
        office: The office.
        site: The folder that is published into.
        passphrase: The one for daily work.

    Raises:
        KeyStoreError: If the key of the log cannot be opened, or the trust file.
        LedgerError: If the ledger cannot be opened.
    """
    from cecert.adapters.keys import open_log_key

    keys = log_keys(office)
    key = open_log_key(office.file.keys, passphrase)
    if keys is None or key is None:
        return None
    return LogDesk(
        origin=keys.origin,
        signer=Ed25519Signer(key),
        log=office.log,
        known=tuple(known_checkpoints(office, keys, site)),
        clock=office.clock,
        site=SiteFolder(site),
        check_signature=check_signature,
    )


def known_checkpoints(
    office: LedgerHolder, keys: LogKeys, site: Path | None
) -> Iterator[KnownCheckpoint]:
    """Yield what was published of the office's log: as it was kept, as it is noted, on a site.

    The ledger notes it for all machines that share it.

    Args:
        office: The office.
        keys: Of its log.
        site: The folder that is published into; None for none.

    Raises:
        InputError: If a file is there and cannot be read.
    """
    if found := published_here(office):
        yield found
    yield from _noted_checkpoints(office, keys)
    if site is not None:
        data = SiteFolder(site).read(f"{FOLDER}checkpoint")
        path = str(site / FOLDER / "checkpoint")
        if data is not None and (found := opened_checkpoint(path, data, keys)):
            yield found


def published_here(office: LedgerHolder) -> KnownCheckpoint | None:
    """Return what this machine published of the log last; None where it published nothing.

    Raises:
        KeyStoreError: If the trust file is missing or damaged.
        InputError: If what it kept of it cannot be read.
    """
    head, keys = _kept(office), log_keys(office)
    if head is None or keys is None:
        return None
    return opened_checkpoint(str(_note(office)), _note_of(head), keys)


def kept_checkpoint(office: LedgerHolder) -> str:
    """Return the checkpoint of the log as it was published last; "" where nothing tells it.

    Raises:
        InputError: If it is there and cannot be read.
    """
    head = _kept(office)
    return "" if head is None else _note_of(head).decode("utf-8", "replace")


def named_checkpoint(path: Path, keys: LogKeys) -> KnownCheckpoint:
    """Return the checkpoint in a file that a person kept: a checkpoint, or a head.

    Raises:
        InputError: If it cannot be read, or is none of the office's log.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    found = opened_checkpoint(str(path), data, keys) or opened_checkpoint(
        str(path), _note_of(data), keys
    )
    if found is None:
        raise InputError(
            f"{path} is no checkpoint of this office's log {keys.origin}",
            hint="name a file log/checkpoint of the site, or one that cecert publish printed",
        )
    return found


def keep_head(office: LedgerHolder, files: LogFiles) -> None:
    """Keep what was published last beside the archive, apart from the ledger.

    Raises:
        LedgerError: If it cannot be written.
    """
    try:
        write_file(_note(office), files.head)
    except OSError as error:
        raise LedgerError(
            f"{_note(office)} cannot be written: {error.strerror}",
            hint="the site is published; make room or give write permission, then publish again",
        ) from error


@typed
def note_checkpoint(office: LedgerHolder, checkpoint: bytes) -> None:
    """Note in the ledger what was published last, for machines that share it; a failure is told.

    Raises:
        InputError: If that is no text.
    """
    try:
        text = checkpoint.decode()
    except UnicodeDecodeError as error:
        raise InputError("a checkpoint is text, and this is none") from error
    try:
        if text != _noted(office):
            event = Event(PUBLISHED, office.clock.now(), None, office.actor, text)
            office.written_ledger.add_event(event)
        if _copy(office).exists():  # of a smaller log, it would have the next run read all leaves
            _keep_noted(office)
    except LedgerError as error:
        office.warn(f"the ledger does not note what was published: {error}")


def refuse_older_ledger(office: LedgerHolder) -> None:
    """Refuse to issue from a ledger that has not all that was published from it.

    What is read does not grow with the ledger: the last leaf that was published commits to
    all before it, and it must be where it was. What the ledger itself notes as published is
    then kept beside the archive, apart from it, for the next time.

    Raises:
        KeyStoreError: If the trust file is missing or damaged.
        LedgerError: If the ledger is older than what was published, or another.
        InputError: If what was published is there and cannot be read.
    """
    keys = log_keys(office)
    if keys is not None:
        _require_current(office, keys)
        _keep_noted(office)


def refuse_revoking(office: LedgerHolder) -> None:
    """Refuse to revoke in a ledger that is older than what was published.

    The log would go on in another way there, and could be neither published nor taken back.
    Where there are no keys nobody can tell, and it is revoked all the same.

    Raises:
        LedgerError, InputError: As `refuse_older_ledger`.
    """
    with suppress(KeyStoreError):
        refuse_older_ledger(office)


def _require_current(office: LedgerHolder, keys: LogKeys) -> None:
    site = published_folder(office)
    # What was published is read first: another command may publish more at any moment.
    known = tuple(known_checkpoints(office, keys, site))
    heads = {str(_note(office)): _kept(office)}
    if site is not None:
        heads[str(site / FOLDER / "head")] = SiteFolder(site).read(f"{FOLDER}head")
    require_not_behind(office.log.size(), known)
    for place, data in heads.items():
        _require_tick(place, data, keys, office)


def refuse_other_log(office: LedgerHolder, found: KnownCheckpoint, keys: LogKeys) -> None:
    """Refuse a ledger whose log has not all that a checkpoint holds.

    Where this machine or the ledger knows it already, it is not compared again.

    Args:
        office: The office.
        found: The checkpoint.
        keys: Of its log.

    Raises:
        LedgerError: If the log is shorter, or another.
        InputError: If what was published is there and cannot be read.
    """
    if any(each.checkpoint == found.checkpoint for each in known_checkpoints(office, keys, None)):
        return
    if faults := log_faults(office.log, [found]):
        require_not_behind(office.log.size(), [found])
        raise LedgerError(
            f"{faults[0][1]}; nothing was published",
            hint="the ledger was edited by hand, or is another: compare it with its backup",
        )


def is_current(office: LedgerHolder) -> bool:
    """Say whether the ledger has all that was published from it, so that it counts as the log.

    Raises:
        LedgerError: If the ledger cannot be opened.
    """
    office.ledger  # noqa: B018  # opens it
    try:
        if (keys := log_keys(office)) is not None:
            _require_current(office, keys)
    except (LedgerError, KeyStoreError, InputError):
        return False
    return True


def adopt_published(office: LedgerHolder, site: Path | None) -> Sequence[AdoptedLeaf]:
    """Take back what was published of the log and the ledger has forgotten.

    Args:
        office: The office.
        site: The folder of its site; None for the one that was published to last.

    Returns:
        The leaves about certificates that were taken back.

    Raises:
        InputError: If there is no site, or no log of the office on it.
        LedgerError: As `adopt_log`.
    """
    keys = log_keys(office)
    folder = site or published_folder(office)
    if keys is None or folder is None:
        raise InputError(
            "nothing tells where the log was published",
            hint="cecert log adopt --site DIR names the folder of the site",
        )
    found = named_checkpoint(folder / FOLDER / "checkpoint", keys)
    office.written_ledger  # noqa: B018  # refuses one of a newer format
    return adopt_log(SiteFolder(folder), found, office.log, office.archive)


def _require_tick(place: str, data: bytes | None, keys: LogKeys, office: LedgerHolder) -> None:
    for key in keys.keys if data is not None else ():
        try:
            head = open_head(data or b"", keys.origin, key, check_signature)
        except BadNoteError:
            continue
        tick = head.digests.tick(head.instant).encoded
        if office.log.leaf(head.signed.checkpoint.size - 1) != tick:
            raise LedgerError(
                f"the log of this ledger is another than {place} commits to",
                hint="the ledger was edited by hand, or is another: compare it with its backup",
            )


def _noted(office: LedgerHolder) -> str:
    """Return the checkpoint that the ledger notes as published last; "" for none."""
    newest = office.ledger.last_event(PUBLISHED)
    return "" if newest is None else newest.reason


def _noted_checkpoints(office: LedgerHolder, keys: LogKeys) -> Iterator[KnownCheckpoint]:
    copy = _copy(office)
    texts = {"the ledger's note of what was published": _noted(office).encode()}
    with suppress(FileNotFoundError):
        texts[str(copy)] = read_linked(copy)
    for place, text in texts.items():
        if text and (found := opened_checkpoint(place, text, keys)):
            yield found


def _keep_noted(office: LedgerHolder) -> None:
    """Keep what the ledger notes as published; it was just seen to hold all that was kept."""
    copy, noted = _copy(office), _noted(office).encode()
    # Where it cannot be written, this machine goes on to compare with what the others keep.
    with suppress(OSError):
        if noted and not (copy.exists() and read_linked(copy) == noted):
            write_file(copy, noted)


def _copy(office: LedgerHolder) -> Path:
    archive = office.file.archive
    return archive.parent / f".{archive.name}.checkpoint"


def _note(office: LedgerHolder) -> Path:
    archive = office.file.archive
    return archive.parent / f".{archive.name}.head"


def _kept(office: LedgerHolder) -> bytes | None:
    try:
        return read_linked(_note(office))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{_note(office)} cannot be read: {error.strerror}") from error


def _note_of(head: bytes) -> bytes:
    return head.partition(b"\n\n")[2]
