"""What the completion list that lies with a course says now of one person's days.

The ledger keeps the day of the last requirement alone, and not the list that a certificate
was issued from: what is read here is held against that day, and told as what is said now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cecert.adapters.reports import SourceCopy
from cecert.adapters.tables.bytes import read_source
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import civil_day
from cecert.errors import CecertError
from cecert.office.courses import COMPLETIONS_FILE, known_courses
from cecert.office.office import Office

__all__ = ["ListedDays", "listed_days"]


@dataclass(frozen=True, slots=True)
class ListedDays:
    """What a completion list says now of evaluation and attestation, as far as they are required.

    Attributes:
        source: The list; of rows it tells only where the person stands.
        days: Day or moment of each, ISO 8601; empty where the list contradicts the ledger.
    """

    source: SourceCopy
    days: Mapping[str, str] = field(default_factory=dict)


def listed_days(certificate: Certificate, office: Office) -> ListedDays | None:
    """Return what the list beside the course's file says now of a certificate's holder.

    None where there is no such list, it or the course cannot be read, several files state
    the course's id, the holder is not in it, or neither is required.

    Args:
        certificate: Of a list made by hand.
        office: Whose courses are looked at.
    """
    paths = known_courses(office.file.folder).get(certificate.course.id, ())
    if len(paths) != 1 or not _asked(certificate):
        return None
    path = paths[0].with_name(COMPLETIONS_FILE)
    try:
        source = read_source(path)
        found = office.completions(path, office.course(paths[0])).records
    except CecertError:
        return None
    theirs = [each for each in found if each.identity == certificate.recipient.participant]
    if not theirs:
        return None
    places = tuple((0, each.place) for each in theirs)
    purpose = "completion list, as it lies with the course now"
    copy = SourceCopy(path.name, source.sha256, purpose, len(source.data), places)
    return ListedDays(copy, _days(certificate, theirs))


def _asked(certificate: Certificate) -> tuple[str, ...]:
    asked = [each.requirements for each in certificate.credit_lines]
    both = ("evaluation", "attestation")
    return tuple(each for each in both if any(getattr(one, each) for one in asked))


def _days(certificate: Certificate, rows: list[CompletionRecord]) -> Mapping[str, str]:
    """Return the days, if every row says the same and the last of them is what the ledger keeps."""
    asked = _asked(certificate)
    said = {tuple(_moment(row, each) for each in asked) for row in rows}
    moments = said.pop()
    zone = ZoneInfo(certificate.course.timezone)
    known = [civil_day(each, zone) for each in moments if each is not None]
    last = max([certificate.credit_date, *known])
    if said or len(known) < len(asked) or last != certificate.requirements_met_on:
        return {}
    return {
        each: moment.isoformat()
        for each, moment in zip(asked, moments, strict=True)
        if moment is not None
    }


def _moment(row: CompletionRecord, purpose: str) -> date | datetime | None:
    return row.evaluation if purpose == "evaluation" else row.attestation
