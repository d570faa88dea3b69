"""Whoever reads an office's courses: from files, with all that is wrong or unchecked about them."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.argument_types import typed
from cecert.domain.course.course import Course
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import ConfigurationError, Fault
from cecert.office.courses import course_file
from cecert.office.holders.looks import LooksHolder

# What draws is imported where it is used.
if TYPE_CHECKING:
    from cecert.adapters.office_files import CourseReading
    from cecert.adapters.zoom import ZoomAccount
    from cecert.domain.course.draft import CourseDraft
    from cecert.ports import CompletionList

__all__ = ["CourseReader", "loaded_course"]


class CourseReader(LooksHolder):
    """Whoever reads the courses of an office and its completion lists, and tries drawing them."""

    def findings(self) -> tuple[Finding, ...]:
        """Return all that is wrong or unchecked in the office's approvals and signatories."""
        from cecert.domain.course.approval_use import findings_of_approvals

        return (
            *findings_of_approvals(self.file.approvals, self.regimes),
            *(
                Finding(
                    Severity.ERROR,
                    f"cecert.toml: signatory[{number}].for",
                    f"no regime file knows {credential}",
                )
                for number, each in enumerate(self.file.signatories, 1)
                for credential in each.credentials
                if credential not in self.regimes
            ),
        )

    @typed
    def course_path(self, given: str | os.PathLike[str]) -> Path:
        """Return the file of a course that is named by its file, its folder or its id.

        Raises:
            ConfigurationError: If there is none, or the id is several courses'.
        """
        return course_file(self.file.folder, given)

    def course_reading(self, path: str | os.PathLike[str]) -> CourseReading:
        """Read a course, by file, folder or id, with all that is wrong or unchecked about it.

        Raises:
            ConfigurationError: If there is no such course.
        """
        from cecert.adapters.office_files import read_course

        return read_course(self.course_path(path), self.file, self.regimes)

    @typed
    def resolve_course(self, draft: CourseDraft) -> CourseReading:
        """Check a course that a program put together, as one that a file tells of.

        Its credit is resolved from the office's approvals. That it can be drawn is another
        question: `drawing_findings`.

        Returns:
            The course, None if a finding is an error, and all that is wrong or unchecked.
        """
        from cecert.adapters.office_files import course_of

        return course_of(draft.document(), "course", self.file, self.regimes)

    @typed
    def drawing_findings(self, reading: CourseReading, file: str) -> tuple[Finding, ...]:
        """Return what keeps a course's certificates from being drawn, by drawing some of nobody.

        There are none of a course that did not load: its own findings say why. *file* is the
        course's, for the findings' places.
        """
        from cecert.domain.course.typography import typographic_findings, upright_findings
        from cecert.office.holders.letterhead import letterhead_findings
        from cecert.workflows.preview import drawing_findings

        if (course := reading.course) is None:
            return ()
        try:
            renderer = self.renderer()
        except ConfigurationError as error:
            faults = error.faults or (Fault("cecert.toml", "", str(error)),)
            return tuple(
                Finding(Severity.ERROR, each.place, str(each).removeprefix(f"{each.place}: "))
                for each in faults
            )
        told = letterhead_findings(self.letterhead())
        proposed = typographic_findings(course, file)
        desk = self.preview_desk()
        upright = partial(renderer.upright_letter, layout=desk.layout)
        return (
            *told,
            *proposed,
            *upright_findings(course, file, upright),
            *drawing_findings(course, desk, renderer, file),
        )

    def course(self, path: str | os.PathLike[str]) -> Course:
        """Return the course that *path* names: its file, its folder, or its id.

        Raises:
            ConfigurationError: If it cannot be used; every error is listed.
        """
        return loaded_course(self.course_reading(path), path)

    def completions(self, path: str | os.PathLike[str], course: Course) -> CompletionList:
        """Read a completion list (.csv, .xlsx, .jsonl), good rows and bad cells.

        Raises:
            InputError: If the file as a whole cannot be read.
        """
        from cecert.adapters.completion_list import read_completions
        from cecert.domain.course.credential_choices import CredentialChoices

        choices = CredentialChoices.of(self.regimes)
        return read_completions(Path(path), course, choices, self.clock.now())

    def zoom_account(self) -> ZoomAccount:
        """Return the app that Zoom is asked with: the file's, overridden by `CECERT_ZOOM_*`.

        Raises:
            ConfigurationError: If something of it is missing.

        Internal.
        """
        from cecert.office.holders.settings import zoom_account

        return zoom_account(self.file.zoom, self._secrets)


def loaded_course(reading: CourseReading, path: str | os.PathLike[str]) -> Course:
    """Return the course that was read of the file *path*.

    Raises:
        ConfigurationError: If it cannot be used; every error is listed.
    """
    if reading.course is None:
        faults = tuple(each.fault for each in reading.errors)
        raise ConfigurationError(f"{path} cannot be used", faults)
    return reading.course
