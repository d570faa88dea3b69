"""A page that was laid out for a trial is the page, or another is: never another drawing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from certificate_samples import HARD_NAME, certificate, renderer

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render import renderer as module
from cecert.adapters.render.layout.page import Page
from cecert.adapters.render.layout.setting import LayoutContext
from cecert.adapters.render.qr import modules
from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.ports import LaidOut

TRIED = certificate(HARD_NAME)


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of whose pages were laid out, which grows."""
    found: list[str] = []

    def counting(setting: LayoutContext) -> tuple[Page, ...]:
        found.append(setting.certificate.recipient.name)
        return compose(setting)

    compose = module._COMPOSERS["classic"]
    monkeypatch.setitem(module._COMPOSERS, "classic", counting)
    return found


def page_of(drawer: CertificateRenderer, drawn: Certificate) -> LaidOut:
    found = drawer.lay_out(drawn)
    assert not isinstance(found, tuple)
    return found


def with_digits(drawn: Certificate, count: int) -> Certificate:
    """Return it with a token of so many digits more."""
    return replace(drawn, token_url=drawn.token_url + "1" * count)


UNSEEN: list[dict[str, Any]] = [
    {"slot": StatusSlot(3, 99)},
    {"issued_at": TRIED.issued_at + timedelta(minutes=1)},
    {"token_url": TRIED.token_url[:-3] + "123"},
]


@pytest.mark.parametrize("change", UNSEEN, ids=lambda each: next(iter(each)))
def test_what_is_not_printed_leaves_the_page_as_it_was_laid_out(
    change: dict[str, Any], laid_out: list[str]
) -> None:
    drawer, final = renderer(), replace(TRIED, **change)
    drawing = page_of(drawer, TRIED).draw(final)
    assert laid_out == [HARD_NAME]
    assert drawing == drawer.draw(final) == renderer().draw(final)


SEEN: list[dict[str, Any]] = [
    {"issued_at": TRIED.issued_at + timedelta(days=1)},
    {"token_url": with_digits(TRIED, 90).token_url},
    {"recipient": replace(TRIED.recipient, name="Ana Ruiz")},
    {"layout": "modern/1"},
    {"credit_lines": TRIED.credit_lines[:1]},
]


@pytest.mark.parametrize("change", SEEN, ids=lambda each: next(iter(each)))
def test_what_is_printed_is_laid_out_anew(change: dict[str, Any], laid_out: list[str]) -> None:
    drawer, final = renderer(), replace(TRIED, **change)
    page = page_of(drawer, TRIED)
    assert page.draw(final) == renderer().draw(final)
    assert laid_out[0] == HARD_NAME
    anew_and_fresh = 0 if final.layout == "modern/1" else 2  # classic pages are counted alone
    assert len(laid_out) == 1 + anew_and_fresh


def test_a_code_of_another_size_is_one_that_shows() -> None:
    assert modules(with_digits(TRIED, 90).token_url) != modules(TRIED.token_url)


def test_pieces_that_were_forgotten_meanwhile_are_laid_out_anew(laid_out: list[str]) -> None:
    drawer = renderer()
    page = page_of(drawer, TRIED)
    for day in range(1, 2 + module.MOST_COURSES):
        drawer.draw(replace(TRIED, issued_at=TRIED.issued_at + timedelta(days=day)))
    laid_out.clear()
    assert page.draw(TRIED) == renderer().draw(TRIED)
    assert laid_out == [HARD_NAME] * 2


def test_pages_are_drawn_once_and_laid_out_anew_for_a_second_drawing(laid_out: list[str]) -> None:
    page = page_of(renderer(), TRIED)
    first = page.draw(TRIED)
    assert laid_out == [HARD_NAME], "and are not kept"
    assert page.draw(TRIED) == first
    assert laid_out == [HARD_NAME, HARD_NAME]
