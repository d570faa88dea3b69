"""Writes `pdfs.json`: certificates as files, good and altered in each way, with their answers.

Run by `make vectors`. Most files are two certificates with something moved, so each is kept
as pieces of those and what is new. An answer is the outcome, the four checks of each
certificate and the verdict about the file; what Python answers is held against what is
written here by hand.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import cms, core
from pyhanko.pdf_utils import generic
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ContentStream, DecodedStreamObject, NameObject
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from archive_stamps import SteadyWriter, archived, stamp_of  # noqa: E402  # of the tests
from made_files import letter, merged  # noqa: E402
from papers import papers, private_key, signing_cert  # noqa: E402
from pdf_cases import Answer, python_answer  # noqa: E402
from seal_parts import der, seal_of, signature_of, with_unsigned_attributes  # noqa: E402
from transcript_samples import enrolled, with_row  # noqa: E402

from cecert.adapters.keys.digests import digest_signer_of  # noqa: E402
from cecert.adapters.pades import PadesSealer  # noqa: E402
from cecert.domain.trust.reattested_list import sealed_digests  # noqa: E402
from cecert.domain.trust.status_list import Status  # noqa: E402
from cecert.domain.trust.trust_file import KeyState  # noqa: E402
from cecert.domain.values.certificate_id import CertificateId  # noqa: E402

OUT = Path(__file__).with_name("pdfs.json")
ANA, OTHER = papers().pdf, papers().other_pdf
BLOCK = 24
"""Bytes of a base that are worth to be pointed to."""

SAME = ("GENUINE", "SEAL_BROKEN", "SAME", "NOT_REVOKED")


@dataclass(frozen=True)
class Case:
    """A file, what the status list says, and what is to be answered.

    Attributes:
        name: What was done.
        pdf: The file.
        outcome: Of all of it.
        status: Of the first certificate; None: no list can be had.
        trust: The trust file, by name.
    """

    name: str
    pdf: bytes
    outcome: str
    status: Status | None = Status.VALID
    trust: str = "school"


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def flipped(pdf: bytes, at: int, bit: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def hole() -> tuple[int, int]:
    """Return where the signature of the first certificate stands, with its brackets."""
    _, _, ranges = ANA.rpartition(b"/ByteRange")
    _, first, second, *_ = ranges.partition(b"[")[2].partition(b"]")[0].split()
    return int(first), int(second)


def sealed_with(change: Callable[[bytes], bytes]) -> bytes:
    start, end = hole()
    return ANA[: start + 1] + change(ANA[start + 1 : end - 1]) + ANA[end - 1 :]


def by_a_stranger() -> bytes:
    """Return a certificate with a genuine token that another key sealed, in the school's name."""
    key = private_key("a stranger's seal")
    cert = signing_cert(key, "Example College seal")
    return another(replace(papers().school, seal_key=key, seal_cert=cert))


def another(school: Any) -> bytes:  # noqa: ANN401  # a School
    return bytes(school.issue("Mia Ruiz", "mia.ruiz@example.org")[1])


def updated() -> bytes:
    writer = PdfWriter(BytesIO(ANA), incremental=True)
    writer.add_annotation(0, FreeText(text="10 hours", rect=(50, 50, 200, 100)))
    return written(writer)


def reworded(before: str, after: str) -> bytes:
    """Return the certificate saved anew with other letters drawn, in codes of its own fonts."""
    writer = PdfWriter(clone_from=BytesIO(ANA))
    page = writer.pages[0]
    content = ContentStream(page.get_contents(), writer).get_data()
    old, new = before.encode(), after.encode()
    assert content.count(old) >= 1
    stream = DecodedStreamObject()
    stream.set_data(content.replace(old, new, 1))
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    return written(writer)


