"""A Zoom that plays what Zoom is documented to do, and what would make somebody absent.

It gives tokens that expire, answers in pages, asks to wait, lacks scopes, falls silent, and
mixes meetings up. Nobody here has seen Zoom itself answer: the shapes are its documentation's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, quote, unquote, urlsplit

from running import running

__all__ = [
    "CLIENT", "SECRET", "Meeting", "Occurrence", "Zoom", "connection", "name_app", "registrant",
    "zoom", "zoom_office",
]  # fmt: skip

CLIENT, SECRET, ACCOUNT = "client-1", "a very secret secret", "account-1"
Person = dict[str, object]


def registrant(name: str, email: str, credential: str = "", number: str = "85012345678") -> Person:
    """Return a registrant as Zoom lists one; the host asked for the credit, and for the licence."""
    first, _, last = name.partition(" ")
    return {
        "id": f"reg-{first}",
        "first_name": first,
        "last_name": last,
        "email": email,
        "state": "",
        "status": "approved",
        "create_time": "2020-09-30T12:00:00Z",
        "join_url": f"https://us06web.zoom.us/w/{number}?tk=personal",
        "custom_questions": [
            {"title": "Which CE credit do you need?", "value": credential},
            {"title": "License number", "value": "LMSW 012345"},
        ],
    }


def connection(name: str, join: str, leave: str, *, guest: bool = True) -> Person:
    """Return a connection as Zoom lists one; guests have no id but their registration's."""
    first = name.partition(" ")[0]
    return {
        "id": "" if guest else f"user-{first}",
        "user_id": "16778240",
        "name": name,
        "user_email": "",
        "join_time": join,
        "leave_time": leave,
        "duration": 11_820,
        "registrant_id": f"reg-{first}" if guest else "",
        "failover": False,
        "status": "in_meeting",
    }


@dataclass
class Occurrence:
    """One start of a meeting."""

    uuid: str
    start: str
    people: list[Person]


@dataclass
class Meeting:
    """A meeting: its registrants (None: nobody has to register) and its occurrences."""

    occurrences: list[Occurrence]
    registrants: list[Person] | None = None


@dataclass
class Answer:
    """What is answered once, in place of what was asked."""

    status: int
    body: object = b""
    headers: dict[str, str] = field(default_factory=dict)


class Zoom(ThreadingHTTPServer):
    """Plays Zoom.

    Attributes:
        meetings: By number.
        page: People on a page.
        scopes: What the app may ask: `registrants`, `instances`, `participants`.
        once: Answers that are given first, by a part of the path asked for.
        spoil: Changes a page before it is sent: given its path and its number, from 1.
        lives: How many questions a token is good for.
        asked: Paths that were asked, as they came.
        tokens: Tokens that were given; the last one counts.
        released: Set, lets those go on who wait on `/silent`.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.play({})

    def play(self, meetings: dict[str, Meeting], page: int = 300) -> None:
        """Begin anew, with nothing that goes wrong."""
        self.meetings = meetings
        self.page = page
        self.scopes = {"registrants", "instances", "participants"}
        self.once: dict[str, list[Answer]] = {}
        self.spoil: Callable[[str, int, dict[str, object]], None] = lambda *_: None
        self.lives = 1000
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.left = 0
        self.silent = ""
        self.released = Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that go away are part of it."""


