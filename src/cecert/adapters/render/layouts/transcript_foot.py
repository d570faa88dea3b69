"""The foot of a transcript's first page: seal, signature, the code and their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cecert.adapters.render.layout import ornament, rosette
from cecert.adapters.render.layout.page import Box, Drawn, Element, Ink, Symbol
from cecert.adapters.render.layout.setting import LayoutContext, paragraph
from cecert.adapters.render.layouts.signature_figure import signature_figure
from cecert.adapters.render.qr import POINTS
from cecert.adapters.render.text.breaking import DoesNotFitError, balanced, broken
from cecert.adapters.render.text.fitting import one_line, spaced
from cecert.adapters.render.text.shaping import Style
from cecert.domain.certificate.transcript import TranscriptIssuer
from cecert.domain.token.qr import QUIET_MODULES

__all__ = ["transcript_foot", "transcript_seal"]

GAP = ("", "")
"""White between two groups of words."""

_Lines = Sequence[tuple[str, str]]


def transcript_seal(setting: LayoutContext) -> Drawn:
    """Return the seal's place and its picture."""
    grid, styles = setting.layout.figures["grid"], setting.layout.styles
    size, x = grid["seal"], grid["edge"]
    y = _middle(setting) - size / 2
    whole = grid["square"]  # the rosette of the classic layout, and all of it smaller
    motif = rosette.rosette(whole, setting, setting.layout.words["sealed"], styles["sealed"])
    scale = ornament.number(size / whole)
    return motif.placed(f"{scale} 0 0 {scale} 0 0").drawn(Box(x, y, x + size, y + size))


def transcript_foot(setting: LayoutContext, issuer: TranscriptIssuer) -> Iterator[Element]:
    """Return what stands there, in reading order.

    Args:
        setting: The transcript's layout.
        issuer: Whose transcript it is.

    Raises:
        UndrawableError: If a text has no room in the least type.
    """
    yield from _Foot(setting, issuer).elements()


def _middle(setting: LayoutContext) -> float:
    grid = setting.layout.figures["grid"]
    return float(grid["foot"] + grid["square"] / 2)


