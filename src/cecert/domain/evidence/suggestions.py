"""Whose connection might it be: hints for a person to accept or not, never decisions.

A name that reads alike, a first name with an initial, a device that begins when
somebody drops out. A hint is followed only where it matters: where the person's
attendance is not met without the connection and would be with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process, utils

from cecert.domain.evidence.attendance import AttendanceStatus, Stay
from cecert.domain.evidence.directory import CUTOFF, LEAST_PREFIX
from cecert.domain.evidence.matching import Attribution, Connection
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.people.name_matching import is_generic, name_forms, name_words
from cecert.domain.people.note_takers import is_note_taker
from cecert.domain.values.durations import spoken
from cecert.domain.values.intervals import Span

__all__ = ["Suggestion", "is_settled", "suggest"]

MOST = 3
"""Most names suggested for one connection."""

CLOSE = 120
"""Seconds between somebody's dropping out and another connection's beginning."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Connections under one name that may be a participant's, and why it is thought so.

    Attributes:
        participant: Identity.
        session: Session id.
        connections: The rows, in order.
        reasons: Sentences, at least one; never a score alone.
    """

    participant: str
    session: str
    connections: tuple[Connection, ...]
    reasons: tuple[str, ...]

    @property
    def stays(self) -> tuple[Stay, ...]:
        """The connections as possible presence."""
        return tuple(replace(each.stay, sure=False) for each in self.connections)


def suggest(
    nobody: Sequence[tuple[str, Attribution]],
    names: Mapping[str, str],
    rulings: Mapping[tuple[str, str], Ruling],
) -> tuple[Suggestion, ...]:
    """Return the suggestions that would matter, in the order of the connections.

    Args:
        nobody: Session id and connection, of those that no registrant claims.
        names: Registered names by identity.
        rulings: What stands for every participant and session.
    """
    open_: Mapping[str, dict[str, Ruling]] = defaultdict(dict)
    for (identity, session), ruling in rulings.items():
        if not is_settled(ruling):
            open_[session][identity] = ruling
    known = _Names(names)
    groups: dict[tuple[str, str, str], list[Connection]] = {}
    for session, attribution in nobody:
        each = attribution.connection
        if each.stay.counts:
            groups.setdefault((session, each.shown_name, each.platform_id), []).append(each)
    return tuple(
        Suggestion(identity, session, tuple(rows), reasons)
        for (session, shown_name, _), rows in groups.items()
        for identity, reasons in _hints((session, shown_name), rows, known, open_)
    )


def is_settled(ruling: Ruling) -> bool:
    """Say whether no connection of nobody's could change anything."""
    met = ruling.attendance.status is AttendanceStatus.MET  # what is certain meets the rule
    return ruling.decision is not None or met


def _hints(
    seen: tuple[str, str],
    rows: Sequence[Connection],
    names: _Names,
    open_: Mapping[str, Mapping[str, Ruling]],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    session, shown_name = seen
    if not open_.get(session) or is_note_taker(shown_name):
        return
    alike = names.alike(shown_name)
    nameless = all(is_generic(form) for form in name_forms(shown_name))
    for identity, ruling in open_[session].items():
        reasons = [alike[identity]] if identity in alike else []
        if nameless:
            reasons += _filling(rows, ruling)
        if reasons and ruling.attendance.would_meet(each.stay for each in rows):
            yield identity, tuple(reasons)


class _Names:
    """Registered names, prepared once for many display names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self._forms = {
            (identity, form): utils.default_process(form)
            for identity, name in names.items()
            for form in name_forms(name)
        }
        self._families: Mapping[str, dict[str, str]] = defaultdict(dict)
        for identity, name in names.items():
            words = name_words(name)
            if len(words) > 1 and len(words[-1]) >= LEAST_PREFIX:
                self._families[words[-1]][identity] = words[0]
        # By how the first name begins, with all of it and the surname's initial.
        self._short: Mapping[str, list[tuple[str, str, str]]] = defaultdict(list)
        for identity, form in self._forms:
            given, *family = form.split()
            if family and len(given) >= LEAST_PREFIX:
                self._short[given[:LEAST_PREFIX]].append((given, family[-1][0], identity))

    def alike(self, shown: str) -> dict[str, str]:
        """Return who has a name like *shown*, with the sentence that says how."""
        hinted = self._shortened(shown)
        if len(hinted) == 1:
            return hinted
        scores: dict[str, float] = {}
        for form in name_forms(shown):
            for _, score, (identity, _form) in [] if is_generic(form) else self._like(form):
                scores[identity] = max(score, scores.get(identity, 0))
        best = sorted(scores, key=lambda each: (-scores[each], each))[:MOST]
        if not best:
            return self._of_one_family(shown)
        return {
            each: f"The name reads like {self.names[each]} (likeness {scores[each]:.0f} of 100)."
            for each in best
        }

    def _of_one_family(self, shown: str) -> dict[str, str]:
        """Return who alone has the surname of *shown*: Sue Mueller may be Susan Müller.

        Where several have it, the first letter of the first name must tell them apart.
        """
        first, *rest = name_words(shown) or ("",)
        nameless = any(map(is_generic, name_forms(shown)))
        bearers = self._families.get(rest[-1], {}) if rest and not nameless else {}
        told = "The surname is the same; no other registrant has it."
        if len(bearers) > 1:
            bearers = {each: word for each, word in bearers.items() if word[0] == first[0]}
            told = "The surname is the same and the first name begins alike; no other does."
        return {each: told for each in bearers if len(bearers) == 1}

    def _shortened(self, shown: str) -> dict[str, str]:
        """Return of whom *shown* is a short form: the first name begins alike, an initial fits."""
        hinted: dict[str, str] = {}
        for form in name_forms(shown):
            first, *rest = form.split()
            initial = rest[-1].strip(".") if rest else ""
            if rest and not initial:
                continue
            fits = " and the initial fits" if initial else ""
            told = f"The first name begins alike{fits}; no other registrant comes near."
            begun = self._short.get(first[:LEAST_PREFIX], ())
            for given, family, identity in begun if len(first) >= LEAST_PREFIX else ():
                if given.startswith(first) and initial in {"", family}:
                    hinted.setdefault(identity, told)
        return hinted

    def _like(self, form: str) -> Sequence[tuple[str, float, tuple[str, str]]]:
        return process.extract(
            utils.default_process(form), self._forms, scorer=fuzz.token_sort_ratio,
            score_cutoff=CUTOFF, limit=MOST * 2,
        )  # fmt: skip


def _filling(rows: Sequence[Connection], ruling: Ruling) -> list[str]:
    """Say that connections begin when the person drops out and fill the gap."""
    attendance = ruling.attendance
    there = _presence(rows, ruling)
    for absence in attendance.least.absences if attendance.least.counted else ():
        if not there:
            break
        after = int((there.start - absence.away.start).total_seconds())
        remains = (Span((absence.away,)) & attendance.required) - there
        if 0 <= after <= CLOSE and remains.seconds <= CLOSE:
            return [f"It begins {spoken(after)} after the connection drops out and fills the gap."]
    return []


def _presence(rows: Sequence[Connection], ruling: Ruling) -> Span:
    until = ruling.attendance.required.end
    spans = [each.stay.possible(until) for each in rows]
    return Span.union(interval for span in spans for interval in span.intervals)
