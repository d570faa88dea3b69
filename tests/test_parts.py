"""What the tests need of the system: installed first where it may be, else named and nothing done.

The script runs in a folder of stubs that is its whole PATH: each writes down how it was called.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = (
    "pdftoppm", "pdfsig", "qpdf", "gs", "zbarimg", "openssl", "softhsm2-util", "certutil", "node",
    "npm", "chromium", "chasquid", "initdb",
)  # fmt: skip
PACKAGES = (
    "poppler-utils", "qpdf", "ghostscript", "zbar-tools", "openssl", "softhsm2", "libnss3-tools",
    "npm", "chromium", "chasquid",
)  # fmt: skip
CALLED = 'echo "${0##*/} $*" >> "$LOG"\n'
INSTALLING = """\
case $1 in install) for each in $TOOLS; do
  printf '#!/bin/sh\\n' > "${0%/*}/$each"; /bin/chmod +x "${0%/*}/$each"
done;; esac
"""


@dataclass
class Machine:
    """A machine of stubs.

    Attributes:
        folder: Where the project's Makefile and scripts lie, and nothing is built.
        path: The folder of its commands.
    """

    folder: Path
    path: Path

    def has(self, *names: str, does: str = "") -> Machine:
        """Give it commands that write down their call, and then do something."""
        for name in names:
            stub = self.path / name
            stub.write_text(f"#!/bin/sh\n{CALLED}{does}", "utf-8")
            stub.chmod(0o755)
        return self

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environ = {
            "PATH": str(self.path), "LOG": str(self.folder / "log"), "TOOLS": " ".join(TOOLS),
        }  # fmt: skip
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )

    def parts(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.run("bash", ".ci/parts", *options)

    def make(self, target: str) -> subprocess.CompletedProcess[str]:
        return self.run("make", target)

    @property
    def calls(self) -> list[str]:
        """How its commands were called; who somebody is, and what is only asked, left out."""
        log = self.folder / "log"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [each for each in lines if not each.startswith(("id ", "python3 -c"))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return one that has Python and none of the parts, whose user is nobody special."""
    folder, path = tmp_path / "clone", tmp_path / "bin"
    path.mkdir()
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for each in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / each, folder)
    for each in ("bash", "sh", "env", "make", "touch"):
        found = shutil.which(each)
        assert found is not None
        (path / each).symlink_to(found)
    made = Machine(folder, path).has("python3", does="[ $1 = -c ]\n")
    return made.has("initdb").has("id", does="echo 1000\n")


def as_root(machine: Machine) -> Machine:
    return machine.has("id", does="echo 0\n")


ASKED = f"apt-get install -q -y --no-install-recommends {' '.join(PACKAGES)}"


def test_root_of_debian_gets_the_parts_installed(machine: Machine) -> None:
    done = as_root(machine).has("apt-get", does=INSTALLING).parts("--install")
    assert done.returncode == 0, done.stderr
    assert machine.calls == ["apt-get update -q", ASKED]


def test_a_sudo_that_asks_nothing_is_used(machine: Machine) -> None:
    machine.has("apt-get", does=INSTALLING).has("sudo", does='shift; "$@"\n').has("true")
    assert machine.parts("--install").returncode == 0
    assert [each for each in machine.calls if each.startswith("apt-get")] == [
        "apt-get update -q", ASKED,
    ]  # fmt: skip
    assert machine.calls[0] == "sudo -n true"


def test_a_sudo_that_would_ask_is_left_alone_and_the_parts_are_named(machine: Machine) -> None:
    machine.has("apt-get", does=INSTALLING).has("sudo", does="exit 1\n")
    done = machine.parts("--install")
    assert done.returncode == 1
    assert machine.calls == ["sudo -n true"]
    assert f"apt-get install --no-install-recommends {' '.join(PACKAGES)}" in done.stdout


@pytest.mark.parametrize("commands", [(), ("apt-get",), ("brew",), ("sudo",)])
def test_elsewhere_the_parts_are_named_with_what_each_is_for(
    machine: Machine, commands: tuple[str, ...]
) -> None:
    done = machine.has(*commands).parts("--install")
    assert done.returncode == 1
    assert machine.calls == []
    for package in PACKAGES:
        assert f"  {package}: " in done.stdout
    assert "chasquid: takes mail as a real server does" in done.stdout
    formulas = (
        "with Homebrew: brew install poppler qpdf ghostscript zbar openssl softhsm nss node"
        " chromium\n"
    )
    assert (formulas in done.stdout) == ("brew" in commands)


def test_what_is_there_is_neither_named_nor_installed(machine: Machine) -> None:
    as_root(machine).has("apt-get", does=INSTALLING).has(*TOOLS[:-3])
    assert machine.parts("--install").returncode == 0
    assert machine.calls[1] == ("apt-get install -q -y --no-install-recommends chromium chasquid")


def test_with_every_part_nothing_is_asked_for(machine: Machine) -> None:
    done = as_root(machine).has("apt-get").has(*TOOLS).parts("--install")
    assert (done.returncode, done.stdout, machine.calls) == (0, "", [])


def test_a_python_that_makes_no_environment_is_a_missing_part(machine: Machine) -> None:
    done = machine.has("python3", does="exit 1\n").parts()
    assert "  python3-venv: makes the virtual environment" in done.stdout


@pytest.mark.parametrize("does", ["exit 100\n", "exit 0\n"])
def test_an_installation_that_brings_nothing_ends_in_the_names(machine: Machine, does: str) -> None:
    done = as_root(machine).has("apt-get", does=does).parts("--install")
    assert done.returncode == 1
    assert ("apt-get failed" in done.stdout) == (does == "exit 100\n")
    assert "missing system parts" in done.stdout


def test_naming_them_installs_nothing(machine: Machine) -> None:
    done = as_root(machine).has("apt-get", does=INSTALLING).make("parts")
    assert done.returncode != 0
    assert "missing system parts" in done.stdout
    assert machine.calls == []


@pytest.mark.parametrize("target", ["test", "slow", "check", "chaos"])
def test_make_stops_at_missing_parts_before_it_installs_anything(
    machine: Machine, target: str
) -> None:
    done = machine.make(target)
    assert done.returncode != 0
    assert "missing system parts" in done.stdout
    assert machine.calls == []
    assert not (machine.folder / ".venv").exists()


@pytest.mark.parametrize("target", ["test", "slow", "check", "chaos"])
def test_make_installs_the_parts_before_python_packages(machine: Machine, target: str) -> None:
    as_root(machine).has("apt-get", does=INSTALLING)
    machine.make(target)
    assert machine.calls == ["apt-get update -q", ASKED, "python3 -m venv .venv"]


@pytest.mark.parametrize("target", ["demo", "quick"])
def test_the_demonstration_and_the_quick_tests_need_no_parts(machine: Machine, target: str) -> None:
    done = as_root(machine).has("apt-get", does=INSTALLING).make(target)
    assert machine.calls == ["python3 -m venv .venv"]
    assert "missing system parts" not in done.stdout
