"""The environment of a command: its secrets leave the process's own once they were read.

What reads the process's environment later, a library, a program that is started, finds no
passphrase there. Who may look into the process's memory is another matter, so that is
closed to the user's other processes, where the system can (Linux).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cecert.adapters.document_reader.confinement import memory_hidden

__all__ = ["SECRETS", "environment", "secrets_taken"]

SECRETS = (
    "CECERT_HOOKS_SECRET",
    "CECERT_KEY_PASSPHRASE",
    "CECERT_LEDGER_URL",
    "CECERT_ROOT_PASSPHRASE",
    "CECERT_SEAL_PASSPHRASE",
    "CECERT_SMTP_PASSWORD",
    "CECERT_PKCS11_PIN",
    "CECERT_TIMESTAMP_PASSWORD",
    "CECERT_ZOOM_CLIENT_SECRET",
)
"""The variables that hold secrets; a ledger's URL holds a password."""

_taken: dict[str, str] = {}


@contextmanager
def secrets_taken() -> Iterator[None]:
    """Hold the secrets apart from `os.environ` while a command runs.

    A program that calls `main` has its own environment again afterwards.
    """
    before = {name: os.environ.pop(name) for name in SECRETS if name in os.environ}
    _taken.update(before)
    try:
        with memory_hidden():
            yield
    finally:
        _taken.clear()
        os.environ.update(before)


def environment() -> Mapping[str, str]:
    """Return the environment of the command, its secrets among it."""
    return {**os.environ, **_taken}
