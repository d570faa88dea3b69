"""The picture and the journeys of `architecture.md`, found in the code and named by nobody.

Layers are those of the import contract in `pyproject.toml`; folders, modules and arrows come
from the sources. A step of a journey is the name of a function; the file is where it is
defined, and the tests run each journey and see that its steps are taken in that order.
"""

from __future__ import annotations

import ast
import html
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
PICTURE = "pictures/architecture.svg"


@dataclass(frozen=True, slots=True)
class Journey:
    """What happens to one thing, from step to step.

    Attributes:
        name: The marker in `architecture.md`.
        steps: Function and what it does; a folder and a colon before a name that several have.
    """

    name: str
    steps: tuple[tuple[str, str], ...]


JOURNEYS = (
    Journey(
        "row",
        (
            ("cli:issue", "`cecert issue` opens the office and reads both files"),
            ("read_course", "`course.toml` becomes a course; every fault at once"),
            ("authorise", "each credit line: approval in force, hours under the ceiling, words"),
            ("read_completions", "the list is decoded and its columns found by name"),
            (
                "domain:decide",
                "a row and a course give an award or a denial for each credential type",
            ),
            ("check_batch", "the batch is checked as a whole before the first certificate"),
            ("plan_certificates", "awards become certificates; who has one already is left out"),
            ("Composer.compose", "the record is frozen: everything that will ever be printed"),
            ("derive_certificate_id", "its id, the same whenever this is issued again"),
            ("certified_claims", "what its token says, which is of the record alone"),
            ("sign_token", "a trial's token, as large as it can be: does the QR code hold it"),
            ("composed", "the layout is tried step by step until the page holds it all"),
            ("issue_checked", "nothing refuses the batch: it is made, by groups"),
            ("workflows:signed", "slot, instant and signature: the draft is a certificate"),
            ("Filler.fill", "the page of the trial becomes a file with room for the seal"),
            ("misprints", "the words that were drawn are those of the record"),
            ("PadesSealer.seal", "the seal goes into its place; the file is final"),
            ("FolderArchive.put", "written under a name no other run uses"),
            ("queue_row", "the promise of its mail"),
            ("DatabaseLedger.enter", "one transaction: unique key, record, mail"),
        ),
    ),
    Journey(
        "link",
        (
            ("cli:verify", "`cecert verify` finds the trust file and says whose it is"),
            ("open_trust_file", "whose keys count, signed by the root"),
            ("workflows:verify", "a PDF, a picture, a link or digits: which is it"),
            ("verify_token", "the steps of the specification, in their order"),
            ("read_token_text", "what stands behind the `#`"),
            ("bytes_of_digits", "digits to bytes"),
            ("open_token", "the one shape, and an algorithm that is allowed"),
            ("claims_of_payload", "after the signature holds, the claims"),
            ("TrustFile.scope_of", "is each credit the provider's to give, on each date"),
            ("newest_list", "what became of it since: the newest status list that can be had"),
            ("domain:words_of", "the outcome in words, the same as on the verify page"),
            ("exit_status", "and as an exit status"),
        ),
    ),
    Journey(
        "connection",
        (
            ("cli:collect", "`cecert collect` takes registrations and reports"),
            ("texts_of", "bytes to text, whatever the spreadsheet did to it"),
            ("read_registrations", "who is registered: the master of names"),
            ("find_connections", "Zoom's report is known by its header"),
            ("read_connections", "one row is one connection"),
            ("Stamps.ends", "its stamps, by the file's order of day and month"),
            ("likely_ends", "local times made instants, as far as the report's own lengths tell"),
            ("attribute", "whose connection it is: surely, possibly, nobody's"),
            ("Bench.rulings", "every participant in every session, with the overrides replayed"),
            ("judge_by", "certain and possible presence against the course's limits"),
            ("ListRows.row", "a cell: `attended`, or a question in `review`"),
        ),
    ),
)


