"""A title with words in italics, from the course file to the record, the mail and the verifier."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

from typer.testing import CliRunner

from cecert import decide, issue
from cecert.cli._commands import whole_app
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.decision.decide import Award
from cecert.office import Office
from cecert.testing import sample_record

TITLE = "Mentalization Based Treatment"
WORDS = "Reading Beloved in Practice*"


def titled(folder: Path, title: str) -> Office:
    path = folder / "course.toml"
    path.write_text(path.read_text("utf-8").replace(f'"{TITLE}"', f"'{title}'", 1), "utf-8")
    return Office.open(folder / "cecert.toml", actor="a test")


def issued(folder: Path) -> tuple[Certificate, str]:
    with titled(folder, r"Reading *Beloved* in Practice\*") as office:
        reading = office.course_reading(folder / "course.toml")
        assert not [each for each in reading.findings if "asterisk" in each.message]
        assert reading.course is not None
        (award,) = decide(sample_record(credentials=("ny-social-work",)), reading.course)
        assert isinstance(award, Award)
        (entry,) = issue([award], office.desk()).issued
        kept = office.ledger.entries("mbt-2020-10")[0].certificate
    assert kept == entry.certificate
    return kept, entry.document


def test_all_but_the_page_have_the_plain_words(office_folder: Path, tmp_path: Path) -> None:
    kept, document = issued(office_folder)
    assert (kept.course.title, kept.course.title_italics) == (WORDS, ((8, 15),))
    assert certified_claims(kept).title == WORDS
    run, config = CliRunner(), ["--config", str(office_folder / "cecert.toml")]
    file = str(office_folder / "certificates" / document)
    ran = run.invoke(whole_app(), ["verify", file, *config, "--json"])
    (told,) = json.loads(ran.output)["results"]
    assert (told["outcome"], told["checks"]["text"]) == ("VALID", "SAME")
    assert told["certificate"]["title"] == WORDS
    shown = run.invoke(whole_app(), ["show", "Ruiz", *config])
    assert f"{WORDS} (mbt-2020-10)" in shown.output
    assert run.invoke(whole_app(), ["audit", *config]).exit_code == 0
    drafts = tmp_path / "drafts"
    run.invoke(whole_app(), ["deliver", "--dry-run", str(drafts), *config])
    (mail,) = drafts.glob("*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert message["Subject"] == f"Your CE certificate: {WORDS}"
    body, (attached,) = message.get_body(("plain",)), message.iter_attachments()
    assert body is not None
    assert WORDS in body.get_content()
    assert attached.get_filename() == "CE certificate - Ana Ruiz - Reading Beloved in Practice.pdf"


def test_what_sets_no_italics_is_told_by_lint(office_folder: Path) -> None:
    with titled(office_folder, "Ethics*, 2 * 3 and *סודות*") as office:
        reading = office.course_reading(office_folder / "course.toml")
        found = [*reading.findings, *office.drawing_findings(reading, "course.toml")]
    told = [each.message for each in found if each.place == "course.toml: course.title"]
    assert len(told) == 2
    assert "has an asterisk that sets nothing in italics and is printed" in told[0]
    assert r"\* says that one is meant" in told[0]
    assert "'סודות' is printed upright" in told[1]
    assert reading.course is not None
    assert reading.course.title == "Ethics*, 2 * 3 and סודות"


def test_only_printed_letters_count_for_the_length_of_a_title(office_folder: Path) -> None:
    with titled(office_folder, f"*{'a' * 160}*") as office:
        reading = office.course_reading(office_folder / "course.toml")
    assert reading.course is not None
    assert len(reading.course.title) == 160
