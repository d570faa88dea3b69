"""What a trust file to come would unmake: certificates that stand, and would not verify any more.

A certificate rests on an approval, a token key and a seal. Whoever signs a trust file that
has lost one of them, or has other times for it, is refused; so is a mistyped approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cecert.adapters.keys import KeyFacts, read_key_facts
from cecert.adapters.pades import sealed_with
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.token_claims import uncovered_lines
from cecert.domain.token.links import kid_of_link
from cecert.domain.trust.issue_dates import issue_date
from cecert.domain.trust.trust_file import KeyUse, SealCert, TrustedKey, TrustFile
from cecert.errors import ConfigurationError, Fault, LedgerError
from cecert.office.holders.ledger import LedgerHolder
from cecert.office.keys.trust import trust_in_force, unsigned_trust
from cecert.ports import Entry

__all__ = ["refuse_unmaking"]

SHOWN = 10
"""Certificates that an error names one by one."""


def refuse_unmaking(office: LedgerHolder, keys: Path | None = None) -> None:
    """Refuse to sign what would unmake certificates that stand.

    Keys that retire unmake nothing: their windows end after all that the ledger holds.

    Args:
        office: The office; its ledger says what stands.
        keys: The keys that go on to be listed; None for the office's own.

    Raises:
        ConfigurationError: If there are such certificates; nothing was signed.
        LedgerError: If some might be, and the ledger cannot be read.
    """
    folder = keys or office.file.keys
    facts, previous = read_key_facts(folder), trust_in_force(folder)
    if previous is None:
        return
    coming = _coming(office, facts, previous)
    lost_keys = tuple(_lost(previous.keys, coming.keys))
    lost_seals = tuple(_lost(previous.seals, coming.seals))
    if not (lost_keys or lost_seals or _has_lost_approvals(coming, previous)):
        return
    standing = [e for e in office.ledger.walk() if e.state is CertificateState.STANDING]
    _refuse(
        tuple(_credit_faults(standing, coming, previous)),
        "credits of certificates that stand",
        "an [[approval]] stays in cecert.toml when it ends; its valid_to says that it did",
    )
    faults = [
        *(_key_faults(standing, coming, previous) if lost_keys else ()),
        *(_seal_faults(office, standing, coming, lost_seals) if lost_seals else ()),
    ]
    _refuse(
        tuple(faults),
        "keys and seals of certificates that stand",
        f"restore {folder / 'keys.toml'} from the backup: a key never leaves it, nor its times",
    )


def _coming(office: LedgerHolder, facts: Sequence[KeyFacts], previous: TrustFile) -> TrustFile:
    now = office.clock.now()
    return unsigned_trust(office.file, office.regimes, facts, previous.root, now, {})


def _refuse(faults: tuple[Fault, ...], what: str, hint: str) -> None:
    if faults:
        more = len(faults) - SHOWN
        raise ConfigurationError(
            f"{len(faults)} {what} would not verify any more, "
            "so nothing was signed" + (f"; the first {SHOWN}" if more > 0 else ""),
            tuple(faults[:SHOWN]),
            hint=hint,
        )


def _has_lost_approvals(coming: TrustFile, previous: TrustFile) -> bool:
    """Say whether *previous* covered anything that *coming* does not."""
    return any(
        not any(
            new.provider == old.provider and new.first <= old.first and old.last <= new.last
            for new in coming.credits.get(code, ())
        )
        for code, scopes in previous.credits.items()
        for old in scopes
    )


def _credit_faults(
    standing: Iterable[Entry], coming: TrustFile, previous: TrustFile
) -> Iterator[Fault]:
    for entry in standing:
        before = uncovered_lines(entry.certificate, previous)
        for line in uncovered_lines(entry.certificate, coming):
            if line not in before:
                yield _fault(entry, f"rests on {line.label} {line.token_provider}".rstrip())


def _lost(
    before: Iterable[TrustedKey] | Iterable[SealCert],
    after: Sequence[TrustedKey] | Sequence[SealCert],
) -> Iterator[bytes]:
    """Name the keys that are not listed any more, or not for all of their time."""
    for old in before:
        if not any(
            _mark(new) == _mark(old)
            and new.not_before <= old.not_before
            and old.not_after <= new.not_after
            for new in after
        ):
            yield _mark(old)


def _mark(key: TrustedKey | SealCert) -> bytes:
    return key.sha256 if isinstance(key, SealCert) else key.kid


def _key_faults(
    standing: Iterable[Entry], coming: TrustFile, previous: TrustFile
) -> Iterator[Fault]:
    for entry in standing:
        kid, second = kid_of_link(entry.certificate.token_url), _issue(entry)
        if _signs(previous, kid, second) and not _signs(coming, kid, second):
            yield _fault(entry, f"{_when(second)}, when key {kid} does not sign")


def _signs(trust: TrustFile, kid: str, second: int) -> bool:
    return any(
        each.use is KeyUse.TOKEN and each.not_before <= second <= each.not_after
        for each in trust.keys_with(bytes.fromhex(kid))
    )


def _seal_faults(
    office: LedgerHolder, standing: Iterable[Entry], coming: TrustFile, lost: Sequence[bytes]
) -> Iterator[Fault]:
    for entry in standing:
        try:
            digest = sealed_with(office.archive.get(entry.document))
        except LedgerError:
            continue  # what cannot be read is told by an audit
        second = _issue(entry)
        if digest in lost and not any(
            each.sha256 == digest and each.not_before <= second <= each.not_after
            for each in coming.seals
        ):
            yield _fault(entry, f"{_when(second)}, when its seal does not count")


def _issue(entry: Entry) -> int:
    return int(entry.certificate.issued_at.timestamp())


def _when(second: int) -> str:
    return f"was issued at {issue_date(second)}"


def _fault(entry: Entry, problem: str) -> Fault:
    return Fault(str(entry.certificate.id), entry.certificate.recipient.name, problem)
