"""Where a test lies says what it needs: other programs in interop/, much time in slow/."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from sampled import further, sampled

TESTS = Path(__file__).parent
HELPERS = {
    "axe_playwright_python", "badge_referees", "chasquid_server", "chromium", "playwright",
    "postgresql_server", "psycopg", "referees", "time_stamps",
}  # fmt: skip
"""Modules that start a browser, a server or another program, and what they do it with."""
MARKED = {"interop": "system", "slow": "slow"}


def modules() -> list[Path]:
    """All modules of tests but those of support/."""
    return [each for each in TESTS.rglob("*.py") if each.relative_to(TESTS).parts[0] != "support"]


@cache
def imported(path: Path) -> set[str]:
    """Return the first words of what a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@cache
def helpers_of(path: Path) -> set[str]:
    """Return the helpers that a module imports, itself or by way of support/."""
    own = imported(path)
    support = [TESTS / "support" / f"{each}.py" for each in own - HELPERS]
    return own & HELPERS | {name for each in support if each.exists() for name in helpers_of(each)}


def test_only_interop_and_slow_import_what_starts_another_program() -> None:
    elsewhere = [each for each in modules() if each.relative_to(TESTS).parts[0] not in MARKED]
    assert len(elsewhere) > 150
    assert {str(each): helpers_of(each) for each in elsewhere if helpers_of(each)} == {}


@pytest.mark.parametrize(("folder", "mark"), MARKED.items())
def test_each_module_there_bears_its_mark(folder: str, mark: str) -> None:
    tests = sorted((TESTS / folder).rglob("test_*.py"))
    assert len(tests) > 1
    for each in tests:
        marks = re.search(r"^pytestmark = (.+)$", each.read_text("utf-8"), re.MULTILINE)
        assert marks is not None, each.name
        assert mark in re.findall(r"pytest\.mark\.(\w+)", marks[1]), each.name


def test_of_a_campaign_a_sample_of_its_own_cases_is_in_every_run() -> None:
    cases = [("a", 1), ("a", 2), ("b", 1)]
    slow = [bool(each.marks) for each in sampled(cases, [("a", 2)])]
    assert slow == [True, False, True]
    assert all(each.marks for each in further(cases))
    for wrong in ([], [("b", 2)]):
        with pytest.raises(ValueError, match="sample"):
            sampled(cases, wrong)


def test_the_imports_of_those_that_start_a_program_are_seen() -> None:
    starters = [each for each in (TESTS / "interop").glob("test_*.py") if helpers_of(each)]
    assert len(starters) > 8
