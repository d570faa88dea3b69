"""What verifies codes alone: in the tree, and as the distribution that is made of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cecert_verify
import make_project
import pytest
from cecert_verify.__main__ import main

import cecert
from cecert.domain.token.verify import Outcome

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "tests" / "support"
DOCUMENT = json.loads((ROOT / "tests/vectors/tokens.json").read_text("utf-8"))
GENUINE = DOCUMENT["cases"][0]
CRYPTOGRAPHY = ("_cffi_backend", "cffi", "cryptography")
"""The modules of the distribution and of what it needs."""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    path = tmp_path / "trust.cose"
    path.write_bytes(bytes.fromhex(DOCUMENT["trusts"][GENUINE["trust"]]))
    return path


@pytest.fixture
def run(trust: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("XDG_CACHE_HOME", str(trust.parent / "cache"))

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main([*arguments, "--trust", str(trust), "--offline"])
        return status, *capsys.readouterr()

    return run


def _child(folders: list[Path], program: Path, *arguments: str) -> Any:  # noqa: ANN401  # JSON
    """Return what a program prints that finds modules in *folders* and nowhere else."""
    begin = f"import sys, runpy; sys.path[:0] = {[str(each) for each in folders]}; "
    script = begin + f"runpy.run_path({str(program)!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _cryptography_alone(folder: Path) -> Path:
    """Make a folder from which `cryptography` and what it needs can be imported."""
    folder.mkdir()
    for name in CRYPTOGRAPHY:
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        whole = Path(found.origin)
        whole = whole.parent if found.submodule_search_locations else whole
        (folder / whole.name).symlink_to(whole)
    return folder


def test_the_distribution_passes_the_vectors_with_cryptography_alone(tmp_path: Path) -> None:
    project = tmp_path / "project"
    make_project.make(project)
    tools = tmp_path / "tools" / "tests" / "support"
    tools.mkdir(parents=True)
    (tmp_path / "tools" / "tests" / "vectors").symlink_to(ROOT / "tests" / "vectors")
    for name in ("verifiers.py", "vectors_alone.py"):
        source = (SUPPORT / name).read_text("utf-8")
        (tools / name).write_text(make_project.renamed(source), "utf-8")
    bare = _cryptography_alone(tmp_path / "bare")
    found = _child([project, tools, bare], tools / "vectors_alone.py", "8")
    assert found["wrong"] == []
    assert found["count"] > 35  # of all: `make dist`
    assert {*found["loaded"]} == {"cecert_verify", "verifiers", *LOADED}


LOADED = {"_cffi_backend", "_openssl", "cryptography"}
"""What `cryptography` loads; `_openssl` is made by it."""

_VERIFYING = """
import json, sys
from pathlib import Path
link, trust, root = {given!r}
import cecert
from cecert.office import open_verifier
checked = cecert.verify(link, open_verifier(Path(trust), root=root, offline=True))
assert checked.verification.claims is not None
loaded = {{each.partition(".")[0] for each in sys.modules}} - sys.stdlib_module_names
print(json.dumps([each for each in loaded if not each.startswith("_sysconfigdata")]))
"""


def test_cecert_itself_verifies_a_token_with_cryptography_alone(
    trust: Path, tmp_path: Path
) -> None:
    program = tmp_path / "verifying.py"
    program.write_text(_VERIFYING.format(given=(GENUINE["text"], str(trust), DOCUMENT["root"])))
    bare = _cryptography_alone(tmp_path / "bare")
    # Where nothing else can be imported, nothing else is needed.
    assert {*_child([ROOT / "src", bare], program)} - {"__main__"} == {"cecert", *LOADED}


def test_what_it_offers_is_what_cecert_offers() -> None:
    both = {*cecert.__all__} & {*cecert_verify.__all__}
    assert both >= {"CecertError", "Checked", "Claims", "Outcome", "Verifier", "verify"}
    assert [e for e in both if getattr(cecert, e) is not getattr(cecert_verify, e)] == []


def test_a_picture_and_a_pdf_are_not_readable_and_that_is_said(trust: Path) -> None:
    verifier = cecert_verify.open_verifier(trust, root=DOCUMENT["root"], offline=True)
    for shown in (b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"):
        found = cecert_verify.verify(shown, verifier)
        assert found.outcome is Outcome.NOT_READABLE
        assert "reads links and digits alone" in found.verification.detail


def test_the_command_says_what_cecert_verify_says(run: Run) -> None:
    status, out, err = run(GENUINE["text"], "--root", DOCUMENT["root"])
    assert (status, "STATUS UNKNOWN" in out, "root not pinned" in err) == (3, True, False)
    status, out, err = run(GENUINE["text"], "--json")
    answer = json.loads(out)
    assert (answer["outcome"], answer["exit_status"]) == ("VALID_STATUS_UNKNOWN", 3)
    assert "root not pinned" in err


def test_the_command_tells_what_it_cannot_use(run: Run, trust: Path) -> None:
    assert run("12", "--root", "zz")[0] == 7
    status, _, err = run("12", "--status", "no.st")
    assert (status, "no status list can be read" in err) == (2, True)
    trust.unlink()
    status, _, err = run("12")
    assert (status, "trust.cose: No such file" in err) == (7, True)


def test_it_would_not_be_made_with_a_library_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_project, "ALLOWED", frozenset())
    with pytest.raises(SystemExit, match="would need cryptography"):
        make_project.make(tmp_path)
