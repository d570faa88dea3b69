"""What `verify` is given: files, links, digits; what is none of them is named at once."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from cecert.cli.verify_answer import shown
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError

__all__ = ["contents_of", "folders_of"]

_FILE_NAME = re.compile(r"\.[A-Za-z]{1,5}\Z")


def contents_of(what: Sequence[str]) -> list[bytes | str]:
    """Read the inputs; every one that is no input at all is named at once.

    Raises:
        InputError: If there is such a one.
    """
    contents: list[bytes | str] = []
    faults: list[Fault] = []
    for each in what:
        try:
            contents.append(_file(Path(each)) if _is_there(each) else _text(each))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            faults.append(Fault(shown(each), "", reason or str(error)))
    if faults:
        raise InputError(
            "nothing was verified",
            tuple(faults),
            hint="name a PDF or a picture, or give the link of the QR code or its digits",
        )
    return contents


def folders_of(what: Sequence[str]) -> set[Path]:
    """Return the folders in which the files among the inputs lie, through links too."""
    files = [Path(each) for each in what if _is_there(each)]
    return {file.parent for each in files for file in (each.absolute(), each.resolve())}


def _is_there(name: str) -> bool:
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):  # too long for a name, or with a null in it
        return False


def _file(path: Path) -> bytes:
    """Return the start of a file: one byte more than is read tells that it is too large."""
    from cecert.workflows.verify.verify import LARGEST_DOCUMENT

    if path.is_dir():
        raise ValueError("is a folder; name the files in it")
    with path.open("rb") as file:
        return file.read(LARGEST_DOCUMENT + 1)


def _text(text: str) -> str:
    """Return what is no file, unless it was surely meant as one.

    Raises:
        ValueError: If it was.
    """
    if "#" in text or "://" in text:
        return text
    if os.sep in text or _FILE_NAME.search(text):
        raise ValueError("there is no such file")
    if text and not (text.strip()[:1].isdigit() or _is_id(text)):
        raise ValueError("is neither a file nor a link nor digits")
    return text


def _is_id(text: str) -> bool:
    try:
        CertificateId.parse(text)
    except ValueError:
        return False
    return True
