"""Which column is which: headers by name, in every language that is listed.

The lists are data (`templates/evidence/synonyms.toml`), one table a format, and a file of
the user's own is laid over them. A column is never taken by its place.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from cecert.adapters.tables.bytes import unusable
from cecert.adapters.tables.grids import Row
from cecert.adapters.tables.toml import TomlError, parse_toml, read_toml_text
from cecert.domain.values.wording import joined
from cecert.errors import ConfigurationError, Fault

__all__ = [
    "Columns",
    "Synonyms",
    "folded",
    "header_faults",
    "normalised",
    "read_synonyms",
    "refuse_doubles",
]

MOST_CHARACTERS = 1_000
"""Of a header that are compared: a question may be long, a hostile cell is longer."""

_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})


def normalised(header: str) -> str:
    r"""Return a header as it is compared.

    >>> normalised(" Durée\u00a0 (Minutes) "), normalised("所要時間\uff08分\uff09")
    ('durée (minutes)', '所要時間(分)')
    """
    return _normalised(header[:MOST_CHARACTERS])


@lru_cache(maxsize=4096)
def _normalised(header: str) -> str:
    text = unicodedata.normalize("NFKC", _MARKS.sub("", header)).translate(_QUOTES)
    return " ".join(text.casefold().split())


def folded(header: str) -> str:
    """Return a header of a list as its columns are told apart: also without blanks and dashes.

    >>> folded("Participant ID "), folded("E-Mail")
    ('participant_id', 'e_mail')
    """
    return "_".join(normalised(header).replace("-", " ").replace("_", " ").split())


def header_faults(
    file: str, headers: Sequence[str], needed: Iterable[str], known: Container[str]
) -> Iterator[Fault]:
    """Yield what is wrong with a list's header: columns missing, or there more than once.

    Args:
        file: Its name.
        headers: As written.
        needed: Columns that must be there.
        known: Columns that mean something here, and may be there once.
    """
    names = [folded(each) for each in headers]
    for column in needed:
        if column not in names:
            near = get_close_matches(column, names, n=1, cutoff=0.7)
            remedy = f"is it the column {near[0]}?" if near else ""
            yield Fault(f"{file}: header", "", f"the column {column} is missing", remedy)
    for name, times in Counter(names).items():
        if name in known and times > 1:
            yield Fault(f"{file}: header", "", f"the column {name} stands there {times} times")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the known columns of a table stand.

    Attributes:
        header: The header row.
        places: Known fields and their place, from 0; the first where one stands twice.
        meta: Places of columns that are the platform's own and mean nothing here.
        doubles: All places of the fields that stand twice, or oftener.
        together: All places of the fields that several columns make up, in their order.
    """

    header: Row
    places: Mapping[str, int]
    meta: frozenset[int] = frozenset()
    doubles: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)
    together: Mapping[str, tuple[int, ...]] = dataclasses.field(default_factory=dict)

    def __contains__(self, field: str) -> bool:
        return field in self.places

    def cells(self, row: Row) -> Mapping[str, str]:
        """Return a row's cells by field, without outer blanks; "" for a field that is not there."""
        cells, width = row.cells, len(row.cells)
        found: defaultdict[str, str] = defaultdict(str)
        for name, place in self.places.items():
            if place < width:
                found[name] = cells[place].strip()
        return found

    def cell(self, row: Row, field: str) -> str:
        """Return a row's cell of a field without outer blanks, "" where there is none."""
        return row.cell(self.places.get(field))

    def parts(self, row: Row, field: str) -> tuple[str, ...]:
        """Return the cells of all columns that make up a field, in their order."""
        first = (self.places[field],) if field in self.places else ()
        return tuple(row.cell(place) for place in self.together.get(field, first))

    def all_places(self, field: str) -> tuple[int, ...]:
        """Return every place of a field, in order."""
        first = (self.places[field],) if field in self.places else ()
        return self.doubles.get(field, first)

    def within(self, places: range) -> Columns:
        """Return the columns at *places* alone."""
        found = {
            each: tuple(place for place in self.all_places(each) if place in places)
            for each in self.places
        }
        return Columns(
            self.header,
            {each: held[0] for each, held in found.items() if held},
            frozenset(place for place in self.meta if place in places),
            {each: held for each, held in found.items() if len(held) > 1},
        )

    @property
    def used(self) -> tuple[str, ...]:
        """Headers of the known columns as written, in the table's order."""
        return tuple(self.header.cell(each) for each in sorted(self._known))

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers of the other columns that have one."""
        known = self._known
        cells = enumerate(self.header.cells)
        return tuple(each.strip() for place, each in cells if place not in known and each.strip())

    @property
    def _known(self) -> frozenset[int]:
        several = (place for held in self.together.values() for place in held)
        return frozenset((*self.places.values(), *several))


def refuse_doubles(file: str, columns: Columns) -> None:
    """Refuse a table in which a column stands twice: nobody can tell which one is meant.

    Raises:
        InputError: If one does; all of its places are named.
    """
    for name, places in columns.doubles.items():
        cells = [f"{columns.header.cell(each)!r} (column {each + 1})" for each in places]
        raise unusable(
            file,
            f"has more than one column for {_CALLED.get(name, name)} in line "
            f"{columns.header.line}: {joined(cells)}, and does not say which is meant",
            "export it again with that column once, or delete the other from a copy",
        )


_CALLED = {
    "name": "the name", "plain_name": "the name", "email": "the address", "id": "the id",
    "upn": "the account", "join": "the join time", "leave": "the leave time",
    "first_join": "the first join", "last_leave": "the last leave",
    "waiting": "the waiting room", "duration": "the duration",
}  # fmt: skip
"""What a field is called in a message; others by their own name."""


class Synonyms:
    """The names of columns, by format and field."""

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Take names by format and field; where two fields have one name, the later has it."""
        self._fields = {
            format_: {name: field for field, names in fields.items() for name in names}
            for format_, fields in tables.items()
        }

    def columns(self, format_: str, row: Row) -> Columns:
        """Return the known columns of a row, were it the header of this format."""
        fields = self._fields.get(format_, {})
        places: dict[str, list[int]] = {}
        meta = set()
        for place, cell in enumerate(row.cells):
            field = fields.get(normalised(cell), "")
            if field == "meta":
                meta.add(place)
            elif field:
                places.setdefault(field, []).append(place)
        return Columns(
            row,
            {each: held[0] for each, held in places.items()},
            frozenset(meta),
            {each: tuple(held) for each, held in places.items() if len(held) > 1},
        )

    def field(self, format_: str, word: str) -> str:
        """Return which field of a format a word names, or ""."""
        return self._fields.get(format_, {}).get(normalised(word), "")

    def header(
        self, format_: str, rows: Iterable[Row], needed: Iterable[str], without: Iterable[str] = ()
    ) -> Columns | None:
        """Return the first row that has all the *needed* columns and none *without*.

        Args:
            format_: Whose names of columns count.
            rows: Where it may stand, from the top.
            needed: Fields it must have.
            without: Fields that make it the header of another format.
        """
        wanted, unwanted = frozenset(needed), frozenset(without)
        for row in rows:
            found = self.columns(format_, row)
            if wanted <= found.places.keys() and not unwanted & found.places.keys():
                return found
        return None


