"""Tests of other modules, to be run again where the fixtures they ask for are others."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


def again(fixtures: set[str], *modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the tests of *modules* that ask for one of *fixtures*, by name.

    Raises:
        ValueError: If two have one name.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules:
        for name, test in vars(module).items():
            if name.startswith("test_") and callable(test) and _asked_for(test) & fixtures:
                if name in found:
                    raise ValueError(f"two tests are named {name}")
                found[name] = test
    return found


def _asked_for(test: Callable[..., Any]) -> set[str]:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "usefixtures"]
    return {*inspect.signature(test).parameters, *(name for mark in marks for name in mark.args)}
