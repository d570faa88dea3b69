"""What a letterhead's page can keep of a document's conformance, and what it loses.

ISO 19005-3 forbids far more than is looked for here, and only a validator finds it all.
So a document on a letterhead claims nothing of itself; these are the facts that tell
its owner what to change before a validator is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

__all__ = ["GroundFacts", "ground_facts", "resolved"]

MOST_RESOURCES = 2_000
"""Drawings within drawings that are looked into."""

_PRESS = frozenset({"/DeviceCMYK", "/Separation", "/DeviceN"})
_PRESS_OPERATORS = frozenset({b"k", b"K"})
_LEFT_OUT = {"/Link": "links", "/FileAttachment": "attached files", "/Widget": ""}


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """Sentences about a page, for its owner.

    Attributes:
        kept: What was looked for and is as it should be.
        losses: What the standards do not allow, or is left out.
    """

    kept: tuple[str, ...]
    losses: tuple[str, ...]


def ground_facts(reader: PdfReader, page: PageObject) -> GroundFacts:
    """Say what *page*, drawn behind a certificate, keeps and loses."""
    drawings = list(_drawings(page))
    fonts = {str(font.get("/BaseFont", "/?"))[1:]: font for each in drawings for font in each.fonts}
    bare = [f"its font {name} is not embedded" for name, font in fonts.items() if _is_bare(font)]
    kept = [f"its fonts are embedded: {', '.join(fonts)}"] if fonts and not bare else []
    if any(each.is_for_press for each in drawings):
        bare.append("it has colours in CMYK without a profile")
    else:
        kept.append("its colours are no press colours")
    return GroundFacts(tuple(kept), (*bare, *_left_out(reader, page)))


def resolved(value: Any) -> Any:  # noqa: ANN401  # anything may stand in a document of anybody's
    """Return the object itself where *value* refers to one."""
    return value.get_object() if isinstance(value, IndirectObject) else value


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Resources with the operators that use them."""

    resources: DictionaryObject
    operators: bytes

    @property
    def fonts(self) -> list[Any]:
        return [resolved(each) for each in _under(self.resources, "/Font").values()]

    @property
    def is_for_press(self) -> bool:
        words = set(self.operators.split())
        spaces = [*_under(self.resources, "/ColorSpace").values(), *self._picture_spaces()]
        return bool(words & _PRESS_OPERATORS) or any(map(_names_press, spaces))

    def _picture_spaces(self) -> Iterator[Any]:
        for each in _under(self.resources, "/XObject").values():
            drawn = resolved(each)
            yield drawn.get("/ColorSpace")
            yield resolved(drawn.get("/Group", {})).get("/CS")


def _drawings(page: PageObject) -> Iterator[_Drawing]:
    """Return the page, and each form, pattern and drawn letter it draws with."""
    contents = page.get_contents()
    waiting = [(page.get("/Resources"), _data(contents))]
    seen: set[int] = set()
    for _ in range(MOST_RESOURCES):
        if not waiting:
            return
        reference, operators = waiting.pop()
        resources = resolved(reference)
        if not isinstance(resources, DictionaryObject):
            resources = DictionaryObject()
        yield _Drawing(resources, operators)
        for kind in ("/XObject", "/Pattern", "/Font"):
            for each in _under(resources, kind).values():
                drawn = resolved(each)
                if id(drawn) not in seen and "/Resources" in drawn:
                    seen.add(id(drawn))
                    waiting.append((drawn.get("/Resources"), _data(drawn)))
    raise ValueError(f"has more than {MOST_RESOURCES:,} drawings within drawings")


def _data(drawn: Any) -> bytes:  # noqa: ANN401  # a stream, or what is none
    return bytes(drawn.get_data()) if hasattr(drawn, "get_data") else b""


def _under(resources: DictionaryObject, kind: str) -> DictionaryObject:
    found = resolved(resources.get(kind))
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _names_press(space: Any) -> bool:  # noqa: ANN401  # a name, or an array that begins with one
    space = resolved(space)
    if isinstance(space, list):
        # An Indexed or Pattern space has another one beside its name.
        return any(str(resolved(each)) in _PRESS or _names_press(each) for each in space[:2])
    return str(space) in _PRESS


def _is_bare(font: Any) -> bool:  # noqa: ANN401  # a dictionary of anybody's
    if font.get("/Subtype") == "/Type3":
        return False
    if "/DescendantFonts" in font:
        font = resolved(resolved(font["/DescendantFonts"])[0])
    described = resolved(font.get("/FontDescriptor", {}))
    return not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _left_out(reader: PdfReader, page: PageObject) -> Iterator[str]:
    root: Any = reader.trailer["/Root"]
    if (pages := len(reader.pages)) > 1:
        yield f"it has {pages} pages, and only the first is drawn on"
    kinds = {str(resolved(each).get("/Subtype")) for each in resolved(page.get("/Annots", ()))}
    left = {_LEFT_OUT.get(kind, "comments") for kind in kinds}
    if "/EmbeddedFiles" in resolved(root.get("/Names", {})):
        left.add("attached files")
    for what in sorted(left - {""}):
        yield f"its {what} are left out"
    if "/OCProperties" in root:
        yield "its layers are all drawn, hidden ones too"
