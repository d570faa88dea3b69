"""Exports for an office: the readers, behind the port that collecting knows, and a look at one.

A look says what an export is and what of it was understood; nothing is decided.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.assets import asset_folder
from cecert.adapters.exports import ColumnMapping, read_evidence
from cecert.adapters.exports.form import Form
from cecert.adapters.exports.form_file import read_form_or_mapping, read_forms
from cecert.adapters.exports.form_table import form_table
from cecert.adapters.exports.read import is_survey, read_renamed
from cecert.adapters.exports.registration_form import (
    Registrations,
    asks_for_credit,
    registrations_of,
)
from cecert.adapters.tables.bytes import Source
from cecert.adapters.tables.headers import folded, read_synonyms
from cecert.adapters.tables.lists import ListTable, list_table
from cecert.domain.course.credential_choices import CredentialChoices
from cecert.domain.evidence.export import AttendanceFile, DateOrder, EvaluationFile, EvidenceFile
from cecert.errors import Fault, InputError
from cecert.office.collect.forms import KINDS, KnownForms
from cecert.ports import SourceFile

__all__ = ["ExportReader", "Inspection", "Steps", "inspect_export", "suggestion"]

Steps = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and of how much."""

_TABLES = frozenset({"registrations", "list"})
"""Kinds of mapping whose table the office's own list readers read."""


class ExportReader:
    """Reads exports as `cecert.ports.EvidenceReader` asks for them."""

    def __init__(
        self,
        templates: Path,
        forms: KnownForms,
        synonyms: Sequence[Path] = (),
        progress: Steps | None = None,
        statement: str = "",
        choices: CredentialChoices | None = None,
    ) -> None:
        """Know columns by the synonyms in *templates*, and by the forms that are known.

        Args:
            templates: The folder of what is shipped.
            forms: Entries of `forms.toml`, and mapping files that were named.
            synonyms: Files of further names of columns.
            progress: Told how far the reading of a long file is.
            statement: What participants attest to, by which a survey's question is known.
            choices: The credential types that a registration may ask for.

        Raises:
            ConfigurationError: If one of these files cannot be used.
        """
        self.forms = forms
        self._shipped = read_forms(templates / "evidence" / "forms.toml")
        self.synonyms = read_synonyms(templates / "evidence" / "synonyms.toml", *synonyms)
        self._progress = progress
        self._statement = statement
        self._choices = choices or CredentialChoices(())

    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        """Read an attendance report."""
        form = self.forms.form_for(file, "attendance")
        found = self._read(file, order, None if form is None else form.mapping("attendance"))
        if not isinstance(found, AttendanceFile):
            raise _another_kind(file, found, "an attendance report")
        return found

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        """Read a survey's responses."""
        form = self.forms.form_of(file) or self._shipped_form(file, "evaluation")
        found = self._read(file, order, None if form is None else form.mapping("evaluation"))
        if not isinstance(found, EvaluationFile):
            raise _another_kind(file, found, "a survey's responses")
        return found

    def _read(
        self, file: SourceFile, order: DateOrder | None, mapping: ColumnMapping | None
    ) -> EvidenceFile:
        told = None if self._progress is None else partial(self._progress, f"reading {file.name}")
        return read_evidence(
            Path(file.path),
            self.synonyms,
            date_order=order,
            mapping=mapping or self.forms.mapping_of(file),
            progress=told,
            statement=self._statement,
        )

    def is_survey(self, file: SourceFile) -> bool:
        """Say whether a file is a survey's export, by its header, its form or its mapping."""
        if (form := self.forms.form_of(file)) is not None:
            return form.serves(Form.SURVEYS)
        mapping = self.forms.mapping_of(file)
        if mapping is not None and mapping.kind == "evaluation":
            return True
        source = Source.of(file.name, file.content)
        return is_survey(source, self.synonyms) or bool(self._shipped_form(file, "evaluation"))

    def _shipped_form(self, file: SourceFile, kind: str) -> Form | None:
        source = Source.of(file.name, file.content)
        known = (each for each in self._shipped if kind in each.kinds and each.knows(source))
        return next(known, None)

    def table(self, file: SourceFile, purpose: str = "") -> ListTable:
        """Read a list that the office keeps, or any table by its form or mapping file.

        Args:
            file: The file.
            purpose: What it is collected for, a key of `KINDS`.
        """
        source = Source.of(file.name, file.content)
        form = self.forms.form_for(file, purpose) if purpose else self.forms.form_of(file)
        if form is not None:
            kind = KINDS.get(purpose, "list")
            return form_table(form, source, kind if kind in form.kinds else "list")
        mapping = self.forms.mapping_of(file)
        if mapping is not None and mapping.kind in _TABLES:
            return read_renamed(source, mapping)
        return list_table(source)

    def registrations(self, file: SourceFile) -> tuple[ListTable, str]:
        """Read registrations: by form or mapping, as the office's own, or as a platform's.

        Returns:
            The table, and what the file was recognised as.
        """
        own = self.table(file, "registrations")
        form, mapping = self.forms.form_of(file), self.forms.mapping_of(file)
        if form is not None:
            return own, form.name or form.place
        if mapping is not None or {"name", "email", "credentials"} <= set(map(folded, own.headers)):
            return own, "registration list"
        found = self.recognised_registrations(file)
        if found is None:
            return own, "registration list"
        if found.is_sure:
            table = form_table(found.form, Source.of(file.name, file.content), "registration")
            notes = (*table.notes, *_understood(file, found))
            return replace(table, notes=notes), found.form.name or "registration list"
        if found.form.name or found.questions:
            raise _unclear(file, found)
        return own, "registration list"

    def asks_for_credit(self, file: SourceFile) -> bool:
        """Say whether a survey has a question whose answers are credential types."""
        source = Source.of(file.name, file.content)
        return asks_for_credit(source, self._choices)

    def recognised_registrations(self, file: SourceFile) -> Registrations | None:
        """Return what a registration list says of itself, None for what is none."""
        source = Source.of(file.name, file.content)
        shipped = [each for each in self._shipped if "registration" in each.kinds]
        return registrations_of(source, self.synonyms, self._choices, shipped)


