"""What blocks is done beside the event loop: ledger, archive, send log and composing.

One thread does it all, in the order in which it was asked: what the ports promise of calls
that come one after the other stays true, and the loop goes on meanwhile, with other
connections and with whatever else the program does. Only what is recorded in the outbox may
come before what others asked for: while the disk is waited for once, more of it gathers, and
that is one transaction.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from cecert.ports import Outbox

__all__ = ["Beside"]

P = ParamSpec("P")
T = TypeVar("T")
Asked = tuple[Callable[[Outbox], Any], "Future[Any]"]


class Beside:
    """A thread beside the loop; an async context manager, which waits for what is still done."""

    def __init__(self, outbox: Outbox) -> None:
        """Prepare to work.

        Args:
            outbox: In which `record` records.
        """
        self._outbox = outbox
        self._thread = ThreadPoolExecutor(1, "cecert-deliver")
        self._asked: deque[Asked] = deque()

    async def do(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *act* returns, called in the thread.

        Cancelled, what has begun is done all the same, before what is asked for later; what has
        not begun is not done.

        Args:
            act: What blocks.
            *args: What it is given.
            **kwargs: What it is given by name.
        """
        return await asyncio.wrap_future(self._thread.submit(act, *args, **kwargs))

    async def record(self, act: Callable[[Outbox], T]) -> T:
        """Return what *act* returns, once it is on the disk together with what else waits to be.

        Where one of them fails, each is done again by itself. Cancelled, as `do`.

        Args:
            act: Called with the outbox, in the thread; perhaps twice.
        """
        future: Future[T] = Future()
        self._asked.append((act, future))
        self._thread.submit(self._record_all)
        return await asyncio.wrap_future(future)

    def _record_all(self) -> None:
        asked = []
        while self._asked:
            act, future = self._asked.popleft()
            if future.set_running_or_notify_cancel():
                asked.append((act, future))
        self._record(asked)

    def _record(self, asked: Sequence[Asked]) -> None:
        if not asked:
            return
        try:
            answers = self._outbox.together([act for act, _ in asked])
        except BaseException as error:  # noqa: BLE001  # whoever waits for it gets it
            if len(asked) == 1:
                asked[0][1].set_exception(error)
                return
            for each in asked:
                self._record([each])
        else:
            for (_, future), answer in zip(asked, answers, strict=True):
                future.set_result(answer)

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
