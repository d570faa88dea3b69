"""A loop that sits out no silence: whom it waits for, and whom not."""

from __future__ import annotations

import asyncio
import time

from quiet_loop import MOMENT, played


def test_a_silence_of_an_hour_takes_a_moment_and_whoever_works_is_waited_for() -> None:
    async def hour() -> float:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        await asyncio.sleep(3600)
        return loop.time() - begin

    async def worked() -> str:
        async with asyncio.timeout(3600):
            await asyncio.to_thread(time.sleep, 3 * MOMENT)
        return "done"

    async def spoken() -> bytes:
        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for each in b"word":
                await asyncio.sleep(MOMENT / 2)
                writer.write(bytes([each]))
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            place = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection(*place)
            async with asyncio.timeout(3600):
                said = await reader.read()
            writer.close()
            return said

    begin = time.monotonic()
    assert played(hour()) >= 3600
    assert time.monotonic() - begin < 3600
    assert played(worked()) == "done"
    assert played(spoken()) == b"word"
