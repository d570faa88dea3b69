"""An answer that goes to a full disk, as a person meets it: `cecert ... > full`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_an_answer_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        done = subprocess.run(
            [sys.executable, "-m", "cecert", "init", str(tmp_path / "office")],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "error: the answer cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
