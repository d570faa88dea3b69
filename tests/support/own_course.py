"""A course in a folder of its own, with the files that were exported for it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["RULE", "OwnCourse"]

RULE = """
[requirements.attendance]
late_join = 600
early_leave = 300
gap_each = 300
absent_total = 900
jitter = 60
jitter_total = 300
"""


@dataclass(frozen=True)
class OwnCourse:
    """The folder of one course.

    Attributes:
        folder: `courses/ID`.
    """

    folder: Path

    @classmethod
    def made(cls, office: Path, name: str, text: str, files: Mapping[str, str]) -> OwnCourse:
        """Make the only course of an office."""
        for each in ("course.toml", "completions.csv"):
            (office / each).unlink(missing_ok=True)
        made = cls(office / "courses" / name)
        (made.folder / "files").mkdir(parents=True)
        made.write(text)
        made.give(files)
        return made

    def write(self, text: str) -> None:
        """Write the course's file."""
        (self.folder / "course.toml").write_text(text, "utf-8")

    def give(self, files: Mapping[str, str]) -> None:
        """Put files there, in place of those of the same names."""
        for name, text in files.items():
            (self.folder / "files" / name).write_text(text, "utf-8")

    def take(self, *names: str) -> None:
        """Take files away."""
        for each in names:
            (self.folder / "files" / each).unlink()

    @property
    def list_path(self) -> Path:
        """Return where the completion list lies."""
        return self.folder / "completions.csv"

    @property
    def report(self) -> str:
        """Return the report's page."""
        return (self.folder / "completions.report.html").read_text("utf-8")

    def rows(self) -> dict[str, dict[str, str]]:
        """Return the completion list's rows by name."""
        with self.list_path.open(encoding="utf-8-sig", newline="") as file:
            return {each["name"]: each for each in csv.DictReader(file)}

    def evidence(self, name: str) -> dict[str, Any]:
        """Return what the evidence file says of somebody."""
        document = json.loads((self.folder / "completions.evidence.json").read_bytes())
        return next(each for each in document["rows"] if each["name"] == name)
