"""Evidence: exports of meetings, registrations and surveys, read as what they are.

One module a format, one entry each in `registry.FORMATS`; columns by name through
`templates/evidence/synonyms.toml`. Nothing is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.exports.mapping import ColumnMapping
    from cecert.adapters.exports.read import read_evidence
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "mapping": ("ColumnMapping",),
            "read": ("read_evidence",),
        },
    )

__all__ = [
    "ColumnMapping",
    "read_evidence",
]
