"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_NUMBERS = count(1)


class PostgresqlServer:
    """A running server."""

    def __init__(self, sockets: Path, control: Callable[..., None]) -> None:
        self._place = f"postgres@/postgres?host={sockets}"
        self._control = control

    def start(self) -> None:
        """Start it, as it was when it was stopped."""
        self._control("start")

    def stop(self) -> None:
        """Cut every connection, and let none in, as when the machine is switched off."""
        self._control("stop", "-m", "immediate")

    def new_url(self) -> str:
        """Return the URL of an empty place for tables: a schema, which is made at once."""
        name = f"test_{next(_NUMBERS)}"
        with psycopg.connect(f"postgresql://{self._place}", autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"postgresql+psycopg://{self._place}&options=-csearch_path%3D{name}"


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Start a server, and stop it in the end with everything in it."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="cecert-pg-"))
    # The server refuses to run as root, as which tests run in containers.
    user = _unprivileged() if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [str(each) for each in command],
            user=user,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}")

    run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    log = folder / "log"

    def control(verb: str, *words: str) -> None:
        started = ("-l", log, "-o", options) if verb == "start" else ()
        run(programs / "pg_ctl", verb, "-w", "-D", data, *words, *started)

    server = PostgresqlServer(folder, control)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A server, started for the first test that asks."""
    with postgresql_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> str:
    """URL of an empty place on that server."""
    return postgresql.new_url()


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    # Debian keeps each version's programs apart, and off the PATH.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise RuntimeError("PostgreSQL's server programs are missing: apt install postgresql")
    return versions[-1].parent


def _unprivileged() -> str:
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
