"""What happened, for other systems: each change exactly once, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cecert.domain.documents.ledger import ChangeDocument, ChangesDocument
from cecert.domain.values.cursor import Cursor, CursorKind
from cecert.errors import InputError
from cecert.ports.pages import Change, LedgerPages

__all__ = ["LARGEST_PAGE", "ChangePage", "changes", "newest_cursor", "refuse_size", "unusable"]

LARGEST_PAGE = 1000
"""Changes or certificates on a page."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes that follow one another. Threads may share it.

    Attributes:
        changes: In the order in which they happened; none if nothing happened since.
        cursor: What to ask for the next page with; it is kept by who reads, and by nobody else.
    """

    changes: tuple[Change, ...]
    cursor: str

    def document(self) -> dict[str, object]:
        """Return it as `changes --json` prints it."""
        found: ChangesDocument = {
            "changes": [document(each) for each in self.changes],
            "cursor": self.cursor,
        }
        return dict(found)


def document(change: Change) -> ChangeDocument:
    """Return a change as `changes --json` prints it, and as a hook is told it."""
    its = change.certificate_id
    return {
        "id": change.id,
        "kind": change.kind,
        "at": change.at.isoformat(),
        "certificate": None if its is None else its.text,
        "course": change.course_id,
        "participant": change.participant,
        "actor": change.actor,
        "reason": change.reason,
        "key": change.key,
    }


def changes(pages: LedgerPages, provider: str, after: str, limit: int) -> ChangePage:
    """Return the changes that follow a cursor.

    Args:
        pages: The ledger's.
        provider: Whose ledger it is.
        after: The cursor of the page before, "" for the first.
        limit: So many at most, from 1 to 1,000.

    Raises:
        InputError: If the cursor is none of this ledger, or of a time that it has not seen.
    """
    refuse_size(limit)
    found: Sequence[Change] = pages.changes(_place(pages, provider, after), limit)
    return ChangePage(tuple(found), found[-1].id if found else after)


def newest_cursor(pages: LedgerPages) -> str:
    """Return the cursor after all that has happened; "" where nothing has."""
    newest = pages.newest_change()
    return "" if newest is None else newest.id


def _place(pages: LedgerPages, provider: str, after: str) -> int:
    if not after:
        return 0
    try:
        place = Cursor.place_in(after, CursorKind.CHANGES, provider)
    except ValueError as error:
        raise unusable(after, str(error)) from error
    there = pages.change(place)
    if there is None:
        raise unusable(after, "is of a change that this ledger has not seen: was it restored?")
    if there.id != after:
        raise unusable(after, "is of another change than the ledger has there: was it restored?")
    return place


def unusable(cursor: str, why: str) -> InputError:
    """Return the error of a cursor that cannot be gone on from."""
    hint = 'begin anew with no cursor (""): whoever knows the ids leaves out what it has'
    return InputError(f"the cursor {cursor!r} {why}", hint=hint)


def refuse_size(limit: int) -> None:
    """Refuse a page of no size, or of one that would be everything.

    Raises:
        InputError: If it is one.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise InputError(f"a page of {limit} is none: from 1 to {LARGEST_PAGE}")
