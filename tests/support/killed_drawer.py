"""A process that draws certificates and is killed over its first group; the next is not."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from cecert.domain.certificate.certificate import Certificate
from cecert.office.issue.drawers import Drawer, begin_drawing
from cecert.ports import Drawing


def begin_badly(
    told: tuple[Path, Drawer],
) -> Callable[[Sequence[Certificate]], Sequence[Drawing]]:
    """Begin to draw; whoever gets the first group leaves a mark, and is killed."""
    mark, drawer = told
    draw = begin_drawing(drawer)

    def work(group: Sequence[Certificate]) -> Sequence[Drawing]:
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return draw(group)

    return work
