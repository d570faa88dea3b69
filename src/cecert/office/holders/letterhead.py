"""The letterhead of an office: read from its files, and what it costs told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cecert.adapters.tables.toml import TomlError, read_toml
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import ConfigurationError, Fault

if TYPE_CHECKING:
    from cecert.adapters.render import Letterhead

__all__ = ["conformance", "letterhead_findings", "letterhead_source", "opened_letterhead"]


def opened_letterhead(path: Path, places: Path | None = None) -> Letterhead:
    """Read a letterhead, with the rectangles of a file where it has no form fields.

    Args:
        path: The PDF.
        places: TOML file of rectangles.

    Raises:
        ConfigurationError: If it cannot be used; every reason is listed.
    """
    from cecert.adapters.render import read_letterhead

    return read_letterhead(*letterhead_source(path, places))


def letterhead_source(
    path: Path, places: Path | None = None
) -> tuple[bytes, str, Mapping[str, Any] | None]:
    """Return what a letterhead is read from: its bytes, its name, its rectangles.

    Raises:
        ConfigurationError: If a file cannot be read.
    """
    from cecert.adapters.render import letterhead_file

    data = letterhead_file(path)
    try:
        rectangles = read_toml(places) if places else None
    except OSError as error:
        fault = Fault(str(error.filename or path), "", f"cannot be read: {error.strerror}")
        raise ConfigurationError("the letterhead cannot be used", (fault,)) from error
    except TomlError as error:
        fault = Fault(str(places), "", str(error))
        raise ConfigurationError("the letterhead cannot be used", (fault,)) from error
    return data, path.name, rectangles


def letterhead_findings(letterhead: Letterhead | None) -> Iterator[Finding]:
    """Say what certificates on a letterhead lose of the standards, and what was not understood."""
    if letterhead is None:
        return
    lost = [each for each in conformance(letterhead) if each.startswith("lost")]
    for each in (*letterhead.notes, *lost):
        yield Finding(Severity.WARNING, "cecert.toml: certificate.letterhead", each)


def conformance(letterhead: Letterhead) -> Iterator[str]:
    """Say what a certificate on a letterhead keeps of the standards, and what it loses."""
    yield "kept: the words are tagged with heading, reading order and alternate texts"
    yield "kept: the words' fonts are embedded, their colours are sRGB"
    yield "kept: the code's content is attached as cecert-token.txt"
    yield from (f"kept of the letterhead: {each}" for each in letterhead.kept)
    yield from (f"lost of the letterhead: {each}" for each in letterhead.losses)
    yield (
        "lost: the file does not say that it is PDF/A-3u or PDF/UA-1, because nobody has"
        " validated the letterhead; a validator such as veraPDF finds what else it must change"
    )
