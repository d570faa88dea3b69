"""`issue`: a course's awards become certificates, and it is told who gets none and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cecert.cli._options import Actor, AsJson, Config, Course, Scheduler, Workers, open_office
from cecert.cli._output import answer_json, complain, progress_bar, say, table
from cecert.cli.decide import (
    Completions,
    SkipBadRows,
    decision_document,
    list_beside,
    read_list,
)
from cecert.domain.course.course import Course as OpenedCourse
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, decide
from cecert.domain.values.findings import Finding
from cecert.errors import CecertError

if TYPE_CHECKING:
    from cecert.domain.documents.decision import IssueDocument
    from cecert.office import Office
    from cecert.ports import Entry
    from cecert.workflows.issue.check import CheckedBatch
    from cecert.workflows.issue.issue import IssueReport

__all__ = ["issue"]


def issue(
    course: Course,
    completions: Completions = None,
    config: Config = None,
    skip_bad_rows: SkipBadRows = False,
    workers: Workers = None,
    scheduler: Scheduler = "",
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Draw, seal, archive and enter the certificate of everyone who has earned one.

    The mails are queued; deliver sends them. Issuing the same list again issues nothing new.
    """
    from cecert.office.holders.courses import loaded_course
    from cecert.office.issue.drawers import at_scheduler, with_drawers
    from cecert.workflows.issue.check import check_batch
    from cecert.workflows.issue.issue import issue_checked

    office = open_office(config, by)
    reading = office.course_reading(course)
    opened = loaded_course(reading, course)
    _warn(office, reading.findings, course)
    completions = completions or list_beside(office, course)
    listed = read_list(office, opened, completions, skip_bad_rows)
    decisions = [each for record in listed.records for each in decide(record, opened)]
    awards = [each for each in decisions if isinstance(each, Award)]
    denials = [each for each in decisions if isinstance(each, Denial)]
    with (
        office,
        progress_bar("issuing") as progress,
        at_scheduler(office.desk(), office, scheduler, workers) as desk,
    ):
        batch = check_batch(awards, desk, evidence=listed.evidence)
        if skip_bad_rows:
            batch = _without_refused(batch)
        try:
            with with_drawers(desk, office, workers, len(batch.certificates)) as at_desk:
                report = issue_checked(batch, at_desk, progress)
        except CecertError as error:
            _stop_part_way(error, progress.done)
            raise
        people = {each.identity for each in listed.records}
        _report(office, opened, completions, people, report, denials)
        _list_reminders(office, opened, completions, listed.records)
    if as_json:
        answer_json(_document(opened.id, report, denials))
    else:
        _tell(report)
    _summarise(report, denials)


def _stop_part_way(error: CecertError, done: int) -> None:
    """Leave with status 1 if something was issued before *error*; nothing changed is status 2."""
    if done:
        complain(error)
        say(f"stopped after {done} certificates, which stand; run the command again to finish")
        raise typer.Exit(1) from error


def _report(
    office: Office,
    course: OpenedCourse,
    completions: Path,
    people: set[str],
    report: IssueReport,
    denials: list[Denial],
) -> None:
    from cecert.office.papers.records import write_issue_report

    try:
        path = write_issue_report(office, course, completions, people, report, denials)
        say(f"report: {path}")
    except CecertError as error:
        # What was issued stands; a page about it fails nothing.
        say(f"warning: there is no report of this batch: {error}")


def _list_reminders(
    office: Office,
    course: OpenedCourse,
    completions: Path,
    records: Sequence[CompletionRecord],
) -> None:
    from cecert.office.papers.mail_merge import write_mail_merge
    from cecert.workflows.issue.plan import signs_of

    try:
        held = office.ledger.held_lines(course.id, [signs_of(each) for each in records])
        holders = {each.participant for each in held}
        if path := write_mail_merge(completions, course, records, holders):
            say(f"whom to remind: {path}")
    except CecertError as error:
        say(f"warning: there is no list of whom to remind: {error}")


def _warn(office: Office, findings: Sequence[Finding], course: Path) -> None:
    from cecert.office.lint import unseen

    unchecked = unseen(office, office.findings())
    for finding in unchecked:
        say(f"warning: {finding.place}: {finding.message}")
    for warning in office.key_warnings():
        say(f"warning: {warning}")
    if more := set(unseen(office, findings)) - set(unchecked):
        say(f"warning: {len(more)} more findings: cecert lint {course} lists them")


def _without_refused(batch: CheckedBatch) -> CheckedBatch:
    for fault in batch.faults:
        say(f"skipped: {fault}")
    return batch.without_refused()


def _tell(report: IssueReport) -> None:
    rows = [
        (entry.certificate.id.text, entry.certificate.recipient.name, _credentials(entry))
        for entry in report.issued
    ]
    table(("certificate", "name", "credentials"), rows)


def _credentials(entry: Entry) -> str:
    return "; ".join(each.credential for each in entry.certificate.credit_lines)


def _summarise(report: IssueReport, denials: list[Denial]) -> None:
    for entry in report.issued:
        if entry.certificate.id.text in report.further:
            say(
                f"further: {entry.certificate.recipient.name} already holds a certificate of this "
                f"course; {entry.certificate.id} carries {_credentials(entry)} on its own"
            )
    if report.taken_over:
        say(
            f"note: {len(report.taken_over)} of them lay in the archive, forgotten by the ledger: "
            "they stand as they were made"
        )
    for sentence in report.withheld:
        say(f"withheld: {sentence}")
    if report.lost:
        say(f"another run entered {report.lost} of these certificates meanwhile")
    for denial in denials:
        say(_denied(denial))
    already = len({each.certificate_id for each in report.already})
    held = sum(each.in_review for each in denials)
    among = f"; {held} in review, held and not refused" if held else ""
    refused = len(denials) - held
    say(f"{len(report.issued)} issued, {refused} denied, {already} already issued{among}")


def _denied(denial: Denial) -> str:
    """Say why nobody gets it: what the review is about alone, where it may change the rest."""
    who = f"{denial.record.place}: {denial.record.name}, {denial.credential}"
    if not denial.in_review:
        return f"denied: {who}: {' '.join(denial.told)}"
    missing = [each.sentence for each in denial.besides_review]
    also = ". Missing in any case: " + " ".join(missing) if missing else ""
    return f"in review: {who}: {denial.record.review}{also}"


def _document(course_id: str, report: IssueReport, denials: list[Denial]) -> IssueDocument:
    return {
        "course": course_id,
        "issued": [
            {
                "id": entry.certificate.id.text,
                "participant": entry.certificate.recipient.participant,
                "name": entry.certificate.recipient.name,
                "credentials": [each.credential for each in entry.certificate.credit_lines],
                "file": entry.document,
                "sha256": entry.sha256,
                "further": entry.certificate.id.text in report.further,
            }
            for entry in report.issued
        ],
        "already": [
            {
                "id": str(each.certificate_id),
                "participant": each.participant,
                "name": each.name,
                "credential": each.credential,
            }
            for each in report.already
        ],
        "withheld": list(report.withheld),
        "denied": [decision_document(each) for each in denials],
        "counts": {
            "issued": len(report.issued),
            "already": len({each.certificate_id for each in report.already}),
            "denied": len(denials),
            "review": sum(each.in_review for each in denials),
        },
    }
