"""What a seal proves: flips anywhere, things added, things taken away."""

from __future__ import annotations

import random
import re
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from itertools import permutations
from typing import Any

import pytest
from certificate_samples import ISSUED, certificate, renderer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from other_forms import in_other_form
from papers import papers, private_key, school, signing_cert
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from seal_chains import chain_of

from cecert.adapters.document_reader import PadesSealReader
from cecert.adapters.document_reader.own_seal import own_seal
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.adapters.document_reader.seals import finding_of
from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.pades import PadesSealer, sealed_with, sealers_of_before
from cecert.ports import SealState

LIMITS = ReadingLimits()
SEALED = papers().pdf


def finding(pdf: bytes) -> dict[str, Any]:
    """Return what pyHanko finds; the direct check says the same, or nothing."""
    found = finding_of(pdf, LIMITS)
    digest = found["signing_cert_sha256"]
    direct = own_seal(pdf, [] if digest is None else [bytes.fromhex(digest)])
    if direct is not None:
        told = asdict(direct) | {"state": direct.state.value, "signing_cert_sha256": digest}
        assert told == found
    return found


CONTAINER = re.search(rb"/Contents\s*(<[0-9A-Fa-f]+>)", SEALED)


def flipped(pdf: bytes, position: int, bit: int = 0) -> bytes:
    changed = bytearray(pdf)
    changed[position] ^= 1 << bit
    return bytes(changed)


def test_a_seal_as_it_was_made_is_intact_and_names_its_certificate() -> None:
    found = PadesSealReader(papers().process).inspect(SEALED)
    assert found.state is SealState.INTACT
    assert found.signing_cert_sha256 == papers().school.trust.seals[0].sha256
    assert "Example College seal" in found.signer


def test_no_byte_of_the_document_can_be_changed() -> None:
    chance = random.Random(1)  # the same positions in every run
    positions = chance.sample(range(len(SEALED)), 150)
    states = {finding(flipped(SEALED, at, chance.randrange(8)))["state"] for at in positions}
    assert "intact" not in states


def test_no_byte_of_the_signature_container_can_be_changed() -> None:
    # The container is outside what it signs, so many bytes are tried; all 11 408 bits were, once.
    assert CONTAINER is not None
    chance = random.Random(2)
    for at in range(*CONTAINER.span(1), 3):
        assert finding(flipped(SEALED, at, chance.randrange(8)))["state"] != "intact", at


def test_the_case_of_hexadecimal_digits_cannot_be_changed() -> None:
    assert CONTAINER is not None
    at = next(at for at in range(*CONTAINER.span(1)) if SEALED[at : at + 1].isalpha())
    found = finding(flipped(SEALED, at, 5))  # the bit that tells A from a
    assert found["detail"] == "its signature was changed in a place that no signature covers"


def test_a_container_in_upper_case_throughout_is_told() -> None:
    assert CONTAINER is not None
    start, end = CONTAINER.span(1)
    found = finding(SEALED[:start] + SEALED[start:end].upper() + SEALED[end:])
    assert (found["state"], found["lower_case"]) == ("intact", False)
    assert finding(SEALED)["lower_case"]


def test_the_form_of_its_signature_is_told_and_both_are_intact() -> None:
    one = school()
    desk = one.desk()
    certificate, _ = one.issue("Ana Ruiz", "ana@example.org")
    drawing = desk.renderer.draw(certificate)
    low = desk.sealer.seal(drawing, certificate.issued_at)
    high = in_other_form(low)
    assert low != high
    told = [(finding(each)["state"], finding(each)["low_s"]) for each in (low, high)]
    assert told == [("intact", True), ("intact", False)]


def test_the_direct_check_knows_the_forms_we_seal_in_and_no_other() -> None:
    desk, certificate = papers().school.desk(7), papers().certificate
    drawing = desk.renderer.draw(certificate)
    high = in_other_form(desk.sealer.seal(drawing, certificate.issued_at))
    (chain, sorted_chain), _ = chained()
    told = [own_seal(each, {sealed_with(each) or b""}) for each in (SEALED, high, chain)]
    assert [each and (each.state, each.low_s) for each in told] == [
        (SealState.INTACT, low) for low in (True, False, True)
    ]
    assert CONTAINER is not None
    upper = SEALED.replace(CONTAINER[1], CONTAINER[1].upper())
    others = (sorted_chain, upper, SEALED + b"\n", signed(unsealed(), "Seal"), b"", b"/ByteRange")
    assert [own_seal(each, {sealed_with(each) or b""}) for each in others] == [None] * len(others)
    assert own_seal(SEALED, {sealed_with(chain) or b""}) is None
    for each in (SEALED, high, chain):
        finding(each)  # pyHanko says the same


@pytest.mark.parametrize("name", ["A college", "A, B and C", "Zo\u00eb\tX", "\u202ex"])
def test_a_signer_is_called_as_pyhanko_calls_it(name: str) -> None:
    own = private_key("named")
    drawing = renderer().draw(certificate())
    sealed = PadesSealer(digest_signer_of(own), signing_cert(own, name)).seal(drawing, ISSUED)
    direct = own_seal(sealed, {sealed_with(sealed) or b""})
    assert direct is not None
    assert direct.signer == finding(sealed)["signer"]


