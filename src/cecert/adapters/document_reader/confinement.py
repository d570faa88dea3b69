"""What is taken from a process before it reads documents that anybody may have made.

A parser that a document has taken over runs as the user. So it reads no file but the
libraries, writes none, reaches no network, starts no program and no process, and touches
no other process. POSIX has limits of resources for part of that; Linux has Landlock
(5.13) for files and seccomp for system calls, which are asked for by number, for Python
has no words for them. What a system lacks is left out: `held` says what holds.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cecert.adapters.document_reader.system_calls import ARCHITECTURES, Refusals, filter_of
from cecert.adapters.storage.posix import is_denied, limit

__all__ = ["Confinement", "confine", "confine_reader", "held", "memory_hidden"]

OPEN_FILES = 64
"""A library loads its modules one at a time."""

SET_PARENT_DEATH_SIGNAL, KILLED = 1, 9
GET_DUMPABLE, SET_DUMPABLE = 3, 4
GET_SECCOMP, SET_SECCOMP, FILTERED = 21, 22, 2
SET_NO_NEW_PRIVILEGES, GET_NO_NEW_PRIVILEGES = 38, 39
"""Operations of prctl(2), in `linux/prctl.h`."""

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
"""Landlock's system calls, the same on every architecture, and words of `linux/landlock.h`."""

SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
"""Where the loader finds what a module written in C is linked with."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds in a process.

    Attributes:
        resources: It can write no byte to a file, and dumps no core.
        privileges: No program it might start has more privileges than it.
        hidden: No process of the same user can read its memory or its environment.
        files: It can open no file but the libraries it was given, and change none.
        calls: The system calls for network, programs and other processes are refused.
    """

    resources: bool
    privileges: bool
    hidden: bool
    files: bool
    calls: bool


def held() -> Confinement:
    """Return what holds in this process, as the system itself says."""
    return Confinement(
        resources=is_denied("RLIMIT_FSIZE"),
        privileges=_prctl(GET_NO_NEW_PRIVILEGES) == 1,
        hidden=_prctl(GET_DUMPABLE) == 0,
        files=_sees_no_root(),
        calls=_prctl(GET_SECCOMP) == FILTERED,
    )


def _sees_no_root() -> bool:
    # Landlock cannot be asked whether it is on, but anybody else may list this folder.
    try:
        os.close(os.open(Path(sys.executable).anchor, os.O_RDONLY))
    except PermissionError:
        return sys.platform == "linux"
    return False


def confine(readable: Sequence[str], memory: int) -> None:
    """Take from this process, for good, all but computing, reading libraries and forking.

    Args:
        readable: Folders and files that may still be read, beside the system's libraries.
        memory: Bytes of address space.
    """
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_NOFILE", OPEN_FILES)
    _prctl(SET_NO_NEW_PRIVILEGES, 1)
    _prctl(SET_DUMPABLE, 0)
    own = os.path.join(sys.base_prefix, "lib")  # noqa: PTH118  # an entry of a module path
    _restrict_files([*readable, own, *SYSTEM_LIBRARIES])
    _refuse_calls(Refusals.OUTSIDE)
    limit("RLIMIT_AS", memory)  # the last: what stands above needs some


def confine_reader(parent: int, seconds: float) -> None:
    """Take forking too, for good, and limit the time of one document.

    Args:
        parent: The process that started this one, with which it ends.
        seconds: Of computing, after which the system ends the process.
    """
    _prctl(SET_PARENT_DEATH_SIGNAL, KILLED)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)
    _refuse_calls(Refusals.PROCESSES)
    if _prctl(GET_SECCOMP) != FILTERED:  # Linux counts threads too, which HEIC needs
        limit("RLIMIT_NPROC", 0)
    limit("RLIMIT_CPU", math.ceil(seconds) + 1)


@contextmanager
def memory_hidden() -> Iterator[None]:
    """Keep processes of the same user from this one's memory and first environment."""
    before = _prctl(GET_DUMPABLE)
    _prctl(SET_DUMPABLE, 0)
    try:
        yield
    finally:
        if before == 1:
            _prctl(SET_DUMPABLE, before)


def _prctl(operation: int, *words: int | ctypes.c_void_p) -> int:
    """Return what prctl(2) answers; -1 where there is none, or it refuses."""
    if sys.platform != "linux":
        return -1
    given = [each if isinstance(each, ctypes.c_void_p) else ctypes.c_ulong(each) for each in words]
    rest = [ctypes.c_ulong(0)] * (4 - len(given))
    return int(ctypes.CDLL(None).prctl(ctypes.c_int(operation), *given, *rest))


def _refuse_calls(refusals: Refusals) -> None:
    """Add a filter of system calls, where the architecture's numbers are known."""
    architecture = ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        return
    program = filter_of(architecture, refusals)
    _prctl(SET_SECCOMP, FILTERED, ctypes.cast(ctypes.byref(program), ctypes.c_void_p))


# Landlock


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights over files Landlock knows since which of its versions."""

NETWORK, SCOPES = (4, 2), (6, 2)
"""The same of TCP (bind, connect), and of what lies outside (abstract sockets, signals)."""


def _restrict_files(readable: Sequence[str]) -> None:
    """Allow reading beneath *readable* and nothing else, where the kernel has Landlock."""
    if sys.platform != "linux":
        return
    version = _landlock(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return
    handled = _handled(version)
    ruleset = _landlock(CREATE_RULESET, ctypes.byref(handled), _size(version), 0)
    if ruleset < 0:
        return
    for each in dict.fromkeys(readable):
        _allow(ruleset, each)
    _landlock(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _handled(version: int) -> _Ruleset:
    rights = max(count for since, count in FILES.items() if since <= version)
    network, scopes = (
        (1 << count) - 1 if version >= since else 0 for since, count in (NETWORK, SCOPES)
    )
    return _Ruleset((1 << rights) - 1, network, scopes)


def _size(version: int) -> int:
    """Return the bytes of a ruleset that a kernel of *version* knows."""
    words = 1 + (version >= NETWORK[0]) + (version >= SCOPES[0])
    return words * ctypes.sizeof(ctypes.c_uint64)


def _allow(ruleset: int, path: str) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # an entry of a module path need not exist
        return
    rights = READ_FILE | READ_FOLDER if Path(path).is_dir() else READ_FILE
    rule = _PathBeneath(rights, handle)
    _landlock(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(handle)


def _landlock(call: int, *words: object) -> int:
    given = [ctypes.c_long(each) if isinstance(each, int) else each for each in words]
    function = ctypes.CDLL(None).syscall
    function.restype = ctypes.c_long
    return int(function(ctypes.c_long(call), *given))
