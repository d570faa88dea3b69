"""What a host says the time is and has of the log, and what it says that is no time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from running import running

from cecert.adapters.site.host import SiteAnswer, site_answer


class _Host(BaseHTTPRequestHandler):
    date = ""
    age = "0"

    def do_GET(self) -> None:
        self.send_response_only(200 if self.path == "/log/checkpoint" else 404)
        self.send_header("Date", self.date)
        self.send_header("Age", self.age)
        self.end_headers()
        self.wfile.write(b"a note")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_host_that_says_no_time_is_not_compared_and_nobody_hears_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unheard: list[object] = []
    monkeypatch.setattr(threading, "excepthook", unheard.append)
    with running(HTTPServer(("127.0.0.1", 0), _Host)) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(_Host, "date", "Thu, 05 Nov 2020 15:00:00 GMT")
        monkeypatch.setattr(_Host, "age", "60")
        at = datetime(2020, 11, 5, 15, 1, tzinfo=UTC)
        assert site_answer(url) == SiteAnswer(at, b"a note")
        assert site_answer(f"{url}without/") == SiteAnswer(at)
        monkeypatch.setattr(_Host, "age", "9" * 9)
        for said in ("Fri, 31 Dec 9999 23:59:59 -0500", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"):
            monkeypatch.setattr(_Host, "date", said)
            assert site_answer(url).at is None
    assert unheard == []
