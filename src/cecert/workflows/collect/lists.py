"""Evaluations, attestations, tests and camera notes, each to the person it is of.

The key is the address, or the registrar's id. A name in a form only suggests, so what
stands under no registered address is listed and given to nobody; but a row whose name,
licence or second address is another registrant's is held for both. The first response that
plainly says yes, and not before the course was over, counts; what cannot be told is held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import ClassVar

from cecert.domain.course.course import Course
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Done, Held, Registrant
from cecert.domain.evidence.completion_times import EARLIER, earliest, why_early
from cecert.domain.evidence.directory import Directory, Whose, whose
from cecert.domain.evidence.overrides import Override, OverrideKind, mark_of
from cecert.domain.values.wording import joined
from cecert.errors import Fault

__all__ = ["Assigned", "Lists", "assigned", "list_faults"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that were given; a list that is empty is the same as none.

    Attributes:
        evaluation: Who completed the evaluation, and when.
        attestation: Who attested to having attended, and when.
        post_test: Scores of the test.
        visible: The moderator's notes of who was on camera.
        fee_paid: Who has paid.
    """

    evaluation: tuple[Done, ...] = ()
    attestation: tuple[Done, ...] = ()
    post_test: tuple[Done, ...] = ()
    visible: tuple[Done, ...] = ()
    fee_paid: tuple[Done, ...] = ()

    PURPOSES: ClassVar = ("evaluation", "attestation", "post_test", "visible")
    """What every list is of but the one of payments, which only adds to the registrations."""

    ALL: ClassVar = (*PURPOSES, "fee_paid")


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
    course: Course,
) -> Assigned:
    """Give every row to whom it is of, where all of it names one, and say which count.

    Args:
        lists: All that were read.
        registrants: Everybody registered.
        directory: The registrants, by everything a row can name them by.
        overrides: Whose decisions settle what is held.
        course: Whose end no evaluation and no attestation may lie before.
    """
    sorted_out = _sorted_out(_with_registered_fees(lists, registrants), registrants, directory)
    found: dict[tuple[str, str], Done] = {}
    held: dict[str, tuple[Held, ...]] = {}
    unmatched = sorted_out.unmatched
    for (owner, purpose), theirs in sorted_out.theirs.items():
        verdict = _judged(purpose, theirs, course)
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
        for purpose, claim in sorted_out.contested
        if (purpose, claim.row.place) not in counted
    ]
    return Assigned(found, held, _once(unmatched))


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


@dataclass(frozen=True, slots=True)
class _Claim:
    """A row that names several registrants, and how it does."""

    row: Done
    why: str


@dataclass(frozen=True, slots=True)
class _Theirs:
    """One person's rows of one purpose, in the order of their times.

    Attributes:
        own: Rows that are this person's.
        claims: Rows that may be, and name somebody else too.
    """

    own: list[Done] = field(default_factory=list)
    claims: list[_Claim] = field(default_factory=list)

    @property
    def rows(self) -> list[Done]:
        """All of them."""
        return sorted([*self.own, *(each.row for each in self.claims)], key=_order)


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """The rows of all lists, by whose they are or may be.

    Attributes:
        theirs: By identity and purpose.
        contested: Purpose and row of each that names several, and says something.
        unmatched: What names nobody for sure, as sentences.
    """

    theirs: dict[tuple[str, str], _Theirs]
    contested: list[tuple[str, _Claim]]
    unmatched: list[str]


def _sorted_out(
    lists: Lists, registrants: Sequence[Registrant], directory: Directory
) -> _SortedOut:
    found = _SortedOut(defaultdict(_Theirs), [], [])
    for purpose in Lists.ALL:
        for each in sorted(getattr(lists, purpose), key=_order):
            owner = whose(directory.said_by(each.keys))
            if owner.contested or _is_told_apart(each, owner, directory):
                claim = _Claim(each, _why_asked(each, owner, directory))
                for person in owner.people:
                    found.theirs[person, purpose].claims.append(claim)
                if each.said in _SAYS_IT:
                    found.contested.append((purpose, claim))
            elif owner.sure:
                found.theirs[owner.people[0], purpose].own.append(each)
            elif each.said in _SAYS_IT:
                why = _why_nobody(each, owner, registrants, directory)
                found.unmatched.append(f"{purpose}: {each.place}: {why}")
    return found


