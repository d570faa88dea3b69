"""The files of one collected batch, side by side: list, evidence, report and raw files.

    completions.csv             for `decide` and `issue`
    completions.evidence.json   what stands behind it
    completions.report.html     for people
    completions.report/         its pages, where it is of many
    completions.sources/        raw files by their SHA-256, byte for byte

A list that somebody edited is never overwritten: the evidence file knows its digest. While
a list is replaced a hidden file beside it knows the digest of the one before, so that a run
that is cut off is finished by the next.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path

from cecert.errors import InputError

__all__ = ["Batch", "FileWriter", "RawFile", "ReportFiles", "evidence_path"]

FileWriter = Callable[[Path, Iterable[bytes]], None]
"""Writes a file whole or not at all, readable by its owner only, each piece as it comes."""

_PAGE = re.compile(r"\d{3,}\.html")
"""Names of a report's pages; what else lies in their folder is not ours."""

EDITED_HINT = (
    "name another file with -o, or move this one away; decisions belong into cecert override"
)


def evidence_path(list_path: Path) -> Path:
    """Return where the evidence of a completion list lies."""
    return list_path.with_name(f"{list_path.stem}.evidence.json")


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A report for people as it is to be written; each piece is made when it is written.

    Attributes:
        page: The report, or of many people what is about all of them: HTML.
        further: Pages of people, by the names that `page` links to; none where it has them all.
    """

    page: Iterable[bytes]
    further: Iterable[tuple[str, Iterable[bytes]]] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file that stays with the batch as it came.

    Attributes:
        name: Its own; the suffix stays.
        pieces: What is in it, each read when it is written.
    """

    name: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Batch:
    """Where a batch is written.

    Attributes:
        list_path: The completion list, a `.csv`.
        write: Writes a file.
        make_folder: Makes a folder that only its owner reads.
        untouched: SHA-256 of lists that nobody has edited, though `collect` did not
            write them: the example of a new office.
    """

    list_path: Path
    write: FileWriter
    make_folder: Callable[[Path], None]
    untouched: Collection[str] = frozenset()

    def refuse_edited(self) -> None:
        """Refuse to go on where the list was edited, or is not ours.

        Raises:
            InputError: If so, or the place cannot be written to.
        """
        if self.list_path.suffix.casefold() != ".csv":
            raise InputError(f"{self.list_path} is no .csv file", hint="collect writes CSV")
        if not self.list_path.parent.is_dir():
            raise InputError(f"there is no folder {self.list_path.parent}")
        if not self.list_path.exists():
            return
        try:
            digest = hashlib.sha256(self.list_path.read_bytes()).hexdigest()
        except OSError as error:
            raise InputError(f"{self.list_path} cannot be read: {error.strerror}") from error
        if digest in self.untouched:
            return
        if digest == self._replaced():
            return
        if (written := self._written()) is None:
            raise InputError(f"{self.list_path} was not written by collect", hint=EDITED_HINT)
        if digest != written:
            raise InputError(
                f"{self.list_path} was edited since collect wrote it", hint=EDITED_HINT
            )

    def _written(self) -> str | None:
        """Return the digest of the list that `collect` wrote, None where it cannot be told."""
        try:
            return _digest_in(evidence_path(self.list_path))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    @property
    def _note(self) -> Path:
        return self.list_path.with_name(f".{self.list_path.name}.replaced")

    def _replaced(self) -> str | None:
        """Return the digest of the list that a run was replacing when it was cut off."""
        try:
            return self._note.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return None

    def _note_replaced(self) -> None:
        """Note the list that is to be replaced, which `refuse_edited` let pass."""
        if self.list_path.exists():
            digest = hashlib.sha256(self.list_path.read_bytes()).hexdigest()
            self.write(self._note, (digest.encode("ascii"),))

    def store(
        self,
        rows: Iterable[bytes],
        evidence: Iterable[bytes],
        report: ReportFiles,
        sources: Mapping[str, RawFile],
    ) -> tuple[Path, ...]:
        """Write the batch, the list last.

        A crash before the list leaves an old list with new evidence, which `decide`
        refuses and a further `collect` replaces; never a list without its evidence.

        Args:
            rows: The completion list, in pieces.
            evidence: The evidence file, in pieces.
            report: The report.
            sources: Raw files to keep, by SHA-256.

        Returns:
            What was written, the list first.

        Raises:
            InputError: If something cannot be written.
        """
        try:
            self._note_replaced()
            report_path = self._store(evidence, report, sources)
            self.write(self.list_path, rows)
            self._note.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritten(error) from error
        return (self.list_path, evidence_path(self.list_path), report_path)

    def store_so_far(
        self, evidence: Iterable[bytes], report: ReportFiles, sources: Mapping[str, RawFile]
    ) -> tuple[Path, ...]:
        """Write evidence and report of what is not complete; a list of before is moved aside.

        Args:
            evidence: The evidence file, in pieces.
            report: The report.
            sources: Raw files to keep, by SHA-256.

        Returns:
            What was written, the evidence first; then where the list of before lies now.

        Raises:
            InputError: If something cannot be written or moved.
        """
        try:
            moved = self._move_aside() if self.list_path.exists() else ()
            report_path = self._store(evidence, report, sources)
        except OSError as error:
            raise self._unwritten(error) from error
        return (evidence_path(self.list_path), report_path, *moved)

    def _move_aside(self) -> tuple[Path, ...]:
        """Move the list, and its evidence after it: a list alone would count as made by hand."""
        stem, suffix = self.list_path.stem, self.list_path.suffix
        names = chain([f"{stem}.before"], (f"{stem}.before-{number}" for number in count(2)))
        places = (self.list_path.with_name(f"{each}{suffix}") for each in names)
        place = next(each for each in places if not (each.exists() or evidence_path(each).exists()))
        evidence = evidence_path(self.list_path)
        if evidence.exists():
            # A copy first, so that the list has its evidence at every moment.
            self.write(evidence_path(place), (evidence.read_bytes(),))
        self.list_path.rename(place)
        return (place,)

    def _store(
        self, evidence: Iterable[bytes], report: ReportFiles, sources: Mapping[str, RawFile]
    ) -> Path:
        stem, folder = self.list_path.stem, self.list_path.parent
        kept = folder / f"{stem}.sources"
        report_path = folder / f"{stem}.report.html"
        if sources:
            self.make_folder(kept)
        for digest in sorted(sources):
            file = sources[digest]
            path = kept / f"{digest}{_suffix(file.name)}"
            if not path.exists():
                self.write(path, file.pieces)
        stale = self._store_pages(folder / f"{stem}.report", report.further)
        self.write(report_path, report.page)
        _remove(stale, folder / f"{stem}.report")  # last, when nothing leads there any more
        self._note_replaced()
        self.write(evidence_path(self.list_path), evidence)
        return report_path

    def _store_pages(
        self, folder: Path, pages: Iterable[tuple[str, Iterable[bytes]]]
    ) -> Collection[str]:
        """Write the pages of people; return those that a report of more people had before."""
        stale = {each.name for each in folder.glob("*.html") if _PAGE.fullmatch(each.name)}
        for name, content in pages:
            self.make_folder(folder)
            self.write(folder / name, content)
            stale.discard(name)
        return stale

    def _unwritten(self, error: OSError) -> InputError:
        place = error.filename or self.list_path.parent
        return InputError(f"{place} cannot be written: {error.strerror}")


def _digest_in(evidence: Path) -> str:
    """Return the digest of the list that an evidence file belongs to.

    It stands in a line of its own near the top: of many people the rest is large.
    """
    with evidence.open("rb") as file:
        for line in islice(file, _HEAD_LINES):
            if line.startswith(_LIST) and line.endswith(b",\n"):
                return str(json.loads(line[len(_LIST) : -2])["sha256"])
    return str(json.loads(evidence.read_bytes())["completions"]["sha256"])


_LIST, _HEAD_LINES = b' "completions": ', 4


def _remove(names: Collection[str], folder: Path) -> None:
    for each in names:
        (folder / each).unlink()
    with suppress(OSError):  # it is missing, or holds pages, or something that is not ours
        folder.rmdir()


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.casefold()
    return suffix if suffix[1:].isalnum() else ""
