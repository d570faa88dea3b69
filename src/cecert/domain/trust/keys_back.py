"""Whether keys came back: a copy of the keys folder from before is put in the place of the newest.

A stolen key that was withdrawn is then in use again, and what it signs verifies wherever the
older trust file is published over the newer one. Three things know better: the events of the
ledger, the trust file on the site, and the sequence that was signed last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cecert.domain.trust.issue_dates import issue_date
from cecert.domain.trust.trust_file import (
    KeyState,
    KeyUse,
    SealCert,
    TrustedKey,
    TrustFile,
    Withdrawable,
)

__all__ = ["KeyEnd", "NewestIssue", "going_back", "is_another_office_s", "returned"]

_ENDED = {KeyState.RETIRED: "was retired", KeyState.COMPROMISED: "was withdrawn"}


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """The end of a key's use, as the ledger tells it.

    Attributes:
        name: The key's.
        state: What became of it; `ACTIVE` where it was made, or made again, after an end.
        at: Seconds UTC.
    """

    name: str
    state: KeyState
    at: int


def returned(ends: Iterable[KeyEnd], listed: Mapping[str, KeyState]) -> Mapping[str, str]:
    """Return the keys that are listed as if their use had not ended, each with a sentence.

    Args:
        ends: What the ledger tells, oldest first. A key of the same name that was made later is
            another: an office that lost all its keys begins with `token-1` again.
        listed: The keys that there are, by name.
    """
    last: dict[str, KeyEnd] = {}
    for each in ends:
        known = last.get(each.name)
        if known is None or each.state is KeyState.ACTIVE or each.state > known.state:
            last[each.name] = each
    return {
        name: f"{name} is {_LISTED[listed[name]]}, and the ledger says that it "
        f"{_ENDED[each.state]} at {issue_date(each.at)}"
        for name, each in last.items()
        if name in listed and listed[name] < each.state
    }


_LISTED = {
    KeyState.ACTIVE: "in use",
    KeyState.RETIRED: "retired",
    KeyState.COMPROMISED: "withdrawn",
}


NewestIssue: TypeAlias = Callable[[bytes], "int | None"]
"""Says of a kid when the newest certificate was issued whose token that key signed, seconds UTC."""


def is_another_office_s(published: TrustFile, ours: TrustFile, newest: NewestIssue) -> bool:
    """Say whether a trust file has nothing to do with us: neither its keys nor what they signed.

    Whoever made new keys after those of before lists these too; whoever lost them all has
    certificates that rest on them.

    Args:
        published: The trust file on the site.
        ours: The one that would take its place.
        newest: What the ledger knows.
    """
    own = {each.key.thumbprint for each in ours.keys}
    tokens = [each for each in published.keys if each.use is KeyUse.TOKEN]
    return published.root != ours.root and not any(
        each.key.thumbprint in own or newest(each.kid) is not None for each in tokens
    )


def going_back(published: TrustFile, ours: TrustFile, newest: NewestIssue) -> Iterator[str]:
    """Yield what a trust file would take back of the one that is published, a sentence each.

    There is nothing to say where they have different roots: verifiers take them for different
    offices' (docs/spec/token.md W6). A key on which no certificate rests may be missing.

    Args:
        published: The trust file on the site.
        ours: The one that would take its place.
        newest: What the ledger knows.
    """
    if published.root != ours.root:
        return
    if published.sequence > ours.sequence:
        yield (
            f"the one there was signed at {issue_date(published.issued_at)} (sequence "
            f"{published.sequence}), this one at {issue_date(ours.issued_at)} ({ours.sequence})"
        )
    states = {each.key.thumbprint: each.state for each in ours.keys}
    states |= {each.sha256: each.state for each in ours.seals}
    last = _newest_of_all((*published.keys, *ours.keys), newest)
    known: tuple[Withdrawable, ...] = (*published.keys, *published.seals)
    for each in known:
        now = states.get(each.sha256 if isinstance(each, SealCert) else each.key.thumbprint)
        if now is None and _bears(each, newest, last):
            yield f"key {each.kid.hex()} is missing here, and certificates rest on it"
        elif now is not None and now < each.state:
            yield f"key {each.kid.hex()} {_ENDED[each.state]}, and is {_LISTED[now]} here"


def _newest_of_all(keys: Iterable[TrustedKey], newest: NewestIssue) -> int | None:
    kids = {each.kid for each in keys if each.use is KeyUse.TOKEN}
    return max((second for each in kids if (second := newest(each)) is not None), default=None)


def _bears(key: Withdrawable, newest: NewestIssue, last: int | None) -> bool:
    """Say whether certificates may rest on a key: by its tokens, or issued since a seal began."""
    if isinstance(key, SealCert):
        return last is not None and last >= key.not_before
    return key.use is KeyUse.TOKEN and newest(key.kid) is not None
