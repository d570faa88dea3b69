"""Processes that share an audit: each looks at some certificates by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.workers import open_workers, workers_worth
from cecert.domain.trust.trust_file import TrustFile
from cecert.workflows.audit.audit import AuditDesk, AuditReport, audit, audit_shared, item_desk
from cecert.workflows.audit.items import AuditItem, ItemDesk, ItemFindings
from cecert.workflows.issue.desk import Progress

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = ["audit_by"]

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


def audit_by(
    office: Office,
    desk: AuditDesk,
    course_id: str,
    progress: Progress,
    asked: int | None,
) -> AuditReport:
    """Audit an office by as many processes as are worth it.

    Args:
        office: The office.
        desk: Its desk for auditing.
        course_id: Only this course, "" for all.
        progress: Told after every hundred certificates.
        asked: Workers that a person asked for; None for as many as are worth it.

    Raises:
        LedgerError: If the ledger or the archive as a whole cannot be read.
        WorkerLostError: If one worker after another was lost.
    """
    count = workers_worth(asked, desk.ledger.count(course_id), SECONDS, START)
    if count == 1:
        return audit(desk, course_id, progress)
    own = item_desk(desk)
    setting = _Setting(office.file.archive, own.trust, dict(own.reattested), own.now)
    with open_workers(_looking, setting, count) as workers:
        return audit_shared(desk, course_id, progress, workers)


def _looking(setting: _Setting) -> Callable[[Sequence[AuditItem]], Sequence[ItemFindings]]:
    from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
    from cecert.adapters.keys.signatures import check_signature
    from cecert.adapters.storage.archive import FolderArchive
    from cecert.office.verify.verify import seal_reader_of

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