def _understood(file: SourceFile, found: Registrations) -> Iterator[str]:
    if found.understood:
        told = ", ".join(f"{said!r} as {meant}" for said, meant in found.understood)
        yield f"{file.name}: {found.questions[0]!r}: read {told}; forms.toml can say otherwise"


def _unclear(file: SourceFile, found: Registrations) -> InputError:
    asked = " and ".join(f"{each!r}" for each in found.questions)
    faults = tuple(
        Fault(f"{file.name}: {asked}", each, "is no credential type that is plainly one", _SAY)
        for each in found.unclear
    )
    several = Fault(file.name, asked, "all ask for a credit", "say which in forms.toml")
    return InputError(
        f"{file.name} cannot be used",
        faults or (several,),
        hint=suggestion(file),
    )


def suggestion(file: SourceFile) -> str:
    """Return the hint of where an entry for a file comes from."""
    path = shlex.quote(file.path or file.name)
    return f"cecert forms suggest {path} proposes an entry of forms.toml"


_SAY = "say in forms.toml, under [form.values.credentials], what it means"


def _another_kind(file: SourceFile, found: EvidenceFile, asked: str) -> InputError:
    fault = Fault(file.name, found.facts.format, f"is not {asked}")
    return InputError(f"{file.name} cannot be used", (fault,))


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read of a file.

    Attributes:
        file: What it says.
        zone: The zone its local times mean, None where nobody said.
    """

    file: EvidenceFile
    zone: ZoneInfo | None


def inspect_export(
    path: Path,
    *,
    zone: ZoneInfo | None = None,
    date_order: DateOrder | None = None,
    mapping: Path | None = None,
    synonyms: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Inspection:
    """Return what an export says, whatever kind it is of.

    Args:
        path: The file.
        zone: What local times in it mean, unless the file states it.
        date_order: Order of its dates, None to learn it.
        mapping: A mapping file, for a table of no known format or an evaluation.
        synonyms: Names of columns, beside those that are shipped.
        progress: Told how far a long file is.

    Raises:
        InputError: If anything cannot be used.
    """
    names = read_synonyms(asset_folder("templates") / "evidence" / "synonyms.toml", *synonyms)
    found = read_evidence(
        path,
        names,
        date_order=date_order,
        mapping=None if mapping is None else _mapping(mapping),
        progress=progress,
    )
    return Inspection(found, zone)


def _mapping(path: Path) -> ColumnMapping:
    found = read_form_or_mapping(path)
    return found if isinstance(found, ColumnMapping) else found.mapping(found.kinds[0])
