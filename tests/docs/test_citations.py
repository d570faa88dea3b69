"""Every page and section that is cited exists, and no page outside the repository is cited."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "docs/spec"
FOLDERS = ("src", "tests", "templates", "benchmarks", "fonts", "examples", "docs")
ENDINGS = {".py", ".js", ".toml", ".md", ".html", ".css", ".txt"}

_SECTION = r"[A-Z]?\d+(?:\.\d+)?(?![\d.]*\d)"
_SECTIONS = rf"({_SECTION}(?:(?:, | and | to ){_SECTION})*)?"
_CITED = re.compile(rf"docs/spec/([\w-]+)\.md(?: {_SECTIONS})?")
_LINKED = re.compile(rf"\]\((?:\.\./)*(?:spec/)?([\w-]+)\.md\)(?: {_SECTIONS})?")
_HEADING = re.compile(rf"^#+ ({_SECTION})\b", re.MULTILINE)
_LINE_END = re.compile(r"[ \t]*\n[ \t]*(?:# |// |\* )?[ \t]*")

# Names of pages that the code once cited and that are not in the repository.
_GONE = re.compile(
    r"\b(?:INPUT-FORMATS|QR-TOKEN|PEER-LESSONS)\b"
    r"|\b(?:REGULATIONS|SEALS|DESIGN|EXPORTS|STYLE|PROOF|HOUSE)(?:\.md| (?:section )?\d)"
    r"|\bMAIL \d(?!\d)|\bPDF\.md|\b[Dd]esign (?:sections? )?\d|\bpermanent tests? \d"
    r"|\bscreens2?\.md|\bcourse-page\.txt"
)


def sections() -> dict[str, set[str]]:
    """Return the sections of each page of `docs/spec`, by the page's name."""
    return {page.stem: set(_HEADING.findall(page.read_text("utf-8"))) for page in SPEC.glob("*.md")}


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text of the project that may cite, with its lines joined."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    for path in (*paths, *ROOT.glob("*.md")):
        as_landed = "old" in path.parts  # verifiers of before cite what was there then
        if path.suffix in ENDINGS and path != Path(__file__) and not as_landed:
            yield str(path.relative_to(ROOT)), _LINE_END.sub(" ", path.read_text("utf-8"))


def faults_of(text: str, pages: dict[str, set[str]], cited: re.Pattern[str]) -> list[str]:
    """Return the citations in *text* that lead nowhere."""
    faults = []
    for page, listed in cited.findall(text):
        if page not in pages:
            faults.append(f"there is no docs/spec/{page}.md")
        faults += [
            f"docs/spec/{page}.md has no section {section}"
            for section in re.findall(_SECTION, listed)
            if section not in pages.get(page, {section})
        ]
    return faults


def test_every_cited_page_and_section_exists() -> None:
    pages = sections()
    found = {name: faults_of(text, pages, _CITED) for name, text in texts()}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_linked_section_exists() -> None:
    pages = sections()
    found = {
        name: [each for each in faults_of(text, pages, _LINKED) if "has no section" in each]
        for name, text in texts()
        if name.endswith(".md")
    }
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_no_page_outside_the_repository_is_cited() -> None:
    found = {name: _GONE.findall(text) for name, text in texts()}
    assert {name: gone for name, gone in found.items() if gone} == {}


def test_every_page_is_cited_by_the_code_or_is_the_index() -> None:
    cited = {
        page for name, text in texts() for page, _ in _CITED.findall(text) if "docs" not in name
    }
    assert {page.stem for page in SPEC.glob("*.md")} - cited - {"index"} == set()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("(docs/spec/token.md W2, body 5)", []),
        ("docs/spec/token.md W1 to W4 and docs/spec/inputs.md 2.1, 3", []),
        ("docs/spec/token.md W9", ["docs/spec/token.md has no section W9"]),
        ("docs/spec/inputs.md 2.1 and 2.9.", ["docs/spec/inputs.md has no section 2.9"]),
        ("see docs/spec/tokens.md W2", ["there is no docs/spec/tokens.md"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(text: str, faults: list[str]) -> None:
    assert faults_of(text, sections(), _CITED) == faults


def test_a_citation_of_a_page_that_is_gone_is_found() -> None:
    # Put together here, or it would be found in this file.
    for gone in (
        "QR-" + "TOKEN W2",
        "MAIL" + " 4.4",
        "design" + " sections 1 and 2",
        "DESIGN" + " 5",
    ):
        assert _GONE.search(gone)
    for other in ("MAIL 550", "550 to MAIL", "a design tool", "PDF 1.7", "REGULATION 258"):
        assert not _GONE.search(other)


_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|html|js|txt|svg|md|csv))`")
_MODULE = re.compile(r"`(cecert(?:\.[a-z_]+)+)(?:`|\.[A-Z])(?<!\.toml`)")


