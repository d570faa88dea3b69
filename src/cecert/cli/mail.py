"""`mail`: what a person plans, tries out and decides about mails; and `resend`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import Actor, AsJson, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer_json, answer_row, say, table
from cecert.cli.find import Whose
from cecert.domain.mail.bounces import Bounce, BounceClass, bounce_class
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.mail.plan import DeliveryPlan
from cecert.errors import DeliveryError, InputError
from cecert.workflows.deliver import decisions

if TYPE_CHECKING:
    from cecert.domain.documents.mail import (
        BounceDocument,
        BouncesDocument,
        PlanDocument,
    )
    from cecert.office import Office
    from cecert.workflows.deliver.decisions import BounceReport
    from cecert.workflows.deliver.mail_room import MailRoom

__all__ = ["bounces", "plan", "quarantine", "resend", "resolve", "retry", "trial"]

Reason = Annotated[str, typer.Option("--reason", help="What was found, for the record.")]


def plan(
    course: CourseId = "",
    accept_late: Annotated[
        bool, typer.Option("--accept-late", help="Exit 0 even if mails would be late.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say how many mails wait, how long they take, and who would be late; send nothing."""
    with open_office(config) as office:
        planned = decisions.plan(office.mail_room(), course_id_of(office, course))
    if as_json:
        answer_json(_plan_document(planned))
    else:
        _tell_plan(planned)
    if planned.late and not accept_late:
        say(
            f"refused: {planned.late} mails would miss a deadline that is still ahead, because "
            f"this account needs {planned.days} days for {planned.total} mails"
        )
        say("hint: use an account that allows more, or say --accept-late")
        raise typer.Exit(1)


def _tell_plan(planned: DeliveryPlan) -> None:
    table(
        ("course", "mails", "due by", "last mail", "late", "overdue"),
        [
            (
                each.course_id, str(each.mails), f"{each.deadline:%Y-%m-%d}",
                f"{each.ends:%Y-%m-%d %H:%M} UTC", str(each.late), str(each.overdue),
            )
            for each in planned.courses
        ],
    )  # fmt: skip
    for key, address, problem in planned.impossible:
        say(f"warning: {key}: {address!r} cannot be mailed to: it {problem}")
    for address, count in planned.shared:
        say(f"note: {address} gets {count} mails")
    if planned.overdue:
        say(f"warning: {planned.overdue} mails are overdue already; they are sent all the same")
    days = "1 day" if planned.days == 1 else f"{planned.days} days"
    say(f"{planned.total} mails, {days} at this account's limits")


def _plan_document(planned: DeliveryPlan) -> PlanDocument:
    return {
        "total": planned.total,
        "days": planned.days,
        "ends": planned.ends.isoformat() if planned.ends else None,
        "late": planned.late,
        "overdue": planned.overdue,
        "courses": [
            {
                "course": each.course_id,
                "mails": each.mails,
                "deadline": each.deadline.isoformat(),
                "ends": each.ends.isoformat(),
                "late": each.late,
                "overdue": each.overdue,
            }
            for each in planned.courses
        ],
        "shared": [{"email": address, "mails": count} for address, count in planned.shared],
        "impossible": [
            {"key": key, "email": address, "problem": problem}
            for key, address, problem in planned.impossible
        ],
    }


def trial(
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Who gets it; you, most likely.")],
    config: Config = None,
    by: Actor = None,
) -> None:
    """Send one [TEST] mail with a specimen: does the account work, does the mail look right."""
    from cecert.office.mail.specimen import specimen_document
    from cecert.workflows.deliver.decisions import send_trial

    with open_office(config, by) as office:
        room = office.mail_room()
        receipt = asyncio.run(send_trial(room, *specimen_document(office), to))
    say(f"{receipt.state.value}: {receipt.reply}")
    if receipt.state is not MailState.SENT:
        raise typer.Exit(1)


