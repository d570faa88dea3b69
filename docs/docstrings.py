"""Holds docstrings to what CONTRIBUTING says of them; run it to see what is missing.

Whoever calls a function reads its docstring and has no time: from three parameters on it
says what each means, from three fields on a dataclass does, and no first line leaves its
object to be guessed. What typer shows to people as help is left to typer.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "cecert"

MOST_UNEXPLAINED = 2
"""So many parameters or fields their names can explain."""

LEAST_WORDS = 4
"""Words of a first line."""

_NO_OBJECT = re.compile(
    r"^\w+ (?:(?:it|itself|them|this|these|those)\b.{0,25}"
    r"|(?:what|everything|something|nothing|somebody|nobody)(?: \w+){0,2}\.)$"
)
_ENTRY = re.compile(r"^ {4}(\*{0,2}\w+(?:, \*{0,2}\w+)*):\s+\S", re.MULTILINE)
_COMMAND = re.compile(r'"(\w+\.\w+)"')

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def faults(source: str, commands: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Yield where a public docstring of a module says too little, and what it lacks.

    Args:
        source: The module's text.
        commands: Functions whose parameters typer explains.

    Yields:
        The line, and a sentence that begins with the name.
    """
    for node, name in _public(ast.parse(source)):
        text = ast.get_docstring(node) or ""
        for fault in (*_of_opening(text), *_of_lists(node, text, name in commands)):
            yield node.lineno, f"{name}: {fault}"


def _public(tree: ast.Module) -> Iterator[tuple[Documented, str]]:
    """Yield each public function, class and method of a module, with its qualified name."""
    for node in tree.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node, node.name
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, Documented) and not inner.name.startswith("_"):
                    yield inner, f"{node.name}.{inner.name}"


def _of_opening(text: str) -> Iterator[str]:
    first = text.partition("\n")[0]
    if text and (len(first.split()) < LEAST_WORDS or _NO_OBJECT.match(first)):
        yield f"the first line names no object: {first}"


def _of_lists(node: Documented, text: str, is_command: bool) -> Iterator[str]:  # noqa: FBT001
    if isinstance(node, ast.ClassDef):
        heading, names = "Attributes", _fields(node)
    else:
        heading, names = "Args", [] if is_command else _parameters(node)
    missing = [each for each in names if each not in _explained(text, heading)]
    if len(names) > MOST_UNEXPLAINED and missing:
        yield f"{heading}: says nothing of {', '.join(missing)}"


def _explained(text: str, heading: str) -> set[str]:
    """Return the names that a section of a docstring explains."""
    _, _, rest = text.partition(f"{heading}:\n")
    section = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return {name.lstrip("*") for names in _ENTRY.findall(section) for name in names.split(", ")}


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    if any(ast.unparse(each) == "overload" for each in node.decorator_list):
        return []
    given = node.args
    several = [each for each in (given.vararg, given.kwarg) if each]
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs, *several)]
    return [each for each in names if each not in {"self", "cls"}]


def _fields(node: ast.ClassDef) -> list[str]:
    """Return the public fields of a dataclass; of another class, none."""
    if not any("dataclass" in ast.unparse(each) for each in node.decorator_list):
        return []
    return [
        each.target.id
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        and isinstance(each.target, ast.Name)
        and not each.target.id.startswith("_")
        and "ClassVar" not in ast.unparse(each.annotation)
    ]


def held() -> list[Path]:
    """Return the modules that are held to this, which are all, in order."""
    return sorted(SOURCES.rglob("*.py"))


def commands_in(path: Path) -> set[str]:
    """Return the functions of a module that `cli/_commands.py` makes commands of."""
    if path.parent != SOURCES / "cli":
        return set()
    listed = _COMMAND.findall((path.parent / "_commands.py").read_text("utf-8"))
    places = (each.partition(".") for each in listed)
    return {function for module, _, function in places if module == path.stem}


def faults_in(paths: Collection[Path]) -> Iterator[str]:
    """Yield the faults of some modules, with path and line as an editor reads them."""
    for path in paths:
        for line, fault in faults(path.read_text("utf-8"), commands_in(path)):
            yield f"{path}:{line}: {fault}"


def main(named: Collection[str]) -> int:
    """Print the faults of the modules that are *named*, else of all; return the exit status."""
    found = list(faults_in([Path(each).resolve() for each in named] or held()))
    print("\n".join(found) or "docstrings: nothing is missing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
