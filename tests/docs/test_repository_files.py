"""Files that only other programs read name what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
BEFORE_A_PUSH = "quick"


def prerequisites(target: str) -> set[str]:
    found = re.search(rf"^{target}:(.*?)(?:##|$)", MAKEFILE, re.MULTILINE)
    assert found is not None
    return set(found[1].split())


def test_hooks_run_what_make_check_runs() -> None:
    hooks = re.findall(r"entry: (.+)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    targets = [each.removeprefix("make ") for each in hooks]
    assert len(targets) == len(set(targets)) > 4
    assert set(targets) - prerequisites("check") == {BEFORE_A_PUSH}


def test_every_target_that_a_page_names_is_in_the_makefile() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.*")]
    named = {each for page in pages for each in re.findall(r"`make ([a-z-]+)`", page.read_text())}
    named |= set(
        re.findall(r"^make ([a-z-]+)", (ROOT / "docs/install.md").read_text("utf-8"), re.MULTILINE)
    )
    there = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert len(named) > 8
    assert named - there == set()


def test_one_command_installs_the_hooks_of_every_stage() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    installed = re.search(r"^default_install_hook_types: \[(.+)\]$", hooks, re.MULTILINE)
    assert installed is not None
    stages = {"pre-commit", *re.findall(r"stages: \[([\w-]+)\]", hooks)}
    assert set(installed[1].split(", ")) == stages


FOLDERS = (".ci", ".github", "benchmarks", "docs", "examples", "fonts", "js", "requirements", "src",
           "templates", "tests", "verify")  # fmt: skip
PICTURES = {".png", ".otf", ".ttf", ".pdf", ".db", ".pyc", ".p12", ".der", ".woff2", ".gz", ".bin"}


def settings_of(path: str) -> dict[str, str]:
    """Return what `.editorconfig` says of a file."""
    found: dict[str, str] = {}
    applies = False
    for line in (ROOT / ".editorconfig").read_text("utf-8").splitlines():
        if line.startswith("["):
            applies = any(pattern.fullmatch(path) for pattern in patterns_of(line[1:-1]))
        elif applies and "=" in line:
            key, value = line.split(" = ")
            found[key] = value
    return found


def patterns_of(section: str) -> list[re.Pattern[str]]:
    """Return the patterns of a section's heading, with its braces opened."""
    if braces := re.search(r"\{([^{}]*)\}", section):
        opened = (section.replace(braces[0], each) for each in braces[1].split(","))
        return [pattern for each in opened for pattern in patterns_of(each)]
    whole = section if "/" in section else f"**/{section}"
    parts = re.split(r"(\*\*/|\*\*|\*)", whole)
    rules = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return [re.compile("".join(rules.get(each, re.escape(each)) for each in parts))]


def against(content: bytes, settings: dict[str, str]) -> set[str]:
    """Return the settings that a file's content does not keep."""
    lone = content.replace(b"\r\n", b"")
    crlf = {"lf": b"\r" in content, "crlf": b"\n" in lone or b"\r" in lone}
    broken = {
        "end_of_line": crlf.get(settings["end_of_line"], False),
        "insert_final_newline": content != b"" and not content.endswith(b"\n"),
        "trim_trailing_whitespace": re.search(rb"[ \t]\r?$", content, re.MULTILINE) is not None,
    }
    return {each for each, is_so in broken.items() if is_so and settings[each] != "unset"}


def test_every_text_is_as_editorconfig_says() -> None:
    paths = [*ROOT.glob("*.*"), ROOT / "Makefile", *(ROOT / ".ci").iterdir()]
    paths += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")]
    found = {}
    for path in paths:
        if path.is_file() and path.suffix not in PICTURES and path.parent.name != "__pycache__":
            name = path.relative_to(ROOT).as_posix()
            found[name] = against(path.read_bytes(), settings_of(name))
    assert {name: broken for name, broken in found.items() if broken} == {}


def test_a_text_that_is_not_as_editorconfig_says_is_found() -> None:
    settings = settings_of("src/cecert/errors.py")
    assert settings["max_line_length"] == "100"
    assert "max_line_length" not in settings_of("docs/index.md")
    assert settings_of("tests/golden/deep/page.txt")["insert_final_newline"] == "unset"
    assert against(b"a \r\nb", settings) == {
        "end_of_line", "insert_final_newline", "trim_trailing_whitespace",
    }  # fmt: skip
    assert against(b"a\nb\n", {**settings, "end_of_line": "crlf"}) == {"end_of_line"}


def test_every_decision_says_since_when_it_holds() -> None:
    headings = {
        path.name: path.read_text("utf-8").split("\n")[2]
        for path in (ROOT / "docs/adr").glob("[0-9]*.md")
    }
    accepted = re.compile(r"\*Accepted, 20\d\d-\d\d-\d\d[.;]")
    assert {name for name, line in headings.items() if not accepted.match(line)} == set()


def test_each_index_names_every_page() -> None:
    # The decisions have an index of their own, which docs/generate.py writes.
    docs = ROOT / "docs"
    pages = [each for each in docs.rglob("*.md") if each.parent != docs / "adr"]
    index, specifications = docs / "index.md", docs / "spec/index.md"
    for each, below in ((index, pages), (specifications, list((docs / "spec").glob("*.md")))):
        linked = re.findall(r"\]\(([^)#]+)", each.read_text("utf-8"))
        targets = {(each.parent / target).resolve() for target in linked}
        assert set(below) - targets - {each} == set()
