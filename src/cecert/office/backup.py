"""Backing an office up into one file, and an office made of one again.

The ledger is copied first, then the archive: a certificate's file is written before it is
entered, so that every file that the copy names is in the archive that is copied later.
"""

from __future__ import annotations

import os.path
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import tomlkit

from cecert.adapters.database.backup import COPY, DUMP, back_up_ledger, ledger_file
from cecert.adapters.office_files import OfficeFile
from cecert.adapters.storage.atomic import publish_folder
from cecert.adapters.storage.backup_file import Backup, is_backup, opened_backup, write_backup
from cecert.errors import ConfigurationError, InputError
from cecert.office.holders.published_note import published_folder
from cecert.office.office import Office
from cecert.version import __version__

__all__ = ["BackedUp", "Restored", "back_up", "restore"]

ARCHIVE, KEYS, CONFIG = "certificates", "keys", "cecert.toml"
_PRIVATE = frozenset({".pem", ".p12", ".pfx"})


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What is in a backup.

    Attributes:
        files: What is in it, by its name there.
        links: Links in the office's folder, which are not followed.
        outside: What `cecert.toml` names outside the office's folder, and is not in it.
    """

    files: Mapping[str, Path]
    links: tuple[Path, ...]
    outside: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup was made into.

    Attributes:
        folder: The office.
        made_at: When the backup was made, UTC.
        has_keys: Whether the keys were in it.
        secrets: Files of passwords that were left out, as `cecert.toml` leads to them.
        dump: The PostgreSQL ledger, which a database is still to be made of; None for SQLite.
    """

    folder: Path
    made_at: datetime
    has_keys: bool
    secrets: tuple[str, ...]
    dump: Path | None


def back_up(office: Office, path: Path, *, keys: bool) -> BackedUp:
    """Write a backup of an office, and return what is in it and what is not.

    Files that hold a passphrase or password are never in it, private keys only if asked for.

    Args:
        office: The office.
        path: The zip file, which must not be there yet.
        keys: Whether private keys go in.

    Raises:
        InputError: If it cannot be written.
        LedgerError: If the ledger cannot be copied.
    """
    made_at = office.clock.now()
    with _folder_beside(path) as folder:
        copy = back_up_ledger(office.ledger_url, Path(folder))
        files = {copy.name: copy, **_files(office, path.absolute(), keys=keys)}
        facts = {
            "cecert": __version__,
            "made_at": made_at.isoformat(),
            "provider": office.file.provider.id,
            "keys": keys,
            "secrets": [str(each) for each in _secrets(office.file)],
        }
        write_backup(path, files, facts)
    return BackedUp(files, tuple(_links(office)), tuple(_outside(office.file)))


def _folder_beside(path: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".new-backup-")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _files(office: Office, backup: Path, *, keys: bool) -> dict[str, Path]:
    file = office.file
    found = dict(_below(file.archive, ARCHIVE))
    found |= _below(file.keys, KEYS)
    if file.seal is not None and file.keys not in file.seal.parents:
        found[f"{KEYS}/{file.seal.name}"] = file.seal
    left_out = _left_out(office)
    for name, each in _below(file.folder, ""):
        if each == backup or left_out & {each.resolve(), *each.resolve().parents}:
            continue
        # One of before may hold what this one must not, and each would double the next.
        if not is_backup(each):
            found.setdefault(name, each)
    if keys:
        return found
    return {name: each for name, each in found.items() if each.suffix.lower() not in _PRIVATE}


def _links(office: Office) -> Iterator[Path]:
    """Yield the links that somebody would look for in a backup and not find."""
    left_out = _left_out(office)
    for each in _entries(office.file.folder):
        if each.is_symlink() and not left_out & {each.resolve(), *each.resolve().parents}:
            yield each


def _outside(file: OfficeFile) -> Iterator[Path]:
    """Yield what an office uses outside its folder, keys, ledger and archive apart."""
    pictures = (Path(each.image) for each in file.signatories if each.image)
    used = (*pictures, file.logo, *file.fonts, file.regimes, file.mail_templates)
    for each in dict.fromkeys(filter(None, used)):
        if not Path(os.path.normpath(each)).is_relative_to(file.folder):
            yield each


def _left_out(office: Office) -> frozenset[Path]:
    """Return what is in a backup by itself, can be made anew, or is a secret.

    A site that was published into the office's folder, or one above it, leaves nothing out.
    """
    folder = office.file.folder.resolve()
    found = {each.resolve() for each in _apart(office)}
    return frozenset(each for each in found if not folder.is_relative_to(each))


