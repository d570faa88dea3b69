"""Evidence: exports of meetings, registrations and surveys, read as what they are.

One module a format, one entry each in `registry.FORMATS`; columns by name through
`templates/evidence/synonyms.toml`. Nothing is decided here.
"""

from cecert.adapters.exports.mapping import ColumnMapping, read_mapping
from cecert.adapters.exports.read import read_evidence
from cecert.adapters.tables.headers import Synonyms, read_synonyms

__all__ = [
    "ColumnMapping",
    "Synonyms",
    "read_evidence",
    "read_mapping",
    "read_synonyms",
]
