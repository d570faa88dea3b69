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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter

from cecert.domain.evidence.attendance import Stay
from cecert.domain.evidence.directory import (
    CONTRADICTION,
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
from cecert.domain.evidence.overrides import Override, OverrideKind, row_mark
from cecert.domain.people.name_matching import displayed_forms, is_nobodys
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.people.person import folded_email

__all__ = [
    "NOTE_TAKER",
    "Attribution",
    "Candidate",
    "Connection",
    "Directory",
    "alias_reason",
    "attribute",
    "link",
    "lost_links",
]


NOTE_TAKER = "name of a note-taking program, which is nobody's presence"
"""Why a note-taker's row never decides."""

SHOWN_ELSEWHERE = "name that is surely theirs in another row"


@dataclass(frozen=True, slots=True)
class Connection:
    """One row of an attendance report: somebody's connection.

    Attributes:
        shown_name: The display name, as the platform wrote it.
        email: The address the platform knew, "" for most guests.
        platform_id: What the platform calls this person on every visit, "" if unknown.
        stay: When, and where it was read; waiting-room rows say so.
        sha256: Of the file it was read in.
        role: `host`, `panelist`, ... where the report has it.
        account: The address of the account that was signed in (Teams' UPN), "" if unknown.
        registrant_id: What the platform calls the registration, where it tells both.
        further_emails: Other addresses of the row: a webinar's registration.
        possible_emails: Addresses of several people, of whom it is one.
        further_names: Other names of the row, likewise.
        licenses: Licences of the row, as written.
        mark: Mark of what the row says, wherever it stands; made with it, as it is asked for
            again and again.
    """

    shown_name: str
    email: str
    platform_id: str
    stay: Stay
    sha256: str = ""
    role: str = ""
    account: str = ""
    registrant_id: str = ""
    further_emails: tuple[str, ...] = ()
    possible_emails: tuple[str, ...] = ()
    further_names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    mark: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stay = self.stay
        texts = self.shown_name, self.email, self.platform_id
        mark = row_mark(texts, stay.joined, stay.left, waiting=stay.waiting, within=stay.within)
        object.__setattr__(self, "mark", mark)

    @property
    def place(self) -> str:
        """`oct29.csv:44`, as an override names it."""
        return f"{self.stay.file}:{self.stay.line}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant to whom a connection belongs, surely or possibly.

    Attributes:
        participant: Identity.
        sure: Whether it decides; else it only raises the question.
        why: By what, for the explanation: `e-mail address`.
    """

    participant: str
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """A connection and everybody it may belong to; nobody means it is in the pool."""

    connection: Connection
    claims: tuple[Candidate, ...] = ()

    @property
    def sure_of(self) -> str:
        """The one participant it surely belongs to, or ""."""
        return next((each.participant for each in self.claims if each.sure), "")

    @property
    def is_identified(self) -> bool:
        """Whether something in it identifies somebody, though maybe it names another, too."""
        return any(each.sure or each.why.startswith(CONTRADICTION) for each in self.claims)


def attribute(
    connections: Sequence[Connection], directory: Directory, *, names_decide: bool = False
) -> tuple[Attribution, ...]:
    """Say whose each connection is by the evidence itself, in the order given.

    Args:
        connections: All rows of all files.
        directory: The registrants, with the aliases.
        names_decide: Whether a unique full name is sure in this course, not only possible.
    """
    seen = _seen(connections)
    _judge(list(seen.values()), directory)
    claimed = [Attribution(each, seen[_said_of(each)].claims) for each in connections]
    if not names_decide:
        return tuple(claimed)
    doubtful = _doubtful_names(claimed)
    return tuple(_decided_by_name(each, doubtful) for each in claimed)


class _Seen:
    """Somebody as rows show them: who connects again and again is judged once.

    Attributes:
        connection: The first of the rows, all of which say the same of whose they are.
        said: Whom each thing in them names.
        claims: Whose they are, or may be.
    """

    __slots__ = ("claims", "connection", "said")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.said: tuple[Mention, ...] = ()
        self.claims: tuple[Candidate, ...] = ()


def _seen(connections: Sequence[Connection]) -> dict[tuple[object, ...], _Seen]:
    """Return who is seen in the rows, by all that these say of it, in their order."""
    seen: dict[tuple[object, ...], _Seen] = {}
    for each in connections:
        said = _said_of(each)
        if said not in seen:
            seen[said] = _Seen(each)
    return seen


def _judge(seen: Sequence[_Seen], directory: Directory) -> None:
    for each in seen:
        each.said = directory.said_by(_keys_of(each.connection))
    _add_company(seen)
    for each in seen:
        each.claims = _judged(each.connection, each.said)
    _add_shown_elsewhere(seen, directory)


_said_of = attrgetter(
    "shown_name", "email", "platform_id", "account", "registrant_id", "further_emails",
    "possible_emails", "further_names", "licenses",
)  # fmt: skip
"""Returns all that a row says of whose it is; the rest is when."""


def link(
    attributions: Sequence[Attribution], overrides: Iterable[Override]
) -> tuple[Attribution, ...]:
    """Replay the links and unlinks among *overrides*, in the order they were made.

    A row is found by its mark wherever it stands now, and by its place where the
    override holds no mark. What finds no row changes nothing; `lost_links` names it.
    """
    acts: Mapping[str, list[Override]] = defaultdict(list)
    for each in _link_acts(overrides):
        acts[each.inputs or each.connection].append(each)
    if not acts:
        return tuple(attributions)
    return tuple(
        _replayed(each, [*acts.get(each.connection.mark, ()), *acts.get(each.connection.place, ())])
        for each in attributions
    )


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


def _judged(connection: Connection, said: Sequence[Mention]) -> tuple[Candidate, ...]:
    found = whose(said)
    if is_note_taker(connection.shown_name):
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


def _add_company(seen: Sequence[_Seen]) -> None:
    """Add to rows that nothing identifies who else is known under their platform id, or account."""
    people: Mapping[str, dict[str, None]] = defaultdict(dict)
    doubted: set[str] = set()
    for each in seen:
        known_as = _known_as(each.connection)
        if known_as and any(it.decides for it in each.said):
            found = _judged(each.connection, each.said)
            people[known_as].update((it.participant, None) for it in found)
            doubted |= set() if found and found[0].sure else {known_as}
    for each in seen if people else ():
        if not any(it.decides for it in each.said):
            each.said = (*_company(each.connection, people, doubted), *each.said)


def _known_as(connection: Connection) -> str:
    return connection.platform_id or folded_email(connection.account)


def _company(
    connection: Connection, people: Mapping[str, Mapping[str, None]], doubted: Collection[str]
) -> Iterator[Mention]:
    known_as = _known_as(connection)
    if not (found := tuple(people.get(known_as, ()))):
        return
    one = len(found) == 1 and known_as not in doubted
    what = "platform id" if connection.platform_id else "account"
    yield Mention(found, f"same {what}" if one else f"{what} that several people used", decides=one)


def _add_shown_elsewhere(seen: Sequence[_Seen], directory: Directory) -> None:
    """Propose for a name that nobody claims who is surely called so in another row."""
    wanted = {form for each in seen if not each.claims for form in _shown_forms(each.connection)}
    if not wanted:
        return
    called: Mapping[str, dict[str, None]] = defaultdict(dict)
    for each in seen:
        if not (each.claims and each.claims[0].sure):
            continue
        owner = each.claims[0].participant
        for form in wanted.intersection(_shown_forms(each.connection)):
            if owner not in called.get(form, ()) and directory.may_be_called(owner, form):
                called[form][owner] = None
    for each in seen:
        if not each.claims:
            each.claims = _called_so(each.connection, called)


def _called_so(
    connection: Connection, called: Mapping[str, Mapping[str, None]]
) -> tuple[Candidate, ...]:
    found = {each for form in _shown_forms(connection) for each in called.get(form, ())}
    return () if len(found) > MOST_ALIKE else _possibly(sorted(found), SHOWN_ELSEWHERE)


def _shown_forms(connection: Connection) -> list[str]:
    shown = connection.shown_name
    forms = () if is_note_taker(shown) else displayed_forms(shown)
    return [each for each in forms if not is_nobodys(each)]


def _possibly(people: Sequence[str], why: str) -> tuple[Candidate, ...]:
    return tuple([Candidate(each, sure=False, why=why) for each in people])


def _decided_by_name(attribution: Attribution, doubtful: frozenset[str]) -> Attribution:
    claims, connection = attribution.claims, attribution.connection
    if [each.why for each in claims] != [FULL_NAME] or claims[0].participant in doubtful:
        return attribution
    return _surely(connection, claims[0].participant, "full name, unique in list and reports")


def _doubtful_names(claimed: Sequence[Attribution]) -> frozenset[str]:
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
