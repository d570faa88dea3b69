"""What publishing the log of an office needs, and what is known of it from before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cecert.domain.cose.cose import CheckSignature, TokenSigner
from cecert.domain.log.checkpoint import Checkpoint
from cecert.ports import Clock, Log, LogSite

__all__ = ["FOLDER", "KnownCheckpoint", "LogDesk"]

FOLDER = "log/"
"""Of the site, where the log is published."""


@dataclass(frozen=True, slots=True)
class KnownCheckpoint:
    """A checkpoint of the office's log that was published before.

    Attributes:
        place: Where it was found, for people.
        checkpoint: What it says; its signature holds.
    """

    place: str
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class LogDesk:
    """What publishing the log needs of an office.

    Attributes:
        origin: The log's name.
        signer: The log's key.
        log: Its leaves.
        known: What was published before, wherever it is still to be had.
        clock: Tells when.
        site: Where it is published.
        check_signature: Does the cryptography.
    """

    origin: str
    signer: TokenSigner
    log: Log
    known: Sequence[KnownCheckpoint]
    clock: Clock
    site: LogSite
    check_signature: CheckSignature
