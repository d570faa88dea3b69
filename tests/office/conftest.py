"""Offices of these tests: real ones."""

from __future__ import annotations

from real_office import office_folder, office_with_keys

__all__ = ["office_folder", "office_with_keys"]
