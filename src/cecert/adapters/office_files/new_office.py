"""The files `cecert init` writes: a real seminar's office, with invented participants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["new_office_files"]

NAMES = ("cecert.toml", "course.toml", "completions.csv", "signature.png")


def new_office_files(templates: Path) -> Mapping[str, bytes]:
    """Return name and content of each file of a new office, from `templates/office/`."""
    return {name: (templates / "office" / name).read_bytes() for name in NAMES}
