"""A dossier as files: what the ledger has, and the person's own lines of what was collected.

Everybody else who registered for the course is known from the evidence and the ledger:
what tells of them is blacked out wherever somebody wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cecert.adapters.assets import asset_folder
from cecert.adapters.render.contact_sheet import page_pictures
from cecert.adapters.reports import DossierFacts, SourceCopy, dossier_page
from cecert.adapters.tables.bytes import read_source
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.openings import openings
from cecert.domain.certificate.certificate import SessionTimes
from cecert.domain.people.blackening import BLACK, Blackening
from cecert.domain.people.person import folded_email
from cecert.errors import InputError
from cecert.office.courses import known_courses
from cecert.office.office import Office
from cecert.office.papers.listed_days import ListedDays, listed_days
from cecert.office.papers.records import csv_text
from cecert.ports import Entry
from cecert.workflows.dossier import Dossier

__all__ = ["dossier_files"]

INDEX, RECORD, COPIES = "index.html", "record.json", "copies"

PICTURE_DPI = 96

_OTHERS_ROWS = "blacked out: rows of other people"
_HEADER_WORDS = frozenset({
    "address", "credentials", "date", "duration", "e-mail", "email", "fee_paid", "first", "guest",
    "id", "join", "joined", "last", "leave", "left", "licence", "license", "licenses", "mail",
    "name", "participant", "registration", "role", "time", "user",
})  # fmt: skip
"""Words of which a header has several, in the exports that are kept."""

_HEADER_WORD = re.compile(r"[^\s()]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def dossier_files(dossier: Dossier, office: Office) -> Mapping[str, bytes]:
    """Return the files of a dossier by their names.

    Args:
        dossier: What the ledger has.
        office: Whose kept files are looked at.
    """
    batch = _batch_of(dossier, office)
    black = _blackening(dossier, batch, office)
    found = _own_record(dossier.main)
    record = black.value(found)
    sources, copies = _sources(batch, found, dossier, black)
    main = dossier.main.certificate
    listed = None if dossier.main.evidence else listed_days(main, office)
    files = {each: f"certificate-{each}.pdf" for each in dossier.documents}
    facts = DossierFacts(
        main=dossier.main,
        entries=dossier.entries,
        record=record,
        times=_times(batch, dossier.main, record),
        breaks=_breaks(batch),
        sources=sources if listed is None else (*sources, listed.source),
        events={
            number: [replace(each, reason=black.text(each.reason)) for each in events]
            for number, events in dossier.events.items()
        },
        mails={
            number: [replace(each, reply=black.text(each.reply)) for each in rows]
            for number, rows in dossier.mails.items()
        },
        letters=[replace(each, reply=black.text(each.reply)) for each in dossier.letters],
        files=files,
        picture=page_pictures(dossier.documents[main.id], PICTURE_DPI)[0],
        timezone=main.provider.timezone,
        at=dossier.at,
        actor=dossier.actor,
        notes=tuple(_notes(dossier, batch, listed)),
        listed={} if listed is None else listed.days,
    )
    page = dossier_page(facts, asset_folder("templates"))
    documents = {files[each]: data for each, data in dossier.documents.items()}
    text = json.dumps(_recorded(dossier, black), ensure_ascii=False, indent=2) + "\n"
    return {INDEX: page, RECORD: text.encode(), **documents, **copies}


def _own_record(entry: Entry) -> dict[str, Any]:
    """Return what `collect` found of a person, without what was only asked about others' rows."""
    found: Any = json.loads(entry.evidence) if entry.evidence else {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if key != "suggestions"}


def _recorded(dossier: Dossier, black: Blackening) -> dict[str, object]:
    """Return what programs read: the records that the certificates rest on."""
    return {
        "participant": dossier.participant,
        "course": dossier.course_id,
        "drawn_up_at": dossier.at.isoformat(),
        "certificates": [
            {
                "id": str(each.certificate.id),
                "state": each.state.value,
                "sha256": each.sha256,
                "evidence": each.certificate.evidence,
                "evidence_record": black.value(_own_record(each)) or None,
                "token_url": each.certificate.token_url,
            }
            for each in dossier.entries
        ],
    }


# What was collected


