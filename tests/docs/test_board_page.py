"""The how-to reports to a board: the files that it shows are read here, from its own text."""

from __future__ import annotations

import re
from pathlib import Path

from office_folder import TEMPLATES, OfficeFolder

from cecert.adapters.office_files import read_office, read_roster_profiles
from cecert.domain.certificate.cebroker import cebroker_faults
from cecert.domain.certificate.roster import Fact

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/report-to-a-board.md").read_text("utf-8")
REFERENCE = (ROOT / "docs/reference/files.md").read_text("utf-8")


def test_its_profile_and_its_account_are_used_by_an_office(tmp_path: Path) -> None:
    profile, account = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    named, own = profile.split("# rosters/ourboard.toml\n")
    folder = OfficeFolder.made(tmp_path / "office")
    (folder.folder / "rosters").mkdir()
    (folder.folder / "rosters/ourboard.toml").write_text(own, "utf-8")
    path = folder.folder / "cecert.toml"
    path.write_text(path.read_text("utf-8") + named + account, "utf-8")
    office = read_office(path)
    assert office.cebroker is not None
    assert list(cebroker_faults(office.cebroker, tuple(folder.regimes))) == []
    profiles = read_roster_profiles(TEMPLATES / "rosters", office.rosters)
    assert profiles["ourboard"].states == ("VT",)


def test_every_shipped_profile_and_every_fact_is_named() -> None:
    shipped = {each.stem for each in (TEMPLATES / "rosters").iterdir()}
    sentence = PAGE.partition("Profiles:")[2].partition("The command")[0]
    assert set(re.findall(r"`([a-z-]+)`", sentence)) == shipped
    section = REFERENCE.partition("## Roster profiles")[2].partition("\n## ")[0]
    assert {each.value for each in Fact} - set(re.findall(r"`([a-z_]+)`", section)) == set()
    spec = (ROOT / "docs/spec/exports.md").read_text("utf-8")
    assert {each for each in shipped if f"| `{each}` |" not in spec} == set()
