"""What stands on a certificate, in the words of docs/spec/certificate-design.md 8."""

from __future__ import annotations

from dataclasses import dataclass

from cecert.domain.certificate.certificate import Certificate, CourseSnapshot
from cecert.domain.certificate.phrases import (
    changes_within,
    format_phrase,
    issue_day,
    replaces_words,
    session_phrases,
    sums_nothing,
)
from cecert.domain.course.formats import CourseFormat
from cecert.domain.values.wording import NOT_A_SUM, dates_phrase, day_phrase, joined

__all__ = ["KEPT", "KEPT_SPECIMEN", "MOVED", "LayoutWords", "day_lines", "heading", "words_of"]

MOST_DAY_LINES = 3
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLAUSE = "attended every session in full and met all requirements of"
CLAUSES = {
    CourseFormat.SELF_STUDY: "completed and met all requirements of",
    CourseFormat.CONFERENCE: "attended in full the sessions named here and met all requirements of",
    CourseFormat.HYBRID: (
        "attended every session in full, completed the self-study and met all requirements of"
    ),
}
NOTE = (
    "Contact your licensing board to determine whether this course meets its requirements.",
    "Keep this certificate with your license records.",
)
MOVED = "Statements of approval are on page 2."
KEPT = (
    "This page is part of the certificate and is sealed with it. "
    "Keep both pages with your license records."
)
KEPT_SPECIMEN = "This page is part of a specimen, which is not sealed."


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """The phrases of one certificate.

    Attributes:
        heading: What it is.
        clause: What the person did.
        how: Format, level, instructors, one phrase each.
        sessions: When it met, as printed on the first page.
        all_sessions: When it met, in full, where the first page only counts; else ().
        dates: All session dates in one phrase.
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
    dates: str
    credit_date: str
    issued: str
    replaces: str
    note_sentences: tuple[str, ...]
    host: str
    contact: tuple[str, ...]


def words_of(certificate: Certificate, session_lines: int) -> LayoutWords:
    """Put the phrases of *certificate* together.

    Args:
        certificate: What it says.
        session_lines: Lines of session times at most; beyond them the first page
            says how many there are, and the second lists them.
    """
    course, provider, replaced = certificate.course, certificate.provider, certificate.supersedes
    sessions = tuple(session_phrases(course))
    crowded = len(sessions) > session_lines
    how = (format_phrase(course), _level(course.level), _instructors(course.instructors))
    return LayoutWords(
        heading=heading(certificate),
        clause=CLAUSES.get(course.format, CLAUSE),
        how=tuple(each for each in how if each),
        sessions=_counted(certificate) if crowded else sessions,
        all_sessions=sessions if crowded else (),
        dates=dates_phrase(course.days),
        credit_date=f"Credit date {day_phrase(certificate.credit_date)}",
        issued=f"Issued {issue_day(certificate)}",
        replaces="" if replaced is None else replaces_words(replaced),
        note_sentences=_note(certificate),
        host=certificate.verify_host,
        contact=tuple(each for each in (provider.phone, provider.email) if each),
    )


def heading(certificate: Certificate) -> str:
    """Say what the document is."""
    what = "Completion" if certificate.claims_approval else "Attendance"
    return f"Certificate of {what}"


def _level(level: str) -> str:
    return f"{level[0].upper()}{level[1:]} level" if level else ""


def _instructors(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return f"Instructor {names[0]}" if len(names) == 1 else f"Instructors {joined(names)}"


def _counted(certificate: Certificate) -> tuple[str, ...]:
    days, count = certificate.course.days, len(certificate.course.sessions)
    first, last = day_phrase(days[0]), day_phrase(days[-1])
    span = first if first == last else f"{first} to {last}"
    return (f"{count} sessions, {span}, all of them listed on page 2",)


def _note(certificate: Certificate) -> tuple[str, ...]:
    return (*NOTE, NOT_A_SUM) if sums_nothing(certificate.credit_lines) else NOTE


def day_lines(course: CourseSnapshot) -> tuple[str, ...]:
    """Write a few sessions at equal times for a narrow column: each day, the time, the zone."""
    own_lines = any(each.title or changes_within(each.start, each.end) for each in course.sessions)
    if len(course.days) > MOST_DAY_LINES or course.completed_on or own_lines:
        return ()
    (phrase,) = session_phrases(course)
    times = phrase.partition(f"{dates_phrase(course.days)}, ")[2]
    clock, half, zone = times.rpartition("m. ")
    days = [f"{WEEKDAYS[each.weekday()]}, {day_phrase(each)}" for each in course.days]
    return (*days, f"{clock}{half}".strip(), zone)
