"""The reader of QR codes that the wheel brings: fetched once, and kept for the next run."""

from __future__ import annotations

import runpy
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from cecert.adapters.site import reader_files

ROOT = Path(__file__).parents[2]


@cache
def code_reader() -> dict[str, bytes]:
    """Return its files by their names on a site."""
    made: dict[str, Any] = runpy.run_path(str(ROOT / "reader" / "fetch_reader.py"))
    place = Path.home() / ".cache" / "cecert-tests" / f"code-reader-{made['VERSION']}"
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place.parent))
        made["fetch"](folder)
        try:
            folder.rename(place)
        except OSError:  # another process of the tests was first
            shutil.rmtree(folder)
    return reader_files(place)
