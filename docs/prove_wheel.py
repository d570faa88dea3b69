"""Builds the wheel, installs it into an empty environment, and runs the README's sessions there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command, and stop with its status if it fails."""
    print("$", *(str(each) for each in command), flush=True)
    subprocess.run([str(each) for each in command], cwd=cwd, check=True)


def main() -> None:
    """Prove the wheel."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT, cwd=ROOT)
    (wheel,) = dist.glob("*.whl")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        install = (python, "-m", "pip", "install", "-q")
        run(*install, "--require-hashes", "-r", ROOT / "requirements" / "use.txt", cwd=folder)
        run(*install, "--no-deps", wheel, cwd=folder)
        run(python, "-m", "cecert", "--version", cwd=folder)
        shutil.copy(ROOT / "README.md", folder)
        run(python, "-m", "doctest", "README.md", cwd=folder)
        run(python, "-m", "cecert", "demo", folder / "demo", cwd=folder)
    print(f"{wheel.name} runs the README's sessions in an empty environment")


if __name__ == "__main__":
    main()
