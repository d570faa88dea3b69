"""What lies beside the page and is the same at every `publish`: a reader of codes, and headers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import starmap
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

EVERYBODY = {"Access-Control-Allow-Origin": "*"}
"""Of what pages of other hosts ask for too (docs/spec/token.md W7)."""

LIST_HEADERS = {**EVERYBODY, "Cache-Control": "public, max-age=3600"}
NEWEST_HEADERS = {**EVERYBODY, "Cache-Control": "public, max-age=60"}
LASTING_HEADERS = {**EVERYBODY, "Cache-Control": "public, max-age=604800, immutable"}
"""Of files of the log that never change. A bucket is kept for a week (docs/spec/log.md)."""

# No file fits two rules but the first: hosts join what two of them say of one header.
RULES = {
    "/*": PAGE_HEADERS,
    "/status/*": LIST_HEADERS,
    "/.well-known/*": LIST_HEADERS,
    "/log/checkpoint": NEWEST_HEADERS,
    "/log/head": NEWEST_HEADERS,
    "/log/stamps/*": LIST_HEADERS,
    "/log/tile/*": LASTING_HEADERS,
    "/log/index/*": LASTING_HEADERS,
}


def _rule(path: str, headers: Mapping[str, str]) -> str:
    return "\n".join([path, *(f"  {name}: {value}" for name, value in headers.items())])


HEADERS = ("\n\n".join(starmap(_rule, RULES.items())) + "\n").encode()
"""The file `_headers`, which Cloudflare Pages and Netlify read."""


def reader_files(folder: Path) -> dict[str, bytes]:
    """Return the reader of QR codes in *folder* by its names on a site; none if it is not there."""
    paths = {f"reader/{name}": folder / name for name in READER}
    if not all(each.is_file() for each in paths.values()):
        return {}
    return {name: path.read_bytes() for name, path in paths.items()}
