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

from cecert.adapters.exports.format import Job, headers_of
from cecert.adapters.exports.identity_questions import EMAIL_WORD, Identity, identity_of
from cecert.adapters.tables.cells import email_of, full_name, is_yes, name_of, overlong, score_of
from cecert.adapters.tables.dates import parse_stamp
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.headers import Columns, normalised
from cecert.domain.evidence.answers import Said, is_statement, is_tick, may_attest, said_by, says
from cecert.domain.evidence.export import EvaluationFile, EvaluationResponse
from cecert.domain.values.wording import joined
from cecert.errors import ConfigurationError, Fault

__all__ = ["Survey", "SurveyQuestion", "questions_of", "read_responses"]

_ANONYMOUS = frozenset({"anonymous", "anonym", "anónimo", "anônimo", "anonyme"})
_DERIVED = re.compile(r".{1,40}?\s?[-\u2013\u2014:]\s(?P<question>.+)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
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
        choices: The choice that a column is for, by place, where a question has several.
        submitted: Every row was submitted as a whole: the platform exports no other.
    """

    columns: Columns
    questions: tuple[SurveyQuestion, ...]
    header_rows: int = 1
    zone: str | None = None
    texts: Mapping[int, str] | None = None
    choices: Mapping[int, str] | None = None
    submitted: bool = False


def questions_of(columns: Columns, labels: Sequence[str] = ()) -> tuple[SurveyQuestion, ...]:
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
        SurveyQuestion(label, tuple(found))
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
    """Read the responses of a survey, and what of them says who answers.

    Args:
        job: The reading of the file.
        survey: Its questions, and which columns are the platform's own.
        rows: Those below the headers.
        previews: How many rows were left out, which are previews or tests.
    """
    listed = list(rows)
    wished = _Wished(job, survey)
    own = wished.email or _own_email(survey, listed)
    attests = wished.attestation or _own_attestation(survey, listed, wished.statement)
    reading = _Reading(job, survey, wished, own, attests, identity_of(_asked(survey)))
    responses = tuple(reading.response(row) for row in listed)
    notes = tuple(_notes(own, responses))
    return EvaluationFile(
        job.facts_with(survey.columns, zone=survey.zone, notes=notes),
        responses,
        survey.header_rows,
        tuple(each.label for each in wished.required),
        previews,
        "" if attests is None else attests.label,
        _unnamed_attestation(survey) if attests is None else "",
    )


def _asked(survey: Survey) -> Iterator[tuple[int, str]]:
    for question in survey.questions:
        for place in question.places:
            yield place, " ".join((question.label, (survey.texts or {}).get(place, ""))).strip()


def _notes(own: SurveyQuestion | None, responses: Sequence[EvaluationResponse]) -> Iterator[str]:
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
            self._questions.setdefault(normalised(text), SurveyQuestion(text.strip(), (place,)))
        for place, text in (survey.texts or {}).items():
            self._questions.setdefault(normalised(text), SurveyQuestion(text.strip(), (place,)))
        self.faults: list[Fault] = []
        asked = {
            field: tuple(each for text in headers_of(texts) if (each := self._find(text)))
            for field, texts in wishes.columns.items()
        }
        self.required = tuple(
            each for each in (self._find(text) for text in wishes.required) if each is not None
        )
        self.emails, self.names = asked.get("email", ()), asked.get("name", ())
        self.email = next(iter(self.emails), None)
        self.attestation = next(iter(asked.get("attestation", ())), None)
        self.score = next(iter(asked.get("score", ())), None)
        self.out_of = Decimal(wishes.out_of) if wishes.out_of else None
        self.statement = wishes.statement
        self._attested = wishes.values.get("attestation", {})
        for each in (*self.emails, *self.names, *asked.get("score", ())):
            if len(each.places) > 1:
                columns = joined([f"column {place + 1}" for place in each.places])
                problem = f"stands there {len(each.places)} times: {columns}"
                self.faults.append(Fault("mapping", each.label, problem, "rename all but one"))
        if self.faults:
            named = tuple(self.faults[:MOST_NAMED])
            raise ConfigurationError(f"the mapping does not fit {job.facts.name}", named)

    def attested(self, cell: str) -> str:
        """Return what an answer to the attestation means, as a form says it."""
        return self._attested.get(normalised(cell), cell)

    def _find(self, text: str) -> SurveyQuestion | None:
        found = self._questions.get(normalised(text))
        if found is None:
            near = get_close_matches(normalised(text), self._questions, n=1, cutoff=0.6)
            remedy = f"is it {self._questions[near[0]].label!r}?" if near else ""
            self.faults.append(Fault("mapping", text, "is no column of the file", remedy))
        return found


def _own_email(survey: Survey, rows: Sequence[Row]) -> SurveyQuestion | None:
    """Return the question that asks for the address, by its words and by most of its answers."""
    texts = survey.texts or {}
    for question in survey.questions:
        for place in question.places:
            words = f"{question.label} {texts.get(place, '')}"
            cells = [cell for row in rows if (cell := row.cell(place))]
            # One may answer "the same as before"; that is no reason to know nobody.
            if EMAIL_WORD.search(words) and sum(map(bool, map(email_of, cells))) * 2 > len(cells):
                return SurveyQuestion(texts.get(place, "") or question.label, (place,))
    return None


def _own_attestation(survey: Survey, rows: Sequence[Row], statement: str) -> SurveyQuestion | None:
    """Return the question that is the attestation: it is the statement, or is called so."""
    texts = survey.texts or {}
    said = _bare(statement)
    for question in survey.questions:
        names = [question.label, *(texts.get(place, "") for place in question.places)]
        if said and any(said in _bare(each) for each in names):
            return question
        if any(_bare(each) == "attestation" for each in names) and _tells(question, rows):
            return question
    return None


def _unnamed_attestation(survey: Survey) -> str:
    """Return the question whose words are those of an attestation, "" where none is."""
    texts = survey.texts or {}
    for question in survey.questions:
        names = [question.label, *(texts.get(place, "") for place in question.places)]
        if found := next(filter(may_attest, names), ""):
            return found
    return ""


def _bare(text: str) -> str:
    """Return a text's words alone, for comparing."""
    return " ".join(_WORD.findall(normalised(text)))


def _tells(question: SurveyQuestion, rows: Sequence[Row]) -> bool:
    """Say whether a column holds dates, or yes and no; one without any answer tells nothing."""
    cells = [cell for row in rows for place in question.places if (cell := row.cell(place))]
    return not cells or any(
        parse_stamp(each) is not None or says(each) in {Said.YES, Said.NO} for each in cells
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file's responses being read.

    Attributes:
        job, survey: As they were given.
        wished: What a mapping file says.
        own: The question that asks for the address, None without one.
        attests: The question that is the attestation, None without one.
        identity: The questions that say who answers.
    """

    job: Job
    survey: Survey
    wished: _Wished
    own: SurveyQuestion | None
    attests: SurveyQuestion | None
    identity: Identity

    def response(self, row: Row) -> EvaluationResponse:
        """Read one row."""
        columns, wished = self.survey.columns, self.wished
        unanswered = tuple(each.label for each in wished.required if not each.is_answered(row))
        finished = _finished(columns, row)
        points, out_of = score_of(_answer(row, wished.score) or columns.cell(row, "score"))
        email = email_of(_short(self.job, row, "email", _chosen(columns, row, self.own, wished)))
        return EvaluationResponse(
            response_id=columns.cell(row, "id"),
            email=email,
            name=_short(self.job, row, "name", _name(columns, row, wished)),
            submitted=_submitted(self.job, columns, row),
            finished=finished,
            complete=self._was_submitted(row, finished) and not unanswered,
            unanswered=unanswered,
            points=points,
            out_of=out_of or (wished.out_of if points is not None else None),
            attested=None if self.attests is None else self._attested(row, self.attests),
            line=row.line,
            further_emails=tuple(each for each in self._emails(row) if each != email),
            further_names=tuple(self.identity.names_in(row)),
            licenses=tuple(self.identity.licenses_in(row)),
        )

    def _emails(self, row: Row) -> dict[str, None]:
        """Return every address in a row, once: the platform's, and those that somebody gave."""
        places = self.survey.columns.all_places("email")
        platform = (email_of(row.cell(place)) for place in places)
        wished = (email_of(_answer(row, each)) for each in self.wished.emails)
        found = (*filter(None, platform), *filter(None, wished), *self.identity.emails_in(row))
        return dict.fromkeys(found)

    def _was_submitted(self, row: Row, finished: bool | None) -> bool:  # noqa: FBT001 - a mark
        """Say whether it is a response: by the platform's mark, else by any answer in it."""
        if finished is not None or self.survey.submitted:
            return finished is not False
        about_whom = {
            place
            for each in (self.own, *self.wished.emails, *self.wished.names)
            if each is not None
            for place in each.places
        } | {*self.identity.emails, *self.identity.names, *self.identity.licenses}
        asked = [each for each in self.survey.questions if not about_whom & set(each.places)]
        return not asked or any(each.is_answered(row) for each in asked)

    def _attested(self, row: Row, question: SurveyQuestion) -> Said:
        return said_by(self._said(row.cell(place), place, question) for place in question.places)

    def _said(self, cell: str, place: int, question: SurveyQuestion) -> Said:
        """Say what a cell says; a mere tick says what the choice above it says."""
        cell = self.wished.attested(cell)
        choice = (self.survey.choices or {}).get(place, "")
        statements = [each for each in (self.wished.statement,) if each]
        if choice and is_tick(cell):
            return says(choice, *statements)
        if parse_stamp(cell) is not None:
            return Said.YES
        if is_statement(question.label):
            statements.append(question.label)
        return says(cell, *statements)


def _short(job: Job, row: Row, field: str, cell: str) -> str:
    """Return a cell of a question that stands for a field: an answer may be longer than one."""
    if problem := overlong(cell):
        job.stamps.fault(row.line, field, "", problem)
        return ""
    return cell


def _chosen(columns: Columns, row: Row, own: SurveyQuestion | None, wished: _Wished) -> str:
    platform = columns.cell(row, "email")
    if wished.email is None and email_of(platform):
        return platform
    answers = [_answer(row, each) for each in wished.emails]
    return next(filter(email_of, answers), _answer(row, own))


def _answer(row: Row, question: SurveyQuestion | None) -> str:
    return "" if question is None else row.cell(question.places[0])


def _name(columns: Columns, row: Row, wished: _Wished) -> str:
    full = full_name(columns.cell(row, "first_name"), columns.cell(row, "last_name"))
    wished_name = " ".join(filter(None, (_answer(row, each) for each in wished.names)))
    name = name_of(wished_name or columns.cell(row, "name")) or full
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
