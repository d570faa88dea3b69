"""Fakes behind every port, for our tests and for users' tests; nothing here touches the world.

`MemoryOffice` is a whole office in memory: it issues, delivers and verifies with the same
workflows as a real one. Its documents are plain text that calls itself a PDF, its seal
and signatures are keyed digests: what they prove, they prove inside one process.

>>> from cecert import Award, decide, issue, verify
>>> office = MemoryOffice()
>>> awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
>>> report = issue(awards, office.desk())
>>> document = office.archive.get(report.issued[0].document)
>>> verify(document, office.verifier()).outcome.value
'VALID_STATUS_UNKNOWN'
>>> verify(document.replace(b"Ana Ruiz", b"Ann Ruiz"), office.verifier()).outcome.value
'TEXT_MISMATCH'
"""

from cecert.testing.desk import FixedClock, MemoryOffice, SeededRandomness
from cecert.testing.mail import Alone, MemoryMailSender, MemorySendLog, PlainMailWriter
from cecert.testing.memory import MemoryLedger
from cecert.testing.memory_archive import MemoryArchive
from cecert.testing.memory_pages import MemoryPages
from cecert.testing.plain import (
    FakeSigner,
    PlainPage,
    PlainPdfReader,
    PlainRenderer,
    StampSealer,
    StampSealReader,
    checker_of,
)
from cecert.testing.samples import (
    sample_course,
    sample_provider,
    sample_record,
    sample_signatory,
)

__all__ = [
    "Alone",
    "FakeSigner",
    "FixedClock",
    "MemoryArchive",
    "MemoryLedger",
    "MemoryMailSender",
    "MemoryOffice",
    "MemoryPages",
    "MemorySendLog",
    "PlainMailWriter",
    "PlainPage",
    "PlainPdfReader",
    "PlainRenderer",
    "SeededRandomness",
    "StampSealReader",
    "StampSealer",
    "checker_of",
    "sample_course",
    "sample_provider",
    "sample_record",
    "sample_signatory",
]
