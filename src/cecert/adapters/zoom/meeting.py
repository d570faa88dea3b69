"""What Zoom answers of one meeting: who registered, when it took place, who was connected.

Nothing is believed because it came: a page that cannot be of this list refuses the whole,
because whoever stands on the page that is missing would be absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cecert.adapters.zoom.service import RefusedError, ZoomService
from cecert.domain.course.session import Session
from cecert.errors import InputError
from cecert.ports import FetchedList, FetchedMeeting

__all__ = ["encoded", "fetch_meeting"]

PAGE_SIZE = 300
MOST_PAGES = 1000

AROUND = timedelta(hours=12)
"""How far from a session an occurrence may begin, and be one of the course's."""

EARLY = timedelta(hours=3)
"""How long before an occurrence somebody may be in its waiting room."""

LONGEST = timedelta(hours=31)
"""After it began nobody joins: Zoom ends a meeting after thirty hours."""

_NOT_FOUND = 404
_NO_REGISTRATION = "registration has not been enabled"
_MEETING_IN_LINK = re.compile(r"/(?:w|j|s)/(\d{9,12})(?:[/?#]|$)", re.ASCII)


def fetch_meeting(service: ZoomService, number: str, sessions: Sequence[Session]) -> FetchedMeeting:
    """Ask for the registrants of a meeting, and for the participants of each occurrence.

    Args:
        service: Zoom's.
        number: The meeting's, figures alone.
        sessions: The course's: occurrences of other days are left out.

    Raises:
        ConfigurationError: If the app is refused, or may not ask this.
        InputError: If there is no such meeting, none of it is of the course, or an answer is not
            of it, is incomplete or is empty.
    """
    occurrences, found = _occurrences(service, number)
    ours = [each for each in found if _is_of(sessions, each)]
    if not ours:
        told = ", ".join(f"{each.began:%Y-%m-%d %H:%M} UTC" for each in found) or "none"
        raise InputError(
            f"meeting {number} has no occurrence on a day of the course; it took place: {told}",
            hint="is it the right meeting? a report is there some minutes after the end; Zoom "
            "forgets old meetings",
        )
    registrants = _registrants(service, number)
    lists = [each for each in (registrants, occurrences) if each is not None]
    lists += [_participants(service, number, each) for each in ours]
    left = tuple(each.began for each in found if each not in ours)
    return FetchedMeeting(number, service.source, tuple(lists), left)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    uuid: str
    began: datetime


def _is_of(sessions: Sequence[Session], occurrence: _Occurrence) -> bool:
    return any(each.began - AROUND <= occurrence.began <= each.ended + AROUND for each in sessions)


def _occurrences(service: ZoomService, number: str) -> tuple[FetchedList, Sequence[_Occurrence]]:
    pages = _Pages("occurrences", "meetings", f"the occurrences of {number}")
    pages.ask(service, f"/past_meetings/{number}/instances")
    found = {}
    for row in pages.rows:
        uuid, began = row.get("uuid"), _instant(row.get("start_time"))
        if not isinstance(uuid, str) or not uuid or not uuid.isascii() or began is None:
            raise pages.wrong("names an occurrence without id or start")
        found[uuid] = _Occurrence(uuid, began)
    return pages.fetched(), sorted(found.values(), key=lambda each: each.began)


def _registrants(service: ZoomService, number: str) -> FetchedList | None:
    """Return who is registered, None where nobody is, or nobody has to."""
    pages = _Pages("registrants", "registrants", f"the registrants of {number}")
    try:
        pages.ask(service, f"/meetings/{number}/registrants", status="approved")
    except RefusedError as error:
        if _NO_REGISTRATION in str(error).casefold():
            return None
        raise
    for row in pages.rows:
        if not row.get("email"):
            raise pages.wrong("names a registrant without an address")
        link = _MEETING_IN_LINK.search(str(row.get("join_url") or ""))
        if link is not None and link[1] != number:
            raise pages.wrong(f"has a registrant of another meeting, {link[1]}")
    return pages.fetched() if pages.rows else None


