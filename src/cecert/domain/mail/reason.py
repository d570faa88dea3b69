"""A reason that a recipient reads in a mail: of a correction, or of a revocation."""

from __future__ import annotations

from cecert.domain.values.text import text_problems

__all__ = ["reason_problems"]

LONGEST_REASON = 500
"""Characters."""


def reason_problems(reason: str) -> list[str]:
    """Say what keeps a reason from being told in a mail; [] if nothing does.

    That a reason is needed is for others to say: a blank one has no problem.
    """
    if len(reason) > LONGEST_REASON:
        return [f"has {len(reason)} characters, at most {LONGEST_REASON}"]
    return text_problems(reason) if reason.strip() else []
