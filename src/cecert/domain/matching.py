"""Whose connection is it: the registration list against what a platform reports.

The registration is the master list. A platform's id or a unique registered address
decides; an operator's alias and link do; a full name does only where the course says
so and nobody else could be meant. Equal names, shared addresses and device names never
decide: they make a connection *possibly* somebody's, which is a question for a person
(INPUT-FORMATS 8). Nobody is dropped: what no registrant claims is listed as nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cecert.domain.attendance import Stay
from cecert.domain.names import comparison_forms, displayed_forms, is_generic, name_forms
from cecert.domain.overrides import Override, OverrideKind, mark_of
from cecert.domain.people import folded_email

__all__ = [
    "Attribution",
    "Claim",
    "Connection",
    "Directory",
    "alias_reason",
    "attribute",
    "link",
    "lost_links",
]


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
    mark: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stay = self.stay
        mark = mark_of(
            self.shown_name, self.email, self.platform_id, stay.joined, stay.left, stay.waiting
        )
        object.__setattr__(self, "mark", mark)

    @property
    def place(self) -> str:
        """`oct29.csv:44`, as an override names it."""
        return f"{self.stay.file}:{self.stay.line}"


@dataclass(frozen=True, slots=True)
class Claim:
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
    claims: tuple[Claim, ...] = ()

    @property
    def sure_of(self) -> str:
        """The one participant it surely belongs to, or ""."""
        return next((each.participant for each in self.claims if each.sure), "")


class Directory:
    """The registrants, by everything they can be known by."""

    def __init__(
        self, registered: Iterable[tuple[str, str, str]], aliases: Iterable[Override] = ()
    ) -> None:
        """Index *registered*, triples of identity, name and e-mail, and the aliases given."""
        self.names: dict[str, str] = {}
        self._emails: Mapping[str, list[str]] = defaultdict(list)
        self._forms: Mapping[str, list[str]] = defaultdict(list)
        self._aliases: dict[str, Override] = {}
        for identity, name, email in registered:
            self.names[identity] = name
            self._emails[folded_email(email)].append(identity)
            for form in name_forms(name):
                self._forms[form].append(identity)
        for alias in aliases:
            for key in _alias_keys(alias.alias):
                self._aliases[key] = alias

    def knows(self, identity: str) -> bool:
        """Say whether somebody of this identity is registered."""
        return identity in self.names

    def holders(self, email: str) -> Sequence[str]:
        """Return who registered with an address; two or more share it."""
        return self._emails.get(folded_email(email), ()) if email else ()

    def bearers(self, form: str) -> Sequence[str]:
        """Return who is registered under a comparison form."""
        return self._forms.get(form, ())

    def alias(self, connection: Connection) -> Override | None:
        """Return the alias that names this connection's participant, if there is one."""
        addresses = (folded_email(connection.email), folded_email(connection.account))
        keys = (*addresses, *name_forms(connection.shown_name))
        return next((self._aliases[key] for key in keys if key in self._aliases), None)


def _alias_keys(alias: str) -> tuple[str, ...]:
    return (folded_email(alias),) if "@" in alias else comparison_forms(alias)


def attribute(
    connections: Sequence[Connection], directory: Directory, *, names_decide: bool = False
) -> tuple[Attribution, ...]:
    """Say whose each connection is by the evidence itself, in the order given.

    Args:
        connections: All rows of all files.
        directory: The registrants, with the aliases.
        names_decide: Whether a unique full name is sure in this course, not only possible.
    """
    known = _by_company([_by_key(each, directory) for each in connections])
    claimed = [each if each.claims else _named(each.connection, directory) for each in known]
    if not names_decide:
        return tuple(claimed)
    doubtful = _doubtful_names(claimed)
    return tuple(_decided_by_name(each, doubtful) for each in claimed)


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
    return tuple(
        _replayed(each, [*acts.get(each.connection.mark, ()), *acts.get(each.connection.place, ())])
        for each in attributions
    )


def lost_links(
    attributions: Sequence[Attribution], overrides: Iterable[Override]
) -> tuple[Override, ...]:
    """Return the links and unlinks whose row is in no report any more, or says something else."""
    found = {each.connection.mark for each in attributions}
    found |= {each.connection.place for each in attributions}
    return tuple(
        each for each in _link_acts(overrides) if (each.inputs or each.connection) not in found
    )


def _link_acts(overrides: Iterable[Override]) -> list[Override]:
    kinds = {OverrideKind.LINK, OverrideKind.UNLINK}
    return [each for each in overrides if each.kind in kinds]


def _by_key(connection: Connection, directory: Directory) -> Attribution:
    if connection.platform_id and directory.knows(connection.platform_id):
        return _surely(connection, connection.platform_id, "platform id")
    addresses = {"e-mail address": connection.email, "account's address": connection.account}
    for what, address in addresses.items():
        if len(holders := directory.holders(address)) == 1:
            return _surely(connection, holders[0], what)
    if alias := directory.alias(connection):
        return _surely(connection, alias.participant, alias_reason(alias))
    return Attribution(connection)


def alias_reason(alias: Override) -> str:
    """Return by what an alias claims a connection."""
    return f"alias by {alias.by}: {alias.why}"


def _surely(connection: Connection, participant: str, why: str) -> Attribution:
    return Attribution(connection, (Claim(participant, sure=True, why=why),))


def _by_company(known: Sequence[Attribution]) -> list[Attribution]:
    """Extend what is sure to the rows that have the same platform id, or account."""
    people: Mapping[str, dict[str, None]] = defaultdict(dict)
    for each in known:
        if each.sure_of and (known_as := _known_as(each.connection)):
            people[known_as][each.sure_of] = None
    return [
        each if each.claims else replace(each, claims=_company(people, each.connection))
        for each in known
    ]


def _known_as(connection: Connection) -> str:
    return connection.platform_id or folded_email(connection.account)


def _company(people: Mapping[str, Mapping[str, None]], connection: Connection) -> tuple[Claim, ...]:
    found = tuple(people.get(_known_as(connection), ()))
    one = len(found) == 1
    what = "platform id" if connection.platform_id else "account"
    why = f"same {what}" if one else f"{what} that several people used"
    return tuple(Claim(each, sure=one, why=why) for each in found)


def _named(connection: Connection, directory: Directory) -> Attribution:
    bearers = {
        identity: form
        for form in reversed(name_forms(connection.shown_name))
        if not is_generic(form)
        for identity in directory.bearers(form)
    }
    holders = directory.holders(connection.email) or directory.holders(connection.account)
    if holders:
        among = [each for each in holders if each in bearers]
        chosen = among if len(among) == 1 else holders
        return _possibly(connection, chosen, f"address that {len(holders)} registrants share")
    if len(bearers) > 1:
        return _possibly(connection, sorted(bearers), "name that several registrants have")
    return _possibly(connection, list(bearers), _name_reason(connection, bearers))


def _name_reason(connection: Connection, bearers: Mapping[str, str]) -> str:
    if connection.email or connection.account:
        return "same name under another address"
    displayed = displayed_forms(connection.shown_name)
    return FULL_NAME if set(bearers.values()) <= set(displayed) else "name in brackets"


FULL_NAME = "full name alone"


def _possibly(connection: Connection, people: Sequence[str], why: str) -> Attribution:
    return Attribution(connection, tuple(Claim(each, sure=False, why=why) for each in people))


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
        if each.sure_of:
            for form in displayed_forms(each.connection.shown_name):
                others[form].add(each.sure_of)
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
    times = [each.certain().intervals for each in stays if not each.waiting]
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
