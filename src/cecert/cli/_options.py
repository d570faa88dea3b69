"""Options that several commands share, and the office they lead to."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from cecert.cli._environment import environment
from cecert.cli._output import say
from cecert.errors import ConfigurationError, InputError

# Help is asked for more often than an office is opened, and an office loads much.
if TYPE_CHECKING:
    from cecert.office import Office

__all__ = [
    "Actor",
    "AsJson",
    "Config",
    "Course",
    "CourseId",
    "Scheduler",
    "Workers",
    "actor_name",
    "course_id_of",
    "day_of",
    "find_config",
    "open_office",
    "time_zone",
]

Config = Annotated[
    Path | None,
    typer.Option(
        "-c", "--config", metavar="CECERT.TOML",
        help="The office's file; without it, the nearest cecert.toml upward from here.",
    ),
]  # fmt: skip
Actor = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who does it, for the ledger's events."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Answer with one JSON document on standard output.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=256, metavar="N",
        help="Processes that share the work, 1 for none; else as many cores as are worth it.",
    ),
]  # fmt: skip
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", metavar="URL",
        help="Have the workers of a Dask scheduler draw: tcp://HOST:8786.",
    ),
]  # fmt: skip
Course = Annotated[
    Path, typer.Argument(metavar="COURSE.TOML", help="The course: its file, its folder or its id.")
]
CourseId = Annotated[
    str, typer.Option("--course", metavar="COURSE", help="Only this course: id, folder or file.")
]


def find_config(given: Path | None) -> Path:
    """Return the office's file: the one given, else the nearest upward from here.

    Raises:
        ConfigurationError: If there is none.
    """
    if given is not None:
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (candidate := folder / "cecert.toml").is_file():
            return candidate
    raise ConfigurationError(
        f"there is no cecert.toml in {here} or above it",
        hint="make an office with cecert init DIR, or name one with --config",
    )


def open_office(
    config: Path | None, actor: str | None = None, without: Collection[str] = ()
) -> Office:
    """Open the office that `--config` and `--by` lead to.

    Args:
        config: As given.
        actor: As given.
        without: Variables of the environment that are not for this office.
    """
    from cecert.office import Office

    ask = getpass.getpass if sys.stdin.isatty() else None
    return Office.open(
        find_config(config),
        actor=actor_name(actor),
        environ={name: each for name, each in environment().items() if name not in without},
        ask=ask,
        warn=_warn,
    )


def course_id_of(office: Office, given: str) -> str:
    """Return the id of the course that `--course` names, "" for all courses."""
    from cecert.office.courses import course_id

    return course_id(office.file.folder, given)


def day_of(option: str, text: str) -> date:
    """Return the day that an option names.

    Raises:
        InputError: If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text} is no day", hint="such as 2024-01-31") from None


def _warn(warning: str) -> None:
    say(f"warning: {warning}")


def actor_name(given: str | None) -> str:
    """Return who acts: `--by`, else `CECERT_ACTOR`, else the system's user."""
    if name := given or os.environ.get("CECERT_ACTOR", ""):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # without a name, or a system without a list of them
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def time_zone(given: str) -> ZoneInfo | None:
    """Return the zone that `--timezone` names, None for "".

    Raises:
        InputError: If there is no such zone.
    """
    try:
        return ZoneInfo(given) if given else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"{given!r} is no time zone", hint="an IANA name, such as America/New_York"
        ) from None
