"""Responses to evaluations and tests: who, when, complete or not, how many points.

What somebody answered is looked at here, to see whether it is there, and goes no
further: no value that leaves this module holds an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches

from cecert.adapters.evidence.cells import email_of, full_name, is_yes, name_of, score_of
from cecert.adapters.evidence.formats import Job
from cecert.adapters.evidence.grids import Row
from cecert.adapters.evidence.headers import Columns, normalised
from cecert.adapters.evidence.stamps import parse_stamp
from cecert.domain.evidence import EvaluationFile, EvaluationResponse
from cecert.domain.spreadsheets import overlong
from cecert.errors import ConfigurationError, Fault

__all__ = ["Question", "Survey", "questions_of", "read_responses"]

_EMAIL_WORD = re.compile(
    r"\be-?mail\b|\bcorreo\b|\bcourriel\b|\bmail\b|メール|邮箱|邮件|電子郵件|이메일|почт",
    re.IGNORECASE,
)
_NO = frozenset({"", "no", "false", "0", "nein", "non", "não", "unchecked"})
_ANONYMOUS = frozenset({"anonymous", "anonym", "anónimo", "anônimo", "anonyme"})
_DERIVED = re.compile(r".{1,40}?\s?[-\u2013\u2014:]\s(?P<question>.+)")
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its text, and the columns its answers stand in (one a choice, at times)."""

    label: str
    places: tuple[int, ...]

    def is_answered(self, row: Row) -> bool:
        """Say whether any of its columns holds something."""
        return any(row.cell(place) for place in self.places)


@dataclass(frozen=True, slots=True)
class Survey:
    """How the responses of a file stand.

    Attributes:
        columns: The platform's own columns: `id`, `ended`, `email`, `name`, `finished`, `score`.
        questions: All others, in order.
        header_rows: Rows above the first response.
        zone: The zone the file states.
        texts: Further names of columns by place, from further header rows.
    """

    columns: Columns
    questions: tuple[Question, ...]
    header_rows: int = 1
    zone: str | None = None
    texts: Mapping[int, str] | None = None


def questions_of(columns: Columns, labels: Sequence[str] = ()) -> tuple[Question, ...]:
    """Return the columns that are questions: those unknown, joined where one label repeats.

    Args:
        columns: The platform's own columns.
        labels: What the questions are called, by place; the header's cells if left out.
    """
    names = labels or [" ".join(each.split()) for each in columns.header.cells]
    known = columns.meta.union(columns.places.values())
    places: dict[str, list[int]] = {}
    for place, label in enumerate(names):
        if place not in known and label:
            places.setdefault(label, []).append(place)
    return tuple(
        Question(label, tuple(found))
        for label, found in places.items()
        if not _is_derived(label, places)
    )


def _is_derived(label: str, labels: Mapping[str, object]) -> bool:
    """Say whether a column is about another: `Points - What is grace?`."""
    found = _DERIVED.fullmatch(label)
    return found is not None and found["question"] in labels


def read_responses(
    job: Job, survey: Survey, rows: Iterable[Row], previews: int = 0
) -> EvaluationFile:
    """Read the rows below the headers."""
    listed = list(rows)
    wished = _Wished(job, survey)
    own = wished.email or _own_email(survey, listed)
    required = wished.required or (() if "finished" in survey.columns else survey.questions)
    responses = tuple(_response(job, survey, row, own, required, wished) for row in listed)
    notes = tuple(_notes(own, responses))
    return EvaluationFile(
        job.facts_with(survey.columns, zone=survey.zone, notes=notes),
        responses,
        survey.header_rows,
        tuple(each.label for each in required),
        previews,
    )


def _notes(own: Question | None, responses: Sequence[EvaluationResponse]) -> Iterator[str]:
    if own is not None:
        yield f"addresses are those of the question {own.label!r}"
    if any(each.points is not None and not each.out_of for each in responses):
        yield "scores have no highest value here: say it in a mapping file (out_of)"


