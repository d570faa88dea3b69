"""Posting changes to another system: over HTTP, with a journal beside the office's files."""

from __future__ import annotations

from cecert.adapters.hooks.http import HttpReceiver
from cecert.adapters.hooks.journal import HookJournalFile

__all__ = ["HookJournalFile", "HttpReceiver"]
