"""Status lists: two bits for every certificate, and nothing that names one.

Source: docs/spec/token.md W7.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from cecert.argument_types import typed
from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, decode, encode
from cecert.domain.cose.cose import CheckSignature, CryptoUnavailableError, TokenSigner
from cecert.domain.trust.issue_dates import LONGEST_ROLLBACK, is_ahead
from cecert.domain.trust.trust_file import KeyState, KeyUse, TrustFile
from cecert.errors import WrongValueError

__all__ = [
    "BadStatusListError",
    "RecordedStatus",
    "Status",
    "StatusAnswer",
    "StatusList",
    "newest_list",
    "open_status_list",
    "sign_status_list",
]

LIST_BYTES = 32_768
SLOTS = LIST_BYTES * 4


class Status(IntEnum):
    """What a slot says."""

    VALID = 0
    REVOKED = 1
    SUPERSEDED = 2
    RESERVED = 3


class BadStatusListError(Exception):
    """The list is damaged, or signed by nobody whom the trust file lists."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """One published status list.

    Attributes:
        issuer: The provider's id.
        list_id: Its number.
        sequence: A number that goes up with every signing; a cache refuses a lower one. It is the
            issue instant, or later where a list before was issued under a clock that was ahead.
        issued_at, expires_at: Seconds UTC; after expiry "valid" is no news any more.
        ttl: Seconds a cache may keep it.
        bits: 32768 bytes, two bits a slot, least significant first.
    """

    issuer: str
    list_id: int
    sequence: int
    issued_at: int
    expires_at: int
    ttl: int
    bits: bytes

    @typed
    def __post_init__(self) -> None:
        if len(self.bits) != LIST_BYTES:
            raise WrongValueError(f"{len(self.bits)} bytes of slots, a list has {LIST_BYTES}")

    @typed
    def status(self, index: int) -> Status:
        """Return what the slot *index*, from 0, says of its certificate.

        Raises:
            WrongValueError: If a list has no such slot.
        """
        if not 0 <= index < 4 * LIST_BYTES:
            raise WrongValueError(f"a list has no slot {index}")
        return Status(self.bits[index >> 2] >> 2 * (index & 3) & 3)


@dataclass(frozen=True, slots=True)
class RecordedStatus:
    """What the provider's own ledger says of a certificate.

    Attributes:
        status: What became of it.
        as_of: When the ledger was asked, seconds UTC.
        source: Whose word it is, for people.
    """

    status: Status
    as_of: int
    source: str


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What could be learnt of a status.

    Attributes:
        recorded: What the provider's own ledger says, where it is at hand; it needs no list.
        statuses: The newest list obtained, None if there was none.
        bad: A list arrived that was damaged, wrongly signed or issued later than it is now,
            and none that was good.
        rolled_back: An older list was offered than one seen before.
        rolled_back_far: Its issue and that of the one seen before are more than a day apart:
            what hosts say is then no news, and "valid" not to be relied on.
    """

    statuses: StatusList | None = None
    bad: bool = False
    rolled_back: bool = False
    rolled_back_far: bool = False
    recorded: RecordedStatus | None = None


def bits_of(statuses: Mapping[int, Status]) -> bytes:
    """Return the slots of a list in which all but *statuses* are valid."""
    bits = bytearray(LIST_BYTES)
    for index, status in statuses.items():
        bits[index >> 2] |= status << 2 * (index & 3)
    return bytes(bits)


def sign_status_list(statuses: StatusList, signer: TokenSigner) -> bytes:
    """Sign a list with a status key."""
    payload: dict[int, Value] = {
        1: statuses.issuer,
        2: statuses.list_id,
        3: statuses.sequence,
        4: statuses.issued_at,
        5: statuses.expires_at,
        6: statuses.ttl,
        7: 2,
        8: zlib.compress(statuses.bits, 9),
    }
    return cose.seal_envelope(encode(payload), cose.STATUS, signer)


