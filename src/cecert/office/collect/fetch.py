"""Fetching from Zoom, wired: an office's app, a course, and the folder of its exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cecert.adapters.collect_files.fetched import StagedMeeting, meeting_folder, stage_meeting
from cecert.adapters.storage.atomic import make_folder
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.adapters.zoom import Patience, ZoomService, fetch_meeting
from cecert.domain.course.course import Course
from cecert.domain.values.wording import being_written
from cecert.errors import InputError
from cecert.office.courses import FILES
from cecert.office.office import Office
from cecert.ports import FetchedMeeting

__all__ = ["Fetched", "fetch_zoom", "meeting_number"]

_NUMBER = re.compile(r"\d{9,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A meeting that was fetched and kept.

    Attributes:
        meeting: What Zoom answered.
        kept: Where it lies, and whether it is other than before.
    """

    meeting: FetchedMeeting
    kept: StagedMeeting


def meeting_number(given: str) -> str:
    """Return the figures of a meeting's number as people write it.

    >>> meeting_number("850 1234 5678")
    '85012345678'

    Raises:
        InputError: If it is none.
    """
    number = given.replace(" ", "").replace("-", "")
    if not _NUMBER.fullmatch(number):
        raise InputError(
            f"{given!r} is no number of a Zoom meeting",
            hint="nine to twelve figures, such as 850 1234 5678",
        )
    return number


def fetch_zoom(
    office: Office,
    course_path: Path,
    course: Course,
    numbers: Sequence[str],
    patience: Patience | None = None,
) -> tuple[Fetched, ...]:
    """Fetch meetings of a course, and keep them in its `files/` when all of them came whole.

    Args:
        office: Whose app asks.
        course_path: The course's file.
        course: The course, whose days say which occurrences are its own.
        numbers: The meetings', figures alone.
        patience: How long Zoom is waited for; None for as long as is usual.

    Raises:
        ConfigurationError: If the app is missing or refused.
        InputError: If anything cannot be had, or not be kept.
        LedgerError: If another command fetches the same meeting for ten minutes.
    """
    if not course.sessions:
        raise InputError(
            f"course {course.id} is self-study: nobody attends a meeting of it",
            hint="leave Zoom out; what shows that somebody studied is the post-test",
        )
    service = ZoomService(office.zoom_account(), office.warn, patience)
    meetings = [fetch_meeting(service, each, course.sessions) for each in dict.fromkeys(numbers)]
    files = course_path.parent / FILES
    try:
        make_folder(files)
        with ExitStack() as held:
            for each in meetings:
                folder = meeting_folder(files, each.number)

                def tell(of: Path = folder) -> None:
                    office.warn(being_written(of))

                held.enter_context(FolderLock.of_file(folder).hold(tell))
            return _kept(office, files, meetings)
    except OSError as error:
        place = error.filename or files
        raise InputError(
            f"{place} cannot be written: {error.strerror}; nothing was kept"
        ) from error


def _kept(office: Office, files: Path, meetings: Sequence[FetchedMeeting]) -> tuple[Fetched, ...]:
    """Write all of them before the first counts."""
    staged: list[Fetched] = []
    try:
        for each in meetings:
            staged.append(Fetched(each, stage_meeting(files, each, office.clock.now())))  # noqa: PERF401 - those before a failure are discarded
        for fetched in staged:
            fetched.kept.keep()
    except BaseException:
        for fetched in staged:
            fetched.kept.discard()
        raise
    return tuple(staged)
