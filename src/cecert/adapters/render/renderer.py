"""The renderer: a certificate, a layout file and the shelf of faces make a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cecert.adapters.render.checking import missing_glyphs
from cecert.adapters.render.classic import classic_seal, compose_classic
from cecert.adapters.render.document import Attachment, SealField, document
from cecert.adapters.render.faces import FaceShelf
from cecert.adapters.render.modern import compose_modern, modern_seal
from cecert.adapters.render.page import Box, Page
from cecert.adapters.render.pictures import PrintPicture, print_picture
from cecert.adapters.render.setting import Setting, UndrawableError
from cecert.adapters.render.specimen import specimen_url
from cecert.adapters.render.styles import Layout, load_layout
from cecert.adapters.render.wordings import heading
from cecert.domain.certificates import Certificate, Paper
from cecert.errors import DrawingError, Fault
from cecert.ports import Drawing

__all__ = ["CertificateRenderer"]

SHEETS = {Paper.LETTER: (792.0, 612.0), Paper.A4: (841.89, 595.28)}
"""Width and height of each sheet, landscape, in points."""

TOKEN_FILE = "cecert-token.txt"
LOGO = "logo"

_COMPOSERS: dict[str, Callable[[Setting], tuple[Page, ...]]] = {
    "classic": compose_classic,
    "modern": compose_modern,
}
_SEALS: dict[str, Callable[[Setting], tuple[Box, bytes]]] = {
    "classic": classic_seal,
    "modern": modern_seal,
}


class CertificateRenderer:
    """Draws certificates as PDF/A-3u and PDF/UA-1 documents, ready to be sealed."""

    def __init__(
        self,
        *,
        templates: Path,
        fonts: Path,
        pictures: Mapping[str, bytes] | None = None,
        logo: bytes | None = None,
        accent: str = "",
        extra_fonts: Sequence[Path] = (),
    ) -> None:
        """Open what drawing needs.

        Args:
            templates: Folder of the layout files, in `layouts/`.
            fonts: Folder of the shipped faces.
            pictures: Signature pictures by the name a `Signatory.image` gives.
            logo: The provider's logo, PNG or JPEG.
            accent: The provider's own colour instead of the layout's, `#RRGGBB`.
            extra_fonts: Further TrueType files, for scripts no shipped face has.

        Raises:
            ConfigurationError: If a picture, the accent or a font cannot be used.
        """
        shelf = FaceShelf(fonts, extra_fonts)
        self._layouts = {
            path.stem: load_layout(path, shelf, accent)
            for path in sorted((templates / "layouts").glob("*.toml"))
            if path.stem in _COMPOSERS
        }
        self._pictures: dict[str, PrintPicture] = {}
        if logo is not None:
            self._pictures[LOGO] = print_picture(logo, "logo", (120, 44))
        for name, data in (pictures or {}).items():
            self._pictures[name] = print_picture(data, name, (180, 36))

    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Say what keeps *certificate* from being drawn: all missing glyphs, else lack of room."""
        try:
            if missing := missing_glyphs(self._setting(certificate, specimen=False)):
                return missing
            self.pages(certificate, specimen=False)
        except UndrawableError as undrawable:
            return (undrawable.fault,)
        return ()

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*.

        Raises:
            DrawingError: If `faults` has any.
        """
        return self._drawing(certificate, specimen=False)

    def draw_specimen(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* with SPECIMEN across it and nothing that verifies."""
        return self._drawing(certificate, specimen=True)

    def _drawing(self, certificate: Certificate, *, specimen: bool) -> Drawing:
        try:
            pages = self.pages(certificate, specimen=specimen)
        except UndrawableError:
            faults = tuple(self.faults(certificate))
            raise DrawingError("a certificate cannot be drawn", faults) from None
        setting = self._setting(certificate, specimen=specimen)
        field = None if specimen else _seal_field(setting)
        url = certificate.token_url
        pdf = document(
            pages,
            self._pictures,
            Attachment(
                TOKEN_FILE, specimen_url(url), "Specimen of a token, which certifies nothing"
            )
            if specimen
            else Attachment(TOKEN_FILE, url, "What this certificate certifies, signed"),
            field,
            _about(certificate, specimen=specimen),
        )
        if field is None:
            return Drawing(pdf, 0, (0.0, 0.0, 0.0, 0.0), b"")
        box = field.box
        return Drawing(pdf, 0, (box.left, box.bottom, box.right, box.top), field.ornament)

    def pages(self, certificate: Certificate, *, specimen: bool) -> tuple[Page, ...]:
        """Compose the pages as display lists, for who wants to look before it is a file.

        Raises:
            UndrawableError: If a text is too wide or has a character no face has.
        """
        setting = self._setting(certificate, specimen=specimen)
        return _COMPOSERS[setting.layout.name](setting)

    def _setting(self, certificate: Certificate, *, specimen: bool) -> Setting:
        layout = self._layout(certificate.layout)
        width, height = SHEETS[certificate.paper]
        sizes = {key: (each.width, each.height) for key, each in self._pictures.items()}
        return Setting(certificate, layout, width, height, specimen, sizes)

    def _layout(self, wanted: str) -> Layout:
        name = wanted.partition("/")[0]
        layout = self._layouts.get(name)
        if layout is None or wanted != f"{name}/{layout.version}":
            known = ", ".join(f"{each.name}/{each.version}" for each in self._layouts.values())
            fault = Fault("layout", wanted, "is no layout here", f"there are {known}")
            raise UndrawableError(fault)
        return layout


def _seal_field(setting: Setting) -> SealField:
    box, ornament = _SEALS[setting.layout.name](setting)
    return SealField(box, ornament, f"Digital seal of {setting.certificate.provider.name}")


def _about(certificate: Certificate, *, specimen: bool) -> tuple[str, str, datetime]:
    title = f"{heading(certificate)}: {certificate.course.title}, {certificate.recipient.name}"
    title = f"Specimen. {title}" if specimen else title
    return title, certificate.provider.name, certificate.issued_at
