"""`fetch`: exports from where they are made, into a course's `files/`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer, answer_json, say
from cecert.domain.values.wording import counted

if TYPE_CHECKING:
    from cecert.domain.course.course import Course
    from cecert.domain.documents.evidence import FetchDocument, MeetingDocument
    from cecert.office.collect.fetch import Fetched
    from cecert.ports import FetchedList

__all__ = ["fetch_zoom"]


def fetch_zoom(
    meetings: Annotated[
        list[str], typer.Argument(metavar="MEETING", help="A meeting's number: 850 1234 5678.")
    ],
    course: Annotated[
        Path | None,
        typer.Option(
            "--course",
            metavar="COURSE",
            help="The course they are of: file, folder or id; else this folder's, or the only one.",
        ),
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Fetch who registered for Zoom meetings, and who was connected, into a course's files/.

    Of a recurring meeting the occurrences on the course's days are fetched. Every answer is kept
    as it came, with its digest; what cannot be fetched whole changes nothing. What was fetched
    before is replaced.
    """
    from cecert.office.collect.fetch import fetch_zoom, meeting_number
    from cecert.office.courses import only_course

    numbers = [meeting_number(each) for each in meetings]
    office = open_office(config)
    path = only_course(office.file.folder) if course is None else office.course_path(course)
    opened = office.course(path)
    found = fetch_zoom(office, path, opened, numbers)
    if as_json:
        document: FetchDocument = {
            "course": opened.id,
            "meetings": [_document(each) for each in found],
        }
        answer_json(document)
    for each in found:
        _tell(each, opened)
        if not as_json:
            answer(str(each.kept.folder))
    say(f"next: cecert collect {shlex.quote(str(course or path))}")


def _tell(fetched: Fetched, course: Course) -> None:
    number = fetched.meeting.number
    for each in fetched.meeting.lists:
        if each.what != "occurrences":
            say(f"{number}: {_told(each, course)}")
    if all(each.what != "registrants" for each in fetched.meeting.lists):
        say(f"{number}: nobody is registered with Zoom: registrations come from elsewhere")
    for began in fetched.meeting.left_out:
        local = began.astimezone(ZoneInfo(course.timezone))
        say(f"{number}: left out, on no day of the course: {local:%Y-%m-%d %H:%M}")
    if not fetched.kept.changed:
        say(f"{number}: the same as was fetched before; nothing was written")


def _told(listed: FetchedList, course: Course) -> str:
    pages = counted(len(listed.pages), "page")
    if listed.began is None:
        return f"{counted(listed.rows, 'registrant')} ({pages})"
    local = listed.began.astimezone(ZoneInfo(course.timezone))
    return f"{local:%Y-%m-%d %H:%M}: {counted(listed.rows, 'connection')} ({pages})"


def _document(fetched: Fetched) -> MeetingDocument:
    meeting, kept = fetched.meeting, fetched.kept
    return {
        "meeting": meeting.number,
        "folder": str(kept.folder),
        "changed": kept.changed,
        "lists": [
            {
                "list": each.what,
                "began": None if each.began is None else f"{each.began:%Y-%m-%dT%H:%M:%SZ}",
                "rows": each.rows,
                "pages": [str(path) for path in pages],
            }
            for each, pages in zip(meeting.lists, kept.pages, strict=True)
        ],
        "left_out": [f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in meeting.left_out],
    }
