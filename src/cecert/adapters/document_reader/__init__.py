"""Reading documents that anybody may have made: PDFs, their seals, pictures with QR codes.

All of it happens in a process of its own (`process`), with limits on time and memory:
a file made to hang, to fill the memory or to crash a parser ends that process, and the
answer is a sentence. The process is given no secret of the office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.document_reader.own_seal import OwnSealReader
    from cecert.adapters.document_reader.process import ReadingLimits, ReadingProcess
    from cecert.adapters.document_reader.readers import ISSUED, LimitedPdfReader, PadesSealReader
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "own_seal": ("OwnSealReader",),
            "process": ("ReadingLimits", "ReadingProcess"),
            "readers": ("ISSUED", "LimitedPdfReader", "PadesSealReader"),
        },
    )

__all__ = [
    "ISSUED",
    "LimitedPdfReader",
    "OwnSealReader",
    "PadesSealReader",
    "ReadingLimits",
    "ReadingProcess",
]
