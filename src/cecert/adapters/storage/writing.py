"""Writing files that only the office may read, whole or not at all.

The only module with POSIX-only calls: modes, and flushing a folder's entry to disk.
Where they do not exist, files get the system's own protection.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

__all__ = ["make_private_folder", "write_private"]

FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make_private_folder(folder: Path) -> None:
    """Make *folder* and what is missing above it, readable by its owner only.

    Raises:
        OSError: If it cannot be made.
    """
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write *content* under *path* atomically: a crash leaves the old file or the new one.

    Raises:
        OSError: If it cannot be written; nothing is left behind.
    """
    # mkstemp makes the file with mode 0600 whatever the umask is.
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder; its rename is journalled.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
