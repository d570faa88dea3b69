"""The trust file as bytes: signed with the root key, and opened again (docs/spec/token.md W6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, decode, encode
from cecert.domain.cose.cose import Algorithm, CheckSignature, CoseKey, TokenSigner
from cecert.domain.cose.epoch import EPOCH
from cecert.domain.log.trusted_log import (
    logged_before,
    trusted_logs,
    value_of_logged_before,
    value_of_logs,
)
from cecert.domain.trust.issue_dates import is_ahead, issue_date
from cecert.domain.trust.trust_file import KeyState, KeyUse, Scope, SealCert, TrustedKey, TrustFile
from cecert.errors import CecertError

__all__ = [
    "KeysetInvalidError",
    "open_trust_file",
    "require_issued",
    "require_not_older",
    "sign_trust_file",
]

ROOT_KEY = 64
"""Label of the root's COSE_Key in the payload (ADR 3)."""

LOGS, LOGGED_BEFORE, LOW_S_SINCE, LINK_PREFIXES, SEAL_LISTS = 65, 66, 67, 68, 70
"""Labels of what newer verifiers read, and those of before ignore."""

FIRST_IGNORED = 64
"""Labels from here on may be added later and are ignored."""

_LABELS = {1, 2, 3, 4, 5, 6, 8}
"""Label 7 was a next root that nobody published or believed (ADR 27)."""


class KeysetInvalidError(CecertError):
    """The trust file is damaged, of another root or another time than it should be.

    Attributes:
        hint: What a person can do; "" for getting it again.
    """

    code = "trust-file"

    def __init__(self, why: str, hint: str = "") -> None:
        """Take what is wrong, and what helps."""
        super().__init__(why, hint=hint)


def sign_trust_file(trust: TrustFile, root: TokenSigner) -> bytes:
    """Sign *trust* with the root key.

    Raises:
        ValueError: If that key is not the root it names, or a key is listed twice,
            under another kid than its own, or is the root.
    """
    if root.public_key != trust.root:
        raise ValueError("signed with another key than the root it names")
    kids = [each.kid for each in trust.keys]
    if len(set(kids)) != len(kids):
        raise ValueError("two keys with one kid, or one key listed for two uses")
    if any(each.listed_as is not None for each in trust.keys):
        raise ValueError("a key listed under a kid that is not its own")
    if trust.root.kid in kids:
        raise ValueError("the root key is listed as a working key")
    return cose.seal_envelope(encode(_payload(trust)), cose.KEYS, root)


def _payload(trust: TrustFile) -> dict[int, Value]:
    display: dict[int, Value] = {
        1: trust.name,
        2: {
            code: [_scope_value(each) for each in scopes] for code, scopes in trust.credits.items()
        },
        3: list(trust.hosts),
        4: list(trust.status_bases),
    }
    payload: dict[int, Value] = {
        1: trust.issuer,
        2: trust.sequence,
        3: trust.issued_at,
        4: trust.refresh_by,
        5: display,
        6: [_key_value(each) for each in trust.keys],
        8: [[s.sha256, s.not_before, s.not_after, int(s.state)] for s in trust.seals],
        ROOT_KEY: trust.root.value,
    }
    if trust.logs:
        payload[LOGS] = value_of_logs(trust.logs)
    if trust.logged:
        payload[LOGGED_BEFORE] = value_of_logged_before(trust.logged)
    if trust.low_s_since is not None:
        payload[LOW_S_SINCE] = trust.low_s_since
    if trust.link_prefixes is not None:
        payload[LINK_PREFIXES] = list(trust.link_prefixes)
    vouched = [[s.sha256, s.reattested] for s in trust.seals if s.reattested is not None]
    if vouched:
        payload[SEAL_LISTS] = vouched
    return payload


def _scope_value(scope: Scope) -> list[Value]:
    return [scope.provider, scope.label, (scope.first - EPOCH).days, (scope.last - EPOCH).days]


def _key_value(key: TrustedKey) -> dict[int, Value]:
    value: dict[int, Value] = {
        1: key.kid,
        2: key.key.value,
        3: int(key.key.algorithm),
        4: key.not_before,
        5: key.not_after,
        6: int(key.use),
        7: list(key.codes),
        8: int(key.state),
    }
    if key.reattested is not None:
        value[9] = key.reattested
    return value


def open_trust_file(
    data: bytes, check_signature: CheckSignature, root_thumbprint: bytes | None = None
) -> TrustFile:
    """Open a trust file: its root's signature holds, and the root is the pinned one.

    Args:
        data: The file.
        check_signature: Does the cryptography.
        root_thumbprint: 32 bytes; None accepts any root, which the caller must say.

    Raises:
        KeysetInvalidError: If any of that fails.
        CryptoUnavailableError: If signatures cannot be checked here.
    """
    try:
        signed = cose.open_envelope(data)
        trust = _trust_of(decode(signed.payload))
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise KeysetInvalidError(f"the trust file is damaged: {error}") from error
    if root_thumbprint is not None and trust.root.thumbprint != root_thumbprint:
        raise KeysetInvalidError("the trust file is of another root than the pinned one")
    message = cose.signed_message(signed.protected, cose.KEYS, signed.payload)
    same_key = signed.kid == trust.root.kid and signed.algorithm == trust.root.algorithm
    if not same_key or not check_signature(trust.root, signed.signature, message):
        raise KeysetInvalidError("the trust file is not signed by its root")
    return trust


