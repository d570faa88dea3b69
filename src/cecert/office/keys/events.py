"""Acts upon keys: one at a time, and each an event of the ledger.

What an act changed is told by the keys folder itself, before and after, so no act is
forgotten, and one that failed half-way has events for what it did. One that was killed has
none: the next act begins with them. An office whose ledger is not there, or cannot be
written, is not kept from withdrawing a stolen key: the act is done, and a warning says that
the ledger has no event of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from cecert.adapters.keys import KeyFacts, KeyPurpose, KeyStage, read_key_facts
from cecert.domain.trust.keys_back import KeyEnd
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustFile
from cecert.errors import KeyStoreError, LedgerError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.keys.trust import trust_in_force
from cecert.ports import Event
from cecert.workflows.publish import newest_issue

__all__ = ["BEFORE", "acting", "foreign", "key_ends", "key_events", "signed_sequence"]

MADE, SEAL_CHANGED, SIGNED = "key-made", "seal-changed", "trust-signed"
ENDED = {KeyStage.RETIRED: "key-retired", KeyStage.COMPROMISED: "key-compromised"}

BEFORE = "keys-withdrawn"
"""The one event of keys that cecerts of before had; it names them in its reason."""

_KINDS = frozenset({MADE, SEAL_CHANGED, SIGNED, *ENDED.values(), BEFORE})


@contextmanager
def acting(office: LedgerHolder, reason: str = "") -> Iterator[None]:
    """Keep everybody else out while keys are changed; then add an event for each change.

    Args:
        office: The office.
        reason: Why it is done, for the events of keys that end.

    Raises:
        LedgerError: If another command holds the office for ten minutes.
    """
    with office.alone():
        before = _Keys.of(office)
        failed: BaseException | None = None
        lost: LedgerError | None = None
        try:
            with ExitStack() as held:
                try:
                    add = held.enter_context(office.written_ledger.alone())
                    for each in _forgotten(office, before):
                        add(each)
                except LedgerError as error:
                    lost, add = error, _add_nothing
                try:
                    yield
                except BaseException as error:  # noqa: BLE001  # it is raised below
                    failed = error
                for each in _changes(office, before, _Keys.of(office), reason):
                    add(each)
        except LedgerError as error:
            lost = error
        if lost is not None:
            office.warn(f"the ledger has no event of what was done to keys: {lost}")
        if failed is not None:
            raise failed


def _add_nothing(event: Event) -> None:
    del event


def key_events(office: LedgerHolder) -> list[Event]:
    """Return the ledger's events of keys, oldest first.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    return list(office.ledger.events(None, _KINDS))


def key_ends(events: Iterable[Event]) -> Iterator[KeyEnd]:
    """Yield when the use of keys began and ended, as *events* of keys tell it, in their order."""
    for each in events:
        at = int(each.at.timestamp())
        if each.kind == BEFORE:
            yield from (KeyEnd(name, KeyState.COMPROMISED, at) for name in each.reason.split())
        elif each.kind in _STATES:
            yield KeyEnd(each.key, _STATES[each.kind], at)


_STATES = {
    MADE: KeyState.ACTIVE,
    SEAL_CHANGED: KeyState.ACTIVE,
    ENDED[KeyStage.RETIRED]: KeyState.RETIRED,
    ENDED[KeyStage.COMPROMISED]: KeyState.COMPROMISED,
}


def signed_sequence(events: Iterable[Event]) -> int | None:
    """Return the sequence of the trust file that was signed last, None where none is told."""
    signed = [each.reason for each in events if each.kind == SIGNED]
    number = signed[-1].removeprefix(_SEQUENCE) if signed else ""
    return int(number) if number.isascii() and number.isdecimal() else None


def foreign(office: LedgerHolder, trust: TrustFile | None, sequence: int | None) -> Iterator[str]:
    """Yield a sentence if the keys are another office's: no certificate rests on one of them.

    Whoever lost all keys for good has an event of the trust file that was signed since.

    Args:
        office: The office.
        trust: The trust file in the folder of keys, None without one.
        sequence: What the ledger says was signed last, None where it tells of none.
    """
    if trust is None or sequence is None or trust.sequence <= sequence:
        return
    newest = newest_issue(office.ledger)
    rests = any(newest(each.kid) for each in trust.keys if each.use is KeyUse.TOKEN)
    if not rests and office.ledger.count():
        yield (
            f"no certificate of the ledger rests on a key of the trust file of sequence "
            f"{trust.sequence}, and no event tells that it was signed"
        )


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys that are listed, and the trust file over them."""

    facts: Mapping[str, KeyFacts]
    trust: TrustFile | None

    @classmethod
    def of(cls, office: LedgerHolder) -> _Keys:
        folder = office.file.keys
        try:
            listed = read_key_facts(folder)
        except KeyStoreError:
            listed = ()
        return cls({each.name: each for each in listed}, trust_in_force(folder))


def _forgotten(office: LedgerHolder, keys: _Keys) -> Iterator[Event]:
    """Yield what was done to keys and has no event: whoever did it was killed before its end.

    What was done before the first event of keys was done by a cecert that had none of them.
    """
    events = key_events(office)
    if not any(each.key for each in events) or any(
        foreign(office, keys.trust, signed_sequence(events))
    ):
        return
    first = min(int(each.at.timestamp()) for each in events if each.key)
    told = {(each.kind, each.key) for each in events}
    withdrawn = " ".join(each.reason for each in events if each.kind == BEFORE).split()
    now = office.clock.now()

    def event(kind: str, key: str) -> Event:
        return Event(kind, now, None, office.actor, _FORGOTTEN, key)

    for name, each in keys.facts.items():
        kind = _beginning(each)
        if (kind, name) not in told and kind == MADE and each.not_before >= first:
            yield event(MADE, name)
        ended = ENDED.get(each.state)
        if ended is None or (ended, name) in told or name in withdrawn:
            continue
        if each.state is KeyStage.COMPROMISED or (each.retired or 0) >= first:
            yield event(ended, name)
    signed = [each.reason for each in events if each.kind == SIGNED]
    if keys.trust is not None and signed and _sequence_words(keys.trust) not in signed:
        yield _signed(office, keys)


_FORGOTTEN = "found done: no event told of it"


_SEQUENCE = "sequence "


def _sequence_words(trust: TrustFile) -> str:
    return f"{_SEQUENCE}{trust.sequence}"


def _signed(office: LedgerHolder, keys: _Keys) -> Event:
    assert keys.trust is not None  # noqa: S101  # whoever calls has looked
    roots = [each.name for each in keys.facts.values() if each.purpose is KeyPurpose.ROOT]
    root, words = roots[-1] if roots else "", _sequence_words(keys.trust)
    return Event(SIGNED, office.clock.now(), None, office.actor, words, root)


def _beginning(facts: KeyFacts) -> str:
    return SEAL_CHANGED if facts.purpose is KeyPurpose.INSTITUTION_SEAL else MADE


def _changes(office: LedgerHolder, before: _Keys, after: _Keys, reason: str) -> Iterator[Event]:
    now = office.clock.now()

    def event(kind: str, key: str, why: str = "") -> Event:
        return Event(kind, now, None, office.actor, why, key)

    for name, each in after.facts.items():
        known = before.facts.get(name)
        if known is None:
            yield event(_beginning(each), name)
        if (known is None or known.state is not each.state) and each.state in ENDED:
            yield event(ENDED[each.state], name, reason)
    if after.trust is not None and after.trust != before.trust:
        yield _signed(office, after)
