"""What only POSIX systems have: locks on files, limits on memory, modes, folders one can sync.

No other module imports `fcntl` or `resource`. Where a system lacks them, as Windows does,
each function does what can be done without, and `what_is_lacking` says what that means.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from errno import EINVAL, EISDIR, ELOOP
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # the module, or nothing
try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]  # as above

__all__ = [
    "BINARY",
    "NO_LINK",
    "can_lock",
    "is_denied",
    "limit",
    "lock_alone",
    "lock_shared",
    "others_may_read",
    "owner_of",
    "read_at",
    "read_linked",
    "read_plain",
    "sync_file",
    "sync_folder",
    "what_is_lacking",
]

BINARY: int = getattr(os, "O_BINARY", 0)
"""A flag of `os.open` without which Windows writes other line ends than it was given."""
NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
"""A flag of `os.open` that refuses a link, where the system knows it."""
_AS_IT_IS: int = NO_LINK | getattr(os, "O_NONBLOCK", 0)
_READS_AT = hasattr(os, "pread")
_HAS_MODES = hasattr(os, "getuid")
_OPENS_FOLDERS = hasattr(os, "O_DIRECTORY")
_MEANINGS = (
    "no locks on files: run one deliver at a time; after one that was killed, wait half an hour",
    "no limits on memory: a hostile file that is verified may use it all until its time is up",
    "no file modes: keep the office where nobody else may read",
    "no way to have a folder's names written out: after a power cut, run cecert audit",
)


def what_is_lacking() -> Sequence[str]:
    """Return what this system has not, each with what that means for an office."""
    there = (fcntl is not None, resource is not None, _HAS_MODES, _OPENS_FOLDERS)
    return [meaning for is_there, meaning in zip(there, _MEANINGS, strict=True) if not is_there]


def can_lock() -> bool:
    """Say whether files can be locked."""
    return fcntl is not None


def lock_alone(handle: int) -> bool:
    """Lock an open file for its holder alone if nobody else has locked it; say whether."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_shared(handle: int) -> None:
    """Lock an open file together with others, once nobody has it for himself alone."""
    fcntl.flock(handle, fcntl.LOCK_SH)


def limit(name: str, most: int) -> None:
    """Let this process have *most* of a resource, for good, where there is such a limit.

    Args:
        name: The resource, as `resource` names it, such as `RLIMIT_AS`.
        most: How much; less, where less is allowed already.
    """
    if (what := getattr(resource, name, None)) is None:
        return
    _, hard = resource.getrlimit(what)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):  # a system that has the name and not the limit
        resource.setrlimit(what, (least, least))


def is_denied(name: str) -> bool:
    """Say whether this process may have nothing of a resource."""
    what = getattr(resource, name, None)
    return what is not None and resource.getrlimit(what) == (0, 0)


def others_may_read(path: Path) -> bool:
    """Say whether others than its owner may read a file; a missing one nobody may."""
    if not _HAS_MODES:  # every file shows 0666 there
        return False
    try:
        return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def owner_of(path: Path) -> str:
    """Return who owns a file, a folder or a link itself; "" where files have no owners.

    Raises:
        OSError: If it cannot be looked at.
    """
    if not _HAS_MODES:
        return ""
    number = path.lstat().st_uid
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return f"uid {number}"


def read_at(file: IO[bytes], place: int, length: int) -> bytes:
    """Return bytes of an open file that nothing waits to be written to; it stays at its end.

    Args:
        file: It.
        place: Where they begin.
        length: How many; there are fewer where the file ends.

    Raises:
        OSError: If they cannot be read.
    """
    if _READS_AT:
        return os.pread(file.fileno(), length, place)
    file.seek(place)
    found = file.read(length)
    file.seek(0, os.SEEK_END)
    return found


def read_plain(path: Path) -> bytes:
    """Return the bytes of a plain file; a link is not followed, a pipe not waited for.

    Raises:
        OSError: If it cannot be read, or is no plain file.
    """
    try:
        return _read(path, _AS_IT_IS)
    except OSError as error:
        if error.errno == ELOOP:
            raise OSError(ELOOP, "it is a link, which is not followed", str(path)) from error
        raise


def read_linked(path: Path) -> bytes:
    """Return the bytes of a plain file, or of the one a link leads to; no pipe is waited for.

    Raises:
        OSError: If it cannot be read, or is no plain file.
    """
    return _read(path, _AS_IT_IS & ~NO_LINK)


def _read(path: Path, flags: int) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | BINARY | flags), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISDIR(mode):
            raise OSError(EISDIR, os.strerror(EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(EINVAL, "it is no plain file", str(path))
        return file.read()


def sync_file(path: Path) -> None:
    """Have the bytes of a file on the disk.

    Raises:
        OSError: If they cannot be written.
    """
    _sync(path, os.O_RDWR)  # Windows syncs no file that was opened to be read


def sync_folder(folder: Path) -> None:
    """Have the names in *folder* on the disk, where a folder can be opened.

    Raises:
        OSError: If they cannot be written.
    """
    if _OPENS_FOLDERS:
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
