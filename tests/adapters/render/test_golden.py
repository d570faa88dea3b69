"""What stands where, as text a reviewer can read in a diff (`make golden` draws it anew).

A golden file holds each line of text of one certificate with its place, size and
colour. It changes only when somebody means to change how certificates look.
"""

from __future__ import annotations

import pytest
from golden_mails import LETTERS
from golden_pages import GOLDEN, KINDS, golden_text, golden_transcript_text
from transcript_samples import TRANSCRIPTS

from cecert.adapters.render import CertificateRenderer


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_stands_as_it_was_approved(renderer: CertificateRenderer, kind: str) -> None:
    assert golden_text(renderer, kind) == (GOLDEN / f"{kind}.txt").read_text("utf-8")


@pytest.mark.parametrize("kind", TRANSCRIPTS)
def test_a_transcript_stands_as_it_was_approved(kind: str) -> None:
    assert golden_transcript_text(kind) == (GOLDEN / f"{kind}.txt").read_text("utf-8")


def test_every_golden_file_has_its_certificate_or_its_mail() -> None:
    mails = {f"mail-{each}" for each in LETTERS}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(KINDS) | set(TRANSCRIPTS) | mails
