"""The renderer: a certificate, a layout file and the shelf of faces make a document."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import fields, replace
from itertools import chain
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from cecert.adapters.render.culprit import blamed
from cecert.adapters.render.layout.glyph_check import is_complete, missing_glyphs
from cecert.adapters.render.layout.page import Drawn, Element, Ink, Page, inks
from cecert.adapters.render.layout.pictures import PrintPicture, print_logo, print_signature
from cecert.adapters.render.layout.setting import (
    DOT,
    UNSET,
    FullPageError,
    LayoutCache,
    LayoutContext,
    UndrawableError,
)
from cecert.adapters.render.layout.specimen import specimen_url
from cecert.adapters.render.layout.words import heading
from cecert.adapters.render.layouts.classic import classic_seal, compose_classic
from cecert.adapters.render.layouts.modern import compose_modern, modern_seal
from cecert.adapters.render.pdf.fill import About, Filler
from cecert.adapters.render.pdf.plate import SealField, SharedBeginning
from cecert.adapters.render.qr import modules
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.layout_draft import LayoutDraft, drafted
from cecert.adapters.render.text.layout_file import (
    Layout,
    layout_document,
    load_layout,
    made_layout,
)
from cecert.adapters.render.text.shaping import MissingGlyphError
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.certificate.misprints import SPOKEN, PrintedLine
from cecert.errors import DrawingError, Fault
from cecert.ports import Drawing

# Letterheads are read by a library that no other layout needs.
if TYPE_CHECKING:
    from cecert.adapters.render.layouts.letterhead_file import Letterhead

__all__ = ["SEAL_ROOM", "CertificateRenderer"]

SHEETS = {Paper.LETTER: (792.0, 612.0), Paper.A4: (841.89, 595.28)}
"""Width and height of each sheet, landscape, in points."""

LOGO = "logo"
LOGO_POINTS, SIGNATURE_POINTS = (152, 44), (168, 46)
"""What is printed at most; of a signature, the box above its line and what hangs below it."""

SEAL_ROOM = 4096
"""Bytes for a signature by any key, with a certificate or two of its chain."""

MOST_COURSES = 8
"""Courses whose shared pieces are kept; a batch has one."""

MOST_SAID = 1024
"""Elements whose words are kept; those above and below a name are as many as its heights."""

_DIGITS = "0123456789-.,"
_TITLES = "ABCDEFHILMNOPRSTW"
"""Letters of the licences that are most: LMSW, LCSW-R, LICSW, LMHC, LMFT, PhD, BCBA, RN."""

_ID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"

_NOT_SET = {"slot", "issued_at", "token_url"}
"""Printed nowhere, or told apart otherwise: of an instant its day, and pieces of another day
are kept elsewhere; of a token the number of modules of its code."""

_COMPOSERS: dict[str, Callable[[LayoutContext], tuple[Page, ...]]] = {
    "classic": compose_classic,
    "modern": compose_modern,
}
_SEALS: dict[str, Callable[[LayoutContext], Drawn]] = {
    "classic": classic_seal,
    "modern": modern_seal,
}


class CertificateRenderer:
    """Draws certificates as PDF/A-3u and PDF/UA-1 documents, ready to be sealed.

    Threads may share one: each gets the pieces of the course it asked for.
    """

    def __init__(  # noqa: PLR0913  # all but the folders have a default
        self,
        *,
        templates: Path,
        fonts: Path,
        pictures: Mapping[str, bytes] | None = None,
        logo: bytes | None = None,
        accent: str = "",
        extra_fonts: Sequence[Path] = (),
        letterhead: Letterhead | None = None,
        seal_room: int = SEAL_ROOM,
        layouts: Sequence[LayoutDraft] = (),
    ) -> None:
        """Open what drawing needs.

        Args:
            templates: Folder of the layout files, in `layouts/`.
            fonts: Folder of the shipped faces.
            pictures: Signature pictures by the name a `Signatory.image` gives.
            logo: The provider's logo, PNG or JPEG.
            accent: The provider's own colour instead of the layout's, `#RRGGBB`.
            extra_fonts: Further TrueType files, for scripts no shipped face has.
            letterhead: The page that certificates are drawn on, None for the layout's own. They
                are tagged and written as any other, and do not say that they conform to PDF/A
                or PDF/UA: what the letterhead itself draws was checked by nobody.
            seal_room: Bytes left for the signature (`PadesSealer.room`).
            layouts: Further layouts, checked (`draft_faults`).

        Raises:
            ConfigurationError: If a picture, the accent or a font cannot be used.
        """
        shelf = FaceShelf(fonts, extra_fonts)
        self._layouts = {
            path.stem: load_layout(path, shelf, accent)
            for path in sorted((templates / "layouts").glob("*.toml"))
            if path.stem in _COMPOSERS
        }
        for each in layouts:
            document = drafted(each, layout_document(templates / "layouts" / f"{each.like}.toml"))
            words = self._layouts[each.like].words
            self._layouts[each.name] = replace(
                made_layout(document, words, shelf, accent), like=each.like
            )
        self._pictures: dict[str, PrintPicture] = {}
        if logo is not None:
            self._pictures[LOGO] = print_logo(logo, LOGO_POINTS)
        for name, data in (pictures or {}).items():
            self._pictures[name] = print_signature(data, name, SIGNATURE_POINTS)
        self._shapes = {key: each.shape for key, each in self._pictures.items()}
        self._courses: OrderedDict[tuple[Hashable, ...], LayoutCache] = OrderedDict()
        self._last: tuple[tuple[Hashable, ...], LayoutCache] = ((), LayoutCache())
        self._lock = Lock()
        self._seal_room = seal_room
        self._letterhead = letterhead

    def missing_glyph(self, text: str, layout: str) -> str:
        """Return the first character of a name that no face of a layout has; "" if all are there.

        Args:
            text: The name.
            layout: As `classic/1`.
        """
        try:
            self._layout(layout).styles["name"].shaped(text)
        except MissingGlyphError as missing:
            return missing.character
        return ""

    def upright_letter(self, words: str, layout: str) -> str:
        """Return the first character of words in italics that has none; "" if all have.

        Args:
            words: Of a title.
            layout: As `classic/1`.
        """
        italic = self._layout(layout).styles["title"].italic
        return italic[0].lacks(words) if italic else words[:1]

    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Say what keeps *certificate* from being drawn: all missing glyphs, else lack of room."""
        found = self.lay_out(certificate)
        return found if isinstance(found, tuple) else ()

    def lay_out(self, certificate: Certificate) -> _LaidOut | tuple[Fault, ...]:
        """Set *certificate* on its pages, or return its `faults`."""
        try:
            setting = self._setting(certificate, specimen=False)
        except UndrawableError as undrawable:
            return (undrawable.fault,)
        if not setting.kept.complete:
            return missing_glyphs(setting)
        try:
            return _LaidOut(self._drawing, setting, self._composed(setting))
        except FullPageError as full:
            return missing_glyphs(setting) or (blamed(setting, full, self._composed),)
        except UndrawableError as undrawable:
            return missing_glyphs(setting) or (undrawable.fault,)

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* as a PDF with room for its seal.

        Raises:
            DrawingError: If `faults` has any.
        """
        return self._drawing(certificate)

    def draw_specimen(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* with SPECIMEN across it and nothing that verifies."""
        return self._drawing(certificate, specimen=True)

    def draw_on_letterhead(self, certificate: Certificate, letterhead: Letterhead) -> bytes:
        """Draw *certificate* as a specimen into the places of another letterhead.

        Raises:
            DrawingError: If a text does not fit its place, or has no glyph.
        """
        return self._on(letterhead).draw_specimen(certificate).pdf

    def _on(self, letterhead: Letterhead) -> Self:
        """Return what draws as this one does, on another letterhead."""
        other = copy(self)
        vars(other).update(
            _letterhead=letterhead, _courses=OrderedDict(), _last=((), LayoutCache())
        )
        return other

    def difficulty(self, certificate: Certificate) -> tuple[float, float]:
        """Return how hard a recipient's name is to set: larger is harder.

        Several lines, small type and letters of another face come first.

        Raises:
            UndrawableError: If it cannot be set at all.
        """
        page = self.pages(certificate, specimen=False)[0]
        lines = [ink for ink in inks(page) if ink.what == "recipient name"]
        faces = {run.face for ink in lines for run in ink.shaped.runs}
        return len(lines) + len(faces) - lines[0].size / 100, sum(ink.width for ink in lines)

    def _drawing(
        self, certificate: Certificate, laid_out: _LaidOut | None = None, *, specimen: bool = False
    ) -> Drawing:
        try:
            setting = self._setting(certificate, specimen=specimen)
            pages = () if laid_out is None else laid_out.pages_of(setting)
            pages = pages or self._composed(setting)
            kind = self._kind(setting, pages)
        except UndrawableError as undrawable:
            faults = tuple(self.faults(certificate)) or (undrawable.fault,)
            raise DrawingError("a certificate cannot be drawn", faults) from None
        about = self._about(certificate, kind.heading, specimen=specimen)
        return replace(kind.filler.fill(pages, about), pages=kind.printed(pages))

    def _kind(self, setting: LayoutContext, pages: tuple[Page, ...]) -> _Kind:
        """Return what such pages share, compiled if they are the first of their kind."""
        return setting.kept.get(
            "kind",
            _marks(pages),
            make=lambda: _Kind(
                Filler(self._plate(setting, pages), pages),
                heading(setting.certificate, setting.layout.words),
            ),
        )

    def _plate(self, setting: LayoutContext, pages: tuple[Page, ...]) -> SharedBeginning:
        field = None
        styles = setting.layout.styles
        letters = {"licenses": _license_letters(setting.certificate)}
        letters |= {"id": _ID_LETTERS, "page2_id": _ID_LETTERS}
        with setting.naming("certificate", ""):
            if not setting.specimen:
                words = setting.layout.words
                label = words["alt_seal"].format(name=setting.certificate.provider.name)
                field = SealField(self._seal(setting), label)
            stock = [styles[name].shaped(text) for name, text in letters.items() if name in styles]
        # Names are in few letters of a face that has few others on the page.
        begun = frozenset({styles["name"].chain[0]})
        ground = self._letterhead.ground if self._letterhead else None
        return SharedBeginning(pages, self._pictures, stock, field, begun, ground=ground)

    def _about(self, certificate: Certificate, what: str, *, specimen: bool) -> About:
        words = self._layout(certificate.layout).words
        title = f"{what}: {certificate.course.title}, {certificate.recipient.name}"
        return About(
            title=f"{words['specimen']}. {title}" if specimen else title,
            author=certificate.provider.name,
            at=certificate.issued_at,
            token=specimen_url(certificate) if specimen else certificate.token_url,
            seal_room=self._seal_room,
            conformant=self._letterhead is None,
        )

    def pages(self, certificate: Certificate, *, specimen: bool) -> tuple[Page, ...]:
        """Compose the pages as display lists, for who wants to look before it is a file.

        Raises:
            UndrawableError: If a text is too wide or has a character no face has.
        """
        return self._composed(self._setting(certificate, specimen=specimen))

    def _composed(self, setting: LayoutContext) -> tuple[Page, ...]:
        """Compose the pages; what no part of the layout names a text of, is named here."""
        try:
            if self._letterhead is not None:
                from cecert.adapters.render.layouts.letterhead_page import compose_letterhead

                return compose_letterhead(setting, self._letterhead)
            return _COMPOSERS[setting.layout.code](setting)
        except UNSET as trouble:
            raise setting.undrawable("certificate", "", trouble) from None

    def _seal(self, setting: LayoutContext) -> Drawn:
        if self._letterhead is not None:
            from cecert.adapters.render.layouts.letterhead_page import letterhead_seal

            return letterhead_seal(setting, self._letterhead)
        return _SEALS[setting.layout.code](setting)

    def _setting(self, certificate: Certificate, *, specimen: bool) -> LayoutContext:
        layout = self._layout(certificate.layout)
        width, height = SHEETS[certificate.paper]
        if self._letterhead is not None:
            width, height = self._letterhead.width, self._letterhead.height
        kept = self._kept_of(certificate, layout, specimen=specimen)
        size = modules(specimen_url(certificate) if specimen else certificate.token_url)
        return LayoutContext(certificate, layout, width, height, specimen, self._shapes, size, kept)

    def _kept_of(self, certificate: Certificate, layout: Layout, *, specimen: bool) -> LayoutCache:
        """Return what all certificates share that differ from *certificate* in the person only."""
        zone = ZoneInfo(certificate.provider.timezone)
        key = (
            certificate.course, certificate.credit_lines, certificate.provider,
            certificate.signatories, certificate.credit_date, certificate.layout,
            certificate.paper, certificate.verify_host,
            certificate.issued_at.astimezone(zone).date(), certificate.supersedes, specimen,
        )  # fmt: skip
        # To see that a course is the one before is quicker than to hash all of it. What is
        # returned was looked up here: another thread may replace the last one meanwhile.
        last, kept = self._last
        if key != last:
            kept = self._pieces_of(key, certificate, layout)
            self._last = key, kept
        return kept

    def _pieces_of(
        self, key: tuple[Hashable, ...], certificate: Certificate, layout: Layout
    ) -> LayoutCache:
        """Return the pieces of a course, the one that was longest unused being forgotten.

        Args:
            key: What its certificates have in common.
            certificate: One of them.
            layout: How they are set.
        """
        with self._lock:
            kept = self._courses.get(key)
            if kept is None:
                while len(self._courses) >= MOST_COURSES:
                    self._courses.popitem(last=False)
                kept = LayoutCache(complete=is_complete(certificate, layout))
                self._courses[key] = kept
            self._courses.move_to_end(key)
            return kept

    def _layout(self, wanted: str) -> Layout:
        name = wanted.partition("/")[0]
        layout = self._layouts.get(name)
        if layout is None or wanted != f"{name}/{layout.version}":
            known = ", ".join(f"{each.name}/{each.version}" for each in self._layouts.values())
            fault = Fault("layout", wanted, "is no layout here", f"there are {known}")
            raise UndrawableError(fault)
        return layout


