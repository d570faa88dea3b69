"""Reporting to CE Broker: the file it is told by, and the note that it was.

The order keeps a report from being lost or doubled without a word, wherever a run ends:

1. the file is kept in the office's folder `reported/`, with a mark that it waits;
2. the ledger notes it, in the transaction in which it was planned;
3. it is handed out, as the file that was asked for, which must not be there yet;
4. the mark is taken away.

A run that finds a kept file with its mark knows where the last one ended. Not noted: nobody
has it, and it is taken away. Noted: it is handed out now, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cecert.adapters.cebroker import roster_workbook
from cecert.adapters.storage.atomic import make_folder, new_file, write_file
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.domain.certificate.cebroker import CeBrokerAccount, cebroker_faults
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import being_written, day_phrase
from cecert.errors import ConfigurationError, Fault, InputError, LedgerError
from cecert.office.papers.days import office_day
from cecert.office.papers.table_file import csv_file
from cecert.workflows.report.course import CEBROKER, SETTLED, Act
from cecert.workflows.report.plan import ReportPlan, WorkItem, noted, plan_report, work_of
from cecert.workflows.report.settle import settle

if TYPE_CHECKING:
    from cecert.office.office import Office
    from cecert.ports import Note, Report

__all__ = [
    "WORK_LIST_COLUMNS",
    "Reported",
    "report_to_cebroker",
    "settle_at_cebroker",
    "told_cebroker",
    "unknown_reports",
    "waiting_reports",
]

FOLDER = "reported"
_ENDING, _WAITING = ".xls", ".waiting"

WORK_LIST_COLUMNS = (
    "certificate", "name", "course", "became", "on", "why", "reported_on", "reported_in", "told",
    "now", "certificate_now", "to_do",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """What a run told CE Broker.

    Attributes:
        rows: How many rows were written.
        work: What a person puts right there.
        work_list: The file that lists it, None where there is nothing.
        passed_over: How many licences of a kind the account has nothing for: `NY`, `FL LMFT`.
        cut_off: When the report was noted, where it is that of a run before which was cut
            off; nothing newer was looked for.
        asked_for: Where that run was to write it.
    """

    rows: int
    work: tuple[WorkItem, ...] = ()
    work_list: Path | None = None
    passed_over: Mapping[str, int] = field(default_factory=dict)
    cut_off: datetime | None = None
    asked_for: str = ""


def report_to_cebroker(office: Office, course_id: str, path: Path) -> Reported:
    """Write what CE Broker was not told yet as a file to upload, and note that it was.

    Args:
        office: The office.
        course_id: The course, "" for all that its account names.
        path: The file, an `.xls` that is not there yet.

    Raises:
        ConfigurationError: If the office has no account with CE Broker, or an unusable one.
        InputError: If somebody cannot be told as CE Broker wants it (all are named), or the
            file cannot be written; where it says so, the report is noted all the same.
        LedgerError: If the ledger cannot be written, or is older than what was reported.
    """
    account = _account(office)
    courses = _courses(account, course_id)
    if path.suffix.lower() != _ENDING:
        raise InputError(
            f"CE Broker takes no such file: {path.name}", hint=f"name a file that ends in {_ENDING}"
        )
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no such folder")
    ledger = office.written_ledger
    folder = _folder(office)
    with FolderLock(folder / ".lock").hold(lambda: office.warn(being_written(folder))):
        if (finished := _finish(office, folder, path)) is not None:
            return finished
        kept: Path | None = None
        with ledger.reporting() as note:
            plan = plan_report(account, courses, ledger)
            if plan.faults:
                raise InputError(
                    "CE Broker cannot be told of everybody; nothing was written or noted",
                    plan.faults,
                    hint="cecert correct gives a certificate the licence that it lacks; cecert "
                    "export settled says that one is not for CE Broker",
                )
            if plan.new:
                kept = _keep(office, folder, path, plan, note)
        if kept is not None:
            _hand_out(kept, path)
    work_list = _write_work_list(office, path, plan.work)
    return Reported(len(plan.rows), plan.work, work_list, plan.passed_over)


def settle_at_cebroker(office: Office, ids: Sequence[CertificateId], reason: str) -> int:
    """Note that CE Broker needs nothing more of some certificates; return how many are new.

    Args:
        office: The office.
        ids: The certificates.
        reason: What was done there, or why nothing is.

    Raises:
        ConfigurationError: If the office has no account with CE Broker.
        InputError: If there is nothing to settle of one; nothing was noted.
        LedgerError: If there is no such certificate, or the ledger cannot be written.
    """
    if not reason.strip():
        raise InputError("--reason is blank", hint="say what was done there, in a sentence")
    act = Act(office.clock.now(), office.actor, reason)
    return settle(ids, _account(office), office.written_ledger, act)


def told_cebroker(office: Office, ids: Sequence[CertificateId]) -> Sequence[str]:
    """Say what a person does at CE Broker of certificates that ended after it was told of them.

    Args:
        office: The office.
        ids: Certificates that do not stand any more.

    Returns:
        `CE Broker was told of ID on November 5, 2020: take it back there`, of each that it
        was told of and that no person has seen to.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    said = []
    for certificate_id in ids:
        reports = office.ledger.reports_of(CEBROKER, [certificate_id])
        if reports and not office.ledger.reports_of(SETTLED, [certificate_id]):
            day = day_phrase(office_day(office, reports[0].at))
            remedy = _remedy(office, certificate_id)
            said.append(f"CE Broker was told of {certificate_id} on {day}: {remedy}")
    return said