def test_no_byte_can_be_changed_by_the_direct_check_either() -> None:
    assert CONTAINER is not None
    listed = {sealed_with(SEALED) or b""}
    chance = random.Random(3)
    flips = [(at, chance.randrange(8)) for at in range(*CONTAINER.span(1))]
    flips += [(chance.randrange(len(SEALED)), chance.randrange(8)) for _ in range(500)]
    start = SEALED.rindex(b"/Type/Sig")
    flips += [(at, chance.randrange(8)) for at in range(start, CONTAINER.start(1))]
    assert not [each for each in flips if own_seal(flipped(SEALED, *each), listed)]
    # Nor may a file hold two places that could be the seal's, or one that leaves out more.
    for other in (b"/ByteRange[0 1 2 3]" + SEALED, SEALED.replace(b"[0 ", b"[1 ")):
        assert own_seal(other, listed) is None


def chained() -> tuple[list[bytes], tuple[x509.Certificate, ...]]:
    """Return one certificate as it is sealed with a chain of two, today and before; and those."""
    own = private_key("chain seal")
    cert, *chain = chain_of(own.public_key(), datetime(2020, 1, 1, tzinfo=UTC))
    drawing, pen = renderer().draw(certificate()), digest_signer_of(own)
    today = PadesSealer(pen, cert, chain)
    _, before = sealers_of_before(pen, cert, chain)
    sealed = [each.seal(drawing, ISSUED) for each in (today, before)]
    return sealed, (cert, *chain)


def test_a_chain_goes_along_in_the_order_it_is_named_in_or_as_before_sorted() -> None:
    (today, before), certificates = chained()
    ders = [each.public_bytes(Encoding.DER).hex().encode() for each in certificates]
    assert sorted(ders) != ders  # else the two orders are one
    assert [sorted(ders, key=each.index) for each in (today, before)] == [ders, sorted(ders)]
    for each in (today, before):
        assert finding(each)["state"] == "intact", finding(each)["detail"]
        assert sealed_with(each) == sha256(bytes.fromhex(ders[0].decode())).digest()


def test_a_chain_in_any_other_order_was_changed_in_a_place_that_no_signature_covers() -> None:
    (today, _), certificates = chained()
    ders = [each.public_bytes(Encoding.DER).hex().encode() for each in certificates]
    written = b"".join(ders)
    assert written in today
    states = {
        finding(today.replace(written, b"".join(order)))["state"]: order
        for order in permutations(ders)
        if list(order) not in (ders, sorted(ders))
    }
    assert states.keys() == {"broken"}


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\0", b"% a comment", b"%%EOF\n"])
def test_nothing_can_be_added_at_the_end(tail: bytes) -> None:
    found = finding(SEALED + tail)
    assert found["state"] == "broken"


def test_a_note_added_as_an_update_breaks_it() -> None:
    writer = PdfWriter(BytesIO(SEALED), incremental=True)
    writer.add_annotation(0, FreeText(text="10 hours", rect=(50, 50, 200, 100)))
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(SEALED)
    assert finding(out.getvalue())["state"] == "broken"


def test_a_second_signature_breaks_it() -> None:
    found = finding(signed(signed(unsealed(), "First"), "Second"))
    assert found["state"] == "broken"
    assert found["detail"] == "more than one signature is in it"


def test_a_signature_that_allows_changes_is_no_seal() -> None:
    found = finding(signed(unsealed(), "Seal"))
    assert (found["state"], found["detail"]) == ("broken", "its seal does not forbid changes")


def test_a_document_without_a_seal_has_none() -> None:
    found = finding(unsealed())
    assert (found["state"], found["signing_cert_sha256"]) == ("missing", None)


def test_a_rewritten_document_has_lost_its_seal() -> None:
    writer = PdfWriter(clone_from=BytesIO(SEALED))
    out = BytesIO()
    writer.write(out)
    assert finding(out.getvalue())["state"] != "intact"


def test_a_sealed_file_cut_in_two_is_broken_or_unsealed() -> None:
    assert finding(SEALED[: len(SEALED) // 2])["state"] == "missing"
    start = SEALED.rindex(b"startxref")
    assert finding(SEALED[:start])["state"] == "broken"


def test_what_is_no_document_has_no_seal() -> None:
    assert finding(b"%PDF-1.7 and then nothing")["state"] == "missing"


def unsealed() -> bytes:
    """Return the pages of the certificate, without its seal."""
    writer = PdfWriter()
    for page in PdfReader(BytesIO(SEALED)).pages:
        writer.add_page(page).pop("/Annots", None)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def signed(pdf: bytes, field: str, name: str = "Somebody") -> bytes:
    """Return *pdf* signed by somebody, in a way that allows changes."""
    key = private_key("somebody")
    encrypted = serialize_key_and_certificates(
        b"x", key, signing_cert(key, name), None, BestAvailableEncryption(b"x")
    )
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        signers.PdfSignatureMetadata(field_name=field),
        signers.SimpleSigner.load_pkcs12_data(encrypted, (), b"x"),
        new_field_spec=SigFieldSpec(field),
    )
    return bytes(out.getvalue())


def test_a_name_in_a_certificate_cannot_move_the_cursor() -> None:
    found = finding(signed(unsealed(), "Seal", "Some\x1b[2Jbody"))
    assert found["signer"] == "Common Name: Some\N{REPLACEMENT CHARACTER}[2Jbody"