class _Foot:
    def __init__(self, setting: LayoutContext, issuer: TranscriptIssuer) -> None:
        self.setting, self.issuer = setting, issuer
        self.grid, self.words = setting.layout.figures["grid"], setting.layout.words
        self.styles, self.axis = setting.layout.styles, setting.width / 2
        half = self.grid["signature_width"] / 2
        self.sides = (self.axis - half, self.axis + half)

    def elements(self) -> Iterator[Element]:
        yield self._seal_words()
        yield from self._signature()
        yield from self._address()
        yield from self._code()

    # Left, with the seal

    def _seal_words(self) -> Element:
        x = self.grid["edge"] + self.grid["seal"] + self.grid["words_gap"]
        room = self.sides[0] - self.grid["words_apart"] - x
        lines = [("words_first", self.words["sealed_by"])]
        lines += [("words_bold", each) for each in self._named(room)]
        lines.append(GAP)
        lines += self._broken("words_rest", self.words["open_file"], room)
        return paragraph("P", self._column(lines, x, room, self.setting.left))

    def _named(self, room: float) -> Sequence[str]:
        """Return the provider's name on lines; a word that is too wide shrinks with its line."""
        name, style = self.issuer.provider.name, self.styles["words_bold"]
        try:
            return balanced(name, style, room, self.grid["seal_name_lines"])
        except DoesNotFitError:
            return balanced(name, style.at(self.grid["words_floor"]), room, 9)

    def _broken(self, style: str, text: str, room: float) -> list[tuple[str, str]]:
        return [(style, each) for each in broken(text, self.styles[style], room)]

    def _column(self, lines: _Lines, x: float, room: float, side: Callable[..., Ink]) -> list[Ink]:
        """Set lines one below the other, the block centred on the height of the code."""
        drops, drop = [], 0.0
        for index, (name, _) in enumerate(lines):
            leading = self.styles[name].leading if name else self.grid["words_white"]
            drop += leading if index else 0.0
            drops.append(drop)
        y = _middle(self.setting) + drop / 2 - self.grid["words_drop"]
        inks = []
        for (name, text), below in zip(lines, drops, strict=True):
            if name:
                style = self._narrowed(self.styles[name], text, room)
                inks.append(side(style, text, x, y - below, "foot"))
        return [*map(self._ended, inks[:-1]), *inks[-1:]]

    def _narrowed(self, style: Style, text: str, room: float) -> Style:
        with self.setting.naming("words beside the seal or code", text):
            return one_line(text, style, room, self.grid["words_floor"])

    def _ended(self, ink: Ink) -> Ink:
        """Return a line that ends in a space, which parts its words for who listens."""
        return ink

    # Middle, with signature and address

    def _signature(self) -> Iterator[Element]:
        signatory, (left, right) = self.issuer.signatory, self.sides
        if signatory is None:
            return
        rule = self.grid["signature_rule"]
        yield from signature_figure(self.setting, signatory, left, right, rule)
        rows = (
            ("signatory", signatory.name, self.grid["name_below_rule"]),
            ("signatory_title", signatory.title, self.grid["title_below_rule"]),
        )
        for what, text, below in rows:
            if text:
                with self.setting.naming(what.replace("_", " "), text):
                    style = self._fitting(self.styles[what], text)
                y = self.grid["signature_rule"] - below
                yield paragraph("P", [self.setting.centred(style, text, self.axis, y, what)])

    def _fitting(self, style: Style, text: str) -> Style:
        # Beside it is white, which a long title may take.
        return one_line(text, style, self.grid["signature_width"] + 30, 6)

    def _address(self) -> Iterator[Element]:
        provider, style = self.issuer.provider, self.styles["address"]
        room = self.grid["signature_width"] + 10
        contact = [each for each in (provider.phone, provider.email) if each]
        lines: list[str] = []
        if provider.address:
            with self.setting.naming("provider address", provider.address):
                lines += balanced(provider.address, style, room, 3)
        y = self.grid["signature_rule"] - self.grid["address_below_rule"]
        inks = [
            self.setting.centred(style, each, self.axis, y - index * style.leading, "address")
            for index, each in enumerate(spaced(lines) if lines else [])
        ]
        if inks:
            yield paragraph("P", inks)
        y -= len(inks) * style.leading
        if not contact:
            return
        if style.dotted_width(contact) <= room + 12:
            yield paragraph("P", self.setting.dotted(style, contact, self.axis, y, "contact"))
            return
        for index, each in enumerate(contact):
            fit = self._fitting(style, each)
            ink = self.setting.centred(fit, each, self.axis, y - index * style.leading, "contact")
            yield paragraph("P", [ink])

    # Right, with the code

    def _code(self) -> Iterator[Element]:
        right = self.setting.width - self.grid["edge"]
        quiet = QUIET_MODULES * POINTS / self.setting.modules
        box = Box(right - POINTS, self.grid["foot"], right, self.grid["foot"] + POINTS)
        ground = box.widened(quiet)
        white = Drawn(ornament.filled(ground, "#FFFFFF").encode(), ground)
        alt = self.words["alt_transcript_code"].format(host=self.issuer.verify_host)
        yield Element("Figure", (white, Symbol(box)), alt=alt)
        x = box.left - quiet - self.grid["qr_gap"]
        room = x - self.sides[1] - self.grid["words_apart"]
        lines = self._broken("words_first", self.words["scan"], room)
        lines += [("words_bold", each) for each in self._host(room)]
        lines.append(GAP)
        lines += self._broken("words_rest", self.words["transcript_drop"], room)
        yield paragraph("P", self._column(lines, x, room, self.setting.right))

    def _host(self, room: float) -> Sequence[str]:
        """Return the host on one line, or broken before its dots."""
        host, style = self.issuer.verify_host, self.styles["words_bold"]
        if style.width(host) * self.grid["words_floor"] / style.size <= room:
            return [host]
        parts, lines = host.split("."), list[str]()
        for part in [parts[0], *(f".{each}" for each in parts[1:])]:
            if lines and style.width(lines[-1] + part) <= room:
                lines[-1] += part
            else:
                lines.append(part)
        return lines
