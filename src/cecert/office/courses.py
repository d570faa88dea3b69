"""Courses of an office: found by file, folder or id; each in a folder of its own.

courses/mbt-2020-10/course.toml
courses/mbt-2020-10/files/            what was exported, for `collect` to sort out
courses/mbt-2020-10/completions.csv   and overrides, evidence and reports beside it
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from cecert.adapters.assets import asset_folder
from cecert.adapters.office_files import new_office_files
from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.adapters.tables.toml import TomlError, parse_toml, read_toml
from cecert.errors import ConfigurationError, Fault, InputError

__all__ = [
    "COMPLETIONS_FILE",
    "COURSE_FILE",
    "EVIDENCE_FILE",
    "FILES",
    "course_file",
    "course_id",
    "known_courses",
    "nameless_courses",
    "new_course",
    "only_course",
]

COURSES = "courses"
COURSE_FILE = "course.toml"
FILES = "files"
COMPLETIONS_FILE = "completions.csv"
EVIDENCE_FILE = "completions.evidence.json"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def known_courses(office: Path) -> Mapping[str, tuple[Path, ...]]:
    """Return the course files of an office by the id that each states.

    Args:
        office: The office's folder; courses lie in it, and in the folders of `courses/`.
    """
    found: dict[str, tuple[Path, ...]] = {}
    for path in (*sorted(office.glob("*.toml")), *sorted(office.glob(f"{COURSES}/*/*.toml"))):
        if stated := _stated_id(path):
            found[stated] = (*found.get(stated, ()), path)
    return found


def nameless_courses(office: Path) -> tuple[Path, ...]:
    """Return the files named `course.toml` that state no id, or cannot be read.

    Args:
        office: The office's folder.
    """
    paths = (office / COURSE_FILE, *sorted(office.glob(f"{COURSES}/*/{COURSE_FILE}")))
    return tuple(each for each in paths if each.is_file() and not _stated_id(each))


def _stated_id(path: Path) -> str:
    try:
        course = read_toml(path).get("course", {})
    except (OSError, TomlError):
        return ""
    found = course.get("id", "") if isinstance(course, dict) else ""
    return found if isinstance(found, str) else ""


def course_file(office: Path, given: str | os.PathLike[str]) -> Path:
    """Return the file of a course that is named by its file, its folder or its id.

    Args:
        office: The office's folder.
        given: As a person names it.

    Raises:
        ConfigurationError: If there is none, or several courses have this id.
    """
    path = Path(given)
    try:
        found = [each for each in (path, path / COURSE_FILE) if each.is_file()]
    except OSError as error:
        raise ConfigurationError(f"there is no course of such a name: {error.strerror}") from error
    if found:
        return found[0]
    known = known_courses(office)
    files = known.get(os.fspath(given), ())
    if len(files) == 1:
        return _from_here(files[0])
    if files:
        told = " and ".join(str(_from_here(each)) for each in files)
        raise ConfigurationError(f"{given} is the id of several courses: {told}")
    if path.is_dir():
        raise ConfigurationError(f"there is no {COURSE_FILE} in {given}")
    if path.suffix == ".toml":
        return path  # its reader says that it is not there
    ids = ", ".join(known) or "none"
    raise ConfigurationError(
        f"there is no course {given}",
        hint=f"name its file, its folder, or its id; known to this office: {ids}",
    )


def only_course(office: Path) -> Path:
    """Return the file of the course that is meant where none is named.

    It is the office's only one, or the one whose own folder this is.

    Args:
        office: The office's folder.

    Raises:
        ConfigurationError: If there is none, or several may be meant.
    """
    known = known_courses(office)
    files = [each for paths in known.values() for each in paths]
    here = Path.cwd().resolve()
    own = [each for each in files if each.resolve().parent == here != office.resolve()]
    for meant in (own, files):
        if len(meant) == 1:
            return _from_here(meant[0])
    if not files:
        raise ConfigurationError("this office has no course", hint="cecert new ID makes one")
    raise ConfigurationError(
        f"this office has several courses: {', '.join(known)}", hint="say which with --course"
    )


def _from_here(path: Path) -> Path:
    """Return a path as a person in this folder would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def course_id(office: Path, given: str) -> str:
    """Return the id of a course named by file, folder or id; a text that is neither is an id.

    Args:
        office: The office's folder.
        given: As a person names it; "" for all courses.

    Raises:
        ConfigurationError: If it names a file that is no course's.
    """
    path = Path(given)
    if not given or not (path.suffix == ".toml" or (path / COURSE_FILE).is_file()):
        return given
    file = course_file(office, given)
    if found := _stated_id(file):
        return found
    raise ConfigurationError(f"{file} is no course file: it cannot be read, or states no id")


def new_course(office: Path, identifier: str, like: Path | None = None) -> tuple[Path, ...]:
    """Make the folder of a course, with its file and an empty folder for what is exported.

    Args:
        office: The office's folder.
        identifier: The course's id, which never changes.
        like: The course file that is copied, None for the example.

    Returns:
        What was made.

    Raises:
        InputError: If the id is none, or there is such a course or folder; nothing was made.
    """
    if not _ID.fullmatch(identifier):
        raise InputError(
            f"{identifier!r} is no id of a course",
            hint="letters A-Z, figures and - _ . after the first, such as mbt-2020-10",
        )
    folder = office / COURSES / identifier
    if places := known_courses(office).get(identifier):
        raise InputError(f"there is a course {identifier} already: {places[0]}")
    if folder.exists():
        raise InputError(f"there is a folder {folder} already")
    text = _text_of(like).replace("\r\n", "\n")
    content = _renamed(text, identifier, like)
    try:
        for each in (office / COURSES, folder, folder / FILES):
            make_folder(each)
        write_file(folder / COURSE_FILE, content.encode())
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    return folder / COURSE_FILE, folder / FILES


def _text_of(like: Path | None) -> str:
    if like is None:
        return new_office_files(asset_folder("templates"))[COURSE_FILE].decode()
    try:
        read_toml(like)
        return like.read_text("utf-8-sig")
    except (OSError, TomlError) as error:
        raise InputError(f"{like} cannot be used: {error}") from error


def _renamed(text: str, identifier: str, like: Path | None) -> str:
    """Return a course file with another id, all else as it stands, comments too."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        course = document["course"]
        course["id"] = identifier
        renamed = tomlkit.dumps(document)
        parse_toml(renamed)
    except (TOMLKitError, TomlError, KeyError, TypeError) as error:
        fault = Fault(str(like), "", "has no table [course]")
        raise InputError(f"{like} is no course file", (fault,)) from error
    return renamed
