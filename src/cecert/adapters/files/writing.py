"""Writing files that are readable by their owner only, and whole or not there.

What depends on POSIX stands in this module alone: file modes, and `fsync` of a
folder, without which a rename can be lost with the power.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["make_folder", "publish_folder", "write_file"]

FOLDER_MODE = 0o700


def make_folder(folder: Path) -> None:
    """Make *folder* (and what is missing above it), mode 0700, if it is not there."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write *content* to *path*, mode 0600, replacing what stood there, all or nothing.

    The bytes and the name are on the disk when it returns. A crash leaves at most a
    file that begins with `.new-`.

    Raises:
        OSError: If it cannot be written; what stood there before still does.
    """
    # mkstemp makes it with mode 0600, whatever the umask.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
    _sync_folder(path.parent)


def publish_folder(temporary: Path, folder: Path) -> None:
    """Give *temporary* its lasting name *folder*, which must be missing or empty.

    Raises:
        OSError: If *folder* holds anything, or cannot be written.
    """
    _sync_folder(temporary)
    temporary.rename(folder)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
