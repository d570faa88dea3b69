"""Fonts for further scripts: found in folders, copied into the office, named in its file."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import sleep

import pytest
from certificate_samples import renderer
from fontTools.ttLib import TTCollection, TTFont
from further_fonts import made
from typer.testing import CliRunner

from cecert.adapters.render import SCRIPT_FONTS
from cecert.cli import main
from cecert.cli._commands import whole_app
from cecert.errors import InputError
from cecert.office import Office
from cecert.office.looks.fonts import _with_font, add_font, font_folders
from cecert.office.looks.scripts import SHIPPED

KHMER = "កសុខ"
GEORGIAN = "გიორ"
Add = Callable[..., object]


@pytest.fixture
def add(office_folder: Path, tmp_path: Path) -> Add:
    def added(word: str, *folders: Path) -> object:
        config = office_folder / "cecert.toml"
        with Office.open(config, actor="a test", environ={}) as office:
            return add_font(office, config, word, folders or (tmp_path,))

    return added


def font(path: Path, letters: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return made(path, letters=sorted({*letters, " "}))


def fonts_of(folder: Path) -> list[str]:
    document = tomllib.loads((folder / "cecert.toml").read_text("utf-8"))
    found: list[str] = document["certificate"].get("fonts", [])
    return found


def test_a_font_known_by_name_is_copied_named_and_drawn_with(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    before = tomllib.loads((office_folder / "cecert.toml").read_text("utf-8"))
    font(tmp_path / "a" / "AnyKhmer.ttf", KHMER)
    source = font(tmp_path / "z" / "NotoSerifKhmer-Regular.ttf", KHMER)
    added = add("khmer")
    assert (added.script, added.source) == ("Khmer", source)  # type: ignore[attr-defined]  # an AddedFont
    assert fonts_of(office_folder) == ["fonts/NotoSerifKhmer-Regular.ttf"]
    copied = office_folder / "fonts" / "NotoSerifKhmer-Regular.ttf"
    assert copied.read_bytes() == source.read_bytes()
    after = tomllib.loads((office_folder / "cecert.toml").read_text("utf-8"))
    del after["certificate"]["fonts"]
    assert after == before
    with Office.open(office_folder / "cecert.toml", environ={}) as office:
        assert office.renderer().missing_glyph("សុខ", "classic/1") == ""


def test_any_font_with_the_letters_will_do_upright_regular_ones_first(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    for name in ("Aa-BoldItalic.ttf", "Bb.ttf", "Cc-Serif-Regular.ttf"):
        font(tmp_path / name, GEORGIAN)
    font(tmp_path / "Dd-Serif-Regular.ttf", KHMER)
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    add("Georgian")
    assert fonts_of(office_folder) == ["fonts/Cc-Serif-Regular.ttf"]


def test_of_a_collection_the_font_of_the_scripts_region_is_taken(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    collection = TTCollection()
    for region in ("JP", "SC"):
        single = TTFont(font(tmp_path / "made" / f"{region}.ttf", "王小明陳山田はカ"))
        for number in (1, 4, 6):
            single["name"].setName(f"Boxes{region}", number, 3, 1, 0x409)
        collection.fonts.append(single)
    folder = tmp_path / "system"
    folder.mkdir()
    collection.save(folder / "NotoSerifCJK-Regular.ttc")
    add("chinese", folder)
    assert fonts_of(office_folder) == ["fonts/BoxesSC.ttf"]
    copied = TTFont(BytesIO((office_folder / "fonts" / "BoxesSC.ttf").read_bytes()))
    assert copied["name"].getDebugName(6) == "BoxesSC"


def with_table(folder: Path, table: str) -> str:
    """Write *table* under `[certificate]` and return the file's text."""
    config = folder / "cecert.toml"
    text = config.read_text("utf-8").replace("[certificate]", f"[certificate]\n{table}")
    config.write_text(text, "utf-8")
    return text


