"""What is public is exported by four packages, with every type its signatures speak of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import every_public_name
import pytest
from public_face import PACKAGES, hidden_types, is_internal, public_names, types_of

from cecert.domain.course.course import Course
from cecert.workflows.verify.verifier import Verifier

ROOT = Path(__file__).parents[2]


def test_every_type_of_a_public_signature_is_public_itself() -> None:
    assert hidden_types() == {}


def test_types_are_found_in_fields_in_callables_and_in_what_only_type_checkers_import() -> None:
    def of(thing: object) -> set[str]:
        return {kind.__name__ for _, kind in types_of("", thing)}

    assert {"Session", "CreditLine", "CoSponsor", "Decimal"} - of(Course) == {"Decimal"}
    assert {"TrustFile", "PdfReader", "StatusAnswer"} <= of(Verifier)


def test_every_public_name_is_there_once_and_in_order() -> None:
    assert len(public_names()) > 200
    for package in PACKAGES:
        module = __import__(package, fromlist=["*"])
        assert list(module.__all__) == sorted(set(module.__all__)), package
        assert set(module.__all__) <= set(dir(module)), package


def test_what_mypy_reads_names_every_public_name_and_implements_every_port() -> None:
    public = public_names()
    named = {each.rpartition(".")[2] for each in public}
    source = Path(every_public_name.__file__).read_text("utf-8")
    assert named == set(re.findall(r"\w+", source.partition("EVERY_NAME")[2])) - {"fmt", "skip"}
    ports = {type(each).__name__.removeprefix("Own") for each in every_public_name.every_port()}
    assert ports == {
        each.__name__
        for each in public.values()
        if isinstance(each, type) and getattr(each, "_is_protocol", False)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("cecert"):
            assert node.module in PACKAGES


def test_what_says_that_it_is_internal_is_passed_over() -> None:
    class Shown:
        @property
        def hidden(self) -> Verifier:
            """Return what is ours.

            Internal.
            """
            raise NotImplementedError

    assert is_internal(vars(Shown)["hidden"].fget)
    assert not is_internal(Shown)
    assert list(types_of("Shown", Shown)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda it: it.name)
def test_an_example_uses_public_names_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("cecert"):
            assert node.module in PACKAGES
