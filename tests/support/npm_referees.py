"""Programs that npm brings and the tests ask: pinned by a lock, kept for the next run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

__all__ = ["installed"]


def installed(files: Path) -> Path:
    """Return the folder of a program of npm's with all that it needs.

    Args:
        files: The program, its `package.json` and the lock.
    """
    lock = sha256(b"".join(each.read_bytes() for each in sorted(files.iterdir())))
    name = f"{files.name.replace('_', '-')}-{lock.hexdigest()[:16]}"
    place = Path.home() / ".cache" / "cecert-tests" / name
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        shutil.copytree(files, made, dirs_exist_ok=True)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
        subprocess.run(command, cwd=made, check=True, capture_output=True)
        try:
            made.rename(place)
        except OSError:  # another process of the tests was first
            shutil.rmtree(made)
    return place
