"""Roster profiles: what a file may say, and an office's own in the place of a shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_folder import TEMPLATES

from cecert.adapters.office_files import read_roster_profiles
from cecert.domain.certificate.roster import Fact, RowKind
from cecert.domain.course.regime import RuleSource
from cecert.errors import ConfigurationError

SHIPPED = TEMPLATES / "rosters"
OWN = """
id = "own"
label = "Our board"
row = "license"
evidence = "primary"
source = "its form of 2026"

[[column]]
header = "Surname"
fact = "last_name"

[[column]]
header = "CEs"
fact = "hours"
evidence = "unverified"
"""


def own_file(folder: Path, *changes: tuple[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    text = OWN
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / "own.toml").write_text(text, "utf-8")
    return folder


def test_an_office_adds_a_profile_and_each_column_says_how_it_is_known(tmp_path: Path) -> None:
    profiles = read_roster_profiles(SHIPPED, own_file(tmp_path / "own"))
    assert profiles.keys() == {*read_roster_profiles(SHIPPED), "own"}
    own = profiles["own"]
    assert (own.row, [each.fact for each in own.columns]) == (
        RowKind.LICENSE,
        [Fact.LAST_NAME, Fact.HOURS],
    )
    assert [each.evidence for each in own.columns] == [RuleSource.PRIMARY, RuleSource.UNVERIFIED]


def test_a_replacement_is_signed_for(tmp_path: Path) -> None:
    place = ('id = "own"', 'id = "apa"')
    with pytest.raises(ConfigurationError, match="says last_verified and verified_by"):
        read_roster_profiles(SHIPPED, own_file(tmp_path / "own", place))
    signed = ('id = "apa"', 'id = "apa"\nlast_verified = 2026-10-01\nverified_by = "Mary Curtin"')
    own = read_roster_profiles(SHIPPED, own_file(tmp_path / "own", place, signed))["apa"]
    assert (own.label, own.verified_by) == ("Our board", "Mary Curtin")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('fact = "hours"', 'fact = "hour"', "hours"),
        ('fact = "hours"', 'fact = "provider_number"', "tells provider_number of each licence"),
        ('header = "CEs"', 'header = "surname"', "has two columns 'surname'"),
        (
            'row = "license"',
            'row = "license"\nstates = ["California"]',
            "California is not the two",
        ),
        ('row = "license"', 'row = "license"\ncertificates = []', "certificates: is empty"),
        ('source = "its form of 2026"\n', "", "own.toml: source: is missing"),
        ('row = "license"', 'row = "licence"', "license"),
    ],
)
def test_what_no_profile_may_say_is_told_with_its_file(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_roster_profiles(SHIPPED, own_file(tmp_path / "own", (before, after)))
    (fault,) = caught.value.faults
    assert str(fault).startswith("own.toml")
    assert told in str(fault)


def test_a_missing_folder_and_two_of_one_id_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is no folder of roster profiles"):
        read_roster_profiles(SHIPPED, tmp_path / "nowhere")
    folder = own_file(tmp_path / "own")
    (folder / "second.toml").write_text(OWN, "utf-8")
    with pytest.raises(ConfigurationError, match="is the id of another profile there"):
        read_roster_profiles(SHIPPED, folder)
