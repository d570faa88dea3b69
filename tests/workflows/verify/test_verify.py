"""Documents made to deceive, each with the check that finds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from made_files import saved, scanned
from other_forms import in_other_form
from papers import papers, private_key, school, signing_cert
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.token.verify import Outcome, Warning_
from cecert.domain.trust.reattested_list import genuine_digests
from cecert.domain.trust.status_list import Status
from cecert.domain.trust.trust_file import KeyState, SealCert, TrustFile
from cecert.ports import OfferedLists, PdfContent
from cecert.workflows.verify.status_source import status_teller
from cecert.workflows.verify.verify import LARGEST_DOCUMENT, Checked, Verifier, verify

TOKEN, OTHER_TOKEN = papers().certificate.token_url, papers().other.token_url
CLOCK = papers().school.office.clock


def codes(checked: Checked) -> dict[str, str]:
    return {each.question.value: each.code for each in checked.checks}


def verified(what: bytes | str) -> Checked:
    return verify(what, papers().verifier)


@cache
def genuine_lines() -> tuple[str, ...]:
    content = papers().verifier.pdf_reader.read(papers().pdf)
    assert isinstance(content, PdfContent)
    return content.lines


def paper(lines: Sequence[str], token: str | None = TOKEN) -> bytes:
    """Return a paper of somebody's own making, with a token attached."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 1200))
    for number, line in enumerate(lines):
        canvas.drawString(40, 1150 - 14 * number, line)
    canvas.save()
    if token is None:
        return out.getvalue()
    writer = PdfWriter(clone_from=out)
    writer.add_attachment("cecert-token.txt", token.encode())
    attached = BytesIO()
    writer.write(attached)
    return attached.getvalue()


def sealed_by_somebody(pdf: bytes) -> bytes:
    key = private_key("somebody")
    encrypted = serialize_key_and_certificates(
        b"x", key, signing_cert(key, "Example College"), None, BestAvailableEncryption(b"x")
    )
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name="Seal", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
        ),
        signers.SimpleSigner.load_pkcs12_data(encrypted, (), b"x"),
        new_field_spec=SigFieldSpec("Seal"),
    )
    return bytes(out.getvalue())


def saying(old: str, new: str) -> list[str]:
    assert any(old in line for line in genuine_lines())
    return [line.replace(old, new) for line in genuine_lines()]


def test_a_genuine_certificate_answers_every_question() -> None:
    checked = verified(papers().pdf)
    assert codes(checked) == {
        "token": "GENUINE", "seal": "INTACT", "text": "SAME", "status": "VALID_STATUS_UNKNOWN",
    }  # fmt: skip
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID_STATUS_UNKNOWN, 3)
    assert checked.verification.claims is not None
    assert checked.verification.claims.recipient == "Ana Ruiz"


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (Status.VALID, Outcome.VALID, "NOT_REVOKED"),
        (Status.REVOKED, Outcome.REVOKED, "REVOKED"),
        (Status.SUPERSEDED, Outcome.SUPERSEDED, "SUPERSEDED"),
        (Status.RESERVED, Outcome.UNKNOWN_STATUS, "UNKNOWN_STATUS"),
    ],
)
def test_its_status_is_the_last_question(status: Status, outcome: Outcome, code: str) -> None:
    listed = papers().school.status_list(papers().certificate, status)
    checked = verify(papers().pdf, asking(listed))
    assert checked.outcome is outcome
    assert codes(checked)["status"] == code
    assert checked.verification.status_as_of == int(papers().school.office.clock.now().timestamp())


class Served:
    """A status source that serves what it is given, and keeps what it must."""

    def __init__(self, *served: bytes) -> None:
        self.served = served
        self.kept: dict[int, bytes] = {}
        self.asked: list[Sequence[str]] = []

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        self.asked.append(bases)
        return OfferedLists(self.served, self.kept.get(list_id))

    def keep(self, list_id: int, data: bytes) -> None:
        self.kept[list_id] = data


def asking(*served: bytes) -> Verifier:
    school = papers().school
    source = Served(*served)
    teller = status_teller(school.trust, check_signature, source, CLOCK, ask_hosts=True)
    return replace(papers().verifier, status=teller)


def test_an_old_list_does_not_bring_a_revoked_certificate_back() -> None:
    school, certificate = papers().school, papers().certificate
    source = Served(school.status_list(certificate, Status.REVOKED))
    teller = status_teller(school.trust, check_signature, source, CLOCK, ask_hosts=True)
    verifier = replace(papers().verifier, status=teller)
    assert verify(TOKEN, verifier).outcome is Outcome.REVOKED
    school.office.clock.forward(timedelta(hours=-1))
    try:
        source.served = (school.status_list(certificate, Status.VALID),)
    finally:
        school.office.clock.forward(timedelta(hours=1))
    again = verify(TOKEN, verifier)
    assert again.outcome is Outcome.REVOKED
    assert again.verification.warnings == (Warning_.STATUS_ROLLBACK,)


