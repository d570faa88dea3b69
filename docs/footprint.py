"""What an installation weighs and what an import costs: `python docs/footprint.py [TREE]`.

A fresh environment gets the distributions of `requirements/use.txt` and cecert of the tree, and
another one `cecert-verify` with what it needs. Told are distributions and megabytes without
bytecode and what installs and builds, and for each import the median processor time of eleven
processes over that of a Python that does nothing. TREE is another checkout of cecert.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-compile")
NEEDED = re.compile(r"^(?:cryptography|cffi|pycparser)==.*(?:\n .*)*", re.MULTILINE)
"""What `cecert-verify` needs, as `requirements/use.txt` has it."""
TOOLS = re.compile(
    r"(?:pip|setuptools|wheel|pkg_resources|_distutils_hack"
    r"|hatchling|editables|packaging|pathspec|pluggy|trove_classifiers)\b",
    re.IGNORECASE,
)
"""What installs and builds."""
RUNS = 11
IMPORTS = (
    "import cecert",
    "from cecert import verify, decide, issue",
    "from cecert import Office",
    "from cecert import *",
    "from cecert.ports import *",
    "from cecert.office import *",
    "from cecert.testing import *",
)
ALONE = ("import cecert_verify", "from cecert_verify import *")


def environment(folder: Path) -> Path:
    """Make an environment, and return its Python."""
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def installed(tree: Path, folder: Path) -> Path:
    """Install cecert of a tree; return the environment's Python."""
    python = environment(folder / "whole")
    pinned = tree / "requirements" / "use.txt"
    run(python, *PIP, "--require-hashes", "-r", pinned)
    run(python, *PIP, "--no-deps", "--no-build-isolation", tree)
    return python


def verifying(tree: Path, folder: Path) -> Path:
    """Install `cecert-verify` of a tree; return the environment's Python."""
    python, needed = environment(folder / "verify"), folder / "needed.txt"
    text = (tree / "requirements" / "use.txt").read_text("utf-8")
    needed.write_text("\n".join(NEEDED.findall(text)), "utf-8")
    run(python, *PIP, "--require-hashes", "-r", needed)
    run(sys.executable, tree / "verify" / "make_project.py", folder / "project")
    run(python, *PIP, "--no-deps", folder / "project")
    return python


def run(*command: str | Path) -> None:
    """Run a command, and stop if it fails."""
    subprocess.run([str(each) for each in command], check=True, stdout=subprocess.DEVNULL)


def weight(python: Path) -> str:
    """Return how many distributions an environment has, and their megabytes."""
    (packages,) = python.parent.parent.glob("lib/python*/site-packages")
    found = [each for each in packages.glob("*.dist-info") if not TOOLS.match(each.name)]
    size = sum(each.stat().st_size for each in files(packages))
    return f"{len(found)} distributions, {size / 1e6:.1f} MB"


def files(packages: Path) -> Iterator[Path]:
    """Yield the files that count."""
    for each in packages.rglob("*"):
        below = each.relative_to(packages)
        if each.is_file() and each.suffix != ".pyc" and not TOOLS.match(below.parts[0]):
            yield each


def processor_time(python: Path, statement: str) -> float | None:
    """Return the seconds a process takes for a statement; None where it cannot do it."""
    before = getrusage(RUSAGE_CHILDREN)
    command = [str(python), "-P", "-c", statement]
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, stderr=subprocess.DEVNULL, check=False, cwd=os.sep, env=environment
    )
    after = getrusage(RUSAGE_CHILDREN)
    if done.returncode:
        return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost(python: Path, statement: str) -> str:
    """Return the median cost of a statement in milliseconds, bytecode being there."""
    if processor_time(python, statement) is None:
        return "does not exist"
    pairs = [(processor_time(python, statement), processor_time(python, "")) for _ in range(RUNS)]
    return f"{median((one or 0) - (idle or 0) for one, idle in pairs) * 1000:.0f} ms"


def main(tree: Path) -> None:
    """Measure a tree and print what was found."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python = installed(tree, folder)
        print(f"cecert: {weight(python)}")
        for statement in IMPORTS:
            print(f"{statement}: {cost(python, statement)}")
        if (tree / "verify").is_dir():
            python = verifying(tree, folder)
            print(f"cecert-verify: {weight(python)}")
            for statement in ALONE:
                print(f"{statement}: {cost(python, statement)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT)
