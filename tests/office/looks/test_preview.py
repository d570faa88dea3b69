"""Looking before issuing, through a real office and its command."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from letterhead_samples import letterhead
from pypdf import PdfReader
from scans import scan
from typer.testing import CliRunner

from cecert.cli import main
from cecert.cli._commands import whole_app
from cecert.domain.people.person import License
from cecert.errors import ConfigurationError, DrawingError, UnfitPictureError
from cecert.office import Office
from cecert.office.looks.preview import hardest_names, on_letterhead, specimen


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
    ran = CliRunner().invoke(
        whole_app(), ["preview", str(folder / "course.toml"), *config, *options]
    )
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
    assert "lost: the file does not say that it is PDF/A-3u or PDF/UA-1" in words
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
    assert [fault.place for fault in sheet.faults] == ["row 2"]
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


def with_names(completions: Path, *names: str) -> None:
    """Give the first rows of a list other names, and leave out the rest."""
    header, *rows = completions.read_text("utf-8-sig").splitlines()
    place = header.split(",").index("name")
    written = [header]
    for name, row in zip(names, rows, strict=False):
        cells = row.split(",")
        cells[place] = name
        written.append(",".join(cells))
    completions.write_text("\n".join(written), "utf-8")


@pytest.mark.parametrize("png", [(), ("--png",)])
def test_a_list_of_which_no_name_can_be_drawn_is_a_wrong_question(
    office_folder: Path, capsys: pytest.CaptureFixture[str], png: tuple[str, ...]
) -> None:
    completions = office_folder / "completions.csv"
    with_names(completions, "王小明", "W" * 80)
    out = office_folder / "out.pdf"
    config = ["--config", str(office_folder / "cecert.toml"), "-o", str(out), *png]
    arguments = [str(office_folder / "course.toml"), "--completions", str(completions), *config]
    assert main(["preview", *arguments]) == 2
    said = capsys.readouterr().err
    assert "cecert: error: no name of the list can be drawn\n" in said
    assert "  row 2: '王小明' is in Chinese letters, which no font here has" in said
    assert f"  row 3, {'W' * 80}: recipient name: " in said
    assert not out.exists()


def test_what_the_code_cannot_hold_is_told_of_every_row(
    office: Office, office_folder: Path
) -> None:
    course = office.course(office_folder / "course.toml")
    records = office.completions(office_folder / "completions.csv", course).records
    with pytest.raises(DrawingError, match="no name of the list can be drawn") as refused:
        hardest_names(office, replace(course, title="Ö" * 155), records)
    assert [each.place for each in refused.value.faults] == [each.place for each in records]
    assert "the course title has 155 characters" in refused.value.faults[0].problem


def test_a_licence_that_cannot_be_drawn_is_found_before_issuing(
    office: Office, office_folder: Path
) -> None:
    course = office.course(office_folder / "course.toml")
    records = office.completions(office_folder / "completions.csv", course).records
    odd = replace(records[0], licenses=(License("NY", "社工", "1"),))
    sheet = hardest_names(office, course, [odd, *records[1:]])
    assert [each.place for each in sheet.faults] == [f"row 2, {odd.name}: license"]


ODD = "\N{GRINNING FACE}"
NO_FONT_HAS = [
    ("cecert.toml", 'office = "Office', "provider office"),
    ("cecert.toml", 'phone = "413', "provider address"),
    ("cecert.toml", 'name = "Mary', "signatory"),
    ("course.toml", 'title = "Ment', "course title"),
    ("course.toml", 'location = "Zoom', "location"),
]
COMMANDS = [
    (["preview", "course.toml"], {"cecert.toml", "course.toml"}),
    (["preview", "course.toml", "--completions", "completions.csv", "--png"],
     {"cecert.toml", "course.toml"}),
    (["mail", "test", "--to", "me@example.org"], {"cecert.toml"}),
]  # fmt: skip
TRIED = [(words, *case) for words, files in COMMANDS for case in NO_FONT_HAS if case[0] in files]
TRIED.remove((COMMANDS[2][0], *NO_FONT_HAS[2]))  # nobody signs a trial mail's specimen


@pytest.mark.parametrize("case", TRIED)
def test_what_cannot_be_drawn_is_a_sentence_in_every_command_that_draws(
    office_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[list[str], str, str, str],
) -> None:
    words, file, text, field = case
    path = office_folder / file
    opening, _, start = text.partition('"')
    changed = path.read_text("utf-8").replace(text, f'{opening}"{ODD} {start}', 1)
    assert ODD in changed
    path.write_text(changed, "utf-8")
    monkeypatch.chdir(office_folder)
    status, said = main(words), capsys.readouterr().err
    assert status == 2
    assert "cecert: error: " in said
    assert f"{field}: " in said
    assert "GRINNING FACE" in said
    assert not (office_folder / "specimen.pdf").exists()


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
        whole_app(), ["preview", str(office_folder / "course.toml"), *config, *options]
    )
    assert ran.exit_code != 0
    assert words in str(ran.exception) + ran.output


def test_a_signature_that_is_refused_is_shown_by_preview(office_folder: Path) -> None:
    (office_folder / "pencil.jpg").write_bytes(scan(ink=(170, 170, 168), shadow=0.1, noise=5))
    config = office_folder / "cecert.toml"
    config.write_text(config.read_text("utf-8").replace('"signature.png"', '"pencil.jpg"'), "utf-8")
    out = office_folder / "look.pdf"
    ran = CliRunner().invoke(
        whole_app(),
        ["preview", str(office_folder / "course.toml"), "--config", str(config), "-o", str(out)],
    )
    assert isinstance(ran.exception, UnfitPictureError)
    assert "look-signature.png shows what the signature would look like" in ran.output
    assert (office_folder / "look-signature.png").read_bytes().startswith(b"\x89PNG")
    assert not out.exists()
    linted = CliRunner().invoke(
        whole_app(), ["lint", str(office_folder / "course.toml"), "--config", str(config)]
    )
    assert "is too pale" in linted.output
