"""Where a token finds its leaf: buckets of subjects, all committed to by one leaf, the tick.

Every publishing appends a tick as the last leaf. It holds the digest of the list of digests
of the buckets, so that a bucket proves what is in it and what is not, and a reader asks
for one bucket of about a thousand subjects: no request names a certificate.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cecert.domain.cose.cbor import encode
from cecert.domain.log.leaf import LeafKind
from cecert.errors import WrongValueError

__all__ = [
    "Bucket",
    "BucketLostError",
    "IndexAddition",
    "IndexBuilder",
    "IndexDigests",
    "IndexEntry",
    "Tick",
    "bucket_name",
]

CUT = 16
"""Bytes of digests in the index: who can find a second one has broken half of SHA-256."""

MOST_IN_BUCKET = 1024
"""Subjects of a bucket on average, at most."""

MOST_BITS = 15
"""Beyond 33 million subjects, begin a second log."""

_POSITION = 4
_ENTRY = CUT + _POSITION + CUT


@dataclass(frozen=True, slots=True)
class Tick:
    """The leaf that commits to the index of all leaves before it.

    Attributes:
        instant: Seconds since 1970, UTC; never below that of the leaf before.
        bits: Of a subject that tell its bucket, so that there are 2^bits of them.
        digest: SHA-256 of the list of the buckets' digests.
    """

    instant: int
    bits: int
    digest: bytes

    @property
    def encoded(self) -> bytes:
        """Its bytes: strict CBOR of `[1, 16, instant, bits, digest]`."""
        return encode([1, int(LeafKind.TICK), self.instant, self.bits, self.digest])


@dataclass(frozen=True, slots=True)
class IndexDigests:
    """The digests of all buckets, as a tick commits to them.

    Attributes:
        bits: As `Tick.bits`.
        joined: 16 bytes for each bucket, in their order.
    """

    bits: int
    joined: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.bits <= MOST_BITS or len(self.joined) != CUT << self.bits:
            raise WrongValueError(f"{len(self.joined)} bytes of digests for {self.bits} bits")

    def tick(self, instant: int) -> Tick:
        """Return the leaf that commits to them at an instant (seconds UTC)."""
        return Tick(instant, self.bits, sha256(self.joined).digest())

    def number_of(self, subject: bytes) -> int:
        """Return the number of the bucket that a subject would be in, from 0."""
        return int.from_bytes(subject[:2]) >> (16 - self.bits)

    def digest(self, number: int) -> bytes:
        """Return the digest of a bucket, 16 bytes."""
        return self.joined[number * CUT : (number + 1) * CUT]

    def name(self, number: int) -> str:
        """Return the name of the file of a bucket, below the log's folder."""
        return bucket_name(number, self.digest(number))

    def holds(self, number: int, bucket: bytes) -> bool:
        """Say whether these are the bytes of that bucket."""
        return _cut(bucket) == self.digest(number)


def bucket_name(number: int, digest: bytes) -> str:
    """Return the name of a bucket's file below the log's folder.

    >>> bucket_name(10, bytes(16))
    'index/000a-0000000000000000.ix'
    """
    return f"index/{number:04x}-{digest[:8].hex()}.ix"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index says of one leaf.

    Attributes:
        position: Of the leaf in the log, from 0.
        file: The first 16 bytes of the SHA-256 of the document; zeros where a leaf names none.
    """

    position: int
    file: bytes


@dataclass(frozen=True, slots=True)
class Bucket:
    """The bytes of one bucket, which is known to be the right one."""

    data: bytes

    def find(self, subject: bytes) -> IndexEntry | None:
        """Return what it says of a subject (32 bytes); None shows that there is no such leaf."""
        count = len(self.data) // _ENTRY
        at = bisect_left(range(count), subject[:CUT], key=lambda each: self._entry(each)[:CUT])
        entry = self._entry(at)
        if entry[:CUT] != subject[:CUT]:
            return None
        position = int.from_bytes(entry[CUT : CUT + _POSITION])
        return IndexEntry(position, entry[CUT + _POSITION :])

    def _entry(self, number: int) -> bytes:
        return self.data[number * _ENTRY : (number + 1) * _ENTRY]


class IndexBuilder:
    """Gathers the subjects of a log; one thread at a time may use it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._entries: list[bytes] = []

    def add(self, position: int, subject: bytes, file: bytes) -> None:
        """Add a leaf that is about a certificate.

        Args:
            position: Of the leaf in the log, from 0.
            subject: As `Leaf.subject`.
            file: As `Leaf.file`.
        """
        self._entries.append(subject[:CUT] + position.to_bytes(_POSITION) + file[:CUT])

    is_outgrown = False
    """It takes any number."""

    def digests(self) -> IndexDigests:
        """Return the digests of the buckets of all that was added."""
        return self.finish(_nowhere)

    def finish(self, write: Callable[[int, bytes], None]) -> IndexDigests:
        """Return the digests of the buckets of all that was added, and give out their bytes.

        Args:
            write: Takes the number of a bucket and its bytes.
        """
        self._entries.sort()
        bits = 0
        while len(self._entries) > MOST_IN_BUCKET << bits:
            bits += 1
        digests = []
        for number, bucket in enumerate(_buckets(self._entries, bits)):
            write(number, bucket)
            digests.append(_cut(bucket))
        return IndexDigests(bits, b"".join(digests))


