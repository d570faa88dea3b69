"""Reading documents that anybody may have made: PDFs, their seals, pictures with QR codes.

All of it happens in a process of its own (`process`), with limits on time and memory:
a file made to hang, to fill the memory or to crash a parser ends that process, and the
answer is a sentence. The process is given no secret of the office.
"""

from cecert.adapters.document_reader.process import ReadingLimits, ReadingProcess
from cecert.adapters.document_reader.readers import LimitedPdfReader, PadesSealReader

__all__ = ["LimitedPdfReader", "PadesSealReader", "ReadingLimits", "ReadingProcess"]