class _LaidOut:
    """A certificate set on its pages."""

    def __init__(
        self,
        drawing: Callable[[Certificate, _LaidOut], Drawing],
        setting: LayoutContext,
        pages: tuple[Page, ...],
    ) -> None:
        self._drawing, self._setting, self._pages = drawing, setting, pages

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*, on these pages if they show it.

        Raises:
            DrawingError: If they do not, and it does not fit others.
        """
        return self._drawing(certificate, self)

    def pages_of(self, setting: LayoutContext) -> tuple[Page, ...]:
        """Return the pages, if the certificate of *setting* would be set on the same; else none.

        The second time there are none.
        """
        then = self._setting
        same = _facts(setting.certificate) == _facts(then.certificate)
        alike = setting.kept is then.kept and setting.modules == then.modules
        # They are drawn once: a batch need not hold the pages of those that it has drawn.
        pages, self._pages = self._pages, ()
        return pages if same and alike else ()


_facts = attrgetter(*[each.name for each in fields(Certificate) if each.name not in _NOT_SET])
"""Returns all facts of a certificate that decide what is set on its pages."""


class _Kind:
    """What documents share whose pages look alike.

    Attributes:
        filler: Writes them.
        heading: What they are.
    """

    def __init__(self, filler: Filler, heading: str) -> None:
        self.filler, self.heading = filler, heading
        self._said: dict[int, tuple[Sequence[PrintedLine], Element]] = {}

    def printed(self, pages: Sequence[Page]) -> tuple[tuple[PrintedLine, ...], ...]:
        """Return the words of each page as it was drawn."""
        return tuple([
            tuple(chain.from_iterable([
                _words(each) if each.personal else self._words_of(each) for each in page.body
            ]))
            for page in pages
        ])  # fmt: skip

    def _words_of(self, element: Element) -> Sequence[PrintedLine]:
        """Return the words of an element that many documents have, read once."""
        known = self._said.get(id(element))
        if known is None:
            if len(self._said) >= MOST_SAID:
                self._said.clear()
            # The element is kept with its words, so that its number stays its own.
            known = self._said[id(element)] = _words(element), element
        return known[0]


def _words(element: Element) -> list[PrintedLine]:
    """Return the words of an element, without the dots between two facts."""
    what, lines = "", []
    for kid in element.kids:
        if isinstance(kid, Ink):
            what = kid.what
            if kid.shaped.text != DOT:
                lines.append(PrintedLine(what, kid.shaped.text))
        elif isinstance(kid, Element):
            lines += _words(kid)
    if element.actual_text:
        lines.append(PrintedLine(f"{SPOKEN}{what}", element.actual_text))
    return lines


def _license_letters(certificate: Certificate) -> str:
    """Return what every document has at hand, so that few licences need a font of their own."""
    states = {line.jurisdiction for line in certificate.credit_lines}
    return DOT.join([_DIGITS, _TITLES, *sorted(states)])


def _marks(pages: Sequence[Page]) -> tuple[Hashable, ...]:
    """Return what tells kinds apart: pieces that are shared, and the roles of those that are not.

    A shared piece is one object for all certificates of a course (`LayoutCache`).
    """
    return tuple(
        (
            id(page.behind),
            *((each.role, bool(each.actual_text)) if each.own else id(each) for each in page.body),
        )
        for page in pages
    )
