"""Whatever is shipped is tried: the folders say what regimes, layouts, courses and faces."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations, product
from pathlib import Path

import pytest
from certificate_samples import HARD_NAME, HARD_TITLE
from pypdf import PdfReader
from sampled import further, sampled
from shipped import (
    ENVIRON,
    LAYOUTS,
    PASSPHRASE,
    REGIMES,
    SHEETS,
    TEMPLATES,
    looking_like,
    office_of,
    opened,
)
from typer.testing import CliRunner

from cecert import CompletionRecord, decide, issue
from cecert.adapters.office_files import read_regimes
from cecert.cli._commands import whole_app
from cecert.domain.certificate.certificate import Paper
from cecert.domain.course.course import MOST_CREDITS, Course
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.decision.decide import Award
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import IssueError
from cecert.office import Office, create_office
from cecert.office.looks.preview import specimen
from cecert.workflows.preview import preview_certificate

LONG_TITLE = HARD_TITLE[:118].rstrip()
"""As long as six credits leave room for in the code."""

DAY = date(2020, 10, 29)


def test_the_folders_hold_what_is_listed_here() -> None:
    assert {path.stem for path in (TEMPLATES / "regimes").iterdir()} == set(REGIMES)
    assert {path.stem for path in (TEMPLATES / "layouts").iterdir()} == set(LAYOUTS)
    assert len(REGIMES) >= 9


SIXES = [list(REGIMES)[:MOST_CREDITS], list(REGIMES)[-MOST_CREDITS:]]
"""What one certificate holds of the shipped regimes; together all of them."""


def made_office(folder: Path, credentials: Sequence[str]) -> Path:
    """Make an office with keys that is approved for some regimes and offers them all."""
    office_of(folder, [REGIMES[each] for each in credentials], title=LONG_TITLE)
    with opened(folder) as office:
        office.make_keys(PASSPHRASE)
    return folder


@pytest.fixture(scope="module")
def office_with_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an office with keys that offers as many shipped regimes as a certificate holds."""
    return made_office(tmp_path_factory.mktemp("all") / "office", SIXES[0])


