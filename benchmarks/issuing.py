"""How many certificates `issue` makes in a second on one core, and where the time goes.

    python benchmarks/issuing.py [PEOPLE]

A real office in a temporary folder: token, drawing, seal, archive with fsync, ledger and
mail queue on SQLite. The stages are timed by wrapping the ports; their shares are
ratios within one run, which is what two noisy cores allow.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cecert import Award, CompletionRecord, Office, decide, issue
from cecert.office import create_office

PASSPHRASE = "correct horse battery"
STAGES = {
    "trial": ("renderer", "faults"),
    "draw": ("renderer", "draw"),
    "seal": ("sealer", "seal"),
    "archive": ("archive", "put"),
    "enter": ("ledger", "enter"),
    "slot": ("ledger", "free_slot"),
}


class Timed:
    """A port whose calls are timed."""

    def __init__(self, port: object, spent: dict[str, float], stages: dict[str, str]) -> None:
        self._port, self._spent, self._stages = port, spent, stages

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)
        stage = self._stages.get(name)
        return call if stage is None else self._timed(call, stage)

    def _timed(self, call: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            start = time.perf_counter()
            try:
                return call(*arguments)
            finally:
                self._spent[stage] += time.perf_counter() - start

        return timed


def measure(people: int) -> None:
    """Issue *people* certificates and print rate and shares."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "office"
        create_office(place)
        environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
        with Office.open(place / "cecert.toml", actor="benchmark", environ=environ) as office:
            office.make_keys(PASSPHRASE)
            course = office.course(place / "course.toml")
            asked = ("ny-social-work", "ma-social-work", "apa-psychology")
            records = [
                CompletionRecord(
                    name=f"Marguerite Adeyemi-Thornquist {_numeral(n)}",
                    email=f"p{n}@example.org",
                    credentials=asked,
                    fee_paid=True,
                    visible=True,
                    attended=frozenset({"day-1", "day-2"}),
                    evaluation=course.credit_date,
                    attestation=course.credit_date,
                )
                for n in range(people)
            ]
            awards = [a for r in records for a in decide(r, course) if isinstance(a, Award)]
            spent: dict[str, float] = defaultdict(float)
            desk = office.desk()
            ports = {port for port, _ in STAGES.values()}
            wrapped: dict[str, Any] = {
                port: Timed(
                    getattr(desk, port),
                    spent,
                    {method: stage for stage, (of, method) in STAGES.items() if of == port},
                )
                for port in ports
            }
            start = time.perf_counter()
            report = issue(awards, replace(desk, **wrapped))
            total = time.perf_counter() - start
    _tell(len(report.issued), total, spent)


def _numeral(number: int) -> str:
    """Write a number in letters, for names that differ."""
    return "".join(chr(65 + int(each)) for each in str(number))


def _tell(issued: int, total: float, spent: dict[str, float]) -> None:
    print(f"{issued} certificates in {total:.2f} s: {issued / total:.0f} a second")
    for stage, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {stage:8} {seconds / total:5.0%}  {1000 * seconds / issued:7.2f} ms each")
    rest = total - sum(spent.values())
    print(f"  {'rest':8} {rest / total:5.0%}  {1000 * rest / issued:7.2f} ms each")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
