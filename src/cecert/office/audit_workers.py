"""Processes that share an audit: each looks at some certificates by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.workers import open_workers, workers_worth
from cecert.domain.trust.trust_file import TrustFile
from cecert.workflows.audit.audit import AuditDesk, ItemWorkers, item_desk
from cecert.workflows.audit.items import AuditItem, ItemDesk, ItemFindings

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = ["audit_workers"]

SECONDS, START = 0.001, 0.5
"""What looking at a certificate takes, and what a worker takes before: a worker saves its
start when it looks at a thousand."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a worker is told: nothing of it is secret."""

    archive: Path
    trust: TrustFile
    reattested: Mapping[bytes, bytes]
    now: int


@contextmanager
def audit_workers(
    office: Office, desk: AuditDesk, course_id: str, asked: int | None
) -> Iterator[ItemWorkers]:
    """Give who looks at the certificates of an audit, until it is done.

    Args:
        office: The office.
        desk: Its desk for auditing.
        course_id: Only this course, "" for all.
        asked: Workers that a person asked for; None for as many as are worth it.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    count = workers_worth(asked, desk.ledger.count(course_id), SECONDS, START)
    own = item_desk(desk)
    if count == 1:
        yield own
        return
    setting = _Setting(office.file.archive, own.trust, dict(own.reattested), own.now)
    with open_workers(_looking, setting, count) as workers:
        yield workers


def _looking(setting: _Setting) -> Callable[[Sequence[AuditItem]], Sequence[ItemFindings]]:
    from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
    from cecert.adapters.keys.signatures import check_signature
    from cecert.adapters.storage.archive import FolderArchive
    from cecert.office.verify import seal_reader_of

    process = ReadingProcess.shared()
    return ItemDesk(
        setting.trust,
        check_signature,
        FolderArchive(setting.archive),
        LimitedPdfReader(process),
        seal_reader_of(setting.trust, process),
        setting.reattested,
        setting.now,
    ).look
