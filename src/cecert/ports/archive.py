"""The port that keeps sealed documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from cecert.domain.values.certificate_id import CertificateId

__all__ = ["Archive"]


class Archive(Protocol):
    """Keeps sealed documents for ever, each under a name of its own."""

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store *documents*, each atomically, and return their names.

        A name holds the id and the document's digest, so that two runs that drew the
        same certificate differently do not meet. All of them are on the disk when it
        returns; many at once, because each wait for the disk costs more than drawing.

        Raises:
            LedgerError: If one cannot be stored; nobody was promised the others.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the document stored under *name*.

        Raises:
            LedgerError: If it is missing.
        """
        ...

    def discard(self, name: str) -> None:
        """Remove a document that no ledger entry names: the loser of a race deletes its own."""
        ...

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        """Return the names of all documents of these certificates, in order.

        Where nothing was ever stored for any of them, no file is listed.

        Raises:
            LedgerError: If it cannot be looked into.
        """
        ...

    def names(self) -> Sequence[str]:
        """Return the name of everything that lies in it, strays among them, in order.

        Raises:
            LedgerError: If it cannot be looked into.
        """
        ...

    def foreign(self) -> Iterator[tuple[str, str]]:
        """Yield the name of what somebody else owns, or a link stands for, with why it matters.

        Raises:
            LedgerError: If it cannot be looked into.
        """
        ...
