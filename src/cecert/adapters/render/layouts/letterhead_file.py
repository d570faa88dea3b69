"""Letterheads: a page made in any design tool, with form fields where the words go.

The text fields of the form are named after the places (`recipient_name`, `qr`); their
rectangles are filled and the form is left out. What the page itself draws becomes an
artifact behind our own tagged text, so that the result is read aloud as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader

from cecert.adapters.render.layout.page import Box
from cecert.adapters.render.pdf.ground_facts import ground_facts, resolved
from cecert.adapters.render.pdf.ground_limits import quiet, refuse_endless
from cecert.adapters.render.pdf.imported import Ground
from cecert.adapters.render.pdf.objects import Objects
from cecert.adapters.render.qr import POINTS
from cecert.errors import ConfigurationError, Fault

__all__ = [
    "PLACES",
    "REQUIRED",
    "Letterhead",
    "Place",
    "letterhead_file",
    "read_letterhead",
]

REQUIRED = ("recipient_name", "course_title", "dates", "credits", "certificate_id", "qr")
"""Places no certificate can be without."""

PLACES = (
    *REQUIRED, "heading", "licenses", "clause", "facts", "credit_date", "issued", "replaces",
    "statements", "note", "provider_name", "provider_office", "provider_address", "signatory_name",
    "signatory_title", "signature", "second_signatory_name", "second_signatory_title",
    "second_signature", "verify_host", "seal",
)  # fmt: skip
"""All places there are."""

LARGEST = 20_000_000
MOST_FIELDS = 500
"""Text fields of a page; there are some 20 places."""

LEAST_SIDE, LARGEST_SIDE = 200, 2000
"""Points a sheet may measure."""

LEAST_CODE = POINTS * 1.12
"""Edge of the place of the code: the symbol and its quiet zone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle to fill; `align` is 0 for left, 1 for centred, 2 for right."""

    box: Box
    align: int


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A letterhead that can be drawn into.

    Attributes:
        width, height: Of its sheet, in points.
        places: By name.
        ground: What it draws itself.
        notes: Places it names that there are none of.
        kept: What its page keeps of conformance, as far as was looked; one sentence each.
        losses: Why the result cannot be PDF/A, and what of the page is left out.
    """

    width: float
    height: float
    places: dict[str, Place]
    ground: Ground
    notes: tuple[str, ...]
    kept: tuple[str, ...]
    losses: tuple[str, ...]


def letterhead_file(path: Path) -> bytes:
    """Return a letterhead's bytes.

    Raises:
        ConfigurationError: If it cannot be read, or is too large to be honest.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            problem = f"has {size:,} bytes, at most {LARGEST:,} are read"
            raise _refused([Fault(path.name, "", problem)])
        return path.read_bytes()
    except OSError as error:
        raise _refused([Fault(str(path), "", f"cannot be read: {error.strerror}")]) from error


def read_letterhead(
    data: bytes, name: str = "letterhead", rectangles: Mapping[str, Any] | None = None
) -> Letterhead:
    """Read the page and the named places of a letterhead.

    Args:
        data: A PDF whose first page is the letterhead.
        name: Its file name, for faults.
        rectangles: What a file of rectangles says, for a page without form fields.

    Raises:
        ConfigurationError: If it cannot be drawn into; every reason is listed.
    """
    if len(data) > LARGEST:
        raise _refused([Fault(name, "", f"has {len(data):,} bytes, at most {LARGEST:,} are read")])
    try:
        with quiet():
            return _read(data, name, rectangles)
    except ConfigurationError:
        raise
    except Exception as fault:  # pypdf raises anything at all over a damaged file
        words = str(fault) or type(fault).__name__
        raise _refused([Fault(name, "", f"cannot be read: {words}")]) from fault


def _refused(faults: list[Fault]) -> ConfigurationError:
    return ConfigurationError("the letterhead cannot be used", tuple(faults))


def _read(data: bytes, name: str, rectangles: Mapping[str, Any] | None) -> Letterhead:
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise _refused([Fault(name, "", "is encrypted", "save it without a password")])
    if not len(reader.pages):  # an empty list to nobody but len()
        raise _refused([Fault(name, "", "has no pages")])
    page = reader.pages[0]
    if rectangles is None:
        fields = list(islice(_fields(page), MOST_FIELDS + 1))
    else:
        fields = list(islice(places_of(rectangles, float(page.mediabox.height)), MOST_FIELDS + 1))
    if len(fields) > MOST_FIELDS:
        raise _refused([Fault(name, "", f"has more than {MOST_FIELDS} text fields")])
    faults = [Fault(name, "", problem) for problem in _unusable(reader, page)]
    faults += [Fault(name, field, problem) for field, problem in _wrong_fields(fields)]
    if faults:
        raise _refused(faults)
    refuse_endless(page)
    box, facts, ground = page.mediabox, ground_facts(reader, page), Ground(page)
    # What cannot be copied is told here, and not when a certificate is half drawn.
    tried = Objects(0)
    tried.compiled(ground.add(tried))
    return Letterhead(
        width=float(box.width),
        height=float(box.height),
        places={field: place for field, place in fields if field in PLACES},
        ground=ground,
        notes=tuple(_unknown(field) for field, _ in fields if field not in PLACES),
        kept=facts.kept,
        losses=facts.losses,
    )


def _unusable(reader: PdfReader, page: PageObject) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    if "/Perms" in root or any(map(_is_signature, (reader.get_fields() or {}).values())):
        yield "is signed, and what is drawn into it would break the signature"
    if "/XFA" in resolved(root.get("/AcroForm", {})):
        yield "is an XFA form, whose page is only its fallback; save it as an AcroForm"
    scripts = resolved(root.get("/Names", {}))
    if "/JavaScript" in scripts or any(map(_is_script, _actions(page, root))):
        yield "has JavaScript, which no certificate may have"
    if page.rotation:
        yield f"is turned by {page.rotation} degrees; save it upright"
    sides = (float(page.mediabox.width), float(page.mediabox.height))
    if not all(LEAST_SIDE <= side <= LARGEST_SIDE for side in sides):
        yield f"measures {sides[0]:.0f} by {sides[1]:.0f} pt, which is no sheet of paper"


def _actions(page: PageObject, root: Any) -> Iterator[Any]:  # noqa: ANN401  # the catalog
    """Return what happens when the document, its page or a field of it is opened or used."""
    yield root.get("/OpenAction")
    annotations = map(resolved, resolved(page.get("/Annots", ())))
    for holder in (root, page, *annotations):
        yield holder.get("/A")
        yield from resolved(holder.get("/AA", {})).values()


def _is_script(action: Any) -> bool:  # noqa: ANN401  # anything may stand there
    action = resolved(action)
    if isinstance(action, list):
        return any(map(_is_script, action))
    return hasattr(action, "get") and ("/JS" in action or _is_script(action.get("/Next")))


def _is_signature(field: Any) -> bool:  # noqa: ANN401  # a field of anybody's
    return field.get("/FT") == "/Sig" and bool(field.get("/V"))


def _fields(page: PageObject) -> Iterator[tuple[str, Place]]:
    """Return the text fields of a page by their full names' last part."""
    origin = page.mediabox
    for reference in page.get("/Annots", ()):
        field: Any = reference.get_object()
        parent: Any = field.get("/Parent", {})
        parent = parent.get_object() if hasattr(parent, "get_object") else parent
        title, kind = field.get("/T", parent.get("/T")), field.get("/FT", parent.get("/FT"))
        if kind == "/Tx" and title:
            x0, y0, x1, y1 = (float(each) for each in field["/Rect"])
            left, bottom = min(x0, x1) - float(origin.left), min(y0, y1) - float(origin.bottom)
            box = Box(left, bottom, left + abs(x1 - x0), bottom + abs(y1 - y0))
            yield str(title), Place(box, int(field.get("/Q", parent.get("/Q", 0))))


