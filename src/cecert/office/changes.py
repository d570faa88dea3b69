"""An office's ledger for other systems: what happened, and what was issued, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.ports.pages import Wanted
from cecert.workflows import certificates as issued
from cecert.workflows import changes as happened

if TYPE_CHECKING:
    from cecert.office.ledger_holder import LedgerHolder

__all__ = ["certificates_of", "changes_of"]


def changes_of(office: LedgerHolder, after: str, limit: int) -> happened.ChangePage:
    """Return what happened in an office since a cursor.

    Args:
        office: Whose ledger is read.
        after: The cursor of the page before, "" for the first.
        limit: So many changes at most, from 1 to 1,000.

    Raises:
        InputError: If the cursor cannot be gone on from.
        LedgerError: If the ledger cannot be read.
    """
    return happened.changes(office.pages, office.file.provider.id, after, limit)


def certificates_of(
    office: LedgerHolder, wanted: Wanted, after: str, limit: int
) -> issued.CertificatePage:
    """Return the certificates of an office that follow a cursor.

    Args:
        office: Whose ledger is read.
        wanted: Which.
        after: The cursor of the page before, "" for the first.
        limit: So many at most, from 1 to 1,000.

    Raises:
        InputError: If the cursor cannot be gone on from.
        LedgerError: If the ledger cannot be read.
    """
    return issued.certificates(office.pages, office.file.provider.id, wanted, after, limit)