@dataclass(frozen=True, slots=True)
class _Batch:
    """The evidence file of the run that a certificate rests on, as far as it is still there.

    Attributes:
        path: The file.
        document: Its content.
        same: Whether it says of the person what the certificate rests on.
    """

    path: Path
    document: Mapping[str, Any]
    same: bool

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Everybody who registered."""
        return [each for each in self.document.get("rows", ()) if isinstance(each, dict)]

    def raw(self, sha256: str) -> Path | None:
        """Return where a file is kept as it was received, None if it is not."""
        stem = self.path.name.removesuffix(".evidence.json")
        return next(self.path.with_name(f"{stem}.sources").glob(f"{sha256}*"), None)


def _batch_of(dossier: Dossier, office: Office) -> _Batch | None:
    record = json.loads(dossier.main.evidence) if dossier.main.evidence else None
    if record is None:
        return None
    folders = {each.parent for each in known_courses(office.file.folder).get(dossier.course_id, ())}
    paths = (path for folder in sorted(folders) for path in sorted(folder.glob("*.evidence.json")))
    found = [each for path in paths for each in _read_batch(path, dossier, record)]
    return min(found, key=lambda each: not each.same, default=None)


def _read_batch(path: Path, dossier: Dossier, record: object) -> Iterator[_Batch]:
    try:
        document: Any = json.loads(read_source(path).data)
        course = document["course"]["id"]
        theirs = [each for each in document["rows"] if each["participant"] == dossier.participant]
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return  # what is no evidence file tells of nobody
    if course == dossier.course_id and theirs:
        yield _Batch(path, document, record in theirs)


def _notes(dossier: Dossier, batch: _Batch | None, listed: ListedDays | None) -> Iterator[str]:
    if not dossier.main.evidence:
        yield "The completion list was made by hand: no file stands behind it."
        yield from _of_list(listed)
    elif batch is None:
        yield (
            "What was collected does not lie with the course any more: the lines and digests "
            "are those that the ledger keeps with the certificate."
        )
    elif not batch.same:
        yield (
            "The course was collected again since: what stands here of the person is what the "
            "certificate rests on, the list of files is that of the later run."
        )


def _of_list(listed: ListedDays | None) -> Iterator[str]:
    if listed is None:
        return
    name = listed.source.name
    if listed.days:
        yield (
            f"Evaluation and attestation are dated as {name} says now. The last day of what is "
            "required agrees with the ledger; that it is the list of the issue is not proven."
        )
    else:
        yield (
            f"What {name} says now contradicts the ledger's last day of what is required: it was "
            "changed since, or another was issued from, and no day of it is told."
        )


def _times(
    batch: _Batch | None, entry: Entry, record: Mapping[str, Any]
) -> Mapping[str, SessionTimes]:
    if batch is not None:
        return {
            each["id"]: SessionTimes(
                datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"])
            )
            for each in batch.document["course"]["sessions"]
        }
    found = [str(each.get("session", "")) for each in record.get("sessions", ())]
    sessions = entry.certificate.course.sessions
    return dict(zip(found, sessions, strict=True)) if len(found) == len(sessions) else {}


def _breaks(batch: _Batch | None) -> Mapping[str, Sequence[tuple[datetime, datetime]]]:
    if batch is None:
        return {}
    return {
        each["id"]: [
            (datetime.fromisoformat(start), datetime.fromisoformat(end))
            for start, end in each.get("breaks", ())
        ]
        for each in batch.document["course"]["sessions"]
    }


# Other people


def _blackening(dossier: Dossier, batch: _Batch | None, office: Office) -> Blackening:
    own = {dossier.participant}
    names, signs = set[str](), set[str]()
    for row in batch.rows if batch is not None else ():
        name, *rest = (str(row.get(key, "")) for key in ("name", "email", "participant"))
        if row.get("participant") == dossier.participant:
            own |= {name, *rest}
        else:
            names.add(name)
            signs |= set(rest)
    for each in office.ledger.walk(dossier.course_id):
        recipient = each.certificate.recipient
        if recipient.participant == dossier.participant:
            own |= {recipient.name, *_signs(each)}
        else:
            names.add(recipient.name)
            signs |= set(_signs(each))
    return Blackening(names, signs, own)


def _signs(entry: Entry) -> Iterator[str]:
    recipient = entry.certificate.recipient
    yield from (recipient.participant, entry.email, str(entry.certificate.id))
    for each in recipient.licenses:
        yield from (str(each), each.printed, each.number)


# The person's lines


def _sources(
    batch: _Batch | None, record: Mapping[str, Any], dossier: Dossier, black: Blackening
) -> tuple[tuple[SourceCopy, ...], Mapping[str, bytes]]:
    cited = _cited(record)
    found: list[SourceCopy] = []
    copies: dict[str, bytes] = {}
    for number, source in enumerate(_listed(batch, cited), 1):
        raw = batch.raw(source.sha256) if batch is not None else None
        wanted = _wanted(source, record, cited, dossier.participant)
        kept = _own_rows(raw, wanted) if raw is not None and wanted else None
        if kept is not None:
            told = [[black.text(cell) for cell in each.cells] for each in kept.rows]
            texts = (", ".join(filter(None, map(str.strip, each))) for each in told)
            name = f"{COPIES}/{number:02}-{_UNSAFE.sub('_', Path(source.name).stem)[:60]}.csv"
            copies[name] = _copy(kept, told)
            lines = tuple((each.line, text) for each, text in zip(kept.rows, texts, strict=True))
            source = replace(source, rows=lines, copy=name)  # noqa: PLW2901  # as it is told
        found.append(replace(source, name=black.text(source.name)))
    return tuple(found), copies


@dataclass(frozen=True, slots=True)
class _Cited:
    """What the record cites of one file.

    Attributes:
        name: Of the file.
        shown: What stands as the display name on each line.
    """

    name: str
    shown: dict[int, str]


def _cited(record: Mapping[str, Any]) -> Mapping[str, _Cited]:
    """Return what the record cites of attendance reports, by their digests."""
    found: dict[str, _Cited] = {}
    for session in record.get("sessions", ()):
        for each in session.get("evidence", ()):
            cited = found.setdefault(str(each["sha256"]), _Cited(str(each["file"]), {}))
            cited.shown[int(each["line"])] = str(each.get("shown_name", ""))
    return found


def _listed(batch: _Batch | None, cited: Mapping[str, _Cited]) -> list[SourceCopy]:
    files = [] if batch is None else batch.document.get("files", ())
    listed = [
        SourceCopy(str(each["name"]), str(each["sha256"]), str(each["purpose"]), int(each["size"]))
        for each in files
    ]
    known = {each.sha256 for each in listed}
    gone = (sha256 for sha256 in cited if sha256 not in known)
    return listed + [SourceCopy(cited[each].name, each, "attendance") for each in gone]


def _wanted(
    source: SourceCopy, record: Mapping[str, Any], cited: Mapping[str, _Cited], participant: str
) -> Mapping[int, Iterable[str]]:
    """Return the person's lines of a file, each with what one of its cells must say."""
    if source.sha256 in cited:
        return {line: (shown,) for line, shown in cited[source.sha256].shown.items()}
    if source.purpose == "registrations":
        _, _, number = str(record.get("registered", "")).rpartition(" ")
        signs = (participant, str(record.get("email", "")))
        return {int(number): signs} if number.isdecimal() else {}
    return {}


