"""The forms that an office knows: named by hand, the course's, the office's, those shipped.

What is named by hand wins, then the course's own entries, then the office's. Two entries of
one file that both know an export are a question, never a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cecert.adapters.exports.form import Form
from cecert.adapters.exports.form_file import read_form_or_mapping, read_forms
from cecert.adapters.exports.mapping import ColumnMapping
from cecert.adapters.storage.atomic import write_file
from cecert.adapters.storage.folder_lock import FolderLock
from cecert.adapters.tables.bytes import Source, read_source
from cecert.domain.course.credential_choices import CredentialChoices
from cecert.errors import Fault, InputError
from cecert.office.office import Office
from cecert.ports import SourceFile

__all__ = [
    "FORMS_FILE",
    "KINDS",
    "KnownForms",
    "forms_beside",
    "propose_form",
    "purposes_of",
    "save_proposal",
]

FORMS_FILE = "forms.toml"

KINDS: Mapping[str, str] = {
    "registrations": "registration",
    "attendance": "attendance",
    "evaluation": "evaluation",
    "attestation": "attestation",
    "post_test": "post-test",
    "visible": "visibility",
    "fee_paid": "payment",
    "completed_on": "completion",
}
"""Kinds of a form, by what a file is collected for."""


def forms_beside(*folders: Path) -> tuple[tuple[Form, ...], ...]:
    """Return the entries of each folder's `forms.toml`, the first folder's first.

    Raises:
        ConfigurationError: If one of the files cannot be used.
    """
    paths = dict.fromkeys((each / FORMS_FILE).resolve() for each in folders)
    return tuple(read_forms(path) for path in paths if path.is_file())


class KnownForms:
    """Which form a file is of."""

    def __init__(self, by_hand: Mapping[str, Path], layers: Sequence[Sequence[Form]] = ()) -> None:
        """Read the mapping files, and take the entries of every layer.

        Args:
            by_hand: Mapping files by the path of the export they are for.
            layers: Entries that recognise files; an earlier layer wins.

        Raises:
            ConfigurationError: If one of these files cannot be used.
        """
        self._by_hand = {path: read_form_or_mapping(each) for path, each in by_hand.items()}
        self._layers = tuple(each for each in layers if each)
        self._found: dict[str, Form | None] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no form is known at all."""
        return not (self._by_hand or self._layers)

    def mapping_of(self, file: SourceFile) -> ColumnMapping | None:
        """Return the mapping file of before that was named for a file, None without one."""
        found = self._by_hand.get(file.path)
        return found if isinstance(found, ColumnMapping) else None

    def form_of(self, file: SourceFile) -> Form | None:
        """Return the form that a file is of, None where none knows it.

        Raises:
            InputError: If two entries of one file know it, or it cannot be read.
        """
        if (named := self._by_hand.get(file.path)) is not None:
            return named if isinstance(named, Form) else None
        if not self._layers:
            return None
        if file.path not in self._found:
            self._found[file.path] = self._recognised(file)
        return self._found[file.path]

    def _recognised(self, file: SourceFile) -> Form | None:
        source = Source.of(file.name, file.content)
        for layer in self._layers:
            found = [each for each in layer if each.knows(source)]
            if len(found) > 1:
                places = " and ".join(each.place for each in found)
                fault = Fault(
                    file.name, "", f"is recognised by {places}",
                    "name further headers in recognise, so that one entry alone knows it",
                )  # fmt: skip
                raise InputError(f"{file.name} cannot be used", (fault,))
            if found:
                return found[0]
        return None

    def form_for(self, file: SourceFile, purpose: str) -> Form | None:
        """Return the form by which a file is read for a purpose, None where none knows it.

        Args:
            file: The file.
            purpose: A key of `KINDS`.

        Raises:
            InputError: If its form says that it is something else.
        """
        form = self.form_of(file)
        if form is None or purpose in purposes_of(form):
            return form
        said = " and ".join(form.kinds)
        fault = Fault(
            file.name, "", f"is given as {purpose}, and {form.place} says that it is {said}",
            "correct its kinds, or give the file as what it is",
        )  # fmt: skip
        raise InputError(f"{file.name} cannot be used", (fault,))


def purposes_of(form: Form) -> tuple[str, ...]:
    """Return what files of a form are collected for: the keys of `KINDS` that it serves."""
    served = [purpose for purpose, kind in KINDS.items() if kind in form.kinds]
    if "list" in form.kinds:
        served += [each for each in KINDS if each in form.columns and each not in served]
    return tuple(served)


def propose_form(path: Path, office: Office) -> str:
    """Return an entry of `forms.toml` for a file, for a person to edit.

    Raises:
        InputError: If it cannot be read, or is no table.
    """
    from cecert.adapters.exports.form_proposal import proposed_entry

    return proposed_entry(read_source(path), CredentialChoices.of(office.regimes))


def save_proposal(path: Path, text: str, export: Path, wait: Callable[[], None]) -> None:
    """Add an entry at the end of a file of forms, which is made where it is missing.

    Args:
        path: The file of forms; what stands there stays, to the byte.
        text: The entry.
        export: The file that it was proposed for.
        wait: Called once if another command is adding to the file.

    Raises:
        ConfigurationError: If the file there cannot be used; it is as it was.
        InputError: If one of its entries knows the export already, or it cannot be written.
        LedgerError: If another command holds the file for ten minutes.
    """
    if path.is_dir():
        raise InputError(f"{path} cannot be written: it is a folder", hint="name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    with FolderLock.of_file(path).hold(wait):
        before = _without_it(path, export) if path.exists() else b""
        try:
            write_file(path, before + text.encode())
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _without_it(path: Path, export: Path) -> bytes:
    """Return what stands in a file of forms, none of which knows the export."""
    source = read_source(export)
    file = SourceFile(export.name, source.data, str(export))
    if (found := KnownForms({}, (read_forms(path),)).form_of(file)) is not None:
        raise InputError(f"{found.place} knows {export.name} already", hint="edit that entry")
    return path.read_bytes().rstrip() + b"\n\n"
