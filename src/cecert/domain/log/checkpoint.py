"""The head of the log at one size, signed (C2SP tlog-checkpoint and tlog-cosignature)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from cecert.argument_types import typed
from cecert.domain.cose.cose import Algorithm, CheckSignature, CoseKey, TokenSigner
from cecert.domain.log.signed_note import (
    BadNoteError,
    NoteSignature,
    SignedNote,
    base64_bytes,
    base64_text,
)
from cecert.errors import WrongValueError

__all__ = ["Checkpoint", "SignedCheckpoint", "key_id", "open_checkpoint", "sign_checkpoint"]

NOTE_ED25519, COSIGNATURE = 1, 4
"""Kinds of keys (C2SP signed-note): over the text, and over the text and a time."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ROOT_SIZE = 32
_TIME_SIZE = 8
_SIGNATURE_SIZE = 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: one tree of each size, for ever.

    Attributes:
        origin: The log's name: an address without scheme and without a slash at its end.
        size: How many leaves.
        root: Of the tree of them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"

    @classmethod
    @typed
    def of(cls, text: str) -> Checkpoint:
        """Read the lines; further ones are allowed and not read.

        Raises:
            BadNoteError: If they are none of a checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004
            raise BadNoteError("not the lines of a checkpoint")
        root = base64_bytes(lines[2])
        if len(root) != _ROOT_SIZE:
            raise BadNoteError(f"a root of {len(root)} bytes")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature by the log's key was checked.

    Attributes:
        checkpoint: What it says.
        at: When the log's key says it was the newest, seconds UTC; None without its word.
    """

    checkpoint: Checkpoint
    at: int | None


def key_id(name: str, kind: int, key: CoseKey) -> bytes:
    """Return what tells a key of that name and kind from others, 4 bytes.

    Args:
        name: The log's origin.
        kind: 1 for signatures over the text, 4 for those with a time.
        key: Ed25519.
    """
    return sha256(f"{name}\n".encode() + bytes([kind]) + key.x).digest()[:4]


def sign_checkpoint(checkpoint: Checkpoint, signer: TokenSigner, at: int) -> bytes:
    """Return a checkpoint as a note with two lines of the log's key: over it, and with the time.

    Args:
        checkpoint: It must never contradict one that was signed before.
        signer: The log's key, Ed25519.
        at: Seconds UTC.

    Raises:
        WrongValueError: If the key is of another kind.
    """
    key = signer.public_key
    if key.algorithm is not Algorithm.ED25519:
        raise WrongValueError(f"a log signed with {key.algorithm.name}")
    origin, text = checkpoint.origin, checkpoint.text
    own = signer.sign(text.encode())
    timed = at.to_bytes(_TIME_SIZE) + signer.sign(_timed(text, at))
    lines = (
        NoteSignature(origin, key_id(origin, NOTE_ED25519, key), own),
        NoteSignature(origin, key_id(origin, COSIGNATURE, key), timed),
    )
    return SignedNote(text, lines).encoded


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def open_checkpoint(
    data: bytes, origin: str, key: CoseKey, check_signature: CheckSignature
) -> SignedCheckpoint:
    """Open a checkpoint: it is of that log, and its key's signatures hold.

    Signatures of other keys are ignored; of those of this key a wrong one spoils all.

    Args:
        data: The note.
        origin: The log's name.
        key: Its key.
        check_signature: Does the cryptography.

    Raises:
        BadNoteError: If any of that fails.
        CryptoUnavailableError: If signatures cannot be checked here.
    """
    note = SignedNote.of(data)
    checkpoint = Checkpoint.of(note.text)
    if checkpoint.origin != origin:
        raise BadNoteError(f"a checkpoint of another log than {origin}")
    own = (origin, key_id(origin, NOTE_ED25519, key))
    signed = [e.signature for e in note.signatures if (e.name, e.key_id) == own]
    text = note.text.encode()
    if not signed or not all(check_signature(key, each, text) for each in signed):
        raise BadNoteError("a checkpoint that its log's key did not sign")
    times = list(_times(note, origin, key, check_signature))
    return SignedCheckpoint(checkpoint, max(times) if times else None)


def _times(
    note: SignedNote, name: str, key: CoseKey, check_signature: CheckSignature
) -> Iterator[int]:
    own = (name, key_id(name, COSIGNATURE, key))
    for each in note.signatures:
        if (each.name, each.key_id) != own:
            continue
        at = int.from_bytes(each.signature[:_TIME_SIZE])
        signature = each.signature[_TIME_SIZE:]
        sound = len(signature) == _SIGNATURE_SIZE
        if not sound or not check_signature(key, signature, _timed(note.text, at)):
            raise BadNoteError("a time that the log's key did not sign")
        yield at
