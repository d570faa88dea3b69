"""Every value of every TOML file replaced by one of another kind: a reader raises its own error.

Bytes made by chance are seldom TOML, and nearly never TOML with a list where a word belongs.
"""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cecert.adapters.collect_files.overrides import read_overrides
from cecert.adapters.exports.form_file import read_form_or_mapping, read_forms
from cecert.adapters.keys.facts import read_key_facts
from cecert.adapters.office_files.course_file import read_course
from cecert.adapters.office_files.office_file import OfficeFile, read_office
from cecert.adapters.office_files.regime_files import read_regimes
from cecert.domain.course.regime import Regime
from cecert.errors import CecertError
from cecert.office import Office, create_office

TEMPLATES = Path(__file__).parents[2] / "templates"
PASSPHRASE = "correct horse battery"
ODD = (
    "[]", "{}", "-1", "0", "1.5", "nan", "9999999999999999999", "true", '""', '"x"', '"\\u0000"',
    "2020-01-01", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00",
    "23:59:00", "[[]]", "[{}]", '["x"]', "[1]", "{a = 1}", "{a = []}", f'"{"x" * 5000}"',
)  # fmt: skip
MOST_PLACES = 120

MAPPING = """\
kind = "registrations"
required = ["Paid"]
out_of = 3
[columns]
name = "Name"
email = "E-mail"
"""
OVERRIDES = """\
[[override]]
kind = "decision"
participant = "a@example.org"
session = "day-1"
status = "MET"
by = "M. Example"
at = 2020-11-02T10:15:00
why = "seen"
reference = "17"

[[override]]
kind = "segment"
participant = "a@example.org"
session = "day-1"
start = 2020-10-22T13:00:00
end = 2020-10-22T14:00:00
by = "M. Example"
at = 2020-11-02T10:15:00
why = "seen"

[[override]]
kind = "undo"
undoes = 1
by = "M. Example"
at = 2020-11-02T10:15:00
why = "a mistake"
"""


class Written(str):
    """A value as it stands in a file."""

    __slots__ = ()


def written(value: Any) -> str:  # noqa: ANN401  # whatever TOML has
    match value:
        case Written():
            return value
        case bool() | str():
            return json.dumps(value)
        case date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            entries = (f"{json.dumps(key)} = {written(each)}" for key, each in value.items())
            return f"{{{', '.join(entries)}}}"
        case _:
            return repr(value)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    """Yield where each value stands; of a list the first alone."""
    if above:
        yield above
    inner: dict[Any, Any] = value if isinstance(value, dict) else {}
    if isinstance(value, list):
        inner = dict(list(enumerate(value))[:1])
    for key, each in inner.items():
        yield from places(each, (*above, key))


def others(document: dict[str, Any]) -> Iterator[str]:
    """Yield the document with each of its values missing, or another."""
    for place in list(places(document))[:MOST_PLACES]:
        for odd in (None, *ODD):
            changed = copy.deepcopy(document)
            holder: Any = changed
            for key in place[:-1]:
                holder = holder[key]
            if odd is None:
                del holder[place[-1]]
            else:
                holder[place[-1]] = Written(odd)
            yield "\n".join(f"{json.dumps(key)} = {written(it)}" for key, it in changed.items())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toml") / "office"
    create_office(folder)
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with Office.open(folder / "cecert.toml", actor="the fixture", environ=environ) as opened:
        opened.make_keys(PASSPHRASE)
    return folder


@cache
def around(office: Path) -> tuple[OfficeFile, Mapping[str, Regime]]:
    """Return what a course is read beside, which is not what changes."""
    return read_office(office / "cecert.toml"), read_regimes(TEMPLATES / "regimes")


Reader = Callable[[Path, Path], object]
READERS: dict[str, tuple[str | Path, str, Reader]] = {
    # what is changed, the file's name, what reads it
    "mapping": (MAPPING, "m.toml", lambda path, _: read_form_or_mapping(path)),
    "forms": (TEMPLATES / "evidence/forms.toml", "f.toml", lambda path, _: read_forms(path)),
    "overrides": (
        OVERRIDES, "o.toml", lambda path, _: read_overrides(path, ZoneInfo("America/New_York")),
    ),
    "overrides east of Greenwich": (
        OVERRIDES, "o.toml", lambda path, _: read_overrides(path, ZoneInfo("Asia/Tokyo")),
    ),
    "office": (Path("cecert.toml"), "c.toml", lambda path, _: read_office(path)),
    "course": (
        Path("course.toml"), "c.toml", lambda path, office: read_course(path, *around(office)),
    ),
    "keys": (Path("keys/keys.toml"), "keys.toml", lambda path, _: read_key_facts(path.parent)),
    "regime": (
        TEMPLATES / "regimes/ny-social-work.toml", "ny-social-work.toml",
        lambda path, _: read_regimes(path.parent),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_value_of_another_kind_is_an_error_of_the_reader(
    office: Path, tmp_path: Path, name: str
) -> None:
    source, file, read = READERS[name]
    text = source if isinstance(source, str) else (office / source).read_text("utf-8")
    path = tmp_path / file
    for each in others(tomllib.loads(text)):
        path.write_text(each, "utf-8")
        with suppress(CecertError):
            read(path, office)


def test_the_documents_are_read_as_they_were() -> None:
    document = {"b": [1, date(2020, 1, 2), "x"], "c": {"d": True}}
    assert tomllib.loads(f"a = {written(document)}") == {"a": document}
