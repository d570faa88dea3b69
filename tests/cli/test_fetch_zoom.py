"""`fetch zoom`: from a Zoom of the project's own to a course's `files/`, and on to `collect`."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from zoom_service import (
    SECRET,
    Answer,
    Meeting,
    Occurrence,
    Zoom,
    connection,
    name_app,
    registrant,
    zoom,
)

from cecert.adapters.zoom import Patience
from cecert.errors import CecertError
from cecert.office import Office, create_office
from cecert.office.collect.fetch import fetch_zoom

Cecert = Callable[..., tuple[int, str, str]]
NUMBER = "85012345678"
SECOND = "85087654321"
PEOPLE = {
    "Ana Ruiz": ("ana.ruiz@example.org", "NY Social Work"),
    "Ben Cho": ("ben@example.net", "NY Social Work"),
    "Ida Sørby": ("ida.sorby@example.org", ""),
}
DAY_1, DAY_2 = ("2020-10-22T16:57:10Z", "2020-10-22T20:16:20Z"), (
    "2020-10-29T16:57:10Z", "2020-10-29T20:16:20Z",
)  # fmt: skip


def seminar() -> Meeting:
    """Return the seminar as one meeting that recurs; its ids are those that are hard to ask for."""

    def people(day: tuple[str, str]) -> list[dict[str, object]]:
        host = connection("Mary Curtin", *day, guest=False)
        return [host, *(connection(each, *day) for each in PEOPLE)]

    return Meeting(
        occurrences=[
            Occurrence("/first+day==", "2020-10-22T16:40:00Z", people(DAY_1)),
            Occurrence("second//day==", "2020-10-29T16:40:00Z", people(DAY_2)),
            Occurrence("a/re+hearsal==", "2020-10-01T16:40:00Z", []),
        ],
        registrants=[registrant(name, *who) for name, who in PEOPLE.items()],
    )


@pytest.fixture
def server() -> Iterator[Zoom]:
    with zoom() as server:
        server.meetings[NUMBER] = seminar()
        server.page = 2
        yield server


@pytest.fixture
def office(tmp_path: Path, server: Zoom, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an office with an app of Zoom's, and return the course's folder of exports."""
    folder = tmp_path / "office"
    create_office(folder)
    name_app(folder, server)
    (folder / "completions.csv").unlink()
    monkeypatch.chdir(folder)
    for name in ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"CECERT_ZOOM_{name}", raising=False)
    return folder / "files"


def tree(files: Path) -> dict[str, bytes]:
    """Return what a person sees in a folder: the locks beside it are hidden."""
    found = sorted(files.rglob("*")) if files.exists() else []
    return {
        each.relative_to(files).as_posix(): each.read_bytes() if each.is_file() else b""
        for each in found
        if not each.name.startswith(".")
    }


def attended(files: Path) -> dict[str, str]:
    with (files.parent / "completions.csv").open(encoding="utf-8-sig", newline="") as file:
        return {each["name"]: each["attended"] for each in csv.DictReader(file)}


