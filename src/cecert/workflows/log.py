"""The log as it is published: its tree in tiles, its index, and a signed head over both.

Whoever reads the site can show of a certificate that it is in the log, or that it is not,
and of two publishings that the later holds all of the earlier. Nothing published is ever
changed: a log that contradicts what was published is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cecert.domain.cose.cose import CheckSignature, CoseKey
from cecert.domain.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from cecert.domain.log.head import head_bytes
from cecert.domain.log.index import BucketLostError, IndexAddition, IndexBuilder
from cecert.domain.log.leaf import Leaf, LeafKind, kind_and_instant
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.signed_note import BadNoteError
from cecert.domain.log.tiles import TileWriter, names_of, tree_of
from cecert.domain.trust.issue_dates import is_ahead
from cecert.errors import LedgerError
from cecert.ports import Log
from cecert.workflows.log_before import PublishedBefore, published_before
from cecert.workflows.log_desk import FOLDER, KnownCheckpoint, LogDesk

__all__ = [
    "ADOPT",
    "FOLDER",
    "INDEX",
    "KnownCheckpoint",
    "LogAhead",
    "LogDesk",
    "LogFiles",
    "LogKeys",
    "log_faults",
    "opened_checkpoint",
    "published_log",
    "require_not_behind",
]

INDEX = "index/"
"""Below that, where its buckets are."""

DAY = 86_400
"""Seconds after which a tick says again that nothing was added."""

TRIES = 20
"""Times that a tick is made anew because something was entered meanwhile."""

ADOPT = "cecert log adopt takes back what was published; then do again what is missing"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """By what checkpoints of the office's log are known.

    Attributes:
        origin: The log's name.
        keys: All its keys, those of before too.
        check_signature: Does the cryptography.
    """

    origin: str
    keys: tuple[CoseKey, ...]
    check_signature: CheckSignature


@dataclass(frozen=True, slots=True)
class LogFiles:
    """The two files that are published last, for they hold for all others.

    Attributes:
        checkpoint: Signed.
        head: The last tick, with the proof that it is in that checkpoint's tree.
    """

    checkpoint: bytes
    head: bytes

    @property
    def named(self) -> dict[str, bytes]:
        """Both by their names on the site, in the order in which they are to be written."""
        return {f"{FOLDER}checkpoint": self.checkpoint, f"{FOLDER}head": self.head}


@dataclass(frozen=True, slots=True)
class LogAhead:
    """A log that is not published now, because it has a leaf from a clock that was ahead.

    Whatever a tick's instant is, tokens issued a day before it and not in the index count as
    forged. A log goes forward only, so nothing can be done but to wait.

    Attributes:
        until: Of the last leaf, seconds UTC; from then on the log is published again.
    """

    until: int


def published_log(
    desk: LogDesk, write: Callable[[str, bytes], None], keep: Callable[[str], None]
) -> LogFiles | LogAhead:
    """Write the tiles, bundles and index of a log, and return what is to be written last.

    A tick is added where something was since the last one, or a day has passed; so, run again
    within the day, all files are the same. Of what was published before and is still there
    nothing is read but the index (`published_before`).

    Args:
        desk: What it needs.
        write: Takes the name of a file on the site, and its content.
        keep: Takes the names of files that stay as they are; `write` may get some of them too.

    Raises:
        LedgerError: If the log contradicts what was published, or is shorter.
    """
    if before := published_before(desk):
        try:
            return _published(_Run(desk, write, keep, before))
        except (BucketLostError, _OutgrownError):
            pass  # all leaves tell what is wrong, or make an index of more buckets
    return _published(_Run(desk, write, keep))


def _published(run: _Run) -> LogFiles | LogAhead:
    for _ in range(TRIES):
        run.read()
        if run.is_ahead:
            return run.ahead
        if run.is_ticked or run.add_tick():
            return run.finish()
    raise LedgerError(
        f"certificates were entered in each of {TRIES} tries to publish the log",
        hint="publish again when fewer are being issued",
    )


class _OutgrownError(Exception):
    """The index that was published may have too few buckets for what came since."""


class _Run:
    """One publishing: it goes through the leaves once, from where it goes on."""

    def __init__(
        self,
        desk: LogDesk,
        write: Callable[[str, bytes], None],
        keep: Callable[[str], None],
        before: PublishedBefore | None = None,
    ) -> None:
        self._desk = desk
        self._write, self._keep = write, keep
        self._before = before
        self._tiles = TileWriter(write)
        self._check = _Consistency(desk.known)
        self._proof: Sequence[bytes] = ()
        self._tree = MerkleTree()
        self._index: IndexBuilder | IndexAddition = IndexBuilder()
        self._last, self._is_tick, self._instant = b"", False, 0
        if before is not None:
            self._go_on(before)

    def _go_on(self, before: PublishedBefore) -> None:
        self._tree = tree_of(before.size, before.held)
        self._tiles.go_on(before.size, before.held, before.leaves)
        site = self._desk.site
        self._index = IndexAddition(
            before.size, before.digests, lambda name: site.read(f"{FOLDER}{name}")
        )
        self._last, self._is_tick, self._instant = before.tick, True, before.instant
        self._check.see(self._tree)

    def read(self) -> None:
        """Take the leaves that were not read yet."""
        for data in self._desk.log.leaves(self._tree.size):
            leaf = Leaf.of(data)
            self._last, self._is_tick = data, leaf is None
            if leaf is None:
                _, self._instant = kind_and_instant(data)
                self._proof = self._tree.proof_of_next
            else:
                self._instant = leaf.instant
                if leaf.kind is not LeafKind.START:
                    self._index.add(self._tree.size, leaf.subject, leaf.file)
            hashed = leaf_hash(data)
            self._tree.add(hashed)
            self._check.see(self._tree)
            self._tiles.add(data, hashed)
        self._check.end(self._tree.size)
        if self._index.is_outgrown:
            raise _OutgrownError

    @property
    def is_ahead(self) -> bool:
        """Whether the last leaf lies ahead of this clock: ticks then would be believed too long."""
        return is_ahead(self._instant, self._now)

    @property
    def ahead(self) -> LogAhead:
        """The last leaf's instant."""
        return LogAhead(self._instant)

    @property
    def _now(self) -> int:
        return int(self._desk.clock.now().timestamp())

    @property
    def is_ticked(self) -> bool:
        """Whether the last leaf is a tick of the last day."""
        return self._is_tick and self._now < self._instant + DAY

    def add_tick(self) -> bool:
        """Add a tick over what was read; False if there is more by now."""
        tick = self._index.digests().tick(max(self._now, self._instant))
        if not self._desk.log.add_tick(self._tree.size, tick):
            return False
        self.read()
        return self.is_ticked

    def finish(self) -> LogFiles:
        """Write what is not written yet, and return the files that hold for all."""
        buckets: dict[int, bytes] = {}
        digests = self._index.finish(buckets.__setitem__)
        if digests.tick(self._instant).encoded != self._last:
            raise LedgerError(
                "the last tick of the log is of another index than its leaves make",
                hint="the ledger was edited by hand: compare it with its backup",
            )
        for number, bucket in buckets.items():
            self._write(digests.name(number), bucket)
        self._tiles.finish()
        size, signer = self._tree.size, self._desk.signer
        for name in names_of(size) if self._before else ():
            self._keep(name)
        if self._before and size == self._before.size:
            return LogFiles(self._before.checkpoint, self._before.data)
        text = Checkpoint(self._desk.origin, size, self._tree.root)
        checkpoint = sign_checkpoint(text, signer, self._instant)
        head = head_bytes(digests, self._instant, size - 1, self._proof, checkpoint)
        return LogFiles(checkpoint, head)