def drawn(*lines: str, code: bytes = b"", attached: str = "") -> bytes:
    """Return a page that somebody drew with letters of every reader."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 612), invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(40, 580 - 14 * number, line)
    canvas.save()
    writer = PdfWriter(clone_from=BytesIO(out.getvalue()))
    if attached:
        writer.add_attachment("cecert-token.txt", attached.encode())
    made: bytes = written(writer) + code
    return made


def words() -> Sequence[str]:
    return PdfReader(BytesIO(ANA)).pages[0].extract_text().splitlines()


def without_seal() -> bytes:
    writer = PdfWriter()
    for page in PdfReader(BytesIO(ANA)).pages:
        writer.add_page(page).pop("/Annots", None)
    writer.add_metadata({"/Producer": "Pages of somebody"})
    return written(writer)


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(letter()))
    writer.encrypt("secret", algorithm="RC4-128")
    # The second identifier is drawn by lot.
    return re.sub(rb"/ID \[ <(\w+)> <\w+> \]", rb"/ID [ <\1> <\1> ]", written(writer))


def with_token_of_other() -> bytes:
    """Return the certificate saved anew, the code of another one attached to it."""
    writer = PdfWriter(clone_from=BytesIO(ANA))
    (attached,) = writer.attachment_list
    stream: Any = attached.pdf_object["/EF"].get_object()["/F"].get_object()  # type: ignore[index]  # a dictionary
    stream.set_data(papers().other.token_url.encode())
    return written(writer)


def bomb() -> bytes:
    """Return a page whose drawing is some kilobytes here and 256 MB when it is unpacked."""
    packed = zlib.compress(zlib.compress(b" " * (256 << 20), 9), 9)
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    head += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    head += b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(packed)
    return head + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n"


def cases() -> Iterator[Case]:
    _, end = hole()
    link = papers().certificate.token_url
    yield Case("as issued", ANA, "VALID")
    yield Case("another, as issued", OTHER, "VALID")
    yield Case("as issued, and revoked", ANA, "REVOKED", Status.REVOKED)
    yield Case("as issued, and replaced", ANA, "SUPERSEDED", Status.SUPERSEDED)
    yield Case("as issued, and no list", ANA, "VALID_STATUS_UNKNOWN", None)
    yield Case("as issued, the seal withdrawn", ANA, "SEAL_UNKNOWN", trust="withdrawn")
    yield Case("as issued, the seal withdrawn and it vouched for", ANA, "VALID", trust="vouched")
    yield Case("as issued, before the seal was in force", ANA, "SEAL_UNKNOWN", trust="later")
    yield Case("a byte of the drawing changed", flipped(ANA, ANA.index(b"/BBox[-52.025") + 9),
               "SEAL_BROKEN")  # fmt: skip
    yield Case("a byte of the header changed", flipped(ANA, 10), "SEAL_BROKEN")
    yield Case("a byte of the attached code changed", flipped(ANA, ANA.index(b"/#1") + 80),
               "TOKENS_DIFFER")  # fmt: skip
    yield Case("a digit of the signature changed", flipped(ANA, end - 40), "SEAL_BROKEN")
    yield Case("the signature in capitals", sealed_with(bytes.upper), "SEAL_BROKEN")
    yield Case("the container with another version",
               sealed_with(lambda digits: digits.replace(b"0201013", b"0201033", 1)),
               "SEAL_BROKEN")  # fmt: skip
    yield Case("the seal of another key", by_a_stranger(), "SEAL_UNKNOWN")
    yield Case("added as an update", updated(), "CODE_ONLY")
    yield Case("an update over altered bytes", flipped(updated(), 10), "SEAL_BROKEN")
    yield Case("a line break added", ANA + b"\n", "CODE_ONLY")
    yield Case("a comment added", ANA + b"% a comment", "CODE_ONLY")
    yield Case("saved anew", written(PdfWriter(clone_from=BytesIO(ANA))), "CODE_ONLY")
    yield Case("saved anew, and revoked", written(PdfWriter(clone_from=BytesIO(ANA))), "REVOKED",
               Status.REVOKED)  # fmt: skip
    yield Case("saved without its seal", without_seal(), "CODE_ONLY")
    yield Case("another name drawn", reworded("<0041E06EE061", "<0052E06EE061"), "TEXT_MISMATCH")
    yield Case("other hours drawn", reworded(*hours()), "TEXT_MISMATCH")
    yield Case("a genuine link in a comment, no page", f"%PDF-1.7\n% {link}\n%%EOF\n".encode(),
               "NOT_READABLE")  # fmt: skip
    yield Case("a forged page, a genuine link in a comment",
               drawn("VALID", code=f"% {link}\n".encode()), "NO_TOKEN_IN_PDF")  # fmt: skip
    yield Case("a forged page with a genuine code", drawn(*words(), attached=link), "CODE_ONLY")
    yield Case("a forged page with the code of somebody else",
               drawn(*(each.replace("Ana Ruiz", "Eva Ruiz") for each in words()), attached=link),
               "TEXT_MISMATCH")  # fmt: skip
    yield Case("the code of another one attached", with_token_of_other(), "TOKENS_DIFFER")
    yield Case("two merged", merged(ANA, OTHER), "CODE_ONLY")
    yield Case("two merged, a letter between", merged(ANA, letter(), OTHER), "CODE_ONLY")
    yield Case("two merged, one revoked", merged(ANA, OTHER), "REVOKED", Status.REVOKED)
    yield Case("behind a letter", merged(letter(), ANA), "CODE_ONLY")
    yield Case("with a page of more hours that names it",
               merged(ANA, letter("60", f"Page 2 of 2, certificate {papers().certificate.id}")),
               "TEXT_MISMATCH")  # fmt: skip
    yield Case("one file behind the other", ANA + OTHER, "SEAL_BROKEN")
    yield Case("without its last bytes", ANA[:-20], "SEAL_BROKEN")
    yield Case("half of it", ANA[: len(ANA) // 2], "NOT_READABLE")
    yield Case("a letter", letter(), "NO_TOKEN_IN_PDF")
    yield Case("encrypted", encrypted(), "NOT_READABLE")
    yield Case("unpacked it is huge", bomb(), "NOT_READABLE")
    yield Case("no PDF inside", b"%PDF-1.7\n", "NOT_READABLE")
    yield Case("twice, one behind the other", ANA + ANA, "CODE_ONLY")
    yield Case("a line before it", b"% a line\n" + ANA, "SEAL_BROKEN")
    yield Case("saved anew, its table elsewhere", elsewhere(), "SEAL_BROKEN")
    yield from stamped_cases()
    yield from archived_cases()
    yield from transcript_cases()
    yield from late_cases()


def elsewhere() -> bytes:
    """Return the certificate saved anew, whose table does not stand where it says."""
    before, mark, after = written(PdfWriter(clone_from=BytesIO(ANA))).rpartition(b"startxref\n")
    return before + mark + b"9" + after


def stamped_cases() -> Iterator[Case]:
    """Yield seals with a time stamp in them, and with what is none."""
    _, sealed = papers().school.issue("Eva Lund", "eva.lund@example.org", 4000)
    stamp = stamp_of(sha256(signature_of(sealed)).digest())
    good = attribute(stamp)

    def bearing(*attributes: Any) -> bytes:  # noqa: ANN401  # values of ASN.1
        return with_unsigned_attributes(sealed, attributes)

    yield Case("sealed, with room for a time stamp", sealed, "VALID")
    yield Case("sealed, and stamped", bearing(good), "VALID")
    # Whose word the stamp is, is not asked here: it may as well be a wrong one.
    yield Case(
        "sealed, with the stamp of another", bearing(attribute(stamp_of(bytes(32)))), "VALID"
    )
    yield Case("sealed, and stamped twice", bearing(good, good), "SEAL_BROKEN")
    yield Case("sealed, with two stamps in one", bearing(attribute(stamp, stamp)), "SEAL_BROKEN")
    said = stamp["content"]["encap_content_info"]["content"].parsed.dump()
    for name, other in {
        "octets for a stamp": core.OctetString(b"no stamp"),
        "nothing for a stamp": core.Any.load(b"\x30\x00"),
        "data for a stamp": cms.ContentInfo({"content_type": "data", "content": b"x"}),
        "a seal for a stamp": seal_of(sealed),
        "a stamp of nothing": core.Any.load(stamp.dump().replace(said, b"\x04" + said[1:])),
    }.items():
        yield Case(f"sealed, with {name}", bearing(attribute(other)), "SEAL_BROKEN")


def attribute(*values: core.Asn1Value) -> core.Asn1Value:
    """Return the attribute of a time stamp, whatever its values are."""
    kind = core.ObjectIdentifier("1.2.840.113549.1.9.16.2.14")
    held = der(0x31, b"".join(each.dump() for each in values))
    return core.Any.load(der(0x30, kind.dump() + held))


def archived_cases() -> Iterator[Case]:
    """Yield files to which an archive added a time stamp, and those that only look so."""
    kept = archived(ANA)
    yield Case("stamped by an archive", kept, "LATER_TIME_STAMP")
    yield Case("stamped by an archive twice", archived(kept), "LATER_TIME_STAMP")
    yield Case("stamped by an archive, and revoked", kept, "REVOKED", Status.REVOKED)
    yield Case("stamped by an archive, and no list", kept, "VALID_STATUS_UNKNOWN", None)
    yield Case("stamped by an archive, the seal withdrawn", kept, "SEAL_UNKNOWN", trust="withdrawn")
    yield Case("with an archive's stamp of something else", archived(ANA, bytes(32)), "CODE_ONLY")
    yield Case("stamped by an archive, a line behind", kept + b"% a line\n", "CODE_ONLY")
    yield Case("stamped by an archive, and altered", flipped(kept, 10), "CODE_ONLY")
    last = len(kept[: kept.rindex(b"0>")].rstrip(b"0")) - 1
    other = b"1" if kept[last : last + 1] != b"1" else b"2"
    yield Case("stamped by an archive, the stamp altered", kept[:last] + other + kept[last + 1 :],
               "CODE_ONLY")  # fmt: skip
    yield Case("stamped by an archive, then written on", kept_with(noted), "CODE_ONLY")
    yield Case("stamped by an archive, then drawn over", kept_with(drawn_over), "CODE_ONLY")
    yield Case("written on, then stamped by an archive", archived(updated()), "CODE_ONLY")
    yield Case("stamped by an archive, in a field that is seen", kept_with(seen), "CODE_ONLY")


def transcript_cases() -> Iterator[Case]:
    """Yield transcripts, good and altered: what each certificate on them is answered."""
    one = enrolled(3)
    pdf = one.sealed()
    first = one.transcript.rows[0].certificate
    more = tuple(replace(each, hours=Decimal(12)) for each in first.credit_lines)
    course = replace(first.course, title="Another Course")
    named = replace(first.recipient, name="Eva Ruiz")
    yield Case("a transcript", pdf, "VALID")
    yield Case("a transcript, an end added", pdf + b"% a line\n", "CODE_ONLY")
    yield Case("a transcript, saved anew", saved(pdf), "CODE_ONLY")
    yield Case("a transcript, a byte of it changed", flipped(pdf, 10), "SEAL_BROKEN")
    changes: dict[str, dict[str, Any]] = {
        "of more hours": {"credit_lines": more},
        "of another title": {"course": course},
        "of another name in a row": {"recipient": named},
        "of another number": {"id": CertificateId.parse("0000-0000-0000-0000")},
    }
    for name, change in changes.items():
        drawn = one.sealed(with_row(one.transcript, 0, **change), seal=stranger())
        yield Case(f"a transcript {name}", drawn, "TEXT_MISMATCH")
        if name == "of more hours":
            yield Case(f"a transcript {name}, saved anew", saved(drawn), "TEXT_MISMATCH")
    yield Case("a transcript by a stranger", one.sealed(seal=stranger()), "SEAL_UNKNOWN")
    yield Case("a transcript by a stranger, one revoked", one.sealed(seal=stranger()),
               "SEAL_UNKNOWN", Status.REVOKED)  # fmt: skip


def saved(pdf: bytes) -> bytes:
    """Return a file saved anew by pypdf."""
    return written(PdfWriter(clone_from=BytesIO(pdf)))


def stranger() -> PadesSealer:
    """Return the seal of nobody that we know, in the school's name."""
    key = private_key("a stranger's seal")
    return PadesSealer(digest_signer_of(key), signing_cert(key, "Example College seal"))


