"""What is written of people, made when they are judged: of many nobody is held until then."""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Callable, Iterator, Sequence

from cecert.adapters.completion_list.evidence_write import evidence_row
from cecert.adapters.completion_list.write import ListRows
from cecert.adapters.reports import Drawings, Drawn, drawn_of
from cecert.adapters.storage.waiting import WaitingFile
from cecert.domain.course.course import Course
from cecert.domain.evidence.attendance import forget_estimates
from cecert.domain.evidence.collection import Participant
from cecert.domain.evidence.explanation import forget_explanations
from cecert.domain.evidence.people import KEPT
from cecert.domain.evidence.standing import Standing, standing_of
from cecert.domain.evidence.standings import Stood
from cecert.workflows.collect.collect import Gathered

__all__ = ["Passing"]


class Passing:
    """What is made of people when they are judged: all that is written of each.

    It waits on the disk until its turn: the list goes through people by the registrations, the
    report by their names.
    """

    def __init__(self, course: Course, gathered: Gathered, waiting: WaitingFile) -> None:
        people = len(gathered.registrants)
        self._course, self._waiting = course, waiting
        self._list = ListRows(course, gathered.registrants)
        # Fewer are held, and drawn when their page is made.
        self._drawings = Drawings(course.sessions) if people > KEPT else None
        self._listed, self._proven = (array("Q", [0]) * people for _ in range(2))
        self._drawn: dict[str, int] = {}
        self.stood = Stood(people, whole=people <= KEPT)

    def take(self, people: Sequence[tuple[int, Participant]]) -> None:
        """Take some people who were judged."""
        course, put = self._course, self._waiting.put_all
        standings = [standing_of(person, course, person.unreported) for _, person in people]
        proven = put([evidence_row(person, course).encode() for _, person in people])
        listed = put([b"" if person.unreported else self._list.row(person) for _, person in people])
        for place, (number, _) in enumerate(people):
            self.stood.put(number, standings[place])
            self._proven[number], self._listed[number] = proven[place], listed[place]
        if self._drawings is not None:
            drawn = put([marshal.dumps(drawn_of(each, self._drawings)) for each in standings])
            names = (each.participant.identity for each in standings)
            self._drawn.update(zip(names, drawn, strict=True))
            # All of them is written: no page asks for them again.
            forget_estimates()
            forget_explanations()

    def rows(self) -> Iterator[bytes]:
        """Go through the completion list."""
        yield self._list.head
        yield from map(self._waiting.get, self._listed)

    def evidence(self) -> Iterator[str]:
        """Go through what stands behind each person."""
        return (self._waiting.get(each).decode() for each in self._proven)

    @property
    def drawn(self) -> Callable[[Standing], Drawn] | None:
        """What returns what is shown of somebody, None where all are held."""
        return None if self._drawings is None else self._shown

    def _shown(self, standing: Standing) -> Drawn:
        packed = self._waiting.get(self._drawn[standing.participant.identity])
        shown: Drawn = marshal.loads(packed)  # noqa: S302 - nobody else can write the file
        return shown
