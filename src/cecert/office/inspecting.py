"""Looking at one export: what it is, and what of it was understood; nothing is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import read_evidence, read_mapping
from cecert.adapters.tables.headers import read_synonyms
from cecert.domain.evidence.export import DateOrder, EvidenceFile

__all__ = ["Inspection", "inspect_export"]

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
    """Read an export.

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
