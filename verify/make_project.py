"""Makes the project of the distribution `cecert-verify` out of cecert's own modules.

`cecert_verify` here is written against cecert, and is run and typed so. In the distribution
the modules that it needs lie below it, as `cecert_verify.cecert`: what is installed beside
cecert shares no file with it, and either can go without the other (docs/adr/0046).
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
FACE = ROOT / "verify" / "cecert_verify"

ALLOWED = frozenset({"cryptography"})
"""What may be imported when a module is, beside the standard library."""

_IMPORT = re.compile(r"^(\s*(?:from|import) )cecert\b", re.MULTILINE)


@dataclass
class Needs:
    """What some files need of cecert, and of others.

    Attributes:
        modules: Files of cecert.
        libraries: Distributions' modules that are imported as soon as one of them is.
    """

    modules: set[Path] = field(default_factory=set)
    libraries: set[str] = field(default_factory=set)

    def follow(self, path: Path) -> None:
        """Add what a file imports, and what that imports."""
        tree = _parsed(path)
        top = {id(each) for each in tree.body}
        for node in _imports(tree):
            for name in _named(node):
                library = name.partition(".")[0]
                if library == "cecert":
                    self._take(name)
                elif id(node) in top and library not in sys.stdlib_module_names:
                    self.libraries.add(library)

    def _take(self, name: str) -> None:
        """Add the module that *name* is or lies in; of a late name, the one it is loaded from."""
        package, _, last = name.rpartition(".")
        home = _late_home(package, last)
        for path in (_file(name) or home or _file(package), home and _file(package)):
            if path is not None and path not in self.modules:
                self.modules.add(path)
                self.follow(path)

    @property
    def packages(self) -> set[Path]:
        """The files of the packages in which the modules lie, where nothing is asked of them."""
        folders = {each for path in self.modules for each in path.parents}
        return {each / "__init__.py" for each in folders if SOURCES in each.parents} - self.modules


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports of a module, in functions too, but not what only type checkers see."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _named(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for each in node.names:
        yield each.name if isinstance(node, ast.Import) else f"{node.module}.{each.name}"


def _file(module: str) -> Path | None:
    base = SOURCES / Path(*module.split("."))
    return next((e for e in (base.with_suffix(".py"), base / "__init__.py") if e.is_file()), None)


def _late_home(package: str, name: str) -> Path | None:
    """Return the file of a name that a package loads when it is asked for."""
    path = _file(package)
    if path is None or path.name != "__init__.py":
        return None
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
            return _file(node.module or "")
    return None


def needs() -> Needs:
    """Return what the distribution needs of cecert, and of others."""
    found = Needs()
    for path in sorted(FACE.glob("*.py")):
        found.follow(path)
    return found


def renamed(source: str) -> str:
    """Return a module's text with cecert's modules where the distribution has them."""
    return _IMPORT.sub(r"\1cecert_verify.cecert", source)


def make(folder: Path) -> None:
    """Write the project into an empty *folder*.

    Raises:
        SystemExit: If it would need more than is allowed.
    """
    found = needs()
    if more := found.libraries - ALLOWED:
        raise SystemExit(f"cecert-verify would need {', '.join(sorted(more))}")
    package = folder / "cecert_verify"
    for path in sorted(FACE.glob("*.py")):
        _write(package / path.name, renamed(path.read_text("utf-8")))
    for path in sorted(found.modules):
        _write(package / path.relative_to(SOURCES), renamed(path.read_text("utf-8")))
    for path in sorted(found.packages):
        _write(package / path.relative_to(SOURCES), '"""A package of cecert."""\n')
    _write(package / "py.typed", "")
    _write(folder / "pyproject.toml", _project())
    shutil.copy(ROOT / "verify" / "README.md", folder)
    shutil.copy(ROOT / "LICENSE", folder)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _project() -> str:
    """Return the project's file, with the version and the requirement that cecert has."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (needed,) = (each for each in whole["dependencies"] if each.startswith("cryptography"))
    text = (ROOT / "verify" / "pyproject.toml").read_text("utf-8")
    text = text.replace('version = "0"  # cecert\'s', f'version = "{whole["version"]}"')
    return text.replace('["cryptography"]  # as cecert has it', f'["{needed}"]')


if __name__ == "__main__":
    make(Path(sys.argv[1]))
