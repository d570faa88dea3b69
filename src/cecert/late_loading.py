"""A package's names that are loaded when they are asked for (PEP 562).

Deciding needs no PDF, database or mail library, and loading them takes longer than
deciding. So a package lists what lies in which of its modules, and a module is loaded by
the first who asks for a name of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ["late_names"]


def late_names(
    package: str, modules: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return a package's `__getattr__` and `__dir__`.

    To be assigned where type checkers do not look, beside imports that only they see:
    with a `__getattr__` in sight, every misspelt name is a name to them.

    Args:
        package: The package, by its `__name__`.
        modules: The names in each of its modules, by the module's path below the package;
            one that begins with a dot lies beside the package.
    """
    homes = {name: module for module, names in modules.items() for name in names}

    def load(name: str) -> object:
        if (module := homes.get(name)) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f".{module}", package), name)

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return load, names
