"""Whose connection is it: the registration list against what a platform reports.

The registration is the master list. A platform's id or a unique registered address
decides; an operator's alias and link do; a full name does only where the course says
so and nobody else could be meant. Every row is read whole: one that names two
registrants, by whatever it says, is a question to both. Equal names, shared addresses
and device names never decide: they make a connection *possibly* somebody's, which is a
question for a person (docs/spec/attendance.md 10). Nobody is dropped: what no registrant claims is
listed as nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.attributions import Attribution, Attributions, Candidate
from cecert.domain.evidence.connections import Connection
from cecert.domain.evidence.directory import (
    FULL_NAME,
    IN_BRACKETS,
    MOST_ALIKE,
    Directory,
    Keys,
    Mention,
    Whose,
    alias_reason,
    whose,
)
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.evidence.rows import Rows
from cecert.domain.people.name_matching import displayed_forms, is_nobodys
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.people.person import folded_email

__all__ = [
    "NOTE_TAKER",
    "Attribution",
    "Attributions",
    "Candidate",
    "Connection",
    "Directory",
    "Rows",
    "alias_reason",
    "attribute",
    "link",
    "lost_links",
]


NOTE_TAKER = "name of a note-taking program, which is nobody's presence"
"""Why a note-taker's row never decides."""

SHOWN_ELSEWHERE = "name that is surely theirs in another row"


def attribute(
    connections: Sequence[Connection], directory: Directory, *, names_decide: bool = False
) -> Attributions:
    """Say whose each connection is by the evidence itself, in the order given.

    Args:
        connections: All rows of all files.
        directory: The registrants, with the aliases.
        names_decide: Whether a unique full name is sure in this course, not only possible.
    """
    rows = connections if isinstance(connections, Rows) else Rows((connections,))
    claims = _judge(rows, directory)
    claimed = Attributions(rows, claims)
    if not names_decide:
        return claimed
    doubtful = _doubtful_names(claimed)
    return Attributions(rows, [_decided_by_name(each, doubtful) for each in claims])


def _judge(rows: Rows, directory: Directory) -> list[tuple[Candidate, ...]]:
    """Return whose rows are by who they show: who connects again and again is judged once."""
    claims: list[tuple[Candidate, ...]] = [()] * rows.people
    company = _Company()
    open_: dict[int, tuple[Mention, ...]] = {}
    for first in rows.firsts:
        connection = rows[first]
        said = directory.said_by(_keys_of(connection))
        if any(it.decides for it in said):
            who = rows.who(first)
            claims[who] = found = _judged(connection, said, program=who in rows.programs)
            company.add(connection, found)
        else:
            open_[first] = said
    for first, said in open_.items():
        connection = rows[first]
        told = (*company.of(connection), *said) if company else said
        who = rows.who(first)
        claims[who] = _judged(connection, told, program=who in rows.programs)
    _add_shown_elsewhere(rows, claims, directory)
    return claims


def link(attributions: Sequence[Attribution], overrides: Iterable[Override]) -> Attributions:
    """Replay the links and unlinks among *overrides*, in the order they were made.

    A row is found by its mark wherever it stands now, and by its place where the
    override holds no mark. What finds no row changes nothing; `lost_links` names it.
    """
    rows = Attributions.of(attributions)
    acts: Mapping[str, list[Override]] = defaultdict(list)
    for each in _link_acts(overrides):
        acts[each.inputs or each.connection].append(each)
    if not acts:
        return rows
    changed = {}
    for number, row in enumerate(rows):
        mine = [*acts.get(row.connection.mark, ()), *acts.get(row.connection.place, ())]
        if mine:
            changed[number] = _replayed(row, mine).claims
    return rows.changed(changed)


def lost_links(
    attributions: Sequence[Attribution], overrides: Iterable[Override]
) -> tuple[Override, ...]:
    """Return the links and unlinks whose row is in no report any more, or says something else."""
    acts = _link_acts(overrides)
    if not acts:
        return ()
    found = {each.connection.mark for each in attributions}
    found |= {each.connection.place for each in attributions}
    return tuple(each for each in acts if (each.inputs or each.connection) not in found)


def _link_acts(overrides: Iterable[Override]) -> list[Override]:
    kinds = {OverrideKind.LINK, OverrideKind.UNLINK}
    return [each for each in overrides if each.kind in kinds]


def _keys_of(connection: Connection) -> Keys:
    return Keys(
        ids=(
            (connection.platform_id, "platform id"),
            (connection.registrant_id, "registrant id"),
        ),
        further=(connection.registrant_id,) if connection.registrant_id else (),
        addresses=(
            (connection.email, "e-mail address"),
            *((each, "registration e-mail address") for each in connection.further_emails),
            (connection.account, "account's address"),
        ),
        possible=connection.possible_emails,
        names=(connection.shown_name, *connection.further_names),
        licenses=connection.licenses,
    )


def _judged(
    connection: Connection, said: Sequence[Mention], *, program: bool
) -> tuple[Candidate, ...]:
    found = whose(said)
    if program:
        # Whatever the row says of its owner, a program was connected, and maybe nobody else.
        why = f"{NOTE_TAKER} ({_reason(connection, found)})"
        return _possibly(found.people, why)
    if found.sure:
        return _alone(found.people[0], found.why)
    return _possibly(found.people, _reason(connection, found))


