"""Decisions about what was collected, wired: the file they stand in, and what they are tied to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.collect_files.overrides import append_override, read_overrides
from cecert.adapters.completion_list.evidence_read import CollectedEvidence, read_collected
from cecert.adapters.storage.atomic import write_file
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.domain.evidence.overrides import Override
from cecert.errors import InputError

__all__ = ["CollectedEvidence", "add_override", "overrides_in", "read_collected"]


def _tell_nobody() -> None:
    """Tell nobody that another command is waited for."""


def add_override(
    path: Path, override: Override, zone: ZoneInfo, wait: Callable[[], None] = _tell_nobody
) -> None:
    """Add a decision to the overrides' file, which is made where it is missing.

    Args:
        path: The file.
        override: The decision.
        zone: Of the local times in the file.
        wait: Called once if another command is adding to the file.

    Raises:
        InputError: If the file there cannot be used or written; it is as it was.
        LedgerError: If another command holds the file for ten minutes.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    with FolderLock.of_file(path).hold(wait):
        content = append_override(path, override, zone)
        try:
            write_file(path, content)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error


def overrides_in(path: Path, zone: ZoneInfo) -> tuple[Override, ...]:
    """Return everything that was decided, in the order of the file; () where there is none yet.

    Args:
        path: The overrides' file.
        zone: Of the local times in it.

    Raises:
        InputError: If it cannot be used.
    """
    return read_overrides(path, zone) if path.exists() else ()
