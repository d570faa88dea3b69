"""The operating system's chance."""

from __future__ import annotations

import secrets

__all__ = ["SystemRandomness"]


class SystemRandomness:
    """Chooses by the system's cryptographic generator: nobody can follow the slots."""

    def below(self, bound: int) -> int:
        """Return a uniform integer in [0, *bound*)."""
        return secrets.randbelow(bound)