def _is_told_apart(row: Done, owner: Whose, directory: Directory) -> bool:
    """Say whether all else in a row names one of several people who share its address."""
    return not owner.sure and len(owner.people) == 1 and bool(_holders(row, directory))


def _why_asked(row: Done, owner: Whose, directory: Directory) -> str:
    """Return why a row is asked about: it names several, or who shares its address."""
    names = joined([directory.names.get(person, person) for person in owner.people])
    if owner.contested:
        return f"{owner.why}: {names}; whose it is must be decided"
    shared = joined([directory.names[person] for person in _holders(row, directory)])
    return (
        f"its address is shared by {shared}, and what else it says fits {names}; whose it is must "
        "be decided"
    )


def _holders(row: Done, directory: Directory) -> tuple[str, ...]:
    """Return who has an address or the id of a row, whether it is theirs alone or not."""
    ids = (key for key, _ in row.keys.ids if directory.knows(key))
    held = (each for key, _ in row.keys.addresses for each in directory.holders(key))
    return tuple(dict.fromkeys((*ids, *held)))


_NOTED = frozenset({"visible", "fee_paid"})
"""Purposes of which somebody notes yes or no."""

_SAYS_IT = frozenset({Said.YES, Said.UNCLEAR})


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


def _judged(purpose: str, theirs: _Theirs, course: Course) -> _Verdict:
    """Judge one person's rows of one purpose, by those that may be theirs too.

    Who has a row of their own that counts is asked about another only if that says
    otherwise; what would change nothing, whosever it is, is not asked about.
    """
    own = _verdict(purpose, theirs.own, course)
    if not theirs.claims:
        return own
    everything = _verdict(purpose, theirs.rows, course)
    row = everything.row
    counts = own.row is not None and not own.why
    if row is None or row.noted is False or (counts and not everything.why):
        return own
    told = [
        each.why if each.row.place == row.place else f"{each.row.place}: {each.why}"
        for each in theirs.claims
        if each.row.said is not Said.BLANK
    ]
    return _Verdict(row, "; ".join([*filter(None, [everything.why]), *dict.fromkeys(told)]))


def _verdict(purpose: str, rows: Sequence[Done], course: Course) -> _Verdict:
    """Judge one person's rows of one purpose, which are in the order of their times."""
    if purpose in _NOTED:
        return _seen(rows)
    said = [each for each in rows if each.said is not Said.BLANK]
    plain = [each for each in said if each.said is Said.YES]
    timely = next((each for each in plain if not _is_early(purpose, each, course)), None)
    if timely is not None:
        return _kept_to(timely, said[said.index(timely) :])
    if not said or said[-1].said is Said.NO:
        return _Verdict()
    if unclear := [each for each in said if each.said is Said.UNCLEAR]:
        return _Verdict(unclear[-1], "the answer is neither a plain yes nor a no")
    moment = plain[0].moment
    why = "" if moment is None else why_early(purpose, moment, course)
    return _Verdict(plain[0], why, stands=True)


def _kept_to(timely: Done, later: Sequence[Done]) -> _Verdict:
    """Judge a yes by whatever else its giver said afterwards."""
    doubt = next((each for each in later if each.said is not Said.YES), None)
    if doubt is None:
        return _Verdict(timely)
    why = f"the yes at {timely.place} is followed by what is none"
    return _Verdict(replace(timely, place=doubt.place), why)


def _is_early(purpose: str, row: Done, course: Course) -> bool:
    return (
        purpose in EARLIER
        and row.moment is not None
        and earliest(purpose, course).is_after(row.moment)
    )


def _seen(rows: Sequence[Done]) -> _Verdict:
    """Judge notes of yes and no: both about one person are a question."""
    noted = [each for each in rows if each.noted is not None]
    against = [each for each in noted if each.noted is False]
    if not against or len(against) == len(noted):
        return _Verdict(noted[0] if noted else None)
    yes = next(each for each in noted if each.noted)
    return _Verdict(replace(yes, place=against[0].place), f"{yes.place} says yes, and here no")