@pytest.mark.parametrize(
    ("since", "low", "code"),
    [
        (None, False, "INTACT"),
        (-1, False, "SEAL_BROKEN"),
        (0, False, "INTACT"),
        (-1, True, "INTACT"),
    ],
)
def test_a_seal_in_the_other_form_is_good_unless_the_trust_file_says_since_when_it_is_not(
    since: int | None, low: bool, code: str
) -> None:
    one = school()
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    desk = one.desk()
    drawing = desk.renderer.draw(certificate)
    sealed = desk.sealer.seal(drawing, certificate.issued_at)
    issued = int(certificate.issued_at.timestamp())
    # The token keeps the form it has: only the seal is asked here.
    trust = replace(one.trust, low_s_since=None if since is None else issued + since)
    pdf = sealed if low else in_other_form(sealed)
    checked = verify(pdf, replace(papers().verifier, trust=trust))
    assert codes(checked)["seal"] == code


def test_a_seal_of_ours_in_upper_case_was_written_by_somebody_else() -> None:
    found = re.search(rb"/Contents\s*(<[0-9A-Fa-f]+>)", papers().pdf)
    assert found is not None
    start, end = found.span(1)
    pdf = papers().pdf
    checked = verified(pdf[:start] + pdf[start:end].upper() + pdf[end:])
    assert (checked.outcome, checked.exit_status) == (Outcome.SEAL_BROKEN, 5)


def list_of(status: Status, later: timedelta) -> bytes:
    school = papers().school
    school.office.clock.forward(later)
    try:
        return school.status_list(papers().certificate, status)
    finally:
        school.office.clock.forward(-later)


def test_a_list_of_a_time_to_come_is_not_kept_and_does_not_hide_a_revocation() -> None:
    list_id = papers().certificate.slot.list_id
    ahead = list_of(Status.VALID, timedelta(days=20))
    source = Served(ahead)
    teller = status_teller(papers().school.trust, check_signature, source, CLOCK, ask_hosts=True)
    verifier = replace(papers().verifier, status=teller)
    first = verify(TOKEN, verifier)
    assert first.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert first.verification.warnings == (Warning_.BAD_STATUS_LIST,)
    assert source.kept == {}
    # What a verifier of before kept is let go of, too.
    source.kept[list_id] = ahead
    true = list_of(Status.REVOKED, timedelta())
    source.served = (true,)
    assert verify(TOKEN, verifier).outcome is Outcome.REVOKED
    assert source.kept == {list_id: true}


def test_a_list_older_by_more_than_a_day_than_the_kept_one_exits_3() -> None:
    source = Served(list_of(Status.VALID, timedelta(days=-2)))
    source.kept[papers().certificate.slot.list_id] = list_of(Status.VALID, timedelta())
    teller = status_teller(papers().school.trust, check_signature, source, CLOCK, ask_hosts=True)
    checked = verify(TOKEN, replace(papers().verifier, status=teller))
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID_STATUS_STALE, 3)
    assert checked.verification.warnings == (Warning_.STATUS_ROLLBACK,)


def test_offline_no_host_is_asked_and_nothing_kept_is_used() -> None:
    source = Served()
    source.kept[papers().certificate.slot.list_id] = papers().school.status_list(
        papers().certificate, Status.VALID
    )
    teller = status_teller(papers().school.trust, check_signature, source, CLOCK, ask_hosts=False)
    checked = verify(TOKEN, replace(papers().verifier, status=teller))
    assert checked.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert source.asked == [()]


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("Ana Ruiz", "Eva Ruiz", "name"),
        ("Ana Ruiz", "Ana Ruiz, Ph.D.", "name"),
        ("Mentalization Based", "Psychoanalysis Based", "title"),
        ("October 22 and 29, 2020", "October 22 and 29, 2024", "dates"),
        (str(papers().certificate.id), str(papers().other.id), "id"),
        ("0199", "0911", "approval"),
    ],
)
def test_a_genuine_code_on_an_altered_paper_is_found(old: str, new: str, fact: str) -> None:
    checked = verified(sealed_by_somebody(paper(saying(old, new))))
    assert (checked.outcome, checked.exit_status) == (Outcome.TEXT_MISMATCH, 5)
    assert fact in {each.fact for each in checked.differing}
    assert codes(checked)["token"] == "GENUINE"
    assert codes(checked)["seal"] == "SEAL_UNKNOWN"
    assert fact in checked.verification.detail


