"""The registrants, by everything a row can name them by.

Each thing a row says (an id, an address, an account, a name, a licence) is looked up by
itself, so that what contradicts another thing in the same row is seen. Nothing is
decided here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cecert.domain.evidence.overrides import Override
from cecert.domain.people.name_matching import (
    comparison_forms,
    displayed_forms,
    is_generic,
    name_forms,
    name_parts,
    name_words,
)
from cecert.domain.people.person import License, folded_email
from cecert.domain.values.quick_making import quickly_made
from cecert.domain.values.spreadsheets import without_zeros
from cecert.domain.values.wording import joined

__all__ = [
    "CONTRADICTION",
    "FULL_NAME",
    "IN_BRACKETS",
    "MOST_ALIKE",
    "Directory",
    "Keys",
    "Mention",
    "Whose",
    "alias_reason",
    "whose",
]

FULL_NAME = "full name alone"
IN_BRACKETS = "name in brackets"
_OTHERWISE = "name, written otherwise"
_AND_MORE = "name with more beside it"
_IN_PART = "part of a name"
_ALIKE = "name that reads alike"
_LICENSE = "licence"

CUTOFF = 85
"""Least likeness of two names, of 100 (docs/spec/attendance.md 10)."""

LEAST_PREFIX = 3
"""Letters of a first name that a short form must share: Magda, Magdalena."""

MOST_ALIKE = 3
"""People of whom a part of a name, or a likeness, may be: what fits more names nobody."""

LEAST_DIGITS = 4
"""Digits of a licence number that stands without its state."""

_NAMES_KEPT = 4_096
"""Names of which is known whom they name: reports and forms have them in much the same order."""

_TWO = 2
_NUMBER_WORD = re.compile(r"[^\W_][\w-]*")


@quickly_made
@dataclass(frozen=True, slots=True)
class Keys:
    """Everything a row says about whose it is.

    Attributes:
        ids: What it calls the person, each with what that is: `platform id`.
        addresses: Likewise: `e-mail address`.
        possible: Addresses of several people, of whom it is one.
        names: Names as written; a bracket is a name of its own.
        licenses: Licences as written.
        further: Ids that may be those of another system: a list's; of a meeting's row the
            registration's alone.
    """

    ids: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    possible: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Mention:
    """The people that one thing in a row names.

    Attributes:
        people: Identities, in the registrations' order; several where it names no single one.
        why: What names them: `e-mail address`.
        decides: Whether it identifies, where nothing else in the row says otherwise.
        faint: Whether it is too weak to raise a question of its own: it can only contradict.
    """

    people: tuple[str, ...]
    why: str
    decides: bool = False
    faint: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a row is by all that it says.

    Attributes:
        people: Identities; none where it names nobody who registered.
        sure: Whether it is decided: it is then one person's.
        why: By what, or why it cannot be decided.
        contested: Whether two things in it name different people.
    """

    people: tuple[str, ...] = ()
    sure: bool = False
    why: str = ""
    contested: bool = False


CONTRADICTION = "one row that names several registrants"


def whose(said: Sequence[Mention]) -> Whose:
    """Judge a row by all that it says.

    What identifies decides where everything else agrees, or names nobody. Two things that
    name different people are a question to each of them, never a decision by the stronger.
    """
    decisive = [each for each in said if each.decides]
    plain = [each for each in said if decisive or not each.faint]
    if not plain:
        return Whose()
    common = tuple(each for each in plain[0].people if all(each in other.people for other in plain))
    if common:
        return Whose(common, bool(decisive), (decisive or plain)[0].why)
    everybody = tuple(dict.fromkeys(person for each in plain for person in each.people))
    reasons = joined(list(dict.fromkeys(each.why for each in plain)))
    return Whose(everybody, why=f"{CONTRADICTION} ({reasons})", contested=True)


