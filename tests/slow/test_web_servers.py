"""The how-to's examples of headers, run by nginx and Apache, where they are installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from code_reader import code_reader
from made_files import saved, scanned
from papers import papers
from playwright.sync_api import Browser, expect
from web_servers import SERVERS, web_server

from cecert.adapters.site import SiteFolder, VerifySite
from cecert.adapters.site.fixed_files import PAGE_HEADERS, RULES
from cecert.domain.trust.status_list import Status
from cecert.testing import sample_provider

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.long]
TEMPLATES = Path(__file__).parents[2] / "templates"
FILES = {
    "/status/*": "status/1.st",
    "/.well-known/*": ".well-known/did.json",
    "/log/checkpoint": "log/checkpoint",
    "/log/head": "log/head",
    "/log/stamps/*": "log/stamps/7.tsr",
    "/log/tile/*": "log/tile/0/000.p/7",
    "/log/index/*": "log/index/0000-8ed8b4a11b09eaa9.ix",
}


@pytest.fixture(params=SERVERS)
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Serve a site with a file of every kind, and a page that frames it."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    school, one = papers().school, papers().certificate
    lists = {one.slot.list_id: school.status_list(one, Status.VALID)}
    maker = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu", reader=code_reader())
    page = maker.page(school.trust, school.trust_bytes(), lists)
    files = dict.fromkeys(FILES.values(), b"whatever")
    framing = b"<iframe src='/index.html'></iframe>"
    site, place = tmp_path / "site", tmp_path / "server"
    SiteFolder(site).put({**code_reader(), **files, "index.html": page, "frame.html": framing})
    place.mkdir()
    with web_server(request.param, place, site) as address:
        yield address


def headers_of(url: str) -> Message:
    try:
        with urlopen(url) as answer:
            headers: Message = answer.headers
            return headers
    except HTTPError as error:
        return error.headers


def test_every_file_is_served_with_the_headers_of_its_rule(base: str) -> None:
    assert FILES.keys() | {"/*"} == RULES.keys()
    for rule, name in {**FILES, "/*": "index.html"}.items():
        found = headers_of(f"{base}/{name}")
        for header, value in {**PAGE_HEADERS, **RULES[rule]}.items():
            assert found.get_all(header) == [value], name
        assert found["ETag"]
    page = headers_of(f"{base}/")
    assert page.get_content_type() == "text/html"
    assert page["Access-Control-Allow-Origin"] is None
    assert headers_of(f"{base}/status/1.st").get_content_type() == "application/octet-stream"
    # A bucket that is not there yet is not remembered as missing.
    missing = headers_of(f"{base}/log/index/none.ix")
    assert (missing["Cache-Control"], missing["Access-Control-Allow-Origin"]) == (None, "*")


def test_nobody_frames_the_page_and_its_reader_of_codes_runs(base: str, browser: Browser) -> None:
    context = browser.new_context()
    context.clock.set_fixed_time(papers().school.office.clock.now())
    page = context.new_page()
    page.add_init_script("delete window.BarcodeDetector;")
    page.goto(f"{base}/frame.html")
    (framed,) = page.frames[1:]
    framed.wait_for_load_state()
    assert framed.url.startswith("chrome-error:")
    page.goto(f"{base}/")
    photo = saved(scanned(papers().pdf), "JPEG", quality=60)
    page.set_input_files("#file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator("h1")).to_contain_text("CODE ONLY")
    context.close()
