"""Nothing is defined that nobody uses: a name that stands nowhere but where it is defined.

Names are compared and not what they stand for, so a dead `read` is not found where another
`read` lives; what is found is dead, or is called by a library or a page and told below.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src/cecert"

CALLED_FROM_OUTSIDE = {
    "process_bind_param": "SQLAlchemy calls it of a type",
    "process_result_value": "SQLAlchemy calls it of a type",
    "_sqlite_clock": "SQLAlchemy calls it for SQLite",
    "_postgresql_clock": "SQLAlchemy calls it for PostgreSQL",
    "load_bytecode": "Jinja2 asks it for a template",
    "dump_bytecode": "Jinja2 gives it what it compiled",
    "handle_DATA": "aiosmtpd calls it for a mail",
    "_trigger_server": "aiosmtpd calls it at the start",
    "redirect_request": "urllib calls it for a redirect",
    "_moveTo": "fontTools calls it of a pen",
    "_lineTo": "fontTools calls it of a pen",
    "_curveToOne": "fontTools calls it of a pen",
    "_closePath": "fontTools calls it of a pen",
    "setup": "Dask calls it of what a worker is told",
    "teardown": "Dask calls it of what a worker is told",
    "schema_of": "docs/generate.py writes the schema of every public value",
    "whole_app": "docs/generate.py asks for the help of every command",
    "from_values": "programs that embed cecert: docs/how-to/embed.md",
    "resolve_course": "programs that embed cecert: docs/how-to/embed.md",
    "forget_keys": "programs that run for long: docs/threat-model.md",
}
"""What no module of cecert mentions, and who calls it."""

_NAMING = re.compile(r"[\w.:\[\], |]+")
"""A command as `cli/_commands.py` names it, an annotation in quotation marks."""

_IMPORT = re.compile(r"^ *from (cecert[\w.]*) import (\([^)]*\)|.+?)( +#.*)?$", re.MULTILINE)

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def unused(root: Path) -> set[str]:
    """Return the functions, classes and methods of a package that none of its modules mentions.

    Names by which a package offers what is in it (its `__init__`, and every `__all__`) are no use.
    """
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(root.rglob("*.py"))}
    offering = [tree for path, tree in trees.items() if path.name == "__init__.py"]
    mentions = Counter(
        name for tree in trees.values() for name in _mentions(tree, offers=tree in offering)
    )
    return {
        node.name
        for tree in trees.values()
        for node in _definitions(tree)
        if mentions[node.name] <= sum(name == node.name for name in _mentions(node, offers=False))
    }


def _definitions(tree: ast.Module) -> Iterator[Defined]:
    for node in tree.body:
        if isinstance(node, Defined):
            yield node
            inner = node.body if isinstance(node, ast.ClassDef) else ()
            for each in inner:
                if isinstance(each, Defined) and not each.name.startswith("__"):
                    yield each


def _mentions(tree: ast.Module | Defined, *, offers: bool) -> Iterator[str]:
    """Yield each name that a module or definition mentions, of what it *offers* no names."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.keyword) and node.arg:
                yield node.arg
            elif isinstance(node, ast.ImportFrom) and not offers:
                yield from (each.name for each in node.names if each.asname)
            elif isinstance(node, ast.Constant) and not offers and isinstance(node.value, str):
                yield from re.findall(r"\w+", node.value) if _NAMING.fullmatch(node.value) else ()


def offered(package: Path) -> set[str]:
    """Return the names in `__all__` of a package's `__init__`."""
    for node in ast.parse((package / "__init__.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


FOR_OTHERS = {
    name for each in ("", "ports", "office", "testing") for name in offered(SOURCES / each)
}
"""The library, and the fakes that users test with."""


def imported_from_packages() -> Mapping[str, set[str]]:
    """Return the names that the project imports from each package or module of cecert."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for folder in ("src", "tests", "docs", "benchmarks", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            for module, names, _ in _IMPORT.findall(path.read_text("utf-8")):
                found[module] |= set(re.findall(r"\w+", names))
    return found


@pytest.fixture(scope="module")
def dead() -> set[str]:
    return unused(SOURCES)


def test_every_function_class_and_method_is_used(dead: set[str]) -> None:
    assert dead - CALLED_FROM_OUTSIDE.keys() - FOR_OTHERS == set()


def test_what_is_called_from_outside_would_be_told_else(dead: set[str]) -> None:
    assert CALLED_FROM_OUTSIDE.keys() <= dead


def test_every_name_that_a_package_offers_is_taken_by_somebody() -> None:
    imported = imported_from_packages()
    packages = [each.parent for each in SOURCES.rglob("__init__.py")]
    names = {each: ".".join(("cecert", *each.relative_to(SOURCES).parts)) for each in packages}
    found = {name: offered(each) - imported[name] - FOR_OTHERS for each, name in names.items()}
    assert {name: left for name, left in found.items() if left} == {}


def test_what_nobody_uses_is_found(tmp_path: Path) -> None:
    (tmp_path / "till.py").write_text(
        "class Till:\n    def pay(self): ...\n    def ring(self): self.ring()\n"
        "def alone(): alone()\n__all__ = ['Till', 'alone']\n"
    )
    (tmp_path / "__init__.py").write_text("names = {'till': ('Till', 'alone')}\n")
    assert unused(tmp_path) == {"Till", "pay", "ring", "alone"}
    (tmp_path / "shop.py").write_text("from till import Till\nTill().pay()\n")
    assert unused(tmp_path) == {"ring", "alone"}
    (tmp_path / "desk.py").write_text("from till import alone as lonely\nCOMMAND = 'till.ring'\n")
    assert unused(tmp_path) == set()