class Directory:
    """The registrants, by everything they can be known by."""

    def __init__(
        self,
        registered: Iterable[tuple[str, str, str]],
        aliases: Iterable[Override] = (),
        licenses: Mapping[str, Sequence[License]] | None = None,
        further_emails: Mapping[str, Sequence[str]] | None = None,
        further_ids: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Index the registrants.

        Args:
            registered: Triples of identity, name and e-mail.
            aliases: Overrides that say whom a name or an address means.
            licenses: Licences by identity.
            further_emails: Other addresses by identity; each names its person as the first does.
            further_ids: Ids of other systems by identity, likewise.
        """
        self.names: dict[str, str] = {}
        self._emails: _People = {}
        self._aliases: dict[str, Override] = {}
        self._further: _People = {}
        self._licenses: _People = {}
        for identity, name, email in registered:
            self.names[identity] = name
            for each in (email, *(further_emails or {}).get(identity, ())):
                folded = folded_email(each)
                # Of nearly everybody it is the identity: one text is held, not two.
                _enter(self._emails, identity if folded == identity else folded, identity)
        for identity, ids in (further_ids or {}).items():
            for each in ids:
                _enter(self._further, each, identity)
        for alias in aliases:
            for key in _alias_keys(alias.alias):
                self._aliases[key] = alias
        for identity, held in (licenses or {}).items():
            for key in (key for each in held for key in _license_keys(each)):
                _enter(self._licenses, key, identity)
        self._bare: dict[str, str] = {}
        self._called = _Called(self.names)
        self._by_name: dict[str, tuple[Mention, ...]] = {}

    def knows(self, identity: str) -> bool:
        """Say whether somebody of this identity is registered."""
        return identity in self.names

    def near_id(self, key: str) -> str:
        """Return the id that a spreadsheet may have made *key* of, "" if there is none.

        What is somebody's id as it stands is made of no other.
        """
        if not self._bare:
            for identity in self.names:
                self._bare.setdefault(without_zeros(identity), identity)
        bare = without_zeros(key)
        return self._bare.get(bare, "") if bare and not self.knows(key) else ""

    def may_be_called(self, identity: str, form: str) -> bool:
        """Say whether somebody may be called so: by a word of their name, or of nobody's."""
        words = set(name_words(form))
        own = words & set(name_words(self.names.get(identity, "")))
        return bool(own) or not any(map(self._called.has_word, words))

    def holders(self, email: str) -> Sequence[str]:
        """Return who registered with an address; two or more share it."""
        return _entered(self._emails, folded_email(email)) if email else ()

    def said_by(self, keys: Keys) -> tuple[Mention, ...]:
        """Return whom each thing in a row names, strongest first; what names nobody is left out."""
        found = [Mention((key,), what, decides=True) for key, what in keys.ids if self.knows(key)]
        for key in keys.further:
            found += self._by_further_id(key)
        for address, what in keys.addresses:
            if address:
                found += self._by_address(address, what)
        if keys.possible:
            found += self._one_of(keys.possible)
        for name in keys.names:
            found += self._named(name)
        for text in keys.licenses:
            found += self._licensed(text)
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    def _by_further_id(self, key: str) -> Iterator[Mention]:
        if holders := _entered(self._further, key):
            why = "id in another system"
            yield Mention(holders, why, decides=len(holders) == 1)

    def _by_address(self, address: str, what: str) -> Iterator[Mention]:
        folded = folded_email(address) if address else ""
        if holders := _entered(self._emails, folded) if folded else ():
            one = len(holders) == 1
            why = what if one else f"address that {len(holders)} registrants share"
            yield Mention(holders, why, decides=one)
        if folded and (alias := self._aliases.get(folded)):
            yield Mention((alias.participant,), alias_reason(alias), decides=True)

    def _one_of(self, addresses: Sequence[str]) -> Iterator[Mention]:
        named = [each for address in addresses for each in self._by_address(address, "")]
        if people := tuple(dict.fromkeys(person for each in named for person in each.people)):
            yield Mention(people, "address of somebody who is called so")

    def _named(self, name: str) -> tuple[Mention, ...]:
        if name not in self._by_name:
            if len(self._by_name) >= _NAMES_KEPT:
                self._by_name.clear()
            self._by_name[name] = tuple(self._names_in(name))
        return self._by_name[name]

    def _names_in(self, name: str) -> Iterator[Mention]:
        shown = displayed_forms(name)
        for part in name_parts(name):
            forms = comparison_forms(part)
            known = (self._aliases[each] for each in forms if each in self._aliases)
            if alias := next(known, None):
                # What somebody said of a name stands instead of what the name says.
                yield Mention((alias.participant,), alias_reason(alias), decides=True)
            else:
                yield from self._called.mentions(part, in_brackets=forms != shown)

    def _licensed(self, text: str) -> Iterator[Mention]:
        figures = _figures(text)
        found = _entered(self._licenses, figures) or _entered(self._licenses, _number(text))
        if found:
            yield Mention(found, _LICENSE)


def alias_reason(alias: Override) -> str:
    """Return by what an alias claims a row."""
    return f"alias by {alias.by}: {alias.why}"


def _alias_keys(alias: str) -> tuple[str, ...]:
    return (folded_email(alias),) if "@" in alias else comparison_forms(alias)


def _figures(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _number(text: str) -> str:
    """Return the number at a licence's end, "" where it is too short to tell anybody by."""
    words = [each for each in _NUMBER_WORD.findall(text) if any(map(str.isdigit, each))]
    number = _figures(words[-1]) if words else ""
    return number if sum(each.isdigit() for each in number) >= LEAST_DIGITS else ""


def _license_keys(held: License) -> Iterator[str]:
    yield _figures(str(held))
    if number := _number(held.number):
        yield number


_People = dict[str, str | dict[str, None]]
"""Identities by what they are known by: nearly every key is one person's; more are in order."""


def _enter(index: _People, key: str, identity: str) -> None:
    """Enter somebody under a key, once."""
    held = index.setdefault(key, identity)
    if isinstance(held, dict):
        held[identity] = None
    elif held != identity:
        index[key] = {held: None, identity: None}


def _entered(index: _People, key: str) -> tuple[str, ...]:
    """Return who is entered under a key, in the registrations' order."""
    held = index.get(key)
    if held is None:
        return ()
    return (held,) if isinstance(held, str) else tuple(held)


def _text_of(words: Iterable[str]) -> str:
    """Return different words as one text, whatever their order: a set is four times as large."""
    return " ".join(sorted(words))


class _Called:
    """Registered names, prepared once for many display names.

    A name is held as the text of its words (`_text_of`).
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._forms: _People = {}
        self._entries: _People = {}
        self._holding: Mapping[str, list[str]] = defaultdict(list)
        self._short: Mapping[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
        for identity, name in names.items():
            for form in name_forms(name):
                if not is_generic(form):
                    self._enter(identity, form)

    def _enter(self, identity: str, form: str) -> None:
        _enter(self._forms, form, identity)
        words = name_words(form)
        different = frozenset(words)
        if len(different) < _TWO:
            return
        entry = _text_of(different)
        for word in different if entry not in self._entries else ():
            self._holding[word].append(entry)
        _enter(self._entries, entry, identity)
        if len(words[0]) >= LEAST_PREFIX:
            given = self._short[words[0][:LEAST_PREFIX], words[-1][0]]
            given.setdefault(words[0], []).append(identity)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {identity: place for place, identity in enumerate(self._names)}

    def has_word(self, word: str) -> bool:
        """Say whether a word is part of anybody's name."""
        return word in self._holding

    def mentions(self, part: str, *, in_brackets: bool) -> Iterator[Mention]:
        """Yield whom a name without brackets names; by likeness only where nothing plainer does."""
        forms = [each for each in comparison_forms(part) if not is_generic(each)]
        if exact := self._people(each for form in forms for each in _entered(self._forms, form)):
            yield Mention(exact, IN_BRACKETS if in_brackets else FULL_NAME)
            return
        words = frozenset(name_words(part))
        if same := self._people(_entered(self._entries, _text_of(words))):
            yield Mention(same, _OTHERWISE)
            return
        near = self._near(words)
        if held := list(self._held_in(near)):
            yield from (Mention(people, _AND_MORE) for people in held)
        elif forms and (around := self._around(words, near)):
            yield from [Mention(around, _IN_PART)] if len(around) <= MOST_ALIKE else []
        elif like := self._alike(words, near) or self._abbreviated(part):
            yield from [Mention(like, _ALIKE, faint=True)] if len(like) <= MOST_ALIKE else []

    def _people(self, found: Iterable[str]) -> tuple[str, ...]:
        people = tuple(dict.fromkeys(found))
        return people if len(people) < _TWO else tuple(sorted(people, key=self._order.__getitem__))

    def _near(self, words: frozenset[str]) -> dict[str, int]:
        """Return the names that have a word in common, with how many."""
        shared: dict[str, int] = defaultdict(int)
        for word in words:
            for entry in self._holding.get(word, ()):
                shared[entry] += 1
        return shared

    def _held_in(self, near: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
        """Yield whose whole name is there: several, where it is several people's."""
        whole = {
            frozenset(entry.split()) for entry, shared in near.items() if shared > entry.count(" ")
        }
        # Ana Maria Ruiz is not Ana Ruiz too.
        longest = [each for each in whole if not any(each < other for other in whole)]
        for each in sorted(longest, key=sorted):
            yield self._people(_entered(self._entries, _text_of(each)))

    def _around(self, words: frozenset[str], near: Mapping[str, int]) -> tuple[str, ...]:
        """Return whose name has all of *words* and more."""
        if len(words) < _TWO or any(len(each) < _TWO for each in words):
            return ()
        found = [entry for entry, shared in near.items() if shared == len(words)]
        return self._all(found)

    def _all(self, entries: Iterable[str]) -> tuple[str, ...]:
        return self._people(each for entry in entries for each in _entered(self._entries, entry))

    def _alike(self, words: frozenset[str], near: Collection[str]) -> tuple[str, ...]:
        if len(words) < _TWO:
            return ()
        from rapidfuzz import fuzz  # few who look somebody up come to this

        shown = _text_of(words)
        return self._all(each for each in near if fuzz.ratio(shown, each, score_cutoff=CUTOFF))

    def _abbreviated(self, part: str) -> tuple[str, ...]:
        """Return of whom a first name and an initial is a short form: Tobias L."""
        words = name_words(part)
        if len(words) != _TWO or len(words[1]) != 1 or len(words[0]) < LEAST_PREFIX:
            return ()
        begun = self._short.get((words[0][:LEAST_PREFIX], words[1]), {})
        return self._people(
            each for given, people in begun.items() if given.startswith(words[0]) for each in people
        )
