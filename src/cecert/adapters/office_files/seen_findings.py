"""`lint-seen.json`: the warnings that somebody of the office has looked at.

A warning is known by the code of its place and its words, and comes back as soon as either
changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cecert.adapters.storage.atomic import write_file
from cecert.errors import ConfigurationError, Fault

__all__ = ["SEEN_FILE", "SeenFinding", "read_seen", "write_seen"]

SEEN_FILE = "lint-seen.json"
_KEYS = {"code", "place", "message", "by", "on"}


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A warning that was acknowledged.

    Attributes:
        code: By which it is known again.
        place, message: As they were.
        by: Who acknowledged it.
        on: The day, as `2026-11-30`.
    """

    code: str
    place: str
    message: str
    by: str
    on: str


def read_seen(folder: Path) -> tuple[SeenFinding, ...]:
    """Return what was acknowledged in an office's *folder*; nothing where there is no file.

    Raises:
        ConfigurationError: If the file is none of ours.
    """
    path = folder / SEEN_FILE
    if not path.exists():
        return ()
    try:
        document = json.loads(path.read_text("utf-8"))
        return tuple(_seen(each) for each in document["seen"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        fault = Fault(SEEN_FILE, "", f"cannot be read: {error}")
        hint = "move it away: lint then shows every warning again"
        raise ConfigurationError(f"{path} cannot be used", (fault,), hint=hint) from error


def _seen(entry: object) -> SeenFinding:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise ValueError(f"an entry has not exactly {', '.join(sorted(_KEYS))}")
    if not all(isinstance(each, str) for each in entry.values()):
        raise ValueError("an entry holds something else than text")
    return SeenFinding(**entry)


def write_seen(folder: Path, seen: Sequence[SeenFinding]) -> None:
    """Write all that is acknowledged in an office's *folder*.

    Raises:
        ConfigurationError: If it cannot be written; what stood there before still does.
    """
    document = {"seen": [asdict(each) for each in seen]}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    try:
        write_file(folder / SEEN_FILE, text.encode())
    except OSError as error:
        fault = Fault(SEEN_FILE, "", f"cannot be written: {error.strerror}")
        raise ConfigurationError("nothing was acknowledged", (fault,)) from error
