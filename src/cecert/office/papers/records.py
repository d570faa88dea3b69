"""What an office makes of what it issued: the report of a batch, exports, what `audit` needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.assets import asset_folder
from cecert.adapters.storage.atomic import write_file, write_pieces
from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Denial
from cecert.domain.trust.reattested_list import (
    BadReattestedListError,
    ReattestedList,
    open_reattested_list,
)
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.spreadsheets import guarded
from cecert.errors import InputError, KeyStoreError, LedgerError

if TYPE_CHECKING:
    from cecert.adapters.site import SiteFolder
    from cecert.office.office import Office
    from cecert.ports import Entry, Ledger
    from cecert.workflows.audit.audit import AuditDesk
    from cecert.workflows.issue.issue import IssueReport
    from cecert.workflows.log import KnownCheckpoint

__all__ = ["audit_desk", "csv_lines", "csv_text", "write_export", "write_issue_report"]

AT_ONCE = 200
"""Certificates whose state is asked for at once."""


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
    from cecert.adapters.reports import IssueOutcome, batch_report

    entries = _entries_of(office.ledger, course.id, people, report)
    mails = office.outbox.mails_of([each.certificate.id for each in entries])
    outcome = IssueOutcome(
        course=course,
        entries=entries,
        denials=denials,
        at=office.clock.now(),
        # A later mail of a certificate stands later.
        mails={each.certificate_id: each for each in mails if each.certificate_id},
        withheld=report.withheld,
    )
    path = completions.with_name(f"{completions.stem}.issue.html")
    try:
        write_file(path, batch_report(outcome, asset_folder("templates")))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _entries_of(
    ledger: Ledger, course_id: str, people: Collection[str], report: IssueReport
) -> Sequence[Entry]:
    """Return the certificates that people have of a course; those just made are not read back."""
    first = {
        each.certificate.recipient.participant
        for each in report.issued
        if each.certificate.id.text not in report.further
    }
    fresh = [each for each in report.issued if each.certificate.recipient.participant in first]
    known = ledger.entries_of(course_id, set(people) - first)
    return [*known, *_standing(fresh, ledger)]


def _standing(entries: Sequence[Entry], ledger: Ledger) -> Iterator[Entry]:
    """Yield those of *entries* whose certificates stand, a few of them asked about at once."""
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        states = ledger.states([each.certificate.id for each in some])
        for each in some:
            if states.get(each.certificate.id) is CertificateState.STANDING:
                yield each


@typed
def audit_desk(office: Office, site: Path | None = None, since: Path | None = None) -> AuditDesk:
    """Return what auditing the office's ledger and archive needs; it opens no key.

    Args:
        office: The office.
        site: The folder of its site; None for the one that was published to last.
        since: A checkpoint of the log that somebody kept; None for none.

    Raises:
        InputError: If that is no checkpoint of this office's log.
        KeyStoreError: If the trust file, or a list it names, is missing or damaged.
        LedgerError: If the ledger cannot be opened.
    """
    from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
    from cecert.adapters.keys.signatures import check_signature
    from cecert.office.keys.returned import key_faults
    from cecert.office.log.log import log_keys, published_here
    from cecert.office.verify.verify import seal_reader_of
    from cecert.workflows.audit.audit import AuditDesk

    trust, lists = _vouched(office)
    process = ReadingProcess.shared()
    return AuditDesk(
        ledger=office.ledger,
        archive=office.archive,
        trust=trust,
        check_signature=check_signature,
        pdf_reader=LimitedPdfReader(process),
        seal_reader=seal_reader_of(trust, process),
        clock=office.clock,
        reattested={each.kid: each.digests for each in lists},
        site=_site(office, site),
        key_faults=key_faults(office),
        log=office.log,
        published=_checkpoints(office, site, since),
        on_site=published_here(office),
        log_keys=() if (keys := log_keys(office)) is None else keys.keys,
    )


def _checkpoints(
    office: Office, site: Path | None, since: Path | None
) -> tuple[KnownCheckpoint, ...]:
    from cecert.office.holders.published_note import published_folder
    from cecert.office.log.log import known_checkpoints, log_keys, named_checkpoint

    keys = log_keys(office)
    if keys is None:
        if since is not None:
            raise InputError(
                "this office has no log yet", hint="cecert keys rotate makes the key of one"
            )
        return ()
    named = () if since is None else (named_checkpoint(since, keys),)
    return (*known_checkpoints(office, keys, site or published_folder(office)), *named)


def _vouched(office: Office) -> tuple[TrustFile, Sequence[ReattestedList]]:
    """Return the trust file, and the lists of what is genuine that it names."""
    try:
        return _vouched_now(office)
    except KeyStoreError as error:
        # Whoever withdraws keys writes a list first, and then the trust file that names it.
        with ExitStack() as held:
            try:
                held.enter_context(office.alone())
            except LedgerError:
                raise error from None
            return _vouched_now(office)


def _vouched_now(office: Office) -> tuple[TrustFile, Sequence[ReattestedList]]:
    from cecert.office.keys.keys import reattested_lists

    trust = office.trust()
    return trust, [_opened(each, trust) for each in reattested_lists(office).values()]


def _site(office: Office, named: Path | None) -> SiteFolder | None:
    from cecert.adapters.site import SiteFolder
    from cecert.office.holders.published_note import noted_folder, published_folder

    folder = published_folder(office) if named is None else named
    if folder is None and (noted := noted_folder(office)) is not None:
        office.warn(
            f"{noted}, where the site was published last, is not there: what is published was not "
            "held against the ledger"
        )
    return None if folder is None else SiteFolder(folder)


def _opened(data: bytes, trust: TrustFile) -> ReattestedList:
    try:
        return open_reattested_list(data, trust)
    except BadReattestedListError as error:
        raise KeyStoreError(
            f"a list of genuine tokens cannot be used: {error}",
            hint="cecert keys compromise makes it anew, for the same key",
        ) from error


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV (RFC 4180) in which no cell is a formula."""
    return "".join(csv_lines(columns, rows))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of `csv_text`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in chain((columns,), ([guarded(cell) for cell in row] for row in rows)):
        writer.writerow(row)
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def write_export(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write an export, readable by its owner only, all or nothing; its pieces as they come.

    Raises:
        InputError: If it cannot be written.
    """
    try:
        write_pieces(path, (content,) if isinstance(content, bytes) else content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