@pytest.mark.parametrize(
    "table",
    [
        'fonts = ["old.ttf"]',
        'fonts = [ "old.ttf", ] # ] and "more"',
        '"fonts" = ["old.ttf"]',
        "fonts = [\n  'old.ttf', # the ] \"old\" one\n]",
    ],
)
def test_a_font_is_added_behind_those_there_are(
    add: Add, office_folder: Path, tmp_path: Path, table: str
) -> None:
    font(office_folder / "old.ttf", "ა")
    font(tmp_path / "NotoSerifKhmer-Regular.ttf", KHMER)
    with_table(office_folder, table)
    add("khmer", tmp_path)
    assert fonts_of(office_folder) == ["old.ttf", "fonts/NotoSerifKhmer-Regular.ttf"]


def test_two_fonts_added_at_once_are_both_named(
    add: Add, office_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = [SCRIPT_FONTS["KHMER"], SCRIPT_FONTS["GEORGIAN"]]
    for each in scripts:
        font(tmp_path / each.files[0], each.sample)

    def slowly(config: Path, entry: str) -> str:
        text = _with_font(config, entry)
        sleep(0.5)  # whoever does not wait reads the file that the other has read
        return text

    monkeypatch.setattr("cecert.office.looks.fonts._with_font", slowly)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: add(each.word, tmp_path), scripts))
    assert set(fonts_of(office_folder)) == {f"fonts/{each.files[0]}" for each in scripts}


def test_an_office_without_the_table_gets_one(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    font(tmp_path / "NotoSerifKhmer-Regular.ttf", KHMER)
    config = office_folder / "cecert.toml"
    config.write_text(config.read_text("utf-8").partition("[certificate]")[0], "utf-8")
    add("khmer", tmp_path)
    assert fonts_of(office_folder) == ["fonts/NotoSerifKhmer-Regular.ttf"]


def test_a_script_that_is_drawn_already_changes_nothing(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    font(tmp_path / "NotoSerifKhmer-Regular.ttf", KHMER)
    add("khmer", tmp_path)
    text = (office_folder / "cecert.toml").read_bytes()
    assert add("khmer", tmp_path).source is None  # type: ignore[attr-defined]  # an AddedFont
    assert (office_folder / "cecert.toml").read_bytes() == text


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("khmre", "is it khmer?"),
        ("klingon", "there are armenian, "),
        ("khmer", "in Debian: apt install fonts-noto-core"),
    ],
)
def test_what_cannot_be_added_is_refused_with_what_would_help(
    add: Add, office_folder: Path, tmp_path: Path, word: str, hint: str
) -> None:
    text = (office_folder / "cecert.toml").read_bytes()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError) as refused:
        add(word, empty)
    assert refused.value.hint.startswith(hint)
    assert (office_folder / "cecert.toml").read_bytes() == text


def test_another_font_of_the_name_is_not_overwritten(
    add: Add, office_folder: Path, tmp_path: Path
) -> None:
    font(tmp_path / "s" / "NotoSerifKhmer-Regular.ttf", KHMER)
    (office_folder / "fonts").mkdir()
    mine = office_folder / "fonts" / "NotoSerifKhmer-Regular.ttf"
    mine.write_bytes(b"mine")
    with pytest.raises(InputError, match="is there and is another font"):
        add("khmer", tmp_path / "s")
    assert mine.read_bytes() == b"mine"
    assert fonts_of(office_folder) == []


def test_the_command_says_where_the_font_came_from(office_folder: Path, tmp_path: Path) -> None:
    source = font(tmp_path / "s" / "NotoSerifKhmer-Regular.ttf", KHMER)
    config = str(office_folder / "cecert.toml")
    call = ["fonts", "add", "khmer", "--from", str(source.parent), "--config", config]
    ran = CliRunner().invoke(whole_app(), call)
    assert (ran.exit_code, ran.stdout) == (0, "fonts/NotoSerifKhmer-Regular.ttf\n")
    assert f"taken from {source}" in ran.stderr
    assert "drawn already" in CliRunner().invoke(whole_app(), call).stderr


