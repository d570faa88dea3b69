"""Two commands on one office: the second runs whole while the first is held at a storage call.

Then everything is run to its end, and ledger, archive, mails and site are held against what
the two commands mean.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

import storage_calls
from matrix_judged import audited, finish, judged, judged_audit, judged_decisions
from matrix_office import MatrixOffice, Said

__all__ = ["BEFORE", "STUCK", "Cell", "is_held", "is_uneventful", "run_between", "run_cell"]


@dataclass
class Cell:
    """What became of one cell.

    Attributes:
        call: At which the first was held; "" if it came to none of that number.
        first, second: How the two ended.
        findings: What is wrong afterwards; nothing should be.
    """

    call: str = ""
    first: Said = field(default_factory=lambda: Said(0, ""))
    second: Said = field(default_factory=lambda: Said(0, ""))
    findings: list[str] = field(default_factory=list)


BEFORE = {"resolve": "quarantine", "retry": "refused"}
"""What is run first, so that the command has something to do."""

STUCK = 60
"""Seconds after which two commands that wait for one another count as stuck."""

_UNIMPORTANT = (
    "sync", "mkdir ", "remove .new-", "read cecert.toml", "read course.toml", "read d",
    "read registrations.csv", "read seen.csv", "read certificates", "read .certificates.made",
    "write .certificates.made/origin", "commit", storage_calls.WAITS,
)  # fmt: skip


def is_held(call: str) -> bool:
    """Say whether another command can make a difference at a call of the first."""
    return not call.startswith(_UNIMPORTANT) and ".new-" not in call


def is_uneventful(call: str) -> bool:
    """Say whether a call is one of the others, at which nobody waits for another."""
    return not is_held(call) and call != storage_calls.WAITS


Counts = Callable[[str], bool]


class _Meeting:
    """The first's thread comes to its call and lets the second run, whole if that can be."""

    def __init__(self, counts: Counts, number: int, second: Callable[[], None]) -> None:
        self._counts = counts
        self._left = number
        self._second = Thread(target=self._run, args=(second,))
        self._free = Event()
        self._locked = False
        self.call = ""
        self.stuck = False
        self.errors: list[BaseException] = []

    def _run(self, second: Callable[[], None]) -> None:
        try:
            with storage_calls.watched(self.second_told):
                second()
        except BaseException as error:  # noqa: BLE001  # judged by the cell
            self.errors.append(error)
        finally:
            self._free.set()

    def first_told(self, call: str) -> None:
        if call == "ledger locked":
            self._locked = True
        elif call.startswith("begin"):
            self._locked = self._locked and call == "begin to read the ledger"
        if self.call or not self._counts(call):
            return
        if self._left:
            self._left -= 1
            return
        self.call = call
        self._second.start()
        self.stuck = not self._free.wait(STUCK)

    def second_told(self, call: str) -> None:
        """The first goes on where the second waits for what the first holds."""
        if call == storage_calls.WAITS or (self._locked and call == "begin to write the ledger"):
            self._free.set()

    def join(self) -> None:
        if self.call:
            self._second.join()


def run_cell(
    office: MatrixOffice,
    first: str,
    second: str,
    number: int,
    at: str = "",
    counts: Counts = is_held,
) -> Cell:
    """Hold a command while another runs, and judge what is left of it.

    Args:
        office: A fresh copy.
        first: The one that is held.
        second: The one that runs meanwhile.
        number: Of the call at which it is held, counted from 0.
        at: What that call begins with; only such are counted.
        counts: Says which calls are counted.
    """
    cell = Cell()
    for each in sorted({first, second} & BEFORE.keys()):
        assert office.run(BEFORE[each]).status in {0, 1}

    def run_second() -> None:
        cell.second = office.run(second, "Tom")

    meeting = _Meeting(lambda call: counts(call) and call.startswith(at), number, run_second)
    try:
        with storage_calls.watched(meeting.first_told):
            cell.first = office.run(first)
    except Exception as error:  # noqa: BLE001  # judged with those of the second
        meeting.errors.append(error)
    meeting.join()
    cell.call = meeting.call
    if meeting.stuck:
        cell.findings.append("the two waited for one another")
    cell.findings += [
        "a surprise: " + "".join(traceback.format_exception(each)[-3:]) for each in meeting.errors
    ]
    if cell.call:
        cell.findings += judged_decisions(office, [first, second])
        cell.findings += judged_audit(cell.first, first, second)
        cell.findings += judged_audit(cell.second, second, first)
        cell.findings += audited(office, cell.first, cell.second)
        cell.findings += finish(office, first, second)
        cell.findings += judged(office, {first, second})
    return cell


def run_between(office: MatrixOffice, entering: str, changing: str) -> list[str]:
    """Let a command that has drawn go on to enter while another has changed half of the keys.

    Args:
        office: A fresh copy.
        entering: Waits right before its transaction.
        changing: Waits before the trust file that it signs takes its place.

    Returns:
        What is wrong afterwards.
    """
    drawn, halfway, entered = Event(), Event(), Event()

    def entering_told(call: str) -> None:
        if call == "begin to write the ledger" and not drawn.is_set():
            drawn.set()
            halfway.wait(STUCK)
        elif call == "ledger locked":
            entered.set()

    def changing_told(call: str) -> None:
        if call == "rename keys/trust.cose":
            halfway.set()
            entered.wait(GRACE)  # it never is where it is kept out

    def enter() -> None:
        with storage_calls.watched(entering_told):
            office.run(entering)

    thread = Thread(target=enter)
    thread.start()
    drawn.wait(STUCK)
    with storage_calls.watched(changing_told):
        said = office.run(changing, "Tom")
    thread.join()
    wrong = [] if said.status == 0 and halfway.is_set() else [f"{changing}: {said.words}"]
    wrong += audited(office, said, said)
    wrong += finish(office, entering, changing)
    return [*wrong, *judged(office, {entering, changing})]


GRACE = 0.5
"""Seconds in which a command enters that nobody keeps out."""