def test_a_recurring_meeting_is_fetched_page_by_page_and_collected(
    office: Path, server: Zoom, cecert: Cecert
) -> None:
    server.lives = 3
    server.once["/registrants"] = [
        Answer(429, {"message": "slow"}, {"Retry-After": each})
        for each in ("0", "Thu, 22 Oct 2020 13:00:00 GMT")
    ]
    status, out, err = cecert("fetch", "zoom", "850 1234 5678", "--course", "mbt-2020-10")
    assert (status, out) == (0, f"files/zoom-{NUMBER}\n"), err
    assert len(server.tokens) > 2
    assert [each.removeprefix("cecert: ") for each in err.splitlines()] == [
        "warning: Zoom answers 429: waiting 0 s",
        "warning: Zoom answers 429: waiting 0 s",
        f"{NUMBER}: 3 registrants (2 pages)",
        f"{NUMBER}: 2020-10-22 12:40: 4 connections (2 pages)",
        f"{NUMBER}: 2020-10-29 12:40: 4 connections (2 pages)",
        f"{NUMBER}: left out, on no day of the course: 2020-10-01 12:40",
        "next: cecert collect mbt-2020-10",
    ]
    # Every page as it came, with its digest; nothing secret in any of them.
    kept = tree(office)
    index = json.loads(kept[f"zoom-{NUMBER}/fetched.json"])
    pages = [page for each in index["lists"] for page in each["pages"]]
    assert [each["list"] for each in index["lists"]] == [
        "registrants", "occurrences", "participants", "participants",
    ]  # fmt: skip
    assert len(pages) == 7
    for page in pages:
        content = kept[f"zoom-{NUMBER}/{page['file']}"]
        assert hashlib.sha256(content).hexdigest() == page["sha256"]
    second = json.loads(kept[f"zoom-{NUMBER}/{pages[1]['file']}"])
    assert [each["email"] for each in second["registrants"]] == ["ida.sorby@example.org"]
    told = out + err + "".join(each.decode() for each in kept.values())
    assert all(each not in told for each in (SECRET, *server.tokens))
    assert {each.stat().st_mode & 0o077 for each in office.rglob("*")} == {0}

    status, _, err = cecert("collect", "mbt-2020-10")
    assert status == 0, err
    stem = f"zoom-{NUMBER}"
    first, last = f"{stem}-20201022T164000Z-page1.json", f"{stem}-20201029T164000Z-page1.json"
    known = "as attendance (zoom_api, 4 rows: the header of this format"
    registered = "(zoom_api_registrants, 3 rows: names, addresses and states"
    pages_told = "; 2 pages, read as one list)"
    taken = [each for each in err.splitlines() if "taken: " in each]
    assert [each.removeprefix("cecert: taken: ") for each in taken] == [
        f"{stem}-registrants-page1.json as registration {registered}{pages_told}",
        f"{first} {known}{pages_told}",
        f"{last} {known}{pages_told}",
    ]
    assert f"note: {first}: 2 pages are read as one list: {first} (SHA-256 " in err
    # Guests are known by their registration, and Ida by hers on the second page.
    assert attended(office) == dict.fromkeys(PEOPLE, "day-1;day-2")

    # The same again is told, writes nothing, and counts nobody twice.
    status, _, err = cecert("fetch", "zoom", NUMBER, NUMBER)
    assert (status, "the same as was fetched before; nothing was written" in err) == (0, True)
    assert tree(office) == kept
    # What has changed takes the place of what was there.
    server.meetings[NUMBER].registrants += [registrant("Late Comer", "late@example.org")]  # type: ignore[operator]
    status, out, _ = cecert("fetch", "zoom", NUMBER, "--course", "course.toml", "--json")
    (meeting,) = json.loads(out)["meetings"]
    assert (status, meeting["changed"], meeting["lists"][0]["rows"]) == (0, True, 4)
    assert len(list((office / stem).iterdir())) == 2
    assert cecert("collect", "mbt-2020-10")[0] == 0
    assert attended(office) == {**dict.fromkeys(PEOPLE, "day-1;day-2"), "Late Comer": ""}


def refused(office: Office, *numbers: str, answer: float = 5.0) -> str:
    """Return the error of a fetch that fails; it leaves what was there."""
    files = office.file.folder / "files"
    before = tree(files)
    patience = Patience(answer=answer, pause=lambda _: None)
    path = office.file.folder / "course.toml"
    course = office.course(path)
    with pytest.raises(CecertError) as caught:
        fetch_zoom(office, path, course, numbers or (NUMBER,), patience)
    assert tree(files) == before
    said = f"{caught.value}; {caught.value.hint}"
    assert SECRET not in said
    return said


@contextmanager
def opened(files: Path) -> Iterator[Office]:
    with Office.open(files.parent / "cecert.toml", environ={}) as office:
        yield office


