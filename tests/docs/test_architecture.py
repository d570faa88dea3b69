"""The architecture page: its picture is what the imports are, its journeys are what happens."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import pytest
from pypdf import PdfReader
from seminar import write_seminar

from cecert.cli import main

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """Return a script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"docs/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


architecture = script("architecture")


@contextmanager
def calls() -> Iterator[dict[tuple[str, str], int]]:
    """Note each function of cecert that is called, in the order of their first calls."""
    found: dict[tuple[str, str], int] = {}
    seen: set[CodeType] = set()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        del argument
        code = frame.f_code
        if event == "call" and code not in seen:
            seen.add(code)
            found.setdefault((code.co_filename, code.co_qualname), len(found))

    sys.setprofile(profile)
    try:
        yield found
    finally:
        sys.setprofile(None)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("journeys") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CECERT_KEY_PASSPHRASE", "a passphrase for tests")
        patch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
        main(["init", str(folder)])
        patch.chdir(folder)
        main(["keys", "init"])
        yield folder


def row(folder: Path) -> dict[tuple[str, str], int]:
    with calls() as found:
        assert main(["issue", "course.toml", "completions.csv"]) == 0
    assert list((folder / "certificates").glob("*/*.pdf"))
    return found


def link(folder: Path) -> dict[tuple[str, str], int]:
    if not list((folder / "certificates").glob("*/*.pdf")):  # the journey of a row may be elsewhere
        assert main(["issue", "course.toml", "completions.csv"]) == 0
    document = next((folder / "certificates").glob("*/*.pdf"))
    url = PdfReader(document).attachments["cecert-token.txt"][0].decode()
    with calls() as found:
        assert main(["verify", "--offline", url]) == 0
    return found


def connection(folder: Path) -> dict[tuple[str, str], int]:
    write_seminar(folder)
    lists = "--registrations registrations.csv --attendance oct22.csv --attendance oct29.csv"
    with calls() as found:
        assert main(["collect", "course.toml", *lists.split(), "-o", "collected.csv"]) == 0
    return found


@pytest.mark.parametrize("walk", [row, link, connection], ids=lambda each: each.__name__)
def test_each_journey_takes_its_steps_in_the_order_of_the_page(
    walk: Callable[[Path], dict[tuple[str, str], int]], office: Path
) -> None:
    found = walk(office)
    (journey,) = [each for each in architecture.JOURNEYS if each.name == walk.__name__]
    steps = [
        (str(architecture.file_of(each)), each.rpartition(":")[2]) for each, _ in journey.steps
    ]
    assert [each for each in steps if each not in found] == []
    assert sorted(steps, key=found.__getitem__) == steps


def test_a_step_that_nothing_defines_is_an_error() -> None:
    with pytest.raises(LookupError, match="no file"):
        architecture.file_of("a_function_that_is_nowhere")
    with pytest.raises(LookupError, match=r"cli/issue\.py, src/cecert/workflows"):
        architecture.file_of("issue")


def test_the_picture_shows_every_module_of_every_layer_and_no_arrow_upward() -> None:
    picture = architecture.picture()
    shown = re.findall(r">([\w]+)</text>", picture)
    paths = [*(ROOT / "src/cecert").glob("*"), *(ROOT / "src/cecert").glob("*/*")]
    modules = [each.stem for each in paths if each.suffix == ".py" and each.stem != "__init__"]
    folders = [each.name for each in paths if (each / "__init__.py").exists()]
    assert sorted(shown) == sorted(modules + folders)
    assert "#C00000" not in picture


def test_inside_a_layer_every_import_goes_to_a_row_below() -> None:
    for layer in (each for level in architecture.layers() for each in level):
        row_of = {name: at for at, row in enumerate(layer.rows) for name in row}
        prefix = f"cecert.{layer.name}."
        for ends in architecture.imports():
            inner = [each.removeprefix(prefix).split(".")[0] for each in ends]
            if all(each.startswith(prefix) for each in ends) and len(set(inner)) > 1:
                assert row_of[inner[0]] < row_of[inner[1]], ends


def test_what_imports_in_a_circle_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Counter(architecture.imports())
    real.update(
        [("cecert.ports.site", "cecert.ports.mail"), ("cecert.ports.mail", "cecert.ports.site")]
    )
    monkeypatch.setattr(architecture, "imports", lambda: real)
    with pytest.raises(LookupError, match=r"mail, .*site.* of ports import in a circle"):
        list(architecture.rows_of("ports"))


def test_lines_of_one_row_stand_on_one_band() -> None:
    rows = sum(len(layer.rows) for level in architecture.layers() for layer in level)
    assert architecture.picture().count('class="row"') == rows


def test_an_import_against_the_order_is_drawn_red(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Counter(architecture.imports())
    real["cecert.domain.values.text", "cecert.cli.issue"] += 1
    monkeypatch.setattr(architecture, "imports", lambda: real)
    assert "#C00000" in architecture.picture()


def test_a_page_of_yesterday_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    generate = script("generate")
    stale = {"pictures/architecture.svg": lambda: "another picture\n"}
    monkeypatch.setattr(generate, "PAGES", stale)
    assert generate.main(check=True) == 1
    assert "docs/pictures/architecture.svg is out of date" in capsys.readouterr().out


def test_every_decision_has_a_number_of_its_own() -> None:
    paths = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    numbers = [int(each.name[:4]) for each in paths]
    assert [each for each, times in Counter(numbers).items() if times > 1] == []
    headings = [each.read_text("utf-8").partition("\n")[0] for each in paths]
    assert [int(each.removeprefix("# ").partition(".")[0]) for each in headings] == numbers
