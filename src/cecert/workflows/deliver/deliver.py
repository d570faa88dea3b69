"""Delivering: each queued mail is handed to the mail service once, or a person is told.

The promise (docs/spec/delivery.md 0): cecert hands each certificate to the mail service at most
once without a person's decision, and drops none silently. A mail is claimed, sent up to its last
byte, marked `committing` in the outbox, and only then ended with the final dot. A crash before the
mark leaves a mail that is tried again; a crash after it leaves one that is `uncertain` and waits
for evidence or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from itertools import product

from cecert.argument_types import typed
from cecert.domain.mail.message import FIRST, OutboxRow
from cecert.domain.mail.plan import DeliveryPlan, time_delivery
from cecert.errors import DeliveryError, Fault, InputError
from cecert.ports import MailFolder
from cecert.workflows.deliver.beside import Beside
from cecert.workflows.deliver.decisions import pace_of
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.deliver.reconcile import (
    SendLogFindings,
    settle_by_evidence,
    settle_by_sent_folder,
)
from cecert.workflows.deliver.report import Delivered, DeliveryReport, send_digest
from cecert.workflows.deliver.run import DeliveryRun
from cecert.workflows.issue.desk import Progress, Unprogressed

__all__ = ["Delivered", "DeliveryReport", "MailRoom", "deliver", "dry_run", "write_messages"]


@typed
async def deliver(
    room: MailRoom,
    *,
    course_id: str = "",
    expect: int | None = None,
    accept_late: bool = False,
    progress: Progress | None = None,
    told: Callable[[Delivered], None] | None = None,
) -> DeliveryReport:
    """Send the mails that are due, of one course or of all, as many as the day allows.

    Cancelled, it claims no more, lets the mails under way end, and is then cancelled;
    running it again finishes the job. What blocks is done in a thread beside the event loop,
    which is held up by none of it; *progress* and *told* are called on the loop.

    Args:
        room: The office's.
        course_id: "" for all courses.
        expect: How many it must be, None for any number.
        accept_late: Send even if the account is too slow for a deadline still ahead.
        progress: Told after every mail.
        told: Told what became of each mail, as it ends; the report keeps those that were
            not sent, so that its size is not the batch's.

    Raises:
        InputError: If *expect* is another number, or a mail would be late because of
            the account's own limits; nothing was sent.
        DeliveryError: If a mail cannot be written as its template asks; all such are
            listed, and nothing was sent.
    """
    async with Beside(room.outbox) as beside, AsyncExitStack() as present:
        await beside.do(_be_present, room, present)
        await beside.do(room.outbox.reap)
        evidence = await beside.do(settle_by_evidence, room)
        unsearched = await _look_for_uncertain(room)
        checked = partial(_checked, room, course_id, expect, evidence)
        due, today = await beside.do(checked, accept_late=accept_late)
        listed: list[Delivered] = []  # what the digest lists, and only for it
        hearers = [
            hear for hear in (told, listed.append if room.account.digest_to else None) if hear
        ]
        held = [Delivered.held(row) for row in evidence.reissued]
        for mail, hear in product(held, hearers):
            hear(mail)
        run = DeliveryRun(room, beside, course_id, today, progress or Unprogressed(), hearers)
        report = (await run.report()).after(evidence.settled, held)
        return replace(
            report,
            left=report.left + due - today,
            digest=await send_digest(room, beside, report, listed),
            unsearched=unsearched,
        )


def _be_present(room: MailRoom, present: AsyncExitStack) -> None:
    """Be present until *present* ends; it may have to wait for one that just begins."""
    present.enter_context(room.presence.hold(lambda: free_the_dead(room)))


def _checked(
    room: MailRoom,
    course_id: str,
    expect: int | None,
    evidence: SendLogFindings,
    *,
    accept_late: bool,
) -> tuple[int, int]:
    """Return how many mails are due, and how many of them may go today.

    Args:
        room: The office's.
        course_id: "" for all courses.
        expect: As of `deliver`.
        evidence: What the send log said.
        accept_late: As of `deliver`.

    Raises:
        InputError, DeliveryError: As `deliver`.
    """
    pace = pace_of(room)
    planned = time_delivery(room.waiting(course_id), pace, room.clock.now())
    due = planned.total
    refuse_other_number(due, expect, evidence)
    if not accept_late:
        refuse_late(planned)
    check_all(room, room.waiting(course_id))
    return due, due if pace.left_today is None else min(due, pace.left_today)


async def _look_for_uncertain(room: MailRoom) -> str:
    """Settle what the Sent folder holds; return why it could not be searched, or ""."""
    try:
        await settle_by_sent_folder(room)
    except DeliveryError as error:
        return str(error)  # it is no reason to let the others wait
    return ""


def free_the_dead(room: MailRoom) -> None:
    """Free the mails of every earlier run on this machine, none of which is alive."""
    room.outbox.reap(room.station)


def refuse_late(plan: DeliveryPlan) -> None:
    """Refuse a plan whose own rate carries a mail past a deadline that is still ahead.

    Raises:
        InputError: If it does.
    """
    late = [each for each in plan.courses if each.late]
    if late:
        faults = tuple(
            Fault(
                each.course_id,
                "",
                f"{each.late} of {each.mails} mails would go out after {each.deadline:%Y-%m-%d},"
                f" the last on {each.ends:%Y-%m-%d}",
            )
            for each in late
        )
        raise InputError(
            f"{plan.total} mails need {plan.days} days at this account's limits; nothing was sent",
            faults,
            hint="use an account that allows more, or say --accept-late",
        )


def refuse_other_number(
    found: int, expected: int | None, evidence: SendLogFindings | None = None
) -> None:
    """Refuse to go on with another number of mails than expected.

    Args:
        found: How many mails would be sent.
        expected: How many a person expects, None where nobody said.
        evidence: What the send log has just taken from them, None where it was not asked.

    Raises:
        InputError: If there is one; it says what the send log has just taken from them.
    """
    if expected is None or found == expected:
        return
    evidence = evidence or SendLogFindings()
    known = f" ({evidence.settled} more count as sent, by the send log)" if evidence.settled else ""
    raise InputError(
        f"{found} mails would be sent, {expected} were expected; nothing was sent{known}",
        tuple(Fault(row.key, "", row.reply) for row in evidence.reissued),
        hint="cecert status shows them; --dry-run DIR writes them for you to read",
    )


def check_all(room: MailRoom, rows: Iterable[OutboxRow]) -> None:
    """Render every mail before the first is sent.

    Raises:
        DeliveryError: If any cannot be; all are listed.
    """
    faults = []
    for row in rows:
        entry = room.entry_of(row)
        if entry is None and row.certificate_id is not None:
            faults.append(Fault(row.key, "", "belongs to no certificate of the ledger"))
            continue
        try:
            room.writer.check(entry, row)
        except DeliveryError as error:
            faults.append(Fault(row.key, "", str(error)))
    if faults:
        listed = "\n".join(f"  {each}" for each in faults)
        raise DeliveryError(f"{len(faults)} mails cannot be written; nothing was sent\n{listed}")


def dry_run(
    room: MailRoom, folder: MailFolder, course_id: str = "", expect: int | None = None
) -> Iterator[str]:
    """Write the message of every queued mail into *folder*, send nothing, change nothing.

    Args:
        room: The office's.
        folder: Where the messages go; it holds no others.
        course_id: "" for all courses.
        expect: How many mails a person expects, None where nobody said.

    Yields:
        The path of each message, as it is written.

    Raises:
        InputError: If *expect* is another number, or the folder holds other messages.
        DeliveryError: If a message cannot be built; those before it were written.
    """
    queued = room.outbox.in_turn
    names = frozenset(map(_file_name, queued(course_id)))
    refuse_other_number(len(names), expect)
    check_all(room, queued(course_id))
    folder.check(names)
    yield from _written(room, folder, queued(course_id))


def write_messages(room: MailRoom, folder: MailFolder, rows: Sequence[OutboxRow]) -> Iterator[str]:
    """Write the message of each of *rows* into *folder*, send nothing, change nothing.

    Args:
        room: The office's.
        folder: Where the messages go; it holds no others.
        rows: Mails that are not queued yet.

    Yields:
        The path of each message, as it is written.

    Raises:
        InputError: If the folder holds other messages.
        DeliveryError: If a message cannot be built; none was written.
    """
    check_all(room, rows)
    folder.check(frozenset(map(_file_name, rows)))
    yield from _written(room, folder, rows)


def _written(room: MailRoom, folder: MailFolder, rows: Iterable[OutboxRow]) -> Iterator[str]:
    for row in rows:
        entry = room.entry_of(row)
        if not room.hindrance(row, entry):
            yield folder.put(_file_name(row), room.written(row, entry).content)


def _file_name(row: OutboxRow) -> str:
    if row.certificate_id is None:
        return row.key.replace(":", ".")
    return row.about if row.purpose == FIRST else f"{row.about}.{row.purpose}"
