"""`mail remind` and `mail tell-denied`: letters to people who have no certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, AsJson, Config, Course, open_office
from cecert.cli._output import answer_json, say, table
from cecert.cli.decide import Completions, SkipBadRows, list_beside, read_list
from cecert.domain.course.course import Course as OpenedCourse
from cecert.domain.mail.message import OutboxRow

if TYPE_CHECKING:
    from cecert.domain.documents.mail import RemindDocument, TellDeniedDocument
    from cecert.office import Office
    from cecert.ports import CompletionList
    from cecert.workflows.remind import Reminder, ReminderPlan
    from cecert.workflows.tell_denied import DeniedPerson

__all__ = ["remind", "tell_denied"]

DryRun = Annotated[
    Path | None,
    typer.Option("--dry-run", metavar="DIR", help="Write the mails into DIR, queue none."),
]


def remind(
    course: Course,
    completions: Completions = None,
    dry_run_folder: DryRun = None,
    skip_bad_rows: SkipBadRows = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Remind each person of what only they can still do; one mail each, deliver sends them.

    Evaluation, attestation, post-test, fee, licence number. Nobody is mailed who is in review,
    missed a session, or was reminded of the same within [mail] remind_days. Reminders end on
    remind_until of the course, else on the day its certificates are due.
    """
    from cecert.workflows.remind import plan_reminders, queue_reminders

    with open_office(config, by) as office:
        opened, listed = _read(office, course, completions, skip_bad_rows=skip_bad_rows)
        room = office.mail_room()
        provider, days = office.file.provider.id, office.file.remind_days
        plan = plan_reminders(listed.records, opened, room, provider, days)
        if dry_run_folder is None:
            queued = queue_reminders(plan, room)
            written: Sequence[str] = ()
        else:
            queued, written = (), _write(office, dry_run_folder, plan.mails)
    if as_json:
        answer_json(_reminders(opened, plan, queued, written))
    else:
        columns = ("row", "name", "e-mail", "missing", "mail")
        table(columns, [_reminder_row(each) for each in plan.people])
    if dry_run_folder is not None:
        say(f"{len(written)} messages written, nothing was queued")
        return
    if plan.crossed:
        say(f"{_mails(len(plan.crossed))} taken back: what they ask for is not missing any more")
    if lost := len(plan.mails) - len(queued):
        say(f"another command queued {lost} of these meanwhile")
    left = len(plan.people) - len(plan.mails)
    say(f"{_mails(len(queued))} queued, {left} not reminded; deliver sends what is queued")


def tell_denied(
    course: Course,
    marks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MARK]...", help="Marks of the sentences that you have looked at."),
    ] = None,
    completions: Annotated[
        Path | None,
        typer.Option(
            "--completions",
            metavar="FILE",
            help="The completion list; completions.csv beside the course.",
        ),
    ] = None,
    dry_run_folder: DryRun = None,
    skip_bad_rows: SkipBadRows = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Tell people why they get no certificate; you look at each sentence first.

    Without marks it shows everybody whom nothing can help, with what they would be told and a
    mark, and queues nothing. With marks it queues those letters, and notes that you looked. A
    mark holds for these very sentences: where the list says otherwise now, it is refused.
    """
    from cecert.workflows import tell_denied as telling

    with open_office(config, by) as office:
        opened, listed = _read(office, course, completions, skip_bad_rows=skip_bad_rows)
        room = office.mail_room()
        people = telling.plan_denied(listed.records, opened, room, office.file.provider.id)
        queued: Sequence[OutboxRow] = ()
        written: Sequence[str] = ()
        if dry_run_folder is not None:
            rows = [each.mail for each in people if each.mail and (not marks or each.mark in marks)]
            written = _write(office, dry_run_folder, rows)
        elif marks:
            queued = telling.tell_denied(people, marks, room)
    if as_json:
        answer_json(_denied(opened, people, queued, written))
    elif not marks:
        table(("mark", "row", "name", "e-mail", "sentence"), [_denied_row(each) for each in people])
    if dry_run_folder is not None:
        say(f"{len(written)} messages written, nothing was queued")
    elif marks:
        say(f"{_mails(len(queued))} queued; deliver sends what is queued")
    else:
        waiting = sum(each.mail is not None for each in people)
        say(f"{waiting} of {len(people)} can be told; nothing was queued")
        if waiting:
            say("hint: read each sentence, then cecert mail tell-denied COURSE MARK...")


def _read(
    office: Office, course: Path, completions: Path | None, *, skip_bad_rows: bool
) -> tuple[OpenedCourse, CompletionList]:
    opened = office.course(course)
    found = completions or list_beside(office, course)
    return opened, read_list(office, opened, found, skip_bad_rows)


def _write(office: Office, folder: Path, rows: Iterable[OutboxRow]) -> Sequence[str]:
    from cecert.workflows.deliver.deliver import write_messages

    return list(write_messages(office.mail_room(), office.eml_folder(folder), list(rows)))


def _mails(count: int) -> str:
    return "1 mail is" if count == 1 else f"{count} mails are"


def _reminder_row(each: Reminder) -> tuple[str, ...]:
    record = each.gaps.record
    what = each.why or "queued"
    return (record.place, record.name, record.email, ", ".join(each.gaps.names), what)


def _reminders(
    course: OpenedCourse,
    plan: ReminderPlan,
    queued: Sequence[OutboxRow],
    written: Sequence[str],
) -> RemindDocument:
    keys = {row.key for row in queued}
    return {
        "course": course.id,
        "until": None if course.is_open else course.reminded_until.isoformat(),
        "people": [
            {
                "participant": each.gaps.record.identity,
                "name": each.gaps.record.name,
                "email": each.gaps.record.email,
                "missing": list(each.gaps.names),
                "sentences": list(each.gaps.sentences),
                "mail": each.mail.key if each.mail else None,
                "queued": each.mail is not None and each.mail.key in keys,
                "why_not": each.why,
            }
            for each in plan.people
        ],
        "taken_back": [row.key for row in plan.crossed],
        "messages": list(written),
    }


def _denied_row(each: DeniedPerson) -> tuple[str, ...]:
    record, said = each.record, " ".join(each.sentences)
    told = f"{said} ({each.why})" if each.why else said
    return ("" if each.why else each.mark, record.place, record.name, record.email, told)


def _denied(
    course: OpenedCourse,
    people: Sequence[DeniedPerson],
    queued: Sequence[OutboxRow],
    written: Sequence[str],
) -> TellDeniedDocument:
    keys = {row.key for row in queued}
    return {
        "course": course.id,
        "people": [
            {
                "participant": each.record.identity,
                "name": each.record.name,
                "email": each.record.email,
                "sentences": list(each.sentences),
                "mark": each.mark,
                "mail": each.mail.key if each.mail else None,
                "queued": each.mail is not None and each.mail.key in keys,
                "why_not": each.why,
            }
            for each in people
        ],
        "messages": list(written),
    }
