"""An office's hooks: where changes are posted to, signed with what, and how far they are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cecert.errors import ConfigurationError, Fault
from cecert.workflows.hooks import HookDesk, secret_of

if TYPE_CHECKING:
    from cecert.office.holders.ledger import LedgerHolder
    from cecert.office.holders.settings import Secrets

__all__ = ["HOOKS_SECRET", "JOURNAL", "hook_desk"]

HOOKS_SECRET = "CECERT_HOOKS_SECRET"
JOURNAL = "hooks.jsonl"
"""Name of the journal, beside `cecert.toml`."""


def hook_desk(office: LedgerHolder, secrets: Secrets) -> HookDesk:
    """Return what posting an office's changes needs; it opens the ledger.

    Args:
        office: Whose changes.
        secrets: Where the secret is looked up.

    Raises:
        ConfigurationError: If `cecert.toml` names no receiver, or there is no secret.
        LedgerError: If the ledger cannot be opened.
    """
    from cecert.adapters.hooks import HookJournalFile, HttpReceiver

    if (address := office.file.hooks) is None:
        raise ConfigurationError(
            "cecert.toml names nobody whom changes are posted to",
            hint='add [hooks] url = "https://..."; docs/how-to/hooks.md has the rest',
        )
    found = secrets.find(HOOKS_SECRET, address.secret_file)
    return HookDesk(
        provider=office.file.provider.id,
        kinds=address.kinds,
        secret=_secret(found or ""),
        pages=office.pages,
        receiver=HttpReceiver(address.url),
        journal=HookJournalFile(office.file.folder / JOURNAL),
        clock=office.clock,
        randomness=office.randomness,
        pause=time.sleep,
    )


def _secret(text: str) -> bytes:
    hint = "openssl rand -base64 32 makes one: give it to the receiver too, with whsec_ before it"
    if not text:
        raise ConfigurationError(
            f"there is no secret to sign changes with, neither in {HOOKS_SECRET} nor in the file "
            "that [hooks] secret_file names",
            hint=hint,
        )
    try:
        return secret_of(text)
    except ValueError as error:
        # The value is a secret: it is not shown.
        fault = Fault(f"{HOOKS_SECRET}, or [hooks] secret_file", "", str(error))
        raise ConfigurationError("changes cannot be signed", (fault,), hint=hint) from error
