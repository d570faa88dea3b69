"""Who signs for another organisation says which one and where it answers, on both layouts."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, certificate, renderer
from PIL import Image, ImageDraw
from sound_pages import assert_sound

from cecert.adapters.render.layout.page import Page, Picture, inks
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.course.provider import Signatory

LAYOUTS = ["classic/1", "modern/1"]
OWN = Signatory("Mary Curtin", "Manager of Professional Education", "s.png")
OTHERS = Signatory(
    "Robert Q. Amego",
    "Director of Continuing Education",
    "s.png",
    organisation="Amego Prepare",
    contact="33 Perry Avenue, Attleboro MA 02703, 508.455.6200",
)


def signature() -> bytes:
    drawn = Image.new("RGBA", (600, 160))
    ImageDraw.Draw(drawn).line([(20, 120), (300, 20), (580, 120)], fill="#1B2A6B", width=8)
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


DRAWER = renderer(pictures={"s.png": signature()})


def drawn(layout: str, *signatories: Signatory, hard: bool = False) -> tuple[Certificate, Page]:
    made = certificate(HARD_NAME, HARD_TITLE, 4) if hard else certificate()
    made = replace(made, layout=layout, signatories=signatories)
    assert DRAWER.faults(made) == ()
    return made, DRAWER.pages(made, specimen=False)[0]


def told(page: Page) -> str:
    return " ".join(each.shaped.text for each in inks(page) if each.what.startswith("signatory"))


def pictures(page: Page) -> list[Picture]:
    return [kid for each in page.body for kid in each.kids if isinstance(kid, Picture)]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("hard", [False, True])
def test_organisation_and_contact_stand_below_the_name_beside_another_signature(
    layout: str, paper: Paper, hard: bool
) -> None:
    made, _ = drawn(layout, OWN, OTHERS, hard=hard)
    made = replace(made, paper=paper)
    first, *rest = DRAWER.pages(made, specimen=False)
    assert_sound(made, (first, *rest))
    assert f"{OTHERS.organisation} {OTHERS.contact}" in told(first)
    names = [each for each in inks(first) if each.what == "signatory"]
    assert len({(each.y, each.size) for each in names}) == 1
    notes = [each.box.bottom for each in inks(first) if each.what == "note"]
    assert all(p.box.top - p.box.bottom > 20 and p.box.top < min(notes) for p in pictures(first))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_where_two_sign_for_the_provider_nothing_is_lifted(layout: str) -> None:
    _, alone = drawn(layout, replace(OWN, image=""))
    two = replace(OTHERS, title="Director", organisation="", contact="", image="")
    _, both = drawn(layout, replace(OWN, image=""), two)
    heights = [
        {each.y for each in inks(page) if each.what == "signatory"} for page in (alone, both)
    ]
    assert heights[0] == heights[1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_long_title_takes_a_second_line(layout: str) -> None:
    title = "Associate Director of Continuing and Professional Education"
    made, page = drawn(layout, replace(OWN, title=title), OTHERS)
    assert_sound(made, (page,))
    assert title in told(page)


def test_an_address_of_the_provider_on_two_lines_has_its_room() -> None:
    made, _ = drawn("modern/1", OWN, OTHERS)
    address = "Lilly Hall, Office 204, 23 West Street, P.O. Box 1024, Northampton MA 01062-1024"
    email = "continuing.education.certificates@social-work.example.edu"
    made = replace(made, provider=replace(made.provider, address=address, email=email))
    assert_sound(made, DRAWER.pages(made, specimen=False))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("signatories", [(OWN,), (OWN, OTHERS)])
def test_a_long_address_takes_lines_of_its_own(
    layout: str, signatories: tuple[Signatory, ...]
) -> None:
    address = "Whitmore Administration Building, 181 Presidents Drive, Amherst MA 01003-9290"
    email = "ce@example.edu"
    if len(signatories) == 1:  # the words of two leave no room for this one
        email = "continuing.education.certificates@social-work.example.edu"
    made, _ = drawn(layout, *signatories)
    made = replace(made, provider=replace(made.provider, address=address, email=email))
    assert DRAWER.faults(made) == ()
    (page,) = DRAWER.pages(made, specimen=False)
    assert_sound(made, (page,))
    words = " ".join(each.shaped.text.strip() for each in inks(page))
    assert address in words
    assert email in words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_more_lines_than_there_is_room_for_are_a_fault_that_counts_them(layout: str) -> None:
    contact = "Amego Prepare, Suite 1200, 33 Perry Avenue, Attleboro MA 02703, U.S.A., 508.455.6200"
    long = replace(OTHERS, title="Associate Director of Continuing Education", contact=contact)
    long = replace(long, organisation="Amego Prepare for Professional and Continuing Education")
    made = replace(certificate(), layout=layout, signatories=(OWN, long))
    (fault,) = DRAWER.faults(made)
    assert fault.place == "Ana Ruiz: signatory title"
    assert "lines below the name" in fault.problem


def test_a_signature_that_all_these_words_leave_no_room_is_a_fault() -> None:
    address = "Whitmore Administration Building, 181 Presidents Drive, Amherst MA 01003-9290"
    email = "continuing.education.certificates@social-work.example.edu"
    contact = "Suite 1200, 33 Perry Avenue, Attleboro MA 02703, U.S.A., 508.455.6200"
    made = replace(certificate(), signatories=(OWN, replace(OTHERS, contact=contact)))
    made = replace(made, provider=replace(made.provider, address=address, email=email))
    (fault,) = DRAWER.faults(made)
    assert fault.place == "Ana Ruiz: signature"
    assert "has no room above the words" in fault.problem
