"""Docstrings say what CONTRIBUTING asks of them: objects, parameters, fields."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import cecert
from cecert import CecertError

ROOT = Path(__file__).parents[2]


def script() -> ModuleType:
    """Return `docs/docstrings.py` as a module."""
    spec = importlib.util.spec_from_file_location("docstrings", ROOT / "docs/docstrings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


docstrings = script()


def test_no_public_docstring_says_too_little() -> None:
    assert list(docstrings.faults_in(docstrings.held())) == []


THREADS = re.compile(r"\b[Tt]hreads may share|\bone thread at a time|\bOne thread at a time")


def test_every_public_class_says_whether_threads_may_share_it() -> None:
    public = (getattr(cecert, name) for name in cecert.__all__)
    classes = [each for each in public if isinstance(each, type)]
    # What an error says holds of those below it.
    told = {each for each in classes if THREADS.search(" ".join((each.__doc__ or "").split()))}
    told |= {each for each in classes if issubclass(each, CecertError) and CecertError in told}
    assert [each.__name__ for each in classes if each not in told] == []
    assert len(told) > 100


def test_every_module_is_held() -> None:
    held = {path.relative_to(docstrings.SOURCES).parts[0] for path in docstrings.held()}
    assert held > {"adapters", "cli", "domain", "office", "ports", "testing", "workflows"}


ADD = '''
def add(name: str, folder: str, *, by: str) -> None:
    """Add an override to the file of a folder.

    Args:
        name: Of the override.
        {lines}

    Raises:
        ValueError: If by is blank.
    """
'''


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ("folder, by: Where, and who.", ""),
        ("by: Who.\n        folder: Where.", ""),
        ("folder: Where.", "by"),
        ("folder: Where, and\n            by: who does it.", "by"),
        ("folder: Where.\n        by:", "by"),
    ],
)
def test_every_parameter_of_three_is_explained(lines: str, missing: str) -> None:
    told = [fault for _, fault in docstrings.faults(ADD.replace("{lines}", lines))]
    assert told == ([f"add: Args: says nothing of {missing}"] if missing else [])


def test_two_parameters_and_what_typer_explains_need_no_list() -> None:
    one = 'def add(name: str, folder: str) -> None:\n    """Add a name to a folder."""\n'
    assert list(docstrings.faults(one)) == []
    three = one.replace("name: str", "name: str, by: str")
    assert [line for line, _ in docstrings.faults(three)] == [1]
    assert list(docstrings.faults(three, commands={"add"})) == []


def test_methods_count_without_self_and_private_names_not_at_all() -> None:
    method = '    def {}(self, a: int, b: int{}) -> int:\n        """Return a sum of numbers."""\n'
    source = 'class Sums:\n    """Adds numbers for people."""\n'
    two, three = method.format("sum", ""), method.format("sum", ", *c: int")
    assert list(docstrings.faults(source + two)) == []
    assert [fault for _, fault in docstrings.faults(source + three)] == [
        "Sums.sum: Args: says nothing of a, b, c"
    ]
    hidden = source + method.format("_sum", ", *c: int")
    assert list(docstrings.faults(hidden + three.replace("    def sum", "def _add"))) == []


def test_every_field_of_three_is_explained() -> None:
    source = (
        '@dataclass\nclass Stay:\n    """How long somebody stayed.\n\n    Attributes:\n'
        '        join, leave: Instants.\n    """\n\n    join: int\n    leave: int\n    line: int\n'
    )
    assert [fault for _, fault in docstrings.faults(source)] == [
        "Stay: Attributes: says nothing of line"
    ]
    assert list(docstrings.faults(source.replace("    line: int\n", ""))) == []
    assert list(docstrings.faults(source.replace("@dataclass\n", ""))) == []
    of_the_class = source.replace("line: int", "line: ClassVar[int] = 0")
    assert list(docstrings.faults(of_the_class)) == []


@pytest.mark.parametrize(
    "first",
    ["Then.", "Return it, in UTC.", "Take what stands there.", "Tell nobody.", "Return them."],
)
def test_a_first_line_without_an_object_is_found(first: str) -> None:
    source = f'def act() -> None:\n    """{first}"""\n'
    assert [fault for _, fault in docstrings.faults(source)] == [
        f"act: the first line names no object: {first}"
    ]


@pytest.mark.parametrize(
    "first",
    ["Return the time, in UTC.", "Take the words that stand there.", "Return what a seal proves."],
)
def test_a_first_line_with_an_object_is_enough(first: str) -> None:
    assert list(docstrings.faults(f'def act() -> None:\n    """{first}"""\n')) == []


def test_commands_are_those_of_the_table() -> None:
    keys = docstrings.SOURCES / "cli/keys.py"
    assert docstrings.commands_in(keys) >= {"init", "list_keys", "rotate"}
    assert docstrings.commands_in(docstrings.SOURCES / "office/keys/keys.py") == set()
