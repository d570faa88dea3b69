"""Making a new office."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cecert.adapters.assets import asset_folder
from cecert.adapters.database import create_ledger
from cecert.adapters.office_files import new_office_files, read_office
from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.argument_types import typed
from cecert.errors import InputError
from cecert.office.holders.settings import LEDGER_URL

__all__ = ["create_office", "demo_files"]


@typed
def create_office(
    folder: str | os.PathLike[str], environ: Mapping[str, str] | None = None
) -> Sequence[Path]:
    """Make a new office: its files, filled in with a real seminar, a ledger and an archive.

    Args:
        folder: New or empty; made with mode 0700.
        environ: Of which `CECERT_LEDGER_URL` says where the ledger is made, else in *folder*.

    Returns:
        What was made in *folder*.

    Raises:
        InputError: If the folder holds anything or cannot be written; nothing was made.
        LedgerError: If there is a ledger already where the environment says, or none can
            be made there; nothing was made but the empty folder.
    """
    place = Path(folder)
    _refuse_full(place)
    elsewhere = (environ or {}).get(LEDGER_URL)
    try:
        make_folder(place)
        if elsewhere:
            create_ledger(elsewhere)
        for name, content in new_office_files(asset_folder("templates")).items():
            write_file(place / name, content)
        office = read_office(place / "cecert.toml")
        make_folder(office.archive)
    except OSError as error:
        raise InputError(f"{place} cannot be written: {error.strerror}") from error
    if not elsewhere:
        create_ledger(office.ledger_url)
    return sorted(place.iterdir())


def _refuse_full(place: Path) -> None:
    try:
        found = sorted(each.name for each in place.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{place} cannot be used: {error.strerror}") from error
    if found:
        raise InputError(
            f"{place} is not empty: it holds {found[0]}",
            hint="an office is made in a new or empty folder; nothing is ever overwritten",
        )


def demo_files() -> Mapping[str, bytes]:
    """Return what `demo` puts into its office: participants, and a course with a post-test."""
    folder = asset_folder("templates") / "demo"
    return {each.name: each.read_bytes() for each in folder.iterdir()}
