"""Modules that lie where a document lies: none of them is run.

A certificate comes in a folder that somebody unzipped. Whatever the reader of documents
asks Python for, by its own name or that of a library, may lie there as well.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from papers import papers
from PIL import Image

import cecert
from cecert.adapters.document_reader import ReadingProcess
from cecert.adapters.document_reader.process import ReadingLimits
from cecert.import_path import without_folders

SOURCES = str(Path(cecert.__file__).parents[1])
ROOT = papers().school.root.public_key.thumbprint.hex()

# Notes every name that Python is asked for, found or not, while a program runs.
NOTED = """
import sys
class Noted:
    def find_spec(name, *_):
        if "." not in name:
            print(name, file=sys.stderr)
sys.meta_path.insert(0, Noted)
"""

PLANTED = """
import os
with open(os.path.join(os.path.dirname(__file__), "RUN"), "a") as file:
    file.write(__name__ + " ")
raise SystemExit("a planted module was run")
"""


def framed(question: str, document: bytes) -> bytes:
    head = json.dumps({"question": question, "length": len(document)}).encode()
    return len(head).to_bytes(8) + head + document


@cache
def asked_for() -> frozenset[str]:
    """Return the names of every module that the reading process asks Python for."""
    picture = BytesIO()
    Image.new("L", (99, 99), 255).save(picture, "PNG")
    heic = b"\0\0\0\x18ftypheic" + bytes(16)
    questions = [
        framed("content", papers().pdf), framed("pages", papers().pdf),
        framed("seal", papers().pdf), framed("picture", picture.getvalue()),
        framed("picture", heic),
    ]  # fmt: skip
    program = (
        f"{NOTED}sys.path[:] = {without_folders(tuple(sys.path), [])!r}\n"
        "from cecert.adapters.document_reader.child import main\n"
        "main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, json.dumps(asdict(ReadingLimits())), "[]"],
        input=b"".join(questions), capture_output=True, check=True,
    )  # fmt: skip
    loaded = "import sys; print(*sys.modules)"
    at_start = subprocess.run(
        [sys.executable, "-I", "-c", loaded], capture_output=True, text=True, check=True
    )
    names = {*done.stderr.decode().split(), *at_start.stdout.split(), *sys.stdlib_module_names}
    return frozenset(each.partition(".")[0] for each in names) - {"__main__"}


@cache
def asked_for_before_any_package() -> frozenset[str]:
    """Return the names that `python -m` itself has looked for in the working folder by then."""
    program = "import sys; print(*sys.modules, 'sitecustomize', 'usercustomize')"
    done = subprocess.run(
        [sys.executable, "-c", f"import runpy; {program}"],
        capture_output=True, text=True, check=True, cwd="/",
    )  # fmt: skip
    return frozenset(each.partition(".")[0] for each in done.stdout.split())


def plant(folder: Path, names: frozenset[str]) -> None:
    folder.mkdir(exist_ok=True)
    for each in filter(str.isidentifier, names):  # an error's address, read as a name, is none
        (folder / f"{each}.py").write_text(PLANTED)


def verified(
    command: Sequence[str | Path],
    here: Path,
    there: Path,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Verify a certificate that lies *there* from *here*; nothing planted in either is run."""
    (there / "ana.pdf").write_bytes(papers().pdf)
    (here / "school.cose").write_bytes(papers().school.trust_bytes())
    pdf = str(there / "ana.pdf")
    words = [pdf, "--trust", "school.cose", "--root", ROOT, "--offline", "--json"]
    done = subprocess.run(
        [*command, "verify", *words], cwd=here, capture_output=True, text=True, check=False,
        env={**os.environ, **(variables or {})},
    )  # fmt: skip
    ran = {str(each): each.read_text() for each in (here / "RUN", there / "RUN") if each.exists()}
    assert not ran
    assert done.returncode == 3, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["checks"]["seal"] == "INTACT"
    assert result["certificate"]["name"] == "Ana Ruiz"