def require_issued(trust: TrustFile, now: int) -> None:
    """Refuse a trust file of a time that has not come, which no later one could take back.

    Raises:
        KeysetInvalidError: If it was issued more than 300 s after *now* (seconds UTC).
    """
    if is_ahead(trust.issued_at, now):
        raise KeysetInvalidError(
            f"the trust file was issued at {issue_date(trust.issued_at)}, and this clock says "
            f"{issue_date(now)}: look at this clock; if it is right, the provider's was ahead"
        )


def require_not_older(trust: TrustFile, seen: int | None) -> None:
    """Refuse a trust file that is older than one of its root that was seen before.

    Raises:
        KeysetInvalidError: If its sequence is lower than *seen*.
    """
    if seen is not None and trust.sequence < seen:
        raise KeysetInvalidError(
            f"the trust file was issued at {issue_date(trust.issued_at)}, and a newer one of the "
            f"same root was seen before ({trust.sequence} after {seen}): keys that were withdrawn "
            "since would count again",
            hint="get the newest from the provider's site; "
            "if the office is yours, cecert keys sign makes one",
        )


def _trust_of(payload: Any) -> TrustFile:  # noqa: ANN401  # by pattern
    match payload:
        case {
            1: str(issuer), 2: int(sequence), 3: int(issued_at), 4: int(refresh_by),
            5: {1: str(name), 2: dict(credit_scopes), 3: list(hosts), 4: list(bases)},
            6: list(keys), 64: dict(root),
        }:  # fmt: skip
            labels: set[int] = set(payload)
            if unknown := {each for each in labels if each < FIRST_IGNORED} - _LABELS:
                raise ValueError(f"unknown labels {sorted(unknown)}")
            return TrustFile(
                issuer=issuer,
                sequence=sequence,
                issued_at=issued_at,
                refresh_by=refresh_by,
                name=name,
                credits={code: _scopes(each) for code, each in credit_scopes.items()},
                hosts=_texts(hosts),
                status_bases=_texts(bases),
                keys=tuple(map(_key_of, keys)),
                root=CoseKey.of(root),
                seals=_seals(payload.get(8, []), payload.get(SEAL_LISTS, [])),
                low_s_since=_second(payload.get(LOW_S_SINCE)),
                link_prefixes=_prefixes(payload.get(LINK_PREFIXES)),
                logs=trusted_logs(payload.get(LOGS, [])),
                logged=logged_before(payload.get(LOGGED_BEFORE, [])),
            )
    raise ValueError("not the map of a trust file")


def _digest(value: Value | None) -> bytes | None:
    if value is None or (isinstance(value, bytes) and len(value) == sha256().digest_size):
        return value
    raise ValueError("a digest that is not 32 bytes")


def _second(value: Value | None) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise TypeError("an instant that is no number")


def _prefixes(value: Value | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError("link prefixes that are no list")
    return _texts(value)


def _texts(values: Iterable[Value]) -> tuple[str, ...]:
    texts = tuple(each for each in values if isinstance(each, str))
    if len(texts) != len(list(values)):
        raise TypeError("something other than text in a list of texts")
    return texts


def _scopes(value: Any) -> tuple[Scope, ...]:  # noqa: ANN401  # by pattern
    if not isinstance(value, list):
        raise TypeError("credit scopes that are not a list")
    return tuple(map(_scope_of, value))


def _scope_of(value: Any) -> Scope:  # noqa: ANN401  # by pattern
    match value:
        case [str(provider), str(label), int(first), int(last)]:
            return Scope(provider, label, _day(first), _day(last))
    raise ValueError("a scope that is not [provider-no, label, from, to]")


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _key_of(value: Any) -> TrustedKey:  # noqa: ANN401  # by pattern
    match value:
        case {
            1: bytes(kid), 2: dict(cose_key), 3: int(algorithm), 4: int(first), 5: int(last),
            6: int(use), 7: list(codes), 8: int(state), **rest,
        } if set(rest) <= {9}:  # fmt: skip
            key = CoseKey.of(cose_key)
            if key.algorithm != Algorithm(algorithm):
                raise ValueError("a key whose algorithm is not its own")
            return TrustedKey(
                key,
                first,
                last,
                KeyUse(use),
                tuple(each for each in codes if isinstance(each, int)),
                KeyState(state),
                _digest(value.get(9)),
                None if kid == key.kid else kid,
            )
    raise ValueError("a key that is not the map of one")


def _seals(listed: Any, vouched: Any) -> tuple[SealCert, ...]:  # noqa: ANN401  # by pattern
    """Return the seals, each with the digest of the list that vouches for its files."""
    if not isinstance(vouched, list):
        raise TypeError("lists of sealed files that are no list")
    lists = dict(map(_seal_list_of, vouched))
    seals = map(_seal_of, listed)
    return tuple(replace(each, reattested=lists.get(each.sha256)) for each in seals)


def _seal_list_of(value: Any) -> tuple[bytes, bytes]:  # noqa: ANN401  # by pattern
    match value:
        case [bytes(seal), bytes(digest)] if len(seal) == len(digest) == 32:  # noqa: PLR2004
            return seal, digest
    raise ValueError("a list of sealed files that is not [sha256 of the seal, sha256]")


def _seal_of(value: Any) -> SealCert:  # noqa: ANN401  # by pattern
    match value:
        case [bytes(digest), int(first), int(last), int(state)] if len(digest) == 32:  # noqa: PLR2004
            return SealCert(digest, first, last, KeyState(state))
    raise ValueError("a seal that is not [sha256, from, to, state]")
