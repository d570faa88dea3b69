"""What the `mail` commands need of an office, besides its mail room."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cecert.adapters import mail
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.specimen import specimen_certificate
from cecert.domain.mail.bounces import Bounce
from cecert.office.holders.looks import LooksHolder

__all__ = ["read_bounces", "specimen_document"]


def specimen_document(office: LooksHolder) -> tuple[Certificate, bytes]:
    """Return a certificate of nothing in the office's look, and its PDF."""
    host = urlsplit(office.file.verify_url).hostname or ""
    layout = f"{office.file.layout}/1"
    specimen = specimen_certificate(office.file.provider, layout, host, office.clock.now())
    return specimen, office.renderer().draw_specimen(specimen).pdf


def read_bounces(
    paths: Iterable[str | os.PathLike[str]],
) -> tuple[Sequence[Bounce], Sequence[str]]:
    """Read bounces in messages, folders or Maildirs.

    Returns:
        The bounces, and the files that are none.

    Raises:
        InputError: If a path is missing or cannot be read.
    """
    found: list[Bounce] = []
    others: list[str] = []
    for path in paths:
        bounces, rest = mail.read_bounces(Path(path))
        found += bounces
        others += rest
    return found, others