@pytest.fixture(scope="module", params=SIXES, ids=["first", "last"])
def office_of_six(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one office after the other; together they offer every shipped regime."""
    return made_office(tmp_path_factory.mktemp("six") / "office", request.param)


def records(credentials: Sequence[str]) -> Iterator[CompletionRecord]:
    """Return who asks for one credential type, for each, and who asks for all of them."""
    for number, credential in enumerate(credentials):
        yield record(f"Ana Ruiz {chr(65 + number)}.", (credential,))
        yield record(f"{HARD_NAME[:-1]}{chr(97 + number)}", (credential,))
    yield record("Bo Li", credentials)
    yield record(HARD_NAME, credentials)


def record(name: str, credentials: Sequence[str]) -> CompletionRecord:
    return CompletionRecord(
        name=name, email=f"{name.encode().hex()[-40:]}@example.org", credentials=tuple(credentials),
        attended=frozenset({"day-1", "day-2"}), visible=True, fee_paid=True, evaluation=DAY,
        attestation=DAY,
    )  # fmt: skip


def text_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def drawing_findings(office: Office, course: Path) -> tuple[Finding, ...]:
    return office.drawing_findings(office.course_reading(course), course.name)


DRAWN_AT_ONCE = (("classic", "letter"), ("modern", "a4"))
"""Each layout and each sheet once; the others too where time is given."""
EVERY_LAYOUT_AND_SHEET = sampled(product(LAYOUTS, SHEETS), DRAWN_AT_ONCE)


@pytest.mark.parametrize(("layout", "paper"), EVERY_LAYOUT_AND_SHEET)
def test_every_shipped_regime_is_issued_alone_and_all_together(
    office_of_six: Path, tmp_path: Path, layout: str, paper: str
) -> None:
    folder = tmp_path / "office"
    shutil.copytree(office_of_six, folder)
    with opened(looking_like(folder, layout, paper)) as office:
        course = office.course(folder / "course.toml")
        offered = [each.credential for each in course.credit_lines]
        decided = [each for record in records(offered) for each in decide(record, course)]
        awards = [each for each in decided if isinstance(each, Award)]
        assert len(awards) == len(decided) == 4 * len(offered)
        report = issue(awards, office.desk())
        assert len(report.issued) == 2 * len(offered) + 2
        for entry in report.issued:
            pages = text_of(office.archive.get(entry.document))
            for line in entry.certificate.credit_lines:
                assert f"6 {line.unit}" in pages[0]
                assert line.statement in " ".join(pages)


@pytest.fixture(scope="module")
def every_line(office_of_six: Path) -> Course:
    with opened(office_of_six) as office:
        return office.course(office_of_six / "course.toml")


def choices(lines: Sequence[CreditLine]) -> Iterator[tuple[CreditLine, ...]]:
    for count in range(1, len(lines) + 1):
        yield from combinations(lines, count)


@pytest.mark.parametrize(("layout", "paper"), EVERY_LAYOUT_AND_SHEET)
@pytest.mark.parametrize(
    ("name", "title"),
    [(HARD_NAME, LONG_TITLE), *further([("Bo Li", "Grief")])],
)
def test_any_choice_of_the_shipped_regimes_can_be_drawn(
    office_of_six: Path, every_line: Course, layout: str, paper: str, name: str, title: str
) -> None:
    with opened(office_of_six) as office:
        renderer = office.renderer()
        desk = replace(office.preview_desk(), layout=f"{layout}/1", paper=Paper(paper))
        for lines in choices(every_line.credit_lines):
            course = replace(every_line, title=title, credit_lines=lines)
            drawn = replace(preview_certificate(course, name, desk), credit_lines=lines)
            assert renderer.faults(drawn) == (), [each.credential for each in lines]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("paper", SHEETS)
def test_lint_finds_nothing_in_what_can_be_drawn(
    office_of_six: Path, tmp_path: Path, layout: str, paper: str
) -> None:
    folder = tmp_path / "office"
    shutil.copytree(office_of_six, folder)
    with opened(looking_like(folder, layout, paper)) as office:
        assert drawing_findings(office, folder / "course.toml") == ()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("paper", SHEETS)
def test_every_course_that_is_shipped_can_be_drawn(tmp_path: Path, layout: str, paper: str) -> None:
    folder = tmp_path / "office"
    create_office(folder)
    courses = [*sorted((TEMPLATES / "demo").glob("*.toml")), folder / "course.toml"]
    assert len(courses) > 1
    with opened(looking_like(folder, layout, paper)) as office:
        for course in courses:
            assert office.course_reading(course).errors == ()
            assert drawing_findings(office, course) == ()


STATEMENTS = [(each.id, words.name) for each in REGIMES.values() for words in each.statements]


@pytest.mark.parametrize(("credential", "statement"), STATEMENTS)
def test_every_statement_that_is_shipped_is_printed_as_it_is_stored(
    tmp_path: Path, credential: str, statement: str
) -> None:
    folder = office_of(tmp_path / "office", [REGIMES[credential]])
    config = folder / "cecert.toml"
    text = config.read_text("utf-8")
    named = text.replace(f'statement = "{credential}"', f'statement = "{statement}"')
    assert f'statement = "{statement}"' in named
    config.write_text(named, "utf-8")
    with opened(folder) as office:
        course = office.course(folder / "course.toml")
        for layout in LAYOUTS:
            pages = text_of(specimen(office, course, "Bo Li", layout))
            assert course.credit_lines[0].statement in " ".join(pages)


def test_every_face_that_is_shipped_is_one_of_a_layout() -> None:
    fonts = {path.stem for path in (TEMPLATES.parent / "fonts").glob("*.otf")}
    used: set[str] = set()
    for path in (TEMPLATES / "layouts").iterdir():
        layout = tomllib.loads(path.read_text("utf-8"))
        used |= {*layout["fallbacks"], *layout["beside"].values()}
        used |= {each["face"] for each in layout["styles"].values()}
    assert fonts == used


BOARD = """
id = "board"
code = 200
profession = "Counseling"
jurisdiction = "Somewhere"
label = "Counseling (Somewhere)"
approver = "A board"
unit = "clock hours"
evidence = "primary"

[number]
policy = "optional"
in_token = "number"

[[statement]]
name = "board"
text = "{{ holder }} is approved by a board."
evidence = "primary"
source = "an example"
"""

UNFIT = [
    ('unit = "clock hours"', 'unit = "Psychotherapeutenkammerfortbildungspunkte"',
     "unit of board", "is too wide at the least size allowed"),
    ('profession = "Counseling"', f'profession = "{"Counsel" * 20}"',
     "profession of board", "is too wide at the least size allowed"),
    ("is approved by a board.", f"is approved by a board.{' WONDERFUL MAMMOTHS.' * 245}",
     "statement of board", "leaves no room on the page"),
    ('unit = "clock hours"', 'unit = "\N{GRINNING FACE} hours"',
     "unit of board", "GRINNING FACE, which no font here has"),
]  # fmt: skip


def board_office(tmp_path: Path, before: str, after: str, layout: str) -> Path:
    boards = tmp_path / "boards"
    boards.mkdir()
    assert before in BOARD
    (boards / "board.toml").write_text(BOARD.replace(before, after), "utf-8")
    regime = read_regimes(boards)["board"]
    folder = office_of(tmp_path / "office", [regime], own_regimes=boards)
    return looking_like(folder, layout, "letter")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("before", "after", "field", "problem"), UNFIT)
def test_what_an_offices_own_regime_cannot_have_drawn_is_an_error_of_lint(
    tmp_path: Path, layout: str, before: str, after: str, field: str, problem: str
) -> None:
    folder = board_office(tmp_path, before, after, layout)
    args = ["lint", str(folder / "course.toml"), "--config", str(folder / "cecert.toml")]
    ran = CliRunner(env=ENVIRON).invoke(whole_app(), args)
    errors = [each.split("\t")[1:] for each in ran.stdout.splitlines() if each[:5] == "error"]
    assert ran.exit_code == 1
    ((place, message, _),) = [each for each in errors if each[0].startswith("course.toml")]
    assert place == f"course.toml: {field}"
    assert problem in message
    with opened(folder) as office:
        office.make_keys(PASSPHRASE)
        course = office.course(folder / "course.toml")
        awards = [each for each in decide(record("Bo Li", ("board",)), course)
                  if isinstance(each, Award)]  # fmt: skip
        with pytest.raises(IssueError, match="nothing was issued") as refused:
            issue(awards, office.desk())
        assert f"Bo Li: {field}" in str(refused.value)
        assert not office.ledger.entries(course.id)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_long_unit_of_an_offices_own_regime_is_drawn(tmp_path: Path, layout: str) -> None:
    unit = "continuing professional development contact hours"
    folder = board_office(tmp_path, "clock hours", unit, layout)
    with opened(folder) as office:
        assert drawing_findings(office, folder / "course.toml") == ()
        course = office.course(folder / "course.toml")
        (page,) = text_of(specimen(office, course, "Bo Li"))
    assert f"6 {unit} Counseling" in page


def test_what_leaves_no_room_for_a_long_name_is_a_warning(
    office_with_all: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    shutil.copytree(office_with_all, folder)
    course = folder / "course.toml"
    longer = ("Éthique médicale à l\N{RIGHT SINGLE QUOTATION MARK}âge légal " * 5)[:150]
    course.write_text(course.read_text("utf-8").replace(LONG_TITLE, longer.strip()), "utf-8")
    with opened(folder) as office:
        (finding,) = drawing_findings(office, course)
    assert finding.severity is Severity.WARNING
    assert finding.place == "course.toml: the code"
    assert finding.message.startswith("for a name like Maximiliana Wilhelmina")
    assert "the token has" in finding.message


def test_a_course_that_does_not_load_is_not_drawn(office_with_all: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    shutil.copytree(office_with_all, folder)
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace("hours = 6", "hours = 60"), "utf-8")
    with opened(folder) as office:
        assert drawing_findings(office, course) == ()
        assert any(
            each.severity is Severity.ERROR for each in office.course_reading(course).findings
        )


def test_a_logo_that_cannot_be_drawn_is_an_error_of_lint(
    office_with_all: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    shutil.copytree(office_with_all, folder)
    (folder / "signature.png").write_bytes(b"no picture")
    with opened(folder) as office:
        (finding,) = drawing_findings(office, folder / "course.toml")
    assert finding.severity is Severity.ERROR
    assert finding.message == "'signature.png' is no PNG or JPEG that can be read"
