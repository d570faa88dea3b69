"""Lists that a platform answered in pages: each page kept as it came, all read as one list.

    zoom-85012345678/fetched.json                  what was fetched, with the digest of each page
    zoom-85012345678/20201102T151233Z/....json     the pages, byte for byte

The path of a list's first page stands for the whole list, wherever a file is named. A page
alone is never read: whoever is on another would be absent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cecert.errors import Fault, InputError

__all__ = ["FORMAT", "INDEX", "KeptPage", "PagedList", "list_at", "paged_lists"]

INDEX = "fetched.json"
"""Names the pages of a folder; it is written last."""

FORMAT = 1

MOST_INDEX = 10_000_000
"""Bytes of an index: a page of 300 people takes a few hundred."""

_REMEDY = "run the same cecert fetch again, or remove the folder"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was kept.

    Attributes:
        path: Where it lies.
        sha256: Of its bytes when it was fetched, hexadecimal.
    """

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class PagedList:
    """A list and its pages, in their order.

    Attributes:
        what: `registrants`, `participants`, or `occurrences`, which only the fetch itself read.
        rows: How many it has on all pages.
        pages: At least one.
    """

    what: str
    rows: int
    pages: tuple[KeptPage, ...]

    @property
    def path(self) -> Path:
        """The path that stands for the list."""
        return self.pages[0].path

    @property
    def note(self) -> str:
        """What a person should know of where a list of several pages comes from, else ""."""
        if len(self.pages) == 1:
            return ""
        told = ", ".join(f"{each.path.name} (SHA-256 {each.sha256})" for each in self.pages)
        return f"{self.path.name}: {len(self.pages)} pages are read as one list: {told}"

    def content(self) -> bytes:
        r"""Return the list as one JSON document: its only page, or all of them in an array.

        The array is `[`, the pages as they came with `,\n` between them, and `]`.

        Raises:
            InputError: If a page is missing, or is not what was fetched.
        """
        contents = [_content(each) for each in self.pages]
        return contents[0] if len(contents) == 1 else b"[" + b",\n".join(contents) + b"]"


def _content(page: KeptPage) -> bytes:
    try:
        found = page.path.read_bytes()
    except OSError as error:
        raise _unusable(page.path, f"cannot be read: {error.strerror}") from error
    if hashlib.sha256(found).hexdigest() != page.sha256:
        raise _unusable(page.path, "is not as it was fetched")
    return found


def _unusable(path: Path, problem: str) -> InputError:
    return InputError(f"{path.name} cannot be used", (Fault(path.name, "", problem, _REMEDY),))


def list_at(path: Path) -> PagedList | None:
    """Return the list that a path stands for, None where it is no fetched page.

    Raises:
        InputError: If it is another page than the first of a list, or the index is damaged.
    """
    folder = path.parent.parent
    if path.suffix != ".json" or not (folder / INDEX).is_file():
        return None
    for each in paged_lists(folder):
        names = [page.path.name for page in each.pages]
        if path.parent != each.path.parent or path.name not in names:
            continue
        if path.name != names[0]:
            number = names.index(path.name) + 1
            problem = f"is page {number} of a list"
            fault = Fault(path.name, "", problem, f"name {names[0]}, which stands for all of it")
            raise InputError(f"{path.name} cannot be used", (fault,))
        return each
    return None


def paged_lists(folder: Path) -> Sequence[PagedList]:
    """Return the lists that were fetched into a folder; their pages are not looked at.

    Raises:
        InputError: If it has no index, or a damaged one.
    """
    index = folder / INDEX
    try:
        with index.open("rb") as file:
            document = json.loads(file.read(MOST_INDEX))
        if document["format"] != FORMAT:
            raise _unusable(index, "is of another format than this cecert reads")
        found = [_listed(folder, each) for each in document["lists"]]
    except OSError as error:
        problem = f"has no {INDEX} that can be read: what was to be fetched is not complete"
        raise _unusable(folder, problem) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unusable(index, "is damaged") from error
    return found


def _listed(folder: Path, entry: dict[str, Any]) -> PagedList:
    pages = tuple(
        KeptPage(_inside(folder, each["file"]), each["sha256"]) for each in entry["pages"]
    )
    if not pages:
        raise ValueError("a list without pages")
    return PagedList(str(entry["list"]), int(entry["rows"]), pages)


def _inside(folder: Path, name: str) -> Path:
    parts = name.split("/")
    if len(parts) != 2 or not all(_is_plain(each) for each in parts):  # noqa: PLR2004 - folder, file
        raise ValueError("a page elsewhere")
    return folder / name


def _is_plain(name: str) -> bool:
    return name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name[0] != "."
