"""The page's script and the page in Firefox and WebKitGTK, where they are installed.

Their installation takes Debian longer than a run of CI may (docs/known-issues.md).
"""

from __future__ import annotations

import json
import random
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_engines import ENGINES, Firefox, WebKit, is_installed, started
from code_reader import code_reader
from hosting import WebHost, web_host
from made_files import saved, scanned, scans
from papers import papers
from parity import DOCUMENT, REFUSALS, agreed
from pdf_cases import ASKED, PDF_VECTORS, expected, pdf_of, script, stated
from verifiers import LOG_VECTORS, by_javascript

from cecert.adapters.site import HEADERS, SiteFolder, VerifySite
from cecert.domain.trust.status_list import Status
from cecert.testing import sample_provider

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.long]
Window = Firefox | WebKit
FILES = json.loads(PDF_VECTORS.read_text(encoding="utf-8"))
TEMPLATES = Path(__file__).parents[2] / "templates"
MUTATIONS = 5000


@pytest.fixture(scope="module", params=ENGINES)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    with started(request.param) as opened:
        yield opened


@pytest.fixture
def scripted(window: Window, tmp_path: Path) -> Window:
    """Return the window with a page that has what judges tokens and files."""
    html = tmp_path / "verifier.html"  # a file is a secure context, so WebCrypto is there
    html.write_text(f"<!doctype html><script>{script()}</script>", "utf-8")
    window.goto(html.as_uri())
    return window


def test_every_vector_has_its_outcome_in_every_engine(scripted: Window) -> None:
    for document in (DOCUMENT, json.loads(LOG_VECTORS.read_text(encoding="utf-8"))):
        found = by_javascript(scripted, document)
        assert found == [(each["expect"], each["warnings"]) for each in document["cases"]]


def test_thousands_of_mutations_have_one_outcome_in_every_engine(scripted: Window) -> None:
    outcomes = agreed(scripted, MUTATIONS)  # type: ignore[arg-type]  # it evaluates, as a Page does
    assert outcomes.keys() <= REFUSALS
    assert outcomes.total() == MUTATIONS


def asked(window: Window, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.evaluate(
        ASKED, {"document": stated(FILES), "cases": cases}
    )
    return found


def test_every_file_has_its_answer_and_no_altered_one_is_valid(scripted: Window) -> None:
    cases = [
        {**{name: each[name] for name in ("status", "trust")},
         "pdf": b64encode(pdf_of(FILES, each)).decode()}
        for each in FILES["cases"]
    ]  # fmt: skip
    assert asked(scripted, cases) == [expected(each) for each in FILES["cases"]]
    genuine, chance = pdf_of(FILES, FILES["cases"][0]), random.Random(19)
    flips = [(chance.randrange(len(genuine)), 1 << chance.randrange(8)) for _ in range(300)]
    altered = [
        {
            **cases[0],
            "pdf": b64encode(
                genuine[:at] + bytes([genuine[at] ^ bit]) + genuine[at + 1 :]
            ).decode(),
        }
        for at, bit in flips
    ]
    assert "VALID" not in {each["outcome"] for each in asked(scripted, altered)}


@pytest.fixture
def host(tmp_path: Path) -> Iterator[WebHost]:
    """Serve the page with its reader of codes and its headers."""
    with web_host(tmp_path) as server:
        school, one = papers().school, papers().certificate
        site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu", reader=code_reader())
        html = site.page(
            school.trust,
            school.trust_bytes(),
            {one.slot.list_id: school.status_list(one, Status.VALID)},
        )
        SiteFolder(tmp_path).put({**code_reader(), "index.html": html})
        server.rules = HEADERS.decode()
        yield server


DROPPED = """
async ({ name, type, base64 }) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], name, { type }));
  const input = document.getElementById("file");
  document.querySelector("h1").textContent = "";
  input.files = moved.files;
  input.dispatchEvent(new Event("change"));
  for (let tries = 0; tries < 400; tries += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    const busy = document.getElementById("answer").getAttribute("aria-busy") === "true";
    if (!busy && document.querySelector("h1").textContent) break;
  }
  return document.getElementById("main").innerText;
}
"""


def test_the_page_answers_a_good_an_altered_a_forged_a_saved_and_a_scanned_file(
    window: Window, host: WebHost
) -> None:
    named = {each["name"]: pdf_of(FILES, each) for each in FILES["cases"]}
    window.goto(f"{host.base}/")
    time.sleep(0.5)
    # This machine's clock is later than the papers', so the list is old and the seal is not.
    for pdf, words in (
        (named["as issued"], "not changed since"),
        (named["other hours drawn"], "60 contact hours"),
        (named["the seal of another key"], "not with a seal that the school had"),
        (named["a forged page, a genuine link in a comment"], "There is no code in this PDF"),
        (named["saved anew"], "A program saved it anew"),
        (scans(papers().pdf), "A picture: there is no seal to check."),
    ):
        file = {"name": "x.pdf", "type": "application/pdf", "base64": b64encode(pdf).decode()}
        said = window.evaluate(DROPPED, file)
        assert words in said
        # Every line that the seal or the code holds is found the same, whatever writes its dates.
        assert ("DIFFERENT" in said) is (words == "60 contact hours")
    photo = saved(scanned(papers().pdf), "JPEG", quality=70)
    file = {"name": "x.jpg", "type": "image/jpeg", "base64": b64encode(photo).decode()}
    assert "A picture: there is no seal to check." in window.evaluate(DROPPED, file)
