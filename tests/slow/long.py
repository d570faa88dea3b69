"""`make chaos`: the long campaigns, on both databases, as a table.

    python tests/slow/long.py [SHARE]

SHARE of the mails and kills below, 1 where it is left out (about half an hour on two
cores). Exits 1 if a mail was handed over twice, went missing, was somebody else's, was
taken although it counts as failed, or was not finished in an hour.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
sys.path.insert(0, str(SUPPORT))

from postgresql_server import PostgresqlServer, postgresql_server  # noqa: E402  # after the path

CAMPAIGNS: dict[str, dict[str, float]] = {
    "kills": {"mails": 6000, "kills": 40},
    "kills and faults": {"mails": 6000, "kills": 40, "share": 0.006},
    "living taken for dead": {"mails": 2000, "kills": 0, "senders": 3, "reaper": 5},
    "everything, 3 senders": {
        "mails": 6000, "kills": 40, "senders": 3, "share": 0.006, "reaper": 25, "skew": 24,
    },
}  # fmt: skip
COLUMNS = (
    "mails", "kills", "accepted", "duplicates", "missing", "wrong", "unfinished", "failed",
    "failed_taken", "uncertain", "uncertain_taken", "seconds",
)  # fmt: skip
MUST_BE_ZERO = ("duplicates", "missing", "wrong", "unfinished", "failed_taken")
LONGEST = 3600
"""Seconds after which a campaign is ended, and has failed."""


def main(share: float) -> int:
    """Run all campaigns; return the exit status."""
    print("\t".join(("campaign", "database", *COLUMNS)), flush=True)  # its answer
    broken = 0
    with postgresql_server() as server:
        for name, database, outcome in outcomes(server, share):
            figures = [str(outcome.get(each, "?")) for each in COLUMNS]
            print("\t".join((name, database, *figures)), flush=True)  # its answer
            broken += any(outcome.get(each, "?") for each in MUST_BE_ZERO)
    return 1 if broken else 0


def outcomes(server: PostgresqlServer, share: float) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Run each campaign on each database."""
    for name, words in CAMPAIGNS.items():
        for database in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                sqlite = f"sqlite:///{folder}/ledger.db"
                url = sqlite if database == "SQLite" else server.new_url()
                yield name, database, campaign(folder, url, words, share)


def campaign(folder: str, url: str, words: dict[str, float], share: float) -> dict[str, float]:
    """Run one campaign in a process of its own; nothing is returned of one that did not end."""
    scaled = {name: scale(name, value, share) for name, value in words.items()}
    options = [f"{name}={value}" for name, value in scaled.items()]
    command = [sys.executable, str(SUPPORT / "campaign.py"), folder, url, *options]
    try:
        # Its senders and its server end when it does.
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=LONGEST)
    except subprocess.SubprocessError as fault:
        print(fault, file=sys.stderr)
        return {}
    outcome: dict[str, float] = json.loads(done.stdout)
    return outcome


def scale(name: str, value: float, share: float) -> float:
    """Shorten what a campaign takes, not what it is."""
    return round(value * share) if name in {"mails", "kills"} else value


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1))
