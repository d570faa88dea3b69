"""Pages of a ledger in memory, as other systems read them."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.argument_types import typed
from cecert.domain.people.person import folded_email
from cecert.ports import Change, Entry, NumberedEntry, Wanted
from cecert.testing.memory import MemoryLedger
from cecert.testing.samples import sample_provider

__all__ = ["MemoryPages"]


class MemoryPages:
    """Reads a `MemoryLedger` a page at a time; one process, one thread."""

    @typed
    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger

    def change(self, number: int) -> Change | None:
        """Return the change of that number, None where there is none."""
        found = self.changes(number - 1, 1)
        return found[0] if found and found[0].number == number else None

    def newest_change(self) -> Change | None:
        """Return the newest change; None before the first."""
        return self.change(self._ledger.newest_event())

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """Return the first *limit* changes whose numbers are higher."""
        entries = {each.certificate.id: each for each in self._ledger.entries()}
        found = []
        for number, event in self._ledger.numbered_events(after, limit):
            entry = None if event.certificate_id is None else entries.get(event.certificate_id)
            whose = ("", "")
            if entry is not None:
                own = entry.certificate
                whose = (own.course.id, own.recipient.participant)
            found.append(Change.of(sample_provider().id, number, event, *whose))
        return found

    def entry_at(self, number: int) -> NumberedEntry | None:
        """Return the entry of that number, None where there is none."""
        found = self.entries(number - 1, 1, Wanted())
        return found[0] if found and found[0].number == number else None

    def entries(self, after: int, limit: int, wanted: Wanted) -> Sequence[NumberedEntry]:
        """Return the first *limit* wanted entries whose numbers are higher.

        Args:
            after: The number of the last one that is known.
            limit: So many at most.
            wanted: Which.
        """
        numbered = enumerate(self._ledger.entries(), 1)
        found = (NumberedEntry(*each) for each in numbered if _is_wanted(each[1], wanted))
        return [each for each in found if each.number > after][:limit]


def _is_wanted(entry: Entry, wanted: Wanted) -> bool:
    own = entry.certificate
    return (
        wanted.participant in {"", own.recipient.participant}
        and wanted.course_id in {"", own.course.id}
        and (not wanted.email or folded_email(wanted.email) == folded_email(entry.email))
    )
