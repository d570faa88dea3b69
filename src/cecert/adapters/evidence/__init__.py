"""Evidence: exports of meetings, registrations and surveys, read as what they are.

One module a format, one entry each in `registry.FORMATS`; columns by name through
`templates/evidence/synonyms.toml`. Nothing is decided here.
"""

from cecert.adapters.evidence.formats import Wishes
from cecert.adapters.evidence.headers import Synonyms, read_synonyms
from cecert.adapters.evidence.reading import read_evidence

__all__ = ["Synonyms", "Wishes", "read_evidence", "read_synonyms"]
