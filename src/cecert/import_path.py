"""Where Python looks for modules, without the folders in which anybody may have put one.

`python -m` looks into the working folder first, and a folder that somebody unzipped may
hold a `json.py`. This module is imported before any other, so it imports only what Python
has loaded by then, and not `__future__`.
"""

import os
import site
import sys

__all__ = [
    "begin",
    "leave_working_folder",
    "started_by_name",
    "without_folders",
    "working_folder",
]

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder that cecert itself was imported from."""

NAMES = {"cecert", "cecert.__main__"}
"""What may stand after `-m`."""


def begin() -> None:
    """Take the working folder off `sys.path`, if Python is starting cecert by its name."""
    if started_by_name(sys.argv, sys.orig_argv):
        leave_working_folder()


def started_by_name(arguments: list[str], original: list[str]) -> bool:
    """Say whether Python is just starting cecert, as `python -m cecert` asked.

    Args:
        arguments: `sys.argv`; its first is "-m" while the module is looked for.
        original: `sys.orig_argv`.
    """
    options = [at for at, each in enumerate(original) if each[:1] == "-" and each[:2] != "--"]
    names = ["".join(original[at : at + 2]).partition("m")[2] for at in options]
    joined = [original[at].partition("m")[2] for at in options]
    return arguments[:1] == ["-m"] and not {*names, *joined}.isdisjoint(NAMES)


def leave_working_folder() -> None:
    """Take the working folder off `sys.path`."""
    sys.path[:] = without_folders(tuple(sys.path), working_folder())


def working_folder() -> list[str]:
    """Return the working folder, nothing if it is gone."""
    try:
        return [os.getcwd()]
    except OSError:
        return []


def without_folders(entries: tuple[object, ...], folders: list[str]) -> list[str]:
    """Return the absolute folders among *entries* of a module path that are none of *folders*.

    Python's own folders stay. The one that cecert itself was imported from stays too, but
    as the last: whoever can write there can replace cecert, and whatever else is installed
    is found before what was put there.
    """
    shunned, own, home = {*map(_same, folders)}, _own_folders(), _same(HOME)
    absolute = [each for each in entries if isinstance(each, str) and os.path.isabs(each)]
    kept = [each for each in absolute if _same(each) in own or _same(each) not in shunned]
    last = [each for each in absolute if each not in kept and _same(each) == home]
    return list(dict.fromkeys(kept + last))


def _own_folders() -> set[object]:
    library = os.path.dirname(os.__file__)
    return {
        _same(each)
        for each in (library, os.path.join(library, "lib-dynload"), *site.getsitepackages())
    }


def _same(folder: str) -> object:
    """Return what two names of one folder have in common, links and letters' case aside."""
    try:
        found = os.stat(folder)
    except (OSError, ValueError):
        return folder
    return found.st_dev, found.st_ino
