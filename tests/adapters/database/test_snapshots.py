"""Snapshots: whatever a certificate says comes back from its text, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_entries import entry_for

from cecert.adapters.database import snapshots
from cecert.adapters.database.known_parts import MOST, KnownParts
from cecert.adapters.database.snapshots import SnapshotWriter, certificate_of
from cecert.domain.certificate.certificate import (
    Certificate,
    CourseSnapshot,
    Paper,
    Recipient,
    SessionTimes,
    StatusSlot,
)
from cecert.domain.course.credit_line import Category, CreditLine, Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.testing import sample_record

WORDS = st.text(max_size=12)
NUMBERS = st.integers(0, 10**6)
HOURS = st.integers(1, 10_000).map(lambda each: Decimal(each) / 100) | st.just(Decimal("6.00"))
DAYS = st.dates(date(1990, 1, 1), date(2120, 12, 31))
IDS = st.binary(min_size=10, max_size=10).map(CertificateId)
SECONDS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  # Hypothesis takes naive bounds
    datetime(2120, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda each: each.replace(microsecond=0))
CLOCKS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2120, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(["America/New_York", "Europe/Dublin"]).map(ZoneInfo) | st.just(UTC),
    allow_imaginary=False,
)


def several(each: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(each, min_size=least, max_size=3).map(tuple)


LICENSES = st.builds(License, jurisdiction=WORDS, title=WORDS, number=WORDS)
REQUIREMENTS = st.builds(
    Requirements, post_test=st.none() | HOURS, roles=st.frozensets(WORDS, max_size=3)
)
CREDIT_LINES = st.builds(
    CreditLine,
    credential=WORDS,
    code=NUMBERS,
    hours=HOURS.map(lambda each: each + 200),
    unit=WORDS,
    profession=WORDS,
    jurisdiction=WORDS,
    label=WORDS,
    requirements=REQUIREMENTS,
    retention_years=NUMBERS,
    awarded_by=WORDS,
    approver=WORDS,
    number=WORDS,
    number_label=WORDS,
    number_none_issued=st.booleans(),
    token_provider=WORDS,
    valid_from=st.none() | DAYS,
    valid_to=st.none() | DAYS,
    statement=st.text(),
    categories=several(st.builds(Category, code=WORDS, hours=st.just(Decimal("0.25")))),
    unit_short=WORDS,
    approver_label=WORDS,
    basis=WORDS,
    category_label=WORDS,
    states=several(WORDS),
    general=WORDS,
)
STRETCHES = st.tuples(NUMBERS, NUMBERS)
COURSES = st.builds(
    CourseSnapshot,
    id=WORDS,
    title=WORDS,
    presented_by=WORDS,
    format=st.sampled_from(CourseFormat),
    location=WORDS,
    level=WORDS,
    timezone=WORDS,
    instructors=several(WORDS),
    co_sponsors=several(WORDS),
    sessions=several(
        st.builds(
            SessionTimes, start=CLOCKS, end=CLOCKS, title=WORDS, title_italics=several(STRETCHES)
        )
    ),
    delivery_days=NUMBERS,
    completed_on=st.none() | DAYS,
    title_italics=several(STRETCHES),
)
SIGNATORIES = st.builds(
    Signatory,
    name=WORDS,
    title=WORDS,
    image=WORDS,
    organisation=WORDS,
    contact=WORDS,
    credentials=several(WORDS),
)
CERTIFICATES = st.builds(
    Certificate,
    id=IDS,
    revision=NUMBERS,
    provider=st.builds(Provider, **dict.fromkeys(Provider.__slots__, WORDS)),
    recipient=st.builds(Recipient, participant=WORDS, name=WORDS, licenses=several(LICENSES)),
    course=COURSES,
    credit_lines=several(CREDIT_LINES, least=1),
    credit_date=DAYS,
    requirements_met_on=DAYS,
    issued_at=SECONDS,
    signatories=several(SIGNATORIES),
    layout=WORDS,
    paper=st.sampled_from(Paper),
    slot=st.builds(StatusSlot, list_id=NUMBERS, index=NUMBERS),
    token_url=WORDS,
    verify_host=WORDS,
    retain_until=DAYS,
    supersedes=st.none() | IDS,
    evidence=WORDS,
)


@settings(max_examples=60, deadline=None)
@given(CERTIFICATES)
def test_every_certificate_comes_back_from_its_text(certificate: Certificate) -> None:
    text = SnapshotWriter().text_of(certificate)
    assert text.isascii()
    read = certificate_of(text)
    assert read == certificate
    assert SnapshotWriter().text_of(read) == text  # 6.00 is still 6.00, and each clock has its zone


def outcome(read: Callable[[str], Certificate], text: str) -> str:
    """Return what is read from a text, to the letter, or why nothing is."""
    try:
        return SnapshotWriter().text_of(read(text))
    except LedgerError as error:
        return str(error)


@settings(max_examples=40, deadline=None)
@given(CERTIFICATES, CERTIFICATES, st.data())
def test_parts_that_are_known_are_read_as_if_they_were_new(
    first: Certificate, second: Certificate, data: st.DataObject
) -> None:
    whole = snapshots._read_whole
    texts = [SnapshotWriter().text_of(each) for each in (first, second)]
    mixed = replace(second, course=first.course, credit_lines=first.credit_lines)
    texts += [SnapshotWriter().text_of(each) for each in (mixed, replace(mixed, revision=7))]
    at = data.draw(st.integers(0, len(texts[2]) - 1))
    letter = data.draw(st.sampled_from('0 1.,:"{}[]a\\'))
    texts.append(texts[2].replace(":", ": ", 2))
    texts += [texts[2][:at] + letter + texts[2][at + more :] for more in (0, 1)]
    for _ in range(2):
        assert [outcome(certificate_of, each) for each in texts] == [
            outcome(whole, each) for each in texts
        ]


def test_of_certificates_of_a_course_the_shared_parts_are_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = KnownParts(snapshots._names(Certificate), snapshots.SHARED)
    monkeypatch.setattr(snapshots, "_PARTS", parts)
    read: list[Any] = []
    record = snapshots._record

    def counted(kind: Any, readers: Any, value: Any, place: str) -> Any:  # noqa: ANN401
        read.append(kind)
        return record(kind, readers, value, place)

    monkeypatch.setattr(snapshots, "_record", counted)
    monkeypatch.setattr(snapshots, "_reader", cache(snapshots._reader.__wrapped__))
    certificate = entry_for(sample_record()).certificate
    writer = SnapshotWriter()
    for number in range(5):
        text = writer.text_of(replace(certificate, slot=StatusSlot(1, number)))
        assert certificate_of(text).slot.index == number
    assert [read.count(each) for each in (CourseSnapshot, Provider, Recipient)] == [1, 1, 5]
    # Many courses do not make it remember without end.
    for number in range(3 * MOST):
        course = replace(certificate.course, title=f"course {number}")
        certificate_of(writer.text_of(replace(certificate, course=course)))
    assert {len(each) for each in parts._known.values()} <= {1, MOST}


@settings(max_examples=40, deadline=None)
@given(st.lists(CERTIFICATES, min_size=1, max_size=3))
def test_a_group_gets_the_texts_that_each_alone_has(group: list[Certificate]) -> None:
    twins = [replace(each, revision=each.revision + 1) for each in group]  # of the same parts
    writer = SnapshotWriter()
    for certificate in (*group, *twins):
        text = writer.text_of(certificate)
        assert text == SnapshotWriter().text_of(certificate)
        assert text == canonical(json.loads(text))


def canonical(document: Any) -> str:  # noqa: ANN401  # JSON
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def test_equal_hours_of_a_group_keep_the_figures_they_were_written_with() -> None:
    certificate = entry_for(sample_record()).certificate
    (line, *_) = certificate.credit_lines
    writer = SnapshotWriter()
    for hours in ("6", "6.0", "6.00"):
        own = replace(certificate, credit_lines=(replace(line, hours=Decimal(hours)),))
        assert (
            certificate_of(writer.text_of(own)).credit_lines[0].hours.as_tuple()
            == Decimal(hours).as_tuple()
        )


@pytest.fixture
def document() -> Any:  # noqa: ANN401  # JSON
    record = sample_record(licenses=(License("NY", "LMSW", "012345"),))
    return json.loads(SnapshotWriter().text_of(entry_for(record).certificate))


def test_hours_are_never_binary_fractions(document: Any) -> None:  # noqa: ANN401
    assert document["certificate"]["credit_lines"][0]["hours"] == "6"


def test_the_clock_of_the_course_is_kept(document: Any) -> None:  # noqa: ANN401
    certificate = certificate_of(json.dumps(document))
    start = certificate.course.sessions[0].start
    assert (start.hour, start.utcoffset()) == (13, timedelta(hours=-4))
    assert start.tzinfo == ZoneInfo("America/New_York")


def changed(document: Any, path: str, value: object) -> str:  # noqa: ANN401
    """Return the text with one value changed, or removed for `...`."""
    copy = deepcopy(document)
    *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
    target = copy
    for step in parents:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return json.dumps(copy)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("certificate.revision", ...),
        ("certificate.revision", "0"),
        ("certificate.revision", 0.0),
        ("certificate.revision", True),
        ("certificate.added_by_hand", 1),
        ("certificate.id", "3K50-VMEJ-KFZV"),
        ("certificate.id", 7),
        ("certificate.recipient", None),
        ("certificate.recipient", []),
        ("certificate.recipient.name", None),
        ("certificate.recipient.licenses", {}),
        ("certificate.recipient.licenses.0.number", 12345),
        ("certificate.credit_lines", []),
        ("certificate.credit_lines.0.hours", 6),
        ("certificate.credit_lines.0.hours", "six"),
        ("certificate.credit_lines.0.hours", "NaN"),
        ("certificate.credit_lines.0.hours", "-6"),
        ("certificate.credit_lines.0.number_none_issued", 0),
        ("certificate.credit_lines.0.valid_from", "01/02/2018"),
        ("certificate.course.format", "by post"),
        ("certificate.course.completed_on", 7),
        ("certificate.course.sessions.0.start", "2020-10-22T13:00:00"),
        ("certificate.issued_at", "2020-11-05T15:00:00.5+00:00"),
        ("certificate.paper", "a5"),
        ("certificate", ...),
        ("certificate", "3K50"),
        ("signature", "none"),
        ("format", ...),
        ("format", 4),
        ("format", 0),
        ("format", True),
        ("format", "1"),
    ],
)
def test_a_text_that_was_meddled_with_is_refused(
    document: Any,  # noqa: ANN401
    path: str,
    value: object,
) -> None:
    with pytest.raises(LedgerError, match="snapshot cannot be read"):
        certificate_of(changed(document, path, value))


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "[" * 100_000, '{"format": 1}'])
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(LedgerError, match="snapshot cannot be read"):
        certificate_of(text)


def test_the_text_of_an_older_release_is_read_through_its_upgrades(
    document: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = in_italics(certificate_of(json.dumps(document)))
    older = json.loads(SnapshotWriter().text_of(expected))
    older["certificate"]["sheet"] = older["certificate"].pop("paper")

    def renamed(value: dict[str, Any]) -> dict[str, Any]:
        return {"paper": value["sheet"]} | {k: v for k, v in value.items() if k != "sheet"}

    monkeypatch.setattr(snapshots, "FORMAT", 5)
    monkeypatch.setattr(snapshots, "_UPGRADES", {4: renamed})
    assert certificate_of(json.dumps(older)) == expected
    assert json.loads(SnapshotWriter().text_of(expected))["format"] == 5


def in_italics(certificate: Certificate) -> Certificate:
    return replace(certificate, course=replace(certificate.course, title_italics=((0, 4),)))


def test_a_certificate_without_italics_is_written_as_before_they_were_known(
    document: Any,  # noqa: ANN401
) -> None:
    assert document["format"] == 3
    assert "italics" not in json.dumps(document)
    with pytest.raises(LedgerError, match="its format has no title_italics"):
        certificate_of(changed(document, "certificate.course.title_italics", [[0, 4]]))


def test_a_certificate_with_italics_alone_is_of_format_4(document: Any) -> None:  # noqa: ANN401
    text = SnapshotWriter().text_of(in_italics(certificate_of(json.dumps(document))))
    assert json.loads(text)["format"] == 4
    for stretch in ([0], [0, 4, 5], [0, "4"], 4):
        meddled = changed(json.loads(text), "certificate.course.title_italics.0", stretch)
        with pytest.raises(LedgerError, match="title_italics"):
            certificate_of(meddled)


def of_format_2(document: Any) -> Any:  # noqa: ANN401  # JSON
    older = deepcopy(document)
    older["format"] = 2
    assert older["certificate"]["course"].pop("completed_on") is None
    assert {each.pop("contact") for each in older["certificate"]["signatories"]} <= {""}
    assert {each.pop("title") for each in older["certificate"]["course"]["sessions"]} == {""}
    return older


def of_format_1(document: Any) -> Any:  # noqa: ANN401  # JSON
    older = of_format_2(document)
    older["format"] = 1
    for line in older["certificate"]["credit_lines"]:
        for name in ("unit_short", "approver_label", "basis", "category_label", "general"):
            assert line.pop(name) == ""
        assert line.pop("states") == []
    for signatory in older["certificate"]["signatories"]:
        assert (signatory.pop("organisation"), signatory.pop("credentials")) == ("", [])
    return older


def test_a_certificate_of_format_1_is_read_as_it_was(document: Any) -> None:  # noqa: ANN401
    for older in (of_format_1(document), of_format_2(document)):
        assert certificate_of(json.dumps(older)) == certificate_of(json.dumps(document))


def test_what_no_text_of_format_2_has_is_refused_in_one(document: Any) -> None:  # noqa: ANN401
    older = changed(of_format_2(document), "certificate.course.completed_on", "2020-10-30")
    with pytest.raises(LedgerError, match="its format has no completed_on"):
        certificate_of(older)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("certificate.credit_lines.0.basis", "a rule"),
        ("certificate.signatories.0.organisation", "somebody"),
        ("certificate.signatories.0", "a name"),
        ("certificate.signatories", ...),
        ("certificate", []),
    ],
)
def test_what_no_text_of_format_1_has_is_refused_in_one(
    document: Any,  # noqa: ANN401
    path: str,
    value: object,
) -> None:
    with pytest.raises(LedgerError, match="snapshot cannot be read"):
        certificate_of(changed(of_format_1(document), path, value))
