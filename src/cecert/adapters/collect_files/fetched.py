"""What was fetched of a meeting, kept in a course's `files/`: the pages, and an index with digests.

The pages of each fetch lie in a folder of their own, and the index, which names them, is
replaced at once: whoever reads finds the last fetch or the one before, whole, however
either ended.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder, write_files
from cecert.adapters.storage.posix import sync_folder
from cecert.adapters.tables.pages import FORMAT, INDEX, paged_lists
from cecert.errors import InputError
from cecert.ports import FetchedList, FetchedMeeting

__all__ = ["StagedMeeting", "meeting_folder", "stage_meeting"]


@dataclass(frozen=True, slots=True)
class StagedMeeting:
    """A meeting whose pages are on the disk, and which the index does not name yet.

    Attributes:
        folder: Where the meeting lies.
        pages: The files of each list of the meeting, in its order.
        stamp: Name of the folder of its pages; "" where the same is kept already.
        new: Whether the meeting was never fetched before.
    """

    folder: Path
    pages: tuple[tuple[Path, ...], ...]
    stamp: str
    new: bool

    @property
    def changed(self) -> bool:
        """Whether anything else was there before."""
        return bool(self.stamp)

    def keep(self) -> None:
        """Put it in the place of what was fetched before.

        Raises:
            OSError: If it cannot be; what was fetched before is as it was.
        """
        if not self.changed:
            return
        (self.folder / self.stamp / INDEX).replace(self.folder / INDEX)
        sync_folder(self.folder)
        for each in self.folder.iterdir():
            # Fetches of before, and what one left that was killed.
            if each.name not in {self.stamp, INDEX}:
                with suppress(OSError):
                    shutil.rmtree(each) if each.is_dir() else each.unlink()

    def discard(self) -> None:
        """Remove what was written; what was fetched before is as it was."""
        if self.changed:
            shutil.rmtree(self.folder if self.new else self.folder / self.stamp, ignore_errors=True)


def meeting_folder(files: Path, number: str) -> Path:
    """Return where a meeting lies in a course's `files/`."""
    return files / f"zoom-{number}"


def stage_meeting(files: Path, meeting: FetchedMeeting, now: datetime) -> StagedMeeting:
    """Write what was fetched beside what was fetched before; nothing, where that is the same.

    Args:
        files: The course's folder of exports, which is there.
        meeting: What was fetched.
        now: Aware.

    Raises:
        OSError: If it cannot be written; nothing of it is left.
    """
    folder = meeting_folder(files, meeting.number)
    if (pages := _kept_already(folder, meeting)) is not None:
        return StagedMeeting(folder, pages, "", new=False)
    stamp = _free_name(folder, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    names = tuple(_names(meeting))
    contents = {
        name: page
        for listed, of in zip(meeting.lists, names, strict=True)
        for name, page in zip(of, listed.pages, strict=True)
    }
    paths = tuple(tuple(folder / stamp / name for name in each) for each in names)
    staged = StagedMeeting(folder, paths, stamp, new=not (folder / INDEX).exists())
    try:
        make_folder(folder / stamp)
        write_files(folder / stamp, contents | {INDEX: _index(meeting, names, stamp, now)})
    except BaseException:
        staged.discard()
        raise
    return staged


def _kept_already(folder: Path, meeting: FetchedMeeting) -> tuple[tuple[Path, ...], ...] | None:
    """Return the pages if they are kept as they came, None where something else is, or nothing."""
    try:
        lists = paged_lists(folder)
        for each in lists:
            each.content()
    except InputError:
        return None
    before = [(each.what, [page.sha256 for page in each.pages]) for each in lists]
    if before != [(each.what, [*map(_digest, each.pages)]) for each in meeting.lists]:
        return None
    return tuple(tuple(page.path for page in each.pages) for each in lists)


def _free_name(folder: Path, stamp: str) -> str:
    """Return the name of a folder that is not there: two fetches may be of one second."""
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 1000)))
    return next(each for each in names if not (folder / each).exists())


def _digest(page: bytes) -> str:
    return hashlib.sha256(page).hexdigest()


def _names(meeting: FetchedMeeting) -> Iterator[Sequence[str]]:
    """Yield the names of each list's pages; two occurrences may have begun in one second."""
    seen: Counter[str] = Counter()
    for each in meeting.lists:
        part = each.what if each.began is None else f"{each.began:%Y%m%dT%H%M%SZ}"
        seen[part] += 1
        again = f"-{seen[part]}" if seen[part] > 1 else ""
        stem = f"zoom-{meeting.number}-{part}{again}"
        yield [f"{stem}-page{number}.json" for number, _ in enumerate(each.pages, 1)]


def _index(
    meeting: FetchedMeeting, names: Sequence[Sequence[str]], stamp: str, now: datetime
) -> bytes:
    document = {
        "format": FORMAT,
        "source": meeting.source,
        "meeting": meeting.number,
        "fetched_at": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "lists": [
            _entry(each, [f"{stamp}/{name}" for name in of])
            for each, of in zip(meeting.lists, names, strict=True)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _entry(listed: FetchedList, names: Sequence[str]) -> Mapping[str, object]:
    entry: dict[str, object] = {"list": listed.what, "rows": listed.rows}
    if listed.began is not None:
        entry |= {"occurrence": listed.occurrence, "began": f"{listed.began:%Y-%m-%dT%H:%M:%SZ}"}
    entry["pages"] = [
        {"file": name, "bytes": len(page), "sha256": _digest(page)}
        for name, page in zip(names, listed.pages, strict=True)
    ]
    return entry
