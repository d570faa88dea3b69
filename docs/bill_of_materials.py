"""The bill of materials of a wheel, in CycloneDX JSON: what it needs, and the fonts that are in it.

Versions are those of `requirements/use.txt`, which also has the hash of each file; what needs
what, and under which licence, is told by the distributions that are installed here. Optional
extras are in no wheel's bill. The same wheel and requirements give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FONT_LICENCE = "OFL-1.1"
LONGEST_NAME = 80
"""Characters of a licence's name; a longer one is its whole text."""

_PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", re.MULTILINE)


def bill_of(wheel: Path, instant: int) -> dict[str, object]:
    """Return the bill of materials of a wheel.

    Args:
        wheel: Its file, made of this checkout.
        instant: When it was made, seconds since 1970.
    """
    name, version = wheel.name.split("-")[:2]
    pins = pinned((ROOT / "requirements" / "use.txt").read_text("utf-8"))
    edges = needed("cecert", pins)
    digest = sha256(wheel.read_bytes()).hexdigest()
    own = {**_component(name, version), "hashes": [{"alg": "SHA-256", "content": digest}]}
    fonts = list(_fonts())
    needs = {"cecert": [*edges["cecert"], *(each["bom-ref"] for each in fonts)]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(instant, UTC).isoformat(),
            "component": {**own, "type": "application"},
        },
        "components": [
            *(_component(each, pins[each]) for each in sorted(edges) if each != "cecert"),
            *fonts,
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": each} for ref, each in sorted({**edges, **needs}.items())
        ],
    }


def pinned(requirements: str) -> Mapping[str, str]:
    """Return the version of each distribution that a file of requirements pins."""
    return {canonicalize_name(name): version for name, version in _PIN.findall(requirements)}


def needed(name: str, pins: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Return what a distribution needs, and each of those in turn, of what is pinned."""
    found: dict[str, Sequence[str]] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = sorted({*_requirements(each)} & pins.keys())
            waiting += found[each]
    return found


def _requirements(name: str) -> Iterator[str]:
    """Yield what a distribution requires by itself; nothing of one that is not installed here."""
    about = _metadata(name)
    for line in about.get_all("Requires-Dist") or () if about else ():
        requirement = Requirement(line)
        if "extra ==" not in str(requirement.marker):
            yield canonicalize_name(requirement.name)


@cache
def _metadata(name: str) -> PackageMetadata | None:
    """Return what a distribution says of itself, None if it is for another system."""
    try:
        return metadata(name)
    except PackageNotFoundError:
        return None


def _component(name: str, version: str) -> dict[str, object]:
    licences = _licences(name)
    return {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        **({"licenses": licences} if licences else {}),
    }


def _licences(name: str) -> list[dict[str, object]]:
    """Return the licence of a distribution as it tells it itself; nothing if it is not here."""
    about = _metadata(name)
    if about is None:
        return []
    if expression := about.get("License-Expression"):
        return [{"expression": expression}]
    told = (about.get("License") or "").partition("\n")[0]
    classified = [
        each.rpartition(" :: ")[2]
        for each in about.get_all("Classifier") or ()
        if each.startswith("License :: ")
    ]
    names = [told] if 0 < len(told) <= LONGEST_NAME else classified
    return [{"license": {"name": each}} for each in names]


def _fonts() -> Iterator[dict[str, object]]:
    for path in sorted((ROOT / "fonts").glob("*.otf")):
        yield {
            "type": "file",
            "bom-ref": f"font {path.stem}",
            "name": path.name,
            "hashes": [{"alg": "SHA-256", "content": sha256(path.read_bytes()).hexdigest()}],
            "licenses": [{"license": {"id": FONT_LICENCE}}],
        }


def write(wheel: Path, instant: int) -> Path:
    """Write the bill of a wheel beside it, and return its path.

    Args:
        wheel: The wheel's file.
        instant: When it was made, seconds since 1970.
    """
    path = wheel.with_name(f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json")
    path.write_text(json.dumps(bill_of(wheel, instant), indent=1) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
