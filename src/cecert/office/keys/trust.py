"""The office's trust file: what it says of approvals, hosts and keys, and its signing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from cecert.adapters.keys import (
    KeyFacts,
    KeyPurpose,
    KeyStage,
    Passphrases,
    SealKey,
    create_keys,
    list_institution_seal,
    open_root,
    read_key_facts,
)
from cecert.adapters.keys.signatures import P256Signer, check_signature, cose_key
from cecert.adapters.office_files import OfficeFile
from cecert.adapters.storage.atomic import write_file
from cecert.adapters.storage.posix import read_linked
from cecert.domain.cose.cose import CoseKey
from cecert.domain.course.regime import Regime
from cecert.domain.log.trusted_log import LoggedBefore, TrustedLog
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.trust_file import (
    TRUST_FILE,
    KeyState,
    KeyUse,
    SealCert,
    TrustedKey,
    TrustFile,
)
from cecert.errors import KeyStoreError

__all__ = [
    "KEY_STATES",
    "EndsOf",
    "log_origin",
    "make_keys",
    "sign_office_trust",
    "trust_in_force",
    "unsigned_trust",
]

EndsOf: TypeAlias = Callable[[Sequence[KeyFacts]], Mapping[str, int]]
"""Says of keys when the windows of the retired ones end: seconds UTC, by name."""


def _no_ends(facts: Sequence[KeyFacts]) -> Mapping[str, int]:
    """Say of new keys that none was retired."""
    del facts
    return {}


KEY_STATES = {
    KeyStage.ACTIVE: KeyState.ACTIVE,
    KeyStage.RETIRED: KeyState.RETIRED,
    KeyStage.COMPROMISED: KeyState.COMPROMISED,
}
_USES = {KeyPurpose.TOKEN: KeyUse.TOKEN, KeyPurpose.STATUS: KeyUse.STATUS}
_SEALS = frozenset({KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL})


def make_keys(
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    passphrases: Passphrases,
    now: datetime,
) -> str:
    """Make the office's keys and sign its trust file; return the root's thumbprint.

    Args:
        file: Approvals, hosts, and the folder of the keys.
        regimes: By credential type.
        passphrases: What the keys are encrypted with.
        now: The instant from which they sign, aware.

    Raises:
        KeyStoreError: If the folder holds anything, or cannot be written.
    """
    create_keys(file.keys, file.provider.name, passphrases, now)
    return sign_office_trust(file, regimes, passphrases.root, now)


def sign_office_trust(  # noqa: PLR0913  # what a trust file says comes from all over
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    root_passphrase: str,
    now: datetime,
    seal: SealKey | None = None,
    ends_of: EndsOf = _no_ends,
    *,
    logged: Sequence[LoggedBefore] = (),
) -> str:
    """Sign the trust file anew; return the root's thumbprint, hexadecimal.

    Args:
        file: Approvals and hosts.
        regimes: By credential type.
        root_passphrase: Opens the root key.
        now: The instant of signing.
        seal: The institution's own seal, where it is not the office's; it is listed.
        ends_of: Says when the windows of retired keys end.
        logged: What the log has of keys that are withdrawn now.

    Raises:
        KeyStoreError: If the root key is missing or the passphrase wrong, or the trust
            file cannot be written.
    """
    _, root_key = open_root(file.keys, root_passphrase)
    root = P256Signer(root_key)
    if seal is not None:
        list_institution_seal(file.keys, seal, now)
    facts = read_key_facts(file.keys)
    trust = unsigned_trust(
        file, regimes, facts, root.public_key, now, ends_of(facts), logged=logged
    )
    path = file.keys / TRUST_FILE
    try:
        write_file(path, sign_trust_file(trust, root))
    except OSError as error:
        raise KeyStoreError(
            f"{path} cannot be written: {error.strerror}",
            hint="make room or give write permission, then cecert keys sign",
        ) from error
    return root.public_key.thumbprint.hex()


def unsigned_trust(  # noqa: PLR0913  # as above
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    facts: Sequence[KeyFacts],
    root: CoseKey,
    now: datetime,
    ends: Mapping[str, int],
    *,
    logged: Sequence[LoggedBefore] = (),
) -> TrustFile:
    """Return what the trust file would say if it was signed now.

    Args:
        file: Approvals, hosts, and the folder of the keys.
        regimes: By credential type.
        facts: Of the keys.
        root: The public key of the root.
        now: The instant of signing, aware.
        ends: Last second of the windows of retired keys, by name; of the others it is the
            one they were made with.
        logged: What the log has of keys that are withdrawn now.
    """
    scopes = credit_scopes(file.approvals, regimes)
    addresses = (file.verify_url, *file.mirrors)
    return build_trust_file(
        file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        link_prefixes=tuple(dict.fromkeys(f"{each}#" for each in addresses)),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=tuple(_trusted(each, tuple(scopes), ends) for each in facts if each.purpose in _USES),
        seals=tuple(_seal(each, ends) for each in facts if each.purpose in _SEALS),
        root=root,
        now=now,
        previous=trust_in_force(file.keys),
        logs=tuple(_log(each, addresses) for each in facts if each.purpose is KeyPurpose.LOG),
        logged=tuple(logged),
    )


def _log(facts: KeyFacts, addresses: Sequence[str]) -> TrustedLog:
    # `read_key_facts` refuses a key without what its purpose needs.
    assert facts.public_key is not None  # noqa: S101
    return TrustedLog(
        origin=log_origin(addresses[0]),
        key=cose_key(facts.public_key),
        state=int(KEY_STATES[facts.state]),
        since=facts.not_before,
        bases=tuple(f"{each}log/" for each in addresses),
    )


def log_origin(verify_url: str) -> str:
    """Return the name of the log of a verify page: its address without scheme (C2SP).

    >>> log_origin("https://verify.example.edu/")
    'verify.example.edu/log'
    """
    parts = urlsplit(verify_url)
    # A plus sign would end the name in a key of the log (C2SP signed-note).
    return f"{parts.netloc}{parts.path}log".replace("+", "%2B")


def trust_in_force(keys: Path) -> TrustFile | None:
    """Return the trust file that was signed last; None if there is none that is whole."""
    try:
        return open_trust_file(read_linked(keys / TRUST_FILE), check_signature)
    except (OSError, KeysetInvalidError):
        return None


def _trusted(facts: KeyFacts, codes: tuple[int, ...], ends: Mapping[str, int]) -> TrustedKey:
    use = _USES[facts.purpose]
    # `read_key_facts` refuses a key without what its purpose needs.
    assert facts.public_key is not None  # noqa: S101
    assert facts.not_after is not None  # noqa: S101
    return TrustedKey(
        key=cose_key(facts.public_key),
        not_before=facts.not_before,
        not_after=ends.get(facts.name, facts.not_after),
        use=use,
        codes=codes if use is KeyUse.TOKEN else (),
        state=KEY_STATES[facts.state],
        reattested=facts.reattested,
    )


def _seal(facts: KeyFacts, ends: Mapping[str, int]) -> SealCert:
    assert facts.certificate_sha256 is not None  # noqa: S101  # as above
    assert facts.not_after is not None  # noqa: S101
    last = ends.get(facts.name, facts.not_after)
    return SealCert(
        facts.certificate_sha256,
        facts.not_before,
        last,
        KEY_STATES[facts.state],
        facts.reattested,
    )
