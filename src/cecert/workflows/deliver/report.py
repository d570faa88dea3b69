"""What a delivery did, as a value, and the office's copy of it: one digest a batch.

The digest goes to whoever `[mail] digest_to` names. It is no certificate: nothing is recorded
of it, and one that could not be sent is said in the summary and never sent later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cecert.argument_types import typed
from cecert.domain.documents.mail import DeliverDocument, DeliveredDocument
from cecert.domain.mail.digest import Digest, DigestLine
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import Mail, MailState, OutboxRow, Receipt
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import CecertError
from cecert.workflows.deliver.beside import Beside
from cecert.workflows.deliver.mail_room import MailRoom, nothing_to_record

__all__ = ["Delivered", "DeliveryReport", "delivery_document", "send_digest"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one mail. Threads may share it.

    Attributes:
        key: The outbox row's.
        certificate_id: The certificate it was about, None of a letter.
        state: sent, deferred, failed, uncertain, or cancelled.
        reply: The mail service's words.
        due: When it is tried again, None unless deferred.
    """

    key: str
    certificate_id: CertificateId | None
    state: str
    reply: str
    due: datetime | None = None

    @classmethod
    @typed
    def of(cls, row: OutboxRow, receipt: Receipt, due: datetime) -> Delivered:
        """Return what became of a mail that was tried.

        Args:
            row: The mail, as it was claimed.
            receipt: Of the attempt.
            due: When it is tried again, if it was put off.
        """
        deferred = receipt.state is MailState.QUEUED
        return cls(
            key=row.key,
            certificate_id=row.certificate_id,
            state="deferred" if deferred else receipt.state.value,
            reply=receipt.reply,
            due=due if deferred else None,
        )

    @classmethod
    @typed
    def held(cls, row: OutboxRow) -> Delivered:
        """Return what became of a mail that evidence holds, so that it was not tried."""
        return cls(row.key, row.certificate_id, row.state_word, row.reply)

    @property
    def about(self) -> str:
        """What people see it was about: the certificate's id, or the letter's key."""
        return self.key if self.certificate_id is None else self.certificate_id.text

    def document(self) -> dict[str, object]:
        """Return it as `deliver --json` prints it."""
        return dict(_delivered(self))


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a run of `deliver` did. Threads may share it.

    Attributes:
        tally: How many of the mails that were tried ended in each state.
        mails: What became of those that were not sent, in the order they ended.
        left: How many are due and were not tried: the run was halted, or the account's
            day is full.
        halted: Why it stopped before the end, or "".
        hint: What a person can do about it, or "".
        digest: Why the office's digest was not sent, or "".
        settled: How many more count as sent, by the send log; none of them was tried.
        reissued: How many of the uncertain ones are held because another mail of their
            name was taken before the ledger was restored; none of them was tried.
        unsearched: Why uncertain mails were not looked for in the Sent folder, or "".
    """

    tally: Mapping[str, int] = field(default_factory=dict)
    mails: tuple[Delivered, ...] = ()
    left: int = 0
    halted: str = ""
    hint: str = ""
    digest: str = ""
    settled: int = 0
    reissued: int = 0
    unsearched: str = ""

    def count(self, state: str) -> int:
        """Return how many mails ended in *state*: sent, deferred, failed, uncertain."""
        return self.tally.get(state, 0)

    @typed
    def after(self, settled: int, reissued: Sequence[Delivered]) -> DeliveryReport:
        """Return it with what the send log said before the first mail was tried."""
        return replace(
            self,
            tally=Counter(self.tally) + Counter(each.state for each in reissued),
            mails=(*reissued, *self.mails),
            settled=self.settled + settled,
            reissued=self.reissued + len(reissued),
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many mails ended in each state, and how many are left."""
        states = ("sent", "deferred", "failed", "uncertain", "cancelled")
        return {**{state: self.count(state) for state in states}, "left": self.left}

    @property
    def complete(self) -> bool:
        """Whether it did all it may: no mail failed or is uncertain, and it was not halted."""
        return not (self.halted or self.count("failed") or self.count("uncertain"))

    @typed
    def document(self, mails: Iterable[Delivered] | None = None) -> dict[str, object]:
        """Return it as `deliver --json` prints it.

        Args:
            mails: All that `deliver` told of; None lists only those that were not sent.
        """
        document = delivery_document(self, self.mails if mails is None else mails)
        return {**document, "mails": list(document["mails"])}


def delivery_document(report: DeliveryReport, mails: Iterable[Delivered]) -> DeliverDocument:
    """Return a report as `deliver --json` prints it; each mail is looked at when it is written."""
    return {
        "counts": report.counts,
        "halted": report.halted,
        "mails": (_delivered(each) for each in mails),
    }


def _delivered(mail: Delivered) -> DeliveredDocument:
    return {
        "key": mail.key,
        "certificate": None if mail.certificate_id is None else mail.certificate_id.text,
        "state": mail.state,
        "reply": mail.reply,
        "due": mail.due.isoformat() if mail.due else None,
    }


async def send_digest(
    room: MailRoom, beside: Beside, report: DeliveryReport, mails: Sequence[Delivered]
) -> str:
    """Send the digest of a batch, if one is wanted and there is anything to say.

    Args:
        room: The office's.
        beside: Does what would hold up the loop.
        report: Of the batch.
        mails: What became of each mail of it.

    Returns:
        Why it was not sent, or "".
    """
    if not room.account.digest_to or not mails:
        return ""
    try:
        mail = await beside.do(_written_digest, room, report, mails)
        async with room.sender.lane() as lane:
            receipt = await lane.send(mail, nothing_to_record)
    except CecertError as error:
        return str(error)
    return "" if receipt.state is MailState.SENT else receipt.reply


def _written_digest(room: MailRoom, report: DeliveryReport, mails: Sequence[Delivered]) -> Mail:
    digest = Digest(
        to=room.account.digest_to or "",
        at=room.clock.now(),
        lines=tuple(_lines(room, mails)),
        left=report.left,
        halted=report.halted,
        checkpoint=room.checkpoint,
    )
    return room.writer.write_digest(digest)


def _lines(room: MailRoom, mails: Sequence[Delivered]) -> Iterator[DigestLine]:
    for mail in mails:
        row = room.outbox.row(mail.key)
        if row is not None:
            yield DigestLine(
                certificate=row.about,
                course=row.course_id,
                name=_name(room, row),
                email=row.recipient,
                state=mail.state,
                reply=mail.reply,
            )


def _name(room: MailRoom, row: OutboxRow) -> str:
    if row.certificate_id is None:
        return letter_of(row).name
    return room.ledger.names([row.certificate_id]).get(row.certificate_id, "")