@dataclass(frozen=True, slots=True)
class _OwnRows:
    """The person's rows of a file.

    Attributes:
        rows: In order.
        header: The row of headers, None where it cannot be told.
        last: The last line that a row begins on, whosever it is.
    """

    rows: Sequence[Row]
    header: Row | None
    last: int


def _own_rows(raw: Path, wanted: Mapping[int, Iterable[str]]) -> _OwnRows | None:
    """Return the person's rows of a file; None unless each says what it must."""
    try:
        for opened in openings(read_source(raw)):
            every = list(opened.grid.silently())
            rows = [
                each
                for each in every
                for line in {each.line, each.number} & set(wanted)
                if _says(each, wanted[line])
            ]
            if len(rows) == len(wanted):
                header = next((each for each in opened.grid.head if _is_header(each)), None)
                return _OwnRows(rows, header, every[-1].line)
    except InputError:
        pass  # it was readable when it was collected; its digest is told all the same
    return None


def _says(row: Row, signs: Iterable[str]) -> bool:
    cells = {folded_email(each) for each in row.cells}
    return any(folded_email(each) in cells for each in signs if each)


def _is_header(row: Row) -> bool:
    """Say whether a row holds headers and nothing of anybody: no figure, no address."""
    text = " ".join(row.cells)
    if any(each.isdigit() or each == "@" for each in text):
        return False
    known = [set(_HEADER_WORD.findall(each.casefold())) & _HEADER_WORDS for each in row.cells]
    return sum(map(bool, known)) >= 2  # noqa: PLR2004  # one word may be in a name


def _copy(kept: _OwnRows, told: Sequence[Sequence[str]]) -> bytes:
    """Return the person's rows as a table; where others stood one row says so."""
    header = kept.header
    columns = ("line", *(header.cells if header is not None else ()))
    last = header.line if header is not None else 0
    cells: list[list[str]] = []
    for row, texts in zip(kept.rows, told, strict=True):
        if row.line > last + 1:
            cells.append([f"{last + 1} to {row.line - 1}", f"{BLACK} {_OTHERS_ROWS}"])
        cells.append([str(row.line), *texts])
        last = row.line
    if kept.last > last:
        cells.append([f"{last + 1} to {kept.last}", f"{BLACK} {_OTHERS_ROWS}"])
    width = max(len(columns), *map(len, cells))
    filled = [each + [""] * (width - len(each)) for each in cells]
    return ("\ufeff" + csv_text((*columns, *[""] * (width - len(columns))), filled)).encode()
