"""Fonts, pictures and letterheads that are much to read end in a clear error, or are drawn.

Each in a process of little memory and time: what does not end there is ended, and fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bounded import Bounded, Ended, bounded
from font_bombs import FONTS
from letterhead_bombs import LETTERHEADS
from picture_bombs import PICTURES

from cecert.office import create_office

pytestmark = pytest.mark.slow


Preview = Callable[..., Ended]


@pytest.fixture(scope="module")
def within_limits() -> Iterator[Bounded]:
    with bounded() as children:
        yield children


@pytest.fixture
def preview(within_limits: Bounded, tmp_path: Path) -> Preview:
    """Return what draws a specimen, with a line in [certificate]; a refusal must be clear."""
    folder, drawn = tmp_path / "office", tmp_path / "specimen.pdf"
    create_office(folder)
    config = folder / "cecert.toml"

    def run(line: str = "", *options: object) -> Ended:
        text = config.read_text("utf-8")
        config.write_text(text.replace("[certificate]", f"[certificate]\n{line}"), "utf-8")
        words = ["preview", folder / "course.toml", "-c", config, "-o", drawn, "--png", *options]
        ended = within_limits.run(*words)
        assert ended.status in {0, 2}, ended.words
        assert drawn.exists() is (ended.status == 0)
        first = ended.words.splitlines()[0]
        assert ended.status == 0 or first.startswith("cecert: error: "), ended.words
        return ended

    return run


DRAWN_FONTS = {
    "a table of names of 39 MB",
    "units of 0 to the em",
    "cut off at 95%",
}
"""What a provider may do."""


@pytest.mark.parametrize("name", FONTS)
def test_a_font_is_refused_or_drawn_with_ink_in_every_letter(
    preview: Preview, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "given.ttf"
    path.write_bytes(FONTS[name]())
    ended = preview(f'fonts = ["{path}"]', "--name", "\u03a9\u4e00 Ana Ruiz")
    assert (ended.status == 0) is (name in DRAWN_FONTS), ended.words


DRAWN_PICTURES = {
    "a PNG of 6,000 by 6,000",
    "a PNG with rows of 200 MB for one pixel",
    "a PNG with 60,000 texts",
    "a PNG of 10,000 frames",
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_logo_is_refused_or_drawn(preview: Preview, tmp_path: Path, name: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(PICTURES[name]())
    ended = preview(f'logo = "{path}"')
    assert (ended.status == 0) is (name in DRAWN_PICTURES), ended.words


EITHER = {"dictionaries 100,000 deep in its content"}
"""What is refused or drawn by how deep the stack is already: its reader gives up at a depth."""

DRAWN_LETTERHEADS = {
    "content in LZW that grows",
    "180,000 operators between marks",
    "120,000 marks within one another",
    "a program that is started",
    "attached files in a circle",
    "10,000 pages",
}


@pytest.mark.parametrize("name", LETTERHEADS)
def test_a_letterhead_is_refused_or_drawn_without_what_it_would_do(
    preview: Preview, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "letterhead.pdf"
    path.write_bytes(LETTERHEADS[name]())
    ended = preview("", "--letterhead", path)
    assert name in EITHER or (ended.status == 0) is (name in DRAWN_LETTERHEADS), ended.words
    if ended.status == 0:
        drawn = (tmp_path / "specimen.pdf").read_bytes()
        assert not [each for each in (b"/Launch", b"/JavaScript", b"/AcroForm") if each in drawn]
