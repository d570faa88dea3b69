"""An office's folder as `cecert init` leaves it, and ways to spoil it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from cecert.adapters.office_files import CourseReading, read_course, read_office, read_regimes
from cecert.domain.course.regime import Regime

TEMPLATES = Path(__file__).parents[2] / "templates"


class OfficeFolder:
    """A new office whose files a test rewrites."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.regimes: Mapping[str, Regime] = read_regimes(TEMPLATES / "regimes")

    @classmethod
    def made(cls, folder: Path) -> OfficeFolder:
        """Make one as `cecert init` does."""
        shutil.copytree(TEMPLATES / "office", folder)
        return cls(folder)

    def rewrite(self, name: str, *changes: tuple[str, str]) -> Path:
        """Replace parts of a file; each part must stand there."""
        path = self.folder / name
        text = path.read_text("utf-8")
        for before, after in changes:
            assert before in text, before
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
        return path

    def course(self, *changes: tuple[str, str]) -> CourseReading:
        """Read the course after *changes* to its file."""
        path = self.rewrite("course.toml", *changes)
        return read_course(path, read_office(self.folder / "cecert.toml"), self.regimes)
