"""The report of `issue`: who got what, who did not and why, and what became of the mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cecert.adapters.reports.headings import (
    SECTIONS,
    by_day,
    counted,
    due,
    heading,
    page,
    people,
    to_do,
)
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.phrases import issue_day
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Denial
from cecert.domain.evidence.standing import MISSING, State, left_over, prospect
from cecert.domain.mail.bounces import bounce_class
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import day_phrase, either, hours_phrase, spoken_clock
from cecert.ports import Entry

__all__ = ["IssueOutcome", "batch_report"]

MOST_MARKS = 120
FOLDED_FROM, SHOWN_FIRST = 400, 10


@dataclass(frozen=True, slots=True)
class IssueOutcome:
    """Everything the report of a batch shows.

    Attributes:
        course: The course.
        entries: The certificates of it that the list's people have, of this run and earlier.
        denials: Who was denied what, of the list that was issued from.
        at: When the report was made, aware.
        mails: The newest mail of each certificate; one left out counts as queued.
        withheld: Sentences about certificates that were not made.
        notes: What a person should see besides.
    """

    course: Course
    entries: Sequence[Entry]
    denials: Sequence[Denial]
    at: datetime
    mails: Mapping[CertificateId, OutboxRow] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def batch_report(outcome: IssueOutcome, templates: Path) -> bytes:
    """Return the report as HTML.

    Args:
        outcome: What was issued and what was not.
        templates: The folder of templates.
    """
    standing = [each for each in outcome.entries if each.state is CertificateState.STANDING]
    groups = _groups(outcome.denials, {each.certificate.recipient.participant for each in standing})
    states = {"ready": _holders(standing), **{name: len(each) for name, each in groups.items()}}
    mails = list(_mails(outcome, standing))
    credentials = [
        each for each in outcome.course.credit_lines if _is_carried(each.credential, standing)
    ]
    return page(
        templates,
        "issue.html",
        course=heading(outcome.course),
        made=_moment(outcome.at, outcome.course),
        headline=_headline(states, groups),
        due=due(outcome.course) | {"left": _left(outcome)},
        counts=list(_counts(states, groups)),
        marks=sum(states.values()) <= MOST_MARKS,
        steps=list(_steps(groups, mails, outcome.course)),
        review=groups["review"],
        unproven=groups["unproven"],
        unfound=groups["unfound"],
        waiting=groups["waiting"],
        denied=groups["denied"],
        mails=mails,
        credentials=[each.label for each in credentials],
        issued=[_issued(each, credentials, outcome) for each in _by_name(standing)],
        notes=[*outcome.withheld, *outcome.notes],
        folded=sum(states.values()) >= FOLDED_FROM,
        shown_first=SHOWN_FIRST,
    )


def _holders(entries: Sequence[Entry]) -> int:
    return len({each.certificate.recipient.participant for each in entries})


def _is_carried(credential: str, entries: Sequence[Entry]) -> bool:
    return any(
        line.credential == credential for each in entries for line in each.certificate.credit_lines
    )


def _by_name(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(
        entries, key=lambda each: (each.certificate.recipient.name, each.certificate.id.text)
    )


def _groups(denials: Sequence[Denial], holders: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Sort who got nothing by what can help; one entry a person."""
    people_: dict[str, list[Denial]] = {}
    for denial in denials:
        if denial.record.identity not in holders:
            people_.setdefault(denial.record.identity, []).append(denial)
    groups: dict[str, list[dict[str, Any]]] = {
        "review": [], "unproven": [], "unfound": [], "waiting": [], "denied": [],
    }  # fmt: skip
    for theirs in people_.values():
        lacks = list(dict.fromkeys(it.kind for each in theirs for it in each.shortfalls))
        state, word = prospect(theirs[0].record, lacks)
        groups[state.value].append(
            {
                "name": theirs[0].record.name,
                "email": theirs[0].record.email,
                "mark": _MARKS[state],
                "word": word,
                "said": [" ".join(dict.fromkeys(it for each in theirs for it in each.told))],
                "explained": [],
                "owes": [MISSING[each][1] for each in lacks if each in MISSING],
            }
        )
    return groups


_MARKS = {
    State.REVIEW: "review",
    State.UNPROVEN: "none",
    State.UNFOUND: "none",
    State.WAITING: "wait",
    State.DENIED: "stop",
}


