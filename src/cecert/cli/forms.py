"""`forms`: what exports mean, remembered in `forms.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cecert.cli._options import Config, open_office
from cecert.cli._output import answer, say
from cecert.domain.values.wording import being_written

__all__ = ["suggest"]


def suggest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export: .csv, .xlsx, .json.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="TOML", help="The file to add it to, forms.toml."),
    ] = None,
    config: Config = None,
) -> None:
    """Propose an entry of forms.toml from a file's headers and a few values, to be edited.

    Nothing is written without -o, and what stands in the file stays.
    """
    from cecert.office.collect.forms import propose_form, save_proposal

    text = propose_form(file, open_office(config))
    if output is None:
        answer(text.rstrip("\n"))
        return
    save_proposal(output, text, file, lambda: say(being_written(output)))
    say(f"wrote {output}: read it through, and fill in each empty meaning")