def resolve(
    mail: Annotated[
        str, typer.Argument(metavar="ID", help="The certificate: id or TEXT; or a mail's key.")
    ],
    delivered: Annotated[bool, typer.Option("--delivered", help="It arrived.")] = False,
    again: Annotated[bool, typer.Option("--resend", help="Send the same bytes again.")] = False,
    reason: Reason = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Decide an uncertain mail: it arrived, or the same bytes are sent again.

    With --resend it is first looked for where [mail] evidence says: what is found there
    counts as sent.
    """
    from cecert.cli.status import UNCERTAIN_HINT

    if delivered == again:
        raise InputError("say either --delivered or --resend", hint=UNCERTAIN_HINT)
    words = reason or ("somebody found that it arrived" if delivered else "somebody decided so")
    with open_office(config, by) as office:
        mail = _named(mail, office)
        room = office.mail_room()
        if again and any(_names(mail, row) for row in _looked_for(room)):
            say(f"{mail} lies in the Sent folder: it counts as sent, and is not sent again")
            raise typer.Exit(1)
        row = decisions.resolve(room, mail, delivered=delivered, reason=words)
    say(f"{row.key} counts as sent" if delivered else f"{row.key} is queued; deliver sends it")


def _looked_for(room: MailRoom) -> Sequence[OutboxRow]:
    """Settle the uncertain mails that the Sent folder holds, and return them."""
    from cecert.workflows.deliver.reconcile import settle_by_sent_folder

    try:
        return asyncio.run(settle_by_sent_folder(room))
    except DeliveryError as error:
        say(f"warning: the Sent folder was not searched: {error}")
        return ()


def _names(mail: str, row: OutboxRow) -> bool:
    """Say whether a key, or a certificate's id, names this mail."""
    return mail in {row.key, row.about}


def _named(text: str, office: Office) -> str:
    """Return the id of the certificate that a text finds; the key of a mail is left as it is."""
    from cecert.workflows.find import found_one

    return text if ":" in text else found_one(text, office.ledger).certificate.id.text


def retry(
    mails: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Certificates, or mail keys.")
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Every failed mail, and what came back by our fault.")
    ] = False,
    course: CourseId = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Queue failed mails again, and those that came back through the sender's own fault.

    Of a failed mail nothing was accepted: the same bytes go. What came back with 5.7.x goes
    as a new message; for any other, ask for an address and use resend.
    """
    if bool(mails) == failed:
        raise InputError("name the mails to try again, or say --failed for all of them")
    with open_office(config, by) as office:
        count = decisions.retry_failed(
            office.mail_room(),
            tuple(_named(each, office) for each in mails or ()),
            course_id_of(office, course),
        )
    say(f"{count} mails are queued; deliver sends them")


def quarantine(
    since: Annotated[
        str, typer.Option(metavar="TIME", help="When the backup was made: 2020-11-05T14:00-05:00.")
    ],
    course: CourseId = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Hold every queued mail of a ledger that was restored from a backup.

    Those that the send log or the Sent folder knows are settled; the others are uncertain
    until resolved.
    """
    from cecert.workflows.deliver.reconcile import forgotten, settle_by_evidence

    with open_office(config, by) as office:
        instant = _instant(since, office.file.provider.timezone)
        held = decisions.quarantine(office.mail_room(), instant, course_id_of(office, course))
        room = office.mail_room()
        evidence = settle_by_evidence(room)
        found = len(_looked_for(room))
        lost = forgotten(room)
    known = evidence.settled
    say(f"{held} mails are held; {known} of them are in the send log and count as sent")
    if found:
        say(f"{found} of the others lie in the Sent folder and count as sent too")
    for row in evidence.reissued:
        say(f"uncertain: {row.key}: {row.reply}")
    if evidence.reissued:
        say(f"hint: {decisions.REISSUED_HINT}")
    _tell_forgotten(lost)


def _tell_forgotten(numbers: Sequence[str]) -> None:
    if numbers:
        shown = ", ".join(numbers[:SHOWN]) + (", ..." if len(numbers) > SHOWN else "")
        say(f"warning: {len(numbers)} certificates were mailed that this ledger lacks: {shown}")
        say("hint: issue or correct them again, then cecert mail quarantine once more")


SHOWN = 10
"""Forgotten certificates that are named."""


def bounces(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Messages, folders, or a Maildir.")
    ],
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Read bounces, and mark the mails that came back; reading them twice changes nothing."""
    from cecert.office.mail.specimen import read_bounces

    found, others = read_bounces(paths)
    with open_office(config, by) as office:
        report = decisions.record_bounces(office.mail_room(), found)
    if as_json:
        document: BouncesDocument = {
            "bounced": [_bounce(row, each) for row, each in report.bounced],
            "evidence": [_bounce(row, each) for row, each in report.evidence],
            "known": len(report.known),
            "unknown": [each.source for each in report.unknown],
            "no_bounces": list(others),
        }
        answer_json(document)
    else:
        for row, each in report.bounced:
            answer_row((row.about, row.recipient, str(each)))
        _advise(report)
    for each in report.unknown:
        say(f"note: {each.source} is about none of our mails")
    for path in others:
        say(f"note: {path} is no delivery status notification")
    say(
        f"{len(report.bounced)} mails came back, {len(report.evidence)} uncertain ones were taken, "
        f"{len(report.known)} notifications changed nothing"
    )


def _advise(report: BounceReport) -> None:
    """Say of each class of bounces what it means and what helps, once."""
    counts = Counter(bounce_class(str(each)) for _, each in report.bounced)
    for found in BounceClass:
        if count := counts[found]:
            mails = "1 mail" if count == 1 else f"{count} mails"
            say(f"{mails}: {found.told}")
            say(f"hint: {found.advice} {' or '.join(found.commands).format(id='ID')}")
    if any(row.certificate_id is None for row, _ in report.bounced):
        say(f"hint: {decisions.LETTER_HINT}")


def _bounce(row: OutboxRow, bounce: Bounce) -> BounceDocument:
    words = str(bounce)
    return {"key": row.key, "reply": words, "class": bounce_class(words).value}


def resend(
    whose: Whose,
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Another address; the certificate stays.")
    ] = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Queue another mail with the same certificate, the same file."""
    from cecert.workflows.find import found_one

    with open_office(config, by) as office:
        entry = found_one(whose, office.ledger)
        row = decisions.resend(office.mail_room(), entry.certificate.id, to)
    say(f"{row.key} is queued to {row.recipient}; deliver sends it")


def _instant(text: str, timezone: str) -> datetime:
    """Read a point in time; without an offset it is the office's own time."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no point in time", hint="write it as 2020-11-05T14:00-05:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(timezone))
