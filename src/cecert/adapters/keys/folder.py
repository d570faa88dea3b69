"""The keys folder as a whole: made all at once, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cecert.adapters.keys.facts import (
    INDEX,
    KeyFacts,
    KeyPurpose,
    KeyStage,
    index_text,
    next_name,
    read_key_facts,
)
from cecert.adapters.keys.make import NewKey, Passphrases, make_id_key, make_keys
from cecert.adapters.keys.open import open_id_key
from cecert.adapters.storage.atomic import make_folder, publish_folder, write_file
from cecert.adapters.storage.posix import read_linked
from cecert.domain.trust.trust_file import TRUST_FILE
from cecert.errors import KeyStoreError

__all__ = ["create_keys", "refuse_keys", "succeed_keys"]

_ALL = (KeyPurpose.ROOT, KeyPurpose.TOKEN, KeyPurpose.STATUS, KeyPurpose.ID, KeyPurpose.SEAL_CA,
        KeyPurpose.SEAL, KeyPurpose.LOG)  # fmt: skip

_CARRIED = frozenset(
    {KeyPurpose.TOKEN, KeyPurpose.STATUS, KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL,
     KeyPurpose.BADGE}
)  # fmt: skip
"""Purposes whose keys the trust file lists for ever, or the site of badges."""


def create_keys(
    folder: Path, provider: str, passphrases: Passphrases, now: datetime
) -> tuple[KeyFacts, ...]:
    """Make root, token, status and id key, and the seal's CA, key and certificates.

    They are built in a folder beside *folder* that then gets its name, so a crash
    leaves no half of them.

    Args:
        folder: Missing or empty.
        provider: The provider's name, for the certificates.
        passphrases: What the files are encrypted with.
        now: Aware; the keys sign from this second on.

    Returns:
        The public facts of each.

    Raises:
        KeyStoreError: If the folder holds anything, or cannot be written.
    """
    refuse_keys(folder)
    made = make_keys(_ALL, (), provider, now)
    return _write(folder, (), made, passphrases)


def succeed_keys(
    folder: Path, before: Path, provider: str, passphrases: Passphrases, now: datetime
) -> tuple[tuple[KeyFacts, ...], bool]:
    """Make keys as `create_keys` does, that succeed those of a folder nobody can use any more.

    A root that is lost, stolen or to be replaced ends here. The public facts of the old
    working keys go on, retired, so that what they signed verifies under the new root.

    Args:
        folder: Missing or empty.
        before: The old keys folder; of its files only `keys.toml` must be there.
        provider: The provider's name, for the certificates.
        passphrases: For the new keys; where one of them opens the old id key, that goes on.
        now: Aware; the keys sign from this second on.

    Returns:
        The public facts of each, and whether the id key is the old one.

    Raises:
        KeyStoreError: If *folder* holds anything or cannot be written, or the facts of
            the old keys cannot be read.
    """
    refuse_keys(folder)
    listed = read_key_facts(before)
    made = make_keys([each for each in _ALL if each is not KeyPurpose.ID], listed, provider, now)
    name = next_name(KeyPurpose.ID, listed)
    try:
        id_key = make_id_key(name, now, open_id_key(before, passphrases))
        kept = True
    except KeyStoreError:
        id_key, kept = make_id_key(name, now), False
    carried = tuple(_retired(each, now) for each in listed if each.purpose in _CARRIED)
    lists = {each.name: _read(each) for each in before.glob("*.reattested")}
    return _write(folder, carried, [*made, id_key], passphrases, lists), kept


def _read(path: Path) -> bytes:
    try:
        return read_linked(path)
    except OSError as fault:
        raise KeyStoreError(
            f"{path} cannot be read: {fault.strerror}; no keys were made"
        ) from fault


def _retired(facts: KeyFacts, now: datetime) -> KeyFacts:
    if facts.state is not KeyStage.ACTIVE:
        return facts
    return replace(facts, state=KeyStage.RETIRED, retired=int(now.timestamp()))


def refuse_keys(folder: Path) -> None:
    """Refuse a folder that holds anything.

    Raises:
        KeyStoreError: If it does, or cannot be looked into.
    """
    try:
        found = sorted(each.name for each in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    if found:
        what = "already holds keys" if INDEX in found else f"is not empty: {found[0]}"
        cut_off = INDEX in found and TRUST_FILE not in found
        raise KeyStoreError(
            f"{folder} {what}; no keys were made",
            hint="their trust file is missing: cecert keys sign makes it"
            if cut_off
            else "keys are never overwritten: name another folder with path in [keys]",
        )


def _unwritable(folder: Path, fault: OSError) -> KeyStoreError:
    return KeyStoreError(
        f"{folder} cannot be written: {fault.strerror}; no keys were made",
        hint="make room or give write permission, then run the same command again",
    )


def _write(
    folder: Path,
    carried: tuple[KeyFacts, ...],
    made: list[NewKey],
    passphrases: Passphrases,
    lists: Mapping[str, bytes] | None = None,
) -> tuple[KeyFacts, ...]:
    facts = (*carried, *(each.facts for each in made))
    files = {**(lists or {}), INDEX: index_text(facts).encode()}
    for each in made:
        files |= each.files(passphrases)
    try:
        _publish(folder, files)
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    return facts


def _publish(folder: Path, files: Mapping[str, bytes]) -> None:
    make_folder(folder.parent)
    # mkdtemp makes it with mode 0700.
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for name, content in files.items():
            write_file(temporary / name, content)
        publish_folder(temporary, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
