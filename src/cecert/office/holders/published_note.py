"""The note of where the office's site was published last, and when by the clock of then."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.storage.atomic import write_file
from cecert.adapters.storage.posix import read_linked
from cecert.argument_types import typed

if TYPE_CHECKING:
    from cecert.office.holders.keys import KeyHolder

__all__ = ["note_published", "noted_folder", "published_at", "published_folder"]

NOTE = ".published"


@typed
def note_published(office: KeyHolder, folder: Path) -> None:
    """Note where the office's site is, for audits; where that cannot be, they are told it.

    The note's own time is what the clock said: the site has things of that instant.
    """
    note, second = office.file.folder / NOTE, office.clock.now().timestamp()
    with suppress(OSError, ValueError):
        write_file(note, f"{folder.resolve()}\n".encode())
        os.utime(note, (second, second))


def published_folder(office: KeyHolder) -> Path | None:
    """Return where the office's site was published last; None where nothing tells."""
    folder = noted_folder(office)
    return folder if folder is not None and folder.is_dir() else None


def noted_folder(office: KeyHolder) -> Path | None:
    """Return where the office's site was published last, though nothing may be there any more."""
    try:
        return Path(read_linked(office.file.folder / NOTE).decode().strip())
    except (OSError, ValueError):
        return None


def published_at(office: KeyHolder) -> datetime | None:
    """Return when the site was published last, as the clock said then; None where nothing tells."""
    try:
        return datetime.fromtimestamp((office.file.folder / NOTE).stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
