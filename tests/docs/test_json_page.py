"""The page and the schemas of `--json` name the keys that the commands print, and no others."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_server import FaultServer, served
from hook_server import SECRET, receiver
from json_documents import SCHEMAS, faults_of, json_commands
from seminar import write_seminar
from zoom_service import zoom_office

from cecert.adapters.assets import asset_folder
from cecert.cli import main
from cecert.domain.mail.message import MailState
from cecert.office import Office

PAGE = Path(__file__).parents[2] / "docs/reference/json.md"
PASSPHRASE = "a passphrase for tests"
MAPS = (
    "counts",
    "figures",
    "checks",
    "details",
    "warnings",
    "sessions",
    "evidence_record",
    "levels",
    "genuine",
)
"""Objects whose keys are names."""

BOUNCE = """\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: {mail.key}

Final-Recipient: rfc822; {mail.recipient}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {mail.message_id}

--b--
"""


def documented() -> dict[str, dict[str, str]]:
    """Return the page's keys with their meanings, by command."""
    sections: dict[str, dict[str, str]] = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        command, _, text = part.partition("\n")
        rows = re.findall(r"^\| `([^`]+)` \| (.*?) ?\|$", text, flags=re.MULTILINE)
        sections[command] = dict(rows)
    show = {f"certificates[].{key}": words for key, words in sections["show"].items()}
    del show["certificates[].superseded_by"]
    sections["export ledger"] = show | sections["export ledger"]
    del sections["export ledger"]["certificates[]"]
    return sections


def keys_of(value: object, path: str = "") -> Iterator[str]:
    """Return the keys of a document as the page writes them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            inner_path = f"{path}.{key}" if path else key
            named = key in MAPS and isinstance(inner, dict)
            yield from [inner_path + "{}"] if named else keys_of(inner, inner_path)
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for each in value:
            yield from keys_of(each, path + "[]")
    else:
        yield path + ("[]" if isinstance(value, list) else "")


def is_said(key: str, said: dict[str, str]) -> bool:
    """Say whether a printed key is documented; an empty list or null may stand for more."""
    stem = key.removesuffix("[]")
    return bool({key, stem + "{}"} & said.keys()) or any(
        each.startswith((f"{stem}[].", f"{stem}.")) for each in said
    )


@pytest.fixture
def printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., set[str]]:
    """Return what runs commands and returns the keys they print; the office is new."""
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    main(["init", str(tmp_path / "office")])
    monkeypatch.chdir(tmp_path / "office")

    def printed(*commands: str) -> set[str]:
        found: set[str] = set()
        for command in commands:
            capsys.readouterr()
            main([*command.split(), "--json"])
            document = json.loads(capsys.readouterr().out)
            assert faults_of(named(command), document) == []
            found |= set(keys_of(document))
        return found

    return printed


def named(command: str) -> str:
    """Return the name of the command that a line or a heading of the page begins with."""
    words = command.split()
    return " ".join(words[:2]) if " ".join(words[:2]) in json_commands() else words[0]


def write_own_regime() -> None:
    """Put a file of the office's in the place of a shipped regime."""
    shipped = (asset_folder("templates") / "regimes" / "nbcc.toml").read_text("utf-8")
    Path("regimes").mkdir()
    signed = 'last_verified = 2026-10-01\nverified_by = "Mary"\n\n[number]'
    Path("regimes/nbcc.toml").write_text(shipped.replace("[number]", signed, 1), "utf-8")
    with Path("cecert.toml").open("a", encoding="utf-8") as office:
        office.write('\n[regimes]\npath = "regimes"\n')


def run_changes(printed: Callable[..., set[str]]) -> Iterator[tuple[str, set[str]]]:
    """Ask what happened, and have it posted."""
    yield "changes", printed("changes")
    with receiver() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CECERT_HOOKS_SECRET", SECRET)
        with Path("cecert.toml").open("a", encoding="utf-8") as office:
            office.write(f'\n[hooks]\nurl = "{server.url}"\n')
        main(["hooks", "begin", "--all"])
        yield "hooks run", printed("hooks run")


def run_keys(printed: Callable[..., set[str]]) -> Iterator[tuple[str, set[str]]]:
    """Do to keys what ends them, and take in a mail that came back."""
    yield "keys rotate", printed("keys rotate")
    main(["keys", "badge"])
    yield "keys retire", printed("keys retire badge-1")
    yield "keys compromise", printed("keys compromise token-2 --reason stolen")
    with Office.open("cecert.toml") as office:
        sent = next(row for row in office.outbox.rows() if row.state is MailState.SENT)
    Path("bounce.eml").write_text(BOUNCE.format(mail=sent))
    Path("other.eml").write_text("Subject: hello\n\nhello\n")
    yield "mail bounces", printed("mail bounces bounce.eml other.eml")


