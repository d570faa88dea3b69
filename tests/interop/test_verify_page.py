"""The verify page in a real browser: what it shows, what it asks, and whom."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from certificate_samples import certificate, renderer
from code_reader import code_reader
from hosting import WebHost, web_host
from made_files import saved, scanned, scans
from papers import papers, private_key
from pdf_cases import PDF_VECTORS, pdf_of
from playwright.sync_api import Browser, FilePayload, Page, expect
from pypdf import PdfReader

from cecert.adapters.keys.signatures import P256Signer
from cecert.adapters.site import HEADERS, SiteFolder, VerifySite
from cecert.domain.certificate.token_claims import with_token
from cecert.domain.cose.cose import open_envelope
from cecert.domain.cose.digits import bytes_of_digits, digits_of_bytes
from cecert.domain.token.claims import Claims, claims_of_payload, sign_token
from cecert.domain.trust.reattested_list import (
    ReattestedList,
    genuine_digests,
    reattested_name,
    sign_reattested_list,
)
from cecert.domain.trust.status_list import Status
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustedKey, TrustFile
from cecert.domain.values.certificate_id import CertificateId
from cecert.testing import sample_provider

pytestmark = pytest.mark.system
TEMPLATES = Path(__file__).parents[2] / "templates"
FRAGMENT = papers().certificate.token_url.partition("#")[2]
STOLEN, STRANGER = (P256Signer(private_key(each)) for each in ("stolen", "stranger"))
PHONE, DESKTOP = (390, 844), (1280, 900)


def claims() -> Claims:
    return claims_of_payload(open_envelope(bytes_of_digits(FRAGMENT[1:])).payload)


def token(signer: P256Signer | None = None, **changes: object) -> str:
    claimed = replace(claims(), **changes)  # type: ignore[arg-type]  # fields by name
    return "1" + digits_of_bytes(sign_token(claimed, signer or papers().school.token))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[WebHost]:
    (tmp_path / "www").mkdir()
    with web_host(tmp_path / "www") as server:
        server.folder = tmp_path / "www"  # type: ignore[attr-defined]  # of these tests only
        yield server


def trust(host: WebHost | None) -> TrustFile:
    school = papers().school.trust
    stolen = TrustedKey(
        STOLEN.public_key, school.keys[0].not_before, school.keys[0].not_after, KeyUse.TOKEN,
        school.keys[0].codes, KeyState.COMPROMISED,
    )  # fmt: skip
    bases = ("http://127.0.0.1:1/status/",) if host is None else (f"{host.base}/status/",)
    return replace(school, hosts=("127.0.0.1",), status_bases=bases, keys=(*school.keys, stolen))


def listed(status: Status) -> bytes:
    return papers().school.status_list(papers().certificate, status)


def site_files(
    host: WebHost | None, lists: dict[int, bytes] | None = None, opened: TrustFile | None = None
) -> dict[str, bytes]:
    made = opened or trust(host)
    data = papers().school.trust_bytes(made)
    site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu")
    files = {f"status/{number}.st": each for number, each in (lists or {}).items()}
    return {**files, "index.html": site.page(made, data, lists or {})}


def publish(host: WebHost, status: Status | None = Status.VALID) -> None:
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    number = papers().certificate.slot.list_id
    lists = {} if status is None else {number: listed(status)}
    SiteFolder(folder).put({**site_files(host), **{f"status/{n}.st": d for n, d in lists.items()}})


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in a browser whose clock stands at the office's."""
    contexts = []

    def opened(size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale="en-US",
            reduced_motion="reduce",
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.clock.set_fixed_time(papers().school.office.clock.now())
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script: {error}"))
        return page

    yield opened
    for each in contexts:
        each.close()


OpenPage = Callable[..., Page]


def answered(page: Page) -> Page:
    page.wait_for_selector("#answer:not([aria-busy=true]) h1")
    return page


def test_a_scanned_code_is_answered_with_every_line_to_compare(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_have_text(
        re.compile(r"VALID,\s+not revoked as of\s+November\s5,\s2020,\s11:00\sa\.m\.\sEST")
    )
    record = page.locator("#record")
    for text in (
        "Ana Ruiz", "Mentalization Based Treatment", "October 22 and 29, 2020",
        "New York, social work", "6 contact hours", "No. 0199", "6 CE hours", "no number issued",
        "6 CE credits", "awarded by Example Prepare, no number issued", "do not add them.",
        "Live interactive webinar or teleconference",
        str(papers().certificate.id), "November 5, 2020",
    ):  # fmt: skip
        expect(record).to_contain_text(text)
    assert page.title().startswith("VALID, not revoked as of November 5, 2020, 11:00 a.m. EST")


def test_a_corrected_certificate_names_the_one_it_replaces(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page(PHONE)
    old = CertificateId(bytes(range(10)))
    page.goto(f"{host.base}/#{token(replaces=old)}")
    answered(page)
    expect(page.locator("#record")).to_contain_text("Replaces certificate")
    expect(page.locator("#record")).to_contain_text(str(old))


def test_the_code_reaches_no_server_and_stays_in_no_address(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{host.base}/index.html#{FRAGMENT}")
    answered(page)
    assert page.url == f"{host.base}/index.html"
    assert page.evaluate("history.length") <= 2
    assert not any(FRAGMENT[:40] in line for line in host.log)
    assert all(line.endswith(" None") for line in host.log if "/status/" in line)
    assert {each.partition("#")[0] for each in asked} == {
        f"{host.base}/index.html", f"{host.base}/status/{papers().certificate.slot.list_id}.st",
    }  # fmt: skip


def test_what_was_certified_is_shown_before_any_status_arrives(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host, Status.REVOKED)
    host.slow.add(f"/status/{papers().certificate.slot.list_id}.st")
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    expect(page.locator("h1")).to_contain_text("CHECKING")
    expect(page.locator("#record")).to_contain_text("Ana Ruiz")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    host.go.set()
    answered(page)
    expect(page.locator("h1")).to_contain_text("REVOKED")


ANSWERS: list[tuple[str, str, Status | None, str]] = [
    ("valid", FRAGMENT, Status.VALID, "VALID"),
    ("revoked", FRAGMENT, Status.REVOKED, "REVOKED"),
    ("superseded", FRAGMENT, Status.SUPERSEDED, "REPLACED"),
    ("not understood", FRAGMENT, Status.RESERVED, "STATUS NOT UNDERSTOOD"),
    ("unknown", FRAGMENT, None, "STATUS UNKNOWN"),
    ("bad signature", FRAGMENT[:200] + str(9 - int(FRAGMENT[200])) + FRAGMENT[201:],
     Status.VALID, "NOT AUTHENTIC"),
    ("unknown key", token(STRANGER), Status.VALID, "NOT CONFIRMED"),
    ("key revoked", token(STOLEN), Status.VALID, "NOT CONFIRMED"),
    ("truncated", FRAGMENT[:-1], Status.VALID, "NOT READ"),
    ("too large", "1" * 2000, Status.VALID, "NOT READ"),
    ("later version", "2" + FRAGMENT[1:], Status.VALID, "NOT READ"),
    ("specimen", token(specimen=True), Status.VALID, "SPECIMEN"),
    ("mixed", token(recipient="\u0410na Ruiz"), Status.VALID, "VALID"),
    ("start", "", Status.VALID, "Check a certificate"),
]  # fmt: skip
NAMES = [name for name, *_ in ANSWERS]
SCREENS = {"phone": (PHONE, False), "dark desktop": (DESKTOP, True)}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
SAMPLE = {
    "phone": {"valid", "revoked", "unknown", "bad signature", "truncated", "mixed", "start"},
    "dark desktop": {"valid", "revoked", "start"},
}
"""What is looked at in every run: each colour and each form of an answer; all are where time is."""
LOOKED_AT = [
    pytest.param(
        *answer, *SCREENS[screen], id=f"{screen}-{answer[0]}",
        marks=() if answer[0] in SAMPLE[screen] else pytest.mark.slow,
    )
    for screen, answer in product(SCREENS, ANSWERS)
]  # fmt: skip


@pytest.mark.parametrize(("name", "fragment", "status", "word", "size", "dark"), LOOKED_AT)
def test_every_answer_is_accessible(  # noqa: PLR0917  # one a column
    name: str, fragment: str, status: Status | None, word: str, size: tuple[int, int], dark: bool,
    host: WebHost, open_page: OpenPage,
) -> None:  # fmt: skip
    publish(host, status)
    page = open_page(size, dark=dark)
    page.goto(f"{host.base}/#{fragment}")
    answered(page)
    expect(page.locator("h1")).to_contain_text(word)
    page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true; })")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert name in NAMES


def test_a_genuine_token_of_a_stolen_key_is_vouched_for(host: WebHost, open_page: OpenPage) -> None:
    fragment, kid = token(STOLEN), STOLEN.public_key.kid
    genuine = genuine_digests([f"https://x/#{fragment}"], kid)
    opened = trust(host)
    vouched = replace(opened.keys[-1], reattested=sha256(genuine).digest())
    opened = replace(opened, keys=(*opened.keys[:-1], vouched))
    listing = ReattestedList(opened.issuer, kid, 1, genuine)
    number = papers().certificate.slot.list_id
    files = site_files(host, {number: listed(Status.VALID)}, opened)
    files[f"status/{reattested_name(kid)}"] = sign_reattested_list(listing, papers().school.status)
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    SiteFolder(folder).put(files)
    page = open_page()
    page.goto(f"{host.base}/#{fragment}")
    answered(page)
    expect(page.locator("h1")).to_contain_text("VALID")


@pytest.mark.parametrize(
    ("fragment", "shown"),
    [(FRAGMENT, True), (token(STOLEN), False), (token(STRANGER), False)],
    ids=["genuine", "stolen key", "stranger"],
)
def test_nothing_is_shown_of_a_code_that_anybody_could_have_written(
    fragment: str, *, shown: bool, host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/#{fragment}")
    assert ("Ana Ruiz" in answered(page).inner_text("body")) is shown


def test_markup_in_a_name_is_text(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    name = "<img src=x onerror=alert(1)>"
    page.goto(f"{host.base}/#{token(recipient=name)}")
    answered(page)
    expect(page.locator(".name")).to_have_text(name)
    assert page.locator("img").count() == 0


def test_a_saved_copy_works_from_the_disk(tmp_path: Path, open_page: OpenPage) -> None:
    number = papers().certificate.slot.list_id
    path = tmp_path / "saved.html"
    path.write_bytes(site_files(None, {number: listed(Status.VALID)})["index.html"])
    page = open_page()
    page.goto(f"{path.as_uri()}#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator("#host")).to_have_text("Saved copy on this device")
    assert "127.0.0.1" not in page.inner_text("#answer")


def test_a_saved_copy_without_a_list_takes_one_from_a_file(
    tmp_path: Path, open_page: OpenPage
) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(site_files(None)["index.html"])
    page = open_page()
    page.goto(f"{path.as_uri()}#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_contain_text("STATUS UNKNOWN")
    bundle = VerifySite(TEMPLATES, sample_provider(), "x").bundle(
        {f"status/{papers().certificate.slot.list_id}.st": listed(Status.REVOKED), "a": b"b"}
    )
    page.locator("#advice summary").click()
    page.set_input_files(
        "#status-file", {"name": "bundle.zip", "mimeType": "application/zip", "buffer": bundle}
    )
    expect(page.locator("h1")).to_contain_text("REVOKED")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_a_file_that_is_no_list_is_said(tmp_path: Path, open_page: OpenPage) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(site_files(None)["index.html"])
    page = open_page()
    page.goto(f"{path.as_uri()}#{FRAGMENT}")
    answered(page)
    page.locator("#advice summary").click()
    page.set_input_files(
        "#status-file", {"name": "x.st", "mimeType": "application/x", "buffer": b"junk"}
    )
    expect(page.locator("#status-problem")).to_contain_text("no status list that the school signed")
    expect(page.locator(".sentence")).to_contain_text("damaged or not signed by the school")


def test_keys_dated_later_than_this_clock_are_not_believed_and_both_dates_said(
    host: WebHost, open_page: OpenPage
) -> None:
    now = papers().school.office.clock.now()
    later = int((now + timedelta(days=300)).timestamp())
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    number = papers().certificate.slot.list_id
    made = replace(trust(host), issued_at=later)
    SiteFolder(folder).put(site_files(host, {number: listed(Status.VALID)}, made))
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_have_text(
        "NOT CHECKED The list of the school\u2019s keys is dated later than now"
    )
    sentence = page.locator(".sentence")
    expect(sentence).to_contain_text("The list was made September\u00a01,\u00a02021")
    expect(sentence).to_contain_text("this device says November\u00a05,\u00a02020")
    expect(page.locator("#advice")).to_contain_text("Look at the date and time of this device")
    expect(page.locator("#record")).to_be_hidden()


def test_a_list_dated_later_than_this_clock_is_neither_shown_nor_kept(
    host: WebHost, open_page: OpenPage
) -> None:
    clock = papers().school.office.clock
    clock.forward(timedelta(days=20))
    try:
        publish(host, Status.VALID)
    finally:
        clock.forward(timedelta(days=-20))
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_contain_text("STATUS UNKNOWN")
    expect(page.locator(".sentence")).to_contain_text("dated later than now")
    assert page.evaluate("localStorage.length") == 0


def test_an_older_list_than_the_one_seen_before_is_refused(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host, Status.REVOKED)
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    clock = papers().school.office.clock
    clock.forward(timedelta(minutes=-30))
    try:
        publish(host, Status.VALID)
    finally:
        clock.forward(timedelta(minutes=30))
    page.goto("about:blank")
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    expect(page.locator("h1")).to_contain_text("REVOKED")
    page.locator("#technical summary").click()
    expect(page.locator("#facts")).to_contain_text("An older status list was offered and refused.")


def test_without_a_secure_context_nothing_is_called_invalid(
    host: WebHost, browser: Browser
) -> None:
    publish(host)
    resolver = "--host-resolver-rules=MAP insecure.test 127.0.0.1"
    another = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", resolver]
    )
    try:
        page = another.new_page()
        page.goto(f"http://insecure.test:{host.server_port}/#{FRAGMENT}")
        answered(page)
        expect(page.locator("h1")).to_contain_text("NOT CHECKED")
        expect(page.locator(".sentence")).to_contain_text("says nothing about it, good or bad")
        expect(page.locator("#advice")).to_contain_text("https://")
    finally:
        another.close()


def test_a_page_at_another_address_says_whose_it_should_be(
    host: WebHost, open_page: OpenPage
) -> None:
    elsewhere = replace(trust(host), hosts=("verify.example.edu",))
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    SiteFolder(folder).put(site_files(host, {}, elsewhere))
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    warned = page.locator("#page-warnings")
    expect(warned).to_contain_text("this page is not at the school\u2019s address")
    expect(warned).to_contain_text("verify.example.edu")


def test_a_pdf_is_checked_without_leaving_the_device(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    answered(page)
    before = len(host.log)
    page.set_input_files(
        "#file", {"name": "ana.pdf", "mimeType": "application/pdf", "buffer": papers().pdf}
    )
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator(".name")).to_have_text("Ana Ruiz")
    assert all("/status/" in line for line in host.log[before:])


VECTORS = json.loads(PDF_VECTORS.read_text(encoding="utf-8"))


@cache
def made(name: str) -> bytes:
    """Return the file of a vector."""
    (case,) = (each for each in VECTORS["cases"] if each["name"] == name)
    return pdf_of(VECTORS, case)


def drop(page: Page, *pdfs: bytes, names: tuple[str, ...] = ("ana.pdf",)) -> None:
    files: list[FilePayload] = [
        {"name": name, "mimeType": "application/pdf", "buffer": pdf}
        for name, pdf in zip(names, pdfs, strict=True)
    ]
    page.set_input_files("#file", files)
    page.wait_for_selector("#answer:not([aria-busy=true]) h1:focus")


def test_a_file_has_two_verdicts_and_the_headline_is_the_worse(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    answers = {
        "as issued": ("VALID, not revoked as of", "answer valid filled", "not changed since"),
        "a byte of the header changed": ("NOT AUTHENTIC", "answer false filled", "was changed"),
        "the seal of another key": ("NOT CONFIRMED,", "answer false filled", "not with a seal"),
        "saved anew": ("CODE ONLY Genuine code", "answer code hollow", "saved it anew"),
        "stamped by an archive": ("GENUINE, and a time stamp", "answer old hollow", "time stamps"),
        "other hours drawn": ("NOT AUTHENTIC", "answer false filled", "Its words were changed"),
        "the code of another one attached": ("NOT AUTHENTIC", "answer false filled", "saved it"),
        "a forged page, a genuine link in a comment": (
            "NOT READ There is no code in this PDF", "answer unread blank", "no seal",
        ),
    }  # fmt: skip
    for name, (headline, kind, file) in answers.items():
        drop(page, made(name))
        expect(page.locator("h1"), name).to_contain_text(re.compile(headline.replace(" ", r"\s+")))
        expect(page.locator("#answer"), name).to_have_class(kind)
        expect(page.locator(".verdicts>div").nth(1), name).to_contain_text(file)
        valid = re.search(r"\bVALID\b", page.inner_text("#main") + page.title())
        assert bool(valid) is (name == "as issued"), name


def test_the_words_of_a_pdf_stand_beside_ours_in_its_order(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    drop(page, made("as issued"))
    rows = page.locator("#record tbody tr")
    assert [row.split("\n")[0].split("\t")[0] for row in rows.all_inner_texts()] == [
        "Issued by", "Heading", "Name", "Course", "Format", "Course dates", "New York, social work",
        "Massachusetts, social work", "Psychology (APA sponsor)", "Certificate", "Issued",
        "All else",
    ]  # fmt: skip
    assert page.locator(".compared.same").count() == 9
    assert page.locator(".compared.sealed").count() == 3
    expect(rows.nth(5)).to_contain_text("Thursdays, October 22 and 29, 2020, 1:00 to 4:15 p.m.")
    page.eval_on_selector("#technical", "each => { each.open = true; }")
    printed = PdfReader(BytesIO(page.pdf(format="Letter")))
    assert len(printed.pages) == 1
    assert "Sealed by the school on" in printed.pages[0].extract_text()
    drop(page, made("other hours drawn"))
    different = page.locator("tr.differs")
    expect(different).to_have_count(1)
    expect(different).to_contain_text("New York, social work")
    assert different.locator("bdi").all_inner_texts() == [
        "60 contact hours \u00b7 No. 0199", "6 contact hours \u00b7 No. 0199",
    ]  # fmt: skip
    assert [each.strip() for each in different.locator("mark").all_inner_texts()] == ["60", "6"]
    expect(page.locator(".compared.unproven").first).to_contain_text("not proven")
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "PDF says: 60 contact hours; Certified: 6 contact hours" in copied
    assert "Result: TEXT_MISMATCH (GENUINE, SEAL_BROKEN, TEXT_MISMATCH, NOT_REVOKED)" in copied


def test_a_name_from_right_to_left_is_shown_as_it_was_certified(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    name = "\u05e8\u05d5\u05ea \u05db\u05d4\u05df\u05be\u05dc\u05d5\u05d9"
    signed = with_token(certificate(name), "https://verify.example.edu/#", papers().school.token)
    page = open_page()
    page.goto(f"{host.base}/")
    drop(page, renderer().draw(signed).pdf)
    row = page.locator("tr", has=page.locator("td.value.name"))
    expect(row).to_contain_text("same")
    expect(row).to_contain_text(name)


def test_what_was_taken_back_is_said_first_and_the_file_beside_it(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host, Status.REVOKED)
    page = open_page()
    page.goto(f"{host.base}/")
    for name, file in (("as issued", "not changed since"), ("saved anew", "saved it anew")):
        drop(page, made(name))
        expect(page.locator("h1")).to_contain_text("REVOKED by the school")
        expect(page.locator("#answer")).to_have_class("answer revoked filled")
        expect(page.locator(".verdicts")).to_contain_text(file)


@pytest.mark.parametrize("way", ["check again", "a status file"])
def test_a_second_try_does_not_forget_that_it_is_about_a_file(
    way: str, tmp_path: Path, open_page: OpenPage
) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(site_files(None)["index.html"])
    page = open_page()
    page.goto(path.as_uri())
    drop(page, made("saved anew"))
    drop(page, made("as issued"))
    expect(page.locator("h1")).to_contain_text("STATUS UNKNOWN")
    if way == "check again":
        page.get_by_role("button", name="Check again").click()
        expect(page.locator("h1")).to_contain_text("STATUS UNKNOWN")
        expect(page.locator(".verdicts")).to_contain_text("not changed since")
        return
    page.locator("#advice summary").click()
    page.set_input_files(
        "#status-file",
        {"name": "1.st", "mimeType": "application/x", "buffer": listed(Status.VALID)},
    )
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator(".verdicts")).to_contain_text("not changed since")


def test_fifty_files_are_a_table_the_worst_first(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    names = ["as issued", "saved anew", "another name drawn", "two merged", "a letter"] * 10
    page.evaluate(TICKING)
    before = len(host.log)
    drop(page, *map(made, names), names=tuple(f"{n} {name}.pdf" for n, name in enumerate(names)))
    expect(page.locator("h1")).to_have_text("60 certificates in 50 files: 10 valid, 50 to look at")
    states = page.locator("#record tbody .state").all_inner_texts()
    assert states == [*["NOT AUTHENTIC"] * 10, *["NOT READ"] * 10, *["CODE ONLY"] * 30,
                      *["VALID"] * 10]  # fmt: skip
    assert len(host.log) - before == 1, "the list is asked for once"
    assert page.evaluate("window.ticks") >= 50, "the page is free between two files"
    expect(page.locator("#record tbody tr").first).to_contain_text("not as issued: name differ")
    page.get_by_role("button", name="Code only 30").click()
    assert page.locator("#record tbody tr:visible").count() == 30
    page.get_by_role("button", name="Margaret O\u2019Connell-Hughes").first.click()
    expect(page.locator("h1")).to_contain_text("CODE ONLY")
    page.get_by_role("button", name="Back to the table").click()
    assert page.locator("#record tbody tr:visible").count() == 30
    expect(page.get_by_role("button", name="Margaret O\u2019Connell-Hughes").first).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as table").click()
    table = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(table) == 61
    assert table[1].startswith('"NOT AUTHENTIC","Ana Ruiz","')
    page.set_input_files("#file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b""})
    expect(page.locator("h1")).to_contain_text("61 certificates in 51 files")


TICKING = "() => { window.ticks = 0; setInterval(() => { window.ticks += 1; }, 5); }"
"""Counts how often the page was free for something else."""


def test_what_is_scanned_after_a_file_is_answered_as_a_code(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    drop(page, made("saved anew"))
    page.locator("#another summary").click()
    page.locator("#paste").fill(papers().certificate.token_url)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator(".verdicts")).to_have_count(0)


def test_the_text_copied_of_a_specimen_calls_it_one(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/#{token(specimen=True)}")
    answered(page)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("SPECIMEN. This is a sample, not a certificate\n")


@pytest.mark.parametrize(
    ("width", "dark"), [(320, False), (1280, True)], ids=["narrow", "dark desktop"],
)  # fmt: skip
def test_the_answer_about_files_is_accessible_at_every_width(
    width: int, dark: bool, host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page((width, 844), dark=dark)
    page.goto(f"{host.base}/")
    for names in (["other hours drawn"], ["as issued", "two merged", "a letter"]):
        drop(page, *map(made, names), names=tuple(names))
        page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_a_photo_is_said_to_need_a_browser_that_reads_codes(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    answered(page)
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    expect(page.locator("#problem")).to_contain_text(
        re.compile("cannot read a QR code|No certificate code")
    )


def reading_browser(page: Page, *codes: str) -> None:
    """Give the page what Chromium has on phones and lacks on Linux: a reader of QR codes."""
    found = [{"rawValue": each} for each in codes]
    page.add_init_script(
        "window.BarcodeDetector = class { async detect() { return " + json.dumps(found) + "; } };"
    )


PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def test_a_photo_is_read_where_the_browser_can(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    reading_browser(page, "https://shop.example.com/4711", papers().certificate.token_url)
    page.goto(f"{host.base}/")
    answered(page)
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator("h1")).to_contain_text("CODE ONLY")
    expect(page.locator(".verdicts")).to_contain_text("A picture: there is no seal to check.")


def test_a_photo_of_another_products_code_is_none_of_ours(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    reading_browser(page, "https://shop.example.com/4711")
    page.goto(f"{host.base}/")
    answered(page)
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator("#problem")).to_contain_text("No certificate code was found")


def test_a_photo_and_a_scan_are_read_by_the_reader_of_the_site_when_it_is_asked_for(
    host: WebHost, open_page: OpenPage
) -> None:
    made, number = trust(host), papers().certificate.slot.list_id
    site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu", reader=code_reader())
    html = site.page(made, papers().school.trust_bytes(made), {number: listed(Status.VALID)})
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    SiteFolder(folder).put({**code_reader(), "index.html": html})
    host.rules = HEADERS.decode()
    page = open_page()
    page.add_init_script("delete window.BarcodeDetector;")
    page.goto(f"{host.base}/")
    answered(page)
    drop(page, papers().pdf)
    assert not any("/reader/" in line for line in host.log)
    photo = saved(scanned(papers().pdf), "JPEG", quality=60)
    page.set_input_files("#file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator("h1")).to_contain_text("CODE ONLY")
    expect(page.locator(".verdicts")).to_contain_text("A picture: there is no seal to check.")
    asked = [line.split()[1] for line in host.log if "/reader/" in line]
    assert sorted(asked) == ["/reader/zxing_reader.js", "/reader/zxing_reader.wasm"]
    scan = scans(papers().pdf, papers().other_pdf)
    page.set_input_files("#file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": scan})
    expect(page.locator("h1")).to_contain_text("2 certificates in 1 file")
    # Another module than the one it was made with is not run.
    (folder / "reader" / "zxing_reader.wasm").write_bytes(b"another")
    page.goto(f"{host.base}/")
    page.set_input_files("#file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(page.locator("#problem")).to_contain_text("No certificate code was found")


INJECTED = """() => {
  try {
    document.body.innerHTML = "<img src=x onerror=alert(1)>";
  } catch (error) { return error.name; }
  return "injected";
}"""


def test_nobody_frames_the_page_and_no_text_becomes_markup_in_it(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    folder: Path = host.folder  # type: ignore[attr-defined]  # of these tests only
    (folder / "frame.html").write_text(f"<iframe src='{host.base}/'></iframe>", "utf-8")
    page = open_page()
    for headers, refused in (("", False), (HEADERS.decode(), True)):
        host.rules = headers
        page.goto(f"{host.base}/frame.html")
        (framed,) = page.frames[1:]
        framed.wait_for_load_state()
        assert framed.url.startswith("chrome-error:") is refused
    page.goto(f"{host.base}/")
    assert page.evaluate(INJECTED) == "TypeError"


def test_the_camera_scans_and_is_given_back(host: WebHost, browser: Browser) -> None:
    publish(host)
    filming = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        ],
    )  # fmt: skip
    try:
        context = filming.new_context(permissions=["camera"])
        context.clock.set_fixed_time(papers().school.office.clock.now())
        page = context.new_page()
        reading_browser(page, papers().certificate.token_url)
        page.goto(f"{host.base}/")
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.locator("h1")).to_contain_text("VALID")
        assert page.evaluate("document.getElementById('video').srcObject.active") is False
    finally:
        filming.close()


def test_a_pasted_link_is_checked_and_the_answer_has_the_focus(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    page.get_by_label("Link or digits of the QR code").fill(papers().certificate.token_url)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator("h1")).to_be_focused()


def test_a_typed_number_is_told_that_it_is_not_enough(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/")
    page.locator("#paste").fill(str(papers().certificate.id))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#advice")).to_contain_text("A certificate number alone is not enough")


def test_the_answer_is_copied_as_text(host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("VALID, not revoked as of November 5, 2020, 11:00 a.m. EST\n")
    assert "Name: Ana Ruiz\n" in copied
    assert "Result: VALID\n" in copied


@pytest.mark.parametrize("status", [Status.VALID, Status.REVOKED])
def test_an_answer_prints_on_one_page(status: Status, host: WebHost, open_page: OpenPage) -> None:
    publish(host, status)
    page = open_page()
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    page.eval_on_selector("#technical", "each => { each.open = true; }")
    printed = PdfReader(BytesIO(page.pdf(format="Letter")))
    assert len(printed.pages) == 1
    text = printed.pages[0].extract_text()
    assert "Ana Ruiz" in text
    assert "Result" in text
    assert "Check another" not in text


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(width: int, host: WebHost, open_page: OpenPage) -> None:
    publish(host)
    page = open_page((width, 800))
    long = token(recipient="Wolfeschlegelsteinhausenbergerdorff " + "A" * 30)
    page.goto(f"{host.base}/#{long}")
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_is_reached_with_the_keyboard_and_is_large_enough(
    host: WebHost, open_page: OpenPage
) -> None:
    publish(host, None)
    page = open_page(PHONE)
    page.goto(f"{host.base}/#{FRAGMENT}")
    answered(page)
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 30)"))
    for name in ("Skip to the answer", "Check again", "Print", "Copy as text", "Technical details"):
        assert name in reached
    for box in page.locator("button:visible, summary:visible").all():
        size = box.bounding_box()
        assert size is not None
        assert size["height"] >= 44