def test_more_hours_than_were_certified_are_found() -> None:
    lines = ["60" if line == "6" else line for line in genuine_lines()]
    checked = verified(paper(lines))
    assert checked.outcome is Outcome.TEXT_MISMATCH
    assert [each.fact for each in checked.differing] == ["hours"]


def test_a_foreign_document_with_a_genuine_code_says_something_else() -> None:
    checked = verified(paper(["An invoice", "Total 100.00"]))
    assert checked.outcome is Outcome.TEXT_MISMATCH
    assert {"name", "title", "dates", "hours", "id", "approval"} == {
        each.fact for each in checked.differing
    }


def test_a_faithful_copy_has_no_seal() -> None:
    checked = verified(paper(genuine_lines()))
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert (codes(checked)["seal"], codes(checked)["text"]) == ("SEAL_MISSING", "SAME")


def test_a_faithful_copy_sealed_by_somebody_else_is_not_the_schools() -> None:
    checked = verified(sealed_by_somebody(paper(genuine_lines())))
    assert checked.outcome is Outcome.SEAL_UNKNOWN
    assert checked.seal is not None
    assert "Example College" in checked.verification.detail


def test_something_added_breaks_the_seal() -> None:
    checked = verified(papers().pdf + b"\n")
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert (codes(checked)["seal"], codes(checked)["text"]) == ("SEAL_BROKEN", "SAME")
    assert checked.verification.detail.startswith("white space was added at its end")


def test_another_code_attached_than_the_one_on_the_page_is_found() -> None:
    writer = PdfWriter()
    for page in PdfReader(BytesIO(papers().pdf)).pages:
        writer.add_page(page)
    writer.add_attachment("cecert-token.txt", OTHER_TOKEN.encode())
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert (checked.outcome, checked.exit_status) == (Outcome.TOKENS_DIFFER, 5)


def test_a_document_without_a_code_is_none_of_ours() -> None:
    checked = verified(paper(genuine_lines(), token=None))
    assert (checked.outcome, checked.exit_status) == (Outcome.NO_TOKEN_IN_PDF, 5)
    assert codes(checked) == {
        "token": "NO_TOKEN_IN_PDF", "seal": "SEAL_MISSING", "text": "NOT_CHECKED",
        "status": "NOT_CHECKED",
    }  # fmt: skip


def test_a_sealed_document_without_a_code_is_not_judged_by_its_seal() -> None:
    checked = verified(sealed_by_somebody(paper(["An invoice"], token=None)))
    assert checked.outcome is Outcome.NO_TOKEN_IN_PDF
    assert codes(checked)["seal"] == "NOT_CHECKED"


def test_a_damaged_code_in_a_document_without_a_seal_cannot_be_read() -> None:
    checked = verified(paper(genuine_lines(), token=TOKEN[:-1]))
    assert (checked.outcome, checked.exit_status) == (Outcome.TRUNCATED, 6)


def test_a_damaged_code_in_a_sealed_document_was_changed_with_it() -> None:
    changed = sealed_by_somebody(paper(genuine_lines(), token=TOKEN[:-1])) + b"\n"
    checked = verified(changed)
    assert (checked.outcome, codes(checked)["token"]) == (Outcome.SEAL_BROKEN, "TRUNCATED")


def test_a_sealed_document_damaged_beyond_reading_was_changed() -> None:
    pdf = bytearray(papers().pdf)
    start = pdf.rindex(b"startxref")
    checked = verified(bytes(pdf[:start]).replace(b"/Type /Catalog", b"/Type /Cat\0log"))
    assert checked.exit_status == 5
    assert codes(checked)["seal"] == "SEAL_BROKEN"
    assert verified(b"%PDF-1.7 /ByteRange []").outcome is Outcome.SEAL_BROKEN


def test_an_encrypted_document_cannot_be_read() -> None:
    writer = PdfWriter(clone_from=BytesIO(papers().pdf))
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert (checked.outcome, checked.exit_status) == (Outcome.NOT_READABLE, 6)
    assert checked.verification.detail == "it is encrypted"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_the_page_is_read(kind: str) -> None:
    checked = verified(saved(scanned(papers().pdf), kind))
    assert checked.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert codes(checked) == {"token": "GENUINE", "status": "VALID_STATUS_UNKNOWN"}


