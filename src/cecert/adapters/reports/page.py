"""The pages: templates with every value escaped, and one style for all reports."""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

__all__ = ["page"]


def page(templates: Path, name: str, **values: object) -> bytes:
    """Return a page as UTF-8 HTML.

    Args:
        templates: The folder of templates.
        name: A template of `report/`.
        values: What it shows; every value is escaped.
    """
    folder = templates / "report"
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (folder / "report.css").read_text("utf-8")
    script = (folder / "report.js").read_text("utf-8")
    # Both are ours; a value never gets into them.
    pieces = environment.get_template(name).generate(
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        **values,
    )
    # Piece by piece: a page of many people is a million of them.
    content = bytearray()
    for each in pieces:
        content += each.encode()
    return bytes(content)
