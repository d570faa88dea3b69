"""Certificates, for other systems: in order of issue, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from cecert.domain.values.cursor import Cursor, CursorKind
from cecert.ports.ledger import Entry
from cecert.ports.pages import LedgerPages, NumberedEntry, Wanted
from cecert.workflows.changes import refuse_size, unusable

__all__ = ["CertificatePage", "certificates"]


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """Certificates in order of issue, as they stand now. Threads may share it.

    Attributes:
        entries: None if there are no more.
        cursor: What to ask for the next page with.
    """

    entries: tuple[Entry, ...]
    cursor: str


def certificates(
    pages: LedgerPages, provider: str, wanted: Wanted, after: str, limit: int
) -> CertificatePage:
    """Return the wanted certificates that follow a cursor.

    Args:
        pages: The ledger's.
        provider: Whose ledger it is.
        wanted: Which; a cursor goes on with any.
        after: The cursor of the page before, "" for the first.
        limit: So many at most, from 1 to 1,000.

    Raises:
        InputError: If the cursor is none of this ledger, or of a certificate that it has not.
    """
    refuse_size(limit)
    found = pages.entries(_place(pages, provider, after), limit, wanted)
    cursor = _cursor(provider, found[-1]).text if found else after
    return CertificatePage(tuple(each.entry for each in found), cursor)


def _cursor(provider: str, numbered: NumberedEntry) -> Cursor:
    its = numbered.entry.certificate.id.value
    return Cursor(CursorKind.CERTIFICATES, provider, numbered.number, its)


def _place(pages: LedgerPages, provider: str, after: str) -> int:
    if not after:
        return 0
    try:
        place = Cursor.place_in(after, CursorKind.CERTIFICATES, provider)
    except ValueError as error:
        raise unusable(after, str(error)) from error
    there = pages.entry_at(place)
    if there is None:
        raise unusable(after, "is of a certificate that this ledger has not: was it restored?")
    if _cursor(provider, there).text != after:
        raise unusable(after, "is of another certificate than the ledger has there")
    return place
