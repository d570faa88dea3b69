"""What single cells mean: names, addresses, yes and no, lengths of time; and which are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from cecert.adapters.tables.grids import CellProblem, Row
from cecert.domain.evidence.answers import plain_word

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_CELL",
    "CellError",
    "CellReader",
    "cell_texts",
    "cell_value",
    "duration_of",
    "email_of",
    "full_name",
    "is_yes",
    "name_of",
    "number_of",
    "overlong",
    "refused",
    "score_of",
    "unguarded",
    "whole_number",
]

LONGEST_CELL = 2_000
"""Characters of a cell that means something here: a name, an address, a licence, a date."""

LONGEST_ANSWER = 32_767
"""Characters of what somebody typed freely and nobody takes apart: the most Excel holds."""

CellReader = Callable[[str], object]
"""Turns a cell into its value, or raises ValueError that continues the cell's place."""

_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_GUARD = re.compile(r"'(?=[-=+@\t\r])")
_BLANK = frozenset({"", "na", "n/a", "null", "none", "--", "-"})
_UNITS = {
    "day": 86_400,
    "hour": 3_600,
    "minute": 60,
    "second": 1,
}
_UNIT_WORDS = {
    "day": "d day days dia dias día días jour jours tag tage dni dzień dagen giorno giorni",
    "hour": "h hr hrs hour hours hora horas heure heures std stunde stunden godz godzina godziny"
    " uur u ora ore time timer timmar jam saat sa ч час ساعة 時間 小时 小時 시간",
    "minute": "m min mins minute minutes minuto minutos minuten minuti minut minuty menit dk dakika"
    " мин 分 分钟 分鐘 분",
    "second": "s sec secs second seconds segundo segundos seconde secondes sek sekunde sekunden"
    " seg secondi sekund sekundy detik sn saniye сек 秒 초",
}
_SECONDS = {word: _UNITS[unit] for unit, words in _UNIT_WORDS.items() for word in words.split()}
_DIGITS, _DIGITS_BEFORE_POINT = 40, 12
_PART = re.compile(r"(\d{1,9})\s*([^\W\d_]+)\.?[\s,]*")
_CLOCK = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})")


class CellError(ValueError):
    """A cell that holds no value; `problem` says why."""

    def __init__(self, problem: CellProblem) -> None:
        """Take what is wrong with the cell."""
        super().__init__(problem.problem)
        self.problem = problem


def cell_value(row: Row, place: int, read: CellReader) -> Any:  # noqa: ANN401 - what *read* returns
    """Return the value of a cell, "" read where the row has none.

    Args:
        row: The row.
        place: The cell's, from 0.
        read: How it is read.

    Raises:
        CellError: If it has none.
    """
    (text,) = cell_texts(row, (place,))
    if isinstance(text, CellProblem):
        raise CellError(text)
    try:
        return read(text)
    except ValueError as error:
        raise CellError(refused(row, place, error)) from error


def cell_texts(row: Row, places: Iterable[int]) -> list[str | CellProblem]:
    """Return what stands in cells of a row, or what is wrong with those that cannot be read.

    Without outer spaces and spreadsheet guards; "" where the row has no such cell.

    Args:
        row: The row.
        places: Of the cells, from 0.
    """
    known = {each.place: each for each in reversed(row.problems)} if row.problems else {}
    found: list[str | CellProblem] = []
    for place in places:
        shown = row.cells[place] if place < len(row.cells) else ""
        problem = overlong(shown)
        wrong = known.get(place) or (CellProblem(place, shown, problem) if problem else None)
        found.append(wrong or unguarded(shown.strip()))
    return found


def refused(row: Row, place: int, error: ValueError) -> CellProblem:
    """Return what is wrong with a cell whose reader raised an error.

    Args:
        row: The row.
        place: The cell's, from 0.
        error: What its reader said.
    """
    return CellProblem(place, row.cells[place] if place < len(row.cells) else "", str(error))


def overlong(cell: str, most: int = LONGEST_CELL) -> str:
    """Say what is wrong with a cell that has more than *most* characters, "" if it has not.

    Asked before any pattern sees the cell: anybody may join a meeting under a name of
    100,000 characters.

    >>> overlong("x" * 60_000), overlong("Ana Ruiz")
    ('has 60000 characters, at most 2000', '')
    """
    return f"has {len(cell)} characters, at most {most}" if len(cell) > most else ""


def name_of(cell: str) -> str:
    """Return a display name as the platform wrote it, with single blanks.

    Direction marks and spreadsheet guards stay: they are told apart where names are
    compared, and what is shown is what stands in the file.

    >>> name_of(" Ana  Ruiz")
    'Ana Ruiz'
    """
    return " ".join(cell.split())


def full_name(first: str, last: str) -> str:
    """Return a name of two cells, either of which may say that there is none.

    >>> full_name("Ana", "Ruiz"), full_name("NA", "--")
    ('Ana Ruiz', '')
    """
    parts = (name_of(each) for each in (first, last))
    return " ".join(each for each in parts if each.casefold() not in _BLANK)


def email_of(cell: str) -> str:
    """Return an address, "" for a cell that holds none; what has no `@` is none."""
    if "@" not in cell:
        return ""
    text = cell.strip() if cell.isascii() else _MARKS.sub("", cell).strip()
    if "'" in text:
        text = _GUARD.sub("", text, count=1)
    text = text.removeprefix("mailto:")
    return text if text.split() == [text] else ""


def unguarded(cell: str) -> str:
    """Return *cell* without the apostrophe that keeps a spreadsheet from running it.

    >>> unguarded("'=1+1"), unguarded("'t Hooft")
    ('=1+1', "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and _GUARD.match(cell) else cell


def is_yes(cell: str) -> bool:
    """Say whether a cell says yes, in the languages platforms write."""
    return plain_word(cell) is True


def whole_number(cell: str) -> int | None:
    """Return a count such as ` 548`, None for what is none."""
    number = number_of(cell)
    return int(number) if number is not None and number == number.to_integral_value() else None


def number_of(cell: str) -> Decimal | None:
    """Return a number, with point or comma, None for what is none or absurdly large.

    `1E+02` is none: how many digits a spreadsheet has rounded away nobody knows.
    """
    return None if len(cell) > _DIGITS else _number(cell)


@lru_cache(maxsize=4_096)
def _number(cell: str) -> Decimal | None:
    if "e" in cell.casefold():
        return None
    try:
        number = Decimal(cell.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _DIGITS_BEFORE_POINT else None


def score_of(cell: str) -> tuple[Decimal | None, Decimal | None]:
    """Return points and the highest possible: `28.00 / 30`, `4`, `85 %`.

    >>> score_of("28.00 / 30"), score_of("85%"), score_of("")
    ((Decimal('28.00'), Decimal('30')), (Decimal('85'), Decimal('100')), (None, None))
    """
    points, slash, most = cell.partition("/")
    if slash:
        return number_of(points), number_of(most)
    if cell.strip().endswith("%"):
        return number_of(cell.strip().removesuffix("%")), Decimal(100)
    return number_of(cell), None


def duration_of(cell: str) -> int | None:
    """Return a length in seconds, None for what is none or may mean two lengths (`0:35`).

    >>> [duration_of(each) for each in ("2 godz. 19 min 19 s", "1:00:00", "12m ", "0:35")]
    [8359, 3600, 720, None]
    """
    text = " ".join(cell.casefold().split())
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(each) for each in found.groups())
        return hours * 3_600 + minutes * 60 + seconds
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text):
        return None
    if not all(word in _SECONDS for _, word in parts):
        return None
    return sum(int(count) * _SECONDS[word] for count, word in parts)