def late_cases() -> Iterator[Case]:
    """Yield what was added to these vectors later, so that those before stand as they are."""
    name, other = (each.hex().upper().encode() for each in (b"of the vectors", b"of a stranger!"))
    yield Case("stamped by an archive, the stamp's certificate altered",
               archived(ANA).replace(name, other, 1), "CODE_ONLY")  # fmt: skip


def kept_with(change: Callable[[SteadyWriter], None]) -> bytes:
    """Return the file that an archive stamped, changed in a further update."""
    writer = SteadyWriter(archived(ANA))
    change(writer)
    return writer.written()


def noted(writer: SteadyWriter) -> None:
    """Add a note to the page."""
    note = {"/Type": "/Annot", "/Subtype": "/FreeText", "/DA": "/Helv 12 Tf"}
    made = generic.DictionaryObject({  # type: ignore[no-untyped-call]
        generic.pdf_name(key): generic.pdf_string(each) if key == "/DA" else generic.pdf_name(each)
        for key, each in note.items()
    })  # fmt: skip
    made["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (50, 50, 200, 100)))
    made["/Contents"] = generic.pdf_string("10 hours")
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"].append(writer.add_object(made))
    writer.update_container(page)


def drawn_over(writer: SteadyWriter) -> None:
    """Draw a line more on the page, in a stream of its own."""
    page = writer.root["/Pages"]["/Kids"][0]
    line = generic.StreamObject(stream_data=b"0 0 m 99 99 l S")
    page["/Contents"].append(writer.add_object(line))
    writer.update_container(page)


def seen(writer: SteadyWriter) -> None:
    """Give the stamp's field a place on the page."""
    field = writer.root["/AcroForm"]["/Fields"][1]
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (50, 50, 200, 100)))
    writer.update_container(field)


