"""What `publish` takes with very many certificates, from nothing, again, and after one more.

    python benchmarks/publishing.py [CERTIFICATES]

A million, unless told otherwise: half a minute to put them into the tables, and 1.5 GB in a
temporary folder. They have what `publish` reads of them and nothing else (`sample_past`). The
command runs in processes of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from figures import Figure
from large_ledger import told
from sample_office import sample
from sample_past import fill_for_site

from cecert import issue


def figures(count: int = 1_000_000) -> tuple[Figure, ...]:
    """Publish a ledger that holds *count*; print and return what it takes."""
    with tempfile.TemporaryDirectory() as folder, sample(Path(folder)) as taken:
        office, words = taken.folder / "office", ("publish", str(taken.folder / "site"))
        issue(taken.awards(["Ana Ruiz"]), taken.desk)
        fill_for_site(office / "ledger.db", count)
        found = [
            *told("publish", words, office, count),
            *told("publish again", words, office, count),
        ]
        issue(taken.award("Another Person", 2 * count), taken.desk)
        return (*found, *told("publish after one more", words, office, count))


if __name__ == "__main__":
    figures(*map(int, sys.argv[1:]))
