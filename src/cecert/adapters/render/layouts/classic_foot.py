"""The foot of the classic layout: seal, signature, QR code and their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cecert.adapters.render.layout import ornament, rosette
from cecert.adapters.render.layout.first_page import quiet_zone, symbol_figure
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Item
from cecert.adapters.render.layout.setting import (
    LayoutContext,
    UndrawableError,
    paragraph,
)
from cecert.adapters.render.layout.signatures import signature_words
from cecert.adapters.render.layout.specimen import SPECIMEN_ID
from cecert.adapters.render.layout.words import LayoutWords
from cecert.adapters.render.layouts.signature_figure import signature_figure
from cecert.adapters.render.qr import POINTS
from cecert.adapters.render.text.breaking import DoesNotFitError, balanced
from cecert.adapters.render.text.fitting import one_line
from cecert.adapters.render.text.shaping import Style
from cecert.domain.course.provider import Signatory
from cecert.errors import Fault

__all__ = ["Code", "Foot"]

GAP = ("", "")
"""Half a line of white between two groups of words."""

ADDRESS_LINES = 2
"""Of the address at most; and of address and contact, what has room without lifting anything."""

_Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Code:
    """The code and the words beside it, as all certificates of a course have them.

    Attributes:
        figure: The code's place.
        instruction: What to do with it.
        named: Lines below that, of which one is the id of whose certificate it was made for.
        right: Where they end, in points.
    """

    figure: Element
    instruction: Element
    named: Sequence[Ink]
    right: float

    def placed(self, setting: LayoutContext) -> list[Element]:
        """Return the elements of a certificate, with its own id."""
        style, number = setting.layout.styles["id"], _number(setting)
        kids = [
            setting.right(style, number, self.right, ink.y, "id") if ink.personal else ink
            for ink in self.named
        ]
        return [self.figure, self.instruction, paragraph("P", kids, own=True)]


def _number(setting: LayoutContext) -> str:
    return SPECIMEN_ID if setting.specimen else setting.certificate.id.text


class Foot:
    """Everything below the note."""

    def __init__(self, setting: LayoutContext, words: LayoutWords, pages: int) -> None:
        self.setting, self.words, self.pages = setting, words, pages
        self.grid = setting.layout.figures["grid"]
        self.axis = setting.width / 2
        self.left, self.right = self.grid["edge"], setting.width - self.grid["edge"]
        count, most = len(setting.certificate.signatories), len(self.grid["signature_widths"])
        if count > most:
            problem = f"this layout has room for {most}"
            raise UndrawableError(Fault("signatory", str(count), problem))

    def shared(self) -> list[Element]:
        """Return the words that all certificates of a course have there, in reading order."""
        return [*self._seal_words(), *self._signatures(), *self._address()]

    def rules(self) -> Iterator[Item]:
        """Return what is only drawn."""
        if self.setting.specimen:
            yield self._rosette()
            box = self._plate_box()
            yield Drawn(ornament.filled(box, "#FFFFFF").encode(), box)

    # Left, with the seal

    def _rosette(self) -> Drawn:
        """Draw what the seal's field shows on a certificate."""
        square, style = self.grid["square"], self.setting.layout.styles["sealed_red"]
        x, y = self.left, self.grid["foot"]
        word = self.setting.layout.words["specimen"].casefold()
        motif = rosette.rosette(square, self.setting, word, style).placed(f"1 0 0 1 {x} {y}")
        return motif.drawn(Box(x, y, x + square, y + square))

    def _seal_words(self) -> Iterator[Element]:
        x = self.left + self.grid["square"] + self.grid["words_gap"]
        room = self._places()[0][0] - self.grid["words_apart"] - x
        said = self.setting.layout.words
        if self.setting.specimen:
            lines = [("words_red", said["specimen"]), ("words_plain", said["specimen_file"])]
        else:
            lines = [*self._sealed_by(room), GAP]
            lines += self._parted("words_rest", said["open_file"])
        yield paragraph("P", self._column(lines, x, room, self.setting.left))

    def _sealed_by(self, room: float) -> list[tuple[str, str]]:
        provider = self.setting.certificate.provider.name
        most = self.grid["seal_name_lines"]
        with self.setting.naming("provider name", provider):
            names = balanced(provider, self.setting.layout.styles["words_bold"], room, most)
        return [
            ("words_first", self.setting.layout.words["sealed_by"]),
            *(("words_bold", each) for each in names),
        ]

    # Right, with the code

    def code(self) -> Code:
        """Return the code, and what to do with it beside it."""
        x = self.right - POINTS - quiet_zone(self.setting) - self.grid["qr_gap"]
        figure = symbol_figure(self.setting, self.right - POINTS, self.grid["foot"])
        instruction, named = self._beside(x)
        return Code(figure, instruction, named, x)

    def _replaces(self) -> tuple[str, ...]:
        """Return what it corrects: the words, and below them the number."""
        if not self.words.replaces:
            return ()
        words, _, number = self.words.replaces.rpartition(" ")
        return words, number

    def _beside(self, x: float) -> tuple[Element, Sequence[Ink]]:
        """Set what to do with the code, and the lines of which one is the id."""
        room = x - self._places()[-1][1] - self.grid["words_apart"]
        instruction = self._instruction()
        said = self.setting.layout.words
        named = [("words_rest", said["certificate"]), ("id", _number(self.setting))]
        named.append(("words_rest", self.words.issued))
        named += [("words_rest", each) for each in self._replaces()]
        if self.pages > 1:
            named.append(("words_rest", self.setting.layout.words["page_one"]))
        lines = self._column([*instruction, GAP, *named], x, room, self.setting.right)
        return paragraph("P", lines[: len(instruction)]), lines[len(instruction) :]

    def _instruction(self) -> list[tuple[str, str]]:
        said = self.setting.layout.words
        if self.setting.specimen:
            return [("words_red", said["specimen"]), ("words_plain", said["specimen_code"])]
        return [*self._parted("words_first", said["scan"]), ("words_bold", self.words.host)]

    def _parted(self, style: str, text: str) -> list[tuple[str, str]]:
        """Return a sentence on two lines of nearly the same width."""
        of_style = self.setting.layout.styles[style]
        lines = balanced(text, of_style, 0.7 * of_style.width(text), 2)
        return [(style, each) for each in lines]

    def _column(
        self, lines: _Lines, x: float, room: float, side: Callable[..., Ink]
    ) -> Sequence[Ink]:
        """Set lines one below the other, the block centred on the height of the squares."""
        drops, drop = [], 0.0
        for index, (name, _) in enumerate(lines):
            leading = self.setting.layout.styles[name].leading if name else self.grid["words_white"]
            drop += leading if index else 0.0
            drops.append(drop)
        y = self.grid["foot"] + self.grid["square"] / 2 + drop / 2 - self.grid["words_drop"]
        inks = []
        for (name, text), below in zip(lines, drops, strict=True):
            if name:
                with self.setting.naming("words beside the seal or code", text):
                    style = one_line(
                        text, self.setting.layout.styles[name], room, self.grid["words_floor"]
                    )
                inks.append(side(style, text, x, y - below, "id" if name == "id" else "foot"))
        return inks

    # Middle, with signature and address

    def _places(self) -> list[tuple[float, float]]:
        """Return left and right end of each signature's rule."""
        count = max(1, len(self.setting.certificate.signatories))
        width, gap = self.grid["signature_widths"][min(count, 2) - 1], self.grid["signature_gap"]
        start = self.axis - (count * width + (count - 1) * gap) / 2
        lefts = [start + index * (width + gap) for index in range(count)]
        return [(left, left + width) for left in lefts]

    def _signatures(self) -> Iterator[Element]:
        signatories = self.setting.certificate.signatories or (Signatory("", ""),)
        places = self._places()
        (left, right), *_ = places
        words = signature_words(self.setting, signatories, right - left)
        rule = self.grid["signature_rule"] + words.lifted + self._above_address()
        for signatory, lines, place in zip(signatories, words.lines, places, strict=True):
            yield from signature_figure(self.setting, signatory, *place, rule)
            middle = sum(place) / 2
            for line in lines:
                y = rule - line.below
                ink = self.setting.centred(line.style, line.text, middle, y, line.what)
                yield paragraph("P", [ink])

    def _above_address(self) -> float:
        """Return by how much signatures rise where the address has more than its two lines."""
        beyond = len(self._address_rows()) - ADDRESS_LINES
        return max(0, beyond) * self.setting.layout.styles["address"].leading

    def _address(self) -> Iterator[Element]:
        """Set address, telephone and e-mail, the last of them on the last line of the foot."""
        style, rows = self.setting.layout.styles["address"], self._address_rows()
        for below, parts in zip(reversed(range(len(rows))), rows, strict=True):
            y, fit = self.grid["phone"] + below * style.leading, self._on_one_line(parts)
            yield paragraph("P", self.setting.dotted(fit, parts, self.axis, y, "address"))

    def _on_one_line(self, parts: Sequence[str]) -> Style:
        """Return the style in the size that sets *parts* on one line.

        Raises:
            DoesNotFitError: If that is below the least.
        """
        style, room = self.setting.layout.styles["address"], self.grid["address_room"]
        wide, floor = style.dotted_width(parts), self.grid["signature_floor"]
        if (needed := wide * floor / style.size) > room:
            raise DoesNotFitError(needed, room)
        return style.at(min(style.size, style.size * room / wide))

    def _address_rows(self) -> list[Sequence[str]]:
        """Return what stands on each line: what is too wide for one has several."""
        style, room = self.setting.layout.styles["address"], self.grid["address_room"]
        rows: list[Sequence[str]] = []
        for parts in ((self.setting.certificate.provider.address,), self.words.contact):
            if not any(parts):
                continue
            with self.setting.naming("provider address", " ".join(parts)):
                try:
                    self._on_one_line(parts)
                    rows.append(parts)
                except DoesNotFitError:
                    broken = (balanced(each, style, room, ADDRESS_LINES) for each in parts)
                    rows += [(line,) for lines in broken for line in lines]
        return rows

    # The plate of a specimen

    def _plate_box(self) -> Box:
        half = (
            self.setting.layout.styles["plate"].width(self.setting.layout.words["specimen_plate"])
            / 2
            + 12
        )
        return Box(self.axis - half, 16, self.axis + half, 36.2)

    def plate(self) -> Iterator[Element]:
        """Return the words that no copy of a specimen is without."""
        if not self.setting.specimen:
            return
        ink = self.setting.centred(
            self.setting.layout.styles["plate"],
            self.setting.layout.words["specimen_plate"],
            self.axis,
            22.8,
            "plate",
        )
        yield paragraph("P", [ink])
