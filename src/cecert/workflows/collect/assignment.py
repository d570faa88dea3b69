"""Which rows of all lists count for whom, and what a person must look at first.

The first response that plainly says yes, and not before the course was over, counts; what
cannot be told is held for a person's decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cecert.domain.course.course import Course
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Held, Registrant
from cecert.domain.evidence.completion import MATERIAL, POST_TEST
from cecert.domain.evidence.completion_times import EARLIER, earliest, why_early
from cecert.domain.evidence.directory import Directory
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.overrides import Override, OverrideKind, mark_of
from cecert.domain.values.wording import joined
from cecert.workflows.collect.lists import Lists, Theirs, sorted_out
from cecert.workflows.collect.terms import CourseTerms, Terms

__all__ = ["Assigned", "assigned"]


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whose the rows of all lists are.

    Attributes:
        found: The row that counts, by identity and purpose.
        held: What a person must look at before it counts, by identity.
        unmatched: What could not be assigned, or does not count, for the report.
    """

    found: Mapping[tuple[str, str], Done]
    held: Mapping[str, tuple[Held, ...]]
    unmatched: tuple[str, ...]


def assigned(
    lists: Lists,
    registrants: Sequence[Registrant],
    directory: Directory,
    overrides: Sequence[Override],
    terms: CourseTerms,
) -> Assigned:
    """Give every row to whom it is of, where all of it names one, and say which count.

    Args:
        lists: All that were read.
        registrants: Everybody registered.
        directory: The registrants, by everything a row can name them by.
        overrides: Whose decisions settle what is held.
        terms: When the course was over for each person, and which tests pass.
    """
    rows = sorted_out(_with_registered_fees(lists, registrants), directory)
    found: dict[tuple[str, str], Done] = {}
    held: dict[str, tuple[Held, ...]] = {}
    unmatched = rows.unmatched
    for (owner, purpose), theirs in _in_order(rows.theirs):
        verdict = _judged(purpose, theirs, terms.for_all or terms.of(owner, found))
        if verdict.why:
            question = _held(owner, purpose, theirs, verdict, overrides)
            held[owner] = (*held.get(owner, ()), question)
            verdict = _settled(verdict, question)
        if verdict.row is not None:
            found[owner, purpose] = verdict.row
            unmatched += _again(purpose, verdict.row, theirs.own)
    counted = {
        (purpose, row.place) for (_, purpose), row in found.items() if row.noted is not False
    }
    unmatched += [
        f"{purpose}: {claim.row.place}: {claim.why}"
        for purpose, claim in rows.contested
        if (purpose, claim.row.place) not in counted
    ]
    return Assigned(found, held, _once(unmatched))


def _in_order(
    theirs: Mapping[tuple[str, str], Theirs],
) -> list[tuple[tuple[str, str], Theirs]]:
    """Return what shows that somebody studied first: what else is dated is held against it."""
    return sorted(theirs.items(), key=lambda each: each[0][1] != POST_TEST)


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    """Say once what is said of one row for several purposes: a form may be all of them."""
    purposes: dict[str, dict[str, None]] = {}
    for each in sentences:
        purpose, _, told = each.partition(": ")
        purposes.setdefault(told, {})[purpose] = None
    return tuple(f"{joined(list(of))}: {told}" for told, of in purposes.items())


def _with_registered_fees(lists: Lists, registrants: Sequence[Registrant]) -> Lists:
    """Return the lists with what the registrations say of the fee, where there are payments."""
    if not lists.fee_paid:
        return lists
    noted = tuple(
        Done(each.identity, noted=each.fee_paid, place=each.place)
        for each in registrants
        if each.fee_paid is not None
    )
    return replace(lists, fee_paid=(*noted, *lists.fee_paid))


def _again(purpose: str, counted: Done, rows: Sequence[Done]) -> Iterator[str]:
    # Payments come in parts, and the registrations may say the same.
    for each in rows if purpose != "fee_paid" else ():
        if each.place != counted.place and each.said is Said.YES:
            yield f"{purpose}: {each.place}: {each.key} again; {counted.place} counts"


_NOTED = frozenset({"visible", "fee_paid"})
"""Purposes of which somebody notes yes or no."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one person's rows of one purpose come to.

    Attributes:
        row: The row that counts, or would; None where none does.
        why: Why a person must look at it first, "" if none must.
        stands: The row stands in the list while the question is open: it says what it says,
            and only its date is in question.
    """

    row: Done | None = None
    why: str = ""
    stands: bool = False


