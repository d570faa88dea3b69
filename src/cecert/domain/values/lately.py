"""What was made of values lately: asked for again soon, and let go when others were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Lately"]

Value = TypeVar("Value")
Made = TypeVar("Made")


class Lately(Generic[Value, Made]):
    """Makes something of a value, and keeps it of the values that were asked for last.

    A value is known by itself and not by what it is equal to, so that nothing large is hashed.

    >>> lengths = Lately(len, most=2)
    >>> word = "abc"
    >>> lengths.of(word), lengths.of(word)
    (3, 3)
    """

    def __init__(self, make: Callable[[Value], Made], most: int) -> None:
        """Make what is asked for by *make*, and keep it of so many values at *most*."""
        self._make = make
        self._most = most
        # While a value is held no other can have its place in memory.
        self._kept: dict[int, tuple[Value, Made]] = {}
        self._order: deque[int] = deque()

    def clear(self) -> None:
        """Let go of all that was made."""
        self._kept.clear()
        self._order.clear()

    def of(self, value: Value) -> Made:
        """Return what is made of *value*."""
        known = self._kept.get(id(value))
        if known is not None:
            return known[1]
        made = self._make(value)
        if len(self._order) >= self._most:
            self._kept.pop(self._order.popleft(), None)
        self._kept[id(value)] = value, made
        self._order.append(id(value))
        return made
