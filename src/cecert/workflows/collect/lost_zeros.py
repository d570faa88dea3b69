"""Ids that a spreadsheet has taken the zeros of: 417 for 00417.

Such an id matches nobody, wherever it stands; which one it may have been is told. A report in
which no row identifies anybody was changed as a whole, and is not used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cecert.domain.evidence.collection import Report
from cecert.domain.evidence.directory import Directory
from cecert.domain.evidence.matching import Attributions
from cecert.errors import Fault

__all__ = ["ZEROS", "ShortenedIds", "lost_zeros", "shortened_ids", "told_zeros"]

ZEROS = "did a spreadsheet take the zeros?"

_SHOWN = 3
"""Ids that are told of one file."""


def lost_zeros(keys: Iterable[str], directory: Directory) -> dict[str, str]:
    """Return the ids that nobody has, with those that a spreadsheet may have made them of."""
    near = ((each, directory.near_id(each)) for each in dict.fromkeys(keys))
    return {key: whole for key, whole in near if whole}


def told_zeros(near: Mapping[str, str]) -> str:
    """Return the question about ids: which they may have been, as far as a few tell it."""
    told = ", ".join(f"{key} is {near[key]}" for key in list(near)[:_SHOWN])
    more = f" and {len(near) - _SHOWN} more" if len(near) > _SHOWN else ""
    return f"{ZEROS} {told}{more}"


@dataclass(frozen=True, slots=True)
class ShortenedIds:
    """What is to be said of the ids in one report that lost their zeros.

    Attributes:
        faults: It, where the report has no row that is anybody's.
        notes: It, where it has.
    """

    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def shortened_ids(
    reports: Sequence[Report], attributions: Attributions, directory: Directory
) -> tuple[ShortenedIds, ...]:
    """Return what is to be said of reports with ids that are near a registrant's, and nobody's.

    Args:
        reports: All that were given.
        attributions: Their rows, with whose they are.
        directory: Knows who is registered.
    """
    rows = attributions.rows
    near = [lost_zeros(rows.ids_in(part), directory) for part in range(len(reports))]
    if not any(near):
        return ()
    known = {
        each.connection.mark
        for each in attributions
        if each.is_identified or directory.holders(each.connection.email)
    }
    return tuple(
        _shortened(report, ids, known) for report, ids in zip(reports, near, strict=True) if ids
    )


def _shortened(report: Report, near: Mapping[str, str], known: Collection[str]) -> ShortenedIds:
    name = report.file.name
    if any(each.mark in known for each in report.connections):
        return ShortenedIds(notes=(f"{name}: ids that nobody registered with: {told_zeros(near)}",))
    problem = "no row of this attendance report surely belongs to anybody who registered"
    return ShortenedIds(faults=(Fault(name, "", problem, told_zeros(near)),))
