"""The instant from which tokens count their seconds and days."""

from __future__ import annotations

from datetime import date

__all__ = ["EPOCH"]

EPOCH = date(1970, 1, 1)
