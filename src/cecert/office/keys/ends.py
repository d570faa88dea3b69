"""When the windows of retired keys end: what keys folder, ledger and archive say of it together.

Which key signed a certificate stands in its token, which seal in its file. A cecert of before
did not note when a key was retired: then its newest issue tells, or its successor's beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cecert.adapters.keys import KeyFacts, KeyPurpose, KeyStage, note_retirements
from cecert.adapters.keys.signatures import cose_key
from cecert.adapters.pades import sealed_with
from cecert.domain.trust.key_ends import last_second
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import LedgerError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.keys.trust import trust_in_force
from cecert.ports import Archive, Ledger

__all__ = ["SEALS", "settled_ends"]

SEALS = frozenset({KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL})
_ENDING = SEALS | {KeyPurpose.TOKEN, KeyPurpose.STATUS}


def settled_ends(office: LedgerHolder, facts: Sequence[KeyFacts]) -> Mapping[str, int]:
    """Return the last second of the window of each retired key, by name.

    Retirements that nobody noted are noted. Where the ledger cannot be read, windows stay
    as they were signed last, and that is told: an end must not lie before an issue.

    Raises:
        KeyStoreError: If what is to be noted cannot be written.
    """
    retired = [e for e in facts if e.state is KeyStage.RETIRED and e.purpose in _ENDING]
    if not retired:
        return {}
    try:
        newest = _newest_issues(retired, facts, office.ledger, office.archive)
    except LedgerError as error:
        office.warn(
            f"the ledger cannot be read, so keys that are retired keep their times: {error}; "
            "cecert keys sign ends them when it can"
        )
        return _ends_in_force(retired, trust_in_force(office.file.keys))
    now = int(office.clock.now().timestamp())
    unnoted = {
        each.name: _retirement(each, facts, newest.get(each.name), now)
        for each in retired
        if each.retired is None
    }
    if unnoted:
        note_retirements(office.file.keys, unnoted)
    return {
        each.name: last_second(
            each.not_before,
            _made_until(each),
            unnoted[each.name] if each.retired is None else each.retired,
            newest.get(each.name),
        )
        for each in retired
    }


def _made_until(facts: KeyFacts) -> int:
    assert facts.not_after is not None  # noqa: S101  # `read_key_facts` refuses such a key
    return facts.not_after


def _retirement(key: KeyFacts, facts: Sequence[KeyFacts], newest: int | None, now: int) -> int:
    """Return when a key was retired that a cecert of before retired, as far as can be told."""
    if newest is not None:
        return newest
    later = [e for e in facts if e.purpose is key.purpose and e.number > key.number]
    begun = [each.not_before for each in later if each.not_before > key.not_before]
    return min([now, *begun])


def _ends_in_force(retired: Iterable[KeyFacts], trust: TrustFile | None) -> Mapping[str, int]:
    """Return the ends of windows as they were signed last."""
    if trust is None:
        return {}
    ends = {each.key.kid: each.not_after for each in trust.keys}
    ends |= {each.sha256: each.not_after for each in trust.seals}
    marks = {each.name: each.certificate_sha256 or _kid(each) for each in retired}
    return {name: ends[mark] for name, mark in marks.items() if mark in ends}


def _kid(facts: KeyFacts) -> bytes:
    assert facts.public_key is not None  # noqa: S101  # `read_key_facts` refuses such a key
    return cose_key(facts.public_key).kid


def _newest_issues(
    retired: Sequence[KeyFacts], facts: Sequence[KeyFacts], ledger: Ledger, archive: Archive
) -> Mapping[str, int]:
    """Return the newest issue by each retired key of tokens and each retired seal, by name."""
    signed = {
        each.name: int(newest.timestamp())
        for each in facts
        if each.purpose is KeyPurpose.TOKEN
        if (newest := ledger.newest_issue(_kid(each).hex())) is not None
    }
    seals = [each for each in retired if each.purpose in SEALS]
    tokens = [each for each in facts if each.purpose is KeyPurpose.TOKEN]
    asked = [_Span(e) for e in seals if _in_doubt(e, tokens, signed)]
    return {**signed, **(_newest_seals(asked, ledger, archive) if asked else {})}


def _in_doubt(seal: KeyFacts, tokens: Iterable[KeyFacts], signed: Mapping[str, int]) -> bool:
    """Say whether somebody who opened the keys before a seal's retirement may have issued after."""
    retired = seal.retired
    return retired is None or any(
        retired < signed.get(each.name, retired)
        and (each.not_before <= seal.not_before or each.not_before < retired)
        for each in tokens
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """A retired seal, and the issues that may have been sealed with it and matter."""

    seal: KeyFacts

    def holds(self, second: int) -> bool:
        known = self.seal.not_before - 1 if self.seal.retired is None else self.seal.retired
        return known < second <= _made_until(self.seal)


def _newest_seals(spans: Sequence[_Span], ledger: Ledger, archive: Archive) -> Mapping[str, int]:
    """Return the newest issue sealed with each of some seals, by name.

    A file that cannot be read may have any of the seals.
    """
    newest: dict[str, int] = {}
    for entry in ledger.walk():
        second = int(entry.certificate.issued_at.timestamp())
        near = [each.seal for each in spans if each.holds(second)]
        if not near:
            continue
        digest = _seal_of(entry.document, archive)
        for seal in near:
            if digest is None or digest == seal.certificate_sha256:
                newest[seal.name] = max(second, newest.get(seal.name, second))
    return newest


def _seal_of(document: str, archive: Archive) -> bytes | None:
    try:
        return sealed_with(archive.get(document))
    except LedgerError:
        return None
