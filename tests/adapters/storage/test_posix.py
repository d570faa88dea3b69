"""Without what only POSIX systems have: the whole job is done, and what is missing is told once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cecert.adapters.storage import posix

ROOT = Path(__file__).parents[3]
ONLY_POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}

WITHOUT = """
import os, runpy, sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in {"fcntl", "grp", "pwd", "resource", "termios"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

opened = os.open

def open_no_folder(path, flags, *mode, **options):
    # Windows opens no folder, and neither does what shutil calls with options.
    if not options and os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return opened(path, flags, *mode, **options)

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
import shutil, subprocess, tempfile  # they look for what is taken away now
for name in ("O_DIRECTORY", "chown", "fchmod", "getuid", "pread", "pwrite"):
    delattr(os, name)
os.open = open_no_folder
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python begins with hiding; it says who works there."""
    (tmp_path / "hiding").mkdir()
    (tmp_path / "hiding" / "sitecustomize.py").write_text(WITHOUT, "utf-8")
    kept = {each: os.environ[each] for each in ("PATH", "XDG_CONFIG_HOME") if each in os.environ}
    return kept | {
        "CECERT_ACTOR": "Mary",
        "CECERT_KEY_PASSPHRASE": "correct horse battery",
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "hiding"), str(ROOT / "src")]),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }


IN_TURN = """
import contextlib, io, json, sys
from pathlib import Path
from cecert.adapters.keys import secrets
from cecert.cli import main

secrets._WORK = secrets._Work(2, 8, 1)  # as all tests that do not ask for what is shipped
said = {}
for name, words in json.load(sys.stdin).items():
    files = [str(each) for each in Path("certificates").rglob("*.pdf")] if name == "verify" else []
    with contextlib.redirect_stdout(io.StringIO()) as out:
        said[name] = main([*words, *files]), out.getvalue()
json.dump(said, sys.stdout)
"""


def run(environ: dict[str, str], folder: Path, *words: str, told: str = "") -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder, env=environ, capture_output=True, text=True, check=False, input=told,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def test_an_office_decides_previews_issues_delivers_and_verifies_without_them(
    environ: dict[str, str], tmp_path: Path
) -> None:
    _, told = run(environ, tmp_path, "-m", "cecert", "init", "office")
    for each in posix._MEANINGS:
        assert told.count(each) == 1
    lists = ("course.toml", "completions.csv")
    steps = {
        "keys": ("keys", "init"),
        "decide": ("decide", *lists),
        "preview": ("preview", "course.toml"),
        "issue": ("issue", *lists),
        "deliver": ("deliver", "--dry-run", "mails"),
        "verify": ("verify", "--offline", "--json", "--config", "cecert.toml"),
    }
    out, said = run(environ, tmp_path / "office", "-c", IN_TURN, told=json.dumps(steps))
    answers = json.loads(out)
    # Offline nobody knows what became of them since; in its own office the ledger answers.
    assert {name: status for name, (status, _) in answers.items()} == dict.fromkeys(steps, 0), said
    results = json.loads(answers["verify"][1])["results"]
    assert len(results) == 5
    assert {each["checks"]["seal"] for each in results} == {"INTACT"}
    for each in posix._MEANINGS:  # another process has told it
        assert (told + said).count(each) == 1, each


def test_they_are_hidden(environ: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import os, importlib.util\n"
        "from cecert.adapters.storage import posix\n"
        "print(posix.fcntl, posix.resource, hasattr(os, 'getuid'))\n"
        "try:\n    os.open('.', os.O_RDONLY)\n"
        "except PermissionError:\n    print('no folder')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["None None False", "no folder"]


def test_here_nothing_is_missing() -> None:
    assert list(posix.what_is_lacking()) == []


def test_no_other_module_imports_what_only_posix_has() -> None:
    source = ROOT / "src" / "cecert"
    pattern = re.compile(rf"^\s*(?:import|from) ({'|'.join(ONLY_POSIX)})\b", re.MULTILINE)
    found = {
        str(each.relative_to(source))
        for each in source.rglob("*.py")
        if pattern.search(each.read_text("utf-8"))
    }
    assert found == {"adapters/storage/posix.py"}