def _reason(connection: Connection, found: Whose) -> str:
    names = {FULL_NAME, IN_BRACKETS}
    if found.why in names and len(found.people) > 1:
        return "name that several registrants have"
    if found.why in names and (connection.email or connection.account):
        return "same name under another address"
    return found.why


def _surely(connection: Connection, participant: str, why: str) -> Attribution:
    return Attribution(connection, _alone(participant, why))


def _alone(participant: str, why: str) -> tuple[Candidate, ...]:
    return (Candidate(participant, sure=True, why=why),)


class _Company:
    """Who else is known under somebody's platform id, or account."""

    def __init__(self) -> None:
        self._people: dict[str, dict[str, None]] = {}
        self._doubted: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._people)

    def add(self, connection: Connection, found: Sequence[Candidate]) -> None:
        """Note whose a row is that something in it identifies."""
        if known_as := _known_as(connection):
            people = self._people.setdefault(known_as, {})
            people.update((it.participant, None) for it in found)
            self._doubted |= set() if found and found[0].sure else {known_as}

    def of(self, connection: Connection) -> Iterator[Mention]:
        """Yield who is known as a row that nothing identifies."""
        known_as = _known_as(connection)
        if not (found := tuple(self._people.get(known_as, ()))):
            return
        one = len(found) == 1 and known_as not in self._doubted
        what = "platform id" if connection.platform_id else "account"
        why = f"same {what}" if one else f"{what} that several people used"
        yield Mention(found, why, decides=one)


def _known_as(connection: Connection) -> str:
    return connection.platform_id or folded_email(connection.account)


def _add_shown_elsewhere(
    rows: Rows, claims: list[tuple[Candidate, ...]], directory: Directory
) -> None:
    """Propose for a name that nobody claims who is surely called so in another row."""
    unclaimed = [first for first in rows.firsts if not claims[rows.who(first)]]
    wanted = {form for first in unclaimed for form in _shown_forms(rows.shown_name(first))}
    if not wanted:
        return
    letters = [frozenset(form) - {" "} for form in wanted]
    called: Mapping[str, dict[str, None]] = defaultdict(dict)
    for first in rows.firsts:
        found = claims[rows.who(first)]
        if not (found and found[0].sure) or not _may_show(rows.shown_name(first), letters):
            continue
        owner = found[0].participant
        for form in wanted.intersection(_shown_forms(rows.shown_name(first))):
            if owner not in called.get(form, ()) and directory.may_be_called(owner, form):
                called[form][owner] = None
    for first in unclaimed:
        claims[rows.who(first)] = _called_so(rows.shown_name(first), called)


def _may_show(name: str, wanted: Sequence[frozenset[str]]) -> bool:
    """Say whether a name may have a form of some letters: most lack one of them.

    Forms of a name in plain letters have no others than it has.
    """
    if not name.isascii():
        return True
    letters = set(name.casefold())
    return any(each <= letters for each in wanted)


def _called_so(shown: str, called: Mapping[str, Mapping[str, None]]) -> tuple[Candidate, ...]:
    found = {each for form in _shown_forms(shown) for each in called.get(form, ())}
    return () if len(found) > MOST_ALIKE else _possibly(sorted(found), SHOWN_ELSEWHERE)


def _shown_forms(shown: str) -> list[str]:
    forms = () if is_note_taker(shown) else displayed_forms(shown)
    return [each for each in forms if not is_nobodys(each)]


def _possibly(people: Sequence[str], why: str) -> tuple[Candidate, ...]:
    return tuple([Candidate(each, sure=False, why=why) for each in people])


def _decided_by_name(
    claims: tuple[Candidate, ...], doubtful: frozenset[str]
) -> tuple[Candidate, ...]:
    if [each.why for each in claims] != [FULL_NAME] or claims[0].participant in doubtful:
        return claims
    return _alone(claims[0].participant, "full name, unique in list and reports")


def _doubtful_names(claimed: Attributions) -> frozenset[str]:
    """Return the participants whose name may be two people's in the reports.

    Two connections at once under one name may be two people (one person's two devices
    look the same), and so may a connection and one that is surely somebody else's.
    """
    stays: Mapping[str, list[Stay]] = defaultdict(list)
    others: Mapping[str, set[str]] = defaultdict(set)
    for each in claimed:
        if each.is_identified:
            for form in displayed_forms(each.connection.shown_name):
                others[form].update(claim.participant for claim in each.claims)
    doubtful = set()
    for each in claimed:
        if [claim.why for claim in each.claims] == [FULL_NAME]:
            participant = each.claims[0].participant
            stays[participant].append(each.connection.stay)
            forms = displayed_forms(each.connection.shown_name)
            if any(others[form] - {participant} for form in forms):
                doubtful.add(participant)
    return frozenset(doubtful | {each for each, held in stays.items() if _at_once(held)})


def _at_once(stays: Sequence[Stay]) -> bool:
    times = [each.certain.intervals for each in stays if not each.waiting]
    ordered = sorted(interval for intervals in times for interval in intervals)
    return any(after.start < before.end for before, after in pairwise(ordered))


def _replayed(attribution: Attribution, acts: Sequence[Override]) -> Attribution:
    for act in acts:
        if act.kind is OverrideKind.LINK:
            attribution = _surely(
                attribution.connection, act.participant, f"linked by {act.by}: {act.why}"
            )
        else:
            left = tuple(each for each in attribution.claims if each.participant != act.participant)
            attribution = replace(attribution, claims=left)
    return attribution
