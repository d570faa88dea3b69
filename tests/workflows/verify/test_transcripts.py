"""Transcripts that went through honest and dishonest hands, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pytest
from papers import papers, private_key, signing_cert
from pypdf import PdfReader, PdfWriter
from transcript_samples import (
    Enrolled,
    a_course,
    enrolled,
    issue_course,
    replaced_and_revoked,
    status_list_now,
    with_row,
)

from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.pades import PadesSealer
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.transcript import TranscriptRow
from cecert.domain.token.file_verdict import FileVerdict
from cecert.domain.token.transcript_list import read_transcript_list
from cecert.domain.token.verify import Outcome
from cecert.domain.trust.status_list import StatusAnswer
from cecert.workflows.revoke import revoke
from cecert.workflows.verify.verify import Checked, verify


@pytest.fixture(scope="module")
def one() -> Enrolled:
    """Return somebody with six certificates, of which one was replaced and one revoked."""
    found = enrolled(5)
    replaced_and_revoked(found)
    return found


@pytest.fixture(scope="module")
def pdf(one: Enrolled) -> bytes:
    return one.sealed()


def verified(one: Enrolled, pdf: bytes) -> Checked:
    """Verify with the list that the school would publish now."""
    verifier = one.school.verifier(papers().process)
    listed = status_list_now(one)
    return verify(pdf, replace(verifier, status=lambda _: StatusAnswer(listed)))


def outcomes(checked: Checked) -> Counter[Outcome]:
    return Counter(each.outcome for each in checked.certificates)


def verdict(checked: Checked) -> FileVerdict:
    assert checked.file is not None
    return checked.file.verdict


def test_each_certificate_has_its_answer_and_the_file_its_verdict(
    one: Enrolled, pdf: bytes
) -> None:
    checked = verified(one, pdf)
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)
    assert verdict(checked) is FileVerdict.AS_ISSUED
    assert outcomes(checked) == {Outcome.VALID: 4, Outcome.SUPERSEDED: 1, Outcome.REVOKED: 1}
    for row, each in zip(one.transcript.rows, checked.certificates, strict=True):
        assert each.verification.claims is not None
        assert each.verification.claims.certificate_id == row.certificate.id
        assert (each.counted, each.told) == (row.counts, not row.counts)
        assert [check.code for check in each.checks[:3]] == ["GENUINE", "INTACT", "SAME"]
    pages = [each.page for each in checked.certificates]
    assert pages[0] == 1
    assert all(before <= after for before, after in pairwise(page or 0 for page in pages))
    assert max(page or 0 for page in pages) > 1
    assert checked.file is not None
    assert checked.file.transcript is not None
    assert checked.file.without_code == ()
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert str(checked.file.transcript.number) in text


def test_verifiers_of_before_find_no_code_that_they_would_answer_for(
    one: Enrolled, pdf: bytes
) -> None:
    reader = one.school.verifier(papers().process).pdf_reader
    content = reader.read(pdf)
    assert not isinstance(content, str)
    assert content.token_texts == ()
    codes = [code for page in reader.drawn_pages(pdf) for code in page.codes]
    assert codes == ["https://verify.example.edu/"]


def test_what_was_taken_back_since_makes_the_answer_worse() -> None:
    one = enrolled(2)
    pdf = one.sealed()
    assert verified(one, pdf).exit_status == 0
    office, first = one.school.office, one.transcript.rows[0].certificate
    revoke(
        first.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip
    checked = verified(one, pdf)
    assert (checked.outcome, checked.exit_status) == (Outcome.REVOKED, 4)
    assert verdict(checked) is FileVerdict.AS_ISSUED
    # Listed anew it is told, and what nothing stands beside decides.
    assert verified(one, one.sealed()).exit_status == 0
    alone = replace(one.transcript, rows=one.transcript.rows[:1])
    assert verified(one, one.sealed(alone)).exit_status == 4


def test_a_transcript_drawn_up_years_later_is_judged_by_its_own_seal() -> None:
    one = enrolled(1)
    later = replace(one.transcript, drawn_up_at=one.transcript.drawn_up_at + timedelta(days=30))
    assert verified(one, one.sealed(later)).outcome is Outcome.SEAL_UNKNOWN  # a time to come
    one.school.office.clock.forward(timedelta(days=45))
    assert verified(one, one.sealed(later)).exit_status == 0
    # The certificate that seals ended meanwhile, which is no fault of what it sealed before.
    pdf = one.sealed()
    one.school.office.clock.forward(timedelta(days=900))
    assert verified(one, pdf).exit_status == 0
    first = replace(later, drawn_up_at=later.drawn_up_at - timedelta(days=200))
    assert verified(one, one.sealed(first)).outcome is Outcome.SEAL_UNKNOWN  # before it was issued


def forged_hours(one: Enrolled) -> bytes:
    own = one.transcript.rows[0].certificate
    lines = tuple(replace(each, hours=Decimal(12)) for each in own.credit_lines)
    return strange(one, with_row(one.transcript, 0, credit_lines=lines))


def strange(one: Enrolled, transcript: object) -> bytes:
    """Return a transcript with a seal that is nobody's we know."""
    key = private_key("a stranger")
    seal = PadesSealer(digest_signer_of(key), signing_cert(key, "Example College seal"))
    return one.sealed(transcript, seal=seal)  # type: ignore[arg-type]  # a transcript


