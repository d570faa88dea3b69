"""Whatever a file holds, it is read or refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_folder import TEMPLATES, OfficeFolder

from cecert.adapters.office_files import read_course, read_office, read_regimes
from cecert.errors import ConfigurationError

COURSE = (TEMPLATES / "office" / "course.toml").read_bytes()
OFFICE = (TEMPLATES / "office" / "cecert.toml").read_bytes()
REGIME = (TEMPLATES / "regimes" / "apa-psychology.toml").read_bytes()
REGIMES = read_regimes(TEMPLATES / "regimes")


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """A file with a piece cut out, doubled, or overwritten."""
    start = draw(st.integers(0, len(content) - 1))
    end = draw(st.integers(start, min(len(content), start + 80)))
    between = draw(st.sampled_from([b"", content[start:end] * 2]) | st.binary(max_size=6))
    return content[:start] + between + content[end:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoiled(OFFICE))
def test_any_office_file_is_read_or_refused(new_office: OfficeFolder, content: bytes) -> None:
    path = new_office.folder / "spoiled.toml"
    path.write_bytes(content)
    try:
        assert read_office(path).provider.name
    except ConfigurationError as error:
        assert error.faults  # noqa: PT017  # either outcome is right


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoiled(COURSE))
def test_any_course_file_is_read_or_its_errors_are_told(
    new_office: OfficeFolder, content: bytes
) -> None:
    path = new_office.folder / "spoiled.toml"
    path.write_bytes(content)
    office = read_office(new_office.folder / "cecert.toml")
    reading = read_course(path, office, REGIMES)
    assert (reading.course is None) is bool(reading.errors)


@given(spoiled(REGIME))
def test_any_regime_file_is_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "spoiled.toml").write_bytes(content)
        try:
            assert read_regimes(Path(folder))
        except ConfigurationError as error:
            assert error.faults  # noqa: PT017  # either outcome is right


VALUES: st.SearchStrategy[str] = st.sampled_from(
    ["0", "-1", "nan", "1e999", "true", '""', '"x"', "[]", "[[]]", "{}", "{ a = 1 }", "[1, 'a']",
     "0001-01-01", "9999-12-31", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2020-01-01",
     "2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "12:00:00", '"\\u0000"',
     '"\\u202e"', '"' + "x" * 300 + '"', "9" * 300, "0x7f"]
)  # fmt: skip


def keys(content: bytes) -> list[str]:
    lines = content.decode().splitlines()
    return [each.partition("=")[0].strip() for each in lines if "=" in each and each[0].isalpha()]


@pytest.mark.parametrize("name", ["cecert.toml", "course.toml"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_of_any_kind_under_any_key_is_read_or_told_with_its_place(
    new_office: OfficeFolder, name: str, data: st.DataObject
) -> None:
    content: Mapping[str, bytes] = {"cecert.toml": OFFICE, "course.toml": COURSE}
    key = data.draw(st.sampled_from(sorted(set(keys(content[name])))))
    value = data.draw(VALUES)
    lines = content[name].decode().splitlines()
    changed = [f"{key} = {value}" if each.startswith(f"{key} =") else each for each in lines]
    for file, original in content.items():
        (new_office.folder / file).write_bytes(original)
    (new_office.folder / name).write_text("\n".join(changed), "utf-8")
    try:
        office = read_office(new_office.folder / "cecert.toml")
    except ConfigurationError as error:
        assert all(each.place.startswith("cecert.toml") for each in error.faults)  # noqa: PT017  # see above
        return
    reading = read_course(new_office.folder / "course.toml", office, REGIMES)
    assert (reading.course is None) is bool(reading.errors)