def _headline(states: Mapping[str, int], groups: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    total, have = sum(states.values()), states["ready"]
    if have == total:
        return f"All {total} people have their certificate. Nothing is left to issue."
    owed = [what for each in groups["waiting"] for what in each["owes"]]
    rest = left_over({state: states.get(state.value, 0) for state in State}, owed)
    return f"{have} of {total} people have their certificate. {rest}."


def _left(outcome: IssueOutcome) -> str:
    if outcome.course.format.dated_by_person:
        return ""
    today = outcome.at.astimezone(ZoneInfo(outcome.course.timezone)).date()
    days = (outcome.course.due_on - today).days
    if days < 0:
        return f"They were due {counted(-days, 'day')} ago."
    return f"{counted(days, 'day')} {'is' if days == 1 else 'are'} left."


_SECTIONS = {
    **{state.value: words for state, words in SECTIONS.items()},
    "ready": ("issued", "has a certificate", "have a certificate"),
}


def _counts(
    states: Mapping[str, int], groups: Mapping[str, Sequence[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    for state, (anchor, one, many) in _SECTIONS.items():
        if number := states[state]:
            marks = [each["mark"] for each in groups.get(state, ())] or ["met"] * number
            yield {
                "state": state,
                "number": number,
                "link": f"#{anchor}",
                "label": one if number == 1 else many,
                "marks": marks,
            }


def _steps(
    groups: Mapping[str, Sequence[dict[str, Any]]], mails: Sequence[dict[str, Any]], course: Course
) -> Iterator[dict[str, Any]]:
    def step(anchor: str, link: str, rest: str, note: str, *commands: str) -> dict[str, Any]:
        said = {"anchor": anchor, "link": link, "rest": rest, "note": note}
        return {**said, "commands": list(commands)}

    if review := groups["review"]:
        note = "The report of collect asks the questions; answer them there."
        yield step("decision", f"Decide about {people(len(review))}", "", note)
    if mails:
        note = "Each stands below with what to do."
        yield step("mails", f"See to {counted(len(mails), 'mail')}", "", note)
    note = "A sentence stands with each name; the report of collect has the commands."
    for state in (State.UNPROVEN, State.UNFOUND):
        if found := groups[state.value]:
            yield step(state.value, *to_do(state, len(found)), note)
    if waiting := groups["waiting"]:
        owed = dict.fromkeys(what for each in waiting for what in each["owes"])
        by = by_day(course)
        yield step(
            "waiting",
            f"Remind {people(len(waiting))}",
            by,
            f"Missing: {either(list(owed))}. Whom it helps to ask stands in the .mail-merge.csv"
            " beside this page, too.",
            f"cecert mail remind {course.id}",
        )
    if denied := groups["denied"]:
        rest = "why they get no certificate"
        yield step(
            "denied",
            f"Tell {people(len(denied))}",
            rest,
            "A sentence stands with each name; read it first.",
            f"cecert mail tell-denied {course.id}",
        )


def _moment(instant: datetime, course: Course) -> str:
    local = instant.astimezone(ZoneInfo(course.timezone))
    return f"{day_phrase(local.date())}, {spoken_clock(local)}"


def _mails(outcome: IssueOutcome, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    for entry in _by_name(entries):
        row = outcome.mails.get(entry.certificate.id, entry.mail)
        if row.state not in _SEE_TO:
            continue
        word, sentence, commands = _see_to(row)
        told = {"email": row.recipient, "name": entry.certificate.recipient.name}
        yield {
            "name": told["name"],
            "mark": "review" if row.state is MailState.UNCERTAIN else "stop",
            "word": word,
            "sentence": sentence.format_map(told),
            "reply": row.reply,
            "commands": [each.format(id=entry.certificate.id) for each in commands],
        }


_REFUSED = "The mail to {email} was refused."
_BOUNCED = "The mail to {email} came back."
_UNCERTAIN = (
    "The connection broke before the mail server confirmed. Such mails have nearly always "
    "arrived: look in Sent Items or ask {name}, then say which. It is not sent again by "
    "itself, so that nobody gets two."
)
_RESOLVE = ("cecert mail resolve {id} --delivered", "cecert mail resolve {id} --resend")
_SEE_TO = {
    MailState.FAILED: ("REFUSED", _REFUSED, ()),
    MailState.BOUNCED: ("BOUNCED", _BOUNCED, ()),
    MailState.UNCERTAIN: ("UNCERTAIN", _UNCERTAIN, _RESOLVE),
}


def _see_to(row: OutboxRow) -> tuple[str, str, tuple[str, ...]]:
    """Return the word of a mail that somebody must see to, what it means, and what is typed."""
    word, sentence, commands = _SEE_TO[row.state]
    if commands:
        return word, sentence, commands
    found = bounce_class(row.reply)
    return word, f"{sentence} {found.told} {found.advice}", found.commands


def _issued(entry: Entry, credentials: Sequence[Any], outcome: IssueOutcome) -> dict[str, Any]:
    hours = {
        line.credential: hours_phrase(line.hours, line.unit)
        for line in entry.certificate.credit_lines
    }
    row = outcome.mails.get(entry.certificate.id, entry.mail)
    return {
        "name": entry.certificate.recipient.name,
        "hours": [hours.get(each.credential, "none") for each in credentials],
        "id": entry.certificate.id.text,
        "issued": issue_day(entry.certificate),
        "mail": _mail_words(row, outcome.course),
    }


def _mail_words(row: OutboxRow, course: Course) -> str:
    if row.state is MailState.SENT:
        return f"Accepted {_moment(row.settled_at or row.queued_at, course)}"
    if row.state in _SEE_TO:
        return f"{_SEE_TO[row.state][0].capitalize()}: see above"
    if row.state is MailState.QUEUED and row.attempts:
        return f"Deferred: next try {_moment(row.due, course)}"
    return str(row.state.value).capitalize()