class _Wished:
    """What a mapping file says, as questions of this survey."""

    def __init__(self, job: Job, survey: Survey) -> None:
        wishes = job.wishes
        self._questions = {normalised(each.label): each for each in survey.questions}
        for place, text in enumerate(survey.columns.header.cells):
            self._questions.setdefault(normalised(text), Question(text.strip(), (place,)))
        for place, text in (survey.texts or {}).items():
            self._questions.setdefault(normalised(text), Question(text.strip(), (place,)))
        self.faults: list[Fault] = []
        asked = {field: self._find(text) for field, text in wishes.columns.items()}
        self.required = tuple(
            each for each in (self._find(text) for text in wishes.required) if each is not None
        )
        self.email, self.name = asked.get("email"), asked.get("name")
        self.attestation, self.score = asked.get("attestation"), asked.get("score")
        self.out_of = Decimal(wishes.out_of) if wishes.out_of else None
        if self.faults:
            named = tuple(self.faults[:MOST_NAMED])
            raise ConfigurationError(f"the mapping does not fit {job.facts.name}", named)

    def _find(self, text: str) -> Question | None:
        found = self._questions.get(normalised(text))
        if found is None:
            near = get_close_matches(normalised(text), self._questions, n=1, cutoff=0.6)
            remedy = f"is it {self._questions[near[0]].label!r}?" if near else ""
            self.faults.append(Fault("mapping", text, "is no column of the file", remedy))
        return found


def _own_email(survey: Survey, rows: Sequence[Row]) -> Question | None:
    """Return the question that asks for the address, by its words and by its answers."""
    texts = survey.texts or {}
    for question in survey.questions:
        for place in question.places:
            words = f"{question.label} {texts.get(place, '')}"
            cells = [cell for row in rows if (cell := row.cell(place))]
            if _EMAIL_WORD.search(words) and cells and all(map(email_of, cells)):
                return Question(texts.get(place, "") or question.label, (place,))
    return None


def _response(
    job: Job,
    survey: Survey,
    row: Row,
    own: Question | None,
    required: Sequence[Question],
    wished: _Wished,
) -> EvaluationResponse:
    columns = survey.columns
    unanswered = tuple(each.label for each in required if not each.is_answered(row))
    finished = _finished(columns, row)
    points, out_of = score_of(_answer(row, wished.score) or columns.cell(row, "score"))
    attested = None if wished.attestation is None else _attested(row, wished.attestation)
    return EvaluationResponse(
        response_id=columns.cell(row, "id"),
        email=email_of(_short(job, row, "email", _chosen(columns, row, own, wished))),
        name=_short(job, row, "name", _name(columns, row, wished)),
        submitted=_submitted(job, columns, row),
        finished=finished,
        complete=finished is not False and not unanswered,
        unanswered=unanswered,
        points=points,
        out_of=out_of or (wished.out_of if points is not None else None),
        attested=attested,
        line=row.line,
    )


def _short(job: Job, row: Row, field: str, cell: str) -> str:
    """Return a cell of a question that stands for a field: an answer may be longer than one."""
    if problem := overlong(cell):
        job.stamps.fault(row.line, field, "", problem)
        return ""
    return cell


def _chosen(columns: Columns, row: Row, own: Question | None, wished: _Wished) -> str:
    platform = columns.cell(row, "email")
    if wished.email is None and email_of(platform):
        return platform
    return _answer(row, own)


def _answer(row: Row, question: Question | None) -> str:
    return "" if question is None else row.cell(question.places[0])


def _attested(row: Row, question: Question) -> bool:
    return any(normalised(row.cell(place)) not in _NO for place in question.places)


def _name(columns: Columns, row: Row, wished: _Wished) -> str:
    full = full_name(columns.cell(row, "first_name"), columns.cell(row, "last_name"))
    name = name_of(_answer(row, wished.name) or columns.cell(row, "name")) or full
    return "" if name.casefold() in _ANONYMOUS else name


def _submitted(job: Job, columns: Columns, row: Row) -> datetime | None:
    for field in ("ended", "timestamp", "recorded"):
        cell = columns.cell(row, field)
        if cell and parse_stamp(cell) is None:
            # Without what stands there: where columns are shifted it is an answer.
            job.stamps.fault(row.line, field, "", "is not a date and time")
        elif cell:
            return job.stamps.read(cell, row.line, field)
    return None


def _finished(columns: Columns, row: Row) -> bool | None:
    if "finished" not in columns:
        return None
    return is_yes(columns.cell(row, "finished"))
