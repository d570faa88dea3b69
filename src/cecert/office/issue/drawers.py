"""Other processes that draw an office's certificates; no key ever goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from cecert.domain.certificate.certificate import Certificate
from cecert.errors import ConfigurationError, InputError
from cecert.office.holders.letterhead import letterhead_source

if TYPE_CHECKING:
    from cecert.adapters.render import CertificateRenderer
    from cecert.adapters.render.text.layout_draft import LayoutDraft
    from cecert.office.holders.looks import LooksHolder
    from cecert.ports import Drawing, Workers
    from cecert.workflows.issue.desk import IssuingDesk

__all__ = [
    "Drawer",
    "at_scheduler",
    "begin_drawing",
    "drawer_of",
    "open_drawers",
    "renderer_of",
    "with_drawers",
]

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

SECONDS = 0.0015
"""What drawing one certificate takes, roughly."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """What a process that draws is told: all it needs, for it may be on another machine.

    Attributes:
        pictures: Of signatures, by the name that certificates have of each.
        logo: The picture of the logo, None for none.
        accent: The office's colour, "" for the layout's own.
        fonts: Names and bytes of the office's further font files.
        letterhead: What the page that is drawn on is read from, None for the layout's own.
        seal_room: Bytes left for a seal, None for what the office's own takes.
        layouts: Of the office's own.
    """

    pictures: Mapping[str, bytes] = field(repr=False)
    logo: bytes | None = field(repr=False)
    accent: str
    fonts: tuple[tuple[str, bytes], ...] = field(repr=False)
    letterhead: tuple[bytes, str, Mapping[str, Any] | None] | None = field(repr=False)
    seal_room: int | None = None
    layouts: tuple[LayoutDraft, ...] = ()


def drawer_of(office: LooksHolder, seal_room: int | None = None) -> Drawer:
    """Return what an office's drawing processes are told.

    Raises:
        ConfigurationError: If a file of the office cannot be read.
    """
    try:
        fonts = tuple((each.name, each.read_bytes()) for each in office.file.fonts)
    except OSError as error:
        raise ConfigurationError(f"{error.filename} cannot be read: {error.strerror}") from error
    file, pictures = office.file, dict(office.signature_pictures())
    page = letterhead_source(file.letterhead, file.places) if file.letterhead else None
    own = tuple(office.layouts())
    return Drawer(pictures, office.logo(), file.accent, fonts, page, seal_room, own)


def renderer_of(told: Drawer) -> CertificateRenderer:
    """Return what draws as the office itself does, in the process it is in."""
    from cecert.adapters.assets import asset_folder
    from cecert.adapters.render import SEAL_ROOM, CertificateRenderer, read_letterhead

    with TemporaryDirectory() as folder:
        return CertificateRenderer(
            templates=asset_folder("templates"),
            fonts=asset_folder("fonts"),
            pictures=told.pictures,
            logo=told.logo,
            accent=told.accent,
            extra_fonts=[*_laid(told.fonts, Path(folder))],
            letterhead=read_letterhead(*told.letterhead) if told.letterhead else None,
            layouts=told.layouts,
            seal_room=SEAL_ROOM if told.seal_room is None else told.seal_room,
        )


def _laid(fonts: Sequence[tuple[str, bytes]], folder: Path) -> Iterator[Path]:
    for number, (name, data) in enumerate(fonts):
        path = folder / str(number) / name  # two of one name are two fonts
        path.parent.mkdir()
        path.write_bytes(data)
        yield path


def begin_drawing(told: Drawer) -> Callable[[Sequence[Certificate]], Sequence[Drawing]]:
    """Return what draws groups of certificates whose tokens are signed, in the process it is in."""
    from cecert.workflows.issue.compose import drawn_anew

    renderer = renderer_of(told)
    return lambda group: [drawn_anew(each, renderer) for each in group]


@contextmanager
def at_scheduler(
    desk: IssuingDesk, office: LooksHolder, scheduler: str, workers: int | None
) -> Iterator[IssuingDesk]:
    """Give the desk with the workers of a scheduler, or as it is where there is none.

    Args:
        desk: The office's.
        office: The office.
        scheduler: Its address, "" for none.
        workers: Processes of this machine that somebody asked for besides.

    Raises:
        InputError: If both were asked for.
        ConfigurationError: If the scheduler cannot be used.
    """
    if not scheduler:
        yield desk
        return
    with open_drawers(begin_drawing, _told(desk, office), workers, scheduler) as drawers:
        yield replace(desk, drawers=drawers)


@contextmanager
def with_drawers(
    desk: IssuingDesk, office: LooksHolder, asked: int | None, many: int
) -> Iterator[IssuingDesk]:
    """Give the desk with as many processes that draw as are worth their start.

    Args:
        desk: The office's; one that has who draws stays as it is.
        office: The office.
        asked: How many somebody asked for; None for the machine's cores, if there is much to do.
        many: Certificates that will be drawn.
    """
    from cecert.adapters.workers import workers_worth

    count = workers_worth(asked, many, SECONDS)
    if count == 1 or desk.drawers is not None:
        yield desk
        return
    with open_drawers(begin_drawing, _told(desk, office), count) as drawers:
        yield replace(desk, drawers=drawers)


def _told(desk: IssuingDesk, office: LooksHolder) -> Drawer:
    from cecert.adapters.pades import PadesSealer

    return drawer_of(office, desk.sealer.room if isinstance(desk.sealer, PadesSealer) else None)


@contextmanager
def open_drawers(
    begin: Callable[[Drawer], Callable[[Asked], Answer]],
    told: Drawer,
    workers: int | None,
    scheduler: str = "",
) -> Iterator[Workers[Asked, Answer]]:
    """Give processes that draw, here or at a scheduler.

    Args:
        begin: What each begins with.
        told: What it is told.
        workers: Processes of this machine; 1 or None for this one alone.
        scheduler: Address of the scheduler whose workers do it instead, "" for none.

    Raises:
        InputError: If both were asked for.
        ConfigurationError: If the scheduler cannot be used.
    """
    if scheduler and workers is not None:
        raise InputError(
            "--workers and --scheduler exclude one another",
            hint="a scheduler has the workers that joined it",
        )
    if scheduler:
        from cecert.adapters.workers import open_dask_workers

        with open_dask_workers(begin, told, scheduler) as elsewhere:
            yield elsewhere
    else:
        from cecert.adapters.workers import open_workers

        with open_workers(begin, told, workers or 1) as here:
            yield here
