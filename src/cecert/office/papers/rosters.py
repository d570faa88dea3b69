"""Rosters and yearly reports as tables: what a board's form, or a sponsor's, has for columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from cecert.adapters.assets import asset_folder
from cecert.adapters.office_files import read_roster_profiles
from cecert.adapters.office_files.values import nearest
from cecert.domain.certificate.phrases import category_split, format_phrase
from cecert.domain.certificate.roster import SEVERAL, Roster, RosterProfile
from cecert.domain.course.regime import RuleSource
from cecert.domain.values.wording import hours_figure, joined
from cecert.errors import InputError
from cecert.workflows.annual import Activity, AnnualReport, Headcount

if TYPE_CHECKING:
    from cecert.office.office import Office

__all__ = ["annual_table", "known_credential", "profile_notes", "roster_profile", "roster_table"]

Table: TypeAlias = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Columns, and rows of them."""


def roster_profile(office: Office, name: str) -> RosterProfile:
    """Return the profile that `--profile` names, one of cecert's or of the office's own.

    Raises:
        InputError: If there is none.
        ConfigurationError: If a profile cannot be used.
    """
    known = read_roster_profiles(asset_folder("templates") / "rosters", office.file.rosters)
    if name not in known:
        raise InputError(
            f"there is no roster profile {name}{nearest(name, known)}",
            hint=f"known to this office: {', '.join(known)}",
        )
    return known[name]


def profile_notes(profile: RosterProfile, roster: Roster) -> Iterator[str]:
    """Yield what a person should know of a roster before handing it on."""
    yield f"profile {profile.id} ({profile.evidence.value}): {profile.source}"
    guessed = [
        each.header
        for each in profile.columns
        if each.evidence is RuleSource.UNVERIFIED is not profile.evidence
    ]
    if guessed:
        yield f"nobody has read that these columns are asked for: {joined(guessed)}"
    for each in roster.unlicensed:
        own = each.certificate
        yield f"warning: left out, without a licence: {own.recipient.name} ({own.id})"
    if roster.elsewhere:
        count = len(roster.elsewhere)
        people = "1 person" if count == 1 else f"{count} people"
        yield f"{people} left out: no licence of theirs is one that the profile takes"


def roster_table(profile: RosterProfile, roster: Roster) -> Table:
    """Return a roster as columns and rows."""
    headers = [each.header for each in profile.columns]
    return headers, [[row.told(each.fact) for each in profile.columns] for row in roster.rows]


def known_credential(office: Office, name: str) -> str:
    """Return a credential type that the office knows.

    Raises:
        InputError: If it knows no such.
    """
    if name not in office.regimes:
        raise InputError(
            f"no regime file knows {name}{nearest(name, office.regimes)}",
            hint=f"known to this office: {', '.join(sorted(office.regimes))}",
        )
    return name


def annual_table(report: AnnualReport) -> Table:
    """Return a year's activities as columns and rows, each followed by its sessions."""
    columns = [
        *_OF_ACTIVITY,
        "Participants",
        f"With {report.credential}",
        *(f"Participants: {each or 'attendance alone'}" for each in report.professions),
    ]
    rows: list[list[str]] = []
    for activity in report.activities:
        facts = [tell(activity) for tell in _OF_ACTIVITY.values()]
        rows.append([*facts, *_counts(activity.people, report)])
        for each in activity.sessions:
            told = {
                "Row": "session",
                "Course": activity.course.id,
                "Title": each.title or activity.course.title,
                "Dates": each.day.isoformat(),
                "When": each.when,
            }
            rows.append([*(told.get(c, "") for c in _OF_ACTIVITY), *_counts(each.people, report)])
    return columns, rows


def _counts(people: Headcount, report: AnnualReport) -> Iterator[str]:
    yield str(people.participants)
    yield str(people.credited)
    for each in report.professions:
        yield str(people.professions.get(each, 0))


def _hours(activity: Activity) -> str:
    least, most = map(hours_figure, activity.hours)
    return most if least == most else f"{least} to {most}"


def _credit_dates(activity: Activity) -> str:
    return " to ".join(dict.fromkeys(each.isoformat() for each in activity.credit_dates))


_OF_ACTIVITY: dict[str, Callable[[Activity], str]] = {
    "Row": lambda _: "activity",
    "Course": lambda own: own.course.id,
    "Title": lambda own: own.course.title,
    "Dates": lambda own: SEVERAL.join(each.isoformat() for each in own.days),
    "When": lambda _: "",
    "Credit dates": _credit_dates,
    "Format": lambda own: format_phrase(own.course),
    "Level": lambda own: own.course.level,
    "Presented by": lambda own: own.course.presented_by,
    "Co-sponsors": lambda own: SEVERAL.join(own.course.co_sponsors),
    "Instructors": lambda own: SEVERAL.join(own.course.instructors),
    "Awarded by": lambda own: own.line.awarded_by,
    "Provider number": lambda own: own.line.number,
    "Hours": _hours,
    "Unit": lambda own: own.line.unit,
    "Categories": lambda own: category_split(own.line),
}
"""Columns of an activity; a session has some of them."""
