"""What a certificate's record keeps of the overrides behind it, in lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

__all__ = ["decided_lines"]


def decided_lines(evidence: str) -> tuple[str, ...]:
    """Return who decided what about a session, when and why, of a record as it was stored.

    Args:
        evidence: What `collect` found of one person, JSON; "" where nothing was kept.
    """
    record: Any = json.loads(evidence) if evidence else {}
    sessions = record.get("sessions", ()) if isinstance(record, Mapping) else ()
    return tuple(line for each in sessions for line in _lines(each))


def _lines(session: Mapping[str, Any]) -> Iterator[str]:
    name = session.get("session", "")
    if "decisions" in session:
        yield from (f"{name}: {_told(each)}" for each in session["decisions"])
        return
    # Evidence of before decisions were kept with their dates has their words alone.
    words = (*session.get("overrides", ()), *session.get("notes", ()))
    yield from (f"{name}: {each}" for each in dict.fromkeys(words) if _is_override(each))


def _is_override(words: str) -> bool:
    return words.startswith("override by ")


def _told(decision: Mapping[str, Any]) -> str:
    kind = str(decision.get("kind", "override")).replace("_", " ")
    at = datetime.fromisoformat(decision["at"]).astimezone(UTC)
    reference = f" ({decision['reference']})" if decision.get("reference") else ""
    return f"{kind} by {decision['by']}, {at:%Y-%m-%d %H:%M} UTC: {decision['why']}{reference}"
