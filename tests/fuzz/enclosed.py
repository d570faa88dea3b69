"""Bytes of anybody's making inside what has a form: a workbook's part, a PDF's seal, an answer.

A decoder that reads a zip file, or an answer to a question, is past its first check with nearly
none of what chance makes; here the bytes take the place of what lies behind that check.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast

import cecert
from cecert import from_dict
from cecert.adapters.completion_list import read_completions
from cecert.adapters.document_reader.own_seal import own_seal
from cecert.adapters.storage.backup_file import LIST_NAME, opened_backup
from cecert.adapters.time_stamps import StampingAuthority, judged_stamp, read_roots
from cecert.adapters.zoom.meeting import fetch_meeting
from cecert.adapters.zoom.service import ZoomService
from cecert.domain.badge.status import withdrawn_slots
from cecert.domain.values.plain import is_plain
from cecert.errors import CecertError
from cecert.testing import FixedClock, sample_course

__all__ = ["ENCLOSED", "own_pdf"]

_COURSE = sample_course()
_VECTORS = Path(__file__).parents[1] / "vectors" / "pdfs.json"


class _Everything(Collection[bytes]):
    """Lists every certificate."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def __len__(self) -> int:
        return 1


@cache
def own_pdf() -> bytes:
    """Return a certificate with its seal."""
    return base64.b64decode(json.loads(_VECTORS.read_text("utf-8"))["bases"]["ana"])


def seal_place(pdf: bytes) -> tuple[int, int]:
    """Return where the digits of the seal begin and end."""
    begin = pdf.rindex(b"/Contents<") + len(b"/Contents<")
    return begin, pdf.index(b">", begin)


def container(pdf: bytes) -> bytes:
    """Return the signature container of a certificate, without what fills its room."""
    begin, end = seal_place(pdf)
    return bytes.fromhex(pdf[begin:end].decode()).rstrip(b"\0")


def _pdf(data: bytes) -> None:
    own_seal(data, _Everything())


def _seal(data: bytes) -> None:
    pdf = own_pdf()
    begin, end = seal_place(pdf)
    digits = data.hex().encode()[: end - begin].ljust(end - begin, b"0")
    own_seal(pdf[:begin] + digits + pdf[end:], _Everything())


def _stamp(data: bytes) -> None:
    judged_stamp(data, b"a signature", ())


def _roots(data: bytes) -> None:
    with contextlib.suppress(CecertError):
        read_roots(data, "roots.pem")


class _Answering(StampingAuthority):
    """An authority that answers what it is told."""

    answer: bytes

    def _answer(self, _: bytes) -> bytes:
        return self.answer


def _authority(data: bytes) -> None:
    authority = _Answering("http://stamps.example.org", (), FixedClock(_COURSE.sessions[0].end))
    authority.answer = data
    with contextlib.suppress(CecertError):
        authority.stamp(b"a signature")


class _Zoom:
    """A service whose answers are pieces of the input, one after the other."""

    source = "https://zoom.example"

    def __init__(self, data: bytes) -> None:
        self._pieces = data.split(b"\n")

    def get(self, *_: object) -> bytes:
        return self._pieces.pop(0) if self._pieces else b"{}"


def _zoom(data: bytes) -> None:
    with contextlib.suppress(CecertError):
        fetch_meeting(cast("ZoomService", _Zoom(data)), "85551234567", _COURSE.sessions)


_KINDS = tuple(
    each
    for each in map(cecert.__dict__.get, cecert.__all__)
    if isinstance(each, type) and is_plain(each)
)


def _value(data: bytes) -> None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    for kind in _KINDS:
        with contextlib.suppress(CecertError):
            from_dict(kind, document)


def _badge_list(data: bytes) -> None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    with contextlib.suppress(ValueError):
        withdrawn_slots(document if isinstance(document, dict) else {"credentialSubject": document})


def _in_folder(decoder: Callable[[bytes, Path], None]) -> Callable[[bytes], None]:
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a disk takes most of the time

    def decode(data: bytes) -> None:
        folder = Path(tempfile.mkdtemp(prefix="cecert-fuzz-", dir=memory))
        try:
            decoder(data, folder)
        finally:
            shutil.rmtree(folder)

    return decode


_OVERRIDE = '<Override PartName="/xl/{0}" ContentType="application/vnd.openxmlformats-{1}+xml"/>'
_SHEET = "officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
    'types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + _OVERRIDE.format("workbook.xml", f"{_SHEET}.sheet.main")
    + _OVERRIDE.format("worksheets/sheet1.xml", f"{_SHEET}.worksheet")
    + _OVERRIDE.format("sharedStrings.xml", f"{_SHEET}.sharedStrings")
    + _OVERRIDE.format("styles.xml", f"{_SHEET}.styles")
    + "</Types>",
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
}  # fmt: skip
_FREE_PARTS = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
)  # fmt: skip
"""What the pieces of the input are, in this order; NUL, which no XML holds, is between them."""


def _sheet(data: bytes, folder: Path) -> None:
    path = folder / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        given = dict(zip(_FREE_PARTS, data.split(b"\0"), strict=False))
        for name, text in (_PARTS | given).items():
            archive.writestr(name, text)
    with contextlib.suppress(CecertError):
        read_completions(path, _COURSE, frozenset({"ny-social-work"}), _COURSE.sessions[-1].end)


def _backup(data: bytes, folder: Path) -> None:
    path = folder / "office.zip"
    path.write_bytes(data)
    _opened(path)


def _backup_list(data: bytes, folder: Path) -> None:
    path = folder / "office.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(LIST_NAME, data)
        archive.writestr("ledger.db", b"0" * 99)
    _opened(path)


def _opened(path: Path) -> None:
    with contextlib.suppress(CecertError), opened_backup(path) as backup:
        backup.unpack(path.parent / "office")


ENCLOSED: Mapping[str, Callable[[bytes], None]] = {
    "pdf": _pdf,
    "seal": _seal,
    "stamp": _stamp,
    "authority": _authority,
    "roots": _roots,
    "zoom": _zoom,
    "value": _value,
    "badge-list": _badge_list,
    "sheet": _in_folder(_sheet),
    "backup": _in_folder(_backup),
    "backup-list": _in_folder(_backup_list),
}
"""What reads bytes behind a form of their own, each raising nothing but its own error."""

SOUND: Mapping[str, Callable[[], bytes]] = {
    "pdf": own_pdf,
    "seal": lambda: container(own_pdf()),
    "backup-list": lambda: json.dumps(
        {
            "format": 1,
            "files": {"ledger.db": {"size": 99, "sha256": sha256(b"0" * 99).hexdigest()}},
        }
    ).encode(),
}
"""An input that each takes: what is made from it comes further than what is made of nothing."""
