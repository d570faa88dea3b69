"""The evidence beside a list: what `collect` found, against what the list says now.

`collect` writes `completions.evidence.json` beside `completions.csv`. Where it stands,
the columns `attended` and `review` are findings, and changing them in a spreadsheet
would leave no trace of who decided and why; `cecert override` does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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


class _Evidence(BaseModel):
    rows: list[CollectedRow]


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
        rows = _Evidence.model_validate(document).rows
    except (ValueError, RecursionError) as error:
        raise unusable(path, "is no evidence file of collect's", "run collect again") from error
    return {each.participant: each for each in rows}
