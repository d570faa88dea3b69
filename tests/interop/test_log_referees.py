"""The published log as other people's readers see it: Sigstore's two, and Go's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64encode
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from log_site import KEY_ID, ORIGIN, SIGNER, LogSite
from npm_referees import installed
from sigstore._internal import merkle
from sigstore._internal.rekor import checkpoint as rekor
from sigstore.errors import VerificationError

pytestmark = pytest.mark.system
FILES = Path(__file__).parents[1] / "support"
INDEXES = (0, 1, 255, 256, 511, 998, 999)
GO_PATH = Path("/usr/share/gocode")
"""Where Debian puts the sources of golang-golang-x-mod-dev."""


@cache
def site() -> LogSite:
    return LogSite.made(1_000)


def altered(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def case(at: int, **changes: object) -> dict[str, Any]:
    """Return a leaf with its proof, or with something else in its place."""
    log = site()
    good = {
        "note": log.files["checkpoint"].decode(),
        "index": at,
        "leaf": log.leaves[at],
        "hashes": log.inclusion(at),
    }
    return {**good, **changes}


def cases() -> dict[str, dict[str, Any]]:
    """Return good cases, and bad ones, whose names say so."""
    log = site()
    proof, note = log.inclusion(256), log.files["checkpoint"].decode()
    return {
        **{f"leaf {each}": case(each) for each in INDEXES},
        "bad: another leaf": case(256, leaf=log.leaves[257]),
        "bad: another place": case(256, index=257),
        "bad: a hash less": case(256, hashes=proof[:-1]),
        "bad: a hash more": case(256, hashes=[*proof, proof[0]]),
        "bad: a changed hash": case(256, hashes=[*proof[:-1], altered(proof[-1])]),
        "bad: another size": case(256, note=note.replace("\n1000\n", "\n1001\n")),
    }


def test_sigstore_s_reader_for_node_accepts_checkpoint_and_proofs_and_nothing_altered() -> None:
    asked = {
        name: {**each, "leaf": each["leaf"].hex(), "hashes": [e.hex() for e in each["hashes"]]}
        for name, each in cases().items()
    }
    document = {
        "origin": ORIGIN,
        "key": SIGNER.public_key.x.hex(),
        "keyid": KEY_ID.hex(),
        "cases": list(asked.values()),
    }
    program = installed(FILES / "log_referee") / "verify.mjs"
    run = subprocess.run(
        ["node", program], input=json.dumps(document), capture_output=True, text=True, check=True
    )
    said = dict(zip(asked, json.loads(run.stdout), strict=True))
    bad = {name for name, each in said.items() if each == "TLOG_INCLUSION_PROOF_ERROR"}
    assert bad == {each for each in asked if each.startswith("bad")}
    assert {each for name, each in said.items() if name not in bad} == {""}


def test_sigstore_s_reader_for_python_accepts_the_proofs_and_nothing_altered() -> None:
    for name, each in cases().items():
        stands = rekor.SignedCheckpoint.from_text(each["note"]).checkpoint
        proof = SimpleNamespace(
            log_index=each["index"],
            tree_size=stands.log_size,
            hashes=each["hashes"],
            root_hash=bytes.fromhex(stands.log_hash),
        )
        entry: Any = SimpleNamespace(
            _inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=each["leaf"])
        )
        if name == "bad: another size":  # it is the signature that says so, which is not asked here
            continue
        if name.startswith("bad"):
            with pytest.raises(VerificationError):
                merkle.verify_merkle_inclusion(entry)
        else:
            merkle.verify_merkle_inclusion(entry)


@pytest.mark.long
@pytest.mark.slow
def test_go_s_reference_makes_our_proofs_from_our_tiles(tmp_path: Path) -> None:
    """A part of its own: what it needs has 450 MB (golang-go, golang-golang-x-mod-dev)."""
    if shutil.which("go") is None or not (GO_PATH / "src/golang.org/x/mod").is_dir():
        pytest.skip("Go and golang-golang-x-mod-dev are not installed")
    log, smaller = site(), (1, 2, 255, 256, 257, 999, 1_000)
    for name, data in log.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    key = b64encode(b"\1" + SIGNER.public_key.x).decode()
    question = {
        "Folder": str(tmp_path),
        "Vkey": f"{ORIGIN}+{KEY_ID.hex()}+{key}",
        "Leaves": {each: log.leaves[each].hex() for each in INDEXES},
        "Inclusion": {each: [e.hex() for e in log.inclusion(each)] for each in INDEXES},
        "Consistency": {each: [e.hex() for e in log.consistency(each)] for each in smaller[:-1]},
        "Roots": {each: LogSite.made(each).root.hex() for each in smaller[:-1]},
    }
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOFLAGS": ""}
    environ["GOCACHE"] = str(tmp_path / "cache")
    run = subprocess.run(
        ["go", "run", FILES / "log_referee_go" / "main.go"],
        input=json.dumps(question), env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stdout == "good\n", run.stderr
