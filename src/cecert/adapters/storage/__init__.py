"""What lies on the office's disk: the archive of certificates and the key store."""

from cecert.adapters.storage.archive import FolderArchive
from cecert.adapters.storage.keystore import KeyFact, KeyStore, create_keys, load_pkcs12
from cecert.adapters.storage.writing import make_private_folder, write_private

__all__ = [
    "FolderArchive",
    "KeyFact",
    "KeyStore",
    "create_keys",
    "load_pkcs12",
    "make_private_folder",
    "write_private",
]
