"""What somebody handed in or was noted for: one row of a list about people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cecert.domain.evidence.answers import Said
from cecert.domain.evidence.directory import Keys
from cecert.domain.values.quick_making import quickly_made

__all__ = ["Done"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Done:
    """A row of a list that says who did what: an evaluation, an attestation, a test.

    Attributes:
        key: The address or participant id it stands under.
        moment: When; None where the list has no date.
        score: In per cent, None where it has none.
        noted: Yes or no, None where it says neither.
        place: Where it was read.
        said: Whether it says that it was done; only a plain yes counts.
        further_keys: Other addresses and ids of the row.
        names, licenses: What else in the row says whose it is.
    """

    key: str
    moment: date | datetime | None = None
    score: Decimal | None = None
    noted: bool | None = None
    place: str = ""
    said: Said = Said.YES
    further_keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.place.rpartition(": ")[0]

    @property
    def written(self) -> tuple[str, ...]:
        """Every address and id of the row."""
        return tuple(each for each in (self.key, *self.further_keys) if each)

    @property
    def keys(self) -> Keys:
        """Everything the row says about whose it is."""
        held = self.written
        return Keys(
            ids=tuple((each, _called(each)) for each in held),
            addresses=tuple((each, _called(each)) for each in held if "@" in each),
            names=self.names,
            licenses=self.licenses,
            further=tuple(each for each in held if "@" not in each),
        )


def _called(key: str) -> str:
    return "e-mail address" if "@" in key else "participant id"
