"""Rosters by profile, reports to CE Broker and yearly reports, as they are typed."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import pytest
import storage_calls
import xlrd
from kills import Kill, KilledError
from openpyxl import load_workbook

from cecert.adapters.storage import folder_lock
from cecert.adapters.storage.atomic import new_file
from cecert.cli import main
from cecert.office import Office
from cecert.office.papers.report import WORK_LIST_COLUMNS, Reported, report_to_cebroker

Run = Callable[..., tuple[int, str, str]]

ACCOUNT = """
[export.cebroker]
provider = "1234"

[[export.cebroker.course]]
id = "mbt-2020-10"
number = "567890"

[[export.cebroker.profession]]
credential = "ny-social-work"
state = "NY"
code = "12"
titles = ["LMSW", "LCSW"]

[[export.cebroker.profession]]
credential = "ma-social-work"
state = "MA"
code = "34"
"""
REVOKE = ("--reason-class", "issued-in-error", "--reason", "a mistake", "--yes")


@pytest.fixture
def office(issued_office: Path) -> Path:
    """Stand in an office of five certificates that has an account with CE Broker."""
    with (issued_office / "cecert.toml").open("a", encoding="utf-8") as file:
        file.write(ACCOUNT)
    return issued_office


def sheet(path: Path) -> list[list[object]]:
    book = xlrd.open_workbook(path)
    return [book.sheet_by_index(0).row_values(row) for row in range(book.sheet_by_index(0).nrows)]


def licences(path: Path) -> list[str]:
    return [str(row[4]) for row in sheet(path)]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def number_of(cecert: Run, whom: str) -> str:
    return str(json.loads(cecert("find", whom, "--json")[1])["found"][0]["id"])


ALL = ["012345", "067891", "1234", "223344"]


def test_what_is_new_is_written_once_and_a_second_run_writes_nothing(
    cecert: Run, office: Path
) -> None:
    status, out, err = cecert("export", "cebroker", "-o", "one.xls")
    assert (status, out) == (0, "one.xls\n")
    assert "4 rows for CE Broker, noted as reported" in err
    rows = sheet(Path("one.xls"))
    assert rows[0] == [
        "1234", "567890", "", "", "012345", 44133.0, "State=NY", "Profession=12",
    ]  # fmt: skip
    assert licences(Path("one.xls")) == ALL
    assert stat.S_IMODE(Path("one.xls").stat().st_mode) == 0o600
    (kept,) = (office / "reported").glob("*.xls")
    assert kept.read_bytes() == Path("one.xls").read_bytes()
    for name in ("one.xls", "two.xls"):
        status, out, err = cecert("export", "cebroker", "--course", "course.toml", "-o", name)
        assert (status, out) == (0, "")
        assert "nothing is new for CE Broker; no file was written" in err
    assert not Path("two.xls").exists()
    with Office.open(office / "cecert.toml") as opened:
        assert list(opened.ledger.irregularities()) == []


def test_what_is_revoked_after_it_was_reported_is_listed_for_a_person(
    cecert: Run, office: Path
) -> None:
    cecert("export", "cebroker", "-o", "one.xls")
    adeyemi = number_of(cecert, "adeyemi")
    for state in ("is revoked", "was revoked before"):
        status, _, err = cecert("revoke", adeyemi, *REVOKE)
        assert (status, f"{adeyemi} {state}" in err) == (0, True)
        assert re.search(rf"CE Broker was told of {adeyemi} on .+, 20\d\d: take it back there", err)
        assert "hint: cecert export settled ID --reason TEXT" in err
    status, out, err = cecert("export", "cebroker", "-o", "two.xls")
    assert (status, out) == (0, "two.work-list.csv\n")
    assert not Path("two.xls").exists()
    assert f"Margaret Adeyemi ({adeyemi}) was reported, and is revoked now: take it back" in err
    (listed,) = table(Path("two.work-list.csv"))
    assert tuple(listed) == WORK_LIST_COLUMNS
    assert listed["why"] == "issued-in-error: a mistake"
    assert listed["told"] == "NY 012345, profession 12, 2020-10-29"
    assert listed["reported_in"] == next((office / "reported").glob("*.xls")).name
    assert listed["to_do"] == "take it back there"
    done = cecert("export", "settled", adeyemi, "--reason", "taken back by telephone")
    assert (done[0], done[1]) == (0, "")
    assert "1 certificate noted as settled" in done[2]
    assert cecert("export", "cebroker", "-o", "three.xls")[1] == ""
    assert not list(Path().glob("three*"))
    assert "CE Broker" not in cecert("revoke", adeyemi, *REVOKE)[2]
    assert "settled by Mary: CE Broker: taken back by telephone" in cecert("show", adeyemi)[1]


@pytest.mark.parametrize(
    ("change", "words", "told"),
    [
        ((), ("-o", "r.csv"), "hint: name a file that ends in .xls"),
        ((), ("-o", "missing/r.xls"), "missing/r.xls cannot be written: there is no such folder"),
        ((), ("-o", "there.xls"), "there.xls is there already; nothing was noted"),
        ((), ("--course", "mbt-2021", "-o", "r.xls"), "course mbt-2021 is none that CE Broker"),
        (("[export.cebroker]", "[other]"), ("-o", "r.xls"), "other: is no known key"),
        (('"LMSW", "LCSW"', '"LCSW"'), ("-o", "r.xls"), "Margaret Adeyemi ("),
        (('provider = "1234"', 'provider = "50-1234"'), ("-o", "r.xls"), "the number without 50-"),
        (('number = "567890"', ""), ("-o", "r.xls"), "an id of your own there: one of them"),
        (('state = "NY"', 'state = "New York"'), ("-o", "r.xls"), "profession[1].state"),
        (
            ('credential = "ny-social-work"\nstate', 'credential = "ny"\nstate'),
            ("-o", "r.xls"),
            "no regime file knows ny",
        ),
    ],
)
def test_what_cannot_be_reported_writes_and_notes_nothing(
    cecert: Run, office: Path, change: tuple[str, str], words: tuple[str, ...], told: str
) -> None:
    config = office / "cecert.toml"
    text = config.read_text("utf-8")
    if change:
        assert change[0] in text
        config.write_text(text.replace(*change, 1), "utf-8")
    Path("there.xls").write_bytes(b"the report of before")
    status, out, err = cecert("export", "cebroker", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert Path("there.xls").read_bytes() == b"the report of before"
    assert not list(Path().glob("r*.xls"))
    config.write_text(text, "utf-8")
    assert cecert("export", "cebroker", "-o", "after.xls")[0] == 0
    assert licences(Path("after.xls")) == ALL


def owed(cecert: Run) -> list[tuple[str, str, str]]:
    document = json.loads(cecert("due", "--json")[1])
    return [(e["day"], e["what"], e["remedy"]) for e in document["due"] if e["kind"] == "report"]


def test_correct_says_what_to_do_of_what_ce_broker_was_told(cecert: Run, office: Path) -> None:
    told = r"CE Broker was told of {} on .+, 20\d\d: {}"
    adeyemi, other = number_of(cecert, "adeyemi"), number_of(cecert, "khai")
    words = ("--reason", "misread", "--yes")
    assert "CE Broker" not in cecert("correct", other, "--name", "Minh Khai Nguyễn", *words)[2]
    cecert("export", "cebroker", "-o", "one.xls")
    _, _, err = cecert("correct", adeyemi, "--name", "Margaret Adeyemi Ph.D.", *words)
    assert re.search(told.format(adeyemi, "leave it there, what it was told is still so"), err)
    other = number_of(cecert, "khai")
    Path("list.csv").write_text(f"certificate,licenses,reason\n{other},MA LCSW 223345,misread\n")
    _, _, err = cecert("correct", "--from", "list.csv", "--yes")
    assert re.search(told.format(other, "change it there to what is so now"), err)
    assert "hint: cecert export settled ID --reason TEXT" in err
    config = office / "cecert.toml"
    config.write_text(config.read_text("utf-8").replace(ACCOUNT, ""), "utf-8")
    _, _, err = cecert("revoke", adeyemi, *REVOKE)
    assert re.search(told.format(adeyemi, "put it right there"), err)


def test_due_tells_of_reports_that_are_owed(
    cecert: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = "cecert export cebroker -o FILE.xls"
    late = "2020-11-28"
    what = "mbt-2020-10: CE Broker is not told of 3 certificates"
    assert owed(cecert) == [(late, what, f"{write}, and upload it once")]
    config = office / "cecert.toml"
    text = config.read_text("utf-8")
    config.write_text(
        text.replace('"LMSW", "LCSW"', '"LCSW"').replace('"1234"', '"1234"\nreport_days = 10'),
        "utf-8",
    )
    lacking = f"{what}, 1 of which it cannot be told of as it is"
    assert owed(cecert) == [("2020-11-08", lacking, f"{write} names what is lacking")]
    config.write_text(text.replace('"ny-social-work"\nstate', '"ny"\nstate'), "utf-8")
    assert owed(cecert) == []
    account = "the account with CE Broker in cecert.toml cannot be used"
    assert account in cecert("due")[1]
    config.write_text(text, "utf-8")
    storage_calls.patched(monkeypatch, office)
    cut_off(office, Kill(0, "link "))
    ((_, cut, do),) = owed(cecert)
    assert cut == "a report to CE Broker was cut off before it was handed out"
    assert do == f"{write}, and upload it once"
    assert cecert("due", "--ics", "due.ics")[0] == 1
    assert cut in Path("due.ics").read_text("utf-8").replace("\n ", "")
    assert cecert("export", "cebroker", "-o", "two.xls")[0] == 0
    assert owed(cecert) == []
    adeyemi = number_of(cecert, "adeyemi")
    cecert("revoke", adeyemi, *REVOKE)
    knows = "mbt-2020-10: CE Broker knows 1 certificate that ended since it was told"
    (item,) = [e for e in json.loads(cecert("due", "--days", "31", "--json")[1])["due"]
               if e["kind"] == "report"]  # fmt: skip
    assert (item["what"], item["remedy"]) == (knows, f"{write} lists what to put right there")
    cecert("export", "settled", adeyemi, "--reason", "taken back")
    assert owed(cecert) == []
    (office / "reported" / "cebroker-9-2020-11-05.xls").write_bytes(b"")
    assert "knows nothing of reported/cebroker-9-2020-11-05.xls" in cecert("due")[1]


def test_an_office_without_an_account_is_told_what_to_fill_in(
    cecert: Run, issued_office: Path
) -> None:
    assert issued_office.is_dir()
    assert "names no account with CE Broker" in cecert("export", "cebroker", "-o", "r.xls")[2]
    assert cecert("export", "settled", "nonsense", "--reason", "x")[0] == 2


def test_a_ledger_that_is_older_than_its_reports_tells_nobody_twice(
    cecert: Run, office: Path
) -> None:
    before = (office / "ledger.db").read_bytes()
    cecert("export", "cebroker", "-o", "one.xls")
    (office / "ledger.db").write_bytes(before)
    status, out, err = cecert("export", "cebroker", "-o", "two.xls")
    assert (status, out) == (2, "")
    assert "which was handed out: it is older" in err
    assert not Path("two.xls").exists()


def cut_off(office: Path, kill: Kill) -> None:
    """Run a report that ends at a storage call."""
    opened = Office.open(office / "cecert.toml", actor="Mary")
    with opened, storage_calls.watched(kill), pytest.raises(KilledError):
        report_to_cebroker(opened, "", Path("one.xls"))


def judged(cecert: Run, office: Path, call: str) -> None:
    """Report until nothing is new: every row reached somebody, and none twice without a word."""
    handed: dict[bytes, list[str]] = {}
    if Path("one.xls").exists():
        handed[Path("one.xls").read_bytes()] = licences(Path("one.xls"))
    for name in ("two.xls", "three.xls"):
        status, out, err = cecert("export", "cebroker", "-o", name)
        assert status == 0, (call, err)
        if not out:
            assert "nothing is new" in err
            continue
        content = Path(name).read_bytes()
        assert content not in handed or "was cut off" in err, call
        handed[content] = licences(Path(name))
    assert [each for some in handed.values() for each in some] == ALL, call
    with Office.open(office / "cecert.toml") as opened:
        reports = opened.ledger.reports("cebroker")
    assert [each.license.split()[-1] for each in reports] == ALL, call
    assert not list((office / "reported").glob("*.waiting")), call
    assert len(list((office / "reported").glob("*.xls"))) == 1, call


@pytest.mark.parametrize(
    "at",
    ["write reported/", "rename reported/", "commit to the ledger", "link ", "remove reported/"],
)
def test_a_report_that_was_killed_is_finished_by_the_next(
    cecert: Run, office: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    storage_calls.patched(monkeypatch, office)
    kill = Kill(0, at)
    cut_off(office, kill)
    assert kill.call.startswith(at), "it never came to that call"
    judged(cecert, office, kill.call)


@pytest.mark.slow
def test_a_report_may_be_killed_at_any_storage_call(
    cecert: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage_calls.patched(monkeypatch, office)
    calls: list[str] = []
    ledger = (office / "ledger.db").read_bytes()
    with storage_calls.watched(calls.append):
        assert main(["export", "cebroker", "-o", "one.xls"]) == 0
    for number in range(len(calls)):
        for each in (*Path().glob("*.xls"), *(office / "reported").glob("*[a-z]")):
            each.unlink()
        for each in office.glob("ledger.db*"):
            each.unlink()
        (office / "ledger.db").write_bytes(ledger)
        try:
            cut_off(office, Kill(number))
        except pytest.fail.Exception:
            break  # the calls of the command line itself were more
        judged(cecert, office, calls[number])
    assert number > 20


def test_of_two_runs_at_once_one_waits_until_the_other_has_handed_out(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(name: str) -> Reported:
        with Office.open(office / "cecert.toml", actor=name) as opened:
            return report_to_cebroker(opened, "", Path(f"{name}.xls"))

    monkeypatch.setattr(folder_lock, "INTERVAL", 0.005)
    with ThreadPoolExecutor(1) as pool:
        others: list[Future[Reported]] = []

        def handed_out(path: Path) -> AbstractContextManager[IO[bytes]]:
            # Noted, and not yet handed out: the other must not take it for a run that was cut off.
            if not others:
                others.append(pool.submit(run, "two"))
                assert not wait(others, timeout=0.2).done
            return new_file(path)

        monkeypatch.setattr("cecert.office.papers.report.new_file", handed_out)
        assert run("one").rows == 4
        other = others[0].result()
    assert (other.rows, other.cut_off) == (0, None)
    (written,) = Path().glob("*.xls")
    assert licences(written) == ALL


def test_a_full_disk_after_the_note_loses_no_report(
    cecert: Run, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.is_dir()

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("cecert.office.papers.report.new_file", full)
        status, out, err = cecert("export", "cebroker", "-o", "one.xls")
    assert (status, out) == (2, "")
    assert "No space left on device; the report is noted, and not lost" in err
    status, out, err = cecert("export", "cebroker", "-o", "two.xls")
    assert (status, out) == (0, "two.xls\n")
    assert "was cut off before it was handed out as" in err
    assert licences(Path("two.xls")) == ALL


def test_a_roster_by_profile_goes_into_the_file_that_is_named(cecert: Run, office: Path) -> None:
    assert office.is_dir()
    status, out, err = cecert(
        "export", "roster", "mbt-2020-10", "--profile", "plain", "-o", "r.xlsx"
    )
    assert (status, out) == (0, "r.xlsx\n")
    assert "7 rows of mbt-2020-10 exported" not in err
    header, *rows = load_workbook("r.xlsx").worksheets[0].values
    assert header[:2] == ("Last name", "First name")
    assert rows[1][:2] == ("de la Cruz", "Rosa Núñez")
    status, out, _ = cecert("export", "roster", "course.toml", "--profile", "apa", "--json")
    document = json.loads(out)
    assert (status, document["profile"]) == (0, "apa")
    assert [each["Last name"] for each in document["roster"]] == [
        "O\N{RIGHT SINGLE QUOTATION MARK}Brien"
    ]
    for words, told in (
        (("--profile", "ap"), "there is no roster profile ap"),
        (("--profile", "apa", "-o", "r.txt"), "a roster is not written as a TXT file"),
        (("--profile", "ca-bbs"), "Thomas O\N{RIGHT SINGLE QUOTATION MARK}Brien ("),
        (("--profile", "ca-bbs", "--leave-out"), "nothing of mbt-2020-10 is for California"),
    ):
        status, out, err = cecert("export", "roster", "mbt-2020-10", *words)
        assert (status, out) == (2, "")
        assert told in err
    reasons = [each["reason"] for each in _exports(office)]
    assert reasons == ["roster plain of mbt-2020-10, 5 rows", "roster apa of mbt-2020-10, 1 rows"]


def _exports(office: Path) -> list[dict[str, str]]:
    with Office.open(office / "cecert.toml") as opened:
        return [
            {"reason": each.reason}
            for each in opened.ledger.events(None)
            if each.kind == "exported"
        ]


def test_an_offices_own_profile_is_one_of_them(cecert: Run, office: Path) -> None:
    own = office / "rosters"
    own.mkdir()
    (own / "us.toml").write_text(
        'id = "us"\nlabel = "Us"\nrow = "license"\nevidence = "primary"\nsource = "our form"\n'
        '[[column]]\nheader = "Who"\nfact = "name"\n',
        "utf-8",
    )
    config = office / "cecert.toml"
    config.write_text(config.read_text("utf-8") + '\n[rosters]\npath = "rosters"\n', "utf-8")
    status, out, _ = cecert("export", "roster", "mbt-2020-10", "--profile", "us")
    assert (status, out.splitlines()[:2]) == (0, ["Who", "Margaret Adeyemi"])
    (own / "us.toml").write_text('id = "us"\n', "utf-8")
    text = config.read_text("utf-8").replace('id = "mbt-2020-10"', 'id = "mbt-2020-01"')
    config.write_text(
        text.replace('credential = "ma-social-work"\nstate', 'credential = "x"\nstate')
    )
    status, out, _ = cecert("lint")
    assert status == 1
    assert "us.toml: label\tis missing" in out
    assert "cecert.toml: export.cebroker\tno regime file knows x" in out
    assert "no course file of this office has the id mbt-2020-01" in out
    config.write_text(text.replace('path = "rosters"', 'path = "no"'), "utf-8")
    assert "rosters.path: 'no' is no folder" in cecert("lint")[2]


def test_a_years_report_counts_people_and_refuses_a_period_that_ends_before_it_begins(
    cecert: Run, office: Path
) -> None:
    assert office.is_dir()
    year = ("--from", "2020-01-01", "--to", "2020-12-31")
    status, out, err = cecert("export", "annual", "ny-social-work", *year, "-o", "y.csv")
    assert (status, out) == (0, "y.csv\n")
    assert "1 activity of ny-social-work" in err
    activity, *sessions = table(Path("y.csv"))
    assert (activity["Participants"], activity["With ny-social-work"], len(sessions)) == (
        "5",
        "2",
        2,
    )
    assert cecert("export", "annual", "ny-social-work", *year, "-o", "y.xlsx")[0] == 0
    for words, told in (
        (("ny-social-work", *year, "-o", "z.xls"), "an annual report is not written as a XLS"),
        (("ny", *year, "-o", "z.csv"), "no regime file knows ny"),
        (("nbcc", *year, "-o", "z.csv"), "no credit of nbcc has its date in the period"),
        (("nbcc", "--from", "x", "--to", "2020-01-01", "-o", "z.csv"), "--from x is no day"),
        (
            ("nbcc", "--from", "2020-12-31", "--to", "2020-01-01", "-o", "z.csv"),
            "the period ends on 2020-01-01 before it begins on 2020-12-31",
        ),
    ):
        status, out, err = cecert("export", "annual", *words)
        assert (status, out) == (2, "")
        assert told in err
    assert not list(Path().glob("z*"))
