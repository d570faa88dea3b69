"""Writes the generated pages of docs/, or checks that they are true (`--check`).

Generated: `reference/commands.md` from the commands' own help, `reference/outcomes.md`
from the one table of outcomes, the index of decisions from their headings, and from the
code the picture and the journeys of `architecture.md`, the schema of the public values and
those of what the commands print with `--json`.
Checked besides: every relative link of every page.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

os.environ["COLUMNS"] = "96"  # the width of help, before typer is imported

import architecture
import typer
from json_schemas import DOCUMENTS, json_schema

import cecert
from cecert.cli._commands import whole_app
from cecert.domain.token.outcome_words import words_of
from cecert.domain.token.verify import Outcome, exit_status
from cecert.domain.values.plain import is_plain, schema_of

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_FIELDS = {
    "issuer": "{issuer}", "school": "the issuer", "as_of": "{as of}", "id": "{id}",
    "detail": "{detail}",
}  # fmt: skip


def commands_page() -> str:
    """Return the reference of all commands, in their own words."""
    parts = [
        "# Commands\n",
        "Written by `make docs` from the commands' own help. stdout is data, stderr is talk;",
        "exit status 0: done, 1: something that should have happened did not, 2: the question was",
        "wrong and nothing was changed; `verify` has [its own](outcomes.md).\n",
    ]
    root = typer.main.get_command(whole_app())
    for name, text in _helps(root, ["cecert"]):
        parts.append(f"## {name}\n\n```text\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def _helps(command: object, path: list[str]) -> Iterator[tuple[str, str]]:
    context = command.make_context(path[-1], [], resilient_parsing=True)  # type: ignore[attr-defined]  # typer's own click
    context.info_name = " ".join(path)
    yield " ".join(path), command.get_help(context)  # type: ignore[attr-defined]
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from _helps(child, [*path, name])


def outcomes_page() -> str:
    """Return the table of everything `verify` can answer."""
    rows = []
    for outcome in Outcome:
        words = words_of(outcome, _FIELDS)
        cells = (outcome.value, str(exit_status(outcome)), words.headline, words.sentence)
        rows.append("| " + " | ".join((*cells, words.advice)) + " |")
    return "\n".join(
        [
            "# Outcomes of a verification\n",
            "Written by `make docs` from the table that the command line and the verify page use.",
            "Several inputs exit with the highest status. Where the trust file was found, not",
            "named, and its root is neither yours nor accepted, what would exit 0 exits 3",
            "([whose root it is](../adr/0021-whose-root-it-is.md)).\n",
            "| outcome | exit | headline | what was found | what to do |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def decisions_page() -> str:
    """Return the index of the decisions, by number."""
    rows = []
    for path in sorted((DOCS / "adr").glob("[0-9]*.md")):
        number, title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ").split(". ", 1)
        rows.append(f"| {number} | [{title}]({path.name}) |")
    return "\n".join(
        [
            "# Decisions\n",
            "Written by `make docs` from their headings. One file is one decision: what was asked,",
            "what was chosen, what was rejected and why. A later one replaces an earlier one and",
            "says so. [How to write one](../../CONTRIBUTING.md#decisions).\n",
            "| number | decision |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def architecture_page() -> str:
    """Return `architecture.md` with its journeys as they are today."""
    return architecture.filled((DOCS / "architecture.md").read_text("utf-8"))


def values_schema() -> str:
    """Return the JSON Schema of every public value."""
    kinds = [getattr(cecert, name) for name in cecert.__all__]
    schema = schema_of(*(each for each in kinds if isinstance(each, type) and is_plain(each)))
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def command_schema(command: str) -> str:
    """Return the JSON Schema of what a command prints with `--json`."""
    return json.dumps(json_schema(command), indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "reference/schema/values.json": values_schema,
    **{
        f"reference/schema/json/{each.replace(' ', '-')}.json": partial(command_schema, each)
        for each in DOCUMENTS
    },
    "reference/commands.md": commands_page,
    "reference/outcomes.md": outcomes_page,
    "adr/README.md": decisions_page,
    "architecture.md": architecture_page,
    architecture.PICTURE: architecture.picture,
}


def broken_links() -> list[str]:
    """Return every relative link that leads nowhere: to no file, or to no heading of a page."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return [
        f"{page.relative_to(ROOT)}: {target}{'#' if heading else ''}{heading}"
        for page in pages
        for target, heading in _LINK.findall(page.read_text("utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not _leads_somewhere(page.parent / target if target else page, heading)
    ]


def _leads_somewhere(path: Path, heading: str) -> bool:
    if not heading or path.suffix != ".md":
        return path.exists()
    return path.exists() and heading in _headings(path.resolve())


@cache
def _headings(page: Path) -> set[str]:
    """Return what a page's headings are called in links; a second of one name ends in `-1`."""
    counted: Counter[str] = Counter()
    found: set[str] = set()
    for heading in _HEADING.findall(_CODE.sub("", page.read_text("utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(f"{name}-{counted[name]}" if counted[name] else name)
        counted[name] += 1
    return found


def main(check: bool) -> int:  # noqa: FBT001  # the one option of this script
    """Write the pages, or say which are not true."""
    stale = []
    for name, write in PAGES.items():
        path, text = DOCS / name, write()
        if check and (not path.exists() or path.read_text("utf-8") != text):
            stale.append(name)
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    for name in stale:
        print(f"docs/{name} is out of date: run make docs")
    broken = broken_links()
    for link in broken:
        print(f"broken link in {link}")
    return 1 if stale or broken else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