def _judged(purpose: str, theirs: Theirs, terms: Terms) -> _Verdict:
    """Judge one person's rows of one purpose, by those that may be theirs too.

    Who has a row of their own that counts is asked about another only if that says
    otherwise; what would change nothing, whosever it is, is not asked about.
    """
    own = _verdict(purpose, theirs.own, terms)
    if not theirs.claims:
        return own
    everything = _verdict(purpose, theirs.rows, terms)
    row = everything.row
    counts = own.row is not None and not own.why
    if purpose == POST_TEST:
        counts = own.row is row
    if row is None or row.noted is False or (counts and not everything.why):
        return own
    told = [
        each.why if each.row.place == row.place else f"{each.row.place}: {each.why}"
        for each in theirs.claims
        if each.row.said is not Said.BLANK
    ]
    return _Verdict(row, "; ".join([*filter(None, [everything.why]), *dict.fromkeys(told)]))


def _verdict(purpose: str, rows: Sequence[Done], terms: Terms) -> _Verdict:
    """Judge one person's rows of one purpose, which are in the order of their times."""
    if purpose in _NOTED:
        return _seen(rows)
    if purpose == POST_TEST:
        return _Verdict(_test_of(rows, terms.marks))
    if purpose == MATERIAL:
        # Of two reports the later is of more: the whole course, or its last activity.
        rows = rows[::-1]
    said = [each for each in rows if each.said is not Said.BLANK]
    plain = [each for each in said if each.said is Said.YES]
    timely = next((each for each in plain if not _is_early(purpose, each, terms.course)), None)
    if timely is not None:
        return _kept_to(timely, said[said.index(timely) :])
    if not said or said[-1].said is Said.NO:
        return _Verdict()
    if unclear := [each for each in said if each.said is Said.UNCLEAR]:
        return _Verdict(unclear[-1], "the answer is neither a plain yes nor a no")
    moment = plain[0].moment
    why = "" if moment is None else why_early(purpose, moment, terms.course, terms.done)
    return _Verdict(plain[0], why, stands=True)


def _test_of(rows: Sequence[Done], marks: Sequence[Decimal]) -> Done | None:
    """Return the first test that passes, by the highest mark that any does; else the best one."""
    plain = [each for each in rows if each.said is Said.YES]
    scored = [(each.score, each) for each in plain if each.score is not None]
    for mark in marks:
        for score, each in scored:
            if score >= mark:
                return each
    best = max((score for score, _ in scored), default=None)
    return next((each for each in plain if each.score == best), None)


def _kept_to(timely: Done, later: Sequence[Done]) -> _Verdict:
    """Judge a yes by whatever else its giver said afterwards."""
    doubt = next((each for each in later if each.said is not Said.YES), None)
    if doubt is None:
        return _Verdict(timely)
    why = f"the yes at {timely.place} is followed by what is none"
    return _Verdict(replace(timely, place=doubt.place), why)


def _is_early(purpose: str, row: Done, course: Course) -> bool:
    if purpose not in EARLIER or row.moment is None or course.is_open:
        return False
    return earliest(purpose, course).is_after(row.moment)


def _seen(rows: Sequence[Done]) -> _Verdict:
    """Judge notes of yes and no: both about one person are a question."""
    noted = [each for each in rows if each.noted is not None]
    against = [each for each in noted if each.noted is False]
    if not against or len(against) == len(noted):
        return _Verdict(noted[0] if noted else None)
    yes = next(each for each in noted if each.noted)
    return _Verdict(replace(yes, place=against[0].place), f"{yes.place} says yes, and here no")


def _held(
    owner: str, purpose: str, theirs: Theirs, verdict: _Verdict, overrides: Sequence[Override]
) -> Held:
    """Return the question about what is held, with the decision that answers it."""
    rows = [*((each, "") for each in theirs.own), *((it.row, it.why) for it in theirs.claims)]
    marks = sorted(
        (str(each.moment), each.said.value, str(each.noted), str(each.score), why)
        for each, why in rows
    )
    inputs = mark_of("held", purpose, owner, verdict.why if purpose in EARLIER else "", marks)
    mine = [
        each
        for each in overrides
        if each.kind is OverrideKind.DECISION
        and (each.participant, each.session) == (owner, purpose)
    ]
    last = mine[-1] if mine else None
    stale = last is not None and last.is_stale(inputs)
    return Held(
        purpose,
        verdict.why,
        "" if verdict.row is None else verdict.row.place,
        inputs,
        None if stale else last,
        last if stale else None,
    )


def _settled(verdict: _Verdict, question: Held) -> _Verdict:
    """Return what stands after the decision, or while there is none."""
    if question.is_open:
        return verdict if verdict.stands else _Verdict()
    if question.status is AttendanceStatus.MET:
        return verdict
    row = verdict.row
    denied = row is not None and question.purpose in _NOTED
    return _Verdict(replace(row, noted=False) if row is not None and denied else None)
