"""What a reader of documents cannot do, asked of readers that try.

No document is known that makes the libraries run code of its own. So the tests put a
module of theirs into the process, whose questions do what such code would.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image

import cecert
from cecert.adapters.document_reader.confinement import (
    CREATE_RULESET,
    VERSION,
    _landlock,
    held,
    memory_hidden,
)
from cecert.adapters.document_reader.system_calls import (
    ARCHITECTURES,
    Architecture,
    Refusals,
    filter_of,
)

linux = pytest.mark.skipif(
    sys.platform != "linux"
    or _landlock(CREATE_RULESET, None, 0, VERSION) < 1
    or platform.machine() not in ARCHITECTURES,
    reason="this kernel has no Landlock, or its system calls are not known",
)

NOBODY = 65_534
SOURCES = str(Path(cecert.__file__).parents[1])

# Each question does one thing that code of a document might, on the word it is given.
HOSTILE = """
import ctypes, os, resource, signal, socket, subprocess, sys, threading
from cecert.adapters.document_reader.child import QUESTIONS

def tried(act):
    def question(document, limits):
        try:
            found = act(document.decode())
        except OSError as error:
            return "refused: " + error.__class__.__name__
        except ValueError as error:
            return "refused: limit"
        return "done: " + repr(found)
    QUESTIONS[act.__name__] = question

@tried
def read(path): return len(open(path, "rb").read())
@tried
def listed(path): return os.listdir(path)
@tried
def write(path): return open(path, "wb").write(b"1")
@tried
def append(path): return open(path, "ab").write(b"1")
@tried
def remove(path): return os.unlink(path)
@tried
def rename(path): return os.rename(path, path + "-")
@tried
def make_folder(path): return os.mkdir(path)
@tried
def change_mode(path): return os.chmod(path, 0o777)
@tried
def change_owner(path): return os.chown(path, os.getuid(), os.getgid())
@tried
def change_time(path): return os.utime(path, (1, 1))
@tried
def open_socket(_): return socket.socket()
@tried
def open_local_socket(_): return socket.socket(socket.AF_UNIX)
@tried
def pair(_): return len(socket.socketpair())
@tried
def fork(_):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return pid
@tried
def run(path): return subprocess.run([path]).returncode
@tried
def become(path): return os.execv(path, [path])
@tried
def end(pid): return os.kill(int(pid), signal.SIGTERM)
@tried
def end_parent(_): return os.kill(os.getppid(), signal.SIGTERM)
@tried
def trace(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, int(pid), None, None):
        raise OSError(ctypes.get_errno(), "ptrace")
@tried
def limit(pid): return resource.prlimit(int(pid), resource.RLIMIT_NOFILE, (9, 9))
@tried
def raise_limit(_): return resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))
@tried
def thread(_):
    found = []
    one = threading.Thread(target=lambda: found.append(1))
    one.start()
    one.join()
    return found
@tried
def variables(_): return sorted(os.environ)
@tried
def next_question(_): return os.read(0, 9)
@tried
def forge(_): return os.write(1, b"1" * 9)
@tried
def crash(_): return ctypes.string_at(0)
@tried
def myself(_): return os.getpid()
@tried
def remember(word):
    sys.modules.setdefault("kept", []).append(word)
    return sys.modules["kept"]
@tried
def loaded_by(picture):
    from base64 import b64decode
    from cecert.adapters.document_reader.process import ReadingLimits
    before = set(sys.modules)
    pages = QUESTIONS["picture"](b64decode(picture), ReadingLimits(), 0)["pages"]
    return len(pages), sorted(each for each in set(sys.modules) - before if "PIL" in each)
@tried
def seconds(_): return resource.getrlimit(resource.RLIMIT_CPU)
"""

# A program with a passphrase and a reading process, which asks what it is told to ask.
PROGRAM = """
import json, os, sys
from cecert.adapters.document_reader import process
process._BEGIN = process._BEGIN.replace("main(sys.argv", "import hostile; main(sys.argv")
reading = process.ReadingProcess()
for line in sys.stdin:
    name, word = json.loads(line)
    try:
        answer = reading.ask(name, word.replace("PROGRAM", str(os.getpid())).encode())
    except process.UnreadableError as error:
        answer = "unreadable: " + str(error)
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class Program:
    """A program that somebody runs, and a folder in which the user may change all."""

    user: str
    folder: Path
    process: subprocess.Popen[str]

    def ask(self, question: str, word: object = "") -> Any:  # noqa: ANN401  # JSON
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([question, str(word)]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def packages() -> list[str]:
    return [*(each for each in sys.path if each.endswith("-packages")), SOURCES]


def python_for(options: Mapping[str, Any]) -> str | None:
    """Return a Python that a user may run, and that finds the libraries."""
    program = f"import sys; sys.path[:0] = {packages()!r}; import pyhanko.sign.validation, zxingcpp"
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}"):
        try:
            subprocess.run([python, "-Bc", program], check=True, cwd="/", env={}, **options)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


