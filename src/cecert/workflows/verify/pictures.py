"""Pictures, and scans in a PDF: there is no seal to check, and no text, only codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cecert.domain.token.file_verdict import FileAnswer, FileVerdict
from cecert.domain.token.verify import Outcome, Verification
from cecert.ports import SeenPage
from cecert.workflows.verify.verifier import (
    Checked,
    Verifier,
    alone,
    together,
    tokens_among,
    verified_token,
)

__all__ = ["verify_pages", "verify_picture"]


def verify_picture(picture: bytes, verifier: Verifier) -> Checked:
    """Say what the codes in a picture certify; a TIFF may have several pages.

    Args:
        picture: Its bytes.
        verifier: Trust and tools.
    """
    seen = verifier.pdf_reader.pages_of_picture(picture)
    if isinstance(seen, str):
        return alone(Verification(Outcome.NOT_READABLE, seen))
    return verify_pages(seen, verifier)


def verify_pages(seen: Sequence[SeenPage], verifier: Verifier) -> Checked:
    """Say what the codes certify that are seen on pages which are pictures.

    Args:
        seen: The pages.
        verifier: Trust and tools.
    """
    answers: list[Checked] = []
    without: list[int] = []
    for number, page in enumerate(seen, 1):
        texts = tokens_among(page.codes)
        answers += [replace(alone(verified_token(each, verifier)), page=number) for each in texts]
        without += [] if texts else [number]
    file = FileAnswer(FileVerdict.NO_SEAL_TO_CHECK, "", len(seen), tuple(without))
    if answers:
        return together(answers, file)
    detail = "no certificate code is in the picture"
    return replace(alone(Verification(Outcome.NO_TOKEN, detail)), file=file)
