"""Evaluations, attestations, tests and camera notes, each to the person it is of.

The key is the address, or the registrar's id. A name in a form only suggests, so what
stands under no registered address is listed and given to nobody; but a row whose name,
licence or second address is another registrant's may be either's, and is asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.decision.decide import civil_day
from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.completion import MATERIAL, POST_TEST
from cecert.domain.evidence.completion_times import EARLIER
from cecert.domain.evidence.directory import Directory, Whose, whose
from cecert.domain.evidence.done import Done
from cecert.domain.values.wording import hours_figure, joined
from cecert.errors import Fault
from cecert.workflows.collect.lost_zeros import ZEROS, lost_zeros, told_zeros

__all__ = ["Claim", "Lists", "SortedOut", "Theirs", "list_faults", "sorted_out", "undated_faults"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that were given; a list that is empty is the same as none.

    Attributes:
        evaluation: Who completed the evaluation, and when.
        attestation: Who attested to having attended, and when.
        post_test: Scores of the test.
        visible: The moderator's notes of who was on camera.
        fee_paid: Who has paid.
        completed_on: Who completed the material, and when, by a learning platform's word.
    """

    evaluation: tuple[Done, ...] = ()
    attestation: tuple[Done, ...] = ()
    post_test: tuple[Done, ...] = ()
    visible: tuple[Done, ...] = ()
    fee_paid: tuple[Done, ...] = ()
    completed_on: tuple[Done, ...] = ()

    PURPOSES: ClassVar = ("evaluation", "attestation", "post_test", "visible")
    """What participants hand in, and what is noted of them."""

    ALL: ClassVar = (*PURPOSES, "fee_paid", "completed_on")
    """And what offices and platforms say besides."""


