"""Workers on other machines, by Dask: a scheduler hands groups to whoever has joined it.

What a worker is told once, every worker of the scheduler is told, and each that joins later.
A group goes as bytes and comes back so. Whoever reaches the scheduler can have any program run
by its workers and by this process: it belongs into a network of one's own, or behind TLS.
"""

from __future__ import annotations

import pickle
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError as FutureCancelled
from contextlib import contextmanager, suppress
from itertools import islice
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import uuid4

from cecert.adapters.workers.child import portable
from cecert.errors import ConfigurationError, InputError
from cecert.ports.workers import WorkerLostError, Workers
from cecert.version import __version__

try:
    from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin
    from distributed.comm.core import CommClosedError
except ImportError as error:
    raise ConfigurationError(
        "a scheduler needs distributed, which is not installed", hint="pip install 'cecert[dask]'"
    ) from error

__all__ = ["DaskWorkers", "open_dask_workers"]

Setting = TypeVar("Setting")
Group = TypeVar("Group")
Answer = TypeVar("Answer")

AHEAD = 2
"""Groups for each thread of a worker that are taken before their turn."""

CONNECTING = 10
"""Seconds in which a scheduler answers."""

ALONE = 60
"""Seconds for which a group waits for a worker while there is none."""

_begun: dict[str, _Work] = {}
"""In a worker: what each who asks has told it, by the name of the asking."""


@contextmanager
def open_dask_workers(
    begin: Callable[[Setting], Callable[[Group], Answer]], setting: Setting, address: str
) -> Iterator[Workers[Group, Answer]]:
    """Give the workers of a scheduler, until the work is done.

    Args:
        begin: A function of a module: takes *setting*, returns what does a group. Each process
            calls it once, with its first group; threads of a worker share what it returns.
        setting: What it works with, a value that can be pickled, without any secret.
        address: Of the scheduler, such as `tcp://10.0.0.5:8786`.

    Raises:
        InputError: If *address* is none.
        ConfigurationError: If there is no scheduler, it has no worker, or it or a worker has
            another version of cecert.
    """
    client = _connected(address)
    try:
        _require_this_version(client, address)
        workers: DaskWorkers[Group, Answer] = DaskWorkers(client, begin, setting)
        try:
            yield workers
        finally:
            workers.close()
    finally:
        with suppress(OSError):  # the scheduler is gone
            client.close(timeout=CONNECTING)


def _connected(address: str) -> Client:
    if not address.startswith(("tcp://", "tls://")):
        raise InputError(f"{address} is no address of a scheduler", hint="such as tcp://HOST:8786")
    try:
        return Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"no scheduler answers at {address}", hint="dask scheduler prints its address"
        ) from error
    except TypeError as error:  # so it says that its configuration names no certificates
        raise ConfigurationError(
            f"{address} wants TLS, and Dask's configuration names no certificates",
            hint="set distributed.comm.tls in it: docs/how-to/many-machines.md",
        ) from error


def _require_this_version(client: Client, address: str) -> None:
    """Ask all for their version: a drawing of another one may look otherwise."""
    found: Mapping[str, object] = client.run(_version, on_error="return")
    if not found:
        raise ConfigurationError(
            f"the scheduler at {address} has no worker", hint=f"start one: dask worker {address}"
        )
    try:
        found = {address: client.run_on_scheduler(_version), **found}
    except Exception as error:  # noqa: BLE001  # whatever kept it from loading cecert
        found = {address: error, **found}
    others = [
        f"{who} has {f'cecert {each}' if isinstance(each, str) else f'no cecert ({each})'}"
        for who, each in found.items()
        if each != __version__
    ]
    if others:
        raise ConfigurationError(
            f"the scheduler and its workers need cecert {__version__}: {'; '.join(others)}",
            hint=f"pip install 'cecert[dask]=={__version__}' there",
        )


def _version() -> str:
    return __version__


