"""What is kept in folders: an office's keys and sealed documents, and a user's known roots.

All are secrets or promises, so all are written the same way (`writing`): readable
by their owner only, and either whole or not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.files.archive import FolderArchive
    from cecert.adapters.files.key_changing import (
        attest_key,
        list_institution_seal,
        retire_keys,
        rotate_keys,
        withdraw_keys,
    )
    from cecert.adapters.files.key_facts import KeyFacts, KeyPurpose, KeyState, read_key_facts
    from cecert.adapters.files.key_folders import create_keys, refuse_keys, succeed_keys
    from cecert.adapters.files.key_making import Passphrases
    from cecert.adapters.files.key_opening import (
        KeyStore,
        open_keys,
        open_pkcs12,
        open_root,
        open_seal,
        open_status_key,
        open_token_keys,
    )
    from cecert.adapters.files.known_roots import KnownRoot, KnownRoots
    from cecert.adapters.files.seal_keys import SealKey
    from cecert.adapters.files.writing import make_folder, others_may_read, write_file
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "archive": ("FolderArchive",),
            "key_changing": (
                "attest_key",
                "list_institution_seal",
                "retire_keys",
                "rotate_keys",
                "withdraw_keys",
            ),
            "key_facts": ("KeyFacts", "KeyPurpose", "KeyState", "read_key_facts"),
            "key_folders": ("create_keys", "refuse_keys", "succeed_keys"),
            "key_making": ("Passphrases",),
            "key_opening": (
                "KeyStore",
                "open_keys",
                "open_pkcs12",
                "open_root",
                "open_seal",
                "open_status_key",
                "open_token_keys",
            ),
            "known_roots": ("KnownRoot", "KnownRoots"),
            "seal_keys": ("SealKey",),
            "writing": ("make_folder", "others_may_read", "write_file"),
        },
    )

__all__ = [
    "FolderArchive",
    "KeyFacts",
    "KeyPurpose",
    "KeyState",
    "KeyStore",
    "KnownRoot",
    "KnownRoots",
    "Passphrases",
    "SealKey",
    "attest_key",
    "create_keys",
    "list_institution_seal",
    "make_folder",
    "open_keys",
    "open_pkcs12",
    "open_root",
    "open_seal",
    "open_status_key",
    "open_token_keys",
    "others_may_read",
    "read_key_facts",
    "refuse_keys",
    "retire_keys",
    "rotate_keys",
    "succeed_keys",
    "withdraw_keys",
    "write_file",
]
