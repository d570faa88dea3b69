"""`override list` and `override undo`: what was decided, and taking it back in the open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import AsJson, Config
from cecert.cli._output import answer_json, say, table
from cecert.cli.override_act import Act, Evidence, Into, OfCourse, act_of, file_of, what_was_found
from cecert.domain.evidence.overrides import Override, OverrideKind, undone_by
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.domain.documents.evidence import OverrideDocument, OverridesDocument
    from cecert.office.collect.overrides import CollectedEvidence

__all__ = ["list_overrides", "undo"]


def list_overrides(
    course: OfCourse = None,
    overrides: Into = None,
    evidence: Evidence = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List what was decided, with its number, who, when, why, and whether it still holds."""
    from cecert.office.collect.overrides import overrides_in

    found = what_was_found(course, evidence, config)
    path = file_of(course, overrides, config)
    acts = overrides_in(path, found.zone)
    gone = undone_by(acts)
    if as_json:
        entries = [_document(number, each, found, gone.get(number)) for number, each in _all(acts)]
        holding = sum(number not in gone for number, _ in _all(acts))
        counts = {"in_force": holding, "undone": len(gone)}
        document: OverridesDocument = {
            "file": str(path),
            "overrides": entries,
            "counts": counts,
        }
        answer_json(document)
        return
    table(
        ("number", "what", "about", "by", "at", "why", "state"),
        [_row(number, each, found, gone.get(number)) for number, each in _all(acts)],
    )
    among = f", {len(gone)} of them undone" if gone else ""
    say(f"{len(acts)} {'entry' if len(acts) == 1 else 'entries'} in {path}{among}")


def _all(acts: tuple[Override, ...]) -> Iterator[tuple[int, Override]]:
    return enumerate(acts, 1)


def _row(
    number: int, override: Override, found: CollectedEvidence, by: int | None
) -> tuple[str, ...]:
    status = "" if override.status is None else f" {override.status.value}"
    reference = f" ({override.reference})" if override.reference else ""
    return (
        str(number),
        f"{override.kind.value.replace('_', '-')}{status}",
        ", ".join(_about(override, found)),
        override.by,
        _local(override, found.zone),
        f"{override.why}{reference}",
        "in force" if by is None else f"undone by {by}",
    )


def _about(override: Override, found: CollectedEvidence) -> Iterator[str]:
    if override.participant:
        yield found.people.get(override.participant, override.participant)
    yield from filter(None, (override.session, override.connection, override.alias))
    if override.period is not None:
        first, last = (
            f"{each.astimezone(found.zone):%Y-%m-%dT%H:%M:%S}"
            for each in (override.period.start, override.period.end)
        )
        yield f"{first} to {last}"
    if override.undoes:
        yield f"override {override.undoes}"


def _local(override: Override, zone: ZoneInfo) -> str:
    return override.at.astimezone(zone).isoformat()


def _document(
    number: int, override: Override, found: CollectedEvidence, by: int | None
) -> OverrideDocument:
    period = override.period
    return {
        "number": number,
        "kind": override.kind.value,
        "participant": override.participant,
        "name": found.people.get(override.participant, ""),
        "session": override.session,
        "connection": override.connection,
        "alias": override.alias,
        "start": None if period is None else period.start.astimezone(found.zone).isoformat(),
        "end": None if period is None else period.end.astimezone(found.zone).isoformat(),
        "status": None if override.status is None else override.status.value,
        "by": override.by,
        "at": _local(override, found.zone),
        "why": override.why,
        "reference": override.reference,
        "undoes": override.undoes or None,
        "undone_by": by,
    }


@act_of
def undo(
    act: Act,
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="Of the entry, as override list shows it.")
    ],
) -> None:
    """Take back an earlier entry: a further one says so, and both stay visible.

    To undo an undo makes what it took back hold again.
    """
    from cecert.office.collect.overrides import overrides_in

    found = act.found()
    path = act.into()
    acts = overrides_in(path, found.zone)
    if not 0 < number <= len(acts):
        raise InputError(
            f"{path} has no entry {number}", hint="cecert override list shows the numbers"
        )
    undone = acts[number - 1]
    # Who and what it was about stand in the entry itself, for who reads the file alone.
    entry = act.entry(
        OverrideKind.UNDO,
        participant=undone.participant,
        session=undone.session,
        undoes=number,
        inputs=undone.mark,
    )
    act.store(entry, found.zone)
