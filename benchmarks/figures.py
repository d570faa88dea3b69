"""What a benchmark found, as values; and a process of its own for what is to be measured alone.

It runs nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

__all__ = ["Figure", "alone", "peak_megabytes"]

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement.

    Attributes:
        name: What was measured.
        value: The median where it was repeated.
        unit: What *value* counts: ms of the processor, MB, requests a second.
        repeats: How often it was measured.
        against: What it is held against in the same run; nothing, without a ratio.
        ratio: How many times that it is.
        size: How many were held, issued or sent, where that was varied.
    """

    name: str
    value: float
    unit: str
    repeats: int = 1
    against: str = ""
    ratio: float | None = None
    size: int | None = None


def alone(function: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """Return what a module's function returns in a process of its own, with fresh memory."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(function, *given, **named).result()


def peak_megabytes() -> float:
    """Return the most memory that this process has held, in MB; `ru_maxrss` knows its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