def test_folders_of_the_user_are_looked_through_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform, first, last in (
        ("linux", "/home/ana/.local/share/fonts", "/usr/share/fonts"),
        ("darwin", "/home/ana/Library/Fonts", "/System/Library/Fonts"),
    ):
        monkeypatch.setattr("sys.platform", platform)
        found = font_folders({"HOME": "/home/ana"})
        assert (str(found[0]), str(found[-1])) == (first, last)
        assert not [each for each in font_folders({}) if "ana" in str(each)]
    monkeypatch.setattr("sys.platform", "win32")
    found = font_folders({"LOCALAPPDATA": "C:/ana", "WINDIR": "C:/Windows"})
    assert [each.as_posix() for each in found] == [
        "C:/ana/Microsoft/Windows/Fonts",
        "C:/Windows/Fonts",
    ]


LIST = """name,email,credentials,attended,visible,evaluation,attestation,fee_paid
{rows}
"""
DONE = "ny-social-work,all,yes,2020-10-30T09:00:00-04:00,2020-10-30T09:05:00-04:00,yes"


def test_decide_lint_and_preview_name_a_missing_script_once(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["សុខ ចាន់", "Ana Ruiz", "សុខ ធូ", "გიორგი", "王小明", "Dana (דנה) Levi"]
    rows = [f"{name},p{place}@example.org,{DONE}" for place, name in enumerate(names)]
    listed = office_folder / "many.csv"
    listed.write_text(LIST.format(rows="\n".join(rows)), "utf-8")
    files = [str(office_folder / "course.toml"), str(listed)]
    config = ["--config", str(office_folder / "cecert.toml")]
    said = {}
    for command in ("decide", "lint"):
        status = main([command, *files, *config])
        assert status == (1 if command == "lint" else 0)
        out, err = capsys.readouterr()
        said[command] = out + err
    course, completions = files
    sheet = ["-o", str(office_folder / "names.pdf"), "--completions", completions]
    assert main(["preview", course, *sheet, *config]) == 1
    said["preview"] = capsys.readouterr().err
    for command, text in said.items():
        told = [line for line in text.splitlines() if "which no font here has" in line]
        assert len(told) == 3, command
        assert ["row 2 and row 4" in line for line in told] == [True, False, False]
        scripts = ("khmer", "georgian", "chinese")
        assert [
            f"cecert fonts add {each} " in line for each, line in zip(scripts, told, strict=True)
        ]
        assert "is in Chinese letters" in told[2]
        assert "and 1 more are in Khmer letters" in told[0]


def test_json_of_decide_has_what_cannot_be_drawn_only_where_there_is_any(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    config = ["--config", str(office_folder / "cecert.toml"), "--json"]
    listed = office_folder / "one.csv"
    for name, expected in (("Ana (דנה)", False), ("សុខ", True)):
        listed.write_text(LIST.format(rows=f"{name},p@example.org,{DONE}"), "utf-8")
        assert main(["decide", str(office_folder / "course.toml"), str(listed), *config]) == 0
        assert ("undrawable" in json.loads(capsys.readouterr().out)) == expected


def test_a_name_is_previewed_as_a_list_takes_it(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["preview", str(office_folder / "course.toml"), "--config"]
    base += [str(office_folder / "cecert.toml"), "-o", str(office_folder / "x.pdf")]
    assert main([*base, "--name", "  Ana\N{NO-BREAK SPACE}  Ruiz "]) == 0
    assert main([*base, "--name", "Brian O&#039;Conner"]) == 2
    assert "holds markup" in capsys.readouterr().err


def test_every_letter_that_is_not_looked_up_is_in_the_fonts_of_every_layout() -> None:
    drawer = renderer()
    for first, last in SHIPPED:
        for point in range(ord(first), ord(last) + 1):
            if unicodedata.category(chr(point))[0] in "LP":
                for layout in ("classic/1", "modern/1"):
                    assert drawer.missing_glyph(chr(point), layout) == "", hex(point)
