"""The package for JavaScript: the script of the verify page, over the vectors in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]
TAKEN = ("js", "templates/verify", "tests/vectors/tokens.json", "tests/vectors/log.json")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_package_is_made_of_the_pages_script_and_passes_all_vectors(tmp_path: Path) -> None:
    for name in TAKEN:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    package = tmp_path / "js"
    (package / "index.js").unlink(missing_ok=True)
    for command in (["node", "make.mjs"], ["node", "--test", "test/"]):
        done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 3" in done.stdout
    facts = json.loads((package / "package.json").read_text("utf-8"))
    assert (facts["version"], facts["license"]) == (PROJECT["version"], PROJECT["license"])
    listed = [*facts["files"], "README.md", "package.json"]
    assert [each for each in listed if not (package / each).is_file()] == []
    assert "dependencies" not in facts
