"""What is to be collected, as the command line gives it and as a report tells it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cecert.adapters.collect_files.batch import evidence_path
from cecert.adapters.reports import Commands
from cecert.domain.evidence.export import DateOrder
from cecert.office.courses import COMPLETIONS_FILE

__all__ = ["OVERRIDES_FILE", "CollectOrder", "commands_of"]

OVERRIDES_FILE = "overrides.toml"
"""What decisions are called, beside a course's file."""


@dataclass(frozen=True, slots=True)
class CollectOrder:
    """What is to be collected, as the command line gives it.

    Attributes:
        registrations: The master list; None where it is still to be found in the folder.
        attendance: Reports.
        evaluation, attestation, post_test, visibility, payment, completion: Lists, () where
            none is given.
        overrides: The overrides' file, None without one.
        timezone: Of files that state none; "" for the course's.
        date_order: Of files that do not prove theirs; None to learn it.
        output: The completion list to write.
        course: The course file, for the report's commands.
        mappings: Mapping files by the path of the export they are for.
        synonyms: Further names of columns, beside those that are shipped.
        dates: The day of files that have times and no dates, by path.
        sessions: The ids of the sessions that a report of a conference is of, by path.
        called: How the course was named, where its folder says what is read; else "".
    """

    registrations: Path | None
    attendance: tuple[Path, ...]
    output: Path
    evaluation: tuple[Path, ...] = ()
    attestation: tuple[Path, ...] = ()
    post_test: tuple[Path, ...] = ()
    visibility: tuple[Path, ...] = ()
    payment: tuple[Path, ...] = ()
    completion: tuple[Path, ...] = ()
    overrides: Path | None = None
    timezone: str = ""
    date_order: DateOrder | None = None
    course: Path = Path("course.toml")
    mappings: Mapping[str, Path] = field(default_factory=dict)
    synonyms: tuple[Path, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    sessions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    called: str = ""

    def lists(self) -> Mapping[str, tuple[Path, ...]]:
        """Return the lists by the completion list's column."""
        return {
            "evaluation": self.evaluation,
            "attestation": self.attestation,
            "post_test": self.post_test,
            "visible": self.visibility,
            "fee_paid": self.payment,
            "completed_on": self.completion,
        }


def commands_of(order: CollectOrder) -> Commands:
    """Return the commands that a report tells: this one again, and those that come next."""
    if order.called:
        return _commands_of_folder(order)
    words = ["cecert", "collect", str(order.course), "--registrations", str(order.registrations)]
    given = {
        "--attendance": order.attendance,
        "--evaluation": order.evaluation,
        "--attestation": order.attestation,
        "--post-test": order.post_test,
        "--visibility": order.visibility,
        "--payment": order.payment,
        "--completion": order.completion,
        "--overrides": () if order.overrides is None else (order.overrides,),
        "--synonyms": order.synonyms,
    }
    words += [
        word for option, paths in given.items() for path in paths for word in (option, str(path))
    ]
    words += _how_to_read(order)
    return Commands(
        collect=shlex.join([*words, "-o", str(order.output)]),
        course=shlex.quote(str(order.course)),
        completions=shlex.quote(str(order.output)),
        overrides=str(order.overrides or "overrides.toml"),
        overrides_text=_decided(order),
        evidence=str(evidence_path(order.output)),
    )


def _how_to_read(order: CollectOrder) -> Sequence[str]:
    words = ["--timezone", order.timezone] if order.timezone else []
    words += ["--date-order", order.date_order.value] if order.date_order else []
    for export, mapping in order.mappings.items():
        words += ["--mapping", f"{export}={mapping}"]
    for path, day in order.dates.items():
        words += ["--date", f"{path}={day}"]
    for path, ids in order.sessions.items():
        words += [word for each in ids for word in ("--session", f"{path}={each}")]
    return words


def _decided(order: CollectOrder) -> str:
    return "" if order.overrides is None else order.overrides.read_text("utf-8-sig")


def _commands_of_folder(order: CollectOrder) -> Commands:
    beside = order.course.with_name(OVERRIDES_FILE)
    called = shlex.quote(order.called)
    synonyms = [word for path in order.synonyms for word in ("--synonyms", str(path))]
    words = ["cecert", "collect", order.called, *synonyms, *_how_to_read(order)]
    option = ["--course", order.called]
    elsewhere = order.output != order.course.with_name(COMPLETIONS_FILE)
    # Only what does not lie beside the course needs to be named.
    if elsewhere:
        words += ["-o", str(order.output)]
        option += ["--evidence", str(evidence_path(order.output))]
    if order.overrides not in {None, beside}:
        words += ["--overrides", str(order.overrides)]
        option += ["--overrides", str(order.overrides)]
    return Commands(
        collect=shlex.join(words),
        course=called,
        completions=shlex.quote(str(order.output)) if elsewhere else "",
        overrides=str(order.overrides or beside),
        overrides_text=_decided(order),
        evidence=str(evidence_path(order.output)),
        course_option=shlex.join(option),
    )