def run_all(printed: Callable[..., set[str]]) -> Iterator[tuple[str, set[str]]]:
    """Run each command where all its keys have something to say, as far as that is cheap."""
    yield "keys init", printed("keys init")
    write_own_regime()
    yield "lint", printed("lint course.toml")
    yield "keys list", printed("keys list")
    yield "keys badge", printed("keys badge")
    yield "keys events", printed("keys events")
    yield "keys certificate", printed("keys certificate -o ca.cer")
    yield "keys sign", printed("keys sign")
    yield "decide", printed("decide course.toml completions.csv")
    issue = "issue course.toml completions.csv"
    yield "issue", printed(issue, issue)
    yield "mail plan", printed("mail plan")
    yield "deliver --dry-run", printed("deliver --dry-run drafts")
    number = next(Path("drafts").glob("*.eml")).stem
    with served(FaultServer()) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
        patch.setenv("CECERT_SMTP_PORT", str(server.port))
        yield "deliver", printed("deliver")
    yield "status", printed("status")
    yield "mail remind", printed("mail remind course.toml")
    yield "mail tell-denied", printed("mail tell-denied course.toml")
    yield "find", printed(f"find {number}")
    yield "show", printed(f"show {number}")
    yield "show --linkedin", printed(f"show {number} --linkedin")
    yield "due", printed("due --days 20000")
    yield from run_changes(printed)
    yield "correct", printed(f"correct {number} --name Ana --reason Typo")
    header, name = "certificate,name,licenses,reason", "Ana Two,NY LMSW 012345,Typo"
    Path("corrections.csv").write_text(f"{header}\nAna,{name}\n")
    yield "correct --from", printed("correct --from corrections.csv")
    yield "export roster", printed("export roster mbt-2020-10")
    yield "export ledger", printed("export ledger")
    pdf = next(Path("certificates").glob("*/*.pdf"))
    main(["transcript", number, "-o", "transcript.pdf"])
    yield (
        "verify",
        printed(
            f"verify --offline {pdf} transcript.pdf", "verify --offline https://example.org/#1"
        ),
    )
    shutil.copy("ledger.db", "older.db")
    for each in Path("certificates").glob("*/*.pdf"):
        why = ("--reason-class", "wrong-person", "--reason", "Typo", "--yes")
        main(["revoke", each.name[:19], *why])
    pdf.unlink()
    yield "publish", printed("publish site")
    shutil.copy("older.db", "ledger.db")
    yield "log adopt", printed("log adopt")
    yield "audit", printed("audit")
    yield from run_keys(printed)
    yield from run_collect(printed)


def run_collect(printed: Callable[..., set[str]]) -> Iterator[tuple[str, set[str]]]:
    """Fetch and collect what is known of a seminar, and list what was decided about it."""
    write_seminar(Path())
    lists = "--registrations registrations.csv --attendance oct22.csv --attendance oct29.csv"
    yield "collect", printed(f"collect course.toml {lists} -o collected.csv")
    with zoom_office(Path()) as number:
        yield "fetch zoom", printed(f"fetch zoom {number} --course course.toml")
    Path("overrides.toml").write_text(
        '[[override]]\nkind = "alias"\nparticipant = "p"\nalias = "a"\nby = "M"\n'
        'at = 2020-11-02T10:00:00\nwhy = "w"\n'
    )
    yield "override list", printed("override list --evidence collected.evidence.json")


def test_the_page_names_what_is_printed_and_nothing_else(
    printed: Callable[..., set[str]],
) -> None:
    pages, driven = documented(), set()
    faults = []
    for command, keys in run_all(printed):
        driven.add(named(command))
        said = pages.pop(command)
        faults += [f"{command}: {key} is not documented" for key in keys if not is_said(key, said)]
        faults += [
            f"{command}: {key} is not printed"
            for key in said.keys() - keys
            if "where" not in said[key] and key.removesuffix("{}") not in keys
        ]
    assert faults == []
    assert pages == {}
    assert {each.stem for each in SCHEMAS.iterdir()} == {
        e.replace(" ", "-") for e in json_commands()
    }
    assert driven == json_commands().keys() - {"inspect"}  # tests/cli/test_inspect.py


def test_what_is_refused_prints_no_document_but_that_of_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answered = {}
    for command, words in json_commands().items():
        assert main(words) != 0
        if out := capsys.readouterr().out:
            answered[command] = faults_of(command, json.loads(out))
    assert answered == {"verify": []}
