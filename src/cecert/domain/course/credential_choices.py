"""What somebody chose in a form, as credential types: by id, by label, or by plain words.

`NY Social Work` says `ny-social-work` in other letters, and `Psychologist (APA)` names one
profession and one body that no other type has. `Social work` alone names several types, and
`Social work (Ohio)` says a word that none of them has: neither is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cecert.domain.course.regime import Regime

__all__ = ["CredentialChoices", "parts_of"]

_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[;\r\n]")
_NEUTRAL = frozenset(
    {"ce", "ces", "ceu", "ceus", "credit", "credits", "certificate", "of", "for", "by"}
)
_MEANT = {
    "psychologist": "psychology", "psychologists": "psychology", "counselor": "counseling",
    "counselors": "counseling", "counsellor": "counseling", "counselling": "counseling",
    "worker": "work", "workers": "work", "sw": "social work",
    "ny": "new york", "ma": "massachusetts", "mass": "massachusetts",
}  # fmt: skip
_STATE_WORDS = frozenset({"new", "york", "massachusetts"})
"""Words that say where, which alone say no credit: a form also asks for the licence's state."""


@dataclass(frozen=True, slots=True)
class CredentialChoices:
    """The credential types that there are, by everything that plainly says one.

    Attributes:
        ids: All of them, in order.
        labels: By what each is called in the product's own words, folded; only what calls one.
        words: The words by which each is known.
    """

    ids: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, regimes: Mapping[str, Regime]) -> CredentialChoices:
        """Return the choices that regimes make."""
        called: dict[str, list[str]] = {}
        for each in regimes.values():
            called.setdefault(_folded(each.label), []).append(each.id)
        return cls(
            tuple(sorted(regimes)),
            {label: ids[0] for label, ids in called.items() if label and len(ids) == 1},
            {each.id: frozenset(_words_of(each)) for each in regimes.values()},
        )

    @classmethod
    def of_ids(cls, ids: Iterable[str]) -> CredentialChoices:
        """Return the choices of which only the ids are known."""
        return cls(tuple(sorted(ids)))

    def plainly(self, choice: str) -> str:
        """Return the type that a choice is, by id or label; "" where it is none.

        >>> CredentialChoices(("nbcc",), {"counseling (nbcc)": "nbcc"}).plainly("Counseling (NBCC)")
        'nbcc'
        """
        if choice in self.ids:
            return choice
        text = _folded(choice)
        return self.labels.get(text, "")

    def likely(self, choice: str) -> str:
        """Return the one type that has all words of a choice, "" where none or several do."""
        if found := self.plainly(choice):
            return found
        said = frozenset(_words(choice)) - _NEUTRAL
        named = [each for each, known in self.words.items() if said <= known]
        return named[0] if len(named) == 1 and said - _STATE_WORDS else ""


def parts_of(cell: str, known: Callable[[str], str]) -> Sequence[str]:
    """Return the choices in a cell; commas part them only where each part is one by itself.

    Args:
        cell: As written.
        known: Says of a text what it is, "" for nothing.
    """
    if cell.strip() and known(cell.strip()):
        return [cell.strip()]
    return [part for piece in _PARTS.split(cell) for part in _by_commas(piece.strip(), known)]


def _by_commas(piece: str, known: Callable[[str], str]) -> Iterator[str]:
    parts = [each.strip() for each in piece.split(",") if each.strip()]
    if len(parts) > 1 and not known(piece) and all(map(known, parts)):
        yield from parts
    elif piece:
        yield piece


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _words(text: str) -> Iterator[str]:
    for each in _WORD.findall(text.casefold()):
        yield from _MEANT.get(each, each).split()


def _words_of(regime: Regime) -> Iterator[str]:
    for each in (regime.id, regime.label, regime.profession, regime.jurisdiction):
        yield from _words(each)
