"""Writes `log.json`: tokens of a provider with a log, and files of that log, with outcomes.

Run by `make vectors`. Verifiers of before know no log, so these stand beside `tokens.json`:
each case has besides the `log` files that can be had, by name, and the head `log_kept` before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from make_token_vectors import CLAIMS as GENUINE
from make_token_vectors import (
    FIRST,
    ID,
    ISSUED,
    NOW,
    OTHER_ID,
    REVOKED_LIST,
    ROOT,
    STOLEN,
    TRUST,
    Case,
    claimed,
    ed,
)

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import encode
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.log.checkpoint import Checkpoint, sign_checkpoint
from cecert.domain.log.head import head_bytes
from cecert.domain.log.index import IndexBuilder
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.tiles import TileWriter
from cecert.domain.log.trusted_log import (
    GRACE,
    LogEnd,
    LoggedBefore,
    TrustedLog,
    value_of_logs,
)
from cecert.domain.trust.codec import sign_trust_file

ORIGIN = "verify.example.edu/log"
LOG, OTHER_LOG = ed("cecert test log"), ed("cecert test other log")
BASES = ("https://verify.example.edu/log/",)
DAY = 86_400


def trusted(**changes: Any) -> TrustedLog:  # noqa: ANN401  # of any type, that is the point
    return replace(TrustedLog(ORIGIN, LOG.public_key, 0, FIRST, GRACE, BASES), **changes)


def trust_file(*logs: TrustedLog, logged: tuple[LoggedBefore, ...] = ()) -> bytes:
    return sign_trust_file(replace(TRUST, logs=logs, logged=logged), ROOT)


def logged_at(size: int) -> LoggedBefore:
    """Return what a log of so many leaves had when the stolen key was withdrawn."""
    return LoggedBefore(STOLEN.public_key.kid, ORIGIN, size, bytes(32))


def with_label_65(value: Any) -> bytes:  # noqa: ANN401  # anything, that is the point
    """Return a trust file, truly signed, with anything under the label of logs."""
    payload = cose.open_envelope(trust_file(trusted())).payload
    good = encode(value_of_logs([trusted()]))
    return cose.seal_envelope(payload.replace(good, encode(value)), cose.KEYS, ROOT)


LISTED: list[Any] = value_of_logs([trusted()])[0]  # type: ignore[assignment]

TRUSTS = {
    "logged": trust_file(trusted()),
    "since later": trust_file(trusted(since=ISSUED + 1)),
    "since that second": trust_file(trusted(since=ISSUED)),
    "withdrawn": trust_file(trusted(state=2, end=LogEnd(3, bytes(32)))),
    "a key before": trust_file(trusted(state=1), trusted(key=OTHER_LOG.public_key)),
    "withdrawn key": trust_file(trusted(), logged=(logged_at(4),)),
    "withdrawn key, logged later": trust_file(trusted(), logged=(logged_at(3),)),
    "withdrawn key, of another log": trust_file(trusted(), logged=(logged_at(5),)),
    "withdrawn key, before the log": trust_file(trusted(since=ISSUED + 1), logged=(logged_at(4),)),
    "logs no list": with_label_65(7),
    "a log without a key": with_label_65([[*LISTED[:1], b"", *LISTED[2:]]]),
    "a log without a name": with_label_65([["", *LISTED[1:]]]),
    "a log whose name has a blank": with_label_65([["a b", *LISTED[1:]]]),
    "a log of a later state": with_label_65([[*LISTED[:2], 3, *LISTED[3:]]]),
    "an end that is none": with_label_65([[*LISTED, [1]]]),
    "more than a log has": with_label_65([[*LISTED, [1, bytes(32)], 1]]),
}


def payload_of(link: str) -> bytes:
    return cose.open_envelope(bytes_of_digits(link.partition("#1")[2])).payload


def subject(link: str, kind: LeafKind = LeafKind.ISSUED) -> bytes:
    return kind.subject(payload_of(link))


def log_files(
    *subjects: bytes, at: int = NOW, signer: cose.TokenSigner = LOG, strangers: int = 3
) -> dict[str, bytes]:
    """Return head and buckets of a log with these subjects and some of strangers."""
    tree, index, files = MerkleTree(), IndexBuilder(), dict[str, bytes]()
    others = [sha256(b"stranger %d" % each).digest() for each in range(strangers)]
    for position, each in enumerate([*others, *subjects]):
        index.add(position, each, sha256(each).digest())
        tree.add(leaf_hash(Leaf(LeafKind.ISSUED, at, each).encoded))
    buckets: dict[int, bytes] = {}
    digests = index.finish(buckets.__setitem__)
    files = {digests.name(number): bucket for number, bucket in buckets.items()}
    proof = tree.proof_of_next
    tree.add(leaf_hash(digests.tick(at).encoded))
    note = sign_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root), signer, at)
    return {"head": head_bytes(digests, at, tree.size - 1, proof, note), **files}


def published(*leaves: bytes, at: int = NOW) -> tuple[list[bytes], dict[str, bytes]]:
    """Return the leaves of a log with a tick behind these, and its head, buckets and tiles."""
    files = dict[str, bytes]()
    tree, tiles, index = MerkleTree(), TileWriter(files.__setitem__), IndexBuilder()
    for position, data in enumerate(leaves):
        if (leaf := Leaf.of(data)) is not None:
            index.add(position, leaf.subject, leaf.file)
    buckets: dict[int, bytes] = {}
    digests = index.finish(buckets.__setitem__)
    every, proof = [*leaves, digests.tick(at).encoded], tree.proof_of_next
    for data in every:
        proof = tree.proof_of_next
        tree.add(leaf_hash(data))
        tiles.add(data, leaf_hash(data))
    tiles.finish()
    note = sign_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root), LOG, at)
    hashes = {name: each for name, each in files.items() if not name.startswith("tile/entries")}
    head = head_bytes(digests, at, tree.size - 1, proof, note)
    return every, {"head": head, **hashes, **{digests.name(n): e for n, e in buckets.items()}}


def leaves_of(*subjects: bytes, strangers: int = 3, salt: str = "stranger") -> list[bytes]:
    others = [sha256(f"{salt} {each}".encode()).digest() for each in range(strangers)]
    return [Leaf(LeafKind.ISSUED, ISSUED, each).encoded for each in (*others, *subjects)]


def grown_cases(good: str, here: bytes) -> list[LogCase]:
    """Return logs of which a smaller head was kept, which is their beginning or is not."""
    first, smaller = published(*leaves_of(strangers=4), at=NOW - DAY)
    _, larger = published(*first, *leaves_of(here, salt="later"))
    _, other = published(*leaves_of(here, strangers=8))
    first, many = published(*leaves_of(strangers=200), at=NOW - DAY)
    _, more = published(*first, *leaves_of(here, strangers=100, salt="later"))
    _, fewer = published(*leaves_of(strangers=200, salt="other"), at=NOW - DAY)
    without = {name: each for name, each in other.items() if not name.startswith("tile/")}
    tile = next(name for name in other if name.startswith("tile/0/"))
    forked = ("LOG_FORKED",)
    return [
        LogCase("a kept head, which is the beginning", good, "VALID", log=larger,
                log_kept=smaller["head"]),
        LogCase("a kept head, which is not the beginning", good, "VALID", log=other,
                log_kept=smaller["head"], warnings=forked),
        LogCase("a kept head, which is not the beginning, and no tiles", good, "VALID",
                log=without, log_kept=smaller["head"]),
        LogCase("a kept head, which is not the beginning, and wrong tiles", good, "VALID",
                log={**other, tile: bytes(len(other[tile]))}, log_kept=smaller["head"]),
        LogCase("a kept head, and tiles of one that begins with it", good, "VALID",
                log={**other, **{n: e for n, e in larger.items() if n.startswith("tile/")}},
                log_kept=smaller["head"]),
        LogCase("a kept head of 201 leaves, which is the beginning", good, "VALID", log=more,
                log_kept=many["head"]),
        LogCase("a kept head of 201 leaves, which is not the beginning", good, "VALID", log=more,
                log_kept=fewer["head"], warnings=forked),
    ]  # fmt: skip


def needed(files: dict[str, bytes], wanted: bytes) -> dict[str, bytes]:
    """Return the head and the one of two buckets that a reader asks for."""
    number = wanted[0] >> 7
    return {
        name: each for name, each in files.items() if name[:10] in {"head", f"index/{number:04x}"}
    }


def changed(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


@dataclass(frozen=True)
class LogCase(Case):
    """One row, with the files of the log that can be had, and the head that was kept."""

    trust: str = "logged"
    log: dict[str, bytes] = field(default_factory=dict)
    log_kept: bytes | None = None

    def document(self) -> dict[str, Any]:
        return {
            **super().document(),
            "log": {name: each.hex() for name, each in self.log.items()},
            "log_kept": None if self.log_kept is None else self.log_kept.hex(),
        }


def log_cases() -> list[LogCase]:
    good, other = claimed(), claimed(certificate_id=OTHER_ID)
    here, elsewhere = subject(good), subject(other)
    late = ISSUED + DAY
    logged, without = log_files(here), log_files(elsewhere, at=late)
    unknown, pending = ("LOG_UNKNOWN",), ("LOG_PENDING",)
    head_alone = {"head": logged["head"]}
    bucket = next(name for name in logged if name.startswith("index/"))
    many = needed(log_files(here, strangers=1100), here)
    forked = log_files(elsewhere)
    lines = logged["head"].decode().split("\n")
    without_line = "\n".join([*lines[:-3], lines[-2], ""]).encode()
    return [
        LogCase("in the log", good, "VALID", log=logged),
        LogCase("in a log of several buckets", good, "VALID", log=many),
        LogCase("not in a log of several buckets", other, "NOT_LOGGED", now=late,
                log=needed(log_files(here, strangers=1100, at=late), elsewhere)),
        LogCase("not in the log, which is of the second from which it must be", good,
                "NOT_LOGGED", now=late, log=without),
        LogCase("not in the log, a second before", good, "VALID", now=late,
                log=log_files(elsewhere, at=late - 1), warnings=pending),
        LogCase("revoked, and in the log", good, "REVOKED", served=(REVOKED_LIST,), log=logged),
        LogCase("revoked, and not in the log", good, "NOT_LOGGED", now=late,
                served=(REVOKED_LIST,), log=without),
        LogCase("by a withdrawn key, and not in the log", claimed(STOLEN), "NOT_LOGGED", now=late,
                log=without),
        LogCase("by a withdrawn key, and in the log", claimed(STOLEN), "KEY_REVOKED",
                log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, and logged before", claimed(STOLEN), "VALID",
                trust="withdrawn key", log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, logged before and revoked", claimed(STOLEN), "REVOKED",
                trust="withdrawn key", served=(REVOKED_LIST,),
                log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, and logged since", claimed(STOLEN), "KEY_REVOKED",
                trust="withdrawn key, logged later", log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, in a log that had another root then", claimed(STOLEN),
                "KEY_REVOKED", trust="withdrawn key, of another log",
                log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, issued before there was a log, and in it", claimed(STOLEN),
                "VALID", trust="withdrawn key, before the log",
                log=log_files(subject(claimed(STOLEN)))),
        LogCase("by a withdrawn key, issued before there was a log, and not in it",
                claimed(STOLEN), "KEY_REVOKED", trust="withdrawn key, before the log",
                log=log_files(elsewhere)),
        LogCase("by a withdrawn key, with no log at hand", claimed(STOLEN), "KEY_REVOKED",
                trust="withdrawn key", warnings=unknown),
        LogCase("the revocation of it is in the log, its issue is not", good, "NOT_LOGGED",
                now=late, log=log_files(subject(good, LeafKind.REVOKED), at=late)),
        LogCase("no log at hand", good, "VALID", warnings=unknown),
        LogCase("no log at hand, and revoked", good, "REVOKED", served=(REVOKED_LIST,),
                warnings=unknown),
        LogCase("a log that begins later", good, "VALID", trust="since later", log=without),
        LogCase("a log that begins then", good, "NOT_LOGGED", trust="since that second", now=late,
                log=without),
        LogCase("a head without its bucket", good, "VALID", log=head_alone, warnings=unknown),
        LogCase("a bucket of another time under the name", good, "VALID",
                log={**logged, bucket: b"".join(e for n, e in many.items() if n != "head")},
                warnings=unknown),
        LogCase("an empty bucket under the name", good, "VALID", log={**logged, bucket: b""},
                warnings=unknown),
        LogCase("a head signed by a stranger", good, "VALID", log=log_files(here, signer=OTHER_LOG),
                warnings=unknown),
        LogCase("a head of the key of now, which has one of before", good, "VALID",
                trust="a key before", log=log_files(here, signer=OTHER_LOG)),
        LogCase("a head of the key of before", good, "VALID", trust="a key before", log=logged),
        LogCase("a head of a withdrawn key", good, "VALID", trust="withdrawn", log=logged,
                warnings=unknown),
        LogCase("a head 300 seconds ahead", good, "VALID", log=log_files(here, at=NOW + 300)),
        LogCase("a head 301 seconds ahead", good, "VALID", log=log_files(here, at=NOW + 301),
                warnings=unknown),
        LogCase("a head that says another instant", good, "VALID",
                log=changed(logged, "head", b"index 4", b"index 3"), warnings=unknown),
        LogCase("a head cut", good, "VALID", log={**logged, "head": logged["head"][:-40]},
                warnings=unknown),
        LogCase("a head without its time", good, "VALID", log={**logged, "head": without_line},
                warnings=unknown),
        LogCase("a head of another log", good, "VALID",
                log=changed(logged, "head", b"\nverify.example.edu/log\n", b"\nother/log\n"),
                warnings=unknown),
        LogCase("no head but junk", good, "VALID", log={**logged, "head": b"\xff\n\n\xff"},
                warnings=unknown),
        LogCase("a head with a blank line more", good, "VALID",
                log={**logged, "head": logged["head"] + b"\n"}, warnings=unknown),
        LogCase("an older head than the kept one", good, "VALID",
                log={**log_files(elsewhere, at=NOW - 2 * DAY, strangers=1), bucket: logged[bucket]},
                log_kept=logged["head"]),
        LogCase("a kept head, whose bucket is gone", good, "VALID",
                log=log_files(elsewhere, at=NOW - 2 * DAY, strangers=1), log_kept=logged["head"],
                warnings=unknown),
        LogCase("nothing but the kept head and its bucket", good, "VALID",
                log={bucket: logged[bucket]}, log_kept=logged["head"]),
        LogCase("the kept head damaged", good, "VALID", log=logged, log_kept=b"junk"),
        LogCase("two heads of one size", good, "VALID", log=logged, log_kept=forked["head"],
                warnings=("LOG_FORKED",)),
        *(
            LogCase(f"the trust file: {name}", good, "KEYSET_INVALID", trust=name)
            for name in list(TRUSTS)[9:]
        ),
        *grown_cases(good, here),
    ]  # fmt: skip


def document() -> dict[str, Any]:
    """Return the whole file."""
    assert GENUINE.certificate_id == ID
    return {
        "about": "Made by make_log_vectors.py. As tokens.json; besides, of the log the files `log`"
        " can be had, by name, and the head `log_kept` was kept before.",
        "root": ROOT.public_key.thumbprint.hex(),
        "trusts": {name: data.hex() for name, data in TRUSTS.items()},
        "cases": [each.document() for each in log_cases()],
    }


if __name__ == "__main__":
    text = json.dumps(document(), indent=1, ensure_ascii=True)
    Path(__file__).with_name("log.json").write_text(text + "\n", encoding="utf-8")
