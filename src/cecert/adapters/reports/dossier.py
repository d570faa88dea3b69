"""The page of a dossier: one person in one course, for an auditor, in eight sections.

What was asked is held against what was found; nothing of it is judged anew. Words that
somebody wrote were blackened before they came here; what a certificate says stands as it is.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.reports.dossier_drawing import drawing, said
from cecert.adapters.reports.headings import counted, page
from cecert.domain.certificate.certificate import CertificateState, SessionTimes
from cecert.domain.certificate.phrases import (
    approval_number,
    approval_words,
    category_split,
    credit_words,
    format_phrase,
)
from cecert.domain.course.credit_line import Requirements
from cecert.domain.course.formats import CourseFormat
from cecert.domain.mail.message import OutboxRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import (
    clock_phrase,
    dates_phrase,
    day_phrase,
    hours_phrase,
    moment_phrase,
)
from cecert.ports import Entry, Event

__all__ = ["DossierFacts", "SourceCopy", "dossier_page"]


@dataclass(frozen=True, slots=True)
class SourceCopy:
    """A file that was collected.

    Attributes:
        name: Of the file.
        sha256: Of the whole file, as received.
        purpose: What it was collected for, "" where that is not known any more.
        size: In bytes, 0 where that is not known any more.
        rows: The person's own, each with its line in the file; () where none is kept.
        copy: Name of the copy in the dossier in which all else is blacked out, "" for none.
    """

    name: str
    sha256: str
    purpose: str = ""
    size: int = 0
    rows: tuple[tuple[int, str], ...] = ()
    copy: str = ""


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """What the page tells.

    Attributes:
        main: The certificate that it is about: one that stands, if any does.
        entries: All of the person in the course, in order of issue.
        record: What `collect` found of the person, blackened; empty for a list made by hand.
        times: When each session met, by its id, as far as it is known.
        breaks: Of each session, by its id, as far as they are known.
        sources: The files that were collected.
        events: Of each certificate, oldest first, blackened.
        mails: Of each certificate, blackened.
        files: Name in the dossier of each certificate's document.
        picture: The first page of the main certificate, PNG, or b"".
        timezone: The provider's, an IANA name.
        at: When it was drawn up.
        actor: Who asked.
        notes: What an auditor should know of the files.
        letters: Reminders and the like to the person, blackened.
        listed: Day or moment of evaluation and attestation, ISO 8601, as the completion list
            says now; empty unless it was made by hand.
    """

    main: Entry
    entries: tuple[Entry, ...]
    record: Mapping[str, Any]
    times: Mapping[str, SessionTimes]
    breaks: Mapping[str, Sequence[tuple[datetime, datetime]]]
    sources: tuple[SourceCopy, ...]
    events: Mapping[CertificateId, Sequence[Event]]
    mails: Mapping[CertificateId, Sequence[OutboxRow]]
    files: Mapping[CertificateId, str]
    picture: bytes
    timezone: str
    at: datetime
    actor: str
    notes: tuple[str, ...] = field(default=())
    letters: Sequence[OutboxRow] = ()
    listed: Mapping[str, str] = field(default_factory=dict)


def dossier_page(facts: DossierFacts, templates: Path) -> bytes:
    """Return the page as UTF-8 HTML; it has no script, and asks nothing of any host.

    Args:
        facts: What it tells.
        templates: The folder of templates.
    """
    return page(templates, "dossier.html", **_Page(facts).values())


class _Page:
    def __init__(self, facts: DossierFacts) -> None:
        self.facts = facts
        self.own = facts.main.certificate
        self.record = facts.record
        self.course_zone = ZoneInfo(self.own.course.timezone)
        self.sessions: Sequence[Mapping[str, Any]] = self.record.get("sessions", ())
        self.decisions = list(self._decided())

    def values(self) -> dict[str, Any]:
        facts, own = self.facts, self.own
        return {
            "who": own.recipient.name,
            "title": own.course.title,
            "when": dates_phrase(own.course.days),
            "drawn_up": f"{self._stamp(facts.at)}, by {facts.actor}",
            "answer": " ".join(self._answer()),
            "facts": list(self._facts()),
            "state": self._state(facts.main),
            "standing": facts.main.state is CertificateState.STANDING,
            "checks": [
                *self._attended(),
                *self._completed(),
                *self._asked(),
                *self._approved(),
            ],
            "sessions": [self._drawn(each) for each in self.sessions],
            "by_hand": not self.record,
            "sources": [self._source(each) for each in facts.sources],
            "source_count": counted(len(facts.sources), "file"),
            "notes": facts.notes,
            "decisions": self.decisions,
            "certificates": [self._certificate(each) for each in facts.entries],
            "picture": b64encode(facts.picture).decode("ascii") if facts.picture else "",
            "mails": [
                self._mail(row) for rows in (facts.letters, *facts.mails.values()) for row in rows
            ],
            "events": list(self._events()),
            "file": facts.files[own.id],
            "sha256": facts.main.sha256,
        }

    # Words

    def _stamp(self, instant: datetime) -> str:
        return moment_phrase(instant, self.facts.timezone)

    def _moment(self, text: str) -> str:
        """Write a day, or a day and a time, as the record has it."""
        if "T" in text:
            return self._stamp(datetime.fromisoformat(text))
        return day_phrase(date.fromisoformat(text)) if text else ""

    def _when(self, purpose: str) -> str:
        """Write when an evaluation or attestation was, and by what that is known."""
        if recorded := self._moment(str(self.record.get(purpose) or "")):
            return recorded
        listed = self._moment(self.facts.listed.get(purpose, ""))
        return f"{listed}, as the completion list says now" if listed else ""

    def _state(self, entry: Entry) -> str:
        words = {
            CertificateState.STANDING: "in force",
            CertificateState.SUPERSEDED: "replaced by a correction",
            CertificateState.REVOKED: "revoked",
        }
        return words[entry.state]

    def _answer(self) -> Iterator[str]:
        name, own = self.own.recipient.name, self.own
        if self.record and (self.sessions or not self.record.get("completed_on")):
            met = [str(each.get("status", "")).startswith("MET") for each in self.sessions]
            what = "every session" if all(met) else f"{sum(met)} of {counted(len(met), 'session')}"
            yield f"{name} attended {what} as the rule asks."
        elif not self.record:
            yield f"{name} stood on a completion list that was made by hand."
        if day := self._moment(str(self.record.get("completed_on") or "")):
            yield f"{name} completed the course on {day}."
        for purpose in ("evaluation", "attestation"):
            if when := self._when(purpose):
                yield f"The {purpose} is of {when}."
        count = len(self.decisions)
        yield f"{counted(count, 'decision')} of a person {'was' if count == 1 else 'were'} made."
        yield (
            f"Certificate {own.id} was issued on {self._stamp(own.issued_at)} and is "
            f"{self._state(self.facts.main)} on {self._stamp(self.facts.at)}."
        )

    def _facts(self) -> Iterator[tuple[str, Sequence[str]]]:
        own = self.own
        yield "License", [each.printed for each in own.recipient.licenses] or ["none printed"]
        yield "Identity", [self.own.recipient.participant]
        yield "Mailed to", list(dict.fromkeys(each.email for each in self.facts.entries))
        for each in own.credit_lines:
            split = category_split(each)
            hours = hours_phrase(each.hours, each.unit)
            yield each.label, [f"{hours} ({split})" if split else hours]
        yield "Format", [format_phrase(own.course)]
        yield "Credit date", [day_phrase(own.credit_date)]
        yield "Provider", [own.provider.name]
        yield "Certificate", [str(own.id)]
        yield "Keep until", [day_phrase(own.retain_until)]

    # 1 Decision and its reasons

    def _attended(self) -> Iterator[dict[str, str]]:
        if not self.record:
            dates = dates_phrase(self.own.course.days)
            found = "the list that it was issued from says so; no report stands behind it"
            yield _check(f"All sessions, {dates}", found, "MET", "the completion list")
        for each in self.sessions:
            status = str(each.get("status", "")).replace("_", " ")
            if self.own.course.format is CourseFormat.CONFERENCE and not status.startswith("MET"):
                continue  # the certificate does not rest on it
            by_person = status.endswith(" BY OVERRIDE")
            rows = [f"{it['file']}, line {it['line']}" for it in each.get("evidence", ())]
            about = [
                f"decision {number}"
                for number, it in enumerate(self.decisions, 1)
                if it["session"] == each.get("session")
            ]
            yield _check(
                f"All of {self._planned(each)}",
                _reasons(str(each.get("explanation", ""))),
                status.removesuffix(" BY OVERRIDE") + (" (by decision)" if by_person else ""),
                "; ".join([*rows, *about]) or "nothing",
            )

    def _completed(self) -> Iterator[dict[str, str]]:
        """Yield the day of completion and by what it is that day, where there is one."""
        found = self.record.get("completion") or {}
        if self.record.get("completed_on"):
            places = [str(each.get("place", "")) for each in found.get("steps", ())]
            why = _reasons(str(found.get("why", "")))
            yield _check("Day of completion", why, "MET", "; ".join(filter(None, places)))

    def _planned(self, session: Mapping[str, Any]) -> str:
        times = self._times(session)
        if times is None:
            return f"session {session.get('session', '')}"
        start, end = (each.astimezone(self.course_zone) for each in (times.start, times.end))
        return f"{day_phrase(start.date())}, {clock_phrase(start, end)}"

    def _times(self, session: Mapping[str, Any]) -> SessionTimes | None:
        return self.facts.times.get(str(session.get("session", "")))

    def _asked(self) -> Iterator[dict[str, str]]:
        asked = [each.requirements for each in self.own.credit_lines]
        for purpose, words in (("evaluation", "Evaluation"), ("attestation", "Attestation")):
            if _any(asked, purpose):
                when = self._when(purpose)
                found = f"{when} (only when is kept)" if when else "in the completion list"
                yield _check(words, found, "MET", self._of_purpose(purpose))
        listed = "noted in the completion list, without which nothing is issued"
        if _any(asked, "visible"):
            yield _check("On camera throughout", listed, "MET", self._of_purpose("visible"))
        if _any(asked, "fee"):
            yield _check("Fee paid", listed, "MET", self._of_purpose("fee_paid", "registrations"))
        for mark in {each.post_test for each in asked if each.post_test is not None}:
            passed = self._of_purpose("post_test")
            yield _check(f"Post-test, {mark} % or more", listed, "MET", passed)

    def _of_purpose(self, *purposes: str) -> str:
        found = [each.name for each in self.facts.sources if each.purpose in purposes]
        return "; ".join(dict.fromkeys(found)) or "the completion list"

    def _approved(self) -> Iterator[dict[str, str]]:
        for each in self.own.credit_lines:
            if each.approver or each.basis:
                number, approved = approval_number(each), approval_words(each, "")
                found = f"{approved}. {number}" if number else approved
                yield _check(f"Approval: {each.label}", found, "MET", "the certificate's words")

    # 2 Who was there when

    def _drawn(self, session: Mapping[str, Any]) -> dict[str, Any]:
        zone, times = self.course_zone, self._times(session)
        told = [said(each, zone) for each in session.get("evidence", ())] or ["no connection"]
        breaks = self.facts.breaks.get(str(session.get("session", "")), ())
        return {
            "day": self._planned(session),
            "words": told,
            "drawing": None if times is None else drawing(session, times, breaks, zone),
        }

    # 3 Rows and files

    def _source(self, source: SourceCopy) -> dict[str, Any]:
        rows = [{"line": line, "text": text} for line, text in source.rows]
        if not rows and source.purpose in {"evaluation", "attestation"}:
            when = self._moment(str(self.record.get(source.purpose) or ""))
            told = [f"{when}; answers are not in this dossier"] if when else []
            rows = [{"line": 0, "text": each} for each in told]
        size = f"{source.size:,} bytes" if source.size else ""
        about = ", ".join(filter(None, (source.purpose.replace("_", " "), size)))
        return {
            "name": source.name, "sha256": source.sha256, "about": about,
            "rows": rows, "copied": source.copy,
        }  # fmt: skip

    # 4 Decisions

    def _decided(self) -> Iterator[dict[str, str]]:
        found = [(str(each.get("session", "")), each) for each in self.record.get("sessions", ())]
        found += [(str(each.get("purpose", "")), each) for each in self.record.get("held", ())]
        seen = set()
        for about, each in found:
            for decision in each.get("decisions", ()):
                key = (about, str(decision))
                if key in seen:
                    continue
                seen.add(key)
                kind = str(decision.get("kind", "")).replace("_", " ")
                reference = decision.get("reference")
                stale = "; its evidence changed since" if decision.get("stale") else ""
                yield {
                    "session": about,
                    "what": f"{kind}, {about} ({decision.get('place', '')}){stale}",
                    "why": f"“{decision.get('why', '')}”"
                    + (f" ({reference})" if reference else ""),
                    "by": str(decision.get("by", "")),
                    "at": self._moment(str(decision.get("at", ""))),
                }

    # 5 to 7

    def _certificate(self, entry: Entry) -> dict[str, Any]:
        own = entry.certificate
        by = next(
            (
                str(each.certificate.id)
                for each in self.facts.entries
                if each.certificate.supersedes == own.id
            ),
            "nothing",
        )
        return {
            "id": str(own.id),
            "standing": entry.state is CertificateState.STANDING,
            "state": self._state(entry),
            "file": self.facts.files[own.id],
            "sha256": entry.sha256,
            "issued": f"{self._stamp(own.issued_at)}, by {entry.actor}",
            "name": own.recipient.name,
            "credits": [credit_words(each, own.provider.name) for each in own.credit_lines],
            "supersedes": str(own.supersedes or "nothing"),
            "by": by,
            "statements": [each.statement for each in own.credit_lines if each.statement],
        }  # fmt: skip

    def _mail(self, row: OutboxRow) -> dict[str, str]:
        settled = self._stamp(row.settled_at) if row.settled_at else self._stamp(row.queued_at)
        return {
            "what": row.purpose
            if row.certificate_id is None
            else f"{row.purpose}, certificate {row.certificate_id}",
            "to": row.recipient,
            "state": row.state_word,
            "when": settled,
            "reply": row.reply,
            "message_id": row.message_id,
        }

    def _events(self) -> Iterator[dict[str, str]]:
        found = [each for events in self.facts.events.values() for each in events]
        for each in sorted(found, key=lambda event: event.at):
            reason = f": {each.reason}" if each.reason else ""
            yield {
                "when": self._stamp(each.at),
                "what": f"Certificate {each.certificate_id} {each.kind}{reason}",
                "by": each.actor,
            }


def _check(asked: str, found: str, result: str, rests: str) -> dict[str, str]:
    return {"asked": asked, "found": found, "result": result, "rests": rests}


def _reasons(explanation: str) -> str:
    """Return an explanation without its last sentence, which stands in a column of its own."""
    return explanation.partition(" Evidence: ")[0]


def _any(asked: Iterable[Requirements], name: str) -> bool:
    return any(getattr(each, name) for each in asked)
