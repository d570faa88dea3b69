"""Refusing a keys folder that is older than the ledger, or another's.

A withdrawn key would sign again; and what was issued would rest on keys that nobody lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from cecert.adapters.keys import KeyFacts, read_key_facts
from cecert.domain.trust.keys_back import returned
from cecert.domain.values.wording import joined
from cecert.errors import KeyStoreError, LedgerError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.keys.events import foreign, key_ends, key_events, signed_sequence
from cecert.office.keys.trust import KEY_STATES, trust_in_force
from cecert.ports import Event

__all__ = ["key_faults", "refuse_older_keys", "refuse_returned_keys"]


def key_faults(office: LedgerHolder) -> tuple[str, ...]:
    """Say in which ways keys and trust file are older than the ledger, or another office's.

    There is nothing to say if they are neither.

    Raises:
        KeyStoreError: If the folder cannot be read.
        LedgerError: If the ledger cannot be read.
    """
    return (*_foreign(office, events := key_events(office)), *_older_than(office, events))


def _foreign(office: LedgerHolder, events: Collection[Event]) -> Iterator[str]:
    return foreign(office, trust_in_force(office.file.keys), signed_sequence(events))


def _older_than(office: LedgerHolder, events: Collection[Event]) -> list[str]:
    faults = [*_returned(events, office.key_facts()).values()]
    trust, sequence = trust_in_force(office.file.keys), signed_sequence(events)
    if trust is not None and sequence is not None and trust.sequence < sequence:
        faults.append(
            f"the trust file is that of sequence {trust.sequence}, and the ledger says that "
            f"sequence {sequence} was signed"
        )
    return faults


def refuse_older_keys(office: LedgerHolder) -> None:
    """Refuse to sign anything with keys that are older than the ledger, or another office's.

    Raises:
        KeyStoreError: If they are.
        LedgerError: If the ledger cannot be read.
    """
    events = key_events(office)
    _refuse_foreign(office, events)
    if faults := _older_than(office, events):
        raise _older(faults)


def _refuse_foreign(office: LedgerHolder, events: Collection[Event]) -> None:
    for fault in _foreign(office, events):
        raise KeyStoreError(
            f"the keys folder is another office's: {fault}",
            hint="put this office's own back; where it is lost for good, move this one away, and "
            "cecert keys init makes new keys",
        )


def refuse_returned_keys(
    office: LedgerHolder, ending: Collection[str] = (), folder: Path | None = None
) -> None:
    """Refuse an act on keys that are another office's, or of which one has ended.

    Where the ledger cannot be read nobody can tell, and acts on keys go on all the same.

    Args:
        office: The office.
        ending: Keys whose use the act ends.
        folder: The folder of the keys, None for the office's own.

    Raises:
        KeyStoreError: If there is one, in use though the ledger says that it has ended.
    """
    try:
        events = key_events(office)
    except LedgerError:
        return
    found = _returned(events, read_key_facts(folder or office.file.keys))
    if folder is None:
        _refuse_foreign(office, events)
    if faults := [sentence for name, sentence in found.items() if name not in ending]:
        raise _older(faults)


def _returned(events: Collection[Event], facts: Collection[KeyFacts]) -> Mapping[str, str]:
    return returned(key_ends(events), {each.name: KEY_STATES[each.state] for each in facts})


def _older(faults: Collection[str]) -> KeyStoreError:
    return KeyStoreError(
        f"the keys folder is older than the ledger: {joined(list(faults))}",
        hint="put its newest copy back; where there is none, cecert keys compromise (or retire) "
        "ends the use of such a key again, and cecert keys sign makes the trust file anew",
    )