def journey_table(journey: Journey) -> str:
    """Return the table of a journey: each step with the file it is in.

    Raises:
        LookupError: If a step is defined nowhere, or in several places.
    """
    rows = ["| step | in | what happens |", "|---|---|---|"]
    for step, words in journey.steps:
        path = file_of(step).relative_to(ROOT)
        shown = step.rpartition(":")[2]
        inside = path.relative_to("src/cecert")
        rows.append(f"| `{shown}` | [{inside}](../{path}) | {words} |")
    return "\n".join(rows)


def file_of(step: str) -> Path:
    """Return the file that defines a step of a journey.

    Raises:
        LookupError: If none does, or several do.
    """
    folder, _, name = step.rpartition(":")
    found = [
        path
        for path in definitions().get(name, ())
        if not folder or path.is_relative_to(SOURCES / "cecert" / folder)
    ]
    if len(found) != 1:
        places = ", ".join(str(each.relative_to(ROOT)) for each in found) or "no file"
        raise LookupError(f"{step}, a step of architecture.md, is defined in {places}")
    return found[0]


@cache
def definitions() -> Mapping[str, tuple[Path, ...]]:
    """Return where each function, class and method is defined, by its qualified name."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[node.name].append(path)
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{node.name}.{inner.name}"].append(path)  # type: ignore[attr-defined]
    return {name: tuple(paths) for name, paths in found.items()}


@cache
def trees() -> Mapping[Path, ast.Module]:
    """Return every source file, parsed."""
    paths = sorted((SOURCES / "cecert").rglob("*.py"))
    return {path: ast.parse(path.read_text("utf-8")) for path in paths}


# The picture


@dataclass(frozen=True, slots=True)
class Layer:
    """A box of the picture: a folder or module at the top, with what is in it.

    Attributes:
        name: Of the folder or module.
        rows: Its folders and modules; each imports only from the rows below its own.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]


