"""What cecert ships, found by listing its folders: regimes, layouts, sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cecert.adapters.office_files import read_regimes
from cecert.domain.certificate.certificate import Paper
from cecert.domain.course.regime import NumberPolicy, Regime
from cecert.office import Office, create_office

TEMPLATES = Path(__file__).parents[2] / "templates"
REGIMES: Mapping[str, Regime] = read_regimes(TEMPLATES / "regimes")
LAYOUTS = sorted(path.stem for path in (TEMPLATES / "layouts").glob("*.toml"))
SHEETS = [each.value for each in Paper]
PASSPHRASE = "correct horse battery"
ENVIRON = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}


def office_of(
    folder: Path, regimes: Sequence[Regime], own_regimes: Path | None = None, title: str = ""
) -> Path:
    """Make an office that is approved for *regimes*, and a course that offers them all.

    Args:
        folder: Where; it must not be there yet.
        regimes: For which, in the order of the course's credits.
        own_regimes: Folder of regime files that are not shipped.
        title: The course's, "" for the title of a new office.
    """
    create_office(folder)
    office, course = folder / "cecert.toml", folder / "course.toml"
    text = office.read_text("utf-8")
    head, _, rest = text.partition("[[approval]]")
    tail = rest[rest.index("[verify]") :]
    if own_regimes is not None:
        tail += f'\n[regimes]\npath = "{own_regimes}"\n'
    office.write_text(head + "".join(map(approval, regimes)) + tail, "utf-8")
    text = course.read_text("utf-8")
    head, _, rest = text.partition("[[credit]]")
    tail = rest[rest.index("[[co_sponsor]]") :]
    offered = "".join(map(credit, regimes))
    if title:
        head = head.replace("Mentalization Based Treatment", title, 1)
    course.write_text(head + offered + tail, "utf-8")
    return folder


def credit(regime: Regime) -> str:
    """Return six hours of a regime's credit as a course offers them."""
    text = f'[[credit]]\ncredential = "{regime.id}"\nhours = 6\n'
    if regime.names_states:
        text += 'states = ["CT", "VT"]\n'
    if regime.field_of_study:
        text += 'categories = [{ code = "Specialized Knowledge", hours = 6 }]\n'
    return text


def approval(regime: Regime) -> str:
    """Return an approval of the office's for a regime, or "" where it needs none."""
    if not regime.approval_needed:
        return ""
    number = '"0000"' if regime.number_policy is NumberPolicy.REQUIRED else '""'
    return f"""[[approval]]
credential = "{regime.id}"
holder = "Smith College School for Social Work"
number = {number}
valid_from = 2020-01-01
valid_to = 2022-12-31
checked_on = 2020-02-03
statement = "{regime.id}"

"""


def looking_like(folder: Path, layout: str, paper: str) -> Path:
    """Give an office a layout and a sheet."""
    path = folder / "cecert.toml"
    text = path.read_text("utf-8")
    head, _, _ = text.partition("[certificate]")
    rest = text.partition("[certificate]")[2]
    tail = rest[rest.index("[regimes]") :] if "[regimes]" in rest else ""
    table = f'[certificate]\nlayout = "{layout}"\npaper = "{paper}"\n\n'
    path.write_text(head + table + tail, "utf-8")
    return folder


def opened(folder: Path) -> Office:
    """Open it with its passphrase."""
    return Office.open(folder / "cecert.toml", actor="a test", environ=ENVIRON)
