"""Offices of these tests: real ones."""

from __future__ import annotations

from key_work import derived
from real_office import office_folder, office_with_keys

__all__ = ["derived", "office_folder", "office_with_keys"]
