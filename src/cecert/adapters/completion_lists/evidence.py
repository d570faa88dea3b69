"""The evidence beside a list: what `collect` found, against what the list says now.

`collect` writes `completions.evidence.json` beside `completions.csv`. Where it stands,
the columns `attended` and `review` are findings, and changing them in a spreadsheet
would leave no trace of who decided and why; `cecert override` does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cecert.adapters.completion_lists.tables import read_bytes, unusable

__all__ = ["CollectedRow", "read_evidence"]

FORMAT = 1
"""The evidence file's format that this program reads."""


class CollectedRow(BaseModel):
    """What `collect` wrote of one participant, as text in the list's own form."""

    participant: str
    attended: str = ""
    review: str = ""
    evaluation: str = ""
    attestation: str = ""
    text: str = ""
    """All of it, as JSON: what a certificate's record keeps."""

    def dated(self, column: str) -> datetime | None:
        """Return when `collect` found an evaluation or attestation, None for a day alone."""
        text = self.evaluation if column == "evaluation" else self.attestation
        return datetime.fromisoformat(text) if "T" in text else None


class _Evidence(BaseModel):
    rows: list[dict[str, Any]]


def read_evidence(list_path: Path) -> Mapping[str, CollectedRow] | None:
    """Return the evidence beside a list by participant, or None where there is none.

    Raises:
        InputError: If the file there cannot be used.
    """
    path = list_path.with_name(f"{list_path.stem}.evidence.json")
    if not path.exists():
        return None
    content = read_bytes(path)
    try:
        document: Any = json.loads(content)
        if isinstance(document, dict) and document.get("format") != FORMAT:
            raise unusable(
                path, f"is of format {document.get('format')!r}, this program reads {FORMAT}"
            )
        rows = [_row(each) for each in _Evidence.model_validate(document).rows]
    except (ValueError, RecursionError) as error:
        raise unusable(path, "is no evidence file of collect's", "run collect again") from error
    return {each.participant: each for each in rows}


def _row(found: Mapping[str, Any]) -> CollectedRow:
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return CollectedRow.model_validate({**found, "text": text})