NOBODYS = {"user": NOBODY, "group": NOBODY, "extra_groups": []}


@pytest.fixture(scope="module", params=["this user", "nobody"])
def program(request: pytest.FixtureRequest) -> Iterator[Program]:
    """Run the program, as whom limits bind too: root may lift them."""
    options: dict[str, Any] = NOBODYS if request.param == "nobody" else {}
    if options and os.getuid() != 0:
        pytest.skip("only root can become nobody")
    if (python := python_for(options)) is None:
        pytest.skip("this Python is not for all to run")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "hostile.py").write_text(HOSTILE)
        text = f"import sys; sys.path[:0] = {[*packages(), name]!r}\n{PROGRAM}"
        with subprocess.Popen(
            [python, "-Bc", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd="/", env={"CECERT_KEY_PASSPHRASE": "secret", "LANG": "C.UTF-8"}, **options,
        ) as process:  # fmt: skip
            yield Program(request.param, folder, process)


REFUSED = "refused: PermissionError"


@linux
def test_all_of_it_holds_where_the_system_has_it(program: Program) -> None:
    assert program.ask("confinement") == dict.fromkeys(
        ("resources", "privileges", "hidden", "files", "calls"), True
    )


@linux
@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "/dev/null"])
def test_a_reader_opens_no_file_but_the_libraries(program: Program, path: str) -> None:
    assert program.ask("read", path) == REFUSED
    assert program.ask("listed", Path(path).parent) == REFUSED


@linux
@pytest.mark.parametrize(
    "act",
    ["write", "append", "remove", "rename", "change_mode", "change_owner", "change_time"],
)  # fmt: skip
def test_a_reader_changes_no_file_not_even_beside_the_libraries(program: Program, act: str) -> None:
    there = program.folder / "there"
    there.write_text("what was here")
    if program.user == "nobody":
        os.chown(there, NOBODY, NOBODY)
    before = there.stat()
    assert program.ask("read", there) == "done: 13"
    assert program.ask(act, there) == REFUSED
    assert there.read_text() == "what was here"
    after = there.stat()
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


@linux
@pytest.mark.parametrize("act", ["write", "append", "make_folder"])
def test_a_reader_makes_no_file(program: Program, act: str) -> None:
    for path in (program.folder / "new", "/tmp/cecert-new", "/dev/shm/cecert-new"):
        assert program.ask(act, path) == REFUSED
        assert not Path(path).exists()


@linux
@pytest.mark.parametrize(
    ("act", "word"),
    [
        ("open_socket", ""), ("open_local_socket", ""), ("fork", ""), ("run", "/bin/true"),
        ("become", "/bin/true"), ("end", "PROGRAM"), ("end_parent", ""), ("trace", "PROGRAM"),
        ("limit", "PROGRAM"),
    ],
)  # fmt: skip
def test_a_reader_reaches_no_network_program_or_process(
    program: Program, act: str, word: str
) -> None:
    assert program.ask(act, word) == REFUSED


@linux
def test_a_reader_cannot_read_the_passphrase_of_the_program_that_asks(program: Program) -> None:
    assert program.ask("read", "/proc/PROGRAM/environ") == REFUSED
    assert program.ask("read", "/proc/PROGRAM/mem") == REFUSED
    assert program.ask("variables") == "done: ['LANG']"


@linux
def test_what_libraries_need_is_left(program: Program) -> None:
    assert program.ask("thread") == "done: [1]"
    assert program.ask("pair") == "done: 2"


@linux
def test_each_document_has_a_reader_of_its_own(program: Program) -> None:
    assert [program.ask("remember", each) for each in ("one", "two")] == [
        "done: ['one']",
        "done: ['two']",
    ]
    assert program.ask("myself") != program.ask("myself")


