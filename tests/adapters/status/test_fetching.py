"""Getting status lists over HTTP, from a real server that behaves as hosts do, and worse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Event
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from running import running

from cecert.adapters.status import StatusLists
from cecert.adapters.status.cache import CachedList, Shelf
from cecert.adapters.status.http import LARGEST_FILE, Hosts, fetch_all
from cecert.adapters.status.source import LARGEST_LIST, lists_in


class Host(ThreadingHTTPServer):
    """A host; `answers` says what it serves, `asked` what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, str | None]] = []
        self.body = b"a list"
        self.released = Event()
        self.headers: dict[str, str] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that go away in the middle are the point."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        known = self.headers.get("If-None-Match")
        self.server.asked.append((self.path, known))
        if self.path.startswith("/slow"):
            self.server.released.wait(60)
        if self.path.startswith("/elsewhere"):
            self._redirect(f"http://localhost:{self.server.server_port}/3.st")
        elif self.path.startswith("/moved"):
            self._redirect("/3.st")
        elif self.path.startswith("/missing"):
            self.send_error(404)
        elif self.path.startswith("/unasked") or (
            known is not None and known == self.server.headers.get("ETag")
        ):
            self._answer(304, b"")
        else:
            self._answer(200, self.server.body)

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[Host]:
    with running(Host()) as server:
        yield server
        server.released.set()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


NOTHING = Shelf(None)


def test_a_list_is_fetched_without_query_or_cookie(host: Host) -> None:
    url = f"{host.base}/3.st"
    assert fetch_all([url, url], NOTHING) == {url: b"a list"}
    assert host.asked == [("/3.st", None)]


def test_a_fresh_list_is_not_asked_for_again(host: Host, shelf: Shelf) -> None:
    host.headers = {"Cache-Control": "public, max-age=3600"}
    url = f"{host.base}/3.st"
    fetch_all([url], shelf)
    host.body = b"newer"
    assert fetch_all([url], shelf) == {url: b"a list"}
    assert len(host.asked) == 1


def test_what_was_fetched_while_this_clock_was_ahead_is_asked_for_again(
    host: Host, shelf: Shelf
) -> None:
    url = f"{host.base}/3.st"
    shelf.keep(url, CachedList(b"of a year to come", "", time.time() + 365 * 86_400))
    assert fetch_all([url], shelf) == {url: host.body}
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "max-age=0"},
        {"Cache-Control": "no-cache, max-age=3600"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "max-age=60", "Age": "60"},
        {"Cache-Control": "x-max-age=60"},
        {},
    ],
)
def test_a_list_that_is_not_fresh_is_asked_for_again(
    headers: dict[str, str], host: Host, shelf: Shelf
) -> None:
    host.headers = headers
    url = f"{host.base}/3.st"
    fetch_all([url], shelf)
    host.body = b"newer"
    assert fetch_all([url], shelf) == {url: b"newer"}


def test_a_list_that_has_not_changed_is_not_sent_again(host: Host, shelf: Shelf) -> None:
    host.headers = {"ETag": '"v1"'}
    url = f"{host.base}/3.st"
    fetch_all([url], shelf)
    assert fetch_all([url], shelf) == {url: b"a list"}
    assert host.asked == [("/3.st", None), ("/3.st", '"v1"')]


def test_an_answer_of_not_modified_to_nobodys_question_is_no_list(host: Host) -> None:
    assert fetch_all([f"{host.base}/unasked", f"{host.base}/missing"], NOTHING) == {}


def test_redirects_stay_on_the_host(host: Host) -> None:
    moved, elsewhere = f"{host.base}/moved", f"{host.base}/elsewhere"
    assert fetch_all([moved, elsewhere], NOTHING) == {moved: b"a list"}


def test_all_hosts_together_have_one_deadline(host: Host) -> None:
    quick, slow = f"{host.base}/3.st", f"{host.base}/slow"
    found = fetch_all([slow, f"{host.base}/slow2", quick], NOTHING, seconds=3)
    assert found == {quick: b"a list"}


def test_a_silent_host_is_waited_for_once_however_much_is_verified(host: Host) -> None:
    source = StatusLists("root", None, seconds=2)
    for list_id in (1, 1, 1, 2, 3, 4):
        assert source.lists([f"{host.base}/slow"], list_id).served == ()
    assert source.reattested([f"{host.base}/slow"], "a.reattested") == []
    assert [path for path, _ in host.asked] == ["/slow/1.st"]


