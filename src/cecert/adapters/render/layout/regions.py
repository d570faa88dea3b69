"""Regions: which pixels of a mask hang together, found by runs so that it is quick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from PIL import Image

__all__ = ["Region", "edge_regions", "mask_of", "regions"]

_Run = tuple[int, int, int]
"""Row, first column, and the column after the last."""


@dataclass(slots=True)
class Region:
    """Pixels that hang together.

    Attributes:
        runs: They, by rows.
        area: How many they are.
        left, top, right, bottom: Their box; right and bottom are beyond the last pixel.
    """

    runs: list[_Run] = field(default_factory=list)
    area: int = 0
    left: int = 1 << 30
    top: int = 1 << 30
    right: int = 0
    bottom: int = 0

    def add(self, run: _Run) -> None:
        """Take a run in."""
        row, start, end = run
        self.runs.append(run)
        self.area += end - start
        self.left, self.right = min(self.left, start), max(self.right, end)
        self.top, self.bottom = min(self.top, row), max(self.bottom, row + 1)


def regions(mask: Image.Image, *, corners: bool) -> list[Region]:
    """Return the regions of a mask of 0 and 255.

    Args:
        mask: Of mode `L`.
        corners: Whether pixels that touch at a corner hang together.
    """
    reach = 1 if corners else 0
    runs = list(_runs(mask))
    parents = list(range(len(runs)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    above = 0
    for index, (row, start, end) in enumerate(runs):
        while runs[above][0] < row - 1 or (
            runs[above][0] == row - 1 and runs[above][2] + reach <= start
        ):
            above += 1
        other = above
        while runs[other][0] == row - 1 and runs[other][1] < end + reach:
            parents[root(other)] = root(index)
            other += 1
    found: dict[int, Region] = {}
    for index, run in enumerate(runs):
        found.setdefault(root(index), Region()).add(run)
    return list(found.values())


def _runs(mask: Image.Image) -> Iterator[_Run]:
    data, width = mask.tobytes(), mask.width
    for row in range(mask.height):
        first, beyond = row * width, (row + 1) * width
        start = data.find(b"\xff", first, beyond)
        while start >= 0:
            end = data.find(b"\x00", start, beyond)
            end = beyond if end < 0 else end
            yield row, start - first, end - first
            start = data.find(b"\xff", end, beyond)


def edge_regions(mask: Image.Image) -> list[Region]:
    """Return the regions of a mask that touch its edge; corners do not join them."""
    width, height = mask.size
    return [
        each
        for each in regions(mask, corners=False)
        if not each.left or not each.top or each.right == width or each.bottom == height
    ]


def mask_of(found: Iterable[Region], size: tuple[int, int]) -> Image.Image:
    """Return the mask that has these regions and nothing else."""
    width, height = size
    data = bytearray(width * height)
    for region in found:
        for row, start, end in region.runs:
            data[row * width + start : row * width + end] = b"\xff" * (end - start)
    return Image.frombytes("L", size, bytes(data))
