"""The port behind which the ledger is read a page at a time, by other systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cecert.argument_types import typed
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.cursor import Cursor, CursorKind
from cecert.errors import WrongValueError
from cecert.ports.ledger import Entry, Event

__all__ = ["CHANGE_KINDS", "Change", "LedgerPages", "NumberedEntry", "Wanted"]

CHANGE_KINDS = frozenset(
    {
        "issued", "superseded", "revoked", "exported", "settled",
        "queued", "sent", "deferred", "failed", "bounced", "uncertain", "cancelled", "resent",
        "key-made", "key-retired", "key-compromised", "keys-withdrawn", "seal-changed",
        "trust-signed", "log-published",
    }
)  # fmt: skip
"""All kinds of events that this version adds to a ledger."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, as another system hears of it. Threads may share it.

    Attributes:
        id: The same whenever this change is read, and no other's: a cursor after it.
        number: The ledger's running number: it grows, and has gaps.
        kind: issued, superseded (by a correction), revoked, sent, ...: all that there are
            stand in `docs/how-to/hooks.md`. A later version may have more.
        at: UTC.
        certificate_id: None for a change of the ledger as a whole, a key or a letter.
        course_id, participant: The certificate's; "" where there is none.
        actor: Who.
        reason: Why, or the mail server's words; "" where there is nothing to say.
        key: The key of the office that it is about, or that of the letter; "" for neither.
    """

    id: str
    number: int
    kind: str
    at: datetime
    certificate_id: CertificateId | None
    course_id: str
    participant: str
    actor: str
    reason: str = ""
    key: str = ""

    @classmethod
    @typed
    def of(
        cls, provider: str, number: int, event: Event, course_id: str, participant: str
    ) -> Change:
        """Return an event as a change.

        Args:
            provider: Whose.
            number: The event's.
            event: What happened.
            course_id: Of its certificate, "" for none.
            participant: As *course_id*.

        Raises:
            WrongValueError: If no ledger can hold such an event under such a number.
        """
        return cls(
            id=_cursor_of(provider, number, event),
            number=number,
            kind=event.kind,
            at=event.at,
            certificate_id=event.certificate_id,
            course_id=course_id,
            participant=participant,
            actor=event.actor,
            reason=event.reason,
            key=event.key,
        )


def _cursor_of(provider: str, number: int, event: Event) -> str:
    said = (event.kind, event.certificate_id, event.actor, event.reason, event.key)
    try:
        kind, *rest = map(str, said)
        what = "\n".join((kind, str(event.at.timestamp()), *rest)).encode()
        return Cursor(CursorKind.CHANGES, provider, number, what).text
    except (ValueError, OverflowError) as error:
        raise WrongValueError(f"no ledger holds such an event as number {number}") from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which certificates are asked for: all that fit everything that is given.

    Attributes:
        participant: Identity of the recipient, "" for anybody.
        course_id: "" for any.
        email: Where the certificate was mailed, in any case; "" for anywhere.
    """

    participant: str = ""
    course_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class NumberedEntry:
    """An entry with its number.

    Attributes:
        number: Grows in order of issue, and has gaps.
        entry: What was issued.
    """

    number: int
    entry: Entry


class LedgerPages(Protocol):
    """A provider's ledger, read a page at a time; what is read does not grow with the rest."""

    def change(self, number: int) -> Change | None:
        """Return the change of that number, None where there is none."""
        ...

    def newest_change(self) -> Change | None:
        """Return the newest change up to which none is missing; None before the first."""
        ...

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """Return the first *limit* changes whose numbers are higher, in their order.

        None is given before one with a lower number that is not committed yet: whoever goes
        on from the last one misses none, and gets none twice.
        """
        ...

    def entry_at(self, number: int) -> NumberedEntry | None:
        """Return the entry of that number, None where there is none."""
        ...

    def entries(self, after: int, limit: int, wanted: Wanted) -> Sequence[NumberedEntry]:
        """Return the first *limit* wanted entries whose numbers are higher, in their order.

        Args:
            after: The number of the last one that is known.
            limit: So many at most.
            wanted: Which.
        """
        ...
