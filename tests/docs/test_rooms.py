"""Rooms: a small module that only one other reads is part of it.

Whoever follows a call from file to file pays for each; what two files share with nobody is
one subject. A module stays small where its reader is full, or where each of its kind has a
module of its own.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "cecert"
SMALL = 80
"""Lines below which a module with one reader is part of it."""

FULL = 300
"""Lines that a module has at most."""

ONE_EACH = {
    "adapters/exports/formats/canvas.py": "a module a vendor",
    "adapters/exports/formats/forms.py": "a module a vendor",
    "adapters/exports/formats/surveymonkey.py": "a module a vendor",
    "adapters/exports/formats/webex.py": "a module a vendor",
    "cli/transcript.py": "a module a command",
}
"""Small modules with one reader that stay, and why."""


def readers(root: Path) -> Mapping[Path, set[Path]]:
    """Return the modules that import each module of a package."""
    modules = {_name(root, path): path for path in root.rglob("*.py")}
    found: defaultdict[Path, set[Path]] = defaultdict(set)
    for path in modules.values():
        for name in _imported(path):
            if name in modules:
                found[modules[name]].add(path)
    return found


def _name(root: Path, path: Path) -> str:
    parts = (root.name, *path.relative_to(root).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def parts_of_others(root: Path) -> dict[str, str]:
    """Return the modules that are part of their one reader, each with that reader.

    A package's `__init__` reads nothing, and what lies in another layer cannot be moved.
    """
    found = {}
    for path, who in readers(root).items():
        if len(who) != 1 or path.name == "__init__.py" or _lines(path) >= SMALL:
            continue
        (reader,) = who
        own, theirs = path.relative_to(root), reader.relative_to(root)
        has_room = _lines(path) + _lines(reader) <= FULL
        if reader.name != "__init__.py" and own.parts[0] == theirs.parts[0] and has_room:
            found[own.as_posix()] = theirs.as_posix()
    return found


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_small_module_has_one_reader() -> None:
    assert {each for each in parts_of_others(ROOT) if each not in ONE_EACH} == set()


def test_what_stays_would_be_told_else() -> None:
    assert set(ONE_EACH) <= set(parts_of_others(ROOT))


def test_a_small_module_with_one_reader_is_found(tmp_path: Path) -> None:
    package = tmp_path / "shop" / "till"
    package.mkdir(parents=True)
    both = "from shop.till.coins import PENNY\nfrom shop.till import notes\n"
    (package / "coins.py").write_text("PENNY = 1\n")
    (package / "notes.py").write_text("FIVER = 5\n")
    (package / "pay.py").write_text(both)
    found = {"till/coins.py": "till/pay.py", "till/notes.py": "till/pay.py"}
    assert parts_of_others(tmp_path / "shop") == found
    (package / "change.py").write_text("from shop.till.coins import PENNY\n")
    assert parts_of_others(tmp_path / "shop") == {"till/notes.py": "till/pay.py"}
    (package / "pay.py").write_text(both * FULL)
    assert parts_of_others(tmp_path / "shop") == {}
