"""Which licences a credit is for: a finding for whoever asks for it with another.

A credit of Massachusetts earns a Connecticut licensee nothing there, and an approval by the
American Psychological Association alone counts in New York for nobody since 2021. Who holds
no licence that is known is asked nothing, but where the credit is for the licence's state.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from cecert.argument_types import typed
from cecert.domain.values.states import state_name
from cecert.domain.values.wording import joined
from cecert.errors import WrongValueError

__all__ = ["Exclusion", "HeldLicense", "LicenseRule"]


class HeldLicense(Protocol):
    """A licence as somebody holds it. Threads may share it."""

    @property
    def jurisdiction(self) -> str:
        """The two letters of its state."""

    @property
    def title(self) -> str:
        """The title it has there."""


LicenseT = TypeVar("LicenseT", bound=HeldLicense)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A state where such credit does not count. Threads may share it.

    Attributes:
        state: Its two letters.
        since: The first session date from which it does not, None if always.
        source: Where it can be read, and how it is known.
    """

    state: str
    since: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Say whether it holds for a course whose last session is on *day*."""
        return self.since is None or self.since <= day


@dataclass(frozen=True, slots=True)
class LicenseRule:
    """The licences one credential type is for. Threads may share it.

    Attributes:
        states: Two letters each; empty for all.
        titles: As licensees write them; empty for all.
        excluded: States where the credit does not count.
        of_credit: Each credit of a course names its states, and certificates print the
            state of the person's licence.
        denies: Whether another licence earns no credit; else it is only told.
    """

    states: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    of_credit: bool = False
    denies: bool = False

    @typed
    def __post_init__(self) -> None:
        for each in (*self.states, *(one.state for one in self.excluded)):
            if not state_name(each):
                raise WrongValueError(f"{each} is not the two letters of a state, such as NY")

    def of_states(self, states: tuple[str, ...]) -> LicenseRule:
        """Return the rule of a credit that names its states."""
        return replace(self, states=states)

    @typed
    def counting(self, licenses: Sequence[LicenseT], day: date) -> tuple[LicenseT, ...]:
        """Return those of *licenses* that the credit of a course that ends on *day* is for."""
        out = {each.state for each in self.excluded if each.holds_on(day)}
        return tuple(
            each
            for each in licenses
            if each.jurisdiction not in out
            and (not self.states or each.jurisdiction in self.states)
            and self._has_title(each.title)
        )

    @typed
    def problem(self, licenses: Sequence[HeldLicense], day: date) -> str:
        """Say why a credit is not for who holds *licenses*; "" if it is, or nobody can tell.

        The sentence goes on after what the credit is called.

        >>> from cecert.domain.people.person import License
        >>> LicenseRule(("MA",)).problem([License("CT", "LCSW", "12")], date(2020, 10, 29))
        'is for licences of Massachusetts; the licence here is CT LCSW 12'

        Args:
            licenses: All that are known of a person.
            day: Of the last session.
        """
        if not licenses:
            none = f"is for {self._wanted(licenses)}; there is no licence here"
            return none if self.of_credit else ""
        if self.counting(licenses, day):
            return ""
        held = joined([str(each) for each in licenses])
        here = f"the licence{'s' if len(licenses) > 1 else ''} here {_be(licenses)} {held}"
        states = {each.jurisdiction for each in licenses}
        for each in self.excluded:
            if each.state in states and each.holds_on(day):
                since = f" since {each.since.year}" if each.since else ""
                name = state_name(each.state)
                return f"alone does not count in {name}{since} ({each.source}); {here}"
        return f"is for {self._wanted(licenses)}; {here}"

    def _wanted(self, licenses: Sequence[HeldLicense]) -> str:
        """Say whose licences it is for: the titles too where not the state is what is wrong."""
        titles = ", ".join(self.titles)
        if not self.states:
            return f"licences as {titles}"
        names = joined([state_name(each) for each in self.states])
        own = any(each.jurisdiction in self.states for each in licenses)
        return f"licences of {names} ({titles})" if own and titles else f"licences of {names}"

    def _has_title(self, title: str) -> bool:
        """Say whether a title is one of these, or has one among its words: `LCSW, Ph.D.`."""
        if not self.titles:
            return True
        known = {_folded(each) for each in self.titles}
        return _folded(title) in known or any(_folded(each) in known for each in title.split())


_LETTERS = frozenset(string.ascii_lowercase + string.digits)


def _folded(title: str) -> str:
    return "".join(each for each in title.casefold() if each in _LETTERS)


def _be(licenses: Sequence[HeldLicense]) -> str:
    return "are" if len(licenses) > 1 else "is"
