"""The list of codes that a transcript carries, for whoever asks what became of each certificate.

Source: docs/spec/transcript.md 2. A transcript is sealed later than the certificates it
lists, so the list says when it was drawn up: its seal is judged at that instant, as a
certificate's is at its token's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cecert.domain.values.certificate_id import CertificateId

__all__ = ["TRANSCRIPT_FILE", "ListedCode", "TranscriptList", "read_transcript_list"]

TRANSCRIPT_FILE = "cecert-transcript.txt"
"""What the attachment is called."""

_HEAD = "cecert transcript 1"
_DRAWN_UP = "drawn up "
_COUNTED, _LISTED = "counted ", "not counted "
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_NUMBER_BYTES = 10


@dataclass(frozen=True, slots=True)
class ListedCode:
    """The code of a certificate on a transcript. Threads may share it.

    Attributes:
        text: The link that the certificate's own code holds.
        counted: Whether its hours are in the totals.
    """

    text: str
    counted: bool


@dataclass(frozen=True, slots=True)
class TranscriptList:
    """The codes of a transcript. Threads may share it.

    Attributes:
        drawn_up_at: Seconds UTC.
        codes: In the order in which the certificates are listed; at least one.
    """

    drawn_up_at: int
    codes: tuple[ListedCode, ...]

    @property
    def text(self) -> str:
        """The attachment's content, ASCII."""
        instant = datetime.fromtimestamp(self.drawn_up_at, UTC).strftime(_INSTANT)
        lines = [_HEAD, f"{_DRAWN_UP}{instant}", *map(_line, self.codes)]
        return "".join(f"{each}\n" for each in lines)

    @property
    def number(self) -> CertificateId:
        """What the transcript's pages are called: the digest of the list, cut."""
        return CertificateId(sha256(self.text.encode()).digest()[:_NUMBER_BYTES])


def _line(code: ListedCode) -> str:
    return f"{_COUNTED if code.counted else _LISTED}{code.text}"


def read_transcript_list(text: str) -> TranscriptList | None:
    """Return the list that an attachment holds; None if it is not in the one form."""
    head, _, rest = text.partition("\n")
    drawn_up, _, listed = rest.partition("\n")
    instant = _second(drawn_up.removeprefix(_DRAWN_UP))
    if head != _HEAD or instant is None or not listed.endswith("\n"):
        return None
    codes = _codes(listed.removesuffix("\n").split("\n"))
    found = None if codes is None else TranscriptList(instant, codes)
    return found if found is not None and found.text == text else None


def _codes(lines: Sequence[str]) -> tuple[ListedCode, ...] | None:
    found = []
    for line in lines:
        word = next((each for each in (_COUNTED, _LISTED) if line.startswith(each)), "")
        if not word:
            return None
        found.append(ListedCode(line.removeprefix(word), word == _COUNTED))
    return tuple(found)


def _second(text: str) -> int | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        return int(datetime.strptime(text, _INSTANT).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
