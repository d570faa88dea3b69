"""`overrides.toml`: decisions about the evidence, edited by hand or appended by a command.

Every table is `[[override]]` with its kind, who, when and why. Appending keeps what a
person wrote there, comments and layout included. An unknown key is an error, because a
misspelt one would leave its decision out without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from cecert.adapters.tables.toml import TomlError, parse_toml, read_toml
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.overrides import Override, OverrideKind, undo_problem
from cecert.domain.values.intervals import Interval
from cecert.errors import Fault, InputError

if TYPE_CHECKING:
    from tomlkit.items import Table

__all__ = ["append_override", "read_overrides"]

MOST_BYTES = 4_000_000
"""Bytes of the largest file; a thousand overrides take about 400,000."""

_TEXTS = (
    "by",
    "why",
    "participant",
    "session",
    "connection",
    "alias",
    "reference",
    "old",
    "inputs",
)
_KEYS = ("kind", "at", "start", "end", "status", "undoes", *_TEXTS)


def read_overrides(path: Path, zone: ZoneInfo) -> tuple[Override, ...]:
    """Read all overrides, in the file's order.

    Args:
        path: The file.
        zone: The course's; times without an offset are local there.

    Raises:
        InputError: If anything in it cannot be used, with every fault at once.
    """
    tables = _tables(path)
    faults: list[Fault] = []
    overrides: list[Override] = []
    for number, table in enumerate(tables, 1):
        place = f"{path.name}: override {number}"
        try:
            override = _override(table, zone, place)
        except _Faulty as faulty:
            faults += faulty.faults
            continue
        # Numbers are told only where nothing before is missing.
        undoing = override.kind is OverrideKind.UNDO and not faults
        if undoing and (problem := undo_problem(override, overrides)):
            faults.append(Fault(place, "", problem, "cecert override list shows the numbers"))
        overrides.append(override)
    if faults:
        raise InputError(f"{path} cannot be used", tuple(faults))
    return tuple(overrides)


class _Faulty(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def _tables(path: Path) -> list[Mapping[str, object]]:
    try:
        document = read_toml(path, MOST_BYTES)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except TomlError as error:
        raise InputError(f"{path} is no TOML file that can be used: it {error}") from error
    if unknown := [key for key in document if key != "override"]:
        faults = tuple(Fault(path.name, key, "is not known", "[[override]]") for key in unknown)
        raise InputError(f"{path} cannot be used", faults)
    tables = document.get("override", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        fault = Fault(path.name, "override", "is no list of tables", "write [[override]]")
        raise InputError(f"{path} cannot be used", (fault,))
    return tables


def _override(table: Mapping[str, object], zone: ZoneInfo, place: str) -> Override:
    faults = list(_faults(table, place))
    if faults:
        raise _Faulty(faults)
    try:
        texts = {key: str(table.get(key, "")) for key in _TEXTS}
        return Override(
            OverrideKind(table["kind"]),
            at=_instant(table["at"], zone),
            period=_period(table, zone),
            status=AttendanceStatus(table["status"]) if "status" in table else None,
            undoes=cast("int", table.get("undoes", 0)),
            place=place,
            **texts,
        )
    except ValueError as error:
        raise _Faulty([Fault(place, "", str(error))]) from None


def _faults(table: Mapping[str, object], place: str) -> Iterator[Fault]:
    for key, value in table.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            yield Fault(place, key, "is not known", f"did you mean {near[0]}?" if near else "")
        elif key in _TEXTS and not isinstance(value, str):
            yield Fault(f"{place}, {key}", str(value), "is not in quotation marks")
        elif key == "undoes" and (not isinstance(value, int) or isinstance(value, bool)):
            yield Fault(f"{place}, {key}", str(value), "is no number of an override")
        elif key in {"at", "start", "end"} and not isinstance(value, datetime):
            yield Fault(f"{place}, {key}", str(value), "is no date with a time", _TIME)
    for key in ("kind", "at", "by", "why"):
        if key not in table:
            yield Fault(place, "", f"{key} is missing", _MEANING[key])
    yield from _choice(table, "kind", [each.value for each in OverrideKind], place)
    yield from _choice(table, "status", [each.value for each in AttendanceStatus][:3], place)


def _choice(
    table: Mapping[str, object], key: str, allowed: list[str], place: str
) -> Iterator[Fault]:
    if key in table and table[key] not in allowed:
        yield Fault(f"{place}, {key}", str(table[key]), f"is not one of {', '.join(allowed)}")


_TIME = "2020-10-22T13:00:00, local to the course"
_MEANING = {
    "kind": "link, unlink, alias, actual_window, segment, decision or undo",
    "at": f"when it was decided: {_TIME}",
    "by": "who decided it",
    "why": "the reason, for the record",
}


def _instant(value: object, zone: ZoneInfo) -> datetime:
    value = cast("datetime", value)  # `_faults` has seen to it
    aware = value if value.tzinfo else value.replace(tzinfo=zone)
    try:
        utc = aware.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError(f"{value.isoformat()} is beyond the calendar") from None
    if value.tzinfo is None and utc.astimezone(zone).replace(tzinfo=None, fold=0) != value.replace(
        microsecond=0
    ):
        raise ValueError(f"{value.isoformat()} does not exist in {zone.key}: the clock skips it")
    return utc


def _period(table: Mapping[str, object], zone: ZoneInfo) -> Interval | None:
    if "start" not in table and "end" not in table:
        return None
    if "start" not in table or "end" not in table:
        raise ValueError("start and end belong together")
    return Interval(_instant(table["start"], zone), _instant(table["end"], zone))


def append_override(path: Path, override: Override, zone: ZoneInfo) -> bytes:
    """Return the file's content with *override* added at its end.

    Args:
        path: The file; where it is missing, a new one begins.
        override: What to add.
        zone: The course's, in which times are written.

    Raises:
        InputError: If the file there cannot be used, or the undo not any more.
    """
    text = _HEADING
    if path.exists():
        before = read_overrides(path, zone)
        text = path.read_text("utf-8-sig")
        # Asked again here: another command may have undone it meanwhile.
        if override.undoes and (problem := undo_problem(override, before)):
            raise InputError(
                f"this {problem}", hint="cecert override list shows which are in force"
            )
    import tomlkit  # only who adds needs it, and most read

    addition = tomlkit.document()
    addition.append("override", tomlkit.aot())
    addition["override"].append(_table(override, zone))
    whole = "\n\n".join(filter(None, (text.rstrip("\n"), tomlkit.dumps(addition))))
    try:
        parse_toml(whole)
    except TomlError as error:
        raise InputError(f"{path} takes no addition: {error}", hint="write [[override]]") from error
    return whole.encode()


_HEADING = """\
# Decisions about the evidence of one course: who, when and why. cecert collect replays them.
# Times are local to the course. Add to the end; change nothing that was decided: undo it.
"""


def _table(override: Override, zone: ZoneInfo) -> Table:
    values: dict[str, object] = {"kind": override.kind.value}
    values |= {key: getattr(override, key) for key in _TEXTS[2:6] if getattr(override, key)}
    if override.period is not None:
        values["start"] = override.period.start.astimezone(zone).replace(tzinfo=None)
        values["end"] = override.period.end.astimezone(zone).replace(tzinfo=None)
    if override.undoes:
        values["undoes"] = override.undoes
    if override.status is not None:
        values["status"] = override.status.value
    values |= {"by": override.by, "at": override.at.astimezone(zone), "why": override.why}
    values |= {key: getattr(override, key) for key in _TEXTS[6:] if getattr(override, key)}
    import tomlkit

    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, value)
    return table
