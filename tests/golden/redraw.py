"""Draws the golden texts anew (`make golden`); a person then looks at the difference."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from certificate_samples import renderer
from golden_mails import LETTERS, golden_mail
from golden_pages import GOLDEN, KINDS, golden_text, golden_transcript_text
from transcript_samples import TRANSCRIPTS

if __name__ == "__main__":
    for kind in KINDS:
        (GOLDEN / f"{kind}.txt").write_text(golden_text(renderer(), kind), "utf-8")
    for kind in TRANSCRIPTS:
        (GOLDEN / f"{kind}.txt").write_text(golden_transcript_text(kind), "utf-8")
    for name in LETTERS:
        (GOLDEN / f"mail-{name}.txt").write_text(golden_mail(name), "utf-8")
