"""Builds what is released, and proves it.

The wheel is built twice, elsewhere and under another mask of files, with the same bytes; it runs
the README's sessions in an empty environment, and has a bill of materials. `cecert-verify` is
built of the same tree, and passes all vectors with `cryptography` alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bill_of_materials

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
BUILD = (sys.executable, "-m", "build", "--no-isolation")
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "-q")
EARLIEST = 315_532_800
"""1980, in seconds since 1970: no file in a ZIP is older."""

ALONE = ("cryptography", "cffi", "pycparser")
"""What is installed beside cecert-verify."""


def run(*command: str | Path, cwd: Path, more: Mapping[str, str] = os.environ) -> None:
    """Run a command, and stop with its status if it fails.

    Args:
        command: Program and arguments.
        cwd: Where it runs.
        more: Its environment.
    """
    print("$", *(str(each) for each in command), flush=True)
    subprocess.run([str(each) for each in command], cwd=cwd, check=True, env=dict(more))


def instant() -> int:
    """Return when the files of a release were made: as told, else the last commit; in seconds."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not told:
        asked = ("git", "log", "-1", "--format=%ct")
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        told = done.stdout.strip()
    return max(int(told or EARLIEST), EARLIEST)


def built_twice(folder: Path, dated: Mapping[str, str]) -> Path:
    """Build the wheel by way of its source distribution, and again of the tree; return it.

    Raises:
        SystemExit: If the two are not the same.
    """
    again = folder / "again"
    elsewhere = {**dated, "TZ": "Pacific/Kiritimati"}
    with ThreadPoolExecutor() as two:
        first = two.submit(run, *BUILD, "--outdir", DIST, ROOT, cwd=ROOT, more=dated)
        copied = ("sh", "-c", 'umask 077 && exec "$@"', "sh", *BUILD, "--wheel")
        second = two.submit(run, *copied, "--outdir", again, ROOT, cwd=folder, more=elsewhere)
        first.result()
        second.result()
    (wheel,), (other,) = DIST.glob("*.whl"), again.glob("*.whl")
    if wheel.read_bytes() != other.read_bytes():
        raise SystemExit(f"{wheel.name} has other bytes when it is built again")
    return wheel


def prove_wheel(wheel: Path, folder: Path) -> None:
    """Run the README's sessions and the demo in an environment that has the wheel alone."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    required = ("--require-hashes", "-r", ROOT / "requirements" / "use.txt")
    run(python, *PIP, *required, cwd=folder)
    run(python, *PIP, "--no-deps", wheel, cwd=folder)
    run(python, "-m", "cecert", "--version", cwd=folder)
    shutil.copy(ROOT / "README.md", folder)
    run(python, "-m", "doctest", "README.md", cwd=folder)
    run(python, "-m", "cecert", "demo", folder / "demo", cwd=folder)


def build_verifier(folder: Path, dated: Mapping[str, str]) -> Path:
    """Build the wheel of cecert-verify, and return it."""
    project = folder / "cecert-verify"
    run(sys.executable, ROOT / "verify" / "make_project.py", project, cwd=folder)
    run(*BUILD, "--wheel", "--outdir", DIST, project, cwd=folder, more=dated)
    (wheel,) = DIST.glob("cecert_verify-*.whl")
    return wheel


def prove_verifier(wheel: Path, folder: Path) -> None:
    """Ask the wheel of cecert-verify for all vectors, where `cryptography` is all there is.

    Raises:
        SystemExit: If an answer is wrong.
    """
    alone, pins = folder / "alone", folder / "alone.txt"
    lines = (ROOT / "requirements" / "use.txt").read_text("utf-8").replace("\\\n", " ")
    needed = re.compile(rf"(?:{'|'.join(ALONE)})==")
    pins.write_text("\n".join(each for each in lines.splitlines() if needed.match(each)), "utf-8")
    target = (*PIP, "--no-deps", "--target", alone)
    run(sys.executable, *target, "--require-hashes", "-r", pins, cwd=folder)
    run(sys.executable, *target, wheel, cwd=folder)
    sys.path.insert(0, str(ROOT / "verify"))
    from make_project import renamed

    tools = folder / "tests" / "support"
    tools.mkdir(parents=True)
    (folder / "tests" / "vectors").symlink_to(ROOT / "tests" / "vectors")
    for name in ("verifiers.py", "vectors_alone.py"):
        source = (ROOT / "tests" / "support" / name).read_text("utf-8")
        (tools / name).write_text(renamed(source), "utf-8")
    begin = f"import sys, runpy; sys.path[:0] = {[str(alone), str(tools)]}; "
    program = begin + "runpy.run_module('vectors_alone', run_name='__main__')"
    # Isolated, and without the packages of this environment.
    asked = (sys.executable, "-I", "-S", "-c", program, "1")
    done = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    if found["wrong"]:
        raise SystemExit(f"{wheel.name} answers otherwise than the vectors: {found['wrong']}")
    print(f"{wheel.name} passes {found['count']} vectors with cryptography alone")


def main() -> None:
    """Build and prove."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, ROOT / "reader" / "fetch_reader.py", cwd=ROOT)
    second = instant()
    dated = {**os.environ, "SOURCE_DATE_EPOCH": str(second)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        wheel = built_twice(folder, dated)
        bill = bill_of_materials.write(wheel, second)
        print(f"{wheel.name} is the same when it is built again; {bill.name} says what it needs")
        verifier = build_verifier(folder, dated)
        with ThreadPoolExecutor() as two:
            for proof in [
                two.submit(prove_wheel, wheel, folder),
                two.submit(prove_verifier, verifier, folder),
            ]:
                proof.result()
    print(f"{wheel.name} runs the README's sessions in an empty environment")


if __name__ == "__main__":
    main()
