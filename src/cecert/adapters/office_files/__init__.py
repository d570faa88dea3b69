"""Files a person writes: `cecert.toml`, `course.toml` and regimes, read into the domain's values.

Every fault of a file is found at once, with its place; an unknown key names the nearest
known one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.office_files.course_file import CourseReading, course_of, read_course
    from cecert.adapters.office_files.office_file import (
        OfficeFile,
        new_office_files,
        office_of,
        read_office,
    )
    from cecert.adapters.office_files.office_shape import MailAuth
    from cecert.adapters.office_files.regime_files import read_regimes, replaced_regimes
    from cecert.adapters.office_files.roster_files import read_roster_profiles
    from cecert.adapters.office_files.seen_findings import (
        SEEN_FILE,
        SeenFinding,
        read_seen,
        write_seen,
    )
    from cecert.adapters.office_files.statement_writer import write_statement
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "course_file": (
                "CourseReading",
                "course_of",
                "read_course",
            ),
            "office_file": (
                "OfficeFile",
                "new_office_files",
                "office_of",
                "read_office",
            ),
            "office_shape": ("MailAuth",),
            "regime_files": (
                "read_regimes",
                "replaced_regimes",
            ),
            "roster_files": ("read_roster_profiles",),
            "seen_findings": (
                "SEEN_FILE",
                "SeenFinding",
                "read_seen",
                "write_seen",
            ),
            "statement_writer": ("write_statement",),
        },
    )

__all__ = [
    "SEEN_FILE",
    "CourseReading",
    "MailAuth",
    "OfficeFile",
    "SeenFinding",
    "course_of",
    "new_office_files",
    "office_of",
    "read_course",
    "read_office",
    "read_regimes",
    "read_roster_profiles",
    "read_seen",
    "replaced_regimes",
    "write_seen",
    "write_statement",
]
