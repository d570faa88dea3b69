"""A list of whom to remind, for those who write their mails with Word and Outlook.

It stands beside the completion list and is made anew whenever a report is: one row a person,
with the sentences that `mail remind` would send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, decide
from cecert.domain.decision.gaps import Gaps, gaps_of
from cecert.domain.values.wording import dates_phrase, day_phrase
from cecert.office.papers.records import csv_text, write_export

__all__ = ["COLUMNS", "lacking", "write_gaps", "write_mail_merge"]

COLUMNS = ("name", "email", "course", "dates", "missing", "sentence", "by")


def lacking(decisions: Iterable[Award | Denial]) -> Iterator[Gaps]:
    """Yield everybody who lacks what only they can do, in the order of their decisions."""
    people: dict[str, list[Award | Denial]] = {}
    for each in decisions:
        people.setdefault(each.record.identity, []).append(each)
    for theirs in people.values():
        if (gaps := gaps_of(theirs)) is not None:
            yield gaps


def write_mail_merge(
    completions: Path, course: Course, records: Iterable[CompletionRecord], holders: Iterable[str]
) -> Path | None:
    """Write whom to remind, `<stem>.mail-merge.csv`, and return the file.

    Where nobody lacks anything there is none, and one of before is removed.

    Args:
        completions: The list beside which it stands.
        course: The course.
        records: Everybody on the list.
        holders: Identities of who holds a certificate already.

    Raises:
        InputError: If it cannot be written.
    """
    have = frozenset(holders)
    decisions = (each for it in records if it.identity not in have for each in decide(it, course))
    return write_gaps(completions, course, lacking(decisions))


def write_gaps(completions: Path, course: Course, gaps: Iterable[Gaps]) -> Path | None:
    """Write whom to remind as `write_mail_merge` does, of whom it is known what they lack.

    Args:
        completions: The list beside which it stands.
        course: The course.
        gaps: What everybody who lacks something is asked for, in the list's order.

    Raises:
        InputError: If it cannot be written.
    """
    path = completions.with_name(f"{completions.stem}.mail-merge.csv")
    rows = [_row(each, course.completed(each.record.completed_on)) for each in gaps]
    if not rows:
        path.unlink(missing_ok=True)
        return None
    # With the mark by which Excel and Word know UTF-8.
    write_export(path, csv_text(COLUMNS, rows).encode("utf-8-sig"))
    return path


def _row(gaps: Gaps, course: Course) -> tuple[str, ...]:
    return (
        gaps.record.name,
        gaps.record.email,
        course.title,
        dates_phrase(course.days),
        ", ".join(gaps.names),
        " ".join(gaps.sentences),
        day_phrase(course.reminded_until),
    )
