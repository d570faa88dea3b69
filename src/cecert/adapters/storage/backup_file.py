"""A backup: one zip file, with a list of what is in it and the digest of each file.

It is written under another name and gets its own when it is whole. What is read from one is
hostile until its digest is right: names that lead elsewhere, links and what the list does
not name are refused, and nothing is unpacked that is longer than the list says.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from cecert.adapters.storage.atomic import new_file
from cecert.adapters.zip_damage import ZIP_DAMAGE, refuse_other_packing
from cecert.domain.values.wording import other_format
from cecert.errors import InputError

__all__ = ["LIST_NAME", "Backup", "is_backup", "opened_backup", "write_backup"]

LIST_NAME = "backup.json"
FORMAT = 1
_MOST_LIST_BYTES = 400_000_000
_STEP = 1 << 20
_LINK = 0o120000
_PACKED = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".zip", ".xlsx", ".gz"})
"""Endings of files that are compressed already."""


def write_backup(path: Path, files: Mapping[str, Path], facts: Mapping[str, object]) -> None:
    """Write a backup, mode 0600; a file that is there already is never replaced.

    Args:
        path: The zip file.
        files: What goes in, by its name there.
        facts: What else the list says.

    Raises:
        InputError: If there is such a file already, or it cannot be written.
    """
    if path.exists():
        raise InputError(f"{path} is there already", hint=_KEPT)
    try:
        with new_file(path) as stream, zipfile.ZipFile(stream, "w") as archive:
            listed = {name: _added(archive, name, file) for name, file in files.items()}
            text = json.dumps({"format": FORMAT, **facts, "files": listed}, indent=1)
            archive.writestr(LIST_NAME, text, zipfile.ZIP_DEFLATED)
    except FileExistsError:
        raise InputError(f"{path} is there already", hint=_KEPT) from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


_KEPT = "a backup never replaces another"


def _added(archive: zipfile.ZipFile, name: str, file: Path) -> dict[str, object]:
    method = zipfile.ZIP_STORED if file.suffix.lower() in _PACKED else zipfile.ZIP_DEFLATED
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    entry.external_attr = 0o100600 << 16
    digest, size = sha256(), 0
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while part := source.read(_STEP):
            digest.update(part)
            size += len(part)
            target.write(part)
    return {"size": size, "sha256": digest.hexdigest()}


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup whose list was read.

    Attributes:
        facts: What the list says, but for the files.
        files: Size and digest of each file, by name.
    """

    facts: Mapping[str, Any]
    files: Mapping[str, tuple[int, str]]
    _archive: zipfile.ZipFile

    def unpack(self, folder: Path) -> None:
        """Unpack all files into *folder*, which is empty.

        Raises:
            InputError: If one of them is not what the list says.
            OSError: If one cannot be written.
        """
        for name, (size, digest) in self.files.items():
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._unpacked(name, path, size, digest)
            except _UNREADABLE as error:
                raise InputError(f"{name} cannot be unpacked: {error}", hint=_DAMAGED) from None

    def _unpacked(self, name: str, path: Path, size: int, digest: str) -> None:
        found, rest = sha256(), size
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as target, self._archive.open(name) as source:
            while part := source.read(min(_STEP, rest + 1)):
                rest -= len(part)
                if rest < 0:
                    break
                found.update(part)
                target.write(part)
        if rest or found.hexdigest() != digest:
            raise InputError(f"{name} is not what the backup's list says", hint=_DAMAGED)


_UNREADABLE = tuple(each for each in ZIP_DAMAGE if each is not OSError)
"""What is raised of a damaged entry; a full disk is no damage of the backup's."""

_DAMAGED = "the file is damaged, or was changed: take another backup"


@contextmanager
def opened_backup(path: Path) -> Iterator[Backup]:
    """Open a backup and read its list.

    Raises:
        InputError: If it is none, was changed, or a later cecert wrote it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise InputError(f"there is no {path}") from None
    except _UNREADABLE:
        raise InputError(f"{path} is no backup", hint=_DAMAGED) from None
    with archive:
        yield _read(archive, path)


def is_backup(path: Path) -> bool:
    """Say whether a file is a backup, whole or not."""
    try:
        with zipfile.ZipFile(path) as archive:
            return LIST_NAME in archive.namelist()
    except ZIP_DAMAGE:
        return False


def _read(archive: zipfile.ZipFile, path: Path) -> Backup:
    entries = {each.filename: each for each in archive.infolist()}
    listed = entries.pop(LIST_NAME, None)
    if listed is None or listed.file_size > _MOST_LIST_BYTES:
        raise InputError(f"{path} is no backup: it has no {LIST_NAME}")
    try:
        refuse_other_packing(archive.infolist())
        facts = json.loads(archive.read(listed))
        files = {
            name: (int(each["size"]), str(each["sha256"]))
            for name, each in facts.pop("files").items()
        }
        if any(size < 0 for size, _ in files.values()):
            raise ValueError("a file of less than no bytes")
    except (TypeError, AttributeError, OverflowError, *ZIP_DAMAGE):
        raise InputError(f"{path} is no backup: its {LIST_NAME} cannot be read") from None
    if facts.get("format") != FORMAT:
        raise InputError(f"{path} {other_format(facts.get('format'), [FORMAT])}")
    if len(archive.infolist()) != len(entries) + 1 or set(files) != set(entries):
        raise InputError(f"{path} does not hold what its list says", hint=_DAMAGED)
    for name, entry in entries.items():
        if not _is_safe(name) or entry.external_attr >> 16 & 0o170000 == _LINK:
            raise InputError(f"{path} holds {name!r}, which no backup does", hint=_DAMAGED)
    return Backup(facts, files, archive)


def _is_safe(name: str) -> bool:
    """Say whether a name leads to a place below the folder it is unpacked in."""
    plain = PurePosixPath(name)
    bad = "\\" in name or ":" in name or "\0" in name
    return not bad and not plain.is_absolute() and ".." not in plain.parts and str(plain) == name
