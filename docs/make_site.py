"""Builds the documentation as a site, with the reference of the public names by their docstrings.

`make docs-site` writes it into `build/site`. The pages are those of the repository, at their
places, with the files that they link to, so that every link is checked as it stands: one that
leads nowhere, to a page or to a heading, fails the build.
"""

from __future__ import annotations

import ast
import logging
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from importlib import import_module
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

ROOT = Path(__file__).resolve().parent.parent
PAGES, SITE = ROOT / "build" / "pages", ROOT / "build" / "site"
PACKAGES = ("cecert", "cecert.ports", "cecert.office", "cecert.testing")
"""What is public stands in `__all__` of these."""

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
_SECTION = re.compile(r"^\*\*([^*]+)\*\* · ")
_ENTRY = re.compile(r"\[([^\]]+)\]\(([^)\s]+\.md)\)")

SETTINGS = """
site_name: cecert
docs_dir: {pages}
site_dir: {site}
use_directory_urls: false
theme:
  name: readthedocs
  highlightjs: false
  navigation_depth: 3
  collapse_navigation: true
extra_css: [wide.css]
markdown_extensions:
  - tables
  - fenced_code
  - codehilite: {{noclasses: true, guess_lang: false}}
  - toc:
      permalink: true
      slugify: !!python/object/apply:pymdownx.slugs.slugify {{kwds: {{case: lower}}}}
plugins:
  - search
  - mkdocstrings:
      handlers:
        python:
          paths: [{sources}]
          options:
            docstring_style: google
            show_source: false
            show_root_heading: true
            show_root_full_path: false
            show_root_toc_entry: true
            show_bases: false
            members_order: source
            filters: ["!^_"]
            heading_level: 2
            separate_signature: true
            show_signature_annotations: true
            signature_crossrefs: false
            show_if_no_docstring: false
validation:
  links: {{not_found: warn, anchors: warn, absolute_links: warn, unrecognized_links: warn}}
nav:
{nav}
"""


WIDE = """
.wy-nav-content { max-width: 62rem }
.wy-table-responsive table td { white-space: normal }
"""
"""Lines of code have up to 100 characters, and tables hold sentences."""


def public_names(package: str) -> Sequence[str]:
    """Return the names in `__all__` of a package."""
    path = ROOT / "src" / Path(*package.split(".")) / "__init__.py"
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [each for each in ast.literal_eval(node.value) if not each.startswith("__")]
    raise LookupError(f"{package} has no __all__")


def reference(package: str) -> str:
    """Return the page of a package: one entry for each public name, in order."""
    first = f"# {package}\n\nWhat can be imported from `{package}`, by its docstrings.\n\n"
    return first + "\n".join(_entry(package, name) for name in sorted(public_names(package)))


def _entry(package: str, name: str) -> str:
    """Return what is asked of mkdocstrings for a name; of an Enum, its members too."""
    value = getattr(import_module(package), name)
    members = isinstance(value, type) and issubclass(value, Enum)
    more = "    options:\n      show_if_no_docstring: true\n" if members else ""
    return f"::: {package}.{name}\n{more}"


def copied(pages: Path) -> None:
    """Copy the pages of the repository, and the files that they link to, to their places."""
    shutil.rmtree(pages, ignore_errors=True)
    waiting = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in waiting:
        _copy(page, pages)
        for target in _LINK.findall(page.read_text("utf-8")):
            linked = (page.parent / target).resolve()
            if "://" not in target and linked.is_file() and linked.is_relative_to(ROOT):
                _copy(linked, pages)
            elif linked.is_dir():
                waiting += linked.glob("*.md") if linked / "README.md" not in waiting else ()
    (pages / "wide.css").write_text(WIDE, "utf-8")
    for package in PACKAGES:
        path = pages / "docs" / "reference" / "api" / f"{package}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reference(package), "utf-8")


def _copy(path: Path, pages: Path) -> None:
    target = pages / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)


def navigation() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the sections of `docs/index.md`, each with its pages' titles and places."""
    found: dict[str, list[tuple[str, str]]] = {}
    section = ""
    for line in (ROOT / "docs" / "index.md").read_text("utf-8").splitlines():
        if begun := _SECTION.match(line):
            section = begun[1]
            found[section] = []
        for title, target in _ENTRY.findall(line) if section else ():
            path = (ROOT / "docs" / target).resolve().relative_to(ROOT)
            found[section].append((title.replace("`", ""), path.as_posix()))
    return found


def _nav() -> Iterator[str]:
    yield "  - Overview: README.md"
    for section, entries in navigation().items():
        yield f"  - {section}:"
        yield from (f'      - "{title}": {path}' for title, path in entries)
    yield "  - Library:"
    yield from (f"      - {each}: docs/reference/api/{each}.md" for each in PACKAGES)


class _Counted(logging.Handler):
    """Counts what is warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        print(f"{record.levelname.lower()}: {record.getMessage()}")


def main() -> int:
    """Build the site; return 1 if anything was warned of."""
    copied(PAGES)
    settings = PAGES.parent / "mkdocs.yml"
    text = SETTINGS.format(pages=PAGES, site=SITE, sources=ROOT / "src", nav="\n".join(_nav()))
    settings.write_text(text, "utf-8")
    counted = _Counted()
    logging.getLogger("mkdocs").addHandler(counted)
    try:
        build(load_config(str(settings)))
    except Abort as error:
        print(f"error: {error}")
        return 1
    print(f"{SITE / 'index.html'}: {counted.count} warnings")
    return 1 if counted.count else 0


if __name__ == "__main__":
    sys.exit(main())