def layers() -> list[list[Layer]]:
    """Return the layers of the import contract from above, those of one level together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    whole = next(each for each in contracts["contracts"] if each.get("containers") == ["cecert"])
    return [
        [Layer(name, tuple(rows_of(name))) for name in level.split(" | ")]
        for level in whole["layers"]
    ]


@cache
def imports() -> Counter[tuple[str, str]]:
    """Return how many import statements lead from each module of cecert to each other one.

    Those inside functions and those for type checkers count like all others.
    """
    modules = {module_of(path) for path in trees()}
    found: Counter[tuple[str, str]] = Counter()
    for path, tree in trees().items():
        source = module_of(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{each.name}" for each in node.names}
                targets = {each if each in modules else node.module for each in inner}
            elif isinstance(node, ast.Import):
                targets = {each.name for each in node.names}
            else:
                continue
            found.update((source, each) for each in targets if each.startswith("cecert."))
    return found


def module_of(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rows_of(layer: str) -> Iterator[tuple[str, ...]]:
    """Yield what a layer consists of, from what nobody below imports down to what all may.

    Raises:
        LookupError: If some of it imports one another in a circle: `make imports` names it.
    """
    left = _imported(layer)
    while left:
        imported = {target for targets in left.values() for target in targets}
        top = sorted(left.keys() - imported)
        if not top:
            raise LookupError(f"{', '.join(sorted(left))} of {layer} import in a circle")
        yield tuple(top)
        for name in top:
            del left[name]


def _imported(layer: str) -> dict[str, set[str]]:
    """Return what each folder and module of a layer imports inside it."""
    prefix = f"cecert.{layer}."
    names = {_within(prefix, module_of(path)) for path in trees()} - {""}
    found: dict[str, set[str]] = {name: set() for name in names}
    for source, target in imports():
        ends = _within(prefix, source), _within(prefix, target)
        if all(ends) and ends[0] != ends[1]:
            found[ends[0]].add(ends[1])
    return found


def _within(prefix: str, module: str) -> str:
    return module.removeprefix(prefix).split(".")[0] if module.startswith(prefix) else ""


WIDTH, LEFT, RIGHT = 1000, 120, 880
GAP, PADDING, HEAD = 22, 12, 24
CHIP, SPACE, LETTER = 22, 7, 7.3
LANE, STEP = 11, 8
BAND, BETWEEN = 4, 5
LEGEND = """\
Arrow: imports (thin: under 10 statements, thick: 50 and more, red: against the order).
A band: one row, importing only from bands below it. White: folders.
"""
_FONT = 'font-family="Helvetica, Arial, sans-serif" role="img"'
HUES = ("#5B6470", "#1D5C8F", "#0B5A56", "#6A4C93", "#8A4B08", "#2F6B2F", "#7A2E43", "#3F4A8A")


@dataclass(frozen=True, slots=True)
class Box:
    """A layer with its place on the sheet; `left` says which side its arrows use."""

    layer: Layer
    x: float
    y: float
    width: float
    height: float
    hue: str
    side: str


def picture() -> str:
    """Return the picture of the layers and their imports, as SVG."""
    boxes, height = _placed(layers())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" {_FONT}>',
        "<title>The layers of cecert and what imports what</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#FFFFFF"/>',
        *(line for box in boxes for line in _drawn(box)),
        *_arrows(boxes),
        *(
            _text(LEFT, height - 6 - 16 * above, line, "#45454B", 'font-size="11"')
            for above, line in enumerate(reversed(LEGEND.splitlines()))
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(levels: Sequence[Sequence[Layer]]) -> tuple[list[Box], float]:
    boxes: list[Box] = []
    counts = _counts({layer.name for level in levels for layer in level})
    y = float(GAP)
    for level in (stacked for each in levels for stacked in _side_by_side(each)):
        width = (RIGHT - LEFT - GAP * (len(level) - 1)) / len(level)
        arrows = max(sum(target == each.name for _, target in counts) for each in level)
        height = max(STEP * (arrows + 1), *(_height(each, width) for each in level))
        for index, layer in enumerate(level):
            hue = HUES[len(boxes) % len(HUES)]
            side = "left" if len(level) > 1 and index == 0 else "right"
            boxes.append(Box(layer, LEFT + index * (width + GAP), y, width, height, hue, side))
        y += height + GAP
    return boxes, y + GAP + 16


def _side_by_side(level: Sequence[Layer]) -> Iterator[Sequence[Layer]]:
    """Yield a level whole, or each of its layers where they are single modules."""
    if any(each.rows for each in level):
        yield level
    else:
        yield from ([each] for each in level)


def _height(layer: Layer, width: float) -> float:
    return HEAD + sum(_tall(row, width) + BETWEEN for row in layer.rows) + PADDING / 2


def _tall(row: Sequence[str], width: float) -> float:
    return len(_lines(row, width)) * (CHIP + 4) - 4 + 2 * BAND


def _lines(names: Sequence[str], width: float) -> list[list[tuple[str, float]]]:
    """Break a row of names into lines; each name with its place from the left."""
    lines: list[list[tuple[str, float]]] = [[]]
    x = float(PADDING)
    for name in names:
        wide = _wide(name)
        if lines[-1] and x + wide > width - PADDING:
            lines.append([])
            x = PADDING
        lines[-1].append((name, x))
        x += wide + SPACE
    return lines


def _wide(name: str) -> float:
    return len(name) * LETTER + 14


def _drawn(box: Box) -> Iterator[str]:
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="5" fill="{box.hue}" fill-opacity="0.07" stroke="{box.hue}"/>'
    )
    yield _text(
        box.x + PADDING, box.y + 17, box.layer.name, box.hue, 'font-size="14" font-weight="bold"'
    )
    y = box.y + HEAD
    for row in box.layer.rows:
        tall = _tall(row, box.width)
        yield (
            f'<rect class="row" x="{box.x + 5:.1f}" y="{y:.1f}" width="{box.width - 10:.1f}" '
            f'height="{tall:.1f}" rx="5" fill="{box.hue}" fill-opacity=".1"/>'
        )
        inside = y + BAND
        for line in _lines(row, box.width):
            yield from _chips(box, inside, line)
            inside += CHIP + 4
        y += tall + BETWEEN


def _chips(box: Box, y: float, line: Sequence[tuple[str, float]]) -> Iterator[str]:
    folders = set(_folders(box.layer.name))
    for name, x in line:
        fill = "#FFFFFF" if name in folders else "none"
        yield (
            f'<rect x="{box.x + x:.1f}" y="{y:.1f}" width="{_wide(name):.1f}" '
            f'height="{CHIP}" rx="4" fill="{fill}" stroke="{box.hue}" stroke-opacity=".4"/>'
        )
        yield _text(box.x + x + 7, y + 15, name, "#1B1B1E", 'font-size="12"')


def _folders(layer: str) -> Iterator[str]:
    for path in (SOURCES / "cecert" / layer).glob("*/__init__.py"):
        yield path.parent.name


def _text(x: float, y: float, words: str, colour: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {more}>{html.escape(words)}</text>'


def _arrows(boxes: Sequence[Box]) -> Iterator[str]:
    """Yield a line down the side for each layer, with an arrow into each one it imports."""
    counts = _counts({box.layer.name for box in boxes})
    order = {box.layer.name: index for index, box in enumerate(boxes)}
    taken: Counter[tuple[str, str]] = Counter()
    targets = {
        (box.layer.name, side): [
            other
            for other in boxes
            if counts[box.layer.name, other.layer.name] and _side(box, other) == side
        ]
        for box in boxes
        for side in ("left", "right")
    }
    for box in boxes:
        for side in ("left", "right"):
            if not targets[box.layer.name, side]:
                continue
            below = boxes[order[box.layer.name] + 1 :]
            lane = sum(bool(targets[other.layer.name, side]) for other in below)
            edge, sign = (LEFT, -1) if side == "left" else (RIGHT, 1)
            x = edge + sign * (10 + LANE * lane)
            start = box.y + box.height - 8
            last = start
            for other in targets[box.layer.name, side]:
                taken[side, other.layer.name] += 1
                y = other.y + 4 + STEP * taken[side, other.layer.name]
                near = other.x if side == "left" else other.x + other.width
                upward = order[other.layer.name] < order[box.layer.name] or other.y == box.y
                colour = "#C00000" if upward else box.hue
                yield _line(
                    (x, y),
                    (near + sign * 7, y),
                    colour,
                    _weight(counts[box.layer.name, other.layer.name]),
                )
                yield _head(near + sign * 1.5, y, sign, colour)
                last = max(last, y)
            from_ = box.x if side == "left" else box.x + box.width
            yield _line((from_, start), (x, start), box.hue, 1.2)
            yield _line((x, start), (x, last), box.hue, 1.2)


def _side(source: Box, target: Box) -> str:
    return "left" if "left" in (source.side, target.side) else "right"


def _counts(names: set[str]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for (source, target), count in imports().items():
        ends = [[*each.split("."), ""][1] for each in (source, target)]
        if ends[0] != ends[1] and names >= set(ends):
            found[ends[0], ends[1]] += count
    return found


def _weight(count: int) -> float:
    few, many = 10, 50
    return 1 if count < few else 2 if count < many else 3.5


def _line(start: tuple[float, float], end: tuple[float, float], colour: str, weight: float) -> str:
    return (
        f'<path d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" stroke="{colour}" '
        f'stroke-width="{weight}" fill="none"/>'
    )


def _head(x: float, y: float, sign: int, colour: str) -> str:
    back = x + sign * 6
    return f'<path d="M{x:.1f} {y:.1f}L{back:.1f} {y - 3.5:.1f}V{y + 3.5:.1f}Z" fill="{colour}"/>'


def filled(page: str) -> str:
    """Return the text of `architecture.md` with the table of each journey as it is today.

    Raises:
        LookupError: If a step of a journey is defined nowhere, or the page lacks its place.
    """
    for journey in JOURNEYS:
        begin, end = f"<!-- journey: {journey.name} -->", "<!-- end -->"
        place = re.compile(rf"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
        if not place.search(page):
            raise LookupError(f"architecture.md has no place for the journey {journey.name}")
        table = f"{begin}\n{journey_table(journey)}\n{end}"
        page = place.sub(lambda _, table=table: table, page, count=1)  # type: ignore[misc]
    return page
