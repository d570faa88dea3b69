"""The folder a web host serves: readable by everybody, each file whole at any moment."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cecert.adapters.storage.atomic import write_files
from cecert.adapters.storage.posix import read_linked, sync_folder
from cecert.errors import InputError
from cecert.ports.site import seen

__all__ = ["SiteFolder"]

FILE_MODE, FOLDER_MODE = 0o644, 0o755


class SiteFolder:
    """Publishes into one folder; files of others in it are left alone."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when something is published."""
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """Return what is published under *name*, None if nothing is.

        Raises:
            InputError: If it is there and cannot be read.
        """
        try:
            return read_linked(self._folder / name)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self._folder / name} cannot be read: {error.strerror}") from error

    def has(self, name: str) -> bool:
        """Say whether something is published under *name*."""
        return (self._folder / name).is_file()

    def unchanged(self, folder: str, since: datetime) -> Iterator[str]:
        """Yield the names of files below a folder that nobody has written since an instant."""
        place = self._folder / folder
        for path in sorted(place.rglob("*")) if place.is_dir() else ():
            if path.is_file() and path.stat().st_mtime < since.timestamp():
                yield path.relative_to(self._folder).as_posix()

    def remove(self, name: str) -> None:
        """Remove what is published under *name*.

        Raises:
            InputError: If it cannot be removed.
        """
        path = self._folder / name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"{path} cannot be removed: {error.strerror}") from error

    def put(self, files: Mapping[str, bytes], look: Callable[[str], None] = seen) -> Sequence[str]:
        """Publish *files* in their order and return the names of those that were written.

        Args:
            files: Contents by name.
            look: Called with a file's name right before it takes its place; it may raise.

        Raises:
            InputError: If one cannot be written; those before it are.
        """
        return [name for name, content in files.items() if self._put(name, content, look)]

    def add(self, files: Mapping[str, bytes]) -> None:
        """Publish files that are not there, in no order; all are on the disk when it returns.

        Which of them a crash leaves is open, but each that is there is whole. So they are files
        that say something only with one that is put later, as tiles do with their checkpoint.

        Args:
            files: Contents by name.

        Raises:
            InputError: If one cannot be written; others may be.
        """
        try:
            for folder in {(self._folder / name).parent: None for name in files}:
                _make_folder(folder)
            write_files(self._folder, files, FILE_MODE)
        except OSError as error:
            raise _unwritten(self._folder, error) from error

    def _put(self, name: str, content: bytes, look: Callable[[str], None]) -> bool:
        if self.read(name) == content:
            return False
        path = self._folder / name
        try:
            _make_folder(path.parent)
            _replace(path, content, lambda: look(name))
        except OSError as error:
            raise _unwritten(path, error) from error
        return True


def _unwritten(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path} cannot be written: {error.strerror}",
        hint="what was published before still is; free the place and publish again",
    )


def _replace(path: Path, content: bytes, look: Callable[[], None]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            temporary.chmod(FILE_MODE)
            os.fsync(file.fileno())
        look()
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
    sync_folder(path.parent)  # or the power, going out, takes the new name along


def _make_folder(folder: Path) -> None:
    """Make *folder* and what is missing above it; their names are on the disk then."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    sync_folder(folder.parent)
