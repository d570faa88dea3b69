"""Names of a package that are loaded when they are asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
PACKAGES = sorted(
    ".".join(each.parent.relative_to(SOURCE).parts)
    for each in (SOURCE / "cecert").rglob("__init__.py")
    if "late_names" in each.read_text("utf-8")
)


def test_the_packages_are_found() -> None:
    assert {"cecert", "cecert.office", "cecert.ports", "cecert.adapters.keys"} < {*PACKAGES}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_that_of_a_module_beside_it(package: str) -> None:
    # Once it is imported, a module takes the place of what has its name.
    source = import_module(package).__file__
    assert source is not None
    modules = {each.stem for each in Path(source).parent.iterdir()}
    assert modules.isdisjoint(_for_type_checkers(source))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_there_and_shown(package: str) -> None:
    module = import_module(package)
    assert {each for each in module.__all__ if not hasattr(module, each)} == set()
    assert {*module.__all__, "__name__", "__all__"} <= {*dir(module)}
    assert dir(module) == sorted({*dir(module)})


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_shown_that_is_not_there(package: str) -> None:
    module = import_module(package)
    assert {each for each in dir(module) if not hasattr(module, each)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_is_not_there_is_missed_as_in_any_module(package: str) -> None:
    with pytest.raises(AttributeError, match=f"^module '{package}' has no attribute 'Manager'$"):
        import_module(package).Manager  # noqa: B018  # looking it up is the test


@pytest.mark.parametrize(
    ("package", "asked", "module", "others"),
    [
        ("cecert", "deliver", "cecert.workflows.deliver.deliver", "cecert.office.office"),
        ("cecert", "decide", "cecert.domain.decision.decide", "cecert.workflows"),
        ("cecert.ports", "Clock", "cecert.ports.system", "cecert.ports.ledger"),
        ("cecert.adapters.render", "SEAL_ROOM", "cecert.adapters.render.renderer", "pypdf"),
        ("cecert.office", "open_verifier", "cecert.office.verify.verify", "cecert.office.office"),
        ("cecert.adapters.keys", "KnownRoots", "cecert.adapters.keys.known_roots", "cryptography"),
    ],
)
def test_a_module_is_loaded_by_the_first_who_asks_for_a_name_of_it(
    package: str, asked: str, module: str, others: str
) -> None:
    program = (
        f"import sys, {package} as package; before = {module!r} in sys.modules; dir(package); "
        f"package.{asked}; print(before, {module!r} in sys.modules, {others!r} in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout == "False True False\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_the_same_names(package: str) -> None:
    # mypy reads the imports that are for it alone; here the program's are held against them.
    source = import_module(package).__file__
    assert source is not None
    shown = _for_type_checkers(source)
    assert {*shown} == {*import_module(package).__all__}
    for name, home in shown.items():
        assert getattr(import_module(home), name) is getattr(import_module(package), name)


def _for_type_checkers(source: str) -> dict[str, str]:
    tree = ast.parse(Path(source).read_text("utf-8"))
    (seen,) = (each for each in tree.body if isinstance(each, ast.If))
    return {
        name.name: str(each.module)
        for each in seen.body
        if isinstance(each, ast.ImportFrom)
        for name in each.names
    }
