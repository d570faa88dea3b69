"""Re-attestation: what a stolen key or seal has signed that is genuine (docs/spec/token.md W6).

Who has a stolen key can date a token back, so the whole key is withdrawn, and honest
holders' tokens with it, unless the provider vouches for them. What vouches is a sorted
list of digests of their payloads; its SHA-256 stands in the trust file beside the key.
A digest is of the whole payload: of the id alone it would let the thief use ids again.

A stolen seal is withdrawn in the same way, and its list has the digests of the sealed files.

The list travels signed by a status key, as `<status base><kid>.reattested`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, decode, encode
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.trust.issue_dates import is_ahead
from cecert.domain.trust.trust_file import TrustFile, Withdrawable

__all__ = [
    "BadReattestedListError",
    "ReattestedList",
    "digests_offered",
    "genuine_digests",
    "is_vouched_for",
    "open_reattested_list",
    "reattested_name",
    "sealed_digests",
    "sign_reattested_list",
]

DIGEST_BYTES = 16
"""Bytes of each entry: a truncated SHA-256 of a payload."""

PURPOSE = b"cecert-reattested-1"
"""External authenticated data of its signature."""

LARGEST_LIST = 64 << 20
"""Bytes; four million certificates of one key."""


class BadReattestedListError(Exception):
    """The list is damaged, or not the one that the trust file names."""


@dataclass(frozen=True, slots=True)
class ReattestedList:
    """The genuine tokens of one key, or the genuine files of one seal.

    Attributes:
        issuer: The provider's id.
        kid: The key that signed them; of a seal, what its `SealCert` is called.
        issued_at: Seconds UTC.
        digests: 16 bytes each, ascending, one after the other.
    """

    issuer: str
    kid: bytes
    issued_at: int
    digests: bytes

    @property
    def sha256(self) -> bytes:
        """What the trust file says of it (key label 9, or label 70)."""
        return sha256(self.digests).digest()

    @property
    def count(self) -> int:
        """How many tokens or files it vouches for."""
        return len(self.digests) // DIGEST_BYTES


def reattested_name(kid: bytes) -> str:
    """Return the file name of a key's list, below a status base.

    >>> reattested_name(bytes.fromhex("6a3f0659ee4625a9"))
    '6a3f0659ee4625a9.reattested'
    """
    return f"{kid.hex()}.reattested"


def genuine_digests(token_urls: Iterable[str], kid: bytes) -> bytes:
    """Return the digests of those tokens that *kid* signed, ascending and each once.

    Args:
        token_urls: Of every certificate that the ledger has, whatever became of it: what
            was revoked, the status list tells.
        kid: Of the stolen key.
    """
    return b"".join(sorted(set(_digests(token_urls, kid))))


def sealed_digests(sha256s: Iterable[str]) -> bytes:
    """Return the digests of sealed files, ascending and each once.

    Args:
        sha256s: Of the files, hexadecimal.
    """
    return b"".join(sorted({bytes.fromhex(each)[:DIGEST_BYTES] for each in sha256s}))


def is_vouched_for(content: bytes, key: Withdrawable, digests: bytes) -> bool:
    """Say whether a withdrawn key signed *content*, as far as its provider knows.

    Args:
        content: The payload of a token, or a sealed file.
        key: The key or the seal; the trust file names its list.
        digests: Of the list that was had; another than the named one vouches for nothing.
    """
    if key.reattested is None or sha256(digests).digest() != key.reattested:
        return False
    digest = sha256(content).digest()[:DIGEST_BYTES]
    starts = range(0, len(digests), DIGEST_BYTES)
    return any(digests[start : start + DIGEST_BYTES] == digest for start in starts)


def _digests(token_urls: Iterable[str], kid: bytes) -> Iterator[bytes]:
    for url in token_urls:
        digits = url.partition("#")[2]
        signed = cose.open_envelope(bytes_of_digits(digits[1:]))
        if signed.kid == kid:
            yield sha256(signed.payload).digest()[:DIGEST_BYTES]


def sign_reattested_list(genuine: ReattestedList, signer: TokenSigner) -> bytes:
    """Sign a list with a status key."""
    payload: dict[int, Value] = {
        1: genuine.issuer,
        2: genuine.kid,
        3: genuine.issued_at,
        4: genuine.digests,
    }
    return cose.seal_envelope(encode(payload), PURPOSE, signer)


def open_reattested_list(data: bytes, trust: TrustFile) -> ReattestedList:
    """Open the list that *trust* names for a withdrawn key or seal.

    The root signed its digest, which proves more than the status key's signature does,
    and holds when that key is withdrawn too.

    Raises:
        BadReattestedListError: If it is damaged, or another than the trust file names.
    """
    if len(data) > LARGEST_LIST:
        raise BadReattestedListError(f"the list has more than {LARGEST_LIST >> 20} MB")
    try:
        signed = cose.open_envelope(data)
        genuine = _list_of(signed.payload)
    except (ValueError, TypeError, LookupError) as error:
        raise BadReattestedListError(f"the list is damaged: {error}") from error
    named = (each.reattested for each in trust.withdrawable_with(genuine.kid))
    if genuine.issuer != trust.issuer or genuine.sha256 not in set(named):
        raise BadReattestedListError("the trust file names another list for this key, or none")
    return genuine


def digests_offered(
    offered: Iterable[bytes], key: Withdrawable, trust: TrustFile, now: int
) -> bytes:
    """Return what of a withdrawn key is genuine, as digests; none if nothing vouches.

    Args:
        offered: Lists as they come, in order; the first that counts is taken.
        key: The withdrawn key or seal.
        trust: The trust file that names its list.
        now: Seconds UTC; a list issued more than 300 s later does not count.
    """
    for data in offered:
        try:
            genuine = open_reattested_list(data, trust)
        except BadReattestedListError:
            continue
        if genuine.kid == key.kid and not is_ahead(genuine.issued_at, now):
            return genuine.digests
    return b""


def _list_of(payload: bytes) -> ReattestedList:
    match decode(payload):
        case {1: str(issuer), 2: bytes(kid), 3: int(issued_at), 4: bytes(digests)} as top if (
            len(top) == 4  # noqa: PLR2004  # these and no more
        ):
            if len(digests) % DIGEST_BYTES:
                raise ValueError(f"{len(digests)} bytes of digests")
            return ReattestedList(issuer, kid, issued_at, digests)
    raise ValueError("not the map of a re-attested list")
