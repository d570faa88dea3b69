"""Linting: everything that is wrong or unchecked in an office's files, and what was looked at.

Nothing is issued from here. Certificates are drawn for nobody and for a list's people, so
that what cannot be drawn is found before the first is issued; and a warning that somebody
has looked at is not shown again, until its words change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cecert.adapters.assets import asset_folder
from cecert.adapters.completion_list import LIST_KINDS
from cecert.adapters.office_files import (
    SEEN_FILE,
    SeenFinding,
    read_roster_profiles,
    read_seen,
    replaced_regimes,
    write_seen,
)
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.domain.course.course import Course
from cecert.domain.course.regime import Regime
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import decide
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.wording import being_written
from cecert.errors import ConfigurationError, Fault, InputError
from cecert.office.courses import COMPLETIONS_FILE, known_courses
from cecert.office.looks.scripts import script_faults
from cecert.office.office import Office
from cecert.workflows.issue.plan import questions_of

__all__ = ["Linted", "acknowledge", "lint_office", "own_regimes", "unseen"]


@dataclass(frozen=True, slots=True)
class Linted:
    """All findings of an office's files, and which of them were acknowledged.

    Attributes:
        findings: All of it, each once, errors and warnings.
        seen: Codes of the warnings that somebody of the office has acknowledged.
    """

    findings: tuple[Finding, ...]
    seen: frozenset[str]

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that nobody has acknowledged."""
        return tuple(each for each in self.findings if not self.is_seen(each))

    def is_seen(self, finding: Finding) -> bool:
        """Say whether a finding is a warning that was acknowledged."""
        return finding.severity is Severity.WARNING and finding.code in self.seen


def lint_office(office: Office, files: Sequence[Path]) -> Linted:
    """Look through the office's file, and courses with completion lists after theirs.

    Of a course without a list the one beside it is looked through, where it can be read, for
    names that cannot be drawn and licences that its credit is not for.

    Args:
        office: The office.
        files: Courses, and lists; each is a file that is there.
    """
    findings = [
        *office.findings(),
        *office.seal_findings(),
        *office.mail_findings(),
        *_look_findings(office),
        *_export_findings(office),
    ]
    opened: Course | None = None
    for number, path in enumerate(files):
        if path.suffix.casefold() in LIST_KINDS:
            findings += _list_findings(office, opened, path)
            continue
        reading = office.course_reading(path)
        opened = reading.course
        findings += [*reading.findings, *office.drawing_findings(reading, path.name)]
        followed = files[number + 1 : number + 2]
        if opened and not (followed and followed[0].suffix.casefold() in LIST_KINDS):
            findings += _beside_findings(office, opened, path.with_name(COMPLETIONS_FILE))
    # Courses repeat what the office's file lacks.
    return Linted(tuple(dict.fromkeys(findings)), _seen_codes(office))


def own_regimes(office: Office) -> tuple[Regime, ...]:
    """Return the office's regimes that stand in the place of shipped ones."""
    return replaced_regimes(asset_folder("templates") / "regimes", office.file.regimes)


