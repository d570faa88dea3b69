"""The office's keys, and the trust file that is signed over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cecert.adapters.keys import (
    KeyFacts,
    KeyPurpose,
    Passphrases,
    SealKey,
    create_keys,
    list_institution_seal,
    open_root,
    read_key_facts,
)
from cecert.adapters.keys import KeyStage as StoredState
from cecert.adapters.keys.signatures import P256Signer, check_signature, cose_key
from cecert.adapters.office_files import OfficeFile
from cecert.adapters.storage.atomic import write_file
from cecert.domain.cose.cose import CoseKey
from cecert.domain.course.regime import Regime
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.trust_file import KeyState, KeyUse, SealCert, TrustedKey, TrustFile
from cecert.errors import KeyStoreError
from cecert.office.verifying import TRUST_FILE

__all__ = [
    "key_warnings",
    "make_keys",
    "require_listed_seal",
    "sign_office_trust",
    "trust_in_force",
    "unsigned_trust",
]

WARNED_DAYS = 60
"""Days before its end at which a key is warned of (DESIGN section 7)."""

_STATES = {
    StoredState.ACTIVE: KeyState.ACTIVE,
    StoredState.RETIRED: KeyState.RETIRED,
    StoredState.COMPROMISED: KeyState.COMPROMISED,
}
_USES = {KeyPurpose.TOKEN: KeyUse.TOKEN, KeyPurpose.STATUS: KeyUse.STATUS}
_SEALS = frozenset({KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL})


def make_keys(
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    passphrase: str,
    root_passphrase: str,
    now: datetime,
) -> str:
    """Make the office's keys and sign its trust file; return the root's thumbprint.

    Raises:
        KeyStoreError: If the folder holds anything, or cannot be written.
    """
    create_keys(file.keys, file.provider.name, Passphrases(passphrase, root_passphrase), now)
    return sign_office_trust(file, regimes, root_passphrase, now)


def sign_office_trust(
    file: OfficeFile,
    regimes: Mapping[str, Regime],
    root_passphrase: str,
    now: datetime,
    seal: SealKey | None = None,
) -> str:
    """Sign the trust file anew; return the root's thumbprint, hexadecimal.

    Args:
        file: Approvals and hosts.
        regimes: By credential type.
        root_passphrase: Opens the root key.
        now: The instant of signing.
        seal: The institution's own seal, where it is not the office's; it is listed.

    Raises:
        KeyStoreError: If the root key is missing or the passphrase wrong, or the trust
            file cannot be written.
    """
    _, root_key = open_root(file.keys, root_passphrase)
    root = P256Signer(root_key)
    if seal is not None:
        list_institution_seal(file.keys, seal)
    trust = unsigned_trust(file, regimes, root.public_key, now)
    path = file.keys / TRUST_FILE
    try:
        write_file(path, sign_trust_file(trust, root))
    except OSError as error:
        raise KeyStoreError(
            f"{path} cannot be written: {error.strerror}",
            hint="make room or give write permission, then cecert keys sign",
        ) from error
    return root.public_key.thumbprint.hex()


def unsigned_trust(
    file: OfficeFile, regimes: Mapping[str, Regime], root: CoseKey, now: datetime
) -> TrustFile:
    """Return what the trust file would say if it was signed now."""
    facts = read_key_facts(file.keys)
    scopes = credit_scopes(file.approvals, regimes)
    addresses = (file.verify_url, *file.mirrors)
    previous = trust_in_force(file.keys)
    return build_trust_file(
        file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=tuple(_trusted(each, tuple(scopes)) for each in facts if each.purpose in _USES),
        seals=tuple(_seal(each) for each in facts if each.purpose in _SEALS),
        root=root,
        now=now,
        previous_sequence=0 if previous is None else previous.sequence,
    )


def trust_in_force(keys: Path) -> TrustFile | None:
    """Return the trust file that was signed last; None if there is none that is whole."""
    try:
        return open_trust_file((keys / TRUST_FILE).read_bytes(), check_signature)
    except (OSError, KeysetInvalidError):
        return None


def _trusted(facts: KeyFacts, codes: tuple[int, ...]) -> TrustedKey:
    use = _USES[facts.purpose]
    # `read_key_facts` refuses a key without what its purpose needs.
    assert facts.public_key is not None  # noqa: S101
    assert facts.not_after is not None  # noqa: S101
    return TrustedKey(
        key=cose_key(facts.public_key),
        not_before=facts.not_before,
        not_after=facts.not_after,
        use=use,
        codes=codes if use is KeyUse.TOKEN else (),
        state=_STATES[facts.state],
        reattested=facts.reattested,
    )


def _seal(facts: KeyFacts) -> SealCert:
    assert facts.certificate_sha256 is not None  # noqa: S101  # as above
    assert facts.not_after is not None  # noqa: S101
    return SealCert(
        facts.certificate_sha256, facts.not_before, facts.not_after, _STATES[facts.state]
    )


def require_listed_seal(trust: TrustFile, seal: SealKey, now: datetime) -> None:
    """Refuse to seal with what verifiers would call unknown.

    Raises:
        KeyStoreError: If *trust* does not list the seal's certificate as good at *now*.
    """
    digest, second = sha256(seal.certificate).digest(), int(now.timestamp())
    good = (
        each.state is KeyState.ACTIVE and each.not_before <= second <= each.not_after
        for each in trust.seals
        if each.sha256 == digest
    )
    if not any(good):
        raise KeyStoreError(
            "the trust file does not list the seal that certificates would get, or not for today",
            hint="cecert keys sign lists a seal; cecert keys rotate makes a new one",
        )


def key_warnings(facts: Sequence[KeyFacts], now: datetime) -> tuple[str, ...]:
    """Say which keys end within 60 days or have ended, each with its day."""
    newest = {each.purpose: each for each in facts if each.state is StoredState.ACTIVE}
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
