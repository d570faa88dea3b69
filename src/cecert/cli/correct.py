"""`correct`, `audit` and `export`: the life of a certificate after issue."""

from __future__ import annotations

import unicodedata
from typing import Annotated

import typer

from cecert.cli._options import Actor, AsJson, Config, open_office
from cecert.cli._output import answer, answer_json, say
from cecert.cli.status import Identifier, parse_id
from cecert.domain.people.person import License, parse_licenses
from cecert.domain.values.text import mixed_script_words
from cecert.errors import Fault, InputError

__all__ = ["correct"]


def correct(
    identifier: Identifier,
    reason: Annotated[
        str, typer.Option("--reason", help="What was wrong, in a sentence; the recipient reads it.")
    ],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The right name.")] = None,
    licenses: Annotated[
        str | None,
        typer.Option(
            metavar="LICENSES", help='All licences: "NY LMSW 012345; MA LICSW 1234", or "".'
        ),
    ] = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Make a new certificate that supersedes a wrong one, and queue its mail.

    The old one then verifies as superseded. Course, hours and credit date stay.
    """
    from cecert.workflows import correct as correcting

    certificate_id = parse_id(identifier)
    if name is None and licenses is None:
        raise InputError(
            "nothing is said that is to be corrected",
            hint="name what is right with --name or --licenses",
        )
    correction = correcting.Correction(
        reason.strip(), None if name is None else _normal(name), _licenses(licenses)
    )
    for word in mixed_script_words(correction.name or ""):
        say(f"warning: {word!r} mixes letters of two scripts; verifiers will be warned")
    with open_office(config, by) as office:
        corrected = correcting.correct(certificate_id, correction, office.desk())
    new = corrected.entry.certificate
    if as_json:
        answer_json(
            {
                "id": str(new.id),
                "supersedes": str(certificate_id),
                "file": corrected.entry.document,
                "sha256": corrected.entry.sha256,
                "others": [str(each) for each in corrected.others],
            }
        )
    else:
        answer(str(new.id))
    say(f"{new.id} supersedes {certificate_id}; its mail is queued, deliver sends it")
    for each in corrected.others:
        say(f"note: {each} of the same person and course still has the old name: correct it too")
    say("hint: cecert publish tells verifiers that the old certificate is superseded")


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()


def _licenses(cell: str | None) -> tuple[License, ...] | None:
    if cell is None:
        return None
    try:
        return parse_licenses(cell)
    except ValueError as error:
        raise InputError("nothing was corrected", (Fault("licenses", cell, str(error)),)) from None
