"""The first page of the classic layout: head, table, note and foot share the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from cecert.adapters.render.layout import ornament
from cecert.adapters.render.layout.first_page import (
    Body,
    HeadLine,
    Stack,
    lack_of,
    stack_of,
    stacked,
    table_or_hours,
)
from cecert.adapters.render.layout.page import Box, Drawn, Element, Item, Page, Picture
from cecert.adapters.render.layout.setting import LayoutContext, NoRoomError, paragraph
from cecert.adapters.render.layout.specimen import across
from cecert.adapters.render.layout.table import FitStep
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.layouts.classic_foot import Code, Foot
from cecert.adapters.render.layouts.classic_head import Head, is_compact
from cecert.adapters.render.text.breaking import balanced
from cecert.adapters.render.text.fitting import fitted_picture, spaced
from cecert.adapters.render.text.shaping import Style

__all__ = ["first_page", "frame"]

LOGO = "logo"


def first_page(setting: LayoutContext, words: LayoutWords, rung: FitStep, pages: int) -> Page:
    """Compose the first page on one rung of the ladder.

    Args:
        setting: The certificate and its layout.
        words: What the course's certificates say.
        rung: The sizes and whites that are tried.
        pages: How many pages there are; a second one is told of.

    Raises:
        NoRoomError: If the rung is too wide for what stands there.
        UndrawableError: If a text is too wide for every rung.
    """
    return _FirstPage(setting, words, rung, pages).page()


class _FirstPage:
    def __init__(
        self, setting: LayoutContext, words: LayoutWords, rung: FitStep, pages: int
    ) -> None:
        self.setting, self.words, self.rung, self.pages = setting, words, rung, pages
        self.figures = setting.layout.figures
        self.grid = self.figures["grid"]
        self.axis = setting.width / 2
        self.edges = (self.grid["edge"], setting.width - self.grid["edge"])
        self.compact = is_compact(setting, rung)

    def page(self) -> Page:
        head = Head(self.setting, self.words, self.rung, self.edges)
        shared = self.setting.kept.get(
            "first page", self.rung, self.setting.modules, make=partial(self._shared, head)
        )
        if shared.lack is not None:
            raise NoRoomError(*shared.lack)
        placed = stacked([*shared.above, *head.own(), *shared.below], shared.stack)
        code = shared.code.placed(self.setting)
        elements = (*shared.logo, *placed, *shared.words, *code, *shared.plate)
        return Page(self.setting.width, self.setting.height, shared.behind, elements)

    def _shared(self, head: Head) -> _Shared:
        # The person's own words come first: what is wrong with them is told first.
        head.own()
        body, rules, top = self._body()
        foot = Foot(self.setting, self.words, self.pages)
        above, below, stack = head.above(), head.below(), self._stack(top)
        return _Shared(
            lack=lack_of([*above, *below], stack),
            above=above,
            below=below,
            stack=stack,
            logo=tuple(self._logo()),
            words=(*body, self._note(), *foot.shared()),
            code=foot.code(),
            plate=tuple(foot.plate()),
            behind=self._behind(rules, foot),
        )

    def _behind(self, rules: Sequence[Item], foot: Foot) -> tuple[Item, ...]:
        return (
            frame(self.setting),
            *(across(self.setting) if self.setting.specimen else ()),
            *self._logo_ground(),
            *rules,
            *foot.rules(),
        )

    # From the note up

    def _body(self) -> Body:
        unit = self.setting.layout.styles["facts"]
        centred = partial(self.setting.centred, x=self.axis)
        return table_or_hours(self.setting, self.rung, self.edges, unit, centred)

    def _note(self) -> Element:
        moved = [self.setting.layout.words["moved"]] if self.rung.moved else []
        text = " ".join([*moved, *self.words.note_sentences])
        style, texts = self._note_lines(text)
        rise = self.grid["note_rise"] * (len(texts) - 1)
        inks = [
            self.setting.centred(
                style, line, self.axis, self.grid["note"] + rise - index * style.leading, "note"
            )
            for index, line in enumerate(spaced(texts))
        ]
        return paragraph("P", inks)

    def _note_lines(self, text: str) -> tuple[Style, tuple[str, ...]]:
        style, floor = self.setting.layout.styles["note"], self.figures["fit"]["note_floor"]
        measure = self.edges[1] - self.edges[0]
        wide = style.width(text)
        if wide * floor / style.size <= measure:
            return style.at(min(style.size, style.size * measure / wide)), (text,)
        return style.at(floor), balanced(text, style.at(floor), measure, 2)

    # From the frame down

    def _ceiling(self) -> float:
        """Return where the head's first capitals end."""
        if LOGO in self.setting.pictures:
            below = "below_logo" if self.setting.pictures[LOGO].outline else "below_logo_inside"
            return float(self._logo_box().bottom - self.grid[below])
        return float(self.setting.height - self.grid["below_frame"])

    def _stack(self, floor: float) -> Stack:
        """Return what places the head's lines between frame and table."""
        return stack_of(self.figures["white"], self.rung, self._ceiling(), floor)

    def _logo_box(self) -> Box:
        """Return where the logo stands: a disc breaks the frame, every other is inside it."""
        shape = self.setting.pictures[LOGO]
        size = "_compact" if self.compact else ""
        if shape.outline:
            width, height = fitted_picture(shape.size, *self.grid[f"logo{size}"])
            top = self.setting.height - self.grid["logo_centre"] + height / 2
        else:
            width, height = fitted_picture(shape.size, *self.grid[f"logo_inside{size}"])
            top = self.setting.height - self.grid[f"logo_top{size}"]
        left = self.axis - width / 2
        return Box(left, top - height, left + width, top)

    def _logo_ground(self) -> Iterator[Item]:
        shape = self.setting.pictures.get(LOGO)
        if shape and shape.outline:
            yield ornament.surrounded(shape.outline, self._logo_box(), self.grid["logo_white"])

    def _logo(self) -> Iterator[Element]:
        if LOGO in self.setting.pictures:
            name = self.setting.certificate.provider.name
            alt = self.setting.layout.words["alt_logo"].format(name=name)
            yield Element("Figure", (Picture(LOGO, self._logo_box()),), alt=alt)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a first page has that all certificates of a course have on one rung of the ladder.

    Attributes:
        lack: Height needed and height there is, where nobody's certificate fits the rung: the
            course's own lines are too many.
        above, below: Lines above and below those of the person.
        stack: Places them all.
        logo: Above them.
        words: Below them: table, note, seal, signatures, address.
        code: The code and what to do with it.
        plate: The plate of a specimen.
        behind: What is only drawn.
    """

    lack: tuple[float, float] | None
    above: Sequence[HeadLine]
    below: Sequence[HeadLine]
    stack: Stack
    logo: tuple[Element, ...]
    words: tuple[Element, ...]
    code: Code
    plate: tuple[Element, ...]
    behind: tuple[Item, ...]


def frame(setting: LayoutContext) -> Drawn:
    """Return the frame of a sheet."""
    colours = setting.layout.colours["accent"], setting.layout.colours["guilloche"]
    motif = ornament.frame(setting.width, setting.height, *colours)
    return motif.drawn(Box(18, 18, setting.width - 18, setting.height - 18))
