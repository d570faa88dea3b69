"""Time stamps (RFC 3161): asked of an authority, and judged by its root certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.time_stamps.authority import Login, StampingAuthority
    from cecert.adapters.time_stamps.token import TimeStamp, judged_stamp, read_roots, reply_of
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "authority": ("Login", "StampingAuthority"),
            "token": ("TimeStamp", "judged_stamp", "read_roots", "reply_of"),
        },
    )

__all__ = [
    "Login",
    "StampingAuthority",
    "TimeStamp",
    "judged_stamp",
    "read_roots",
    "reply_of",
]
