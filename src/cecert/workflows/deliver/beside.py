"""What blocks is done beside the event loop: ledger, archive, send log and composing.

One thread does it all, in the order in which it was asked: what the ports promise of calls
that come one after the other stays true, and the loop goes on meanwhile, with other
connections and with whatever else the program does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

__all__ = ["Beside"]

P = ParamSpec("P")
T = TypeVar("T")


class Beside:
    """A thread beside the loop; an async context manager, which waits for what is still done."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "cecert-deliver")

    async def do(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *act* returns, called in the thread.

        Cancelled, it is done all the same, before what is asked for later.

        Args:
            act: What blocks.
            *args: What it is given.
            **kwargs: What it is given by name.
        """
        return await asyncio.wrap_future(self._thread.submit(act, *args, **kwargs))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self.do(_nothing)
        finally:
            self._thread.shutdown()


def _nothing() -> None:
    """Come after all that was asked for before."""
