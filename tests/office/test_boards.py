"""Certificates of boards with rules of their own, issued, sealed and mailed for real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from shipped import ENVIRON, LAYOUTS, PASSPHRASE, REGIMES, looking_like, office_of, opened
from typer.testing import CliRunner

from cecert import CompletionRecord, decide, issue
from cecert.cli._commands import whole_app
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.decision.decide import Award
from cecert.domain.people.person import License
from cecert.office import Office
from cecert.workflows.preview import preview_certificate

SIGNATORY = """[[signatory]]
name = "Alex Whitfield, Psy.D."
title = "Director of Continuing Education"
organisation = "Amego Prepare"
contact = "ce@amego.example"
for = ["apa-psychology"]
image = "signature.png"

[[approval]]"""


def issued(
    office: Office, course_file: Path, credentials: Sequence[str], *licenses: License
) -> tuple[Certificate, str]:
    """Issue to somebody, and return the certificate and its words."""
    record = CompletionRecord(
        name="Ana Ruiz", email="ana@example.org", credentials=tuple(credentials),
        attended=frozenset({"day-1", "day-2"}), licenses=licenses, visible=True, fee_paid=True,
        evaluation=office.course(course_file).credit_date,
        attestation=office.course(course_file).credit_date,
    )  # fmt: skip
    awards = decide(record, office.course(course_file))
    assert all(isinstance(each, Award) for each in awards)
    (entry,) = issue([each for each in awards if isinstance(each, Award)], office.desk()).issued
    pages = PdfReader(BytesIO(office.archive.get(entry.document))).pages
    return entry.certificate, " ".join(" ".join(each.extract_text().split()) for each in pages)


def made(folder: Path, credentials: Sequence[str], layout: str, *, signatory: bool = False) -> Path:
    office_of(folder, [REGIMES[each] for each in credentials])
    if signatory:
        path = folder / "cecert.toml"
        path.write_text(path.read_text("utf-8").replace("[[approval]]", SIGNATORY, 1), "utf-8")
    with opened(looking_like(folder, layout, "letter")) as office:
        office.make_keys(PASSPHRASE)
    return folder


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_certificate_names_the_state_of_its_persons_licence(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", ["cswe-social-work"], layout)
    licence = License("CT", "LCSW", "001234")
    with opened(folder) as office:
        certificate, words = issued(office, folder / "course.toml", ["cswe-social-work"], licence)
        (line,) = certificate.credit_lines
        assert line.jurisdiction == "Connecticut"
        assert office.ledger.entries("mbt-2020-10")[0].certificate == certificate
    assert "Social work Connecticut" in words
    assert "school accredited by CSWE" not in words
    head = "School accredited by" if layout == "modern" else "School accredited by".upper()
    assert head.casefold() in words.casefold()
    assert "contact your licensing board for accreditation information" in words
    assert "Approved by" not in words
    drafts = tmp_path / "drafts"
    config = ["--config", str(folder / "cecert.toml")]
    ran = CliRunner(env=ENVIRON).invoke(whole_app(), ["deliver", "--dry-run", str(drafts), *config])
    assert ran.exit_code == 0
    (mail,) = drafts.glob("*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "Social work, school accredited by CSWE (Connecticut)" in text
    assert "Association of Social Work Boards database of social work licensure" in text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_board_says_how_it_approves_on_one_certificate(tmp_path: Path, layout: str) -> None:
    asked = ["ny-social-work", "ma-social-work", "apa-psychology"]
    folder = made(tmp_path / "office", asked, layout, signatory=True)
    with opened(folder) as office:
        certificate, words = issued(office, folder / "course.toml", asked)
    assert "Deemed approved under 258 CMR 31.04(2)(a)" in words
    assert "Sponsor approved by American Psychological Association" in words
    assert "Council on Social Work Education (accredited school)" not in words
    assert [each.name for each in certificate.signatories] == [
        "Mary Curtin", "Alex Whitfield, Psy.D.",
    ]  # fmt: skip
    assert "Amego Prepare" in words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_another_organisation_awards_it_alone_signs(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", ["ny-social-work", "apa-psychology"], layout, signatory=True)
    with opened(folder) as office:
        course = folder / "course.toml"
        alone, words = issued(office, course, ["apa-psychology"])
    assert [each.name for each in alone.signatories] == ["Alex Whitfield, Psy.D."]
    assert "Mary Curtin" not in words
    assert "Director of Continuing Education" in words
    assert "Amego Prepare, ce@amego.example" in words
    head = "sponsor approved by american psychological association"
    assert "sponsor approved by" in words.casefold()
    assert head not in words.casefold()  # the column's head says it, and not the cell again


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_unit_with_a_word_too_wide_takes_its_short_form(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", ["nbcc"], layout)
    with opened(folder) as office:
        course = office.course(folder / "course.toml")
        unit = "Psychotherapeutenkammerfortbildungspunkte"
        (line,) = course.credit_lines
        for short, faults in (("", 1), ("PTK-Punkte", 0)):
            lines = (replace(line, unit=unit, unit_short=short),)
            changed = replace(course, credit_lines=lines)
            drawn = preview_certificate(changed, "Ana Ruiz", office.preview_desk())
            assert len(office.renderer().faults(drawn)) == faults
        pdf = office.renderer().draw_specimen(drawn).pdf
    assert "PTK-Punkte" in PdfReader(BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_heading_that_runs_into_the_next_column_is_a_fault(tmp_path: Path, layout: str) -> None:
    folder = made(tmp_path / "office", ["nbcc"], layout)
    with opened(folder) as office:
        course = office.course(folder / "course.toml")
        label = " and ".join(["Provisionally, conditionally approved as a sponsor"] * 3)
        lines = (replace(course.credit_lines[0], approver_label=label),)
        drawn = preview_certificate(
            replace(course, credit_lines=lines), "Ana Ruiz", office.preview_desk()
        )
        (fault,) = office.renderer().faults(drawn)
    assert "heading of the approver" in fault.place
