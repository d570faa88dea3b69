"""The trust file of an office that has no files: made of its values, signed by a program's root."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlsplit

from cecert.adapters.keys.signatures import check_signature
from cecert.argument_types import typed
from cecert.domain.cose.cose import Algorithm, TokenSigner
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.trusted_log import LoggedBefore, TrustedLog
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.key_ends import last_second
from cecert.domain.trust.reattested_list import (
    ReattestedList,
    genuine_digests,
    reattested_name,
    sealed_digests,
    sign_reattested_list,
)
from cecert.domain.trust.trust_file import (
    KeyState,
    KeyUse,
    SealCert,
    TrustedKey,
    TrustFile,
    Withdrawable,
)
from cecert.errors import KeyStoreError
from cecert.office.given.parts import Keys
from cecert.office.keys.trust import log_origin
from cecert.office.office import Office

__all__ = ["Window", "Withdrawal", "retire_keys", "sign_trust", "withdraw_keys"]


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when keys sign, as verifiers are told.

    Attributes:
        first, last: Instants, aware; at most 400 days lie between them.
    """

    first: datetime
    last: datetime


LIFE = timedelta(days=400)
"""How long keys sign where nobody says: as long as those that cecert makes."""


@typed
def sign_trust(  # noqa: PLR0913  # what a trust file says
    office: Office,
    root: TokenSigner,
    keys: Keys,
    *,
    window: Window | None = None,
    status: TokenSigner | None = None,
    log: TokenSigner | None = None,
    previous: bytes = b"",
) -> bytes:
    """Return a trust file for an office's approvals, hosts and keys, signed.

    What *previous* lists and is not listed anew, stays listed with its window, so that what was
    issued with it goes on to verify.

    Args:
        office: Whose approvals, regimes and verify page it tells of.
        root: Signs it; verifiers pin its thumbprint.
        keys: What signs tokens and seals from now on.
        window: From when to when they sign, None for 400 days from now.
        status: What signs status lists, None where none are published.
        log: What signs the log, on Ed25519; None where none is published, or where the log of
            *previous* goes on under its key.
        previous: The trust file before, as it was signed; b"" for none.

    Raises:
        KeyStoreError: If *previous* is damaged, or keys would sign for too long or never; or if
            the log's key is on another curve.
    """
    now = office.clock.now()
    before = _opened(previous) if previous else None
    logs = _logs(office, before, log)
    try:
        listed = _listed(office, keys, window or Window(now, now + LIFE), status, before)
    except ValueError as error:
        raise _unmade(error) from error
    return _signed(office, root, replace(listed, logs=logs), before)