def _remedy(office: Office, certificate_id: CertificateId) -> str:
    """Return what is to be done there; an account that is gone leaves that to the person."""
    entry, account = office.ledger.entry(certificate_id), office.file.cebroker
    if entry is None or account is None or entry.certificate.course.id not in account.courses:
        return "put it right there"
    return work_of(entry, account, office.ledger).remedy


def waiting_reports(office: Office) -> Iterator[datetime]:
    """Yield when each report was noted that was cut off before it was handed out."""
    for _, _, report in _waiting(office, office.file.folder / FOLDER):
        if report is not None:
            yield report.at


def unknown_reports(office: Office) -> Iterator[str]:
    """Yield the reports that were handed out and that the ledger does not know of."""
    folder = office.file.folder / FOLDER
    waiting = {kept for kept, _, _ in _waiting(office, folder)}
    known = {each.file for each in office.ledger.reports(CEBROKER)}
    for each in sorted(folder.glob(f"*{_ENDING}")):
        if each.name not in known and each not in waiting:
            yield f"{FOLDER}/{each.name}"


def _waiting(office: Office, folder: Path) -> Iterator[tuple[Path, str, Report | None]]:
    """Yield each kept file with its mark that was not handed out: where it goes, what is noted."""
    reports = {each.file: each for each in office.ledger.reports(CEBROKER)}
    for mark in sorted(folder.glob(f"*{_WAITING}")):
        kept = mark.with_suffix(_ENDING)
        asked_for = mark.read_text("utf-8").strip()
        report = reports.get(kept.name)
        if report is None or not _is(Path(asked_for), kept):
            yield kept, asked_for, report


def _account(office: Office) -> CeBrokerAccount:
    if (account := office.file.cebroker) is None:
        raise ConfigurationError(
            "cecert.toml names no account with CE Broker", hint="fill in its [export.cebroker]"
        )
    faults = [
        Fault("cecert.toml: export.cebroker", "", each)
        for each in cebroker_faults(account, tuple(office.regimes))
    ]
    if faults:
        raise ConfigurationError("the account with CE Broker cannot be used", tuple(faults))
    return account


def _courses(account: CeBrokerAccount, course_id: str) -> Sequence[str]:
    if not course_id:
        return tuple(account.courses)
    if course_id not in account.courses:
        raise ConfigurationError(
            f"course {course_id} is none that CE Broker knows",
            hint="[[export.cebroker.course]] in cecert.toml names it, with its number there",
        )
    return (course_id,)