def _held(
    owner: str, purpose: str, theirs: _Theirs, verdict: _Verdict, overrides: Sequence[Override]
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


def _again(purpose: str, counted: Done, rows: Sequence[Done]) -> Iterator[str]:
    # Payments come in parts, and the registrations may say the same.
    for each in rows if purpose != "fee_paid" else ():
        if each.place != counted.place and each.said is Said.YES:
            yield f"{purpose}: {each.place}: {each.key} again; {counted.place} counts"


def list_faults(
    lists: Lists, registrants: Sequence[Registrant], directory: Directory
) -> Iterator[Fault]:
    """Name the files in which no row belongs to anybody: they are another course's, or changed.

    Args:
        lists: All that were given.
        registrants: Whose ids a spreadsheet may have changed, for the hint.
        directory: Knows who is registered.
    """
    ids = {_without_zeros(each.participant_id): each.participant_id for each in registrants}
    for purpose in Lists.ALL:
        files: dict[str, list[Done]] = {}
        for each in getattr(lists, purpose):
            files.setdefault(each.file, []).append(each)
        for file, rows in files.items():
            if not any(_names_somebody(each, directory) for each in rows):
                yield _nobodys(file, purpose, [each.key for each in rows], ids)


def _names_somebody(row: Done, directory: Directory) -> bool:
    """Say whether a row is a registrant's, or one of several registrants'.

    A name alone is none: two courses may have people of one name.
    """
    owner = whose(directory.said_by(row.keys))
    return owner.sure or owner.contested or bool(_holders(row, directory))


def _nobodys(file: str, purpose: str, keys: Sequence[str], ids: Mapping[str, str]) -> Fault:
    near = {each: ids[bare] for each in keys if (bare := _without_zeros(each)) and bare in ids}
    told = ", ".join(f"{key} is {near[key]}" for key in list(near)[:_SHOWN])
    return Fault(
        file,
        "",
        f"no row of this {_WORDS[purpose]} list belongs to anybody who registered",
        f"did a spreadsheet take the zeros? {told}" if near else _ANOTHER,
    )


_SHOWN = 3
_WORDS = {
    "evaluation": "evaluation",
    "attestation": "attestation",
    "post_test": "post-test",
    "visible": "visibility",
    "fee_paid": "payment",
}
_ANOTHER = "is it another course's, or are its addresses others than those registered?"


def _without_zeros(key: str) -> str:
    """Return an id as a spreadsheet leaves it; "" for one that it would not change.

    >>> _without_zeros("00417"), _without_zeros("417.0"), _without_zeros("ana@example.org")
    ('417', '417', '')
    """
    bare = key.strip().removesuffix(".0").lstrip("0").casefold()
    return bare if bare and "@" not in bare else ""


def _why_nobody(
    row: Done, owner: Whose, registrants: Sequence[Registrant], directory: Directory
) -> str:
    key, bare = row.key, _without_zeros(row.key)
    near = [
        each.participant_id for each in registrants if bare == _without_zeros(each.participant_id)
    ]
    if bare and near:
        return f"{key} is nobody's who registered; {near[0]} is: did a spreadsheet take the zeros?"
    if holders := [directory.names[each] for each in _holders(row, directory)]:
        return f"{key} is shared by {' and '.join(holders)}, and does not say whose it is"
    told = f"{key or 'a row without an address'} is nobody's who registered"
    if not owner.people:
        return told
    # Names alone decide nothing in a form; but a person should see whom they name.
    names = joined([directory.names.get(person, person) for person in owner.people])
    return f"{told}; it may be {names}'s ({owner.why}): if so, add an alias"


def _order(done: Done) -> tuple[datetime, str]:
    moment = done.moment
    if isinstance(moment, datetime):
        return moment.astimezone(UTC), done.place
    return datetime.combine(moment or date.max, time(0), UTC), done.place