def open_status_list(data: bytes, trust: TrustFile, check_signature: CheckSignature) -> StatusList:
    """Open a list that a status key of *trust* signed.

    Args:
        data: The signed list, as it was published.
        trust: The provider's trust file.
        check_signature: The cryptography; it says whether a key made a signature.

    Raises:
        BadStatusListError: If it is damaged, of another provider, or not so signed.
    """
    try:
        signed = cose.open_envelope(data)
        statuses = _list_of(signed.payload)
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        raise BadStatusListError(f"the status list is damaged: {error}") from error
    message = cose.signed_message(signed.protected, cose.STATUS, signed.payload)
    for key in trust.keys_with(signed.kid):
        usable = key.use is KeyUse.STATUS and key.state is not KeyState.COMPROMISED
        in_window = key.not_before <= statuses.issued_at <= key.not_after
        same = key.key.algorithm == signed.algorithm and statuses.issuer == trust.issuer
        try:
            if (
                usable
                and in_window
                and same
                and check_signature(key.key, signed.signature, message)
            ):
                return statuses
        except CryptoUnavailableError as error:
            raise BadStatusListError(f"the status list cannot be checked: {error}") from error
    raise BadStatusListError("the status list is not signed by a status key of the trust file")


def newest_list(
    served: Iterable[bytes],
    kept: bytes | None,
    list_id: int,
    open_list: Callable[[bytes], StatusList],
    now: int,
) -> tuple[StatusAnswer, bytes | None]:
    """Choose among the versions of a list that can be had; none counts before its time.

    Args:
        served: As they come, of whatever list.
        kept: The newest genuine one seen before, None if there is none.
        list_id: The list that is wanted.
        open_list: `open_status_list` with the provider's trust file.
        now: Seconds UTC; what was issued more than 300 s later is bad, also if it was kept.

    Returns:
        The answer, and the version to keep, None if it is the kept one or there is none.
    """
    fresh, bad = _opened(served, list_id, open_list, now)
    before, lost = _opened([] if kept is None else [kept], list_id, open_list, now)
    newest = max(fresh, key=_sequence, default=None)
    known = before[0][0] if before else None
    if newest is None:
        return StatusAnswer(known, bad=bad or lost), None
    if known is not None and known.sequence > newest[0].sequence:
        apart = abs(known.issued_at - newest[0].issued_at)
        return StatusAnswer(known, rolled_back=True, rolled_back_far=apart > LONGEST_ROLLBACK), None
    return StatusAnswer(newest[0]), newest[1]


def _sequence(opened: tuple[StatusList, bytes]) -> int:
    return opened[0].sequence


def _opened(
    offered: Iterable[bytes], list_id: int, open_list: Callable[[bytes], StatusList], now: int
) -> tuple[list[tuple[StatusList, bytes]], bool]:
    """Open what can be opened and is of a time that came; say whether something was not."""
    opened: list[tuple[StatusList, bytes]] = []
    bad = False
    for data in offered:
        try:
            statuses = open_list(data)
        except BadStatusListError:
            bad = True
        else:
            if is_ahead(statuses.issued_at, now):
                bad = True
            elif statuses.list_id == list_id:
                opened.append((statuses, data))
    return opened, bad


def _list_of(payload: bytes) -> StatusList:
    match decode(payload):
        case {
            1: str(issuer), 2: int(list_id), 3: int(sequence), 4: int(issued_at),
            5: int(expires_at), 6: int(ttl), 7: 2, 8: bytes(packed),
        } as top if len(top) == 8:  # noqa: PLR2004  # fmt: skip
            return StatusList(
                issuer, list_id, sequence, issued_at, expires_at, ttl, _inflate(packed)
            )
    raise ValueError("not the map of a status list")


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    bits = inflater.decompress(packed, LIST_BYTES + 1)
    if not inflater.eof or inflater.unused_data or len(bits) != LIST_BYTES:
        raise ValueError("slots of another size, or something after them")
    return bits
