"""Exports for an office: the readers, behind the port that collecting knows, and a look at one.

A look says what an export is and what of it was understood; nothing is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import read_evidence, read_mapping
from cecert.adapters.exports.read import is_survey, read_renamed
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.headers import read_synonyms
from cecert.adapters.tables.lists import ListTable, list_table
from cecert.domain.evidence.export import AttendanceFile, DateOrder, EvaluationFile, EvidenceFile
from cecert.errors import Fault, InputError
from cecert.ports import SourceFile

__all__ = ["ExportReader", "Inspection", "Steps", "inspect_export"]

Steps = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and of how much."""

_TABLES = frozenset({"registrations", "list"})
"""Kinds of mapping whose table the office's own list readers read."""


class ExportReader:
    """Reads exports as `cecert.ports.EvidenceReader` asks for them."""

    def __init__(
        self,
        templates: Path,
        mappings: Mapping[str, Path] | None = None,
        synonyms: Sequence[Path] = (),
        progress: Steps | None = None,
        statement: str = "",
    ) -> None:
        """Know columns by the synonyms in *templates*, and by a mapping file where one is given.

        Args:
            templates: The folder of what is shipped.
            mappings: Mapping files by the path of the export they are for.
            synonyms: Files of further names of columns.
            progress: Told how far the reading of a long file is.
            statement: What participants attest to, by which a survey's question is known.

        Raises:
            ConfigurationError: If one of these files cannot be used.
        """
        self._mappings = {path: read_mapping(each) for path, each in (mappings or {}).items()}
        self._synonyms = read_synonyms(templates / "evidence" / "synonyms.toml", *synonyms)
        self._progress = progress
        self._statement = statement

    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        """Read an attendance report."""
        found = self._read(file, order)
        if not isinstance(found, AttendanceFile):
            raise _another_kind(file, found, "an attendance report")
        return found

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        """Read a survey's responses."""
        found = self._read(file, order)
        if not isinstance(found, EvaluationFile):
            raise _another_kind(file, found, "a survey's responses")
        return found

    def _read(self, file: SourceFile, order: DateOrder | None) -> EvidenceFile:
        mapping = self._mappings.get(file.path)
        told = None if self._progress is None else partial(self._progress, f"reading {file.name}")
        return read_evidence(
            Path(file.path),
            self._synonyms,
            date_order=order,
            mapping=mapping,
            progress=told,
            statement=self._statement,
        )

    def is_survey(self, file: SourceFile) -> bool:
        """Say whether a file is a survey's export, by its header or by its mapping file."""
        mapping = self._mappings.get(file.path)
        if mapping is not None and mapping.kind == "evaluation":
            return True
        return is_survey(Source.of(file.name, file.content), self._synonyms)

    def table(self, file: SourceFile) -> ListTable:
        """Read a list that the office keeps, or any table by its mapping file."""
        source = Source.of(file.name, file.content)
        mapping = self._mappings.get(file.path)
        if mapping is not None and mapping.kind in _TABLES:
            return read_renamed(source, mapping)
        return list_table(source)


def _another_kind(file: SourceFile, found: EvidenceFile, asked: str) -> InputError:
    fault = Fault(file.name, found.facts.format, f"is not {asked}")
    return InputError(f"{file.name} cannot be used", (fault,))


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read of a file.

    Attributes:
        file: What it says.
        zone: The zone its local times mean, None where nobody said.
    """

    file: EvidenceFile
    zone: ZoneInfo | None


def inspect_export(
    path: Path,
    *,
    zone: ZoneInfo | None = None,
    date_order: DateOrder | None = None,
    mapping: Path | None = None,
    synonyms: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Inspection:
    """Return what an export says, whatever kind it is of.

    Args:
        path: The file.
        zone: What local times in it mean, unless the file states it.
        date_order: Order of its dates, None to learn it.
        mapping: A mapping file, for a table of no known format or an evaluation.
        synonyms: Names of columns, beside those that are shipped.
        progress: Told how far a long file is.

    Raises:
        InputError: If anything cannot be used.
    """
    names = read_synonyms(asset_folder("templates") / "evidence" / "synonyms.toml", *synonyms)
    found = read_evidence(
        path,
        names,
        date_order=date_order,
        mapping=None if mapping is None else read_mapping(mapping),
        progress=progress,
    )
    return Inspection(found, zone)
