"""A dossier's page in a real browser: on a desk, on a phone, on paper, without the network."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from ledger_entries import entry_for, event
from playwright.sync_api import Browser
from report_samples import TEMPLATES
from sampled import sampled

from cecert.adapters.reports import DossierFacts, SourceCopy, dossier_page
from cecert.testing import sample_record

pytestmark = pytest.mark.system

HOSTILE = "<img src=x onerror=alert(1)>"
SEVERAL = (("day-1", "NOT_MET", 22), ("day-2", "MET_BY_OVERRIDE", 29))


def record() -> dict[str, object]:
    return {
        "evaluation": "2020-10-30T09:36:00-04:00",
        "attestation": "2020-10-30",
        "sessions": [
            {
                "session": session,
                "status": status,
                "explanation": f"Joined late. {HOSTILE} Evidence: report.csv line 4.",
                "evidence": [
                    {"file": "report.csv", "line": 4, "shown_name": HOSTILE, "sure": True,
                     "joined": f"2020-10-{day}T17:12:00Z", "left": f"2020-10-{day}T18:15:30Z"},
                    {"file": "report.csv", "line": 9, "shown_name": "iPhone", "sure": False,
                     "joined": f"2020-10-{day}T18:20:00Z", "left": ""},
                ],
                "decisions": [{"kind": "decision", "by": "M. Example", "why": HOSTILE,
                               "at": "2020-11-02T15:15:00+00:00", "place": "overrides.toml"}],
            }
            for session, status, day in SEVERAL
        ],
    }  # fmt: skip


def page() -> bytes:
    entry = replace(entry_for(sample_record()), evidence=json.dumps(record()))
    own = entry.certificate
    times = dict(zip(("day-1", "day-2"), own.course.sessions, strict=True))
    facts = DossierFacts(
        main=entry,
        entries=(entry,),
        record=record(),
        times=times,
        breaks={},
        sources=(SourceCopy("report.csv", "a" * 64, "attendance", 4000, ((4, HOSTILE),), "c.csv"),),
        events={own.id: [event("issued", entry, HOSTILE)]},
        mails={own.id: [replace(entry.mail, reply=HOSTILE)]},
        files={own.id: "certificate.pdf"},
        picture=b"",
        timezone="America/New_York",
        at=datetime(2020, 11, 6, 12, tzinfo=UTC),
        actor="Mary",
    )
    return dossier_page(facts, TEMPLATES)


@pytest.mark.parametrize(
    ("width", "scheme"),
    sampled(product((390, 1280), ("light", "dark")), [(390, "dark"), (1280, "light")]),
)
def test_everybody_can_read_it_and_nothing_asks_the_network(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    path = tmp_path / "index.html"
    path.write_bytes(page())
    asked: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # two of its words
    )
    shown = context.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    assert shown.locator("img").count() == 0
    assert shown.locator("section").count() == 8
    assert HOSTILE in shown.inner_text("main")
    # Axe needs a policy that lets it in; nothing else is changed.
    shown.set_content(page().decode().replace("default-src 'none'", "default-src 'unsafe-inline'"))
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_it_prints_on_letter_paper_with_every_section(browser: Browser, tmp_path: Path) -> None:
    from pypdf import PdfReader

    path = tmp_path / "index.html"
    path.write_bytes(page())
    context = browser.new_context()
    shown = context.new_page()
    shown.goto(path.as_uri())
    shown.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "print.pdf").pages
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in pages} == {
        (612, 792)
    }
    text = "\n".join(each.extract_text() for each in pages)
    assert all(f"{number} " in text for number in range(1, 9))
    assert "Proof from the log" in text
    context.close()