# No set: a member of an Enum is hashed by its name, again and again.
_SAYS_IT = (Said.YES, Said.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that names several registrants, and how it does."""

    row: Done
    why: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """One person's rows of one purpose, in the order of their times.

    Attributes:
        own: Rows that are this person's.
        claims: Rows that may be, and name somebody else too.
    """

    own: list[Done] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    @property
    def rows(self) -> list[Done]:
        """Its own rows and those it may claim, by their times."""
        return sorted([*self.own, *(each.row for each in self.claims)], key=_order)


@dataclass(frozen=True, slots=True)
class SortedOut:
    """The rows of all lists, by whose they are or may be.

    Attributes:
        theirs: By identity and purpose.
        contested: Purpose and row of each that names several, and says something.
        unmatched: What names nobody for sure, as sentences.
    """

    theirs: dict[tuple[str, str], Theirs]
    contested: list[tuple[str, Claim]]
    unmatched: list[str]


def sorted_out(lists: Lists, directory: Directory) -> SortedOut:
    """Give every row to whom it is of, or may be of; what names nobody for sure is told.

    Args:
        lists: All that were read.
        directory: The registrants, by everything a row can name them by.
    """
    found = SortedOut(defaultdict(Theirs), [], [])
    for purpose in Lists.ALL:
        for each in sorted(getattr(lists, purpose), key=_order):
            owner = whose(directory.said_by(each.keys))
            sharing = () if owner.contested or owner.sure else _holders(each, directory)
            people = owner.people if owner.contested or len(owner.people) == 1 else sharing
            if owner.contested or sharing:
                claim = Claim(each, _why_asked(each, owner, directory))
                for person in people:
                    found.theirs[person, purpose].claims.append(claim)
                if each.said in _SAYS_IT:
                    found.contested.append((purpose, claim))
            elif owner.sure:
                found.theirs[owner.people[0], purpose].own.append(each)
            elif each.said in _SAYS_IT:
                why = _why_nobody(each, owner, directory)
                found.unmatched.append(f"{purpose}: {each.place}: {why}")
    return found


def _why_asked(row: Done, owner: Whose, directory: Directory) -> str:
    """Return why a row is asked about: it names several, or who shares its address."""
    names = joined([directory.names.get(person, person) for person in owner.people])
    if owner.contested:
        return f"{owner.why}: {names}; whose it is must be decided"
    shared = joined([directory.names[person] for person in _holders(row, directory)])
    told = f"what else it says fits {names}" if len(owner.people) == 1 else "nothing else tells"
    return f"its address is shared by {shared}, and {told}; whose it is must be decided"


def _holders(row: Done, directory: Directory) -> tuple[str, ...]:
    """Return who has an address or the id of a row, whether it is theirs alone or not."""
    ids = (key for key, _ in row.keys.ids if directory.knows(key))
    held = (each for key, _ in row.keys.addresses for each in directory.holders(key))
    return tuple(dict.fromkeys((*ids, *held)))


def _why_nobody(row: Done, owner: Whose, directory: Directory) -> str:
    key = row.key
    for each, near in lost_zeros(row.written, directory).items():
        return f"{each} is nobody's who registered; {near} is: {ZEROS}"
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


def list_faults(lists: Lists, directory: Directory) -> Iterator[Fault]:
    """Name the files in which no row belongs to anybody: they are another course's, or changed.

    Args:
        lists: All that were given.
        directory: Knows who is registered.
    """
    for purpose in Lists.ALL:
        files: dict[str, list[Done]] = {}
        for each in getattr(lists, purpose):
            files.setdefault(each.file, []).append(each)
        for file, rows in files.items():
            if not any(_names_somebody(each, directory) for each in rows):
                yield _nobodys(file, purpose, rows, directory)


def _names_somebody(row: Done, directory: Directory) -> bool:
    """Say whether a row is a registrant's, or one of several registrants'.

    A name alone is none: two courses may have people of one name.
    """
    owner = whose(directory.said_by(row.keys))
    return owner.sure or owner.contested or bool(_holders(row, directory))


def _nobodys(file: str, purpose: str, rows: Sequence[Done], directory: Directory) -> Fault:
    near = lost_zeros((key for each in rows for key in each.written), directory)
    return Fault(
        file,
        "",
        f"no row of this {_WORDS[purpose]} list belongs to anybody who registered",
        told_zeros(near) if near else _ANOTHER,
    )


def undated_faults(lists: Lists, course: Course, now: datetime | None) -> Iterator[Fault]:
    """Name what tells no day, or one to come, where each person completes a course on a day.

    Args:
        lists: All that were given.
        course: Whose format says whether it is completed so.
        now: The present instant, aware; None where nobody asks the clock.
    """
    if not course.format.dated_by_person:
        return
    zone = ZoneInfo(course.timezone)
    least = min((each.post_test for each in _asked(course) if each.post_test), default=None)
    for what in (*EARLIER, POST_TEST, MATERIAL):
        for row in getattr(lists, what):
            if row.moment is None:
                if row.score is not None and least is not None and row.score >= least:
                    told = f"{hours_figure(row.score)} per cent"
                    yield Fault(row.place, told, "does not say on which day", _DAY)
            elif row.said in {Said.YES, Said.UNCLEAR} and now and _is_ahead(row.moment, now, zone):
                yield Fault(row.place, _written(row.moment, zone), "lies in the future", _AHEAD)


def _asked(course: Course) -> list[Requirements]:
    return [course.requirements, *(each.requirements for each in course.credit_lines)]


def _is_ahead(moment: date | datetime, now: datetime, zone: ZoneInfo) -> bool:
    if isinstance(moment, datetime):
        return moment > now
    return moment > civil_day(now, zone)


def _written(moment: date | datetime, zone: ZoneInfo) -> str:
    return (
        f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment}"
    )


_DAY = "give the day of each test in a column completed_on"
_AHEAD = "is its zone, or its order of day and month, another? --timezone, --date-order"


_WORDS = {
    "evaluation": "evaluation",
    "attestation": "attestation",
    "post_test": "post-test",
    "visible": "visibility",
    "fee_paid": "payment",
    "completed_on": "completion",
}
_ANOTHER = "is it another course's, or are its addresses others than those registered?"
