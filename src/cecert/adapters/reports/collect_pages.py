"""The report of `collect` in pages: up to 200 people are one page, more are an index and pages.

The index says what is about all of them: how many stand where, what to do next, the
questions, connections of nobody's, the record. It finds anybody by name or address without
a server, in the page itself, and links to the pages, which have the people by their names.
Only one page is held at a time.
"""

from __future__ import annotations

import shlex
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from cecert.adapters.reports.collect_report import CollectReport, collection_report
from cecert.adapters.reports.commands import Commands
from cecert.adapters.reports.drawn import Drawn
from cecert.adapters.reports.headings import counts, pieces
from cecert.domain.evidence.collection import Collection
from cecert.domain.evidence.overrides import mark_of
from cecert.domain.evidence.standing import Standing, State, by_state
from cecert.domain.evidence.standings import Standings, states_of
from cecert.domain.values.json_text import one_line

__all__ = ["PEOPLE_A_PAGE", "CollectPages", "collection_pages"]

PEOPLE_A_PAGE = 200
"""People of one page; a report of so many is one page."""

NAMES_SHOWN = 20
"""People whom the index names in each section; the search has all of them."""

_NO_FINDING = "That is no finding against them."
_SECTIONS = {
    State.REVIEW: ("", "Your decision", ""),
    State.UNPROVEN: ("unproven", "Other proof needed",
        f"The reports cannot show whether they were there in between. {_NO_FINDING}"),
    State.UNFOUND: ("unfound", "Not found in the reports",
        f"They may have been there under another name or address. {_NO_FINDING}"),
    State.WAITING: ("waiting", "Waiting for the participant", ""),
    State.DENIED: ("denied", "No certificate",
        "A sentence to read out stands with each of them on the pages."),
    State.READY: ("ready", "Ready for a certificate", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CollectPages:
    """A report as it is to be written; each piece is made when it is asked for.

    Attributes:
        page: The report, or the index of its pages.
        further: The pages of people with their file names; none where `page` has everybody.
    """

    page: Iterator[bytes]
    further: Iterator[tuple[str, Iterator[bytes]]]


def collection_pages(
    collection: Collection,
    templates: Path,
    commands: Commands,
    standings: Sequence[Standing],
    name: str,
    drawn: Callable[[Standing], Drawn] | None = None,
) -> CollectPages:
    """Return the report of a collection, in as many pages as its people need.

    Args:
        collection: What was found.
        templates: The folder of templates.
        commands: What was run, and what the answers' file is called.
        standings: Where everybody stands.
        name: What the report is called: `completions.report`, of which the page is
            `completions.report.html`, and `completions.report` the folder of further pages.
        drawn: Returns what is shown of somebody, where it was drawn before.
    """
    everybody = Standings.of(standings)
    standing = everybody.by_state()
    if len(standings) <= PEOPLE_A_PAGE:
        page = collection_report(collection, templates, commands, standing)
        return CollectPages(page, iter(()))
    report = CollectReport(collection, commands, standing, drawn)
    pages = tuple(_pages(everybody))
    return CollectPages(
        _index(report, templates, pages, quote(name)),
        _further(report, templates, pages, f"../{quote(name)}.html"),
    )


def _further(
    report: CollectReport, templates: Path, pages: Sequence[_Page], index: str
) -> Iterator[tuple[str, Iterator[bytes]]]:
    for each in pages:
        page = replace(each, standings=tuple(each.standings))  # one page's people at a time
        yield page.file, _people(report, templates, page, len(pages), index)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of people.

    Attributes:
        number: From 1.
        standings: Whose it is, in the order of their names.
    """

    number: int
    standings: Sequence[Standing]

    @property
    def file(self) -> str:
        """Its file's name."""
        return f"{self.number:03d}.html"

    @property
    def first(self) -> str:
        """The first name on it."""
        return self.standings[0].participant.registrant.name

    @property
    def last(self) -> str:
        """The last name on it."""
        return self.standings[-1].participant.registrant.name


def _pages(standings: Standings) -> Iterator[_Page]:
    ordered = standings.in_order(_by_name)
    for number, begun in enumerate(range(0, len(ordered), PEOPLE_A_PAGE), 1):
        yield _Page(number, ordered[begun : begun + PEOPLE_A_PAGE])


def _by_name(standing: Standing) -> tuple[str, str, str]:
    """Order names as an index does: marks on letters and capitals make no difference."""
    name = standing.participant.registrant.name
    bare = name
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name)
        bare = "".join(each for each in letters if not unicodedata.combining(each))
    return bare.casefold(), name, standing.participant.identity


# Asked by the page of a person, and by the search.
@lru_cache(maxsize=8_192)
def _anchor(identity: str) -> str:
    """Return where a person stands on a page: the same after every run, and never another's."""
    return f"p-{mark_of(identity)}"


def _people(
    report: CollectReport, templates: Path, page: _Page, last: int, index: str
) -> Iterator[bytes]:
    """Yield a page of people: all that the report of one page says of them."""
    standing = by_state(page.standings)
    told = counts(standing)
    for each in told:
        # The questions stand in the index alone, so that their answers are saved as one file.
        each["link"] = f"{index}#decision" if each["state"] == "review" else each["link"]
    values = report.top | {
        "headline": f"{page.first} to {page.last}",
        "counts": told,
        "total": len(page.standings),
        "page": f"page {page.number} of {last}",
        "index": index,
        "before": f"{page.number - 1:03d}.html" if page.number > 1 else "",
        "after": f"{page.number + 1:03d}.html" if page.number < last else "",
    }
    rows = [each.participant for each in page.standings]
    return pieces(
        templates, "collect-people.html", **values, **report.people(standing, rows, _anchor)
    )


def _index(
    report: CollectReport, templates: Path, pages: Sequence[_Page], name: str
) -> Iterator[bytes]:
    """Yield the index: what is about everybody, and where each of them stands."""
    firsts = _firsts(pages)
    return pieces(
        templates,
        "collect-index.html",
        **report.top,
        **report.decisions(),
        **report.record(),
        index="",
        folder=name,
        states=[
            {"state": state.value, "title": title}
            for state, (_, title, _) in _SECTIONS.items()
            if report.standing[state]
        ],
        sections=[
            section
            for state, words in _SECTIONS.items()
            if (section := _section(words, report.standing[state], firsts[state], name))
        ],
        pages=[_listed(each, name) for each in pages],
        entries=_entries(pages),
    )


def _firsts(pages: Sequence[_Page]) -> dict[State, list[tuple[Standing, _Page]]]:
    """Return the first people of each state by their names, with the pages where they are."""
    found: dict[State, list[tuple[Standing, _Page]]] = {state: [] for state in State}
    for page in pages:
        for place, state in enumerate(states_of(page.standings)):
            if len(found[state]) < NAMES_SHOWN:
                found[state].append((page.standings[place], page))
    return found


def _section(
    words: tuple[str, str, str],
    standings: Sequence[Standing],
    firsts: Sequence[tuple[Standing, _Page]],
    name: str,
) -> dict[str, Any]:
    """Return the first people of a state, each with a link; {} where nobody is in it."""
    anchor, title, lead = words
    if not standings or not anchor:  # who needs a decision stands with the questions
        return {}
    return {
        "id": anchor,
        "title": title,
        "lead": lead,
        "total": len(standings),
        "state": standings[0].state.value,
        "people": [
            {
                "name": each.participant.registrant.name,
                "word": each.word,
                "link": _link(each, page, name),
            }
            for each, page in firsts
        ],
    }


def _link(standing: Standing, page: _Page, name: str) -> str:
    return f"{name}/{page.file}#{_anchor(standing.participant.identity)}"


def _listed(page: _Page, name: str) -> dict[str, Any]:
    """Return a page's line in the index."""
    found = Counter(states_of(page.standings))
    return {
        "number": page.number,
        "link": f"{name}/{page.file}",
        "first": page.first,
        "last": page.last,
        "counts": {state.value: found[state] for state in State},
    }


def _entries(pages: Sequence[_Page]) -> Iterator[Markup]:
    """Yield what the search knows of everybody: name, identity, page, state, place, shell word."""
    before = ""
    for page in pages:
        for each in page.standings:
            identity = each.participant.identity
            known: list[object] = [
                each.participant.registrant.name,
                identity,
                page.number,
                each.state.value,
                _anchor(identity),
            ]
            if (word := shlex.quote(identity)) != identity:
                known.append(word)
            yield Markup(before) + htmlsafe_json_dumps(known, dumps=one_line)  # noqa: S704
            before = ",\n"
