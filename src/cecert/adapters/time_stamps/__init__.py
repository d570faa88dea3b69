"""Time stamps (RFC 3161): asked of an authority, and judged by its root certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.time_stamps.authority import STAMP_ROOM, StampingAuthority
    from cecert.adapters.time_stamps.token import TimeStamp, judged_stamp, read_roots
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "authority": ("STAMP_ROOM", "StampingAuthority"),
            "token": ("TimeStamp", "judged_stamp", "read_roots"),
        },
    )

__all__ = ["STAMP_ROOM", "StampingAuthority", "TimeStamp", "judged_stamp", "read_roots"]
