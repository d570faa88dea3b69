"""An archive in memory that keeps the real one's promises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

from cecert.argument_types import typed
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import NotFoundError

__all__ = ["MemoryArchive"]


class MemoryArchive:
    """Keeps documents in a dictionary."""

    @typed
    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}

    @typed
    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store *documents*, each under its id and digest."""
        named = {f"{each}-{sha256(pdf).hexdigest()[:16]}.pdf": pdf for each, pdf in documents}
        self.documents |= named
        return list(named)

    def get(self, name: str) -> bytes:
        """Return the document of that name.

        Raises:
            LedgerError: If it is missing.
        """
        try:
            return self.documents[name]
        except KeyError:
            fields = {"what": "document", "id": name}
            raise NotFoundError(f"{name} is missing from the archive", fields=fields) from None

    def discard(self, name: str) -> None:
        """Forget the document of that name."""
        self.documents.pop(name, None)

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        """Return the names of all documents of these certificates, in order."""
        wanted = set(map(str, certificate_ids))
        return [name for name in self.names() if name.rpartition("-")[0] in wanted]

    def names(self) -> Sequence[str]:
        """Return the names of all, in order."""
        return sorted(self.documents)

    def foreign(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: a dictionary has no owners."""
        return iter(())
