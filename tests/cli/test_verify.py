"""The command `verify`: its words, its JSON, its exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_files import letter, merged, saved, scanned, scans
from papers import papers

from cecert.cli import main
from cecert.domain.cose.cose import CryptoUnavailableError
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.domain.trust.status_list import Status
from cecert.office import open_verifier

TOKEN = papers().certificate.token_url
ROOT = papers().school.root.public_key.thumbprint.hex()


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, with a cache of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def trust(tmp_path: Path) -> str:
    path = tmp_path / "school.cose"
    path.write_bytes(papers().school.trust_bytes())
    return str(path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def verify(*arguments: str) -> tuple[int, str, str]:
        status = main(["verify", *arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return verify


Run = Callable[..., tuple[int, str, str]]


def stored(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


def listed(tmp_path: Path, status: Status) -> str:
    data = papers().school.status_list(papers().certificate, status)
    return stored(tmp_path, f"{status.name}.st", data)


def test_a_genuine_certificate_is_told_line_by_line(run: Run, trust: str, tmp_path: Path) -> None:
    pdf = stored(tmp_path, "ana.pdf", papers().pdf)
    status, out, err = run(
        pdf, "--trust", trust, "--root", ROOT, "--offline",
        "--status", listed(tmp_path, Status.VALID),
    )  # fmt: skip
    # The list was good for a day in 2020, so its answer is old.
    assert status == 3
    lines = [line.strip() for line in out.splitlines()]
    for line in (
        "Name:         Ana Ruiz",
        "Course:       Mentalization Based Treatment",
        "Course dates: October 22 and 29, 2020",
        "Hours:        6 hours",
        "Credit:       New York, social work: 6 contact hours, No. 0199",
        "Credit:       Massachusetts, social work: 6 CE hours, no number issued",
        "Each line counts the same instruction for a different board; do not add them.",
        "Format:       Live interactive webinar or teleconference",
        f"Certificate:  {papers().certificate.id}",
        (
            "Issued:       November 5 or 6, 2020, whichever the paper says: "
            "it was signed on November 5, 2020, 15:00 UTC"
        ),
        "token:  GENUINE, the code is ours",
        "text:   SAME, what is printed is what was certified",
        "result: VALID_STATUS_STALE (exit status 3)",
    ):
        assert line in lines
    assert "OLD STATUS. Genuine, and not revoked as of November 5, 2020, 16:00 UTC" in lines[0]
    assert "warning: " in err  # the trust file was to be renewed in 2021
    assert "root not pinned" not in err


@pytest.mark.parametrize(
    ("slot", "outcome", "exit_status"),
    [
        (Status.VALID, "VALID_STATUS_STALE", 3),
        (Status.REVOKED, "REVOKED", 4),
        (Status.SUPERSEDED, "SUPERSEDED", 4),
        (Status.RESERVED, "UNKNOWN_STATUS", 5),
    ],
)
def test_what_became_of_it_is_the_exit_status(
    slot: Status, outcome: str, exit_status: int, run: Run, trust: str, tmp_path: Path
) -> None:
    arguments = (TOKEN, "--trust", trust, "--offline", "--status", listed(tmp_path, slot))
    status, out, _ = run(*arguments, "--json")
    document = json.loads(out)
    assert (status, document["outcome"], document["exit_status"]) == (
        exit_status, outcome, exit_status,
    )  # fmt: skip
    assert document["results"][0]["status_as_of"] == "2020-11-05T16:00:00+00:00"
    told_status, told, _ = run(*arguments)
    assert told_status == exit_status
    assert "Ana Ruiz" in told


def test_json_has_one_code_a_check_and_says_what_was_certified(
    run: Run, trust: str, tmp_path: Path
) -> None:
    pdf = stored(tmp_path, "ana.pdf", papers().pdf)
    status, out, err = run(pdf, "--trust", trust, "--offline", "--json")
    document = json.loads(out)
    (result,) = document["results"]
    assert status == document["exit_status"] == result["exit_status"] == 3
    assert document["trust"] == {
        "issuer": "example-ssw",
        "name": papers().school.trust.name,
        "root": ROOT,
        "root_pinned": False,
    }
    assert result["checks"] == {
        "token": "GENUINE", "seal": "INTACT", "text": "SAME", "status": "VALID_STATUS_UNKNOWN",
    }  # fmt: skip
    assert set(result["warnings"]) == {"KEYSET_OLD", "ROOT_NOT_PINNED"}
    certificate = result["certificate"]
    assert certificate["name"] == "Ana Ruiz"
    assert certificate["dates"] == ["2020-10-22", "2020-10-29"]
    assert certificate["hours"] == "6.00"
    assert [each["number"] for each in certificate["credits"]] == ["0199", None, "Example Prepare"]
    assert certificate["issued_at"] == "2020-11-05T15:00:00+00:00"
    assert f"root not pinned: {ROOT}" in err


def test_an_altered_document_says_which_lines_differ(run: Run, trust: str, tmp_path: Path) -> None:
    changed = bytearray(papers().pdf)
    changed[len(changed) // 2] ^= 1
    status, out, _ = run(
        stored(tmp_path, "changed.pdf", bytes(changed)), "--trust", trust, "--offline", "--json"
    )
    (result,) = json.loads(out)["results"]
    assert status == 5
    assert result["checks"]["seal"] == "SEAL_BROKEN"
    assert result["checks"]["token"] == "GENUINE"


def test_of_several_the_highest_status_counts(run: Run, trust: str, tmp_path: Path) -> None:
    junk = stored(tmp_path, "junk.pdf", b"not a PDF")
    status, out, _ = run(TOKEN, junk, "--trust", trust, "--offline")
    assert status == 6
    assert "result: VALID_STATUS_UNKNOWN (exit status 3)" in out
    assert "result: NOT_READABLE (exit status 6)" in out
    document = json.loads(run(TOKEN, junk, "--trust", trust, "--offline", "--json")[1])
    assert document["outcome"] == "NOT_READABLE"
    assert [each["outcome"] for each in document["results"]] == [
        "VALID_STATUS_UNKNOWN", "NOT_READABLE",
    ]  # fmt: skip


def test_a_file_of_two_certificates_is_told_as_two_with_their_pages(
    run: Run, trust: str, tmp_path: Path
) -> None:
    made = merged(letter(), papers().pdf, papers().other_pdf)
    pdf = stored(tmp_path, "merged.pdf", made)
    status, out, _ = run(pdf, "--trust", trust, "--offline")
    lines = [line.strip() for line in out.splitlines()]
    assert status == 5
    where = lines[0].removesuffix(": 2 CERTIFICATES. The worst answer is CODE_ONLY on page 2")
    assert where != lines[0]
    assert lines[1] == (
        "2 certificates were found in this file, and each has an answer of its own."
    )
    assert any(
        line.startswith("file:  NOT_AS_ISSUED, this is not the file as issued (it was put together")
        for line in lines
    )
    assert "pages: 3; no certificate's code is on page 1" in lines
    headline = "CODE ONLY. Genuine code, but this file is not as issued"
    assert [line for line in lines if headline in line] == [
        f"{where}, page 2: {headline}",
        f"{where}, page 3: {headline}",
    ]
    assert lines.index("Name:         Ana Ruiz") < lines.index(f"{where}, page 3: {headline}")
    assert lines.count("result: CODE_ONLY (exit status 5)") == 3


def test_json_lists_every_certificate_of_a_file_and_what_holds_of_the_file(
    run: Run, trust: str, tmp_path: Path
) -> None:
    made = merged(letter(), papers().pdf, papers().other_pdf)
    pdf = stored(tmp_path, "merged.pdf", made)
    status, out, _ = run(pdf, "--trust", trust, "--offline", "--json")
    document = json.loads(out)
    (result,) = document["results"]
    assert status == document["exit_status"] == result["exit_status"] == 5
    assert document["outcome"] == result["outcome"] == "CODE_ONLY"
    # Of several nobody may take one for the only one.
    assert result["certificate"] is result["certificate_id"] is result["key"] is None
    assert [each["page"] for each in result["answers"]] == [2, 3]
    assert [each["certificate"]["name"] for each in result["answers"]] == [
        "Ana Ruiz", "Margaret O\u2019Connell-Hughes",
    ]  # fmt: skip
    assert [each["checks"]["text"] for each in result["answers"]] == ["SAME", "SAME"]
    assert result["file"]["verdict"] == "NOT_AS_ISSUED"
    assert (result["file"]["pages"], result["file"]["pages_without_code"]) == (3, [1])
    assert set(result["answers"][0]) == set(result) - {"what", "file", "answers"}


def test_json_of_one_certificate_has_its_answer_too(run: Run, trust: str, tmp_path: Path) -> None:
    pdf = stored(tmp_path, "ana.pdf", papers().pdf)
    for what, page, verdict in ((pdf, 1, "AS_ISSUED"), (TOKEN, None, None)):
        (result,) = json.loads(run(what, "--trust", trust, "--offline", "--json")[1])["results"]
        (only,) = result["answers"]
        assert only == {each: result[each] for each in only}
        assert result["page"] == page
        assert (result["file"] and result["file"]["verdict"]) == verdict
    junk = stored(tmp_path, "junk.pdf", letter())
    (result,) = json.loads(run(junk, "--trust", trust, "--offline", "--json")[1])["results"]
    assert result["answers"] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("ana.png", saved(scanned(papers().pdf))), ("ana.pdf", scans(papers().pdf))],
    ids=["picture", "scan"],
)
def test_of_a_picture_and_a_scan_only_the_code_was_read(
    name: str, content: bytes, run: Run, trust: str, tmp_path: Path
) -> None:
    status, out, _ = run(stored(tmp_path, name, content), "--trust", trust, "--offline")
    assert status == 3
    assert "  seal:" not in out
    assert "only the code was read: a picture or a scan has no seal to check" in out


def test_the_worst_of_a_file_and_of_another_counts(run: Run, trust: str, tmp_path: Path) -> None:
    good = stored(tmp_path, "scan.pdf", scans(papers().pdf, papers().other_pdf))
    bad = stored(tmp_path, "merged.pdf", merged(papers().pdf, papers().other_pdf))
    status, out, _ = run(good, bad, "--trust", trust, "--offline", "--json")
    assert status == 5
    assert [each["exit_status"] for each in json.loads(out)["results"]] == [3, 5]


@pytest.mark.parametrize(
    ("text", "outcome", "exit_status"),
    [
        ("", "NO_TOKEN", 6),
        (str(papers().certificate.id), "NO_TOKEN", 6),
        ("3k50 vmej kfzv ns3g", "NO_TOKEN", 6),
        ("https://shop.example.com/item?id=4711", "NO_TOKEN", 6),
        ("https://app.example.com/#/login", "MALFORMED", 6),
        ("1" * 2000, "TOO_LARGE", 6),
        ("3" + "0" * 400, "UNSUPPORTED_VERSION", 6),
        (TOKEN[:-1], "TRUNCATED", 6),
    ],
)
def test_what_is_no_token_is_unreadable(
    text: str, outcome: str, exit_status: int, run: Run, trust: str
) -> None:
    status, out, _ = run(text, "--trust", trust, "--offline", "--json")
    assert (status, json.loads(out)["outcome"]) == (exit_status, outcome)
    assert json.loads(out)["results"][0]["certificate"] is None


def test_inputs_that_are_none_are_all_named_and_nothing_is_verified(
    run: Run, trust: str, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pdf"
    locked.mkdir()
    status, out, err = run("missing.pdf", "a/b", "hello", str(locked), TOKEN, "--trust", trust)
    assert (status, out) == (2, "")
    assert "missing.pdf: there is no such file" in err
    assert "a/b: there is no such file" in err
    assert "hello: is neither a file nor a link nor digits" in err
    assert "is a folder; name the files in it" in err
    assert "cecert: hint: name a PDF or a picture" in err


def test_a_name_cannot_move_the_cursor(run: Run, trust: str) -> None:
    status, out, _ = run("https://x/#\x1b[2J\x07", "--trust", trust, "--offline")
    assert status == 6
    assert "\x1b" not in out
    assert "\x07" not in out


def test_without_a_trust_file_nothing_is_checked(run: Run) -> None:
    status, out, err = run(TOKEN)
    assert status == 7
    assert "NOT CHECKED. There is no trust file" in out
    assert "cecert: hint: name the provider's trust file with --trust FILE" in err


def test_a_trust_file_that_is_not_there_is_no_wrong_question(run: Run) -> None:
    status, out, err = run(TOKEN, "--trust", "nowhere.cose", "--json")
    assert status == 7
    assert json.loads(out)["outcome"] == "NO_TRUST_FILE"
    assert json.loads(out)["results"][0]["what"] == TOKEN
    assert "nowhere.cose: No such file or directory" in err


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data[:0], lambda data: data * 2]
)
def test_a_damaged_trust_file_checks_nothing(
    change: Callable[[bytes], bytes], run: Run, tmp_path: Path
) -> None:
    path = stored(tmp_path, "bad.cose", change(papers().school.trust_bytes()))
    status, out, err = run(TOKEN, "--trust", path, "--json")
    assert (status, json.loads(out)["outcome"]) == (7, "KEYSET_INVALID")
    assert "cecert: hint: get the trust file again" in err


def test_without_cryptography_nothing_is_called_invalid(
    run: Run, trust: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object) -> bool:
        raise CryptoUnavailableError("no P-256 in this build")

    monkeypatch.setattr("cecert.office.verify.code_verifier.check_signature", unavailable)
    status, out, err = run(TOKEN, "--trust", trust, "--offline")
    assert status == 7
    assert "NOT CHECKED. Signatures cannot be checked here" in out
    assert "no P-256 in this build" in err


def test_a_program_may_pin_a_root_only_in_hexadecimal(trust: str) -> None:
    with pytest.raises(KeysetInvalidError, match="not hexadecimal"):
        open_verifier(Path(trust), root="zz")


def test_the_root_can_be_pinned_as_it_is_printed(run: Run, trust: str) -> None:
    printed = " ".join(ROOT[at : at + 4].upper() for at in range(0, 64, 4))
    assert run(TOKEN, "--trust", trust, "--offline", "--root", printed)[0] == 3
    status, _, err = run(TOKEN, "--trust", trust, "--offline", "--root", "0" * 64)
    assert status == 7
    assert "of another root than the pinned one" in err
    status, _, err = run(TOKEN, "--trust", trust, "--root", "abc")
    assert status == 2
    assert "is no thumbprint of a root" in err


def test_a_status_list_that_is_missing_or_asked_for_offline_is_a_wrong_question(
    run: Run, trust: str
) -> None:
    status, _, err = run(TOKEN, "--trust", trust, "--status", "missing.st")
    assert status == 2
    assert "missing.st: No such file or directory" in err
    status, _, err = run(TOKEN, "--trust", trust, "--offline", "--status", "https://x.test/3.st")
    assert status == 2
    assert "is not asked offline" in err


def test_a_bad_list_is_said_and_not_used(run: Run, trust: str, tmp_path: Path) -> None:
    bad = stored(tmp_path, "bad.st", b"junk")
    status, out, err = run(TOKEN, "--trust", trust, "--offline", "--status", bad)
    assert status == 3
    assert "STATUS UNKNOWN" in out
    assert "a status list came that is damaged" in err


def test_an_older_list_is_known_from_the_one_seen_before(
    run: Run, trust: str, tmp_path: Path
) -> None:
    arguments = (TOKEN, "--trust", trust, "--offline", "--json", "--status")
    newer = listed(tmp_path, Status.REVOKED)
    older = stored(tmp_path, "older.st", _older())
    assert run(*arguments, older)[0] == 3
    assert run(*arguments, newer)[0] == 4
    status, out, _ = run(*arguments, older)
    (result,) = json.loads(out)["results"]
    assert (status, result["outcome"]) == (4, "REVOKED")
    assert "STATUS_ROLLBACK" in result["warnings"]


def _older() -> bytes:
    clock = papers().school.office.clock
    before = clock.at
    clock.at = before.replace(hour=15)
    try:
        return papers().school.status_list(papers().certificate, Status.VALID)
    finally:
        clock.at = before


@pytest.mark.parametrize(("options", "pinned"), [([], False), (["--config"], True)])
def test_the_office_of_the_folder_is_believed_if_somebody_named_it(
    options: list[str],
    pinned: bool,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["init", str(tmp_path / "office")]) == 0
    capsys.readouterr()
    keys = tmp_path / "office" / "keys"
    keys.mkdir()
    (keys / "trust.cose").write_bytes(papers().school.trust_bytes())
    monkeypatch.chdir(tmp_path / "office" / "certificates")
    named = [*options, *(["../cecert.toml"] if options else [])]
    status, out, err = run(TOKEN, "--offline", "--json", *named)
    document: dict[str, Any] = json.loads(out)
    assert status == 3
    assert document["trust"]["root_pinned"] is pinned
    assert ("root not pinned" in err) is not pinned