def test_certificates_on_one_list_cost_one_question_a_round(host: Host) -> None:
    url = f"{host.base}/3.st"
    hosts = Hosts(NOTHING)
    assert [hosts.files([url]) for _ in range(3)] == [{url: b"a list"}] * 3
    assert len(host.asked) == 1
    hosts = Hosts(NOTHING, every=0)
    assert [hosts.files([url]) for _ in range(2)] == [{url: b"a list"}] * 2
    assert len(host.asked) == 3


def test_what_is_kept_and_fresh_needs_no_time_of_any_host(host: Host, shelf: Shelf) -> None:
    url = f"{host.base}/3.st"
    shelf.keep(url, CachedList(b"kept", "", time.time() + 60))
    assert fetch_all([url, f"{host.base}/4.st"], shelf, seconds=0) == {url: b"kept"}
    assert host.asked == []


def test_a_file_without_end_is_given_up(host: Host) -> None:
    host.body = bytes(LARGEST_FILE + 1)
    assert fetch_all([f"{host.base}/3.st"], NOTHING) == {}


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:1/", "http://[x/", "nothing"],
)
def test_other_addresses_give_nothing(url: str) -> None:
    assert fetch_all([url], NOTHING) == {}


def test_a_shelf_that_cannot_be_written_or_read_keeps_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    shelf = Shelf(blocked)
    shelf.keep("name", CachedList(b"x", "", 0))
    assert shelf.kept("name") is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}\nx", b"[]\nx", b"\xff\n", b'{"etag":"","fresh_until":"x"}\n', b"[" * 9000 + b"\n",
        b'{"etag":"","fresh_until":1' + b"0" * 400 + b"}\n",
    ],
)  # fmt: skip
def test_a_damaged_file_on_the_shelf_is_nothing(content: bytes, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep("name", CachedList(b"x\ny", "e", 1.5))
    assert shelf.kept("name") == CachedList(b"x\ny", "e", 1.5)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(content)
    assert shelf.kept("name") is None


def bundle(**members: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/") + ".st", content)
        archive.writestr("trust/school.cose", b"not a list")
    return out.getvalue()


def test_a_bundle_gives_its_lists_and_nothing_larger_than_a_list() -> None:
    bomb = bytes(LARGEST_LIST + 1)
    assert lists_in(bundle(status_0=b"zero", status_1=bomb, status_2=b"two")) == (b"zero", b"two")


def test_a_damaged_bundle_is_a_bad_list_and_a_file_is_one_list() -> None:
    whole = bundle(status_0=b"zero")
    assert lists_in(whole[:-10]) == (b"",)
    assert lists_in(whole.replace(b"zero", b"zer0", 1)) in {(b"",), (b"zero",)}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_LZMA) as archive:  # which is unpacked without a limit
        archive.writestr("status/0.st", b"zero")
    assert lists_in(out.getvalue()) == (b"",)
    assert lists_in(b"a list") == (b"a list",)
    assert len(lists_in(bytes(1 << 20))[0]) == LARGEST_LIST + 1


def test_files_hosts_and_the_kept_list_are_offered_together(host: Host, tmp_path: Path) -> None:
    source = StatusLists(
        "root", tmp_path, [b"from a file", bundle(status_3=b"bundled")], [f"{host.base}/named.st"]
    )
    source.keep(3, b"kept")
    offered = source.lists([f"{host.base}/status/"], 3)
    assert set(offered.served) == {b"from a file", b"bundled", b"a list"}
    assert offered.kept == b"kept"
    assert {path for path, _ in host.asked} == {"/named.st", "/status/3.st"}
    assert source.lists([], 4).kept is None


def test_nothing_is_asked_where_nothing_is_named() -> None:
    offered = StatusLists("root", None).lists([], 3)
    assert (offered.served, offered.kept) == ((), None)


def test_two_schools_do_not_share_what_is_kept(tmp_path: Path) -> None:
    StatusLists("one", tmp_path).keep(3, b"kept")
    assert StatusLists("two", tmp_path).lists([], 3).kept is None