def lost(page: str) -> list[str]:
    """Return the files and modules that a page of the documentation names and nobody has."""
    bases = (ROOT, ROOT / "src/cecert", ROOT / "docs")
    paths = [
        each for each in _PATH.findall(page) if not any((base / each).exists() for base in bases)
    ]
    return paths + [each for each in _MODULE.findall(page) if not _is_there(each)]


def _is_there(dotted: str) -> bool:
    """Say whether a dotted name is a package, a module, or something in one of these."""
    path = ROOT / "src" / Path(*dotted.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    around, _, name = dotted.rpartition(".")
    outside = ROOT / "src" / Path(*around.split("."))
    texts = [
        each for each in (outside.with_suffix(".py"), outside / "__init__.py") if each.exists()
    ]
    return any(re.search(rf"\b{name}\b", each.read_text("utf-8")) for each in texts)


# Files of an office, of a how-to's reader, of a site, or made: nobody looks for them here.
THEIRS = re.compile(
    r"^(?:build|keys|status|trust|courses|regimes|certificates)/|doors\.py$|frost|NNNN"
)


def test_every_file_and_module_that_a_page_names_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = {
        str(page.relative_to(ROOT)): [
            each for each in lost(page.read_text("utf-8")) if not THEIRS.search(each)
        ]
        for page in pages
    }
    assert {page: names for page, names in found.items() if names} == {}


def test_a_file_that_is_not_there_is_found() -> None:
    assert lost("`adapters/storage/atomic.py`, `cecert.domain.mail.replies`, `cecert.decide`") == []
    assert lost("`adapters/files/writing.py`") == ["adapters/files/writing.py"]
    assert lost("`cecert.adapters.evidence`") == ["cecert.adapters.evidence"]


_OURS = re.compile(
    r"(?<![\w./-])((?:src|tests|docs|benchmarks|templates|fonts)/[\w./-]+\.(?:py|js))\b"
)


def test_every_file_that_code_and_tests_name_is_there() -> None:
    paths = (path for each in ("src", "tests", "docs") for path in (ROOT / each).rglob("*.py"))
    found = {
        str(path.relative_to(ROOT)): [
            each
            for each in _OURS.findall(path.read_text("utf-8"))
            if not any((base / each).exists() for base in (ROOT, ROOT / "src/cecert", path.parent))
        ]
        for path in paths
        if path != Path(__file__) and "old" not in path.parts
    }
    assert {path: names for path, names in found.items() if names} == {}


_NAMED = re.compile(r"`([A-Za-z_][\w.]*\w)(?:\(\))?`")
_COMMENT = re.compile(r"(?:^|\s)# (.*)$", re.MULTILINE)

# What docstrings call by the name that others gave it.
NAMES_OF_OTHERS = {
    "BestAvailableEncryption": "cryptography",
    "external_aad": "COSE",
    "SMTP.SendAsApp": "Microsoft",
}


def explained_and_used(source: str) -> tuple[set[str], set[str]]:
    """Return the names that docstrings and comments of a module mention, and the words it uses."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    docstrings = {
        id(statement.value): statement.value.value
        for node in nodes
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }
    used = {
        word
        for node in nodes
        if id(node) not in docstrings
        for field in ("id", "attr", "arg", "name", "module", "value")
        if isinstance(text := getattr(node, field, None), str)
        for word in re.findall(r"\w+", text)
    }
    told = "\n".join((*docstrings.values(), *_COMMENT.findall(source)))
    return set(_NAMED.findall(told)), used


def test_every_name_that_a_docstring_mentions_is_one() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").glob("*.py")]
    found = {path: explained_and_used(path.read_text("utf-8")) for path in sources}
    known = {word for _, used in found.values() for word in used}
    known |= {part for path in sources for part in path.with_suffix("").parts}
    templates = [each for each in (ROOT / "templates").rglob("*.*") if each.suffix in ENDINGS]
    for each in (*templates, ROOT / "pyproject.toml", ROOT / "Makefile"):
        known |= set(re.findall(r"\w+", each.read_text("utf-8")))
    lost_names = {
        (str(path.relative_to(ROOT)), name)
        for path, (told, _) in found.items()
        for name in told
        if not known.issuperset(name.split("."))
    }
    assert {each for each in lost_names if each[1] not in NAMES_OF_OTHERS} == set()


def test_a_name_that_is_gone_is_found_in_docstring_and_comment() -> None:
    source = '"""See `in_zone`."""\ndef f(zone):\n    return zone  # as `blaming` and `zone` do\n'
    told, used = explained_and_used(source)
    assert told - used == {"in_zone", "blaming"}
