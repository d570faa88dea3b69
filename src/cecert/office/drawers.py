"""Other processes that draw an office's certificates; no key ever goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cecert.domain.certificate.certificate import Certificate

if TYPE_CHECKING:
    from cecert.adapters.office_files import OfficeFile
    from cecert.office.office import Office
    from cecert.ports import Drawing
    from cecert.workflows.issue.desk import IssuingDesk

__all__ = ["begin_drawing", "with_drawers"]

SECONDS = 0.0015
"""What drawing one certificate takes, roughly."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """What a process that draws is told.

    Attributes:
        office: What its `cecert.toml` says; no secret is in it.
        seal_room: Bytes left for a seal, None for what the office's own takes.
    """

    office: OfficeFile
    seal_room: int | None


def begin_drawing(told: Drawer) -> Callable[[Sequence[Certificate]], Sequence[Drawing]]:
    """Return what draws groups of certificates whose tokens are signed, in the process it is in.

    Raises:
        ConfigurationError: If the office cannot be used any more.
    """
    from cecert.office.office import Office
    from cecert.workflows.issue.compose import drawn_anew

    renderer = Office(told.office, "", {}).renderer(seal_room=told.seal_room)
    return lambda group: [drawn_anew(each, renderer) for each in group]


@contextmanager
def with_drawers(
    desk: IssuingDesk, office: Office, asked: int | None, many: int
) -> Iterator[IssuingDesk]:
    """Give the desk with as many processes that draw as are worth their start.

    Args:
        desk: The office's.
        office: The office.
        asked: How many somebody asked for; None for the machine's cores, if there is much to do.
        many: Certificates that will be drawn.
    """
    from cecert.adapters.workers import workers_worth

    count = workers_worth(asked, many, SECONDS)
    if count == 1:
        yield desk
        return
    from cecert.adapters.pades import PadesSealer
    from cecert.adapters.workers import open_workers

    room = desk.sealer.room if isinstance(desk.sealer, PadesSealer) else None
    told = Drawer(office.file, room)
    with open_workers(begin_drawing, told, count) as drawers:
        yield replace(desk, drawers=drawers)