def hours() -> tuple[str, str]:
    """Return how the first figure of hours is drawn, and ten times as many hours."""
    content = PdfReader(BytesIO(ANA)).pages[0].get_contents()
    assert content is not None
    text = content.get_data().decode("latin-1")
    (found, *_) = (each for each in text.split("[") if each.startswith(("<0036>]", "<E036>]")))
    digits = found.partition(">")[0]
    return f"[{digits}>]", f"[{digits}{digits[1:3]}30>]"


class Pieces:
    """Files as pieces of two certificates and of what no file before them had."""

    def __init__(self) -> None:
        """Begin with the two."""
        self.bases = {"ana": bytearray(ANA), "other": bytearray(OTHER), "more": bytearray()}
        self._places: dict[bytes, tuple[str, int]] = {}
        for name in self.bases:
            self._note(name, 0)

    def of(self, pdf: bytes) -> str:
        """Return *pdf* as names of bases, each with a place and a length."""
        found: list[tuple[str, int, int]] = []
        fresh, at = 0, 0
        while at < len(pdf):
            piece = self._longest(pdf, at)
            if piece is None:
                fresh, at = fresh + 1, at + 1
                continue
            found += [*self._added(pdf[at - fresh : at]), piece]
            fresh, at = 0, at + piece[2]
        found += self._added(pdf[at - fresh : at])
        return " ".join(f"{name} {start} {length}" for name, start, length in found)

    def _longest(self, pdf: bytes, at: int) -> tuple[str, int, int] | None:
        name, start = self._places.get(bytes(pdf[at : at + BLOCK]), ("", 0))
        if not name:
            return None
        base = self.bases[name][start : start + len(pdf) - at]
        wrong = (
            each
            for each, (one, other) in enumerate(zip(base, pdf[at:], strict=False))
            if one != other
        )
        return name, start, next(wrong, len(base))

    def _added(self, fresh: bytes) -> list[tuple[str, int, int]]:
        if not fresh:
            return []
        start = len(self.bases["more"])
        self.bases["more"] += fresh
        self._note("more", max(0, start - BLOCK))
        return [("more", start, len(fresh))]

    def _note(self, name: str, start: int) -> None:
        base = bytes(self.bases[name])
        for at in range(start, len(base) - BLOCK + 1):
            self._places.setdefault(base[at : at + BLOCK], (name, at))


