"""The foot of the classic layout: seal, signature, QR code and their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cecert.adapters.render import seal
from cecert.adapters.render.breaking import balanced, broken
from cecert.adapters.render.page import Box, Drawn, Element, Ink, Item, Picture
from cecert.adapters.render.setting import Setting, dotted_width, paragraph
from cecert.adapters.render.styles import Style
from cecert.adapters.render.symbol import POINTS, modules, squares
from cecert.adapters.render.wordings import Words
from cecert.errors import Fault

__all__ = ["SPECIMEN_ID", "Foot"]

SPECIMEN_ID = "0000-0000-0000-0000"
"""What stands for the id where nothing verifies."""


class Foot:
    """Everything below the note."""

    def __init__(self, setting: Setting, words: Words, pages: int) -> None:
        self.setting, self.words, self.pages = setting, words, pages
        self.grid: Any = setting.layout.figures["grid"]
        self.axis = setting.width / 2
        self.left, self.right = self.grid["edge"], setting.width - self.grid["edge"]
        self.middle = self.grid["foot"] + self.grid["square"] / 2

    def elements(self) -> list[Element]:
        """Return what people read there, in reading order."""
        return [*self._seal_words(), *self._signatures(), *self._address(), *self._code()]

    def rules(self) -> list[Item]:
        """Return what is only drawn."""
        rules = [
            self.setting.rule(
                left, right, self.grid["signature_rule"], 0.5, self.setting.colour("ink")
            )
            for left, right in self._signature_places()
        ]
        items: list[Item] = list(rules)
        if self.setting.specimen:
            items += [self._specimen_rosette(), self._plate_ground()]
        return items

    def _specimen_rosette(self) -> Drawn:
        operators = seal.rosette(
            self.grid["square"], self.setting, "specimen", self.setting.style("sealed_red")
        )
        x, y = self.left, self.grid["foot"]
        moved = f"q 1 0 0 1 {x} {y} cm\n".encode() + operators + b"\nQ"
        return Drawn(moved, Box(x, y, x + self.grid["square"], y + self.grid["square"]))

    def _plate_ground(self) -> Drawn:
        style = self.setting.style("plate")
        half = style.width("specimen, not a certificate") / 2 + 12
        box = Box(self.axis - half, 16, self.axis + half, 36)
        operators = f"1 1 1 rg {box.left:.3f} {box.bottom} {2 * half:.3f} 20 re f"
        return Drawn(operators.encode(), box)

    def _seal_words(self) -> Iterator[Element]:
        x = self.left + self.grid["square"] + self.grid["words_gap"]
        if self.setting.specimen:
            lines = [("words_red", "Specimen"), ("words_plain", "This file is not sealed.")]
        else:
            measure = self._signature_places()[0][0] - 12 - x
            provider = self.setting.certificate.provider.name
            with self.setting.naming("provider name", provider):
                names = _name_lines(provider, self.setting.style("words_bold"), measure)
            lines = [("words_first", "Digitally sealed by")]
            lines += [("words_bold", name) for name in names]
            lines += [("", ""), ("words_rest", "Open this file in a PDF")]
            lines.append(("words_rest", "reader to check the seal."))
        yield paragraph("P", self._column(lines, x, self.setting.left))

    def _code(self) -> Iterator[Element]:
        x = self.right - POINTS - self._quiet() - self.grid["qr_gap"]
        if self.setting.specimen:
            lines = [("words_red", "Specimen"), ("words_plain", "This code does not verify.")]
        else:
            lines = [
                ("words_first", "Scan, then check that"),
                ("words_first", "the address bar reads"),
                ("words_bold", self.words.host),
            ]
        number = SPECIMEN_ID if self.setting.specimen else str(self.setting.certificate.id)
        lines += [("", ""), ("words_rest", "Certificate"), ("id", number)]
        lines.append(("words_rest", self.words.issued))
        if self.pages > 1:
            lines.append(("words_rest", "Page 1 of 2"))
        room = x - self._signature_places()[-1][1] - 8
        with self.setting.naming("verify host", self.words.host):
            lines = _host_wrapped(lines, self.setting, room)
        yield self._figure()
        yield paragraph("P", self._column(lines, x, self.setting.right))
        if self.setting.specimen:
            plate = self.setting.style("plate")
            ink = self.setting.centred(plate, "specimen, not a certificate", self.axis, 23, "plate")
            yield paragraph("P", [ink])

    def _quiet(self) -> float:
        return 4 * POINTS / len(modules(self.setting.certificate.token_url))

    def _figure(self) -> Element:
        x, y = self.right - POINTS, self.grid["foot"]
        quiet = self._quiet()
        size = POINTS + 2 * quiet
        white = f"1 1 1 rg {x - quiet:.3f} {y - quiet:.3f} {size:.3f} {size:.3f} re f\n"
        operators = white + squares(self.setting.certificate.token_url, x, y)
        drawn = Drawn(operators.encode(), Box(x, y, x + POINTS, y + POINTS))
        alt = f"QR code that opens the record of this certificate at {self.words.host}"
        if self.setting.specimen:
            alt = "QR code of a specimen, which does not verify"
        return Element("Figure", (drawn,), alt=alt)

    def _column(self, lines: Sequence[tuple[str, str]], x: float, side: Any) -> list[Ink]:  # noqa: ANN401  # left or right
        """Set lines one below the other, the block centred on the square's height."""
        styled = [(self.setting.style(name), text) if name else (None, "") for name, text in lines]
        gap = 4.6
        first = styled[0][0]
        assert first is not None  # noqa: S101  # a column begins with words
        drops = [0.0]
        for style, _ in styled[1:]:
            drops.append(drops[-1] + (style.leading if style else gap))
        y = self.middle + drops[-1] / 2 - first.size * 0.25
        return [
            side(style, text, x, y - drop, "foot")
            for (style, text), drop in zip(styled, drops, strict=True)
            if style
        ]

    # Signature

    def _signature_places(self) -> list[tuple[float, float]]:
        """Return left and right end of each signature's rule."""
        count = len(self.setting.certificate.signatories)
        if count <= 1:
            half = self.grid["signature_width"] / 2
            return [(self.axis - half, self.axis + half)]
        width, gap = 98.0, 12.0
        start = self.axis - (count * width + (count - 1) * gap) / 2
        return [
            (start + n * (width + gap), start + n * (width + gap) + width) for n in range(count)
        ]

    def _signatures(self) -> Iterator[Element]:
        signatories = self.setting.certificate.signatories
        places = self._signature_places()
        if len(signatories) > 2:  # noqa: PLR2004
            from cecert.adapters.render.setting import UndrawableError

            fault = Fault(
                "signatories", str(len(signatories)), "the classic layout has room for two"
            )
            raise UndrawableError(fault)
        for signatory, (left, right) in zip(signatories, places, strict=False):
            if signatory.image in self.setting.pictures:
                yield self._picture(signatory.image, signatory.name, left, right)
            rule = self.grid["signature_rule"]
            middle, measure = (left + right) / 2, right - left
            yield paragraph("P", [
                self._one("signatory", f"{signatory.name} ", middle, rule - self.grid["name_below"],
                          measure, "signatory"),
                self._one("signatory_title", signatory.title, middle,
                          rule - self.grid["title_below"], measure, "signatory title"),
            ])  # fmt: skip

    def _one(self, name: str, text: str, x: float, y: float, measure: float, what: str) -> Ink:
        style = self.setting.style(name)
        with self.setting.naming(what, text):
            width = style.width(text.rstrip())
            if width > measure:
                style = style.at(max(7.6, style.size * measure / width))
                broken(text.strip().replace(" ", "\N{NO-BREAK SPACE}"), style, measure)
        ink = self.setting.centred(style, text.rstrip(), x, y, what)
        return self.setting.left(style, text, ink.x, y, what)

    def _picture(self, image: str, name: str, left: float, right: float) -> Element:
        from cecert.adapters.render.classic import fitted_picture

        most_width, most_height = self.grid["signature_picture"]
        most_width = min(most_width, right - left)
        width, height = fitted_picture(self.setting.pictures[image], most_width, most_height)
        x, y = (left + right - width) / 2, self.grid["signature_rule"] + 0.5
        box = Box(x, y, x + width, y + height)
        return Element("Figure", (Picture(image, box),), alt=f"Signature of {name}")

    def _address(self) -> Iterator[Element]:
        provider = self.setting.certificate.provider
        style, y = self.setting.style("address"), self.grid["address"]
        if not self.words.contact:
            y = self.grid["phone"]
        measure = 2 * 100.0
        if provider.address:
            with self.setting.naming("provider address", provider.address):
                lines = balanced(provider.address, style.at(8.2), measure, 2)
            fits = style.width(provider.address) <= measure
            size = style if fits else style.at(8.2, 8.6)
            texts = (provider.address,) if fits else lines
            yield paragraph("P", [
                self.setting.centred(size, text, self.axis,
                                     y + (len(texts) - 1 - n) * 8.6, "address")
                for n, text in enumerate(texts)
            ])  # fmt: skip
        if self.words.contact:
            with self.setting.naming("provider e-mail", " ".join(self.words.contact)):
                contact = _contact_style(self.words.contact, style, measure)
            yield paragraph("P", self.setting.dotted(
                contact, self.words.contact, self.axis, self.grid["phone"], "contact"
            ))  # fmt: skip


def _contact_style(parts: Sequence[str], style: Style, measure: float) -> Style:
    width = dotted_width(style, parts)
    if width <= measure:
        return style
    smaller = style.at(max(7.6, style.size * measure / width))
    if (needed := dotted_width(smaller, parts)) > measure + 0.01:
        from cecert.adapters.render.breaking import DoesNotFitError

        raise DoesNotFitError(needed, measure)
    return smaller


def _name_lines(name: str, style: Style, measure: float) -> tuple[str, ...]:
    return balanced(name, style, measure, 5)


def _host_wrapped(
    lines: list[tuple[str, str]], setting: Setting, room: float
) -> list[tuple[str, str]]:
    for name, text in lines:
        if name:
            broken(text.replace(" ", "\N{NO-BREAK SPACE}"), setting.style(name), room)
    return lines
