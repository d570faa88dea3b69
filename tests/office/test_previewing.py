"""Looking before issuing, through a real office and its command."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from letterhead_samples import letterhead
from pypdf import PdfReader
from typer.testing import CliRunner

from cecert.cli.app import app
from cecert.errors import ConfigurationError, DrawingError
from cecert.office import Office
from cecert.office.previewing import hardest_names, on_letterhead, specimen


@pytest.fixture
def office(office_folder: Path) -> Office:
    return Office.open(office_folder / "cecert.toml", actor="a test", environ={})


def text_of(path: Path) -> str:
    return PdfReader(path).pages[0].extract_text()


def faces_of(pdf: bytes) -> list[str]:
    fonts = PdfReader(BytesIO(pdf)).pages[0].raw_get("/Resources").get_object()["/Font"]
    return [str(font["/BaseFont"]) for font in fonts.get_object().values()]


def preview(folder: Path, *options: str) -> tuple[int, str]:
    config = ["--config", str(folder / "cecert.toml"), "-o", str(folder / "out.pdf")]
    ran = CliRunner().invoke(app, ["preview", str(folder / "course.toml"), *config, *options])
    return ran.exit_code, ran.output


def test_a_specimen_stands_in_a_file_and_in_pictures(office_folder: Path) -> None:
    status, said = preview(office_folder, "--png", "--name", "Zoë Ågren")
    assert status == 0
    assert str(office_folder / "out.png") in said.replace("\n", "")
    assert (office_folder / "out.png").read_bytes().startswith(b"\x89PNG")
    assert "Zoë Ågren" in text_of(office_folder / "out.pdf")


def test_another_layout_is_drawn_on_request(office: Office, office_folder: Path) -> None:
    course = office.course(office_folder / "course.toml")
    usual = specimen(office, course, "Ana Ruiz")
    modern = specimen(office, course, "Ana Ruiz", "modern")
    assert not any("Newsreader" in each for each in faces_of(usual))
    assert any("Newsreader" in each for each in faces_of(modern))
    with pytest.raises(DrawingError, match="rococo/1"):
        specimen(office, course, "Ana Ruiz", "rococo")


def test_a_letterhead_is_drawn_into_and_what_is_lost_is_said(office_folder: Path) -> None:
    theirs = office_folder / "theirs.pdf"
    theirs.write_bytes(letterhead(words=True))
    status, said = preview(office_folder, "--letterhead", str(theirs))
    assert status == 0
    words = " ".join(said.split())
    assert "kept: the words are tagged with heading, reading order and alternate texts" in words
    assert "kept of the letterhead: its colours are no press colours" in words
    assert "lost of the letterhead: its font Helvetica is not embedded" in words
    assert "lost: the specimen does not say that it is PDF/A-3u or PDF/UA-1" in words
    assert "From the desk of a designer" in text_of(office_folder / "out.pdf")


def test_a_letterhead_that_is_missing_is_named(office: Office, office_folder: Path) -> None:
    course = office.course(office_folder / "course.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        on_letterhead(office, course, "Ana Ruiz", office_folder / "nowhere.pdf")


def test_the_hardest_names_of_a_list_stand_on_one_sheet(office_folder: Path) -> None:
    status, said = preview(office_folder, "--completions", str(office_folder / "completions.csv"))
    assert status == 0
    assert "the hardest of" in said
    assert "Certificate of Completion" in text_of(office_folder / "out.pdf")


def test_names_that_cannot_be_drawn_are_all_said(office: Office, office_folder: Path) -> None:
    course = office.course(office_folder / "course.toml")
    records = office.completions(office_folder / "completions.csv", course).records
    wrong = [replace(records[0], name="王小明"), *records[1:]]
    sheet = hardest_names(office, course, wrong)
    assert [fault.place for fault in sheet.faults] == ["王小明: recipient name"]
    assert "王小明" not in sheet.names


def test_a_list_with_a_name_nobody_can_draw_is_a_failure_and_still_a_sheet(
    office_folder: Path,
) -> None:
    completions = office_folder / "completions.csv"
    header, first, *rest = completions.read_text("utf-8-sig").splitlines()
    names = header.split(",").index("name")
    cells = first.split(",")
    cells[names] = "王小明"
    completions.write_text("\n".join([header, ",".join(cells), *rest]), "utf-8")
    status, said = preview(office_folder, "--completions", str(completions))
    assert status == 1
    assert "cannot be drawn" in said
    assert (office_folder / "out.pdf").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--name", " "], "the name"),
        (["-o", "nowhere/out.pdf"], "nowhere/out.pdf cannot be written"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    office_folder: Path, options: list[str], words: str
) -> None:
    config = ["--config", str(office_folder / "cecert.toml")]
    ran = CliRunner().invoke(
        app, ["preview", str(office_folder / "course.toml"), *config, *options]
    )
    assert ran.exit_code != 0
    assert words in str(ran.exception) + ran.output
