"""What cecert and its tests need is pinned, with a hash for each file that may be installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOR_USE: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: list[str] = [
    each for part in PROJECT["project"]["optional-dependencies"].values() for each in part
]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,]+\])?==(?P<version>\S+)(?P<marker> ; [^\\]+)?")


def group(name: str) -> list[str]:
    found: list[str] = []
    for each in PROJECT["dependency-groups"][name]:
        found += group(each["include-group"]) if isinstance(each, dict) else [each]
    return found


def pins(path: Path) -> dict[str, str]:
    """Return the version of each distribution that a file pins; each line of it is understood."""
    found: dict[str, str] = {}
    for entry in path.read_text("utf-8").replace("\\\n", " ").splitlines():
        head, *hashes = entry.split(" --hash=sha256:")
        pinned = PINNED.fullmatch(head.strip())
        assert pinned is not None, entry[:80]
        assert hashes, f"{head} has no hash"
        assert all(re.fullmatch(r"[0-9a-f]{64} *", each) for each in hashes)
        found[canonicalize_name(pinned["name"])] = pinned["version"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_distribution_is_pinned_and_hashed_and_no_index_is_named(path: Path) -> None:
    assert len(pins(path)) > len(FOR_USE)


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("use", [*FOR_USE, *group("backend"), *PROJECT["build-system"]["requires"]]),
        ("quick", [*FOR_USE, *group("backend"), *group("quick")]),
        ("dev", [*FOR_USE, *EXTRAS, *group("dev")]),
        ("site", [*FOR_USE, *group("backend"), *group("site")]),
        (
            "all",
            [*FOR_USE, *EXTRAS, *group("dev"), *group("bench"), *group("fonts"), *group("site")],
        ),
    ],
)
def test_each_requirement_of_the_project_is_pinned_where_it_is_installed(
    file: str, wanted: list[str]
) -> None:
    pinned = pins(ROOT / "requirements" / f"{file}.txt")
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"make pins: {requirement} is in no line"
        assert requirement.specifier.contains(version), f"make pins: {requirement} is not {version}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_distribution_has_one_version_in_every_file(path: Path) -> None:
    everything = pins(ROOT / "requirements" / "all.txt")
    assert {name: everything.get(name) for name in pins(path)} == pins(path)


def test_make_installs_nothing_that_has_no_hash() -> None:
    for path in (ROOT / "Makefile", ROOT / ".ci" / "install"):
        commands = re.findall(r"(?:\$\(PIP\)|pip .*install) (.+)", path.read_text("utf-8"))
        assert len(commands) == 2
        for each in commands:
            assert each.startswith(("--require-hashes ", "--no-deps --no-build-isolation "))
