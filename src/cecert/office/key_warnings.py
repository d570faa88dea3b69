"""What is told of keys before anything is signed: which soon end, have ended, or are lacking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cecert.adapters.keys import KeyFacts, KeyPurpose, KeyStage

__all__ = ["key_warnings"]

WARNED_DAYS = 60
"""Days before its end at which a key is warned of (docs/spec/seals.md 3)."""


def key_warnings(facts: Sequence[KeyFacts], now: datetime) -> tuple[str, ...]:
    """Say which keys end within 60 days or have ended, each with its day."""
    newest = {each.purpose: each for each in facts if each.state is KeyStage.ACTIVE}
    if KeyPurpose.INSTITUTION_SEAL in newest:
        newest.pop(KeyPurpose.SEAL, None)  # it seals nothing
    warnings = [
        f"there is no active {purpose.value} key: {_REMEDIES[purpose]}"
        for purpose in (KeyPurpose.TOKEN, KeyPurpose.STATUS)
        if purpose not in newest
    ]
    for each in newest.values():
        if each.not_after is None:
            continue
        end = datetime.fromtimestamp(each.not_after, UTC)
        if end < now + timedelta(days=WARNED_DAYS):
            word = "ended" if end < now else "ends"
            warnings.append(f"{each.name} {word} on {end:%Y-%m-%d}: {_REMEDIES[each.purpose]}")
    return tuple(warnings)


_REMEDIES = {
    KeyPurpose.TOKEN: "cecert keys rotate",
    KeyPurpose.STATUS: "cecert keys rotate",
    KeyPurpose.SEAL: "cecert keys rotate",
    KeyPurpose.SEAL_CA: "cecert keys init --after makes a folder that succeeds this one",
    KeyPurpose.INSTITUTION_SEAL: "get its successor from the institution, then cecert keys sign",
}
