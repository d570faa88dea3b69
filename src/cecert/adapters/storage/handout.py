"""Files that are handed out together: a folder or a zip, whole or not there, replacing nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder, new_file, publish_folder, write_files
from cecert.errors import InputError

__all__ = ["refuse_handout", "write_handout"]

ZIP = ".zip"
_NEVER = "nothing is replaced: name another, or move it away"


def refuse_handout(path: Path) -> None:
    """Refuse a place where no files can be handed out.

    Raises:
        InputError: If something is there already, or the folder above it is missing.
    """
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} is there already", hint=_NEVER)
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")


def write_handout(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder, or into a new zip where the name ends so.

    Only their owner can read them (modes 0600 and 0700).

    Args:
        path: The folder or the zip.
        files: Contents by name, `/` between folder and file.

    Raises:
        InputError: If something is there already, or it cannot be written; nothing is left.
    """
    refuse_handout(path)
    try:
        if path.suffix.lower() == ZIP:
            _write_zip(path, files)
        else:
            _write_folder(path, files)
    except FileExistsError:
        raise InputError(f"{path} is there already", hint=_NEVER) from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    # mkdtemp makes it with mode 0700, whatever the umask.
    unfinished = Path(tempfile.mkdtemp(dir=path.parent, prefix=".new-"))
    try:
        for folder in sorted({Path(name).parent for name in files}):
            make_folder(unfinished / folder)
            inside = {Path(name).name: data for name, data in files.items()
                      if Path(name).parent == folder}  # fmt: skip
            write_files(unfinished / folder, inside)
        refuse_handout(path)
        publish_folder(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    with new_file(path) as stream, zipfile.ZipFile(stream, "w") as archive:
        for inside, data in files.items():
            entry = zipfile.ZipInfo(f"{path.stem}/{inside}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100600 << 16
            archive.writestr(entry, data)