def header() -> dict[str, Any]:
    """Return what all cases share: trust files, lists, the two certificates."""
    school, one = papers().school, papers().certificate
    (seal,) = school.trust.seals
    vouching = sealed_digests([sha256(ANA).hexdigest()])
    gone = replace(seal, state=KeyState.COMPROMISED)
    seals = {
        "school": seal,
        "withdrawn": gone,
        "vouched": replace(gone, reattested=sha256(vouching).digest()),
        "later": replace(seal, not_before=seal.not_after - 1),
    }
    trusts = {name: replace(school.trust, seals=(each,)) for name, each in seals.items()}
    return {
        "now": int(school.office.clock.now().timestamp()),
        "root": school.trust.root.thumbprint.hex(),
        "trusts": {name: school.trust_bytes(each).hex() for name, each in trusts.items()},
        "lists": {each.name: school.status_list(one, each).hex() for each in Status},
        "reattested": vouching.hex(),
    }


def main() -> None:
    document: dict[str, Any] = {**header(), "cases": []}
    pieces = Pieces()
    for case in cases():
        status = None if case.status is None else case.status.name
        stated = {"name": case.name, "status": status, "trust": case.trust}
        found: Answer = python_answer(document, {**stated, "pdf": case.pdf})
        assert found["outcome"] == case.outcome, (case.name, found, case.outcome)
        made = {"pieces": pieces.of(case.pdf), "expect": found}
        document["cases"].append({**stated, **made})
    document["bases"] = {name: b64encode(each).decode() for name, each in pieces.bases.items()}
    OUT.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
