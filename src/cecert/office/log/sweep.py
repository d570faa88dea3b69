"""What of the log on the site nobody needs any more: buckets and partial tiles of before."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from cecert.adapters.site import SiteFolder
from cecert.office.holders.ledger import LedgerHolder
from cecert.workflows.log import FOLDER, INDEX

__all__ = ["sweep_log"]

KEPT = timedelta(days=7)
"""For how long the buckets of a head stay, which a cache may still hand out."""

_PARTIAL = re.compile(r"(log/tile/.+)\.p/[0-9]+")


def sweep_log(office: LedgerHolder, site: Path, files: Collection[str]) -> tuple[str, ...]:
    """Remove what a week-old head needed and none since; return the names.

    Partial tiles stay until the full one stands (C2SP tlog-tiles): whoever has a checkpoint of
    before proves with them.

    Args:
        office: Has the clock.
        site: The folder that was published into.
        files: Names of all files that were published now.

    Raises:
        InputError: If one cannot be removed.
    """
    folder = SiteFolder(site)
    removed = []
    for name in folder.unchanged(FOLDER, office.clock.now() - KEPT):
        partial = _PARTIAL.fullmatch(name)
        is_bucket = name.startswith(f"{FOLDER}{INDEX}") and name.endswith(".ix")
        is_replaced = partial is not None and (site / partial[1]).is_file()
        if name not in files and (is_bucket or is_replaced):
            folder.remove(name)
            removed.append(name)
    return tuple(removed)