def _apart(office: Office) -> Iterator[Path]:
    file = office.file
    yield from (file.archive, file.keys)
    yield from (file.folder / f"{COPY}{each}" for each in ("", "-wal", "-shm"))
    if (ledger := ledger_file(office.ledger_url)) is not None:
        yield from (ledger.with_name(f"{ledger.name}{each}") for each in ("", "-wal", "-shm"))
    yield from _secrets(file)
    if file.maildir is not None:
        yield file.maildir
    if (site := published_folder(office)) is not None:
        yield site


def _secrets(file: OfficeFile) -> Iterator[Path]:
    """Yield the files that hold a password or a passphrase."""
    yield from filter(None, (file.passphrase_file, file.seal_passphrase_file, file.pin_file))
    yield from filter(
        None, (file.mail_password_file, file.ledger_url_file, file.timestamp_password_file)
    )
    yield from filter(None, (file.zoom.secret_file,))


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Yield the plain files below a folder, by their names in a backup; links are not followed."""
    for each in _entries(folder):
        if each.is_file() and not each.is_symlink():
            yield (PurePosixPath(name) / each.relative_to(folder).as_posix()).as_posix(), each


def _entries(folder: Path) -> Iterator[Path]:
    """Yield what is below a folder, links and all; neither they nor hidden ones are entered."""
    if not folder.is_dir():
        return
    for each in sorted(folder.iterdir()):
        if each.name.startswith("."):
            continue
        if each.is_dir() and not each.is_symlink():
            yield from _entries(each)
        else:
            yield each


def restore(path: Path, folder: Path) -> Restored:
    """Make an office of a backup in a new or empty folder, all or nothing.

    Args:
        path: The backup.
        folder: Where the office is made.

    Raises:
        InputError: If the folder holds anything, or the backup is none or was changed.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder} is not empty", hint="a backup is restored into a new or empty folder"
        )
    place = folder.absolute().parent
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            opened_backup(path) as backup,
            tempfile.TemporaryDirectory(dir=place, prefix=".new-office-") as made,
        ):
            inner = Path(made) / "office"
            inner.mkdir(mode=0o700)
            backup.unpack(inner)
            (inner / ARCHIVE).mkdir(mode=0o700, exist_ok=True)
            restored = _told(backup, path, folder)
            _point_inwards(inner / CONFIG, path)
            publish_folder(inner, folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror or error}") from error
    return restored


def _told(backup: Backup, path: Path, folder: Path) -> Restored:
    try:
        made_at = datetime.fromisoformat(backup.facts["made_at"]).astimezone(UTC)
        secrets = tuple(map(str, backup.facts.get("secrets") or ()))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError(f"{path} is no backup: when it was made cannot be read") from None
    if CONFIG not in backup.files or not {COPY, DUMP} & backup.files.keys():
        raise InputError(f"{path} is no backup of an office: {CONFIG} or the ledger is missing")
    dump = None if COPY in backup.files else folder / DUMP
    return Restored(folder, made_at, backup.facts.get("keys") is True, secrets, dump)


def _point_inwards(config: Path, path: Path) -> None:
    """Let a restored office use what was restored, and nothing of the office it was made of."""
    try:
        document = tomlkit.parse(config.read_text("utf-8"))
    except (UnicodeDecodeError, tomlkit.exceptions.ParseError) as error:
        raise ConfigurationError(f"{path}: its {CONFIG} cannot be read: {error}") from error
    for table, key, value in _PLACES:
        known = document.get(table, {})
        if not isinstance(known, dict):
            raise ConfigurationError(f"{path}: in its {CONFIG}, {table} is no table")
        if known.get(key, value) != value:
            known[key] = value
    keys = document.get("keys", {})
    seal = os.path.normpath(str(keys.get("seal") or KEYS))
    if Path(seal).is_absolute() or seal.startswith(".."):
        keys["seal"] = f"{KEYS}/{Path(seal).name}"
    # A ledger on a server is that of the office the backup was made of.
    document.get("ledger", {}).pop("url_file", None)
    config.write_text(tomlkit.dumps(document), "utf-8")


_PLACES = (
    ("archive", "path", ARCHIVE),
    ("keys", "path", KEYS),
    ("ledger", "url", f"sqlite:///{COPY}"),
)
"""Where a restored office has what is in a backup: where an office has it that says nothing."""
