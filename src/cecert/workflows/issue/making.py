"""Making: certificates of a group are signed, drawn, sealed and kept, ready to be entered.

Where other processes draw, keys stay here all the same: tokens and seals are signed here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import TypeAlias

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.mail.promises import queue_row
from cecert.ports import Drawing, Entry, Workers
from cecert.workflows.issue.check import CheckedCertificate
from cecert.workflows.issue.compose import Draft, drawn, sealed_in_turn, signed
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import Planned
from cecert.workflows.issue.recover import KeptFiles

__all__ = ["Maker", "Sealed"]

DRAWN = 20
"""Certificates that another process draws at once."""

Sealed: TypeAlias = tuple[Certificate, bytes]
Drawn: TypeAlias = tuple[Certificate, Drawing]
Drawers: TypeAlias = Workers[Sequence[Certificate], Sequence[Drawing]]


class Maker:
    """Makes the certificates of a batch, or takes them as they lie in the archive."""

    def __init__(self, desk: IssuingDesk, kept: KeptFiles) -> None:
        self._desk = desk
        self._kept = kept

    def sealed(self, group: Sequence[CheckedCertificate]) -> Iterator[Sealed]:
        """Yield the certificates of *group* as they are issued, sealed, or as they lie there."""
        desk = self._desk
        kept = [self._kept.again(each.draft) for each in group]
        slots = iter(desk.ledger.free_slots(desk.randomness, kept.count(None)))
        fresh = (
            (each.draft, next(slots)) for each, lies in zip(group, kept, strict=True) if not lies
        )
        drawings: Iterator[Drawn]
        if desk.drawers is None:
            drawings = (drawn(draft, slot, desk) for draft, slot in fresh)
        else:
            drawings = _drawn_elsewhere(fresh, desk, desk.drawers)
        made = sealed_in_turn(drawings, desk)
        for lies in kept:
            yield lies or next(made)

    def entries(
        self, group: Sequence[CheckedCertificate], made: Sequence[Sealed]
    ) -> Sequence[Entry]:
        """Store what was made of *group*, before anything of it is promised."""
        names = self._desk.archive.put([(each.id, document) for each, document in made])
        now = self._desk.clock.now()
        return [
            self._entry(checked.planned, each, name, now)
            for checked, each, name in zip(group, made, names, strict=True)
        ]

    def _entry(self, planned: Planned, made: Sealed, name: str, now: datetime) -> Entry:
        desk, record, (certificate, document) = self._desk, planned.record, made
        digest = sha256(document).hexdigest()
        return Entry(
            certificate=certificate,
            email=record.email,
            document=name,
            sha256=digest,
            mail=queue_row(certificate, record.email, digest, now, desk.mail_host, planned.part),
            actor=desk.actor,
            evidence=record.evidence,
            different_from=planned.different_from,
            level=desk.level(document),
        )


def _drawn_elsewhere(
    drafts: Iterator[tuple[Draft, StatusSlot]], desk: IssuingDesk, drawers: Drawers
) -> Iterator[Drawn]:
    """Yield certificates drawn by others: keys stay here, where tokens and seals are signed."""
    waiting: deque[Certificate] = deque()

    def groups() -> Iterator[Sequence[Certificate]]:
        while some := [signed(draft, slot, desk) for draft, slot in islice(drafts, DRAWN)]:
            waiting.extend(some)
            yield some

    for drawings in drawers.answers(groups()):
        for drawing in drawings:
            yield waiting.popleft(), drawing
