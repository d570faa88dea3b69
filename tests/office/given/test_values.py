"""An office of values: nothing of it is a file, and nothing of it goes unchecked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from given_office import (
    APPROVALS,
    SCHOOL,
    SIGNATORIES,
    HeldKey,
    given_keys,
    given_office,
    seminar_draft,
)
from letterhead_samples import FIELDS, letterhead
from own_site import OwnSite

from cecert import (
    Award,
    CompletionRecord,
    ConfigurationError,
    Correction,
    Course,
    CreditDraft,
    KeyStoreError,
    LedgerError,
    MailAccount,
    MailSecurity,
    Office,
    Paper,
    Signatory,
    WrongValueError,
    correct,
    decide,
    deliver,
    issue,
    publish,
    revoke,
    verify,
)
from cecert.adapters.keys.signatures import check_signature
from cecert.domain.trust.codec import open_trust_file
from cecert.domain.values.findings import Severity
from cecert.office import (
    LayoutDraft,
    Looks,
    MailService,
    TokensElsewhere,
    Window,
    sign_trust,
    site_desk,
)
from cecert.testing import MemoryArchive, MemoryLedger, MemoryMailSender

ERROR = Severity.ERROR
TEMPLATES = Path(__file__).parents[3] / "templates/office"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    account = MailAccount("mail.example.edu", 587, MailSecurity.STARTTLS, "ce@example.edu")
    with given_office(mail=MailService(account, MemoryMailSender())) as made:
        yield made


@pytest.fixture(scope="module")
def course(office: Office) -> Course:
    found = office.resolve_course(seminar_draft())
    assert found.course is not None
    return found.course


def awards_of(course: Course, name: str, email: str) -> list[Award]:
    day = date(2020, 10, 30)
    record = CompletionRecord(
        name=name, email=email, credentials=("ny-social-work",), visible=True, fee_paid=True,
        attended=frozenset({"day-1", "day-2"}), evaluation=day, attestation=day,
    )  # fmt: skip
    return [each for each in decide(record, course) if isinstance(each, Award)]


def test_a_draft_is_the_course_that_a_file_tells_of_with_the_same_findings(
    office: Office, course: Course
) -> None:
    with Office.open(TEMPLATES / "cecert.toml", environ={}) as filed:
        reading = filed.course_reading(TEMPLATES / "course.toml")
    assert course == reading.course
    found = [replace(each, place="") for each in office.resolve_course(seminar_draft()).findings]
    assert found == [replace(each, place="") for each in reading.findings]


def test_each_fault_of_a_draft_is_a_finding_with_its_place(office: Office) -> None:
    draft = seminar_draft()
    (first, second), (ny, *_) = draft.sessions, draft.credits
    reading = office.resolve_course(
        replace(
            draft,
            id="no id",
            title="so\nlong",
            timezone="America/Nowhere",
            sessions=(first, replace(second, start=second.start.replace(tzinfo=None, year=1700))),
            credits=(replace(ny, hours=Decimal(-1)),),
            delivery_days=0,
        )
    )
    assert reading.course is None
    assert [each.place for each in reading.errors] == [
        "course: course.id", "course: course.title", "course: course.timezone",
        "course: session[2].start", "course: credit[1].hours", "course: requirements.delivery_days",
    ]  # fmt: skip
    nine = replace(draft, credits=(replace(ny, hours=Decimal(9)),))
    (error,) = office.resolve_course(nine).errors
    assert (error.place, "9" in error.message) == ("course: credit[ny-social-work].hours", True)


def test_a_certificate_is_issued_sealed_and_mailed_with_keys_that_only_sign_digests(
    office: Office, course: Course
) -> None:
    report = issue(awards_of(course, "Ana Ruiz", "ana@example.org"), office.desk())
    (entry,) = report.issued
    checked = verify(office.archive.get(entry.document), office.verifier())
    assert checked.outcome.value == "VALID_STATUS_UNKNOWN"
    delivered = asyncio.run(deliver(office.mail_room()))
    assert delivered.count("sent") == 1
    better = correct(entry.certificate.id, Correction("the accent", "Ana Ruíz"), office.desk())
    assert better.entry.certificate.recipient.name == "Ana Ruíz"


def test_a_board_and_a_letterhead_of_ones_own_are_values_too(office: Office) -> None:
    ma = office.regimes["ma-social-work"]
    board = replace(ma, id="own-board", label="A board of ours")
    approval = replace(APPROVALS[1], credential="own-board")
    made = Office.from_values(
        SCHOOL, SIGNATORIES, (approval,), verify_url="https://verify.example.edu/",
        ledger=MemoryLedger(), archive=MemoryArchive(), regimes=(board,),
        looks=Looks(letterhead=letterhead(FIELDS), paper=Paper.LETTER),
    )  # fmt: skip
    draft = replace(
        seminar_draft(), credits=(CreditDraft("own-board", Decimal(6)),), co_sponsors=()
    )
    reading = made.resolve_course(draft)
    assert reading.course is not None
    assert reading.course.credit_lines[0].label == "A board of ours"
    assert made.renderer() is not None
    drawn = made.drawing_findings(reading, "course")
    assert any("letterhead" in each.place for each in drawn)
    worse = replace(made.resolve_course(draft), course=None)
    assert made.drawing_findings(worse, "course") == ()


def test_what_became_of_certificates_is_published_into_a_site_of_ones_own(course: Course) -> None:
    lists, site = TokensElsewhere(HeldKey()), OwnSite()
    office = given_office(status=lists)
    entry = issue(awards_of(course, "Ana Ruiz", "ana@example.org"), office.desk()).issued[0]
    revoke(
        entry.certificate.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="the wrong list",
    )  # fmt: skip
    published = publish(site_desk(office, site, lists))
    assert (published.certificates, published.revoked) == (1, 1)
    assert office.trust_bytes() in site.files.values()
    assert {each.partition("/")[0] for each in site.files} >= {"index.html", "status"}
    assert publish(site_desk(office, site, lists)).written == ()
    with pytest.raises(KeyStoreError, match="does not list the key"):
        site_desk(office, site, TokensElsewhere(HeldKey()))


def test_every_fault_of_an_office_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as raised:
        Office.from_values(
            replace(SCHOOL, email="nobody", timezone="Mars"), SIGNATORIES, APPROVALS,
            verify_url="ftp://x", ledger=MemoryLedger(), archive=MemoryArchive(),
            looks=Looks(accent="red"),
        )  # fmt: skip
    assert [each.place for each in raised.value.faults] == [
        "office: provider.email", "office: provider.timezone",
    ]  # fmt: skip
    with pytest.raises(ConfigurationError) as raised:
        Office.from_values(
            SCHOOL, (Signatory("Mary", "", "mary.png"),), APPROVALS,
            verify_url="https://v.example/", ledger=MemoryLedger(), archive=MemoryArchive(),
        )  # fmt: skip
    assert raised.value.faults[0].place == "office: signatory[1].image"
    assert str(raised.value).startswith("the office cannot be used\n")
    nobody = MailAccount("x", 0, MailSecurity.NONE, "nobody")
    with pytest.raises(ConfigurationError, match="office: mail"):
        given_office(mail=MailService(nobody, MemoryMailSender()))


def test_keys_that_do_not_fit_are_refused_before_anything_is_sealed() -> None:
    keys = given_keys()
    with pytest.raises(WrongValueError, match="32 are the least"):
        replace(keys, ids=b"short")
    with pytest.raises(KeyStoreError, match="not of the key that seals"):
        given_office(keys=replace(keys, certificate=HeldKey().certificate())).desk()
    with pytest.raises(KeyStoreError, match="cannot be read"):
        given_office(keys=replace(keys, certificate=b"none")).desk()


def test_what_was_not_given_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    bare = Office.from_values(
        SCHOOL, SIGNATORIES, APPROVALS, verify_url="https://v.example/",
        ledger=f"sqlite:///{tmp_path}/none.db", archive=MemoryArchive(),
    )  # fmt: skip
    with pytest.raises(KeyStoreError, match="no keys"):
        bare.desk()
    with pytest.raises(KeyStoreError, match="no trust file"):
        bare.verifier()
    with pytest.raises(ConfigurationError, match="no mail service"):
        bare.mail_room()
    with pytest.raises(LedgerError, match="there is no ledger"):
        bare.outbox  # noqa: B018
    with pytest.raises(LedgerError, match="not read in pages"):
        given_office().changes()
    with pytest.raises(ConfigurationError, match="no files"), bare.alone():
        pass
    with pytest.raises(ConfigurationError, match="no files"):
        bare.make_keys("a passphrase")


def test_a_trust_file_made_anew_goes_on_to_list_what_was_in_use(office: Office) -> None:
    root, new, now = TokensElsewhere(HeldKey()), given_keys(), office.clock.now()
    lists = TokensElsewhere(HeldKey())
    made = sign_trust(office, root, new, previous=office.trust_bytes(), status=lists)
    before, after = office.trust(), open_trust_file(made, check_signature)
    assert {each.kid for each in after.keys} == {
        before.keys[0].kid, new.token.public_key.kid, lists.public_key.kid,
    }  # fmt: skip
    assert (len(after.seals), after.sequence) == (2, before.sequence + 1)
    with pytest.raises(KeyStoreError, match="window"):
        sign_trust(office, root, new, window=Window(now, now))
    with pytest.raises(KeyStoreError, match="cannot be used"):
        sign_trust(office, root, new, previous=b"not one")


FROST = LayoutDraft(
    "frost", "modern",
    {
        "accent_grounds": ["#FFFFFF", "#FAECEC"],
        "colours": {"accent": "#274C77", "tint": "#FFFFFF", "strip": "#FFFFFF", "row": "#BFC9D6"},
        "styles": {"name": {"face": "Newsreader-Light", "size": 42, "leading": 48}},
        "grid": {"axis": 190},
    },
)  # fmt: skip


def test_a_layout_of_ones_own_is_a_value_too_and_certificates_are_issued_in_it(
    course: Course,
) -> None:
    office = given_office(layouts=(FROST,), layout="frost")
    reading = office.resolve_course(seminar_draft())
    assert [e for e in office.drawing_findings(reading, "course") if e.severity is ERROR] == []
    entry = issue(awards_of(course, "Ana Ruiz", "ana@example.org"), office.desk()).issued[0]
    certificate = entry.certificate
    assert certificate.layout == "frost/1"
    assert verify(office.archive.get(entry.document), office.verifier()).outcome.value.startswith(
        "VALID"
    )
    frost, modern = office.renderer(), given_office().renderer()
    (page, *_) = frost.pages(certificate, specimen=False)
    (other, *_) = modern.pages(replace(certificate, layout="modern/1"), specimen=False)
    assert (page.behind, page.body) != (other.behind, other.body)
    assert page.height == other.height
    cramped = replace(FROST, tables={"fit": {"name": {"one": [400, 390], "many": [300, 290]}}})
    office = given_office(layouts=(cramped,), layout="frost")
    assert [e for e in office.drawing_findings(reading, "course") if e.severity is ERROR]


def test_every_fault_of_a_layout_is_told_with_its_place() -> None:
    wrong = {
        "name": "other", "nothing": {}, "colours": {"accent": "red"}, "grid": {"axis": "left"},
        "styles": {"name": {"face": 7}, "unknown": {}}, "fit": {"name": {"one": [38]}},
        "white": {"name": [1, float("nan")]}, "table": [],
    }  # fmt: skip
    told = _faults_of(LayoutDraft("frost", "modern", wrong), LayoutDraft("classic", "none"))
    assert [(place, problem) for place, _, problem in told] == [
        ("layouts[1].name", "is nothing that the code asks for"),
        ("layouts[1].nothing", "is nothing that the code asks for"),
        ("layouts[1].grid.axis", "is no number"),
        ("layouts[1].styles.name.face", "is no text"),
        ("layouts[1].styles.unknown", "is no style of this layout"),
        ("layouts[1].fit.name.one", "is no list of 2"),
        ("layouts[1].white.name[2]", "is no number"),
        ("layouts[1].table", "is no table"),
        ("layouts[2].name", "is no name of a layout"),
        ("layouts[2].like", "is no shipped layout"),
    ]
    pale = {"colours": {"accent": "#FFD700", "soft": "red"}, "styles": {"name": {"face": "Arial"}}}
    told = _faults_of(LayoutDraft("frost", "modern", pale), FROST)
    assert ("layouts[1].colours.soft", "red", "is no colour") in told
    assert ("layouts[1].styles.name.face", "Arial", "is no face in fonts") in told
    assert any("contrast" in problem for *_, problem in told)
    assert ("layouts[2].name", "frost", "stands there twice") in told
    assert _faults_of(layout="frost") == [
        ("looks.layout", "frost", "is no layout given or shipped")
    ]


def _faults_of(*layouts: LayoutDraft, layout: str = "classic") -> list[tuple[str, str, str]]:
    with pytest.raises(ConfigurationError) as raised:
        given_office(layouts=layouts, layout=layout)
    faults = raised.value.faults
    return [(each.place.removeprefix("office: "), each.value, each.problem) for each in faults]