def row_of_rosa(one: Enrolled) -> TranscriptRow:
    """Return somebody else's certificate of the same school."""
    ledger = one.school.office.ledger
    if not list(ledger.everything_of("r-2")):
        issue_course(one.school, a_course(9), "Rosa Núñez", ("ny-social-work",), (), "r-2")
    (entry,) = ledger.everything_of("r-2")
    return TranscriptRow(entry.certificate, entry.state)


def of_somebody_else(one: Enrolled) -> bytes:
    rows = (*one.transcript.rows, row_of_rosa(one))
    return strange(one, replace(one.transcript, rows=rows))


def with_a_name_that_is_not_its_own(one: Enrolled) -> bytes:
    rosa = row_of_rosa(one).certificate
    named = replace(rosa.recipient, name=one.transcript.name)
    row = TranscriptRow(replace(rosa, recipient=named), CertificateState.STANDING)
    return strange(one, replace(one.transcript, rows=(*one.transcript.rows, row)))


def with_the_revoked_as_standing(one: Enrolled) -> bytes:
    rows = [replace(each, state=CertificateState.STANDING) for each in one.transcript.rows]
    return strange(one, replace(one.transcript, rows=tuple(rows)))


def without_its_second_page(one: Enrolled) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(one.sealed()))
    writer.remove_page(1)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_byte_changed(one: Enrolled) -> bytes:
    pdf = bytearray(one.sealed())
    at = pdf.index(b"drawn up ") + len("drawn up 2020-11-0")
    pdf[at] = pdf[at] - 1
    return bytes(pdf)


def added_to(one: Enrolled) -> bytes:
    return one.sealed() + b"\n% more"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (forged_hours, {Outcome.TEXT_MISMATCH: 1, Outcome.SEAL_UNKNOWN: 5}),
        # A row that names whom it was issued to lies about nothing; the seal tells.
        (of_somebody_else, {Outcome.SEAL_UNKNOWN: 7}),
        (with_a_name_that_is_not_its_own, {Outcome.TEXT_MISMATCH: 1, Outcome.SEAL_UNKNOWN: 6}),
        (with_the_revoked_as_standing, {Outcome.SEAL_UNKNOWN: 6}),
        (without_its_second_page, {}),
        (with_a_byte_changed, {Outcome.SEAL_BROKEN: 6}),
        (added_to, {Outcome.CODE_ONLY: 4, Outcome.REVOKED: 1, Outcome.SUPERSEDED: 1}),
    ],
)
def test_what_was_made_or_altered_by_others_is_called_so(
    made: Callable[[Enrolled], bytes], expected: dict[Outcome, int], one: Enrolled
) -> None:
    checked = verified(one, made(one))
    found = outcomes(checked)
    assert Outcome.VALID not in found
    if expected:
        assert found == expected
    else:  # rows of the page that is gone stand nowhere
        assert found[Outcome.TEXT_MISMATCH] > 0
        assert found[Outcome.CODE_ONLY] > 0
    assert checked.exit_status == 5
    assert verdict(checked) is FileVerdict.NOT_AS_ISSUED


def test_a_list_in_any_other_form_is_no_list(one: Enrolled, pdf: bytes) -> None:
    text = next(iter(PdfReader(BytesIO(pdf)).attachments["cecert-transcript.txt"])).decode()
    listed = read_transcript_list(text)
    assert listed is not None
    assert listed.text == text
    assert [each.counted for each in listed.codes] == [each.counts for each in one.transcript.rows]
    for wrong in (
        "", text[:-1], f"{text}\n", text.replace("transcript 1", "transcript 2"),
        text.replace("\ncounted ", "\ncounts "), text.replace("2020-", "2020-13-", 1),
        text.replace("drawn up ", "drawn up  "), text.partition("counted")[0],
    ):  # fmt: skip
        assert read_transcript_list(wrong) is None, wrong