def test_much_is_asked_for() -> None:
    assert {"json", "zxingcpp", "pypdf", "cecert", "pillow_heif", "enum"} <= asked_for()


def test_the_command_runs_no_module_of_the_folder_or_beside_the_file(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for each in (here, there):
        plant(each, asked_for())
    script = Path(sysconfig.get_path("scripts")) / "cecert"
    verified([script], here, there)
    verified([script], here, here)


def test_python_dash_m_runs_no_module_that_cecert_asks_for(tmp_path: Path) -> None:
    # What Python looks for before it looks for cecert, nobody can keep it from finding.
    here, there = tmp_path / "here", tmp_path / "there"
    plant(here, asked_for() - asked_for_before_any_package() - {"cecert"})
    plant(there, asked_for())
    verified([sys.executable, "-m", "cecert"], here, there)
    plant(here, asked_for())
    verified([sys.executable, "-P", "-m", "cecert"], here, there)


def test_a_path_that_is_given_by_hand_reaches_the_reader(tmp_path: Path) -> None:
    here = tmp_path / "here"
    plant(here, asked_for() - asked_for_before_any_package() - {"cecert"})
    libraries = without_folders(tuple(sys.path), [])
    path = os.pathsep.join([SOURCES, *libraries])
    program = "import sys; from cecert.cli import main; sys.exit(main())"
    given = {"PYTHONPATH": path}
    verified([sys.executable, "-S", "-m", "cecert"], here, here, given)
    verified([sys.executable, "-SP", "-c", program], here, here, given)


def test_packages_of_the_user_s_own_are_found(tmp_path: Path) -> None:
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    home = tmp_path / "home"
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = home / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    shutil.copytree(
        Path(SOURCES, "cecert"), packages / "cecert", ignore=shutil.ignore_patterns("*.pyc")
    )
    for name in ("templates", "fonts"):
        (packages / "cecert" / "_assets").mkdir(exist_ok=True)
        (packages / "cecert" / "_assets" / name).mkdir()
    foreign = [each for each in sys.path if each.endswith("-packages")]
    (packages / "libraries.pth").write_text("\n".join(foreign))
    here = tmp_path / "here"
    plant(here, asked_for())
    variables = {"PYTHONUSERBASE": str(home), "PYTHONPATH": ""}
    verified([python, "-P", "-m", "cecert"], here, here, variables)
    # A file may lie among the packages themselves: they are found, and it is read.
    verified([python, "-P", "-m", "cecert"], here, packages, variables)


def test_the_reader_looks_neither_here_nor_beside_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for each in (here, there):
        plant(each, frozenset({"pillow_heif", "zxingcpp"}))
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", ["", str(here), str(there), *sys.path])
    process = ReadingProcess(folders=[there])
    assert len(process.ask("content", papers().pdf)["page_lines"]) == 1
    assert not (here / "RUN").exists()
    assert not (there / "RUN").exists()


def test_a_folder_of_documents_is_not_looked_into_though_it_is_on_the_path(
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    # Names that only the reader asks for: what is on the path by hand, cecert itself runs.
    plant(there, frozenset({"zxingcpp", "pypdf", "pypdfium2", "PIL"}))
    given = {"PYTHONPATH": str(there)}
    verified([sys.executable, "-P", "-m", "cecert"], here, there, given)
    (tmp_path / "linked").mkdir()
    plant(tmp_path / "linked", frozenset({"zxingcpp"}))
    (there / "ana.pdf").rename(tmp_path / "linked" / "ana.pdf")
    (there / "ana.pdf").symlink_to(tmp_path / "linked" / "ana.pdf")
    more = {"PYTHONPATH": str(tmp_path / "linked")}
    verified([sys.executable, "-P", "-m", "cecert"], here, there, more)
    assert not (tmp_path / "linked" / "RUN").exists()
