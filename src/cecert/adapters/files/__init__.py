"""What an office keeps in folders: its keys and the sealed documents.

Both are secrets or promises, so both are written the same way (`writing`): readable
by their owner only, and either whole or not there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from cecert.adapters.files.seal_keys import SealKey
    from cecert.adapters.files.writing import make_folder, write_file

__all__ = [
    "FolderArchive",
    "KeyFacts",
    "KeyPurpose",
    "KeyState",
    "KeyStore",
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
    "read_key_facts",
    "refuse_keys",
    "retire_keys",
    "rotate_keys",
    "succeed_keys",
    "withdraw_keys",
    "write_file",
]

_PLACES = {
    "FolderArchive": "archive",
    "KeyFacts": "key_facts",
    "KeyPurpose": "key_facts",
    "KeyState": "key_facts",
    "KeyStore": "key_opening",
    "Passphrases": "key_making",
    "SealKey": "seal_keys",
    "attest_key": "key_changing",
    "create_keys": "key_folders",
    "list_institution_seal": "key_changing",
    "make_folder": "writing",
    "open_keys": "key_opening",
    "open_pkcs12": "key_opening",
    "open_root": "key_opening",
    "open_seal": "key_opening",
    "open_status_key": "key_opening",
    "open_token_keys": "key_opening",
    "read_key_facts": "key_facts",
    "refuse_keys": "key_folders",
    "retire_keys": "key_changing",
    "rotate_keys": "key_changing",
    "succeed_keys": "key_folders",
    "withdraw_keys": "key_changing",
    "write_file": "writing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # PEP 562
    # Writing a file needs no cryptography.
    if name in _PLACES:
        return getattr(import_module(f"cecert.adapters.files.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'cecert.adapters.files' has no attribute {name!r}")
