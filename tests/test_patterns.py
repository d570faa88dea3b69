"""Regular expressions on texts of anybody: no more steps than the text is long, twice over.

What is looked at is every pattern of the package, found by going through its modules, in
the way it is used there.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pattern_steps import TooManyStepsError, found_by_steps, hostile_texts, steps

import cecert
from cecert.adapters.mail import sent_folder
from cecert.adapters.tables import dates as stamps
from cecert.domain.course import statement as statements
from cecert.domain.evidence import export_people as evidence_people
from cecert.domain.evidence.export_people import is_generic_display
from cecert.domain.people import name_matching as names
from cecert.domain.people import person as people

SOURCE = Path(cecert.__file__).parent
USES = {"match", "fullmatch", "search", "sub", "findall", "finditer", "split", "subn"}
SMALL = 160
ROOM = 2.6
"""Twice the text may take so many times the steps; a square takes four times as many."""

DYNAMIC = {"cecert.domain.certificate.printed_text", "cecert.domain.people.blackening"}
"""Modules that make a pattern of an escaped text each time; they are not compiled once."""


OF_OURS = {"cecert.adapters.site.maker"}
"""Modules whose patterns are asked of files that come with cecert, and of nothing else."""


@cache
def patterns() -> dict[str, tuple[re.Pattern[Any], frozenset[str]]]:
    """Return every pattern of the package by its name, and how it is used."""
    found = {}
    for module in pkgutil.walk_packages([str(SOURCE)], "cecert."):
        if module.name.endswith("__main__") or module.name in OF_OURS:
            continue
        loaded = importlib.import_module(module.name)
        here = {name: each for name, each in vars(loaded).items() if isinstance(each, re.Pattern)}
        uses = _uses(Path(str(loaded.__file__))) if here else {}
        for name, value in here.items():
            found[f"{module.name}.{name}"] = (value, uses.get(name) or frozenset({"findall"}))
    return found


def _uses(path: Path) -> dict[str, frozenset[str]]:
    uses: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if named and node.attr in USES:  # type: ignore[attr-defined]  # an attribute, by then
            uses.setdefault(node.value.id, set()).add(node.attr)  # type: ignore[attr-defined]
    return {name: frozenset(found) for name, found in uses.items()}


def squares(pattern: re.Pattern[Any], use: str, size: int = SMALL) -> Iterator[str]:
    """Yield hostile texts on which twice the length takes far more than twice the steps."""
    for short, long in zip(
        hostile_texts(pattern, size), hostile_texts(pattern, 2 * size), strict=False
    ):
        taken = steps(pattern, use, short)
        try:
            steps(pattern, use, long, int(ROOM * taken) + SMALL)
        except TooManyStepsError:
            yield short


def test_every_pattern_of_the_package_is_found() -> None:
    assert len(patterns()) > 50
    for name in ("domain.course.statement._CITATION", "adapters.tables.dates._TIME"):
        assert f"cecert.{name}" in patterns()


def test_patterns_are_compiled_where_this_test_finds_them() -> None:
    for path in SOURCE.rglob("*.py"):
        module = ".".join(["cecert", *path.relative_to(SOURCE).with_suffix("").parts])
        source = path.read_text("utf-8")
        if "re." in source and module not in DYNAMIC:
            tree = ast.parse(source)
            assert _asked_of_re(tree) <= {"compile"}, module
            inside = [each for each in tree.body if not isinstance(each, ast.Assign)]
            assert not {name for each in inside for name in _asked_of_re(each)}, module


def _asked_of_re(tree: ast.AST) -> set[str]:
    """Return which functions of `re` are called."""
    called = (each.func for each in ast.walk(tree) if isinstance(each, ast.Call))
    attributes = [each for each in called if isinstance(each, ast.Attribute)]
    return {
        each.attr
        for each in attributes
        if isinstance(each.value, ast.Name) and each.value.id == "re"
    }


@pytest.mark.parametrize("name", sorted(patterns()))
def test_twice_the_text_takes_a_pattern_twice_the_steps(name: str) -> None:
    pattern, uses = patterns()[name]
    for use in uses:
        assert not list(squares(pattern, use)), use


CITATION_BEFORE = (
    r"\d*\s*(?:CMR|NYCRR|CFR|CCR|TAC|U\.S\.C\.|Law|[Ss]ection|Part|\N{SECTION SIGN})\s*,?"
    r"\s*[\d.-]+"
)
BEFORE = {
    "digits": (r"[\d*xX\u2022+().\s-]*\d[\d*xX\u2022+().\s-]*", "fullmatch"),
    "brackets": (r"\([^()]*\)|\uff08[^\uff09]*\uff09", "sub"),
    "citation": (CITATION_BEFORE, "sub"),
    "number": (
        r"(?i:\#|\bno\.|\bnumber|\bprovider)\s*\#?:?\s*([A-Za-z]{0,8}-?\d[\w-]*)",
        "findall",
    ),
    "address": (r"\S@\S+\.\S", "search"),
    "listed": (r'\((?P<marks>[^)]*)\) (?:NIL|"(?:\\.|[^"])*") (?P<name>.+)', "fullmatch"),
}
"""Patterns of before, which took a square of steps or more, and how they were used."""


@pytest.mark.parametrize("name", BEFORE)
def test_a_pattern_that_takes_a_square_of_steps_is_found_out(name: str) -> None:
    pattern, use = BEFORE[name]
    size = 30 if name == "listed" else SMALL
    try:
        found = next(squares(re.compile(pattern), use, size), "")
    except RecursionError:
        found = "so many steps that they cannot be counted"
    assert found


NAMED = {
    "cecert.domain.evidence.export_people._NUMBER": ["1" * 100_000 + "!", "x1" * 50_000 + "!"],
    "cecert.domain.evidence.export_people._BRACKETS": ["\uff08" * 100_000, "(" * 100_000],
    "cecert.domain.course.statement._CITATION": ["1" * 100_000, "CMR" + " " * 100_000],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_a_hundred_thousand_characters_take_half_the_steps_of_twice_as_many(name: str) -> None:
    pattern, uses = patterns()[name]
    for text in NAMED[name]:
        for use in uses:
            once = steps(pattern, use, text)
            assert once < 60 * len(text)
            assert steps(pattern, use, text + text) <= 2.2 * once


SCRIPTS = Path(__file__).parents[1] / "templates" / "verify"
_LITERAL = re.compile(
    # Where a value begins: a division stands where one has ended.
    r"(?:(?<=[(,=!:?|\[{;])|(?<=&&)|(?<=[(,=!:?&|\[{};>] )|(?<=return )|(?<=\n))"
    r"/(?![/*])((?:\\.|\[(?:\\.|[^\]])*\]|[^/\n\\\[])+)/[a-z]*"
)
_CLASSES = {r"\p{Nd}": r"\d", r"\p{L}": r"\w", r"\p{Lm}": r"\w"}


def script_patterns() -> Iterator[str]:
    """Yield the patterns of the verify page, with Python's words for JavaScript's classes."""
    for path in sorted(SCRIPTS.glob("*.js")):
        text = re.sub(r"(?s)/\*.*?\*/", "", path.read_text("utf-8"))
        for found in _LITERAL.finditer(re.sub(r"(?m)^\s*//.*$", "", text)):
            yield re.sub(r"\\p\{[^}]+\}", lambda each: _CLASSES.get(each[0], r"\W"), found[1])


@pytest.mark.parametrize("size", [SMALL, pytest.param(1_000, marks=pytest.mark.slow)])
def test_the_patterns_of_the_verify_page_take_twice_the_steps_too(size: int) -> None:
    found = list(dict.fromkeys(script_patterns()))
    assert len(found) > 15
    assert r"^[0-9]+$" in found
    for each in found:
        assert not list(squares(re.compile(each, re.DOTALL), "findall", size)), each


WORDS = st.text('1x1\u2022 .-(+)CMR,\uff08\uff09#no:@\\"Partipad\n\t\u0661', max_size=24)


@pytest.mark.parametrize("name", sorted(patterns()))
@settings(max_examples=40)
@given(text=WORDS)
def test_the_counting_matcher_finds_what_python_finds(name: str, text: str) -> None:
    pattern, uses = patterns()[name]
    given_text: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "ignore")
    plain = text if isinstance(pattern.pattern, str) else given_text.decode("latin-1")
    for use in uses:
        if use in {"match", "fullmatch", "search"}:
            single = getattr(pattern, use)(given_text)
            expected = [] if single is None else [single.span()]
        else:
            expected = [each.span() for each in pattern.finditer(given_text)]
        assert found_by_steps(pattern, use, plain)[0] == expected, use


def generic_before(name: str) -> bool:
    text = name.casefold().strip()
    if re.fullmatch(BEFORE["digits"][0], text):
        return True
    words = re.findall(r"[^\s()_,]+", text)
    generic = [each for each in words if each in evidence_people._GENERIC_WORDS]  # compared
    model = evidence_people._MODEL  # compared
    return bool(generic) and all(each in generic or model.fullmatch(each) for each in words)


PIECES = st.lists(
    st.sampled_from(
        ["ipad", "sm", "x1", "a", "dr", "dr.", "phd", "ma", "1", "12", "\u0661", "*", "+", "(", ")",
         "\uff08", "\uff09", "[", "]", " ", "\t", "\n", ",", ".", "-", "@", "#", ":", "no.", "PART",
         "number",
         "CMR", "Part", "NYCRR", "\xa7", "\\", '"', "hours", "_", "\xb2", "\x1c"]
    ),
    max_size=16,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(PIECES)
def test_device_names_and_numbers_are_told_as_before(name: str) -> None:
    assert is_generic_display(name) == generic_before(name)


@settings(max_examples=400)
@given(PIECES)
def test_what_stands_outside_brackets_is_told_as_before(name: str) -> None:
    before = " ".join(re.sub(BEFORE["brackets"][0], " ", name).split()).casefold()
    assert evidence_people._outside_brackets(name) == before  # compared


@settings(max_examples=400)
@given(PIECES)
def test_an_address_in_a_name_is_told_as_before(name: str) -> None:
    told = "is an e-mail address, not a name" in people.name_problems(name)
    assert told == bool(name.strip() and re.search(BEFORE["address"][0], name))


@settings(max_examples=400)
@given(PIECES)
def test_figures_of_a_statement_are_told_as_before(text: str) -> None:
    claim = re.compile(BEFORE["number"][0])
    assert statements._NUMBER_CLAIM.findall(text) == claim.findall(text)  # compared
    placed = statements._WORD.sub(lambda each: " " if each[0] == "12" else each[0], text)
    hours, date_ = statements._HOURS_CLAIM, statements._DATE  # unchanged
    for each in (claim, hours, re.compile(CITATION_BEFORE), date_):
        placed = each.sub(" ", placed)
    figures = dict.fromkeys(re.findall(r"\d[\d.]*\d|\d", placed))
    assert statements.unplaced_figures(text, "12") == [each for each in figures if each != "12"]


@pytest.mark.parametrize("figure", ["1.12", "12.1", "1..12", "112", "12.5.12"])
def test_an_approvals_number_hides_no_figure_it_is_a_part_of(figure: str) -> None:
    assert statements.unplaced_figures(f"by rule {figure}, and 12.", "12") == [figure]


def titles_before(words: list[str]) -> list[str]:
    while len(words) > 2 and words[0].replace(".", "") in names._TITLES:  # compared
        words = words[1:]
    while (
        len(words) > 2 and words[-1].replace(".", "") in names._CREDENTIALS - names._SURNAMES
    ):  # compared
        words = words[:-1]
    return words


@given(st.lists(st.sampled_from(["dr", "dr.", "prof", "ana", "ruiz", "phd", "ma", "ph.d", "med"])))
def test_titles_and_degrees_are_left_off_as_before(words: list[str]) -> None:
    assert names._without_titles(words) == titles_before(words)  # compared


DELIMITERS = st.one_of(
    st.sampled_from(["", "/", ".", "\\", "\\\\", '\\"', "a", "\n"]),
    st.text("()/ NILa\n", max_size=9),
)


@settings(max_examples=400)
@given(DELIMITERS)
def test_a_line_of_the_mailbox_is_read_as_before(delimiter: str) -> None:
    line = f'(\\Sent) "{delimiter}" Sent'
    before = re.fullmatch(BEFORE["listed"][0], line)
    after = sent_folder._LISTED.fullmatch(line.encode())  # compared
    assert (before and before["name"]) == (after and after["name"].decode())


TIME_BEFORE = re.compile(
    r"[\s,T]*(?:\b(?:\xe0|at|um|kl\.?|a las|\xe0s|alle|o|om)\s+)?"
    r"(?P<before>\u4e0a\u5348|\u4e0b\u5348|\u5348\u524d|\u5348\u5f8c|\uc624\uc804|\uc624\ud6c4)?\s?"
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*"
    r"(?P<after>(?:[AaPp]\.?\s?[Mm]\.?)|\u4e0a\u5348|\u4e0b\u5348|\u5348\u524d|\u5348\u5f8c|\uc624\uc804"
    r"|\uc624\ud6c4)?\s*(?:Uhr|h)?\s*(?P<zone>Z|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|GMT|UTC)?\s*"
)
TIMES = st.lists(
    st.sampled_from(["at", " ", "T", ",", "9", "10", ":", ".", "30", "05", "AM", "p.m.", "Uhr", "h",
                     "Z", "GMT", "+02", ":00", "UTC", "\u5348\u5f8c"]),
    max_size=12,
).map(lambda each: " ".join("".join(each).split(" ")).strip())  # fmt: skip


@settings(max_examples=600)
@given(TIMES)
def test_a_time_with_single_blanks_is_read_as_before(text: str) -> None:
    text = " ".join(text.split())
    before, after = TIME_BEFORE.fullmatch(text), stamps._TIME.fullmatch(text)  # compared
    assert (before and before.groupdict()) == (after and after.groupdict())


CPU_SECONDS = 60
"""Of all of it; it takes some ten, and one square of 60,000 would take a minute."""


@pytest.mark.slow
def test_the_engine_itself_is_through_with_60_000_characters_in_every_use() -> None:
    run = subprocess.run(
        [sys.executable, __file__],
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        preexec_fn=lambda: resource.setrlimit(  # no thread is about here
            resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)
        ),
    )
    assert run.stdout.endswith("through\n"), run.stdout[-200:] + run.stderr[-500:]


def _go_through_all() -> None:
    for name, (pattern, uses) in sorted(patterns().items()):
        print(name, flush=True)  # the last one told is the one that did not end
        for text in hostile_texts(pattern, 60_000):
            _use(pattern, uses, text)
    for text in ["x1" * 30_000 + "!", "\uff08" * 60_000, "dr " * 20_000, "ipad x1 " * 7_500,
                 "@" * 60_000, "a\u200c" * 30_000, "1 " * 30_000, "# " * 30_000]:  # fmt: skip
        print("functions", repr(text[:8]), flush=True)  # as above
        is_generic_display(text)
        evidence_people._outside_brackets(text)  # it is what was slow
        names.comparison_forms(text)
        names.name_forms(text)
        people.name_problems(text)
        statements.contradictions(text, "0169", [])
        statements.unplaced_figures(text, "0169")
    print("through")  # the answer


def _use(pattern: re.Pattern[Any], uses: frozenset[str], text: str) -> None:
    is_text = isinstance(pattern.pattern, str)
    held: Any = text if is_text else text.encode("latin-1", "ignore")
    for use in uses:
        instead: Any = [" " if is_text else b" "] if use == "sub" else []
        getattr(pattern, use)(*instead, held)


if __name__ == "__main__":
    _go_through_all()