class BucketLostError(Exception):
    """A bucket that was published is not there, or another is."""


class IndexAddition:
    """Adds subjects to an index that was published: reads those buckets that they come into.

    One thread at a time may use it.
    """

    def __init__(
        self, size: int, digests: IndexDigests, read: Callable[[str], bytes | None]
    ) -> None:
        """Go on.

        Args:
            size: Leaves of the log that was published, of which each may be in the index.
            digests: Of the buckets.
            read: Returns a bucket by its name below the log's folder, None for none.
        """
        self._most = size
        self._before = digests
        self._read = read
        self._new: dict[int, list[bytes]] = {}

    @property
    def is_outgrown(self) -> bool:
        """Whether an index of so many could have more buckets: then it is made of all leaves."""
        return self._most > MOST_IN_BUCKET << self._before.bits

    def add(self, position: int, subject: bytes, file: bytes) -> None:
        """Add a leaf that is about a certificate: as `IndexBuilder.add`.

        Args:
            position: Of the leaf.
            subject: Of it.
            file: Of it.
        """
        self._most += 1
        entry = subject[:CUT] + position.to_bytes(_POSITION) + file[:CUT]
        self._new.setdefault(self._before.number_of(subject), []).append(entry)

    def digests(self) -> IndexDigests:
        """Return the digests of the buckets with all that was added.

        Raises:
            BucketLostError: If a bucket that is needed is not as it was published.
        """
        joined = bytearray(self._before.joined)
        for number in self._new:
            joined[number * CUT : (number + 1) * CUT] = _cut(self._bucket(number))
        return IndexDigests(self._before.bits, bytes(joined))

    def finish(self, write: Callable[[int, bytes], None]) -> IndexDigests:
        """Return the digests, and give out the bytes of all buckets: as `IndexBuilder.finish`.

        Raises:
            BucketLostError: If a bucket is not as it was published.
        """
        for number in range(1 << self._before.bits):
            write(number, self._bucket(number))
        return self.digests()

    def _bucket(self, number: int) -> bytes:
        bucket = self._read(self._before.name(number))
        if bucket is None or not self._before.holds(number, bucket):
            raise BucketLostError
        if not (new := self._new.get(number)):
            return bucket
        before = [bucket[at : at + _ENTRY] for at in range(0, len(bucket), _ENTRY)]
        return b"".join(sorted([*before, *new]))


def _buckets(entries: Sequence[bytes], bits: int) -> Iterator[bytes]:
    start = 0
    for number in range(1 << bits):
        # Entries are ordered by subject, and a bucket's subjects are those below the next's.
        limit = ((number + 1) << 16 - bits).to_bytes(2) if number + 1 < 1 << bits else None
        end = len(entries) if limit is None else bisect_left(entries, limit, start)
        yield b"".join(entries[start:end])
        start = end


def _nowhere(number: int, bucket: bytes) -> None:
    del number, bucket


def _cut(data: bytes) -> bytes:
    return sha256(data).digest()[:CUT]
