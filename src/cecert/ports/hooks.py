"""Ports of what posts changes to another system: who takes them, and what was taken."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["HookAnswer", "HookJournal", "HookPlace", "HookReceiver"]

_TAKEN, _BROKEN = range(200, 300), range(500, 600)
_PASSING = frozenset({0, 408, 425, 429})
"""No answer, too slow, too early, too many."""


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What became of one message.

    Attributes:
        status: A number of HTTP, as 204; 0 where there was no answer.
        words: What went wrong, in words; "" of a status that says it.
        retry_after: Seconds that the receiver asks to wait, 0 if it does not.
    """

    status: int
    words: str = ""
    retry_after: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status in _TAKEN

    @property
    def passing(self) -> bool:
        """Whether another try in a moment may end otherwise."""
        return self.status in _PASSING or self.status in _BROKEN


class HookReceiver(Protocol):
    """The other system, which takes messages about what happened."""

    def post(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Hand it one message, and wait for its answer, not for ever."""
        ...

    def close(self) -> None:
        """End the connection to it, which the next message opens again."""
        ...


@dataclass(frozen=True, slots=True)
class HookPlace:
    """How far changes were posted.

    Attributes:
        cursor: After the last one that was taken; "" before the first.
        attempts: How often the next one was tried in vain; 0 if it was not.
        due: When it is tried again; None for at once.
        why: What the receiver said last, "" if it took what it was given.
    """

    cursor: str
    attempts: int = 0
    due: datetime | None = None
    why: str = ""


class HookJournal(Protocol):
    """What was posted, so that the next run goes on where this one ends, or is killed."""

    def place(self) -> HookPlace | None:
        """Return how far changes were posted; None where nobody said where to begin.

        Raises:
            InputError: If it cannot be read.
        """
        ...

    def note(self, place: HookPlace, at: datetime) -> None:
        """Write down, durably, how far they are.

        Raises:
            InputError: If it cannot be written.
        """
        ...

    def alone(self) -> AbstractContextManager[bool]:
        """Say whether nobody else posts on this machine, and keep others out if so."""
        ...