def once(part: str, *answers: Answer) -> Callable[[Zoom], None]:
    return lambda server: server.once.update({part: list(answers)})


def spoilt(part: str, number: int, **changed: object) -> Callable[[Zoom], None]:
    """Change a page of a list before it is sent."""

    def spoil(path: str, page: int, content: dict[str, object]) -> None:
        if part in path and page == number:
            content.update(changed)

    return lambda server: setattr(server, "spoil", spoil)


def lacking(scope: str) -> Callable[[Zoom], None]:
    return lambda server: server.scopes.remove(scope)


def meeting(**changed: object) -> Callable[[Zoom], None]:
    return lambda server: server.meetings.update(
        {NUMBER: Meeting(**{**vars(seminar()), **changed})}
    )


STRANGER = connection("Stray", "2020-11-22T16:57:10Z", "2020-11-22T20:16:20Z")
ELSEWHERE = registrant("Eve", "eve@example.org", number="89999999999")
UNPRONOUNCED = {"uuid": "\ud800", "start_time": "2020-10-22T17:00:00Z"}
EARLIEST = {"join_time": "0001-01-01T00:00:00+05:00"}
DAILY = Answer(429, {"message": "daily"}, {"Retry-After": "2126-11-30T00:00:00Z"})
REPEATED = Answer(
    200,
    {
        "registrants": [registrant("Ana", "a@example.org")],
        "next_page_token": "t",
        "total_records": 9,
    },
)
BAD = {
    "a scope is missing": (lacking("participants"), "does not contain scopes:[report:read:list"),
    "another scope": (lacking("instances"), "give the app the scopes report:read:list_"),
    "no token lives": (lambda server: setattr(server, "lives", 0), "Zoom refuses the token"),
    "no such meeting": (lambda server: server.meetings.clear(), f"does not exist: {NUMBER}"),
    "never took place": (meeting(occurrences=[]), "no occurrence on a day of the course; it took"),
    "of other days": (
        meeting(occurrences=[Occurrence("a", "2019-10-22T16:40:00Z", [])]),
        "it took place: 2019-10-22 16:40 UTC",
    ),
    "nobody is listed": (
        meeting(occurrences=[Occurrence("a", "2020-10-22T16:40:00Z", [])]),
        "Zoom's answer lists nobody",
    ),
    "people of another meeting": (
        meeting(occurrences=[Occurrence("a", "2020-10-22T16:40:00Z", [STRANGER])]),
        "has somebody who joined on 2020-11-22 16:57 UTC: it is of another meeting",
    ),
    "registrants of another meeting": (
        meeting(registrants=[ELSEWHERE]), "has a registrant of another meeting, 89999999999",
    ),
    "a page of another list": (
        spoilt("/participants", 2, total_records=77),
        "has 4 entries, and says that there are 4 and 77",
    ),
    "a page without its people": (
        spoilt("/registrants", 2, registrants=[]), "has 2 entries, and says that there are 3",
    ),
    "somebody who joined before all calendars": (
        once("/participants", Answer(200, {"participants": [EARLIEST]})),
        "has somebody without a time of joining",
    ),
    "an occurrence whose id no path can hold": (
        once("/instances", Answer(200, {"meetings": [UNPRONOUNCED]})),
        "names an occurrence without id or start",
    ),
    "a page that leads back": (spoilt("/registrants", 2, next_page_token="t2"), "goes on for ever"),
    "the same page for ever": (once("/registrants", REPEATED, REPEATED), "has the same page twice"),
    "a page of something else": (
        spoilt("/participants", 1, participants="none"), "has no list of participants",
    ),
    "no JSON": (once("/registrants", Answer(200, b"<html>")), "Zoom's answer is no JSON"),
    "a day to wait": (once("/registrants", DAILY), "Zoom asks to wait"),
    "always busy": (once("/registrants", *[Answer(429, b"")] * 5), "answers 429 again and again"),
    "always broken": (once("/instances", *[Answer(503, b"")] * 5), "answers 503 again and again"),
    "elsewhere": (
        once("/instances", Answer(302, b"", {"Location": "https://example.org/"})), "status 302",
    ),
    "its own words repeat a secret": (
        once("/instances", Answer(400, {"code": 1, "message": f"no {SECRET}\x1b[2J!"})),
        "no ... [2J!",
    ),
}  # fmt: skip


