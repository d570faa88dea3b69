"""The report of a batch that was issued, beside its completion list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from cecert.adapters.assets import asset_folder
from cecert.adapters.reports import IssueOutcome, batch_report
from cecert.adapters.storage.atomic import write_file
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Denial
from cecert.errors import InputError
from cecert.office.office import Office
from cecert.workflows.issue.issue import IssueReport

__all__ = ["write_issue_report"]


def write_issue_report(
    office: Office,
    course: Course,
    completions: Path,
    people: Collection[str],
    report: IssueReport,
    denials: Sequence[Denial],
) -> Path:
    """Write who got what, who did not and why, and return the file: `<stem>.issue.html`.

    It stands beside the completion list, readable by its owner only, and is made anew by
    every run: it shows the standing certificates of all runs that the people on the list
    have of the course, and their mails.

    Args:
        office: Where the certificates are entered.
        course: The course.
        completions: The list that was issued from.
        people: Identities of who stands on it.
        report: What the run did.
        denials: Who was denied what.

    Raises:
        InputError: If it cannot be written.
        LedgerError: If the ledger cannot be read.
    """
    entries = office.ledger.entries_of(course.id, people)
    mails = office.outbox.mails_of([each.certificate.id for each in entries])
    outcome = IssueOutcome(
        course=course,
        entries=entries,
        denials=denials,
        at=office.clock.now(),
        # A later mail of a certificate stands later.
        mails={each.certificate_id: each for each in mails},
        withheld=report.withheld,
    )
    path = completions.with_name(f"{completions.stem}.issue.html")
    try:
        write_file(path, batch_report(outcome, asset_folder("templates")))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    return path
