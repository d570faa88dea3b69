"""What the example of a service bears: clients that ask at once, over real connections.

`python benchmarks/service.py` starts `examples/service.py` as a program, with an office of its
own. Each client completes people, fetches what was issued and verifies it, one request after
the other on one connection; told are requests in a second, the 50th and 95th percentile of
each kind, and errors, which must be none.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from figures import Figure
from sample_office import PASSPHRASE, latin_names

from cecert import Office
from cecert.office import create_office

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a token for a benchmark"
CLIENTS, PEOPLE = 8, 25
"""Clients at once, and the people whom each completes."""

Times = dict[str, list[float]]


def person(name: str, number: int) -> Mapping[str, object]:
    return {
        "course": "mbt-2020-10", "name": name, "email": f"p{number}@example.org",
        "credentials": ["ny-social-work"], "attended": ["day-1", "day-2"], "visible": True,
        "evaluation": "2020-10-30", "attestation": "2020-10-30", "fee_paid": True,
    }  # fmt: skip


class Client:
    """One connection, and how long each answer took."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.times: Times = defaultdict(list)
        self.errors: list[str] = []

    def ask(self, kind: str, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        begun = perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self.times[kind].append(perf_counter() - begun)
        if answer.status != 200:
            self.errors.append(f"{kind}: {answer.status} {content[:200]!r}")
        return content

    def complete_all(self, people: list[Mapping[str, object]]) -> Client:
        for each in people:
            told = json.loads(
                self.ask("complete", "POST", "/completions", json.dumps(each).encode())
            )
            for number in told["issued"]:
                pdf = self.ask("fetch", "GET", f"/certificates/{number}.pdf")
                found = json.loads(self.ask("verify", "POST", "/verify", pdf))
                if found != {"outcome": "VALID", "certificates": [number]}:
                    self.errors.append(f"verify: {found}")
        return self


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Start the program with an office of its own, and yield its port."""
    create_office(folder)
    environ = {**os.environ, "CECERT_KEY_PASSPHRASE": PASSPHRASE, "SERVICE_TOKEN": TOKEN}
    with Office.open(folder / "cecert.toml", environ=environ) as office:
        office.make_keys(PASSPHRASE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program: list[str | Path] = [sys.executable, ROOT / "examples" / "service.py", str(port)]
    files = [folder / "cecert.toml", folder / "course.toml"]
    process = subprocess.Popen([*program, *files], env=environ)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the service did not start")


def figures() -> tuple[Figure, ...]:
    """Ask, print how it went, and return it."""
    names = list(islice(latin_names(), CLIENTS * PEOPLE))
    people = [person(name, number) for number, name in enumerate(names)]
    with tempfile.TemporaryDirectory() as temporary, served(Path(temporary) / "office") as port:
        Client(port).complete_all([person("Ana Ruiz", 99_999)])  # what is loaded late
        begun = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as all_at_once:
            shares = [people[n::CLIENTS] for n in range(CLIENTS)]
            done = list(all_at_once.map(lambda share: Client(port).complete_all(share), shares))
        took = perf_counter() - begun
    errors = [error for each in done for error in each.errors]
    count = sum(len(times) for each in done for times in each.times.values())
    print(f"{CLIENTS} clients, {count} requests in {took:.1f} s: {count / took:.0f} in a second")
    found = [Figure("requests", count / took, "a second", count, size=CLIENTS)]
    for kind in ("complete", "fetch", "verify"):
        times = [time for each in done for time in each.times[kind]]
        cuts = [cut * 1000 for cut in quantiles(times, n=20)]
        print(f"  {kind:<9} {len(times):>4}  p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")
        found += [
            Figure(f"{kind}, the 50th percentile", cuts[9], "ms by the clock", len(times)),
            Figure(f"{kind}, the 95th percentile", cuts[18], "ms by the clock", len(times)),
        ]
    print(f"  errors    {len(errors):>4}", *errors[:5], sep="\n  " if errors else "")
    if errors or count < len(people) * 3:
        raise SystemExit(1)
    return tuple(found)


if __name__ == "__main__":
    figures()
