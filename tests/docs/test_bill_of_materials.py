"""The bill of materials of a wheel: valid by CycloneDX's own schema, and complete."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema_rs
import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"
INSTANT = 1_764_547_200


def schema(uri: str) -> Any:  # noqa: ANN401  # JSON
    name = uri.rpartition("/")[2].removesuffix(".schema.json").removesuffix(".SNAPSHOT")
    return json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    spec = importlib.util.spec_from_file_location("bill", ROOT / "docs/bill_of_materials.py")
    assert spec is not None
    assert spec.loader is not None
    bill_of_materials = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bill_of_materials)
    wheel = tmp_path_factory.mktemp("dist") / "cecert-9.9-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")
    return [bill_of_materials.write(wheel, INSTANT).read_bytes() for _ in "ab"]


def test_it_is_valid_and_the_same_twice(bills: list[bytes]) -> None:
    validator = jsonschema_rs.validator_for(schema("bom-1.6.schema.json"), retriever=schema)
    bill = json.loads(bills[0])
    assert [str(each) for each in validator.iter_errors(bill)] == []
    assert [*validator.iter_errors({**bill, "specVersion": 6})] != []
    assert bills[0] == bills[1]


def test_it_names_everything_that_is_installed_with_cecert_and_nothing_of_its_tests(
    bills: list[bytes],
) -> None:
    bill = json.loads(bills[0])
    named = {each["bom-ref"]: each for each in bill["components"]}
    assert {"cryptography", "cffi", "lxml", "tzdata", "font CecertSans-Regular"} <= named.keys()
    assert named.keys().isdisjoint({"pytest", "hatchling", "psycopg", "cecert"})
    assert named.keys() >= {ref for each in bill["dependencies"] for ref in each["dependsOn"]}
    assert {e for e in named if "licenses" not in named[e]} <= {"colorama", "tzdata"}  # Windows
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/cecert@9.9"
