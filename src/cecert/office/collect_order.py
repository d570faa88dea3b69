"""What is to be collected, as the command line gives it and as a report tells it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cecert.adapters.reports import Commands
from cecert.domain.evidence.export import DateOrder

__all__ = ["OVERRIDES_FILE", "CollectOrder", "commands_of"]

OVERRIDES_FILE = "overrides.toml"
"""What decisions are called, beside a course's file."""


@dataclass(frozen=True, slots=True)
class CollectOrder:
    """What is to be collected, as the command line gives it.

    Attributes:
        registrations: The master list; None where it is still to be found in the folder.
        attendance: Reports.
        evaluation, attestation, post_test, visibility, payment: Lists, () where none is given.
        overrides: The overrides' file, None without one.
        timezone: Of files that state none; "" for the course's.
        date_order: Of files that do not prove theirs; None to learn it.
        output: The completion list to write.
        course: The course file, for the report's commands.
        mappings: Mapping files by the path of the export they are for.
        synonyms: Further names of columns, beside those that are shipped.
        dates: The day of files that have times and no dates, by path.
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
    overrides: Path | None = None
    timezone: str = ""
    date_order: DateOrder | None = None
    course: Path = Path("course.toml")
    mappings: Mapping[str, Path] = field(default_factory=dict)
    synonyms: tuple[Path, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    called: str = ""

    def lists(self) -> Mapping[str, tuple[Path, ...]]:
        """Return the lists by the completion list's column."""
        return {
            "evaluation": self.evaluation,
            "attestation": self.attestation,
            "post_test": self.post_test,
            "visible": self.visibility,
            "fee_paid": self.payment,
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
    )


def _how_to_read(order: CollectOrder) -> Sequence[str]:
    words = ["--timezone", order.timezone] if order.timezone else []
    words += ["--date-order", order.date_order.value] if order.date_order else []
    for export, mapping in order.mappings.items():
        words += ["--mapping", f"{export}={mapping}"]
    for path, day in order.dates.items():
        words += ["--date", f"{path}={day}"]
    return words


def _decided(order: CollectOrder) -> str:
    return "" if order.overrides is None else order.overrides.read_text("utf-8-sig")


def _commands_of_folder(order: CollectOrder) -> Commands:
    beside = order.course.with_name(OVERRIDES_FILE)
    called = shlex.quote(order.called)
    synonyms = [word for path in order.synonyms for word in ("--synonyms", str(path))]
    words = ["cecert", "collect", order.called, *synonyms, *_how_to_read(order)]
    return Commands(
        collect=shlex.join(words),
        course=called,
        completions="",
        overrides=str(order.overrides or beside),
        overrides_text=_decided(order),
        course_option=f"--course {called}",
    )
