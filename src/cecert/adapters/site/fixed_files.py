"""What lies beside the page and is the same at every `publish`: a reader of codes, and headers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["HEADERS", "PAGE_HEADERS", "reader_files"]

READER = ("zxing_reader.js", "zxing_reader.wasm", "LICENSE.txt")

PAGE_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a host should say of every file; a page cannot say itself who may frame it (CSP 3, 6.4)."""

LIST_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=3600",
}
"""Of status lists and of the log: pages of other hosts ask for them too (docs/spec/token.md W7)."""


def _rules(headers: Mapping[str, str]) -> str:
    return "".join(f"  {name}: {value}\n" for name, value in headers.items())


HEADERS = (
    f"/*\n{_rules(PAGE_HEADERS)}\n/status/*\n{_rules(LIST_HEADERS)}\n/log/*\n{_rules(LIST_HEADERS)}"
).encode()
"""The file `_headers`, which Cloudflare Pages and Netlify read."""


def reader_files(folder: Path) -> dict[str, bytes]:
    """Return the reader of QR codes in *folder* by its names on a site; none if it is not there."""
    paths = {f"reader/{name}": folder / name for name in READER}
    if not all(each.is_file() for each in paths.values()):
        return {}
    return {name: path.read_bytes() for name, path in paths.items()}
