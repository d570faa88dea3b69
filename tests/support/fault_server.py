"""An SMTP server that can go wrong at every stage, and knows what it really took.

What it took is the ground truth of every test: a mail was delivered if, and only if,
it stands in `taken`. A fault is a reply to give instead (`550 5.1.1 no`), `cut`, `reset`,
`hang`, `garbage`, or after the final dot `take+cut`, `take+hang`, `take+garbage`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import ssl
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from cecert.adapters.mail import Patience

PATIENCE_AT = {
    "greeting": "connect", "ehlo": "connect", "starttls": "connect", "auth": "connect",
    "mail": "command", "rcpt": "command", "data": "data", "body": "body", "dot": "dot",
    "rset": "quit",
}  # fmt: skip
"""How long a sender waits at a stage, as `Patience` calls it."""
STAGES = ("greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset")


@dataclass(frozen=True)
class Taken:
    """A message the server took: what it answers for."""

    sender: str
    recipient: str
    content: bytes


class _CutError(Exception):
    """The connection ends here."""


@dataclass
class FaultServer:
    """Listens on a free port of 127.0.0.1 inside `async with`.

    Attributes:
        faults: For each stage, the faults of its first occurrences, in order; "" for none.
        chance: Asked at each stage where `faults` has nothing: a fault, or "".
        tls: Certificate for STARTTLS, or for TLS from the first byte with `at_once`.
        password: What AUTH must say; "" offers no AUTH.
        tokens: Tokens XOAUTH2 takes; empty offers no XOAUTH2.
        most_mails: Mails on one connection, after which MAIL is answered 452 4.5.3.
        delay: Seconds before every reply.
        journal: Every mail taken is appended here, before the reply.
        extensions: Whether SIZE and DSN are offered.
    """

    faults: Mapping[str, Iterable[str]] = field(default_factory=dict)
    chance: Callable[[str], str] = field(default=lambda _: "")
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    password: str = ""
    tokens: frozenset[str] = frozenset()
    most_mails: int = 10**9
    delay: float = 0
    journal: Path | None = None
    extensions: bool = True
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    port: int = 0

    async def __aenter__(self) -> Self:
        self._queues: defaultdict[str, deque[str]] = defaultdict(deque)
        for stage, faults in self.faults.items():
            self._queues[stage].extend(faults)
        self._open: set[asyncio.Task[None]] = set()
        self._reached: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self.tls if self.at_once else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await _Session(self, reader, writer).run()
        except (_CutError, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._open.discard(task)
            writer.close()

    async def reached(self, stage: str) -> None:
        """Wait until somebody comes to *stage*."""
        await self._reached[stage].wait()

    def fault(self, stage: str) -> str:
        self.seen[stage] += 1
        self._reached[stage].set()
        queue = self._queues[stage]
        return queue.popleft() if queue else self.chance(stage)

    def patience(self) -> Patience:
        """Return the patience of a sender: short only where this server hangs.

        A server that answers is waited for as long as it takes, however busy the machine is.
        """
        hung = {stage for stage, faults in self.faults.items() if any("hang" in f for f in faults)}
        return Patience(**{PATIENCE_AT[stage]: 1.0 for stage in hung})

    def take(self, mail: Taken) -> None:
        self.taken.append(mail)
        if self.journal is not None:
            line = {
                "from": mail.sender,
                "to": mail.recipient,
                "content": base64.b64encode(mail.content).decode(),
            }
            with self.journal.open("a") as stream:
                stream.write(json.dumps(line) + "\n")


@contextmanager
def served(server: FaultServer) -> Iterator[FaultServer]:
    """Run *server* in a thread of its own, for what runs an event loop itself."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
        yield server
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Session:
    def __init__(
        self, server: FaultServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._secure = server.at_once
        self._sender = self._recipient = ""
        self._mails = 0

    async def run(self) -> None:
        await self._answer("greeting", "220 fault.test ESMTP")
        while line := await self._reader.readline():
            text = line.decode("ascii").rstrip("\r\n")
            self._server.commands.append(text)
            await self._obey(text)

    async def _obey(self, text: str) -> None:
        verb = text.split(" ", maxsplit=1)[0].split(":", maxsplit=1)[0].upper()
        match verb:
            case "EHLO":
                await self._answer("ehlo", self._extensions())
            case "STARTTLS":
                await self._start_tls()
            case "AUTH":
                await self._authenticate(text.split(" ", 2))
            case "MAIL":
                await self._mail(text)
            case "RCPT":
                self._recipient = _address(text)
                await self._answer("rcpt", "250 2.1.5 ok")
            case "DATA":
                await self._data()
            case "RSET":
                await self._answer("rset", "250 2.0.0 ok")
            case "QUIT":
                await self._write("221 2.0.0 bye")
                raise _CutError
            case _:
                await self._write("500 5.5.1 what")

    def _extensions(self) -> str:
        server = self._server
        offered = ["fault.test", "8BITMIME"]
        if server.extensions:
            offered += ["SIZE 50000000", "DSN"]
        if server.tls is not None and not self._secure:
            offered.append("STARTTLS")
        elif server.password or server.tokens:
            ways = ["PLAIN", "LOGIN"] if server.password else []
            ways += ["XOAUTH2"] if server.tokens else []
            offered.append(f"AUTH {' '.join(ways)}")
        return "\r\n".join(f"250{' ' if each is offered[-1] else '-'}{each}" for each in offered)

    async def _start_tls(self) -> None:
        await self._answer("starttls", "220 2.0.0 go ahead")
        assert self._server.tls is not None
        await self._writer.start_tls(self._server.tls)
        self._secure = True

    async def _authenticate(self, words: list[str]) -> None:
        given = base64.b64decode(words[2]).decode() if len(words) > 2 else ""
        server = self._server
        if words[1].upper() == "XOAUTH2":
            good = given.rpartition("Bearer ")[2].rstrip("\x01") in server.tokens
        else:
            good = given.rpartition("\0")[2] == server.password
        refusal = "535 5.7.8 authentication failed"
        await self._answer("auth", "235 2.7.0 ok" if good else refusal)

    async def _mail(self, text: str) -> None:
        self._sender = _address(text)
        if self._mails >= self._server.most_mails:
            await self._write("452 4.5.3 Too many messages sent")
        else:
            await self._answer("mail", "250 2.1.0 ok")

    async def _data(self) -> None:
        if not await self._answer("data", "354 go on"):
            return
        if (fault := self._server.fault("body")) in {"cut", "reset"}:
            await self._reader.readline()
            raise _CutError
        if fault == "hang":
            await asyncio.sleep(3600)
        lines = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                raise _CutError  # cut before the dot: the message is dropped
            lines.append(line[1:] if line.startswith(b".") else line)
        await self._finish(b"".join(lines))

    async def _finish(self, content: bytes) -> None:
        fault = self._server.fault("dot")
        mail = Taken(self._sender, self._recipient, content)
        taken = fault == "" or fault.startswith("take+")
        if taken:
            self._mails += 1
            self._server.take(mail)
        number = len(self._server.taken)
        await self._do(fault.removeprefix("take+"), f"250 2.0.0 queued as {number}")

    async def _answer(self, stage: str, reply: str) -> bool:
        """Give *reply*, unless a fault is due; True if it was given."""
        fault = self._server.fault(stage)
        await self._do(fault, reply)
        return not fault

    async def _do(self, fault: str, reply: str) -> None:
        if fault == "hang":
            await asyncio.sleep(3600)
        elif fault in {"cut", "reset"}:
            raise _CutError
        elif fault == "garbage":
            self._writer.write(b"\xff\xfe what is this\r\n")
        else:
            await self._write(fault or reply)
            if fault.startswith("421"):
                raise _CutError

    async def _write(self, reply: str) -> None:
        if self._server.delay:
            await asyncio.sleep(self._server.delay)
        self._writer.write(reply.encode() + b"\r\n")
        await self._writer.drain()


def _address(text: str) -> str:
    return text[text.index("<") + 1 : text.index(">")]


FAULTS_OF = {
    "greeting": ("421 4.3.2 busy", "cut"),
    "mail": ("421 4.3.2 busy", "451 4.3.0 later", "cut", "garbage"),
    "rcpt": ("421 4.3.2 busy", "450 4.2.1 later", "cut", "garbage"),
    "data": ("421 4.3.2 busy", "451 4.3.0 later", "cut", "garbage"),
    "body": ("cut",),
    "dot": ("421 4.3.2 busy", "451 4.3.0 later", "cut", "take+cut", "take+garbage", "garbage"),
}


def chaos(seed: int, share: float) -> Callable[[str], str]:
    """Return faults that come by chance, at *share* of all stages."""
    rolls = random.Random(seed)

    def roll(stage: str) -> str:
        kinds = FAULTS_OF.get(stage, ())
        return rolls.choice(kinds) if kinds and rolls.random() < share else ""

    return roll


async def _main(journal: str, share: str, delay: str) -> None:
    chance = chaos(1, float(share))
    async with FaultServer(journal=Path(journal), chance=chance, delay=float(delay)) as server:
        print(server.port, flush=True)  # the parent reads it
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
