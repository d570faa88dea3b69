"""What the log costs with very many certificates: adding, publishing, auditing, looking one up.

    python benchmarks/log.py [CERTIFICATES]

A million, unless told otherwise; it takes minutes, and 400 MB in a temporary folder. Leaves are
added to a real SQLite ledger, the first of them a hundred a transaction, as many as issuing
enters at once (the records and mails of certificates are not among what is measured). Then
the whole log is published into a folder from nothing, and again with nothing changed, and its
tree is held against the checkpoint as an audit does. The limits are those of the issue that
asked for the log.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from figures import Figure, peak_megabytes

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.database.log import LoggedAct
from cecert.adapters.keys.signatures import Ed25519Signer, check_signature
from cecert.adapters.site import SiteFolder
from cecert.domain.log.head import open_head
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.values.certificate_id import CertificateId
from cecert.testing import FixedClock
from cecert.workflows.log import (
    FOLDER,
    KnownCheckpoint,
    LogDesk,
    LogFiles,
    log_faults,
    published_log,
)

ORIGIN = "verify.example.edu/log"
SIGNER = Ed25519Signer(Ed25519PrivateKey.generate())
NOW = datetime(2026, 11, 30, tzinfo=UTC)
GROUP, MEASURED = 100, 20_000


@contextmanager
def timed(found: list[Figure], what: str, limit: float) -> Iterator[None]:
    """Say what something takes, and what it may take at most, in seconds of a million."""
    wall, used = time.perf_counter(), time.process_time()
    yield
    wall, used = time.perf_counter() - wall, time.process_time() - used
    print(f"{what:<44} {used:8.2f} s CPU {wall:8.2f} s (at most {limit:g})", flush=True)
    found.append(Figure(what, used, "s"))


def act(number: int) -> LoggedAct:
    """Return the issue of a certificate of nobody."""
    payload = sha256(b"payload %d" % number).digest() * 4
    identity = CertificateId(sha256(payload).digest()[:10])
    file = sha256(b"file %d" % number).hexdigest()
    return LoggedAct(LeafKind.ISSUED, identity, payload, None, None, file)


def leaf(number: int) -> bytes:
    """Return the leaf of `act`, as the log takes it back."""
    return act(number).leaf(int(NOW.timestamp()), b"").encoded


def figures(count: int = 1_000_000) -> tuple[Figure, ...]:
    """Run it all for *count* certificates; print and return what each step takes."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ledger.db"
        create_ledger(url)
        with open_database(url, "example-ssw") as database:
            log = database.log
            some = min(count, MEASURED)
            with timed(found, f"adding {some:,} leaves, {GROUP} a transaction", 0.0001 * some):
                for start in range(0, some, GROUP):
                    log.adopt(start, [leaf(each) for each in range(start, start + GROUP)])
            for start in range(some, count, 100_000):
                end = min(start + 100_000, count)
                log.adopt(log.size(), [leaf(each) for each in range(start, end)])
            site = SiteFolder(Path(folder) / "site")
            desk = LogDesk(ORIGIN, SIGNER, log, (), FixedClock(NOW), site, check_signature)
            with timed(found, f"publishing {log.size():,} leaves from nothing", 30):
                files = publish(desk, site)
            with timed(found, "publishing again, nothing changed", 30):
                assert publish(desk, site) == files
            head = open_head(files.head, ORIGIN, SIGNER.public_key, check_signature)
            known = KnownCheckpoint("the site", head.signed.checkpoint)
            with timed(found, "auditing the tree", 60):
                assert log_faults(log, [known]) == []
            wanted = act(count // 2).kind.subject(act(count // 2).payload)
            name = head.digests.name(head.digests.number_of(wanted))
            bucket = site.read(f"{FOLDER}{name}") or b""
            assert head.find(wanted, bucket) is not None
            print(f"looking one up: head {len(files.head):,} and bucket {len(bucket):,} bytes")
    print(f"memory at most {peak_megabytes():,.0f} MB")
    memory = Figure("memory", peak_megabytes(), "MB")
    return tuple(replace(each, size=count) for each in (*found, memory))


def publish(desk: LogDesk, site: SiteFolder) -> LogFiles:
    """Write the log as `publish` does."""

    def write(name: str, content: bytes) -> None:
        there = site.read(f"{FOLDER}{name}")
        assert there in {None, content}
        if there is None:
            site.put({f"{FOLDER}{name}": content})

    written: Callable[[str, bytes], None] = write
    kept: list[str] = []
    files = published_log(desk, written, kept.append)
    assert isinstance(files, LogFiles)
    site.put(files.named)
    return files


if __name__ == "__main__":
    assert Leaf.of(leaf(0)) is not None
    figures(*map(int, sys.argv[1:]))
