"""What thousands of commands in one process need not work out again: the same answer each time.

Templates are compiled once, queries are put into words once, plates are drawn once, and what
stands in a text of TOML or on a page is read once for each that is the same. Everything that an
office keeps is made, written and read as ever.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import jinja2
import pytest
from one_query_cache import share_queries
from pypdf import PageObject

from cecert.adapters.document_reader import content, pages
from cecert.adapters.pades.container import Container
from cecert.adapters.render import CertificateRenderer
from cecert.adapters.tables import toml
from cecert.office import Office

__all__ = ["remember"]


def remember(patch: pytest.MonkeyPatch) -> None:
    """Work out once, from now on, what comes out the same each time."""
    share_queries(patch)
    patch.setattr(jinja2.Environment, "compile", _compiled)
    patch.setattr(Office, "renderer", _renderer)
    patch.setattr(content, "_text", _text)
    patch.setattr(pages, "RESOLUTIONS", (110,))  # what we drew ourselves is sharp
    patch.setattr(toml, "parse_toml", _toml)
    patch.setattr("cecert.adapters.pades.sealer.Container", _cms)


_kept: dict[tuple[object, ...], Any] = {}

_real_compile, _real_renderer = jinja2.Environment.compile, Office.renderer
_real_text = content._text
_real_toml, _real_cms = toml.parse_toml, Container


def _once(make: Callable[[], Any], *key: object) -> Any:  # noqa: ANN401  # of any kind
    if key not in _kept:
        _kept[key] = make()
    return _kept[key]


def _compiled(self: jinja2.Environment, source: Any, *where: Any) -> Any:  # noqa: ANN401
    if not isinstance(source, str):
        return _real_compile(self, source, *where)
    options = type(self), self.autoescape, self.undefined, self.trim_blocks
    return _once(lambda: _real_compile(self, source, *where), source, *where, *options)


def _renderer(self: Office, seal_room: int | None = None) -> CertificateRenderer:
    file = self.file
    looks = file.layout, file.paper, file.accent, file.fonts
    found: CertificateRenderer = _once(lambda: _real_renderer(self, seal_room), seal_room, *looks)
    return found


def _text(page: PageObject) -> str:
    drawn = page.get_contents()
    key = b"" if drawn is None else sha256(drawn.get_data()).digest()
    return str(_once(lambda: _real_text(page), "words", key))


def _toml(text: str, parse_float: Callable[[str], Any] = float) -> Any:  # noqa: ANN401
    # Whoever reads it may change what was read.
    made = _once(lambda: pickle.dumps(_real_toml(text, parse_float)), "toml", text, parse_float)
    return pickle.loads(made)


def _cms(certificates: Any, written: Any, algorithm: str) -> Any:  # noqa: ANN401
    return _once(lambda: _real_cms(certificates, written, algorithm), "cms", algorithm, *written)
