"""What the renderer says it drew is what the record says, however it was broken and shaped."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import product

import pytest
from certificate_samples import HARD_NAME, HARD_TITLE, certificate, uneven_sessions
from certificate_samples import renderer as samples_renderer
from golden_pages import KINDS
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import Certificate, Recipient
from cecert.domain.certificate.misprints import PrintedLine, misprints
from cecert.domain.values.certificate_id import CertificateId

NAMES = (
    "Ana Ruiz",
    HARD_NAME,
    "דניאל כהן-אברהם",
    "Dan דניאל Cohen",
    "Nguyễn Thị Ánh",
    "Ελένη Παππά",
    unicodedata.normalize("NFD", "Zoë Ångström"),
    "Anne-Marie O\N{RIGHT SINGLE QUOTATION MARK}Connell-Hughes, Ph.D., LICSW",
)
LAYOUTS = ("classic/1", "modern/1")


@pytest.mark.parametrize("kind", [each for each in KINDS if not each.endswith("specimen")])
def test_every_golden_page_says_what_its_record_says(
    renderer: CertificateRenderer, kind: str
) -> None:
    drawn = KINDS[kind]()
    assert misprints(renderer.draw(drawn).pages, drawn) == ()


@pytest.mark.parametrize(("name", "layout"), list(product(NAMES, LAYOUTS)))
def test_names_of_every_script_and_length_are_read_back(
    renderer: CertificateRenderer, name: str, layout: str
) -> None:
    for lines, sessions in ((0, ()), (3, ()), (6, uneven_sessions(12))):
        drawn = replace(certificate(name, HARD_TITLE, lines, sessions), layout=layout)
        assert misprints(renderer.draw(drawn).pages, drawn) == ()


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.sampled_from("abcxyzABCÅéßřŁ'-. "), min_size=1, max_size=60),
    st.sampled_from(LAYOUTS),
)
def test_any_name_that_can_be_drawn_is_read_back_and_no_other_is(text: str, layout: str) -> None:
    name = " ".join(text.split()) or "A"
    drawn = replace(certificate(name), layout=layout)
    if not RENDERER.faults(drawn):
        pages = RENDERER.draw(drawn).pages
        assert misprints(pages, drawn) == ()
        other = replace(drawn, recipient=Recipient("p-1", f"{name}a"))
        assert [each.fact for each in misprints(pages, other)] == ["recipient name"] * 2


RENDERER = samples_renderer()


@pytest.mark.parametrize("kind", ["classic-two-pages", "modern-two-pages"])
def test_each_page_is_compared(renderer: CertificateRenderer, kind: str) -> None:
    drawn = KINDS[kind]()
    other = replace(
        drawn,
        id=CertificateId(bytes(10)),
        recipient=replace(drawn.recipient, name=drawn.recipient.name[::-1]),
        course=replace(drawn.course, title=drawn.course.title[::-1]),
    )
    first, second = renderer.draw(drawn).pages
    _, stray = renderer.draw(other).pages
    facts = [each.fact for each in misprints((first, stray), drawn)]
    assert facts == ["recipient name", "course title", "id"]
    assert misprints((second, second), replace(drawn, credit_lines=drawn.credit_lines[1:]))


def test_a_credit_that_changed_places_with_another_is_told(renderer: CertificateRenderer) -> None:
    drawn = certificate()
    turned = replace(drawn, credit_lines=drawn.credit_lines[::-1])
    facts = {each.fact for each in misprints(renderer.draw(drawn).pages, turned)}
    assert {"credit for of type-2", "statement of type-0", "unit of type-0"} <= facts


def test_words_for_who_listens_are_compared_too(renderer: CertificateRenderer) -> None:
    drawn: Certificate = certificate()
    (page,) = renderer.draw(drawn).pages
    told = [
        each._replace(text="Somebody else") if each.what == "spoken recipient name" else each
        for each in page
    ]
    assert PrintedLine("spoken recipient name", "Ana Ruiz") in page
    assert [each.fact for each in misprints([told], drawn)] == ["recipient name"]


def test_a_document_without_pages_says_nothing() -> None:
    facts = [each.fact for each in misprints((), certificate())]
    assert facts == ["recipient name", "course title", "id", "credits"]


@pytest.mark.parametrize("kind", ["classic-corrected", "modern-corrected"])
def test_what_a_correction_replaces_is_read_back(renderer: CertificateRenderer, kind: str) -> None:
    drawn = KINDS[kind]()
    pages = renderer.draw(drawn).pages
    other = CertificateId.parse("3K50-VMEJ-KFZV-NS3G")
    for claimed in (None, other):
        (found,) = misprints(pages, replace(drawn, supersedes=claimed))
        assert (found.fact, found.printed) == ("replaces", "7Q2M-X4KD-9VTR-H3NP")
    first = renderer.draw(replace(drawn, supersedes=None)).pages
    assert [each.printed for each in misprints(first, drawn)] == ["nothing"]
