"""An event loop that does not sit out a silence: where nobody has anything to say, time is up.

For scenes whose two sides run in one loop. What a side has written lies with the other at once, so
that a silence of a moment is one of an hour. Sides that are busy are waited for as long as they
take, and so is what runs in threads.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

__all__ = ["played"]

MOMENT = 0.1
"""Seconds in which nothing came: long enough for the system to hand over what was written."""
Value = TypeVar("Value")
Words = TypeVarTuple("Words")


class _Selector(selectors.DefaultSelector):
    """Asks the system, and lets time pass when it has nothing to tell."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= MOMENT or self.threads:
            return super().select(timeout)
        found = super().select(MOMENT)
        if not found and not self.threads:
            self.ahead += timeout - MOMENT
        return found


class _QuietLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._quiet = _Selector()
        super().__init__(self._quiet)

    def time(self) -> float:
        return super().time() + self._quiet.ahead

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Words]], Value],
        *args: *Words,
    ) -> asyncio.Future[Value]:
        self._quiet.threads += 1
        running = super().run_in_executor(executor, func, *args)
        running.add_done_callback(self._thread_ended)
        return running

    def _thread_ended(self, _: object) -> None:
        self._quiet.threads -= 1


def played(scene: Coroutine[Any, Any, Value]) -> Value:
    """Run a scene as `asyncio.run` does, and wait for nobody who is silent."""
    with asyncio.Runner(loop_factory=_QuietLoop) as runner:
        return runner.run(scene)
