"""Holds what commands print with `--json` against the schemas of docs/reference/schema/json/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import typer

from cecert.cli._commands import whole_app

SCHEMAS = Path(__file__).parents[2] / "docs/reference/schema/json"
NOWHERE = "https://example.org/v#1"
"""A link to no certificate, and a file that is not there."""


@cache
def json_commands() -> dict[str, list[str]]:
    """Return the commands that have `--json`, each with words that its parser takes for enough."""
    return dict(_json_commands(typer.main.get_command(whole_app()), ()))


def _json_commands(
    command: Any,  # noqa: ANN401  # typer's own click
    path: tuple[str, ...],
) -> Iterator[tuple[str, list[str]]]:
    options = {option for each in command.params for option in each.opts}
    if "--json" in options:
        yield " ".join(path), [*path, *_least(command.params), "--json"]
    for name, child in getattr(command, "commands", {}).items():
        yield from _json_commands(child, (*path, name))


def _least(parameters: list[Any]) -> Iterator[str]:
    may_do_without = any("--trust" in each.opts for each in parameters)
    for each in parameters:
        if each.required:
            name = each.opts[-1]
            yield from [name, NOWHERE] if name.startswith("-") else [NOWHERE]
        elif "--config" in each.opts and not may_do_without:
            yield from ["--config", "nowhere.toml"]


def faults_of(command: str, document: object) -> list[str]:
    """Return where a document is none that the command's schema knows."""
    schema = _validator(command.replace(" ", "-"))
    return [f"{each.instance_path}: {each.message}" for each in schema.iter_errors(document)]


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
