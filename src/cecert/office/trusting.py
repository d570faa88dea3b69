"""The office's keys, and the trust file that is signed over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from cecert.adapters.files import (
    KeyFacts,
    KeyPurpose,
    SealKey,
    create_keys,
    open_root,
    read_key_facts,
    write_file,
)
from cecert.adapters.files import KeyState as StoredState
from cecert.adapters.office_files import OfficeFile
from cecert.adapters.signatures import P256Signer, check_signature, cose_key
from cecert.domain.regimes import Regime
from cecert.domain.trust import (
    KeysetInvalidError,
    KeyState,
    KeyUse,
    SealCert,
    TrustedKey,
    open_trust_file,
    sign_trust_file,
)
from cecert.domain.trust_building import build_trust_file, credit_scopes
from cecert.office.verifying import TRUST_FILE

__all__ = ["key_warnings", "make_keys", "sign_office_trust"]

WARNED_DAYS = 60
"""Days before its end at which a key is warned of (DESIGN section 7)."""

_STATES = {
    StoredState.ACTIVE: KeyState.ACTIVE,
    StoredState.RETIRED: KeyState.RETIRED,
    StoredState.COMPROMISED: KeyState.COMPROMISED,
}
_USES = {KeyPurpose.TOKEN: KeyUse.TOKEN, KeyPurpose.STATUS: KeyUse.STATUS}


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
    create_keys(file.keys, file.provider.name, passphrase, root_passphrase, now)
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
        seal: The institution's own seal, where it is not the office's.

    Raises:
        KeyStoreError: If the root key is missing or the passphrase wrong.
    """
    _, root_key = open_root(file.keys, root_passphrase)
    root = P256Signer(root_key)
    facts = read_key_facts(file.keys)
    scopes = credit_scopes(file.approvals, regimes)
    addresses = (file.verify_url, *file.mirrors)
    trust = build_trust_file(
        file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=tuple(_trusted(each, tuple(scopes)) for each in facts if each.purpose in _USES),
        seals=_seals(facts, seal),
        root=root.public_key,
        now=now,
        previous_sequence=_previous_sequence(file),
    )
    write_file(file.keys / TRUST_FILE, sign_trust_file(trust, root))
    return root.public_key.thumbprint.hex()


def _previous_sequence(file: OfficeFile) -> int:
    try:
        data = (file.keys / TRUST_FILE).read_bytes()
        return open_trust_file(data, check_signature).sequence
    except (OSError, KeysetInvalidError):
        return 0


def _trusted(facts: KeyFacts, codes: tuple[int, ...]) -> TrustedKey:
    use = _USES[facts.purpose]
    assert facts.public_key is not None  # noqa: S101  # a token or status key has one
    assert facts.not_after is not None  # noqa: S101  # and a window
    return TrustedKey(
        key=cose_key(facts.public_key),
        not_before=facts.not_before,
        not_after=facts.not_after,
        use=use,
        codes=codes if use is KeyUse.TOKEN else (),
        state=_STATES[facts.state],
    )


def _seals(facts: Sequence[KeyFacts], seal: SealKey | None) -> tuple[SealCert, ...]:
    own = [each for each in facts if each.purpose is KeyPurpose.SEAL]
    listed = [
        SealCert(each.certificate_sha256, each.not_before, each.not_after, _STATES[each.state])
        for each in own
        if each.certificate_sha256 is not None and each.not_after is not None
    ]
    return (*listed, *([] if seal is None else [_institution(seal)]))


def _institution(seal: SealKey) -> SealCert:
    certificate = seal.signing_cert
    return SealCert(
        sha256(seal.certificate).digest(),
        int(certificate.not_valid_before_utc.timestamp()),
        int(certificate.not_valid_after_utc.timestamp()),
    )


def key_warnings(facts: Sequence[KeyFacts], seal: SealKey | None, now: datetime) -> tuple[str, ...]:
    """Say which keys end within 60 days or have ended, each with its day."""
    newest = {each.purpose: each for each in facts if each.state is StoredState.ACTIVE}
    ends = [
        (each.name, datetime.fromtimestamp(each.not_after, UTC))
        for each in newest.values()
        if each.not_after is not None
    ]
    if seal is not None:
        ends.append(("the institution's seal", seal.signing_cert.not_valid_after_utc))
    return tuple(
        f"{name} {'ended' if end < now else 'ends'} on {end:%Y-%m-%d}: cecert keys rotate"
        for name, end in ends
        if end < now + timedelta(days=WARNED_DAYS)
    )
