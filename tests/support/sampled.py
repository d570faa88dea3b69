"""A fixed sample in every run; the rest of a campaign where time is given (`make slow`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark import ParameterSet

__all__ = ["further", "sampled"]


def further(cases: Iterable[Iterable[object]]) -> list[ParameterSet]:
    """Return the cases that `make slow`, `make check` and CI ask, and `make test` does not."""
    return [pytest.param(*each, marks=pytest.mark.slow) for each in cases]


def sampled(
    cases: Iterable[tuple[object, ...]], sample: Collection[tuple[object, ...]]
) -> list[ParameterSet]:
    """Return all cases in their order, those slow that are not of the sample.

    Raises:
        ValueError: If the sample is empty, or what is of it is no case.
    """
    held = list(cases)
    strange = [each for each in sample if each not in held]
    if strange or not sample:
        raise ValueError(f"no sample of the cases: {strange}")
    return [pytest.param(*each, marks=() if each in sample else pytest.mark.slow) for each in held]
