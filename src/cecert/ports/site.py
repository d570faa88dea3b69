"""Ports that publish the site: the verify page, the trust file and the status lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cecert.domain.trust.trust_file import TrustFile

__all__ = [
    "LogSite",
    "LogSource",
    "OfferedLists",
    "ReattestedSource",
    "Site",
    "SiteMaker",
    "StatusSource",
    "seen",
]


def seen(name: str) -> None:
    """Look at nothing before the file *name* takes its place."""


class Site(Protocol):
    """The folder a web host serves."""

    def read(self, name: str) -> bytes | None:
        """Return what is published under *name* (`status/0.st`), None if nothing is."""
        ...

    def put(self, files: Mapping[str, bytes], look: Callable[[str], None] = seen) -> Sequence[str]:
        """Publish *files* in their order, each whole or not at all; return what was written.

        A file that says the same already is left as it is.

        Args:
            files: Contents by name.
            look: Is called with a file's name when all that is left is to rename it into its
                place; what it raises leaves it and those after it as they were.
        """
        ...


class LogSite(Protocol):
    """Where the files of a log are published, which never change once they are there."""

    def read(self, name: str) -> bytes | None:
        """Return what is published under *name*, None if nothing is."""
        ...

    def has(self, name: str) -> bool:
        """Say whether something is published under *name*."""
        ...

    def add(self, files: Mapping[str, bytes]) -> None:
        """Publish *files*, none of which is there: in no order, each whole or not at all.

        All are there for good when it returns, whatever happens to the machine then.

        Args:
            files: Contents by name.
        """
        ...


class SiteMaker(Protocol):
    """Makes the files of a site that people and programs open."""

    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        """Return the verify page, with trust file and status lists inside.

        Args:
            trust: What the trust file says.
            trust_file: Its signed bytes, as they are published.
            lists: Signed status lists by their number.
        """
        ...

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        """Return *files* in one archive, the same bytes each time."""
        ...


@dataclass(frozen=True, slots=True)
class OfferedLists:
    """A status list as it can be had now; nothing in it is known to be true yet.

    Attributes:
        served: As files and hosts have it, in any order.
        kept: The newest genuine one of an earlier verification.
    """

    served: tuple[bytes, ...] = ()
    kept: bytes | None = None


class StatusSource(Protocol):
    """Gets status lists that were published."""

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        """Return the list as *bases* and what else is known have it."""
        ...

    def keep(self, list_id: int, data: bytes) -> None:
        """Keep the newest genuine list, so that an older one is known as such."""
        ...


class ReattestedSource(Protocol):
    """Gets lists of genuine tokens of withdrawn keys."""

    def reattested(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return what *bases* have under *name*, and what else is known; none of it is checked."""
        ...


class LogSource(Protocol):
    """Gets files of a log that was published; nothing in them is known to be true yet."""

    def files(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return what *bases*, and what else is known, have under *name* (`head`)."""
        ...

    def kept_head(self) -> bytes | None:
        """Return the newest genuine head of an earlier verification."""
        ...

    def keep_head(self, data: bytes) -> None:
        """Keep the newest genuine head."""
        ...

    def evidence(self) -> Sequence[bytes]:
        """Return genuine heads that contradicted the kept one."""
        ...

    def keep_evidence(self, data: bytes) -> None:
        """Keep a genuine head that contradicts the kept one: together they prove a fork."""
        ...