def _participants(service: ZoomService, number: str, occurrence: _Occurrence) -> FetchedList:
    of = f"the participants of {number} on {occurrence.began:%Y-%m-%d %H:%M} UTC"
    pages = _Pages("participants", "participants", of)
    pages.ask(
        service,
        f"/report/meetings/{encoded(occurrence.uuid)}/participants",
        # Guests have no id of their own: the registration's is what tells who they are.
        include_fields="registrant_id",
    )
    if not pages.rows:
        raise pages.wrong("lists nobody", "a report is complete some minutes after the end")
    for row in pages.rows:
        joined = _instant(row.get("join_time"))
        if joined is None:
            raise pages.wrong("has somebody without a time of joining")
        if not occurrence.began - EARLY <= joined <= occurrence.began + LONGEST:
            told = f"{joined:%Y-%m-%d %H:%M} UTC"
            raise pages.wrong(f"has somebody who joined on {told}: it is of another meeting")
    return pages.fetched(occurrence)


def encoded(uuid: str) -> str:
    """Return an occurrence's id as it stands in a path; twice encoded where Zoom asks for it.

    >>> encoded("ab/c=="), encoded("/ab=="), encoded("a//b")
    ('ab%2Fc%3D%3D', '%252Fab%253D%253D', 'a%252F%252Fb')
    """
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):  # which a day at the calendar's ends is in UTC
        return None


class _Pages:
    """The pages of one list, as they come."""

    def __init__(self, what: str, key: str, of: str) -> None:
        """Hold none yet.

        Args:
            what: As `FetchedList` calls it.
            key: Under which a page has its rows.
            of: How a person is told of the list.
        """
        self._what = what
        self._key = key
        self._of = of
        self._pages: list[bytes] = []
        self._totals: set[int] = set()
        self._tokens: set[str] = set()
        self.rows: list[dict[str, Any]] = []

    def ask(self, service: ZoomService, path: str, **asked: str) -> None:
        """Ask for one page after the other, as long as each names a next one.

        Raises:
            ConfigurationError, InputError: As `fetch_meeting`.
        """
        query = {"page_size": str(PAGE_SIZE), **asked}
        token = ""
        while True:
            content = self._page(
                service, path, query | ({"next_page_token": token} if token else {})
            )
            token = self._take(content)
            if not token:
                break
            if token in self._tokens or len(self._pages) >= MOST_PAGES:
                raise self.wrong("goes on for ever: a page names one that was there")
            self._tokens.add(token)
        if self._totals and self._totals != {len(self.rows)}:
            told = " and ".join(map(str, sorted(self._totals)))
            raise self.wrong(
                f"has {len(self.rows)} entries, and says that there are {told}",
                "it may have changed meanwhile: fetch it again",
            )

    def _page(self, service: ZoomService, path: str, query: dict[str, str]) -> bytes:
        try:
            return service.get(path, query)
        except RefusedError as error:
            if error.status == _NOT_FOUND and _NO_REGISTRATION not in str(error).casefold():
                raise InputError(
                    f"{self._of} cannot be had: {error}",
                    hint="is the number right, and the meeting of this account? Of an old one, "
                    "which Zoom forgets, put a report that was downloaded into the course's files/",
                ) from error
            raise

    def _take(self, content: bytes) -> str:
        """Take a page; return the token of the next, "" for the last."""
        try:
            page = json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise self.wrong("is no JSON") from error
        rows = page.get(self._key) if isinstance(page, dict) else None
        if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
            raise self.wrong(f"has no list of {self._key}")
        if content in self._pages and rows:
            raise self.wrong("has the same page twice")
        self._pages.append(content)
        self.rows += rows
        total = page.get("total_records")
        if isinstance(total, int):
            self._totals.add(total)
        token = page.get("next_page_token") or ""
        return token if isinstance(token, str) else ""

    def fetched(self, occurrence: _Occurrence | None = None) -> FetchedList:
        """Return the list; of an occurrence, where it is one's."""
        pages, count = tuple(self._pages), len(self.rows)
        if occurrence is None:
            return FetchedList(self._what, pages, count)
        return FetchedList(self._what, pages, count, occurrence.uuid, occurrence.began)

    def wrong(self, problem: str, remedy: str = "") -> InputError:
        """Return the error that the answer cannot be used; *problem* follows "Zoom's answer"."""
        return InputError(
            f"{self._of} cannot be used: Zoom's answer {problem}; nothing was kept",
            hint=remedy or "fetch it again; if it stays so, export the report by hand",
        )