def test_what_is_not_fetched_whole_changes_nothing(office: Path, server: Zoom) -> None:
    told = {}
    with opened(office) as desk:
        for case, (spoil, _) in BAD.items():
            server.play({NUMBER: seminar()}, page=2)
            spoil(server)
            told[case] = refused(desk)
    assert [case for case, (_, said) in BAD.items() if said not in told[case]] == []


def test_silence_is_told_and_waited_for_no_longer_than_stated(office: Path, server: Zoom) -> None:
    server.silent = "/participants"
    with opened(office) as desk:
        said = refused(desk, answer=0.1)
        assert "127.0.0.1" in said
        assert "does not answer; nothing was kept" in said
        server.released.set()
        server.shutdown()
        server.socket.close()
        assert "cannot be asked" in refused(desk)


def test_of_several_meetings_none_is_kept_if_one_fails(office: Path, cecert: Cecert) -> None:
    with opened(office) as desk:
        assert f"the occurrences of {SECOND} cannot be had" in refused(desk, NUMBER, SECOND)
        assert cecert("fetch", "zoom", NUMBER, "--course", "course.toml")[0] == 0
        assert f"the occurrences of {SECOND} cannot be had" in refused(desk, NUMBER, SECOND)


def test_a_disk_that_is_full_leaves_what_was_there(
    office: Path, server: Zoom, cecert: Cecert, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.meetings[SECOND] = seminar()
    server.meetings[SECOND].registrants = None
    for each in server.meetings[SECOND].occurrences:
        each.uuid = f"{each.uuid}2"
    written = []

    def full(folder: Path, _: object) -> None:
        written.append(folder)
        if len(written) > 1:
            raise OSError(28, "No space left on device", str(folder))

    both = ("fetch", "zoom", NUMBER, SECOND, "--course", "course.toml")
    with monkeypatch.context() as patched:
        patched.setattr("cecert.adapters.collect_files.fetched.write_files", full)
        status, _, err = cecert(*both)
    assert (status, "No space left on device; nothing was kept" in err) == (2, True)
    assert tree(office) == {}
    status, _, err = cecert(*both)
    assert (status, f"{SECOND}: nobody is registered with Zoom" in err) == (0, True)


def test_what_a_fetch_left_that_was_killed_is_told_and_the_next_one_removes_it(
    office: Path, cecert: Cecert
) -> None:
    left = office / f"zoom-{NUMBER}" / "20201102T151233Z"
    left.mkdir(parents=True)
    (left / "page.json").write_text("{}")
    status, _, err = cecert("collect", "course.toml")
    assert (status, "holds no fetch that was finished (run it again, or remove it)" in err) == (
        2,
        True,
    )
    assert cecert("fetch", "zoom", NUMBER, "--course", "course.toml")[0] == 0
    assert not left.exists()
    # And one that was killed beside what was fetched before changes nothing of it.
    shutil.copytree(next(each for each in left.parent.iterdir() if each.is_dir()), left)
    assert cecert("collect", "course.toml")[0] == 0


def test_a_page_is_never_read_alone_or_changed(office: Path, cecert: Cecert) -> None:
    assert cecert("fetch", "zoom", NUMBER, "--course", "course.toml")[0] == 0
    pages = {each.name.removeprefix(f"zoom-{NUMBER}-"): each for each in office.rglob("*page*")}
    first, second = (pages[f"20201022T164000Z-page{number}.json"] for number in (1, 2))
    status, out, _ = cecert("inspect", str(first), "--json")
    assert (status, json.loads(out)["rows"]) == (0, 4)
    status, _, err = cecert("inspect", str(second))
    assert (status, f"is page 2 of a list (name {first.name}, which stands for all" in err) == (
        2,
        True,
    )
    second.write_bytes(second.read_bytes().replace(b"Ben", b"Bea"))
    status, _, err = cecert("collect", "course.toml")
    assert (status, f"{first.name}: cannot" in err or "is not as it was fetched" in err) == (
        2,
        True,
    )
    second.unlink()
    assert "cannot be read" in cecert("collect", "course.toml")[2]
    index = first.parent.parent / "fetched.json"
    text = index.read_text()
    for changed in (
        "{",
        text.replace('"format": 1', '"format": 9'),
        text.replace("2020", "../2020"),
    ):
        index.write_text(changed)
        status, _, err = cecert("collect", "course.toml")
        assert (status, "fetched.json" in err) == (2, True), err


def test_lists_that_are_given_by_hand_win_over_those_fetched(
    office: Path, server: Zoom, cecert: Cecert
) -> None:
    server.meetings[SECOND] = seminar()
    for occurrence in server.meetings[SECOND].occurrences:
        occurrence.uuid = f"{occurrence.uuid}2"
    for person in server.meetings[SECOND].registrants or ():
        person["join_url"] = ""
    assert cecert("fetch", "zoom", NUMBER, SECOND, "--course", "course.toml")[0] == 0
    status, _, err = cecert("collect", "course.toml")
    assert (status, "are both lists of registrations" in err) == (2, True)
    first = next((office / f"zoom-{NUMBER}").rglob("*registrants-page1.json"))
    status, _, err = cecert("collect", "course.toml", "--registrations", str(first))
    assert status == 0, err
    # Two reports of the same hours count once.
    assert attended(office) == dict.fromkeys(PEOPLE, "day-1;day-2")


def test_what_is_missing_or_no_number_is_named(
    office: Path, cecert: Cecert, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = office.parent / "cecert.toml"
    text = config.read_text("utf-8")
    fetch = ("fetch", "zoom", NUMBER, "--course", "course.toml")
    monkeypatch.setenv("CECERT_ZOOM_CLIENT_SECRET", "another")
    status, _, err = cecert(*fetch)
    assert (status, "Zoom gives no token: Invalid client_id or client_secret" in err) == (2, True)
    assert "another" not in err
    monkeypatch.delenv("CECERT_ZOOM_CLIENT_SECRET")
    bare = text.partition("[zoom]")[0]
    config.write_text(bare, "utf-8")
    said = "Zoom cannot be asked: account_id and client_id and the client secret are missing"
    assert said in cecert(*fetch)[2]
    base = 'api_url = "http://api.example.org/v2"\n'
    for key, problem in (
        (base, "is not an https address: secrets go there"),
        ('api_url = "https://u:p@example.org"\n', "is not a plain address"),
        ('client_secret = "x"\n', "would put a secret into the file"),
        ('client_secret_file = "gone"\n', "is no file"),
    ):
        config.write_text(f"{bare}[zoom]\n{key}", "utf-8")
        status, _, err = cecert(*fetch)
        assert (status, problem in err) == (2, True), err
    config.write_text(text, "utf-8")
    cecert("new", "another", "--like", "course.toml")
    status, _, err = cecert("fetch", "zoom", NUMBER)
    assert (status, "this office has several courses: mbt-2020-10, another" in err) == (2, True)
    monkeypatch.chdir("courses/another")
    assert cecert("fetch", "zoom", NUMBER)[0] == 0
    status, _, err = cecert("fetch", "zoom", "my meeting", "--course", "course.toml")
    assert (status, "'my meeting' is no number of a Zoom meeting" in err) == (2, True)
    assert not office.exists()
