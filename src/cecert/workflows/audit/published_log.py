"""The log as a site has it, held against the ledger's: the newest, whole, the same to the byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from cecert.domain.log.head import LogHead, open_head
from cecert.domain.log.merkle_tree import leaf_hash
from cecert.domain.log.signed_note import BadNoteError
from cecert.domain.log.tiles import TileWriter
from cecert.ports import Log, Site
from cecert.workflows.audit.published import SiteFault
from cecert.workflows.log import FOLDER, LogKeys, opened_checkpoint

__all__ = ["site_log_faults"]

_CHECKPOINT, _HEAD = f"{FOLDER}checkpoint", f"{FOLDER}head"


def site_log_faults(site: Site, log: Log, keys: LogKeys, size: int) -> Iterator[SiteFault]:
    """Yield what of the log is not on a site, is of before, or is another than the ledger's.

    Args:
        site: The folder that was published to.
        log: The ledger's leaves.
        keys: By what its checkpoints are known.
        size: Leaves that were published there: fewer are a site of before.
    """
    yield from _newest(_CHECKPOINT, site.read(_CHECKPOINT), _size_of_checkpoint, keys, size)
    data = site.read(_HEAD)
    yield from _newest(_HEAD, data, _size_of_head, keys, size)
    if data is not None and (head := _opened(data, keys)) is not None:
        yield from _buckets(site, head)
        yield from _tiles(site, log, head.signed.checkpoint.size)


def _newest(
    name: str,
    data: bytes | None,
    size_of: Callable[[bytes, LogKeys], int | None],
    keys: LogKeys,
    published: int,
) -> Iterator[SiteFault]:
    if data is None:
        yield SiteFault(None, name, "it is not on the site")
    elif (size := size_of(data, keys)) is None:
        yield SiteFault(None, name, f"it is none of this office's log {keys.origin}")
    elif size < published:
        why = f"it says that {size} leaves were published, and {published} were"
        yield SiteFault(None, name, why)


def _size_of_checkpoint(data: bytes, keys: LogKeys) -> int | None:
    found = opened_checkpoint(_CHECKPOINT, data, keys)
    return None if found is None else found.checkpoint.size


def _size_of_head(data: bytes, keys: LogKeys) -> int | None:
    found = _opened(data, keys)
    return None if found is None else found.signed.checkpoint.size


def _opened(data: bytes, keys: LogKeys) -> LogHead | None:
    for key in keys.keys:
        try:
            return open_head(data, keys.origin, key, keys.check_signature)
        except BadNoteError:
            continue
    return None


def _buckets(site: Site, head: LogHead) -> Iterator[SiteFault]:
    digests = head.digests
    for number in range(1 << digests.bits):
        name = f"{FOLDER}{digests.name(number)}"
        data = site.read(name)
        if data is None:
            yield SiteFault(None, name, "it is not on the site")
        elif not digests.holds(number, data):
            yield SiteFault(None, name, "it is another than the head of the log commits to")


def _tiles(site: Site, log: Log, size: int) -> Iterator[SiteFault]:
    """Hold tiles and bundles against the ledger's; one of fewer leaves has no say."""
    found: list[SiteFault] = []

    def compare(name: str, made: bytes) -> None:
        if (data := site.read(f"{FOLDER}{name}")) is None:
            found.append(SiteFault(None, f"{FOLDER}{name}", "it is not on the site"))
        elif data != made:
            why = "it is another than this ledger makes"
            found.append(SiteFault(None, f"{FOLDER}{name}", why))

    if log.size() < size:
        return
    tiles = TileWriter(compare)
    for leaf in islice(log.leaves(), size):
        tiles.add(leaf, leaf_hash(leaf))
    tiles.finish()
    yield from found
