"""How much work it is to open a key: little where tests write keys, what is shipped where asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cecert.adapters.keys import secrets

SHIPPED = secrets._WORK
LITTLE = secrets._Work(2, 8, 1)


@contextmanager
def work_of_keys(work: secrets._Work) -> Iterator[None]:
    """Write keys that take so much work to open, until the block ends."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(secrets, "_WORK", work)
        yield


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the files that are derived for, in a process that has opened nothing yet."""
    found: list[bytes] = []

    def counted(content: bytes, passphrase: bytes) -> PrivateKeyTypes:
        found.append(content)
        return load_pem_private_key(content, passphrase)

    monkeypatch.setattr(secrets, "load_pem_private_key", counted)
    monkeypatch.setattr(secrets, "_OPENED", secrets._OpenedSecrets())
    return found
