"""Seals: other programs accept them, and one byte changed or added shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import page
import pytest
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    ISSUED,
    certificate,
    renderer,
    sealer,
    signing_cert,
)
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from other_forms import in_other_form
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader
from seal_referee import holds, status

from cecert.adapters.keys.digests import EcSigner, digest_signer_of
from cecert.adapters.pades import PadesSealer, container
from cecert.domain.cose.low_s import CURVE_ORDERS
from cecert.errors import SealError
from cecert.ports import Drawing

EC_KEY = ec.derive_private_key(0xCECE27, ec.SECP256R1())
KEYS: dict[str, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = {
    "P-256": EC_KEY,
    "RSA": rsa.generate_private_key(65537, 2048),
}


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return renderer().draw(certificate(HARD_NAME, HARD_TITLE, lines=6))


@pytest.fixture(scope="module", params=KEYS)
def sealed(drawing: Drawing, request: pytest.FixtureRequest) -> bytes:
    return sealer(KEYS[request.param]).seal(drawing, ISSUED)


def test_pyhanko_finds_it_intact_over_the_entire_file_and_closed_to_changes(sealed: bytes) -> None:
    found = status(sealed)
    assert found.intact
    assert found.valid
    assert found.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert found.docmdp_ok


def test_a_sealed_file_still_conforms(sealed: bytes) -> None:
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(sealed, profile=profile)
        assert [each.rule_id for each in report.failures] == []


def test_sealing_changes_nothing_that_is_read(drawing: Drawing, sealed: bytes) -> None:
    before, after = PdfReader(BytesIO(drawing.pdf)), PdfReader(BytesIO(sealed))
    assert [each.extract_text() for each in before.pages] == [
        each.extract_text() for each in after.pages
    ]
    assert before.attachments == after.attachments


def places(pdf: bytes) -> Iterator[int]:
    """Return bytes all over the signed parts of a file."""
    hole = pdf.index(b"/Contents <30") if b"/Contents <30" in pdf else pdf.index(b"/Contents<30")
    yield from (9, 100, len(pdf) // 3, len(pdf) // 2, hole - 20, len(pdf) - 60, len(pdf) - 10)


def test_one_flipped_byte_shows(drawing: Drawing) -> None:
    pdf = sealer().seal(drawing, ISSUED)
    for place in places(pdf):
        flipped = bytearray(pdf)
        flipped[place] ^= 0x01
        assert not holds(bytes(flipped)), place


def test_one_appended_byte_shows(drawing: Drawing) -> None:
    pdf = sealer().seal(drawing, ISSUED)
    assert holds(pdf)
    assert not holds(pdf + b"\n")


def test_the_same_drawing_sealed_in_the_same_second_is_the_same_bytes(drawing: Drawing) -> None:
    assert sealer().seal(drawing, ISSUED) == sealer().seal(drawing, ISSUED)


def test_the_seal_stands_where_the_rosette_is_drawn(sealed: bytes) -> None:
    (annotation,) = PdfReader(BytesIO(sealed)).pages[0].annotations or []
    widget: Any = annotation.get_object()
    assert [float(each) for each in widget["/Rect"]] == pytest.approx(
        [48.2, 45.7, 150.25, 147.75], abs=0.01
    )
    assert widget["/V"]["/M"] == "D:20201105150000Z"
    assert b" cm" in widget["/AP"]["/N"].get_object().get_data()


@pytest.mark.parametrize("days", [-200, 400], ids=["before", "after"])
def test_nothing_is_sealed_with_a_certificate_out_of_force(drawing: Drawing, days: int) -> None:
    with pytest.raises(SealError, match="is in force from 2020-07-28 to 2021-09-01, not on"):
        sealer().seal(drawing, ISSUED + timedelta(days=days))


def test_a_specimen_is_never_sealed() -> None:
    specimen = renderer().draw_specimen(certificate())
    with pytest.raises(SealError, match="specimens are never sealed"):
        sealer().seal(specimen, ISSUED)


def test_a_drawing_that_leaves_too_little_room_is_not_sealed() -> None:
    narrow = renderer(seal_room=100).draw(certificate())
    with pytest.raises(SealError, match=r"leaves 100 bytes for a seal of \d+"):
        sealer().seal(narrow, ISSUED)


def test_a_drawing_needs_no_more_room_than_its_sealer_says(drawing: Drawing) -> None:
    exact = renderer(seal_room=sealer().room).draw(certificate())
    assert holds(sealer().seal(exact, ISSUED))
    assert len(exact.pdf) < len(drawing.pdf)


def test_the_chain_goes_along_and_is_signed_too(drawing: Drawing) -> None:
    key = KEYS["P-256"]
    chained = PadesSealer(digest_signer_of(key), signing_cert(key), (signing_cert(KEYS["RSA"]),))
    assert chained.room > sealer().room
    assert holds(chained.seal(drawing, ISSUED))


def test_of_both_forms_of_a_signature_the_lower_is_issued_wherever_the_key_is(
    drawing: Drawing,
) -> None:
    order = CURVE_ORDERS["secp256r1"]
    one = sealer(EC_KEY)
    files = [one.seal(drawing, ISSUED + timedelta(seconds=each)) for each in range(8)]
    others = [in_other_form(each) for each in files]
    assert all(s_of(each) <= order // 2 for each in files)
    assert [s_of(each) for each in others] == [order - s_of(each) for each in files]
    assert holds(files[0])
    assert holds(others[0])
    assert all(one.has_sealed(each, drawing, ISSUED) for each in (files[0], others[0]))
    assert not one.has_sealed(files[0], drawing, ISSUED + timedelta(seconds=1))


def s_of(sealed: bytes) -> int:
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    return decode_dss_signature(signature.signer_info["signature"].native)[1]


def test_who_signs_may_be_anywhere(drawing: Drawing) -> None:
    class Elsewhere:
        """Stands for a key in other hands."""

        algorithm, longest = "sha256_ecdsa", EcSigner(EC_KEY).longest

        def sign(self, digest: bytes) -> bytes:
            return EcSigner(EC_KEY).sign(digest)

    remote = PadesSealer(Elsewhere(), signing_cert(EC_KEY))
    assert remote.seal(drawing, ISSUED) == sealer(EC_KEY).seal(drawing, ISSUED)


def test_what_a_drawing_says_of_its_beginning_changes_nothing(drawing: Drawing) -> None:
    """Whatever it claims to share, and whatever was sealed before, the bytes are the same."""
    other = renderer().draw(certificate("Zoë Ågren"))
    alone = [sealer().seal(each, ISSUED) for each in (drawing, other)]
    again = sealer()
    for shared in (0, 1, drawing.shared, other.shared, len(drawing.pdf)):
        claims = [replace(each, shared=shared) for each in (drawing, other, drawing)]
        assert [again.seal(each, ISSUED) for each in claims] == [*alone, alone[0]]


def test_beginnings_of_many_courses_are_forgotten_in_turn() -> None:
    seal = sealer()
    drawings = [renderer().draw(certificate(title=f"Course {number}")) for number in range(10)]
    first = [seal.seal(each, ISSUED) for each in drawings]
    assert [seal.seal(each, ISSUED) for each in drawings] == first
    assert all(map(holds, first))


def test_sealers_of_one_certificate_encode_it_once(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sealer(EC_KEY).seal(drawing, ISSUED)
    monkeypatch.setattr(container, "_attributes", None)  # nobody asks for them
    assert sealer(EC_KEY).seal(drawing, ISSUED) == first