def read_synonyms(*paths: Path) -> Synonyms:
    """Read lists of synonyms, each laid over those before it.

    Raises:
        ConfigurationError: If one cannot be used.
    """
    return _synonyms(tuple((each, _text(each)) for each in paths))


def _text(path: Path) -> str:
    try:
        return read_toml_text(path)
    except (OSError, TomlError) as error:
        raise ConfigurationError(f"{path} cannot be used: {error}") from error


# Every file that is recognised asks for them; they are few, and change with nothing but a file.
@lru_cache(maxsize=16)
def _synonyms(texts: tuple[tuple[Path, str], ...]) -> Synonyms:
    tables: dict[str, dict[str, list[str]]] = {}
    for path, text in texts:
        for format_, field, names in _entries(path, text):
            tables.setdefault(format_, {}).setdefault(field, []).extend(map(normalised, names))
    return Synonyms(tables)


def _entries(path: Path, text: str) -> Iterator[tuple[str, str, Sequence[str]]]:
    try:
        document = parse_toml(text)
    except TomlError as error:
        raise ConfigurationError(f"{path} cannot be used: {error}") from error
    for format_, fields in document.items():
        if not isinstance(fields, dict):
            fault = Fault(f"{path.name}: {format_}", "", "is no table of fields")
            raise ConfigurationError(f"{path} cannot be used", (fault,))
        for field, names in fields.items():
            if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
                fault = Fault(f"{path.name}: {format_}.{field}", "", "is no list of headers")
                raise ConfigurationError(f"{path} cannot be used", (fault,))
            yield format_, field, names
