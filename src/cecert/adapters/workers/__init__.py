"""Processes that share a long piece of work, which one core would take long for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.workers.dask import open_dask_workers
    from cecert.adapters.workers.pool import open_workers
    from cecert.adapters.workers.worth import MOST_WORKERS, cores, workers_worth
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "dask": ("open_dask_workers",),
            "worth": ("MOST_WORKERS", "cores", "workers_worth"),
            "pool": ("open_workers",),
        },
    )

__all__ = ["MOST_WORKERS", "cores", "open_dask_workers", "open_workers", "workers_worth"]
