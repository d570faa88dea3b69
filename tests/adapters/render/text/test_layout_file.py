"""Layout files: their colours can be read, and a provider's own colour must be readable too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from certificate_samples import ROOT, certificate, renderer

from cecert.adapters.render.layout.page import inks
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.layout_file import contrast, load_layout
from cecert.errors import ConfigurationError

LAYOUTS = sorted((ROOT / "templates" / "layouts").glob("*.toml"))


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.stem for path in LAYOUTS])
def test_every_text_colour_has_enough_contrast_on_every_ground(path: Path) -> None:
    layout = load_layout(path, FaceShelf(ROOT / "fonts"))
    grounds = layout.figures["accent_grounds"]
    words = {each.colour for name, each in layout.styles.items() if name != "specimen"}
    assert min(contrast(word, ground) for word in words for ground in grounds) >= 4.5


def test_contrast_is_wcags() -> None:
    # WCAG 2.2, 1.4.3: 21 for black on white; 4.54 for #767676 is the usual example.
    assert contrast("#FFFFFF", "#000000") == 21
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


def test_a_providers_own_colour_replaces_the_layouts() -> None:
    (sheet,) = renderer(accent="#5B1A4A").pages(certificate(), specimen=False)
    titles = {ink.colour for ink in inks(sheet) if ink.what == "course title"}
    assert titles == {"#5B1A4A"}


@pytest.mark.parametrize(
    ("accent", "problem"),
    [
        ("#FFD700", "has a contrast of 1.22:1, text needs 4.5:1"),
        ("red", "is no colour"),
        ("#12345G", "is no colour"),
        ("#1234567", "is no colour"),
    ],
)
def test_a_colour_nobody_can_read_is_refused_with_its_ratio(accent: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        renderer(accent=accent)
    (fault,) = refused.value.faults
    assert (fault.value, fault.problem) == (accent, problem)


def test_what_a_certificate_does_not_have_leaves_no_empty_label() -> None:
    bare = certificate(licenses=())
    provider = replace(bare.provider, office="", address="", phone="", email="")
    course = replace(bare.course, level="", location="", instructors=())
    for layout in ("classic/1", "modern/1"):
        drawn = replace(bare, provider=provider, course=course, signatories=(), layout=layout)
        (sheet,) = renderer().pages(drawn, specimen=False)
        said = [ink.shaped.text.strip() for ink in inks(sheet)]
        assert not {"Level", "Instructor", "N/A", "", "None"} & set(said)
        assert "Live interactive webinar" in said


def test_several_instructors_are_named_together() -> None:
    drawn = certificate()
    course = replace(drawn.course, instructors=("Joan Lesser, Ph.D.", "Ana Ruiz"))
    for layout, words in (
        ("classic/1", "Instructors Joan Lesser, Ph.D.; Ana Ruiz"),
        ("modern/1", "Instructors"),
    ):
        (sheet,) = renderer().pages(replace(drawn, course=course, layout=layout), specimen=False)
        assert words in [ink.shaped.text.strip() for ink in inks(sheet)]


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "School " * 60 + "for Social Work"),
        ("address", "Lilly Hall " * 40),
        ("email", "a" * 300 + "@example.edu"),
    ],
)
def test_words_of_the_provider_that_fit_nowhere_are_named(
    layout: str, field: str, value: str
) -> None:
    drawn = certificate()
    provider = replace(drawn.provider, **{field: value})
    (fault,) = renderer().faults(replace(drawn, provider=provider, layout=layout))
    assert "provider" in fault.place
    assert "needs" in fault.problem
