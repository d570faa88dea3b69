"""What becomes of keys after they were made: successors, retirement, withdrawal.

A key is never taken off the list: what it signed must verify for ever. The secrets of
new keys are written first and `keys.toml` last, in one step, so that a crash leaves
either the keys there were, or all that was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography import x509

from cecert.adapters.keys.facts import (
    INDEX,
    KeyFacts,
    KeyPurpose,
    KeyStage,
    index_text,
    next_name,
    read_key_facts,
)
from cecert.adapters.keys.make import NewKey, Passphrases, make_keys
from cecert.adapters.keys.open import copied_id_key, open_seal_ca, require_daily_passphrase
from cecert.adapters.keys.seal import SealKey
from cecert.adapters.storage.atomic import write_file
from cecert.errors import KeyStoreError

__all__ = [
    "add_badge_key",
    "attest_key",
    "list_institution_seal",
    "note_retirements",
    "retire_keys",
    "rotate_keys",
    "withdraw_keys",
]

_ROTATED = (KeyPurpose.TOKEN, KeyPurpose.STATUS, KeyPurpose.SEAL)

_REPLACED_WITH: Mapping[KeyPurpose, Sequence[KeyPurpose]] = {
    KeyPurpose.TOKEN: (KeyPurpose.TOKEN,),
    KeyPurpose.STATUS: (KeyPurpose.STATUS,),
    KeyPurpose.SEAL: (KeyPurpose.SEAL,),
    KeyPurpose.SEAL_CA: (KeyPurpose.SEAL_CA, KeyPurpose.SEAL),
    KeyPurpose.INSTITUTION_SEAL: (),
    KeyPurpose.BADGE: (KeyPurpose.BADGE,),
}
"""What takes the place of a stolen key; a root and an id key end with their folder only."""


def rotate_keys(
    folder: Path,
    provider: str,
    passphrases: Passphrases,
    now: datetime,
    *,
    new_passphrase: bool = False,
) -> tuple[KeyFacts, ...]:
    """Make new token, status and seal keys, and retire the old ones, which stay listed.

    Where there is a key for badges in use, it is rotated with them. An office from before there
    was a log gets a key of it, and so its log begins.

    Args:
        folder: The keys.
        provider: The provider's name, for the certificate.
        passphrases: What the new files are encrypted with.
        now: Aware; the new keys sign from this second on.
        new_passphrase: The daily passphrase is a new one: the old need not be known, and
            the id key is written anew from its copy under the root's.

    Returns:
        The facts of the new keys.

    Raises:
        KeyStoreError: If a key that is needed cannot be opened, or the folder cannot be
            written; the old keys then still are what they were.
    """
    listed = read_key_facts(folder)
    files = {}
    if new_passphrase:
        files = copied_id_key(folder, passphrases).files(passphrases)
    else:
        # A mistyped passphrase must not become that of the new keys.
        require_daily_passphrase(folder, passphrases.keys)
    rotated = (*_ROTATED, KeyPurpose.BADGE) if _has_badge_key(listed) else _ROTATED
    has_log = any(each.purpose is KeyPurpose.LOG for each in listed)
    purposes = rotated if has_log else (*rotated, KeyPurpose.LOG)
    made = make_keys(purposes, listed, provider, now, open_seal_ca(folder, passphrases.root))
    retired = {each.name: KeyStage.RETIRED for each in listed if each.purpose in rotated}
    _write(folder, _changed(listed, retired, now), made, passphrases, files)
    return tuple(each.facts for each in made)


def add_badge_key(folder: Path, passphrases: Passphrases, now: datetime) -> KeyFacts:
    """Make the key that signs badges, where there is none in use.

    Args:
        folder: The keys.
        passphrases: What its file is encrypted with: the daily one of the other keys.
        now: Aware; it signs from this second on.

    Returns:
        Its facts.

    Raises:
        KeyStoreError: If there is one, the passphrase is not that of the other keys, or the
            folder cannot be written; the keys then still are what they were.
    """
    listed = read_key_facts(folder)
    if _has_badge_key(listed):
        raise KeyStoreError(
            "there is a key for badges; nothing was changed",
            hint="cecert keys rotate replaces it with the others, cecert keys compromise if it "
            "was stolen",
        )
    require_daily_passphrase(folder, passphrases.keys)
    made = make_keys((KeyPurpose.BADGE,), listed, "", now)
    _write(folder, listed, made, passphrases)
    return made[0].facts


def _has_badge_key(listed: Iterable[KeyFacts]) -> bool:
    return any(e.purpose is KeyPurpose.BADGE and e.state is KeyStage.ACTIVE for e in listed)


def withdraw_keys(
    folder: Path, names: Collection[str], provider: str, passphrases: Passphrases, now: datetime
) -> tuple[KeyFacts, ...]:
    """Withdraw stolen keys for good, and make a successor of each that was in use.

    Args:
        folder: The keys.
        names: Of the stolen keys.
        provider: The provider's name, for the certificates.
        passphrases: What the new files are encrypted with.
        now: Aware; the new keys sign from this second on.

    Returns:
        The facts of the new keys.

    Raises:
        KeyStoreError: If a name is none, or a root's or an id key's, which cannot be
            withdrawn; or as for `rotate_keys`. Nothing was changed.
    """
    listed = read_key_facts(folder)
    stolen = [named(folder, listed, each) for each in names]
    for each in stolen:
        _refuse_lasting(each)
    in_use = [each for each in stolen if each.state is KeyStage.ACTIVE]
    wanted = {purpose for each in in_use for purpose in _REPLACED_WITH[each.purpose]}
    purposes = [each for each in KeyPurpose if each in wanted]
    require_daily_passphrase(folder, passphrases.keys)
    made = []
    if purposes:
        seal_ca = None if KeyPurpose.SEAL_CA in wanted else open_seal_ca(folder, passphrases.root)
        made = make_keys(purposes, listed, provider, now, seal_ca)
    retired = {each.name: KeyStage.RETIRED for each in listed if each.purpose in wanted}
    withdrawn = {each.name: KeyStage.COMPROMISED for each in stolen}
    _write(folder, _changed(listed, retired | withdrawn, now), made, passphrases)
    return tuple(each.facts for each in made)


def _refuse_lasting(facts: KeyFacts) -> None:
    if facts.purpose not in _REPLACED_WITH:
        raise KeyStoreError(
            f"{facts.name} cannot be withdrawn by itself; nothing was changed",
            hint="make new keys that succeed all of these: cecert keys init --after FOLDER",
        )


def retire_keys(folder: Path, names: Collection[str], now: datetime) -> tuple[KeyFacts, ...]:
    """End the use of keys; what they signed goes on to verify, and nothing replaces them.

    Args:
        folder: The keys.
        names: Of the keys that end.
        now: Aware; their retirement is noted.

    Returns:
        The facts of those that were active before.

    Raises:
        KeyStoreError: If a name is none, or of a key that does not retire, or was
            withdrawn; nothing was changed.
    """
    listed = read_key_facts(folder)
    ending = [named(folder, listed, each) for each in names]
    for each in ending:
        if each.purpose not in _REPLACED_WITH or each.state is KeyStage.COMPROMISED:
            why = "was withdrawn" if each.state is KeyStage.COMPROMISED else "does not retire"
            raise KeyStoreError(f"{each.name} {why}; nothing was changed")
    active = tuple(each for each in ending if each.state is KeyStage.ACTIVE)
    if active:
        changed = _changed(listed, {each.name: KeyStage.RETIRED for each in active}, now)
        _write_index(folder, changed)
    return active


def attest_key(folder: Path, name: str, digest: bytes, files: Mapping[str, bytes]) -> None:
    """Note the SHA-256 of the list of what outlives the withdrawal of a token key or a seal.

    Args:
        folder: The keys.
        name: Of the withdrawn key.
        digest: Of the list.
        files: The signed list, by file name; it is written first.

    Raises:
        KeyStoreError: If there is no such key, or the folder cannot be written.
    """
    listed = read_key_facts(folder)
    attested = named(folder, listed, name)
    noted = [replace(each, reattested=digest) if each == attested else each for each in listed]
    index = {INDEX: index_text(noted).encode()}
    _write_files(folder, {**files, **index}, "the withdrawal is not finished")


def note_retirements(folder: Path, seconds: Mapping[str, int]) -> None:
    """Note when keys were retired that a cecert of before retired, which did not.

    Args:
        folder: The keys.
        seconds: UTC, by the name of a retired key.

    Raises:
        KeyStoreError: If the folder cannot be read or written.
    """
    listed = read_key_facts(folder)
    noted = [
        replace(each, retired=seconds.get(each.name, each.retired))
        if each.state is KeyStage.RETIRED
        else each
        for each in listed
    ]
    _write_index(folder, noted)


def list_institution_seal(folder: Path, seal: SealKey, now: datetime) -> tuple[KeyFacts, ...]:
    """List the institution's seal, if it is not; one that it takes the place of is retired.

    Args:
        folder: The keys.
        seal: The institution's, opened.
        now: Aware; the retirement is noted.

    Returns:
        The facts of all keys.

    Raises:
        KeyStoreError: If the folder cannot be read or written.
    """
    listed = read_key_facts(folder)
    institution = KeyPurpose.INSTITUTION_SEAL
    if any(each.certificate == seal.certificate for each in listed):
        return listed
    before = {each.name: KeyStage.RETIRED for each in listed if each.purpose is institution}
    changed = [
        *_changed(listed, before, now),
        _institution_facts(seal, next_name(institution, listed)),
    ]
    _write_index(folder, changed)
    return tuple(changed)


def _institution_facts(seal: SealKey, name: str) -> KeyFacts:
    certificate: x509.Certificate = seal.signing_cert
    return KeyFacts(
        name=name,
        purpose=KeyPurpose.INSTITUTION_SEAL,
        state=KeyStage.ACTIVE,
        not_before=int(certificate.not_valid_before_utc.timestamp()),
        not_after=int(certificate.not_valid_after_utc.timestamp()),
        public_key=None,
        certificate=seal.certificate,
    )


def named(folder: Path, listed: Iterable[KeyFacts], name: str) -> KeyFacts:
    """Return the key of that name.

    Args:
        folder: Of the keys, for the error.
        listed: The keys that `keys.toml` lists.
        name: As it is listed.

    Raises:
        KeyStoreError: If there is none.
    """
    for each in listed:
        if each.name == name:
            return each
    raise KeyStoreError(
        f"{folder} has no key {name!r}; nothing was changed", hint="cecert keys list names them"
    )


def _changed(
    listed: Iterable[KeyFacts], states: Mapping[str, KeyStage], now: datetime
) -> list[KeyFacts]:
    """Return *listed* with new states; a withdrawn key stays withdrawn."""
    return [_with_state(each, states.get(each.name, each.state), now) for each in listed]


def _with_state(facts: KeyFacts, state: KeyStage, now: datetime) -> KeyFacts:
    if facts.state is KeyStage.COMPROMISED or facts.state is state:
        return facts
    if state is KeyStage.RETIRED:
        return replace(facts, state=state, retired=int(now.timestamp()))
    return replace(facts, state=state)


def _write(
    folder: Path,
    listed: Sequence[KeyFacts],
    made: Sequence[NewKey],
    passphrases: Passphrases,
    files: Mapping[str, bytes] | None = None,
) -> None:
    files = dict(files or {})
    for each in made:
        files |= each.files(passphrases)
    _write_files(folder, files)
    _write_index(folder, [*listed, *(each.facts for each in made)])


def _write_index(folder: Path, listed: Iterable[KeyFacts]) -> None:
    _write_files(folder, {INDEX: index_text(listed).encode()})


def _write_files(
    folder: Path, files: Mapping[str, bytes], otherwise: str = "the keys are what they were"
) -> None:
    try:
        for name, content in files.items():
            write_file(folder / name, content)
    except OSError as fault:
        raise KeyStoreError(
            f"{folder} cannot be written: {fault.strerror}; {otherwise}",
            hint="make room or give write permission, then run the same command again",
        ) from fault
