"""What is kept in folders: an office's keys, and the roots that a user knows.

All are secrets or promises, so all are written the same way (`storage.atomic`): readable by
their owner only, and either whole or not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.keys.change import (
        add_badge_key,
        attest_key,
        list_institution_seal,
        note_retirements,
        retire_keys,
        rotate_keys,
        withdraw_keys,
    )
    from cecert.adapters.keys.facts import KeyFacts, KeyPurpose, KeyStage, read_key_facts
    from cecert.adapters.keys.folder import create_keys, refuse_keys, succeed_keys
    from cecert.adapters.keys.hardware import PIN, open_hardware_seal
    from cecert.adapters.keys.known_roots import KnownRoot, KnownRoots
    from cecert.adapters.keys.make import Passphrases
    from cecert.adapters.keys.open import (
        open_badge_key,
        open_keys,
        open_log_key,
        open_pkcs12,
        open_root,
        open_seal,
        open_status_key,
    )
    from cecert.adapters.keys.seal import SealKey
    from cecert.adapters.keys.secrets import forget_secrets
    from cecert.adapters.keys.seen_trust import SeenTrust
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "change": (
                "add_badge_key",
                "attest_key",
                "list_institution_seal",
                "note_retirements",
                "retire_keys",
                "rotate_keys",
                "withdraw_keys",
            ),
            "facts": ("KeyFacts", "KeyPurpose", "KeyStage", "read_key_facts"),
            "hardware": ("PIN", "open_hardware_seal"),
            "folder": ("create_keys", "refuse_keys", "succeed_keys"),
            "make": ("Passphrases",),
            "open": (
                "open_badge_key",
                "open_keys",
                "open_log_key",
                "open_pkcs12",
                "open_root",
                "open_seal",
                "open_status_key",
            ),
            "known_roots": ("KnownRoot", "KnownRoots"),
            "seal": ("SealKey",),
            "secrets": ("forget_secrets",),
            "seen_trust": ("SeenTrust",),
        },
    )

__all__ = [
    "PIN",
    "KeyFacts",
    "KeyPurpose",
    "KeyStage",
    "KnownRoot",
    "KnownRoots",
    "Passphrases",
    "SealKey",
    "SeenTrust",
    "add_badge_key",
    "attest_key",
    "create_keys",
    "forget_secrets",
    "list_institution_seal",
    "note_retirements",
    "open_badge_key",
    "open_hardware_seal",
    "open_keys",
    "open_log_key",
    "open_pkcs12",
    "open_root",
    "open_seal",
    "open_status_key",
    "read_key_facts",
    "refuse_keys",
    "retire_keys",
    "rotate_keys",
    "succeed_keys",
    "withdraw_keys",
]