def unseen(office: Office, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the warnings among *findings* that nobody has acknowledged."""
    seen = _seen_codes(office)
    return tuple(
        each for each in findings if each.severity is Severity.WARNING and each.code not in seen
    )


def _seen_codes(office: Office) -> frozenset[str]:
    return frozenset(each.code for each in read_seen(office.file.folder))


def acknowledge(office: Office, found: Linted, codes: Sequence[str]) -> Linted:
    """Note warnings as looked at, by their codes, and return what was found with that in mind.

    Args:
        office: The office, whose actor acknowledges them.
        found: What was found just now.
        codes: Of warnings among it.

    Raises:
        InputError: If a code is no warning's of what was found; nothing was noted.
        LedgerError: If another command holds the file for ten minutes.
    """
    warnings = {e.code: e for e in found.findings if e.severity is Severity.WARNING}
    codes = list(dict.fromkeys(each.strip().upper() for each in codes))
    if unknown := [each for each in codes if each not in warnings]:
        faults = tuple(Fault(each, "", "is no warning's code here") for each in unknown)
        hint = "cecert lint COURSE lists the warnings of a course with their codes"
        raise InputError("nothing was acknowledged", faults, hint=hint)
    today, folder = f"{office.clock.now():%Y-%m-%d}", office.file.folder

    def tell() -> None:
        office.warn(being_written(folder / SEEN_FILE))

    with FolderLock.of_file(folder / SEEN_FILE).hold(tell):
        before = read_seen(folder)
        known = {each.code for each in before}
        new = [
            SeenFinding(each, warnings[each].place, warnings[each].message, office.actor, today)
            for each in codes
            if each not in known
        ]
        if new:
            write_seen(folder, (*before, *new))
    return Linted(found.findings, found.seen | frozenset(codes))


def _export_findings(office: Office) -> Iterator[Finding]:
    """Read roster profiles of the office's own, and hold its account with CE Broker."""
    if office.file.rosters is not None:
        try:
            read_roster_profiles(asset_folder("templates") / "rosters", office.file.rosters)
        except ConfigurationError as error:
            yield from (
                Finding(Severity.ERROR, each.place, str(each).removeprefix(f"{each.place}: "))
                for each in error.faults
            )
    if (account := office.file.cebroker) is None:
        return
    from cecert.domain.certificate.cebroker import cebroker_faults

    place = "cecert.toml: export.cebroker"
    for each in cebroker_faults(account, tuple(office.regimes)):
        yield Finding(Severity.ERROR, place, each)
    known = known_courses(office.file.folder) if account.courses else {}
    for each in account.courses:
        if each not in known:
            problem = f"no course file of this office has the id {each}"
            yield Finding(Severity.WARNING, f"{place}.course", problem)


def _look_findings(office: Office) -> Iterator[Finding]:
    """Open logo, signatures, fonts and layout: what cannot be used is told before it is needed."""
    found = tuple(_picture_findings(office))
    yield from found
    if any(each.severity is Severity.ERROR for each in found):
        return
    try:
        office.renderer()
    except ConfigurationError as error:
        for fault in error.faults:
            message = str(fault).removeprefix(f"{fault.place}: ")
            yield Finding(Severity.ERROR, fault.place, message)


def _picture_findings(office: Office) -> Iterator[Finding]:
    from cecert.adapters.render.layout.pictures import PrintPicture, print_logo, print_signature

    def signature(data: bytes, name: str) -> PrintPicture:
        return print_signature(data, name, (168, 46))

    def logo(data: bytes, name: str) -> PrintPicture:
        del name
        return print_logo(data, (152, 44))

    pictures = [("certificate.logo", office.file.logo, logo)]
    pictures += [
        (f"signatory[{number}].image", Path(each.image) if each.image else None, signature)
        for number, each in enumerate(office.file.signatories, 1)
    ]
    for place, path, read in pictures:
        if path is None:
            continue
        try:
            note = read(path.read_bytes(), path.name).note
        except (ConfigurationError, OSError) as error:
            yield Finding(Severity.ERROR, f"cecert.toml: {place}", _told(error, path.name))
        else:
            if note:
                yield Finding(Severity.WARNING, f"cecert.toml: {place}", f"{path.name} {note}")


def _told(error: Exception, name: str) -> str:
    if isinstance(error, InputError) and error.faults:
        return f"{name} {error.faults[0].problem}"
    return f"{name} cannot be read: {error}"


def _list_findings(office: Office, course: Course | None, path: Path) -> Iterator[Finding]:
    """Yield the bad cells of a completion list, who of it may be another, and its people's."""
    if course is None:
        yield Finding(Severity.ERROR, path.name, "there is no course before it that can be used")
        return
    try:
        listed = office.completions(path, course)
    except InputError as error:
        faults = error.faults or (Fault(path.name, "", str(error)),)
        records: Sequence[CompletionRecord] = ()
    else:
        records = listed.records
        decisions = [each for record in records for each in decide(record, course)]
        faults = (*listed.faults, *questions_of(decisions))
    for fault in faults:
        place = fault.place if fault.place.startswith(path.name) else f"{path.name}: {fault.place}"
        message = str(fault).removeprefix(f"{fault.place}:").strip()
        yield Finding(Severity.ERROR, place, message)
    yield from _people_findings(office, course, records, path.name)


def _beside_findings(office: Office, course: Course, path: Path) -> Iterator[Finding]:
    if not path.is_file():
        return
    try:
        records = office.completions(path, course).records
    except InputError:  # whoever decides or issues from it is told
        return
    yield from _people_findings(office, course, records, path.name)


def _people_findings(
    office: Office, course: Course, records: Sequence[CompletionRecord], file: str
) -> Iterator[Finding]:
    """Yield whose certificate cannot be drawn, and whose licences a credit is not for."""
    from cecert.workflows.preview import list_drawing_findings

    for record in records:
        own = course.completed(record.completed_on)
        for credential in () if own.is_open else record.credentials:
            rule = course.licenses_for(credential)
            problem = rule.problem(record.licenses, own.credit_date) if rule else ""
            if problem:
                place = f"{file}: {record.place or record.name}: licenses"
                yield Finding(Severity.WARNING, place, f"{record.name}: {credential} {problem}")
    try:
        renderer = office.renderer()
    except ConfigurationError:  # told of the office already
        return
    for fault in script_faults(office, records):
        message = str(fault).removeprefix(f"{fault.place}:").strip()
        yield Finding(Severity.ERROR, f"{file}: {fault.place}", message)
    desk = office.preview_desk()
    drawn = [each for each in records if not renderer.missing_glyph(each.name, desk.layout)]
    yield from list_drawing_findings(course, drawn, desk, renderer, file)
