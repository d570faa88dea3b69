"""Rectangles of a page: what the tests ask of them and no layout does."""

from __future__ import annotations

from cecert.adapters.render.layout.page import Box


def overlap(first: Box, second: Box, tolerance: float = 0.0) -> bool:
    """Say whether two rectangles share more than *tolerance* points in both directions."""
    across = min(first.right, second.right) - max(first.left, second.left)
    along = min(first.top, second.top) - max(first.bottom, second.bottom)
    return across > tolerance and along > tolerance
