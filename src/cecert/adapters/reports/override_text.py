"""What an answer writes: the override's lines without who, when and why, and its command."""

from __future__ import annotations

import json
import shlex

from cecert.domain.evidence.overrides import OverrideKind
from cecert.domain.evidence.questions import OverrideAct

__all__ = ["command_of", "toml_of"]


def toml_of(act: OverrideAct) -> str:
    """Return the act as the beginning of an `[[override]]` table.

    A JSON string is a TOML basic string.
    """
    values = {
        "kind": act.kind.value,
        "participant": act.participant,
        "session": act.session,
        "connection": act.connection,
        "status": act.status.value if act.status else "",
        "inputs": act.inputs,
    }
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=True)}" for key, value in values.items() if value
    ]
    return "\n".join(["[[override]]", *lines])


def command_of(act: OverrideAct) -> str:
    """Return the command that does the same, name and reason to be filled in."""
    if act.kind is OverrideKind.DECISION:
        about = [act.participant, act.session, act.status.value if act.status else ""]
    else:
        about = [act.participant, act.connection]
    words = ["cecert", "override", act.kind.value, *about, "--by", "NAME", "--why", "REASON"]
    return shlex.join(words)
