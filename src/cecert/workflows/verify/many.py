"""`verify_many`: what a pile of documents, links and digits is, one answer after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from cecert.argument_types import typed
from cecert.domain.token.verify import Outcome, Verification
from cecert.workflows.verify.verifier import Checked, Verifier, alone
from cecert.workflows.verify.verify import verify

__all__ = ["ShownFile", "verify_many"]


class ShownFile(Protocol):
    """A file that somebody shows; a `pathlib.Path` is one. Threads may share it."""

    def read_bytes(self) -> bytes:
        """Return the bytes of the file."""
        ...


@typed
def verify_many(
    shown: Iterable[str | bytes | ShownFile], *, verifier: Verifier
) -> Iterator[Checked]:
    """Yield what is certified by each of what somebody shows, in its order.

    A file that cannot be read is an answer too, NOT_READABLE: the others are still told.
    All answers are of the moment when the first is asked for: trust, status lists and the log
    are read once, and not again for each.

    Args:
        shown: Bytes of PDFs and pictures, texts of links or of digits, or paths of files.
        verifier: Trust and tools.
    """
    verifier = verifier.at_one_moment()
    for each in shown:
        if isinstance(each, (str, bytes)):
            yield verify(each, verifier)
            continue
        try:
            content = each.read_bytes()
        except OSError as error:
            detail = f"it cannot be read: {error.strerror}"
            yield alone(Verification(Outcome.NOT_READABLE, detail))
        else:
            yield verify(content, verifier)