UNITS = {"pt": 1.0, "mm": 72 / 25.4, "in": 72.0}
"""Points in each unit that rectangles may be measured in."""

ALIGNMENTS = {"left": 0, "center": 1, "right": 2}


def places_of(rectangles: Mapping[str, Any], height: float) -> Iterator[tuple[str, Place]]:
    """Return the places of a file of rectangles, which are measured from the upper left corner.

    Args:
        rectangles: `unit`, and for each place `left`, `top`, `width`, `height` and `align`.
        height: Of the sheet, in points.

    Raises:
        ValueError: If one is no rectangle.
    """
    unit = rectangles.get("unit", "pt")
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    for name, row in rectangles.items():
        if name == "unit":
            continue
        sides: list[Any] = [row.get(each) for each in SIDES] if isinstance(row, dict) else []
        if not sides or not all(_is_measure(each) for each in sides):
            raise ValueError(f"{name} needs {', '.join(SIDES)}, numbers of {unit}")
        left, top, wide, high = (float(each) * UNITS[unit] for each in sides)
        align = row.get("align", "left")
        if align not in ALIGNMENTS:
            raise ValueError(f"{name}: align {align!r} is not one of {', '.join(ALIGNMENTS)}")
        if unknown := set(row) - {*SIDES, "align"}:
            raise ValueError(f"{name} has {min(unknown)!r}, which says nothing of a place")
        box = Box(left, height - top - high, left + wide, height - top)
        yield name, Place(box, ALIGNMENTS[align])


SIDES = ("left", "top", "width", "height")


def _is_measure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _wrong_fields(fields: list[tuple[str, Place]]) -> Iterator[tuple[str, str]]:
    if not fields:
        needed = ", ".join(REQUIRED)
        yield (
            "",
            f"has no text field; name some after the places: {needed}; or say their rectangles",
        )
        return
    for name, times in Counter(name for name, _ in fields).items():
        if times > 1:
            yield name, f"stands there {times} times"
    present = dict(fields)
    for name in REQUIRED:
        if name not in present:
            yield name, "is missing, and no certificate can be without it"
    code = present.get("qr")
    if code and min(code.box.right - code.box.left, code.box.top - code.box.bottom) < LEAST_CODE:
        yield "qr", f"is smaller than {LEAST_CODE:.0f} pt: the code and its white need that much"


def _unknown(name: str) -> str:
    near = get_close_matches(name, PLACES, 1)
    hint = f"; the nearest place is {near[0]!r}" if near else ""
    return f"the field {name!r} is no place and stays empty{hint}"