@linux
def test_a_reader_sees_no_other_question_and_forges_no_answer(program: Program) -> None:
    assert program.ask("next_question") == "done: b''"  # the end: nothing is there
    assert program.ask("forge") == "done: 9"  # to nowhere, or the next answer would not be one
    assert program.ask("thread") == "done: [1]"


@linux
def test_a_reader_that_crashes_answers_for_its_document_only(program: Program) -> None:
    assert program.ask("crash") == "unreadable: reading it broke the reader"
    assert program.ask("thread") == "done: [1]"


@linux
def test_a_reader_cannot_lift_its_limits_unless_it_is_root(program: Program) -> None:
    assert program.ask("seconds") == "done: (31, 31)"
    raised = program.ask("raise_limit")
    assert raised == "refused: limit" or (program.user != "nobody" and os.getuid() == 0)
    assert program.ask("write", "/tmp/cecert-new") == REFUSED


@linux
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "MPO"])
def test_what_opens_a_picture_is_loaded_before_the_reader_is_confined(
    program: Program, kind: str
) -> None:
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, kind, save_all=kind == "MPO")
    assert program.ask("loaded_by", b64encode(out.getvalue()).decode()) == "done: (1, [])"


@linux
def test_a_program_with_a_passphrase_can_hide_it_for_a_while() -> None:
    before = held()
    with memory_hidden():
        assert held() == replace(before, hidden=True)
    assert held() == before
    assert not before.hidden


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
@pytest.mark.parametrize("refusals", Refusals)
def test_a_filter_refuses_a_call_by_its_number_and_permits_the_rest(
    architecture: Architecture, refusals: Refusals
) -> None:
    numbers = set(architecture.numbers(refusals).values())
    assert len(numbers) >= 5
    special = {architecture.pair, architecture.clone, architecture.set_limits, 435}
    for number in {*range(500)} - special:
        assert allowed(architecture, refusals, number) is (number not in numbers)
    assert not allowed(replace(architecture, audit=0x40000003), refusals, 0, told=architecture)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_a_filter_permits_threads_and_pairs_by_their_first_argument(
    architecture: Architecture,
) -> None:
    outside, processes = Refusals.OUTSIDE, Refusals.PROCESSES
    assert allowed(architecture, outside, architecture.pair, 1)
    assert not allowed(architecture, outside, architecture.pair, 2)
    assert allowed(architecture, outside, architecture.clone, 0)
    assert allowed(architecture, processes, architecture.clone, 0x10F00)
    assert not allowed(architecture, processes, architecture.clone, 17)
    assert allowed(architecture, processes, architecture.set_limits, 0)
    assert not allowed(architecture, processes, architecture.set_limits, 1)
    assert not allowed(architecture, processes, 435)


def test_the_other_numbers_of_x86_64_are_refused() -> None:
    assert not allowed(ARCHITECTURES["x86_64"], Refusals.OUTSIDE, 0x40000000)


def allowed(
    caller: Architecture,
    refusals: Refusals,
    number: int,
    argument: int = 0,
    *,
    told: Architecture | None = None,
) -> bool:
    """Run the filter's program as the kernel would, on one call of *caller*."""
    program = filter_of(told or caller, refusals)
    words = {0: number, 4: caller.audit, 16: argument}
    at, held_word = 0, 0
    while True:
        line = program.instructions[at]
        at += 1
        match line.code:
            case 0x20:
                held_word = words[line.word]
            case 0x06:
                return bool(line.word == 0x7FFF0000)
            case code:
                test = {
                    0x15: held_word == line.word,
                    0x35: held_word >= line.word,
                    0x45: bool(held_word & line.word),
                }[code]
                at += line.jump_true if test else line.jump_false
        assert at < program.length


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_numbers_are_those_of_the_kernel_s_headers(name: str) -> None:
    if not HEADERS[name].exists():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"__NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[name].read_text())
    known = {word: int(number) for word, number in found}
    architecture = ARCHITECTURES[name]
    for refusals in Refusals:
        for word, number in architecture.numbers(refusals).items():
            assert known.get(word, number) == number
    assert known["clone"] == architecture.clone
    assert known["socketpair"] == architecture.pair
    assert known["prlimit64"] == architecture.set_limits
