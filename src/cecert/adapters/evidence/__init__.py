"""Evidence: exports of meetings, registrations and surveys, read as what they are.

One module a format, one entry each in `registry.FORMATS`; columns by name through
`templates/evidence/synonyms.toml`. Nothing is decided here.
"""

from cecert.adapters.evidence.headers import Synonyms, read_synonyms
from cecert.adapters.evidence.mapping import ColumnMapping, read_mapping
from cecert.adapters.evidence.reading import read_evidence

__all__ = [
    "ColumnMapping",
    "Synonyms",
    "read_evidence",
    "read_mapping",
    "read_synonyms",
]
