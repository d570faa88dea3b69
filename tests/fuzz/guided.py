"""Coverage-guided bytes against one decoder, until time is up or something else is raised.

    python tests/fuzz/guided.py token -max_total_time=600 FOLDER

`atheris` (not among the pinned packages: pip install atheris on Python 3.11) makes the bytes, and
keeps those that reach new code in FOLDER. Anything but a decoder's own errors ends the run with
the input in a file, which belongs into `tests/fuzz/found/`.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # it has no types

# What cecert reads with, and not all that is loaded: to instrument that takes minutes.
WATCHED = ["cecert", "csv", "email", "openpyxl", "tomllib", "zipfile"]

with atheris.instrument_imports(include=WATCHED):
    from tests.fuzz.decoders import DECODERS


def main(arguments: list[str]) -> None:
    """Feed one decoder."""
    decoder = DECODERS[arguments[1]]
    with atheris.instrument_imports(include=WATCHED):
        decoder(b"")  # loads what is loaded late
    atheris.Setup([arguments[0], *arguments[2:]], decoder)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
