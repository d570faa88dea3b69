"""What is told of keys before anything is signed: which soon end, have ended, or are lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cecert.adapters.keys import KeyFacts, KeyPurpose, KeyStage

__all__ = ["KeyEnd", "key_ends", "key_warnings"]

WARNED_DAYS = 60
"""Days before its end at which a key is warned of (docs/spec/seals.md 3)."""


def key_warnings(facts: Sequence[KeyFacts], now: datetime) -> tuple[str, ...]:
    """Say which keys end within 60 days or have ended, each with its day."""
    newest = _newest(facts)
    warnings = [
        f"there is no active {purpose.value} key: {_REMEDIES[purpose]}"
        for purpose in (KeyPurpose.TOKEN, KeyPurpose.STATUS)
        if purpose not in newest
    ]
    for each in key_ends(facts):
        if each.at < now + timedelta(days=WARNED_DAYS):
            word = "ended" if each.at < now else "ends"
            warnings.append(f"{each.name} {word} on {each.at:%Y-%m-%d}: {each.remedy}")
    return tuple(warnings)


class KeyEnd(NamedTuple):
    """When a key that is in use ends, UTC, and what is done then."""

    name: str
    at: datetime
    remedy: str


def key_ends(facts: Sequence[KeyFacts]) -> Iterator[KeyEnd]:
    """Yield when each key in use ends, of those whose use does."""
    for each in _newest(facts).values():
        if each.not_after is not None:
            end = datetime.fromtimestamp(each.not_after, UTC)
            yield KeyEnd(each.name, end, _REMEDIES[each.purpose])


def _newest(facts: Sequence[KeyFacts]) -> dict[KeyPurpose, KeyFacts]:
    newest = {each.purpose: each for each in facts if each.state is KeyStage.ACTIVE}
    if KeyPurpose.INSTITUTION_SEAL in newest:
        newest.pop(KeyPurpose.SEAL, None)  # it seals nothing
    return newest


_REMEDIES = {
    KeyPurpose.TOKEN: "cecert keys rotate",
    KeyPurpose.STATUS: "cecert keys rotate",
    KeyPurpose.SEAL: "cecert keys rotate",
    KeyPurpose.BADGE: "cecert keys rotate",
    KeyPurpose.SEAL_CA: "cecert keys init --after makes a folder that succeeds this one",
    KeyPurpose.INSTITUTION_SEAL: "get its successor from the institution, then cecert keys sign",
}
