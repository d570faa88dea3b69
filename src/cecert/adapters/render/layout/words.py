"""What stands on a certificate, in the words of docs/spec/certificate-design.md 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cecert.adapters.render.text.italics import italic_sessions
from cecert.domain.certificate.certificate import Certificate, CourseSnapshot
from cecert.domain.certificate.phrases import (
    changes_within,
    format_phrase,
    issue_day,
    replaces_words,
    session_parts,
    session_phrases,
    short_session_phrases,
    sums_nothing,
)
from cecert.domain.course.formats import CourseFormat
from cecert.domain.values.wording import NOT_A_SUM, dates_phrase, day_phrase, joined

__all__ = [
    "LayoutWords", "Words", "dates_words", "day_lines", "heading", "stand_whole", "words_beside",
    "words_of",
]  # fmt: skip

Words = Mapping[str, str]
"""What certificates say, by key: `templates/certificate/en.toml`."""

MOST_DAY_LINES = 3
MOST_DATES = 12
"""Dates in a phrase on the second page; of more there is a list, or the first page has them."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLAUSES = {
    CourseFormat.SELF_STUDY: "clause_self_study",
    CourseFormat.CONFERENCE: "clause_conference",
    CourseFormat.HYBRID: "clause_hybrid",
}
"""What the person did, by key of the words, where it is not the usual."""


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """The phrases of one certificate.

    Attributes:
        heading: What it is.
        clause: What the person did.
        how: Format, level, instructors, one phrase each.
        sessions: When it met, as printed on the first page.
        all_sessions: When it met, in full, where the first page only counts; else ().
        short_sessions: The same in fewer letters.
        beside: Whether they stand on the first page, in a place of their own.
        dates: All session dates in one phrase, or of many the first and the last.
        credit_date, issued: Two facts.
        replaces: Which certificate it corrects, "" for none.
        note_sentences: What to do with it.
        host: What the address bar reads.
        contact: Telephone and e-mail, those there are.
    """

    heading: str
    clause: str
    how: tuple[str, ...]
    sessions: tuple[str, ...]
    all_sessions: tuple[str, ...]
    short_sessions: tuple[str, ...]
    beside: bool
    dates: str
    credit_date: str
    issued: str
    replaces: str
    note_sentences: tuple[str, ...]
    host: str
    contact: tuple[str, ...]


def words_of(certificate: Certificate, words: Words, session_lines: int) -> LayoutWords:
    """Put the phrases of *certificate* together.

    Args:
        certificate: What it says.
        words: Of the language.
        session_lines: Lines of session times at most; beyond them the first page
            says how many there are, and the second lists them.
    """
    course, provider, replaced = certificate.course, certificate.provider, certificate.supersedes
    sessions = tuple(session_phrases(italic_sessions(course)))
    crowded = len(sessions) > session_lines
    how = (
        format_phrase(course),
        _level(words, course.level),
        _instructors(words, course.instructors),
    )
    return LayoutWords(
        heading=heading(certificate, words),
        clause=words[CLAUSES.get(course.format, "clause")],
        how=tuple(each for each in how if each),
        sessions=_counted(course, words) if crowded else sessions,
        all_sessions=sessions if crowded else (),
        short_sessions=tuple(short_session_phrases(italic_sessions(course))) if crowded else (),
        beside=False,
        dates=dates_words(course, words),
        credit_date=words["credit_date"].format(day=day_phrase(certificate.credit_date)),
        issued=words["issued"].format(day=issue_day(certificate)),
        replaces="" if replaced is None else replaces_words(replaced),
        note_sentences=_note(certificate, words),
        host=certificate.verify_host,
        contact=tuple(each for each in (provider.phone, provider.email) if each),
    )


def words_beside(certificate: Certificate, words: Words) -> LayoutWords:
    """Put the phrases together of a first page that has a place of its own for the sessions.

    Args:
        certificate: What it says.
        words: Of the language.
    """
    listed = words_of(certificate, words, 0)
    counted = words["counted_beside"].format(count=len(certificate.course.sessions))
    return replace(listed, sessions=(counted,), beside=True)


def heading(certificate: Certificate, words: Words) -> str:
    """Say what the document is."""
    return words["completion" if certificate.claims_approval else "attendance"]


def _level(words: Words, level: str) -> str:
    return words["level"].format(level=f"{level[0].upper()}{level[1:]}") if level else ""


def _instructors(words: Words, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return words["instructor"].format(name=names[0])
    # Degrees are parted by commas, so people are not.
    named = "; ".join(names) if "," in "".join(names) else joined(names)
    return words["instructors"].format(names=named)


def _counted(course: CourseSnapshot, words: Words) -> tuple[str, ...]:
    days, count = course.days, len(course.sessions)
    first, last = day_phrase(days[0]), day_phrase(days[-1])
    key = "counted_on_a_day" if first == last else "counted"
    return (words[key].format(count=count, first=first, last=last),)


def dates_words(course: CourseSnapshot, words: Words) -> str:
    """Write all dates of a course in one phrase, or of many the first and the last."""
    days = course.days
    if len(days) <= MOST_DATES:
        return dates_phrase(days)
    first, last = day_phrase(days[0]), day_phrase(days[-1])
    return words["dates"].format(count=len(days), first=first, last=last)


def _note(certificate: Certificate, words: Words) -> tuple[str, ...]:
    sentences = (words["note"], words["keep_this"])
    return (*sentences, NOT_A_SUM) if sums_nothing(certificate.credit_lines) else sentences


def stand_whole(course: CourseSnapshot) -> bool:
    """Say whether sessions have lines of their own, with a title or two dates and zones."""
    return any(each.title or changes_within(each.start, each.end) for each in course.sessions)


def day_lines(course: CourseSnapshot) -> tuple[str, ...]:
    """Write sessions for a narrow column: days, time, and the zone once where it is one.

    What a line of its own says of a session or a completion is not taken apart.
    """
    if stand_whole(course) or course.completed_on:
        return tuple(session_phrases(italic_sessions(course)))
    parts, found = session_parts(course), list[str]()
    zones = [zone for _, _, zone in parts]
    for (days, clock, zone), after in zip(parts, [*zones[1:], ""], strict=True):
        if len(days) <= MOST_DAY_LINES:
            found += [f"{WEEKDAYS[each.weekday()]}, {day_phrase(each)}" for each in days]
        else:
            found.append(dates_phrase(days))
        found.append(clock)
        if zone != after:
            found.append(zone)
    return tuple(found)