def _folder(office: Office) -> Path:
    folder = office.file.folder / FOLDER
    try:
        make_folder(folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    return folder


def _keep(office: Office, folder: Path, path: Path, plan: ReportPlan, note: Note) -> Path:
    """Keep the file of a plan, note it, and return it: steps 1 and 2."""
    if path.exists():
        raise InputError(
            f"{path} is there already; nothing was noted",
            hint="each report is a file of its own: name another, and upload the one of before",
        )
    content = roster_workbook(plan.rows)
    act = Act(office.clock.now(), office.actor)
    day = office_day(office, act.at)
    # Numbered: a credit that was taken back and given again may make the same file on one day.
    number = len({each.file for each in office.ledger.reports(CEBROKER)} - {""}) + 1
    kept = folder / f"{CEBROKER}-{number}-{day}{_ENDING}"
    try:
        # In this order: a kept file without its mark was handed out.
        write_file(kept.with_suffix(_WAITING), f"{path.absolute()}\n".encode())
        write_file(kept, content)
    except OSError as error:
        raise InputError(f"{kept} cannot be written: {error.strerror}") from error
    reports, event = noted(plan, act, kept.name)
    note(reports, [event])
    return kept


def _hand_out(kept: Path, path: Path) -> None:
    """Write the file that was asked for, and take its mark away: steps 3 and 4."""
    content = kept.read_bytes()
    try:
        with new_file(path) as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; the report is noted, and not lost",
            hint=f"run it again with another FILE, which gets this report; it is kept as {kept}",
        ) from error
    kept.with_suffix(_WAITING).unlink(missing_ok=True)


def _finish(office: Office, folder: Path, path: Path) -> Reported | None:
    """Finish a run before this one that was cut off; None where there is nothing to hand out.

    Raises:
        LedgerError: If the ledger does not know of a file that was handed out.
    """
    for kept, asked_for, report in list(_waiting(office, folder)):
        if report is None:
            kept.unlink(missing_ok=True)
            kept.with_suffix(_WAITING).unlink()
            continue
        _hand_out(kept, path)
        rows = sum(each.file == kept.name for each in office.ledger.reports(CEBROKER))
        return Reported(rows, cut_off=report.at, asked_for=asked_for)
    for mark in folder.glob(f"*{_WAITING}"):
        mark.unlink()  # of files that were handed out
    for unknown in unknown_reports(office):
        raise LedgerError(
            f"the ledger knows nothing of {unknown}, which was handed out: it is older",
            hint="it was restored from a backup: restore a newer one; if that file was never "
            "uploaded, move it away",
        )
    return None


def _is(path: Path, kept: Path) -> bool:
    try:
        return path.read_bytes() == kept.read_bytes()
    except OSError:
        return False


def _write_work_list(office: Office, path: Path, work: Sequence[WorkItem]) -> Path | None:
    if not work:
        return None
    listed = path.with_name(f"{path.stem}.work-list.csv")
    content = csv_file(WORK_LIST_COLUMNS, [_work_row(each, office) for each in work])
    try:
        write_file(listed, content)
    except OSError as error:
        raise InputError(f"{listed} cannot be written: {error.strerror}") from error
    return listed


def _work_row(item: WorkItem, office: Office) -> Sequence[str]:
    def day(instant: datetime) -> str:
        return office_day(office, instant).isoformat()

    own, ended = item.entry.certificate, item.ended
    return (
        str(own.id),
        own.recipient.name,
        own.course.id,
        item.entry.state.value,
        day(ended.at) if ended else "",
        ended.reason if ended else "",
        "; ".join(dict.fromkeys(day(each.at) for each in item.reports)),
        "; ".join(dict.fromkeys(each.file or "by hand" for each in item.reports)),
        "; ".join(item.told),
        "; ".join(item.now),
        "; ".join(str(each.certificate.id) for each in item.standing),
        item.remedy,
    )