def test_a_picture_without_a_code_and_one_that_is_damaged_are_told_apart() -> None:
    assert verified(saved(Image.new("L", (99, 99), 255))).outcome is Outcome.NO_TOKEN
    damaged = verified(b"\xff\xd8\xff")
    assert (damaged.outcome, damaged.exit_status) == (Outcome.NOT_READABLE, 6)
    assert verified(b"\0\0\0\x18ftypheic" + bytes(9)).outcome is Outcome.NOT_READABLE


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"just text", bytes(2000)])
def test_other_files_are_neither(data: bytes) -> None:
    checked = verified(data)
    assert (checked.outcome, checked.exit_status) == (Outcome.NOT_READABLE, 6)


def test_a_file_of_half_a_gigabyte_is_not_looked_at() -> None:
    checked = verified(b"%PDF-" + bytes(LARGEST_DOCUMENT))
    assert (checked.outcome, checked.exit_status) == (Outcome.TOO_LARGE, 6)


def judged(trust: TrustFile) -> Checked:
    return verify(papers().pdf, papers().school.verifier(papers().process, trust))


def test_the_seal_is_judged_at_the_time_of_issue_and_never_at_now() -> None:
    trust = papers().school.trust
    issued = int(papers().certificate.issued_at.timestamp())
    digest = trust.seals[0].sha256

    def seals(first: int, last: int, state: KeyState = KeyState.ACTIVE) -> TrustFile:
        return replace(trust, seals=(SealCert(digest, first, last, state),))

    assert codes(judged(seals(issued, issued)))["seal"] == "INTACT"
    assert codes(judged(seals(issued, issued, KeyState.RETIRED)))["seal"] == "INTACT"
    assert judged(seals(issued + 1, issued + 9)).outcome is Outcome.SEAL_UNKNOWN
    assert judged(seals(issued - 9, issued - 1)).outcome is Outcome.SEAL_UNKNOWN
    assert judged(seals(0, issued, KeyState.COMPROMISED)).outcome is Outcome.SEAL_UNKNOWN
    papers().school.office.clock.forward(timedelta(days=3650))
    try:
        later = judged(trust)
    finally:
        papers().school.office.clock.at = datetime(2020, 11, 5, 16, tzinfo=UTC)
    assert later.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert later.verification.warnings == (Warning_.KEYSET_OLD,)


def test_the_key_of_another_school_says_nothing_about_seal_and_words() -> None:
    stranger = replace(papers().school.trust, keys=papers().school.trust.keys[1:])
    checked = judged(stranger)
    assert (checked.outcome, checked.exit_status) == (Outcome.UNKNOWN_KEY, 5)
    assert codes(checked) == {
        "token": "UNKNOWN_KEY", "seal": "NOT_CHECKED", "text": "NOT_CHECKED",
        "status": "NOT_CHECKED",
    }  # fmt: skip
    assert checked.verification.claims is None


def test_a_token_of_a_stolen_key_counts_if_the_school_vouches_for_it() -> None:
    trust, kid = papers().school.trust, papers().school.token.public_key.kid
    genuine = genuine_digests([TOKEN], kid)
    digest = sha256(genuine).digest()
    stolen = replace(trust.keys[0], state=KeyState.COMPROMISED, reattested=digest)
    withdrawn = replace(trust, keys=(stolen, *trust.keys[1:]))
    verifier = papers().school.verifier(papers().process, withdrawn)
    assert verify(TOKEN, verifier).outcome is Outcome.KEY_REVOKED
    vouching = replace(verifier, reattested=lambda _: genuine)
    assert verify(TOKEN, vouching).outcome is Outcome.VALID_STATUS_UNKNOWN
    assert verify(OTHER_TOKEN, vouching).outcome is Outcome.KEY_REVOKED


def test_a_root_that_was_not_compared_is_said() -> None:
    checked = verify(TOKEN, replace(papers().verifier, root_pinned=False))
    assert checked.verification.warnings == (Warning_.ROOT_NOT_PINNED,)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (f"  {TOKEN}\n", Outcome.VALID_STATUS_UNKNOWN),
        ("1" + TOKEN.partition("#1")[2], Outcome.VALID_STATUS_UNKNOWN),
        ("https://shop.example.com/item?id=1", Outcome.NO_TOKEN),
        ("", Outcome.NO_TOKEN),
        ("1" * 2000, Outcome.TOO_LARGE),
    ],
)
def test_links_and_digits_are_read(text: str, outcome: Outcome) -> None:
    assert verified(text).outcome is outcome


def test_a_file_is_verified_by_its_path_and_no_more_of_it_is_read_than_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(papers().pdf)
    assert verify(file, papers().verifier) == verified(papers().pdf)
    monkeypatch.setattr("cecert.workflows.verify.verify.LARGEST_DOCUMENT", 99)
    assert verify(file, papers().verifier).outcome is Outcome.TOO_LARGE
    with pytest.raises(FileNotFoundError):
        verify(tmp_path / "none.pdf", papers().verifier)
