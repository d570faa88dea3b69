"""Files that only other programs read name what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
BEFORE_A_PUSH = "quick"


def prerequisites(target: str) -> set[str]:
    found = re.search(rf"^{target}:(.*?)(?:##|$)", MAKEFILE, re.MULTILINE)
    assert found is not None
    return set(found[1].split())


def test_hooks_run_what_make_check_runs() -> None:
    hooks = re.findall(r"entry: (.+)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    targets = [each.removeprefix("make ") for each in hooks]
    assert len(targets) == len(set(targets)) > 4
    assert set(targets) - prerequisites("check") == {BEFORE_A_PUSH}


def test_every_target_that_a_page_names_is_in_the_makefile() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.*")]
    named = {each for page in pages for each in re.findall(r"`make ([a-z-]+)`", page.read_text())}
    named |= set(
        re.findall(r"^make ([a-z-]+)", (ROOT / "docs/install.md").read_text("utf-8"), re.MULTILINE)
    )
    there = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert len(named) > 8
    assert named - there == set()
