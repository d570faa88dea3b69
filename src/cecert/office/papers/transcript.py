"""A transcript as a file: a sealed PDF, a table for spreadsheets, or a document for programs.

All say each figure as the certificates do. The table's totals stand in a column of their
own: whoever sums the column of hours sums no total.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.domain.certificate.phrases import category_split, format_phrase
from cecert.domain.certificate.transcript import Total, Transcript, TranscriptRow
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.regime import Renewal
from cecert.domain.values.wording import hours_figure
from cecert.errors import InputError
from cecert.office.papers.records import csv_text

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = ["TRANSCRIPT_COLUMNS", "renewals_of", "transcript_ending", "transcript_writer"]

PDF = ".pdf"

TRANSCRIPT_COLUMNS = (
    "kind", "credit_date", "dates", "certificate", "state", "replaced_by", "name", "licenses",
    "course", "title", "format", "instructors", "provider", "credential", "label", "hours", "unit",
    "categories", "awarded_by", "approver", "basis", "number", "counted", "total", "certificates",
    "renewal", "renewal_evidence",
)  # fmt: skip
"""What the table tells; kind is credit, total or category."""


def transcript_ending(path: Path) -> str:
    """Return the end of a name by which a kind of transcript's file is known: `.pdf`.

    Raises:
        InputError: If transcripts are not written so.
    """
    ending = path.suffix.lower()
    if ending in {PDF, *_WRITERS}:
        return ending
    what = f"{ending[1:].upper()} file" if ending else "file without an ending"
    raise InputError(
        f"a transcript is not written as a {what}: {path.name}",
        hint="name a .pdf, sealed, a .csv, for a table, or a .json, for all of it",
    )


def renewals_of(office: Office) -> Mapping[str, Renewal]:
    """Return what renewals need, by credential type, as far as a regime states it."""
    return {name: each.renewal for name, each in office.regimes.items() if each.renewal}


def transcript_writer(ending: str, office: Office) -> Callable[[Transcript], bytes]:
    """Return what makes the content of a transcript's file.

    Args:
        ending: The end of its name.
        office: Whose seal a PDF gets; its keys are opened at once.

    Raises:
        ConfigurationError: If a font or picture of the office cannot be used.
        KeyStoreError: If there is no seal that verifiers know, or its passphrase is missing.
        LedgerError: If the ledger cannot be opened.
    """
    if ending != PDF:
        return _WRITERS[ending]
    from cecert.office.papers.transcript_pdf import sealed_transcripts

    return sealed_transcripts(office)


def _table(transcript: Transcript) -> bytes:
    rows = [row for each in transcript.rows for row in _credit_rows(each)]
    rows += [row for each in transcript.totals for row in _total_rows(each)]
    cells = ([row.get(each, "") for each in TRANSCRIPT_COLUMNS] for row in rows)
    # A byte order mark is how Excel knows UTF-8.
    return ("\ufeff" + csv_text(TRANSCRIPT_COLUMNS, cells)).encode()


def _credit_rows(row: TranscriptRow) -> Iterator[Mapping[str, str]]:
    own = row.certificate
    for line in own.credit_lines:
        yield _named(line) | {
            "kind": "credit",
            "credit_date": own.credit_date.isoformat(),
            "dates": "; ".join(each.isoformat() for each in own.course.days),
            "certificate": str(own.id),
            "state": row.state.value,
            "replaced_by": str(row.replaced_by or ""),
            "name": own.recipient.name,
            "licenses": "; ".join(map(str, own.recipient.licenses)),
            "course": own.course.id,
            "title": own.course.title,
            "format": format_phrase(own.course),
            "instructors": "; ".join(own.course.instructors),
            "provider": own.provider.name,
            "hours": hours_figure(line.hours),
            "categories": category_split(line),
            "counted": "yes" if row.counts else "no",
        }


def _named(line: CreditLine) -> dict[str, str]:
    return {
        "credential": line.credential,
        "label": line.label,
        "unit": line.unit,
        "awarded_by": line.awarded_by,
        "approver": line.approver,
        "basis": line.basis,
        "number": line.number,
    }


def _total_rows(total: Total) -> Iterator[Mapping[str, str]]:
    named = _named(total.line)
    whole = {"total": hours_figure(total.hours), "certificates": str(total.certificates)}
    if total.renewal is not None:
        evidence = total.renewal.evidence.value
        whole |= {"renewal": total.renewal.words, "renewal_evidence": evidence}
    yield named | {"kind": "total"} | whole
    for each in total.categories:
        part = {"categories": each.code, "total": hours_figure(each.hours)}
        yield named | {"kind": "category"} | part


def _document(transcript: Transcript) -> bytes:
    first, last = transcript.period.first, transcript.period.last
    document = {
        "participant": transcript.participant,
        "name": transcript.name,
        "licenses": [str(each) for each in transcript.licenses],
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "drawn_up_at": transcript.drawn_up_at.isoformat(),
        "certificates": [_certificate(each) for each in transcript.rows],
        "totals": [_total(each) for each in transcript.totals],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _certificate(row: TranscriptRow) -> dict[str, object]:
    own = row.certificate
    return {
        "id": str(own.id),
        "state": row.state.value,
        "counted": row.counts,
        "supersedes": str(own.supersedes) if own.supersedes else None,
        "superseded_by": str(row.replaced_by) if row.replaced_by else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "name": own.recipient.name,
        "licenses": [str(each) for each in own.recipient.licenses],
        "course": own.course.id,
        "title": own.course.title,
        "format": format_phrase(own.course),
        "instructors": list(own.course.instructors),
        "provider": own.provider.name,
        "dates": [each.isoformat() for each in own.course.days],
        "credit_date": own.credit_date.isoformat(),
        "issued_at": own.issued_at.isoformat(),
        "credits": [
            {
                **_named(each),
                "hours": hours_figure(each.hours),
                "categories": {part.code: hours_figure(part.hours) for part in each.categories},
                "statement": each.statement,
            }
            for each in own.credit_lines
        ],
        "token_url": own.token_url,
    }


def _total(total: Total) -> dict[str, object]:
    line = total.line
    return {
        "credential": line.credential,
        "label": line.label,
        "unit": line.unit,
        "hours": hours_figure(total.hours),
        "certificates": total.certificates,
        "categories": {each.code: hours_figure(each.hours) for each in total.categories},
        "without_category": hours_figure(total.without_category),
        "renewal": None if total.renewal is None else _renewal(total.renewal),
    }


def _renewal(renewal: Renewal) -> dict[str, object]:
    return {
        "words": renewal.words,
        "months": renewal.months,
        "evidence": renewal.evidence.value,
        "source": renewal.source,
    }


_WRITERS = {".csv": _table, ".json": _document}