class _Answers(BaseHTTPRequestHandler):
    server: Zoom

    def do_POST(self) -> None:
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = parse_qs(urlsplit(self.path).query)
        if self.headers["Authorization"] != f"Basic {pair}" or asked.get("account_id") != [ACCOUNT]:
            self._answer(
                400, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
            )
            return
        self.server.tokens.append(f"token-{len(self.server.tokens) + 1}")
        self.server.left = self.server.lives
        self._answer(200, {"access_token": self.server.tokens[-1], "expires_in": 3599})

    def do_GET(self) -> None:
        zoom = self.server
        zoom.asked.append(self.path)
        if zoom.silent and zoom.silent in self.path:
            zoom.released.wait(30)
            return
        for part, answers in zoom.once.items():
            if part in self.path and answers:
                first = answers.pop(0)
                self._answer(first.status, first.body, first.headers)
                return
        if not zoom.left or self.headers["Authorization"] != f"Bearer {zoom.tokens[-1]}":
            self._answer(401, {"code": 124, "message": "Access token is expired."})
            return
        zoom.left -= 1
        parts = urlsplit(self.path)
        self._list(parts.path, {key: each[0] for key, each in parse_qs(parts.query).items()})

    def _list(self, path: str, query: dict[str, str]) -> None:
        match path.removeprefix("/v2/").split("/"):
            case ["meetings", number, "registrants"]:
                self._registrants(number, query)
            case ["past_meetings", number, "instances"]:
                self._instances(number)
            case ["report", "meetings", uuid, "participants"]:
                self._participants(uuid, query)
            case _:
                self._answer(404, {"code": 2300, "message": "This API endpoint is not recognized."})

    def _may(self, what: str, scope: str) -> bool:
        if what not in self.server.scopes:
            said = f"Invalid access token, does not contain scopes:[{scope}]."
            self._answer(400, {"code": 4711, "message": said})
        return what in self.server.scopes

    def _registrants(self, number: str, query: dict[str, str]) -> None:
        if not self._may("registrants", "meeting:read:list_registrants:admin"):
            return
        meeting = self.server.meetings.get(number)
        if meeting is None:
            self._missing(number)
        elif meeting.registrants is None:
            said = f"Registration has not been enabled for this meeting: {number}."
            self._answer(404, {"code": 404, "message": said})
        else:
            self._page("registrants", meeting.registrants, query)

    def _instances(self, number: str) -> None:
        if not self._may("instances", "meeting:read:list_past_instances:admin"):
            return
        if (meeting := self.server.meetings.get(number)) is None:
            self._missing(number)
            return
        listed = [{"uuid": it.uuid, "start_time": it.start} for it in meeting.occurrences]
        self._answer(200, {"meetings": listed})

    def _participants(self, encoded: str, query: dict[str, str]) -> None:
        if not self._may("participants", "report:read:list_meeting_participants:admin"):
            return
        for meeting in self.server.meetings.values():
            for each in meeting.occurrences:
                if encoded == _as_zoom_wants(each.uuid):
                    people = each.people
                    if query.get("include_fields") != "registrant_id":
                        people = [{**it, "registrant_id": ""} for it in people]
                    self._page("participants", people, query)
                    return
        self._missing(unquote(encoded))

    def _missing(self, what: str) -> None:
        self._answer(404, {"code": 3001, "message": f"Meeting does not exist: {what}."})

    def _page(self, key: str, rows: Sequence[Person], query: dict[str, str]) -> None:
        size = min(self.server.page, int(query["page_size"]))
        begin = int(query.get("next_page_token", "t0")[1:])
        further = begin + size < len(rows)
        page: dict[str, object] = {
            "page_size": size,
            "total_records": len(rows),
            "next_page_token": f"t{begin + size}" if further else "",
            key: list(rows[begin : begin + size]),
        }
        self.server.spoil(self.path, begin // size + 1, page)
        self._answer(200, page)

    def _answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _as_zoom_wants(uuid: str) -> str:
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


@contextmanager
def zoom() -> Iterator[Zoom]:
    """Run a Zoom until the block ends."""
    with running(Zoom()) as server:
        try:
            yield server
        finally:
            server.released.set()


def name_app(folder: Path, server: Zoom) -> None:
    """Name an app of this Zoom in the office's file; its secret is in a file beside it."""
    with (folder / "cecert.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'\n[zoom]\naccount_id = "{ACCOUNT}"\nclient_id = "{CLIENT}"\n'
            f'client_secret_file = "zoom.secret"\napi_url = "{server.base}/v2/"\n'
            f'token_url = "{server.base}/oauth/token"\n'
        )
    secret = folder / "zoom.secret"
    secret.write_text(f"{SECRET}\n", "utf-8")
    secret.chmod(0o600)


@contextmanager
def zoom_office(folder: Path) -> Iterator[str]:
    """Let an office fetch one meeting, whose number is yielded, with an occurrence too many."""
    people = [connection("Ana Ruiz", "2020-10-22T16:57:10Z", "2020-10-22T20:16:20Z")]
    starts = ("2020-10-22T16:40:00Z", "2020-10-01T16:40:00Z")
    occurrences = [Occurrence(f"u{start}", start, people) for start in starts]
    with zoom() as server:
        server.meetings["85012345678"] = Meeting(occurrences)
        name_app(folder, server)
        yield "85012345678"
