"""Bytes of anybody's making against everything that reads such: a decoder raises its own error.

`guided.py` has bytes made for one of them. `found/` keeps inputs that one once stumbled over, and
`test_found.py` reads them with every decoder in every run.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz.enclosed import ENCLOSED

from cecert.adapters.completion_list import read_completions
from cecert.adapters.exports.form_file import read_form_or_mapping
from cecert.adapters.hooks.journal import HookJournalFile
from cecert.adapters.mail import SendLogFile, read_bounces
from cecert.domain.cose.cbor import decode
from cecert.domain.cose.cose import Algorithm, CoseKey, open_envelope
from cecert.domain.cose.digits import digits_of_bytes
from cecert.domain.log.checkpoint import open_checkpoint
from cecert.domain.log.head import open_head
from cecert.domain.log.leaf import Leaf
from cecert.domain.log.signed_note import BadNoteError
from cecert.domain.log.tiles import leaves_of
from cecert.domain.token.claims import claims_of_payload
from cecert.domain.token.transcript_list import read_transcript_list
from cecert.domain.token.verify import verify_token
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.domain.trust.reattested_list import BadReattestedListError, open_reattested_list
from cecert.domain.trust.status_list import BadStatusListError, open_status_list
from cecert.errors import CecertError
from cecert.office.collect.exports import inspect_export
from cecert.testing import MemoryOffice, sample_course

__all__ = ["DECODERS"]

_TRUST = MemoryOffice().trust()
_NOW = 1_604_588_400
_LOG_KEY = CoseKey(Algorithm.ED25519, bytes(32))
_COURSE = sample_course()
_AT = datetime(2020, 11, 5, 15, tzinfo=UTC)
_REGIMES = frozenset({"ny-social-work", "ma-social-work", "apa-psychology"})


def _signed(*_: object) -> bool:
    """Take every signature, so that what is behind it is reached."""
    return True


def _cbor(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        decode(data)


def _envelope(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        open_envelope(data)


def _payload(data: bytes) -> None:
    with contextlib.suppress(CecertError, ValueError):
        claims_of_payload(data)


def _token(data: bytes) -> None:
    verify_token(data.decode("utf-8", "surrogateescape"), _TRUST, _signed, _NOW)
    verify_token(f"https://v.example/#1{digits_of_bytes(data)}", _TRUST, _signed, _NOW)


def _trust_file(data: bytes) -> None:
    with contextlib.suppress(KeysetInvalidError):
        open_trust_file(data, _signed)


def _status(data: bytes) -> None:
    with contextlib.suppress(BadStatusListError):
        open_status_list(data, _TRUST, _signed)


def _reattested(data: bytes) -> None:
    with contextlib.suppress(BadReattestedListError):
        open_reattested_list(data, _TRUST)


def _leaf(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        Leaf.of(data)


def _bundle(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        leaves_of(data)


def _head(data: bytes) -> None:
    with contextlib.suppress(BadNoteError):
        open_head(data, "log.example/log", _LOG_KEY, _signed)


def _checkpoint(data: bytes) -> None:
    with contextlib.suppress(BadNoteError):
        open_checkpoint(data, "log.example/log", _LOG_KEY, _signed)


def _transcript_list(data: bytes) -> None:
    read_transcript_list(data.decode("utf-8", "replace"))


def _in_a_file(ending: str, read: Callable[[Path], object]) -> Callable[[bytes], None]:
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a disk takes most of the time
    folder = Path(tempfile.mkdtemp(prefix="cecert-fuzz-", dir=memory))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

    def decoder(data: bytes) -> None:
        path = folder / f"input{ending}"
        path.write_bytes(data)
        with contextlib.suppress(CecertError):
            read(path)

    return decoder


def _completions(path: Path) -> object:
    return read_completions(path, _COURSE, _REGIMES, _AT)


DECODERS: Mapping[str, Callable[[bytes], None]] = {
    "cbor": _cbor,
    "envelope": _envelope,
    "payload": _payload,
    "token": _token,
    "trust": _trust_file,
    "status": _status,
    "reattested": _reattested,
    "leaf": _leaf,
    "bundle": _bundle,
    "head": _head,
    "checkpoint": _checkpoint,
    "transcript-list": _transcript_list,
    "csv": _in_a_file(".csv", _completions),
    "jsonl": _in_a_file(".jsonl", _completions),
    "xlsx": _in_a_file(".xlsx", _completions),
    "mapping": _in_a_file(".toml", read_form_or_mapping),
    "bounces": _in_a_file(".eml", read_bounces),
    "export": _in_a_file(".csv", inspect_export),
    "meeting": _in_a_file(".json", inspect_export),
    "journal": _in_a_file(".jsonl", lambda path: HookJournalFile(path).place()),
    "sent": _in_a_file(".jsonl", lambda path: list(SendLogFile(path).accepted())),
    **ENCLOSED,
}
"""What reads bytes that anybody may have made, each raising nothing but its own error."""
