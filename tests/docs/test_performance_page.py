"""The page of `make bench` leaves out no benchmark."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "performance.md").read_text("utf-8")


def benchmarks() -> set[str]:
    """Return the files that find figures: they have a function that returns them."""
    files = (ROOT / "benchmarks").glob("*.py")
    return {each.name for each in files if "\ndef figures(" in each.read_text("utf-8")}


def test_the_page_names_every_benchmark_of_the_folder() -> None:
    rows = {line.split("|")[1].strip(" `") for line in PAGE.splitlines() if line.startswith("| `")}
    assert len(benchmarks()) > 8
    assert benchmarks() - rows == set()


def test_every_file_of_the_folder_finds_figures_or_says_that_it_runs_nothing() -> None:
    for path in (ROOT / "benchmarks").glob("*.py"):
        text = " ".join(path.read_text("utf-8").split())
        assert path.name in benchmarks() | {"report.py"} or "runs nothing by itself" in text, path