class DaskWorkers(Generic[Group, Answer]):
    """Does the work by the workers of a scheduler: a `cecert.ports.Workers`.

    A group whose worker is lost, the scheduler gives to another.
    """

    def __init__(
        self,
        client: Client,
        begin: Callable[[Setting], Callable[[Group], Answer]],
        setting: Setting,
    ) -> None:
        """Tell all workers what they work with; `close` has them forget it."""
        self._client = client
        self._name = f"cecert-{uuid4()}"
        client.register_plugin(_Beginning(self._name, pickle.dumps((begin, setting))), self._name)

    def answers(self, groups: Iterable[Group]) -> Iterator[Answer]:
        """Yield the answer to each group, in the order of the groups.

        Raises:
            WorkerLostError: If one worker after another ended over the same group, no worker is
                left, or the scheduler is gone.
        """
        asked = iter(groups)
        ahead = AHEAD * max(1, sum(self._client.nthreads().values()))
        waiting = deque(self._given(each) for each in islice(asked, ahead))
        try:
            while waiting:
                succeeded, answer = pickle.loads(self._awaited(waiting[0]))  # noqa: S301  # of our own
                waiting.popleft()
                if not succeeded:
                    raise answer
                waiting.extend(self._given(each) for each in islice(asked, 1))
                yield answer
        finally:
            for each in waiting:  # what is cancelled, the scheduler tells all its clients
                each.release()

    def _given(self, group: Group) -> Future[bytes]:
        # pure: what has the same words is not the same asking; it is done when it is asked for.
        return self._client.submit(_told, self._name, __version__, pickle.dumps(group), pure=False)

    def _awaited(self, future: Future[bytes]) -> bytes:
        while True:
            try:
                return future.result(timeout=ALONE)
            except TimeoutError:
                if not self._client.nthreads():
                    raise WorkerLostError("the scheduler has no worker left") from None
            except KilledWorker as error:
                raise WorkerLostError(
                    "one worker after another ended over the same work",
                    hint="is there too little memory for them? see what the scheduler wrote",
                ) from error
            except (CancelledError, FutureCancelled, CommClosedError) as error:
                raise WorkerLostError("the scheduler is gone") from error

    def close(self) -> None:
        """Have the workers forget what they were told."""
        with suppress(OSError, ValueError):  # the scheduler is gone
            self._client.unregister_worker_plugin(self._name)


class _Beginning(WorkerPlugin):
    """Brings a worker what it works with."""

    def __init__(self, name: str, told: bytes) -> None:
        self.name, self._told = name, told

    def setup(self, worker: Worker) -> None:
        del worker
        _begun[self.name] = _Work(self._told)

    def teardown(self, worker: Worker) -> None:
        del worker
        _begun.pop(self.name, None)


class _Work:
    """Begins with the first group; the threads of a worker share it."""

    def __init__(self, told: bytes) -> None:
        self._told, self._lock = told, Lock()
        self._work: Callable[[Any], Any] | None = None

    def do(self, group: object) -> object:
        with self._lock:
            if self._work is None:
                begin, setting = pickle.loads(self._told)  # noqa: S301  # of who asked
                self._work = begin(setting)
        return self._work(group)


def _told(name: str, version: str, group: bytes) -> bytes:
    """Do a group in a worker; return whether that succeeded, and the answer or the error."""
    try:
        told: tuple[bool, object] = True, _done(name, version, group)
    except Exception as error:  # noqa: BLE001  # it is raised where the group came from
        told = False, portable(error)
    return pickle.dumps(told, pickle.HIGHEST_PROTOCOL)


def _done(name: str, version: str, group: bytes) -> object:
    if version != __version__:  # it joined after all had been asked
        raise ConfigurationError(
            f"a worker has cecert {__version__}, and not {version}",
            hint="give all workers one version",
        )
    return _begun[name].do(pickle.loads(group))  # noqa: S301  # of who asked
