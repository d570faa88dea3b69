"""The files of three people at the seminar of `cecert init`, as an office has them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PEOPLE", "REGISTRATIONS", "report", "write_reports"]

PEOPLE = {
    "Ana Ruiz": "ana.ruiz@example.org",
    "Ben Cho": "ben@example.net",
    "Ida Sørby": "ida.sorby@example.org",
}
REGISTRATIONS = """\
name,email,credentials,licenses,fee_paid
Ana Ruiz,ana.ruiz@example.org,ny-social-work,NY LMSW 012345,yes
Ben Cho,ben@example.net,ma-social-work,MA LICSW 1234,yes
Ida Sørby,ida.sorby@example.org,apa-psychology,,yes
"""


def report(day: str, *names: str) -> str:
    """Return Zoom's report of a day on which people were there throughout; all if none is named."""
    rows = [
        f"{name},{PEOPLE[name]},{day} 12:57:10 PM,{day} 4:16:20 PM,200,Yes"
        for name in names or PEOPLE
    ]
    header = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest"
    return "\n".join((header, *rows, ""))


def write_reports(folder: Path) -> None:
    """Write the reports of both days."""
    (folder / "oct22.csv").write_text(report("10/22/2020"), "utf-8")
    (folder / "oct29.csv").write_text(report("10/29/2020"), "utf-8")