def _listed(
    office: Office, keys: Keys, span: Window, status: TokenSigner | None, before: TrustFile | None
) -> _Listed:
    seconds = int(span.first.timestamp()), int(span.last.timestamp())
    scopes = credit_scopes(office.file.approvals, office.regimes)
    token = TrustedKey(keys.token.public_key, *seconds, KeyUse.TOKEN, tuple(sorted(scopes)))
    lists = [TrustedKey(each.public_key, *seconds, KeyUse.STATUS) for each in [status] if each]
    seal = SealCert(sha256(keys.certificate).digest(), *seconds)
    return _Listed(
        (*_kept_keys(before, [token, *lists]), token, *lists),
        (*_kept_seals(before, seal), seal),
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a trust file lists of keys.

    Attributes:
        keys, seals, logs: In the order of the file.
        logged: What the log has of keys that are withdrawn now.
    """

    keys: tuple[TrustedKey, ...]
    seals: tuple[SealCert, ...]
    logs: tuple[TrustedLog, ...] = ()
    logged: tuple[LoggedBefore, ...] = ()


def _signed(office: Office, root: TokenSigner, listed: _Listed, before: TrustFile | None) -> bytes:
    addresses = (office.file.verify_url, *office.file.mirrors)
    try:
        trust = build_trust_file(
            office.file.provider,
            credit_scopes(office.file.approvals, office.regimes),
            hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
            link_prefixes=tuple(f"{each}#" for each in addresses),
            status_bases=tuple(f"{each}status/" for each in addresses),
            keys=listed.keys,
            seals=listed.seals,
            root=root.public_key,
            now=office.clock.now(),
            previous=before,
            logs=listed.logs,
            logged=listed.logged,
        )
        return sign_trust_file(trust, root)
    except ValueError as error:
        raise _unmade(error) from error


def _unmade(error: ValueError) -> KeyStoreError:
    return KeyStoreError(f"no trust file can be made of this: {error}")


def _logs(
    office: Office, before: TrustFile | None, signer: TokenSigner | None
) -> tuple[TrustedLog, ...]:
    known = () if before is None else before.logs
    if signer is None or (known and known[-1].key == signer.public_key):
        return known
    if signer.public_key.algorithm is not Algorithm.ED25519:
        raise KeyStoreError("a log is signed with Ed25519, and this key is another")
    file = office.file
    newest = TrustedLog(
        origin=log_origin(file.verify_url),
        key=signer.public_key,
        state=int(KeyState.ACTIVE),
        since=int(office.clock.now().timestamp()),
        bases=tuple(f"{each}log/" for each in (file.verify_url, *file.mirrors)),
    )
    retired = int(KeyState.RETIRED)
    return (*(replace(e, state=retired) if e.state == 0 else e for e in known), newest)


@typed
def retire_keys(
    office: Office, root: TokenSigner, names: Collection[bytes], previous: bytes
) -> bytes:
    """Return the trust file anew, in which some keys sign no more; what they signed verifies.

    Their windows end now, or with the newest certificate that the ledger has of them.

    Args:
        office: Whose ledger tells what they signed.
        root: Signs it.
        names: Of keys of tokens and lists the kid, of seals the SHA-256 of the certificate.
        previous: The trust file in force, which lists them.

    Raises:
        KeyStoreError: If *previous* is damaged, or lists no such key in use.
        LedgerError: If the ledger cannot be read.
    """
    before = _opened(previous)
    _require_listed(before, names, (KeyState.ACTIVE,))
    keys = [_retired(office, e, _newest_token(office, e)) if e.kid in names else e
            for e in before.keys]  # fmt: skip
    seals = [_retired(office, e, _newest_seal(office, e)) if e.sha256 in names else e
             for e in before.seals]  # fmt: skip
    return _signed(office, root, _Listed(tuple(keys), tuple(seals), before.logs), before)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What withdrawing keys made; all of it is to be published.

    Attributes:
        trust: The signed trust file, in which they are withdrawn.
        genuine: The signed lists of what is genuine all the same, by their names on the site.
    """

    trust: bytes
    genuine: Mapping[str, bytes]


@typed
def withdraw_keys(
    office: Office,
    root: TokenSigner,
    names: Collection[bytes],
    previous: bytes,
    *,
    status: TokenSigner,
) -> Withdrawal:
    """Withdraw stolen keys of tokens and seals; what the ledger has of them stays genuine.

    First sign a trust file with keys in their place (`sign_trust`), and give it as *previous*.

    Args:
        office: Whose ledger tells what is genuine.
        root: Signs the trust file.
        names: As `retire_keys` has them.
        previous: The trust file in force, which lists them.
        status: A key of lists that was not stolen; it signs the lists of what is genuine.

    Raises:
        KeyStoreError: If *previous* is damaged, or lists no such key that was not withdrawn yet.
        LedgerError: If the ledger cannot be read; or, where a log is published, the log.
    """
    before = _opened(previous)
    _require_listed(before, names, (KeyState.ACTIVE, KeyState.RETIRED))
    stolen: list[Withdrawable] = [
        *(each for each in before.keys if each.kid in names and each.use is KeyUse.TOKEN),
        *(each for each in before.seals if each.sha256 in names),
    ]
    lists = {each.kid: _genuine(office, each) for each in stolen}
    listed = _Listed(
        tuple(_withdrawn(e, lists) if e.kid in names else e for e in before.keys),
        tuple(_withdrawn(e, lists) if e.sha256 in names else e for e in before.seals),
        before.logs,
        _logged(office, before, [e.kid for e in stolen if isinstance(e, TrustedKey)]),
    )
    signed = {reattested_name(e.kid): sign_reattested_list(e, status) for e in lists.values()}
    return Withdrawal(_signed(office, root, listed, before), signed)


Listed = TypeVar("Listed", TrustedKey, SealCert)


def _require_listed(
    trust: TrustFile, names: Collection[bytes], states: Collection[KeyState]
) -> None:
    known = {each.kid for each in trust.keys if each.state in states}
    known |= {each.sha256 for each in trust.seals if each.state in states}
    if missing := [each.hex() for each in names if each not in known]:
        raise KeyStoreError(f"the trust file lists no key {', '.join(missing)} that could end")


def _retired(office: Office, key: Listed, newest: int | None) -> Listed:
    now = int(office.clock.now().timestamp())
    last = last_second(key.not_before, key.not_after, now, newest)
    return replace(key, state=KeyState.RETIRED, not_after=last)


def _newest_token(office: Office, key: TrustedKey) -> int | None:
    newest = office.ledger.newest_issue(key.kid.hex())
    return None if newest is None else int(newest.timestamp())


def _newest_seal(office: Office, seal: SealCert) -> int | None:
    """Return the newest issue that may have a seal: which has it, the files would have to tell."""
    return max((second for second, _ in _sealed_in(office, seal)), default=None)


def _sealed_in(office: Office, seal: SealCert) -> Iterator[tuple[int, str]]:
    for entry in office.ledger.walk():
        second = int(entry.certificate.issued_at.timestamp())
        if seal.not_before <= second <= seal.not_after:
            yield second, entry.sha256


def _genuine(office: Office, key: Withdrawable) -> ReattestedList:
    if isinstance(key, SealCert):
        digests = sealed_digests(sha for _, sha in _sealed_in(office, key))
    else:
        urls = (each.certificate.token_url for each in office.ledger.walk())
        digests = genuine_digests(urls, key.kid)
    return ReattestedList(
        office.file.provider.id, key.kid, int(office.clock.now().timestamp()), digests
    )


def _withdrawn(key: Listed, lists: Mapping[bytes, ReattestedList]) -> Listed:
    genuine = lists.get(key.kid)
    reattested = None if genuine is None else genuine.sha256
    return replace(key, state=KeyState.COMPROMISED, reattested=reattested)


def _logged(office: Office, before: TrustFile, kids: Sequence[bytes]) -> tuple[LoggedBefore, ...]:
    """Return what the log has now: what was logged before needs no list to stay valid."""
    if not kids or not before.logs:
        return ()
    tree = MerkleTree()
    for leaf in office.log.leaves():
        tree.add(leaf_hash(leaf))
    return tuple(LoggedBefore(kid, before.logs[-1].origin, tree.size, tree.root) for kid in kids)


def _opened(data: bytes) -> TrustFile:
    try:
        return open_trust_file(data, check_signature)
    except KeysetInvalidError as error:
        raise KeyStoreError(f"the trust file cannot be used: {error}") from error


def _kept_keys(before: TrustFile | None, new: Sequence[TrustedKey]) -> Iterable[TrustedKey]:
    known = {each.kid for each in new}
    return () if before is None else [each for each in before.keys if each.kid not in known]


def _kept_seals(before: TrustFile | None, new: SealCert) -> Iterable[SealCert]:
    return () if before is None else [each for each in before.seals if each.sha256 != new.sha256]