class _Consistency:
    """Holds a tree that grows against what was published of it."""

    def __init__(self, known: Sequence[KnownCheckpoint]) -> None:
        self._known = known
        self._at: dict[int, list[KnownCheckpoint]] = {}
        for each in known:
            self._at.setdefault(each.checkpoint.size, []).append(each)

    def see(self, tree: MerkleTree) -> None:
        """Look at a tree that has one more leaf.

        Raises:
            LedgerError: If it is another than was published.
        """
        for each in self._at.get(tree.size, ()):
            if fault := _contradiction(each, tree):
                raise LedgerError(
                    f"{fault}; the log was not published",
                    hint="the ledger was edited by hand, or is another: compare it with its backup",
                )

    def end(self, size: int) -> None:
        """Say that the log has no more than *size* leaves.

        Raises:
            LedgerError: If more were published.
        """
        require_not_behind(size, self._known)


def require_not_behind(size: int, known: Sequence[KnownCheckpoint]) -> None:
    """Require that a ledger's log has all leaves that were published.

    Args:
        size: Its leaves.
        known: What was published.

    Raises:
        LedgerError: If it has fewer: the ledger is older than what was published from it.
    """
    for each in known:
        if each.checkpoint.size > size:
            raise LedgerError(
                f"the log of this ledger has {size} leaves, and {each.place} says that "
                f"{each.checkpoint.size} were published: the ledger is an older copy",
                hint=f"restore the newest one; where there is none, {ADOPT}",
            )


def _contradiction(known: KnownCheckpoint, tree: MerkleTree) -> str:
    if known.checkpoint.root == tree.root:
        return ""
    return (
        f"the first {tree.size} leaves of the log are not those that were published: {known.place} "
        "commits to others"
    )


def log_faults(log: Log, known: Sequence[KnownCheckpoint]) -> list[tuple[str, str]]:
    """Return where a log contradicts what was published of it: a place and a sentence each.

    Args:
        log: The ledger's.
        known: What was published, wherever it is still to be had.
    """
    tree = MerkleTree()
    found: list[tuple[str, str]] = []
    for data in log.leaves() if known else ():
        tree.add(leaf_hash(data))
        here = (each for each in known if each.checkpoint.size == tree.size)
        found += [(e.place, fault) for e in here if (fault := _contradiction(e, tree))]
    for each in known:
        if each.checkpoint.size > tree.size:
            why = f"it says that {each.checkpoint.size} leaves were published"
            found.append((each.place, f"{why}, and the log of this ledger has {tree.size}"))
    return found


def opened_checkpoint(place: str, data: bytes, keys: LogKeys) -> KnownCheckpoint | None:
    """Return a checkpoint of the office's log; None for one of another, or a damaged one.

    Args:
        place: Where it was found, for people.
        data: The signed note.
        keys: By what it is known.
    """
    for key in keys.keys:
        try:
            opened = open_checkpoint(data, keys.origin, key, keys.check_signature)
        except BadNoteError:
            continue
        return KnownCheckpoint(place, opened.checkpoint)
    return None
