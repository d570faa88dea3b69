"""The system calls that a reader of documents does without, as a filter for seccomp.

The filter is a program of classic BPF (`linux/filter.h`) over `struct seccomp_data`: the
number of the call, the architecture, the arguments. A refused call fails as if it were
not allowed (EPERM), so that a library which can do without goes on.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from errno import ENOSYS, EPERM

__all__ = ["ARCHITECTURES", "CALLS", "Architecture", "FilterProgram", "Refusals", "filter_of"]


class Refusals(Enum):
    """What is refused: touching what is outside, or other processes, threads apart."""

    OUTSIDE = "outside"
    PROCESSES = "processes"


CALLS: Mapping[Refusals, str] = {
    Refusals.OUTSIDE: """
        socket 41 198  bind 49 200  connect 42 203  listen 50 201
        accept 43 202  accept4 288 242  sendto 44 206  sendmsg 46 211  sendmmsg 307 269
        io_uring_setup 425 425  io_uring_enter 426 426  io_uring_register 427 427
        execve 59 221  execveat 322 281
        ptrace 101 117  process_vm_readv 310 270  process_vm_writev 311 271
        process_madvise 440 440  pidfd_open 434 434  pidfd_getfd 438 438
        pidfd_send_signal 424 424  kcmp 312 272  perf_event_open 298 241  bpf 321 280
        userfaultfd 323 282  keyctl 250 219  add_key 248 217  request_key 249 218
        shmget 29 194  shmat 30 196  msgget 68 186  semget 64 190  mq_open 240 180
        chmod 90 -  fchmod 91 52  fchmodat 268 53  fchmodat2 452 452
        chown 92 -  lchown 94 -  fchown 93 55  fchownat 260 54
        utime 132 -  utimes 235 -  futimesat 261 -  utimensat 280 88
        setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7
        removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16
        truncate 76 45  open_by_handle_at 304 265
        setpriority 141 140  ioprio_set 251 30  sched_setaffinity 203 122
        sched_setscheduler 144 119  sched_setparam 142 118  sched_setattr 314 274
        unshare 272 97  setns 308 268  mount 165 40  umount2 166 39  chroot 161 51
        pivot_root 155 41  open_tree 428 428  move_mount 429 429  fsopen 430 430
        mount_setattr 442 442  init_module 175 105  finit_module 313 273
        delete_module 176 106  kexec_load 246 104  kexec_file_load 320 294  reboot 169 142
        settimeofday 164 170  clock_settime 227 112  clock_adjtime 305 266
        adjtimex 159 171  sethostname 170 161  setdomainname 171 162  acct 163 89
        swapon 167 224  swapoff 168 225  iopl 172 -  ioperm 173 -
    """,
    Refusals.PROCESSES: """
        fork 57 -  vfork 58 -  kill 62 129  tkill 200 130  tgkill 234 131
        rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240
    """,
}
"""Names, and their numbers on x86-64 and aarch64 (`asm/unistd_64.h`, `asm-generic/unistd.h`).

Opening files is Landlock's. Modes, owners, times and attributes of files are not, so they
are refused here, and io_uring, which makes calls that no filter sees.
"""

X86_64, AARCH64 = 0xC000003E, 0xC00000B7
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64, in `linux/audit.h`."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """The numbers that one processor's Linux has for system calls.

    Attributes:
        audit: What seccomp calls the architecture.
        column: Where its numbers stand in `CALLS`, after the names.
        pair: socketpair, which is permitted within this machine.
        clone: clone, which is permitted to start threads.
        set_limits: prlimit64, which is permitted to a process for itself.
    """

    audit: int
    column: int
    pair: int
    clone: int
    set_limits: int

    def numbers(self, refusals: Refusals) -> dict[str, int]:
        """Return the numbers of the refused calls by their names; what it lacks is left out."""
        words = CALLS[refusals].split()
        columns = words[self.column :: 3]
        return {
            name: int(number)
            for name, number in zip(words[::3], columns, strict=True)
            if number != "-"
        }


ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(X86_64, 1, pair=53, clone=56, set_limits=302),
    "aarch64": Architecture(AARCH64, 2, pair=199, clone=220, set_limits=261),
}
"""By the name that `platform.machine` has for them."""

CLONE3, CLONE_THREAD = 435, 0x10000
"""clone3 hides its flags from filters; the C library then asks clone instead."""

UNIX = 1
"""AF_UNIX."""

X32 = 0x40000000
"""Added to a number, it asks x86-64 for the same call under another number."""


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("jump_true", ctypes.c_uint8),
        ("jump_false", ctypes.c_uint8),
        ("word", ctypes.c_uint32),
    )


class FilterProgram(ctypes.Structure):
    """`struct sock_fprog`: the length and the place of a program."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


_LOAD, _RETURN = 0x20, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000

_Line = tuple[int, int, int, int]
_REFUSE: _Line = (_RETURN, 0, 0, _ERROR | EPERM)
_PERMIT: _Line = (_RETURN, 0, 0, _ALLOW)


def filter_of(architecture: Architecture, refusals: Refusals) -> FilterProgram:
    """Return the program that refuses *refusals* on *architecture* and permits the rest."""
    lines = [_Instruction(*each) for each in _lines(architecture, refusals)]
    return FilterProgram(len(lines), (_Instruction * len(lines))(*lines))


def _lines(architecture: Architecture, refusals: Refusals) -> Iterator[_Line]:
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield from _unless(_EQUAL, architecture.audit, _REFUSE)
    yield (_LOAD, 0, 0, _NUMBER)
    if architecture.audit == X86_64:
        yield from _if(_AT_LEAST, X32, _REFUSE)
    for number in architecture.numbers(refusals).values():
        yield from _if(_EQUAL, number, _REFUSE)
    # What asyncio wakes itself with: it leads nowhere.
    yield from _argument_must(architecture.pair, _EQUAL, UNIX)
    if refusals is Refusals.PROCESSES:
        yield from _if(_EQUAL, CLONE3, (_RETURN, 0, 0, _ERROR | ENOSYS))
        yield from _argument_must(architecture.clone, _ANY_BIT, CLONE_THREAD)
        # Of this process, which is number 0: prlimit could change another one's.
        yield from _argument_must(architecture.set_limits, _EQUAL, 0)
    yield _PERMIT


def _if(test: int, word: int, verdict: _Line) -> Iterator[_Line]:
    yield (test, 0, 1, word)
    yield verdict


def _unless(test: int, word: int, verdict: _Line) -> Iterator[_Line]:
    yield (test, 1, 0, word)
    yield verdict


def _argument_must(number: int, test: int, word: int) -> Iterator[_Line]:
    """Permit call *number* if its first argument passes *test*, and refuse it otherwise."""
    yield (_EQUAL, 0, 4, number)
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield from _unless(test, word, _REFUSE)
    yield _PERMIT
