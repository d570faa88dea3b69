"""What a verifier asks of the log: its head, and the bucket in which a certificate would be.

A host learns that somebody asked for one of a thousand certificates, and not for which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from cecert.domain.cose.cose import CheckSignature
from cecert.domain.log.answer import WITHDRAWN, LogAnswer
from cecert.domain.log.head import LogHead, open_head
from cecert.domain.log.index import IndexEntry
from cecert.domain.log.leaf import LeafKind
from cecert.domain.log.signed_note import BadNoteError
from cecert.domain.log.trusted_log import LogEnd
from cecert.domain.trust.issue_dates import is_ahead
from cecert.domain.trust.trust_file import TrustFile
from cecert.ports import Clock, LogSource

__all__ = ["log_teller"]

BUCKETS = 64
"""Files of the log that are held at a time; each has a few thousand certificates at most."""

ENDS = (LeafKind.REVOKED, LeafKind.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the log that a trust file names."""

    trust: TrustFile
    check_signature: CheckSignature
    source: LogSource
    clock: Clock
    bases: Sequence[str]
    kinds: Sequence[LeafKind]

    def __call__(self, payload: bytes) -> LogAnswer:
        return self._told(payload, self._newest(), self._files)

    def at_one_moment(self) -> Callable[[bytes], LogAnswer]:
        """Return who tells the same of one moment, with the head opened once."""
        newest, files = cache(self._newest), lru_cache(maxsize=BUCKETS)(self._files)
        return lambda payload: self._told(payload, newest(), files)

    def _files(self, name: str) -> Sequence[bytes]:
        return self.source.files(self.bases, name)

    def _newest(self) -> LogHead | LogAnswer:
        """Return the newest head, or the answer where none is to be believed."""
        heads = list(self._heads(self.source.files(self.bases, "head")))
        kept = list(self._heads([each for each in [self.source.kept_head()] if each is not None]))
        if not heads and not kept:
            return LogAnswer()
        data, head = max([*kept, *heads], key=lambda each: _age(each[1]))
        # What was shown once is so for ever, whether the proof can be had again or not.
        forked = any(self._heads(self.source.evidence()))
        forked = forked or any(_contradict(head, other) for _, other in [*kept, *heads])
        if forked or self._forks(head, kept):
            # What was kept stays, and what contradicts it is kept beside: both prove the fork.
            if kept and data != kept[0][0]:
                self.source.keep_evidence(data)
            return LogAnswer(forked=True)
        if not kept or _age(head) > _age(kept[0][1]):
            self.source.keep_head(data)
        return head

    def _told(
        self,
        payload: bytes,
        head: LogHead | LogAnswer,
        files: Callable[[str], Sequence[bytes]],
    ) -> LogAnswer:
        if isinstance(head, LogAnswer):
            return head
        found = {kind: _entry(head, kind.subject(payload), files) for kind in self.kinds}
        if any(isinstance(each, BadNoteError) for each in found.values()):
            return LogAnswer()
        entry = found.pop(LeafKind.ISSUED)
        ended = frozenset(kind.name for kind, each in found.items() if each is not None)
        found_entry = entry if isinstance(entry, IndexEntry) else None
        stands = head.signed.checkpoint
        return LogAnswer(head.instant, found_entry, ended, tree=LogEnd(stands.size, stands.root))

    def _heads(self, offered: Sequence[bytes]) -> Iterator[tuple[bytes, LogHead]]:
        now = int(self.clock.now().timestamp())
        for data in offered:
            for log in self.trust.logs:
                if log.state == WITHDRAWN:
                    continue
                try:
                    head = open_head(data, log.origin, log.key, self.check_signature)
                except BadNoteError:
                    continue
                if not is_ahead(head.instant, now):
                    yield data, head
                break

    def _forks(self, head: LogHead, kept: Sequence[tuple[bytes, LogHead]]) -> bool:
        """Say whether the kept head is shown not to be the beginning of a larger one.

        Where the tiles of the larger cannot be had, nothing is shown.
        """
        from cecert.domain.log.prefix import is_prefix

        new = head.signed.checkpoint
        before = (each.signed.checkpoint for _, each in kept)
        return any(
            is_prefix(old.size, old.root, new.size, new.root, self._tile) is False
            for old in before
            if old.size < new.size and old.origin == new.origin
        )

    def _tile(self, name: str) -> bytes:
        return next(iter(self.source.files(self.bases, name)), b"")


def _entry(
    head: LogHead, subject: bytes, files: Callable[[str], Sequence[bytes]]
) -> IndexEntry | BadNoteError | None:
    name = head.digests.name(head.digests.number_of(subject))
    for bucket in files(name):
        try:
            return head.find(subject, bucket)
        except BadNoteError:
            continue
    return BadNoteError(f"{name} cannot be had")


def _age(head: LogHead) -> tuple[int, int]:
    return head.instant, head.signed.checkpoint.size


def _contradict(head: LogHead, other: LogHead) -> bool:
    """Say whether two heads of one size have different roots: nobody honest signs both."""
    one, two = head.signed.checkpoint, other.signed.checkpoint
    return one.size == two.size and one.root != two.root


def log_teller(
    trust: TrustFile,
    check_signature: CheckSignature,
    source: LogSource,
    clock: Clock,
    *,
    ask_hosts: bool,
    ends: bool = False,
) -> Callable[[bytes], LogAnswer]:
    """Return what a `Verifier` asks for a certificate's place in the log, by its token's payload.

    Args:
        trust: The provider's trust file: whose log counts, and where it is.
        check_signature: Does the cryptography.
        source: Gets files of the log, and keeps the newest head.
        clock: A head issued later than it says is neither believed nor kept.
        ask_hosts: Whether the hosts of the trust file are asked.
        ends: Whether it is asked too if the log has an end of the certificate.
    """
    if not trust.logs:
        return _nothing
    bases = trust.logs[-1].bases if ask_hosts else ()
    kinds = (LeafKind.ISSUED, *(ENDS if ends else ()))
    return _Reader(trust, check_signature, source, clock, bases, kinds)


def _nothing(payload: bytes) -> LogAnswer:
    del payload
    return LogAnswer()
