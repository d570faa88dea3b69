"""`correct`: a certificate whose record was wrong gets a successor, one or a list of them."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cecert.cli._options import Actor, AsJson, Config, open_office
from cecert.cli._output import answer, answer_json, say, table
from cecert.cli.find import Confirmed, confirm
from cecert.cli.report import say_told
from cecert.domain.certificate.correction import Correction, CorrectionRow
from cecert.domain.people.person import License, parse_licenses
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.text import mixed_script_words
from cecert.domain.values.wording import counted
from cecert.errors import CecertError, Fault, InputError

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import (
        CorrectDocument,
        CorrectListDocument,
        PlannedCorrectionDocument,
    )
    from cecert.office import Office
    from cecert.workflows.correction_list import PlannedCorrection

__all__ = ["correct"]


def correct(
    whose: Annotated[
        str,
        typer.Argument(
            metavar="[TEXT]",
            help="The certificate's id, or what finds one alone: a name, e-mail, licence.",
        ),
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="What was wrong, in a sentence; the recipient reads it.")
    ] = "",
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The right name.")] = None,
    licenses: Annotated[
        str | None,
        typer.Option(
            metavar="LICENSES", help='All licences: "NY LMSW 012345; MA LICSW 1234", or "".'
        ),
    ] = None,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Mail the new certificate there.")
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="A list: certificate, and name, licenses, email, reason where they are wrong.",
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what it would do, and end.")] = False,
    yes: Confirmed = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Make a new certificate that supersedes a wrong one, and queue its mail.

    The old one then verifies as superseded. Course, hours and credit date stay. It shows
    whom and what, and asks on a terminal. With --from many are corrected, after a plan of
    all; a second run does what is left.
    """
    from cecert.adapters.completion_list.corrections import read_corrections
    from cecert.office.papers.report import told_cebroker
    from cecert.workflows import correct as correcting
    from cecert.workflows.find import found_one

    if listed is not None:
        _refuse_beside(whose, name, licenses, email)
        with open_office(config, by) as office:
            _correct_listed(
                office, read_corrections(listed, reason.strip()), _Wish(plan, yes, as_json)
            )
        return
    if plan or not whose:
        raise InputError(
            "a plan is made of a list" if plan else "no certificate is named",
            hint="name one by its id or holder, or many with --from FILE",
        )
    if name is None and licenses is None:
        raise InputError(
            "nothing is said that is to be corrected",
            hint="name what is right with --name or --licenses; an address alone is no correction:"
            " cecert resend ID --to ADDRESS",
        )
    correction = Correction(
        reason.strip(), None if name is None else _normal(name), _licenses(licenses), email
    )
    _warn_of_scripts(correction)
    with open_office(config, by) as office:
        correcting.refuse_unprintable(correction)
        entry = found_one(whose, office.ledger)
        certificate_id = entry.certificate.id
        confirm(entry, "Correct it", yes=yes)
        corrected = correcting.correct(certificate_id, correction, office.desk())
        told = told_cebroker(office, [certificate_id])
    new = corrected.entry.certificate
    if as_json:
        document: CorrectDocument = {
            "id": str(new.id),
            "supersedes": str(certificate_id),
            "file": corrected.entry.document,
            "sha256": corrected.entry.sha256,
            "others": [str(each) for each in corrected.others],
        }
        answer_json(document)
    else:
        answer(str(new.id))
    say(f"{new.id} supersedes {certificate_id}; its mail is queued, deliver sends it")
    for each in corrected.others:
        say(f"note: {each} of the same person and course still has the old name: correct it too")
    say_told(told)
    say("hint: cecert publish tells verifiers that the old certificate is superseded")


def _warn_of_scripts(correction: Correction) -> None:
    for word in mixed_script_words(correction.name or ""):
        say(f"warning: {word!r} mixes letters of two scripts; verifiers will be warned")


def _refuse_beside(*given: str | None) -> None:
    if any(given):
        raise InputError(
            "a list says for each certificate what is right", hint="give --from alone, or TEXT"
        )


class _Wish(NamedTuple):
    """How a list is corrected: only planned, without being asked, answered in JSON."""

    plan: bool
    yes: bool
    as_json: bool


def _correct_listed(office: Office, rows: Sequence[CorrectionRow], wish: _Wish) -> None:
    from cecert.workflows.correction_list import plan_corrections

    found = plan_corrections(rows, office.ledger)
    if not wish.as_json:
        table(_PLAN_COLUMNS, map(_plan_row, found.planned))
    for planned in found.planned:
        _warn_of_scripts(planned.correction)
    for each in found.already:
        say(f"note: {each} says so already")
    say(f"to be corrected: {counted(len(found.planned), 'certificate')}")
    asked = not wish.yes and sys.stdin.isatty()
    if found.planned and asked and not wish.plan and not typer.confirm("Correct them?", err=True):
        say("nothing was changed")
        raise typer.Exit(1)
    made = [] if wish.plan else _made(office, found.planned)
    if wish.as_json:
        document: CorrectListDocument = {
            "planned": [_plan_document(each) for each in found.planned],
            "already": [str(each) for each in found.already],
            "corrected": [str(each) for each in made],
        }
        answer_json(document)
    if made:
        say(f"corrected: {counted(len(made), 'certificate')}; deliver sends the mails of the new")
        say("hint: cecert publish tells verifiers that the old certificates are superseded")


def _made(office: Office, planned: Sequence[PlannedCorrection]) -> Sequence[CertificateId]:
    """Correct what is planned, and return the new certificates."""
    from cecert.office.papers.report import told_cebroker
    from cecert.workflows import correct as correcting

    desk, made = office.desk(), list[CertificateId]()
    try:
        for each in planned:
            own = each.entry.certificate
            made.append(correcting.correct(own.id, each.correction, desk).entry.certificate.id)
    except CecertError:
        say(f"{len(made)} of {len(planned)} were corrected; it ended at {own.id}, see below")
        say("hint: the same list again does what is left")
        raise
    finally:
        ended = [each.entry.certificate.id for each in planned[: len(made)]]
        say_told(told_cebroker(office, ended))
    return made


_PLAN_COLUMNS = ("certificate", "name", "will be", "licences", "will be", "mailed to")


def _plan_row(each: PlannedCorrection) -> tuple[str, ...]:
    before = each.entry.certificate.recipient
    after = each.correction.of(before)
    return (
        str(each.entry.certificate.id),
        before.name,
        after.name if after.name != before.name else "",
        "; ".join(map(str, before.licenses)),
        "; ".join(map(str, after.licenses)) if after.licenses != before.licenses else "",
        each.correction.email or each.entry.email,
    )


def _plan_document(each: PlannedCorrection) -> PlannedCorrectionDocument:
    before = each.entry.certificate.recipient
    after = each.correction.of(before)
    return {
        "id": str(each.entry.certificate.id),
        "name": {"is": before.name, "will_be": after.name},
        "licenses": {
            "are": [str(one) for one in before.licenses],
            "will_be": [str(one) for one in after.licenses],
        },
        "email": each.correction.email or each.entry.email,
        "reason": each.correction.reason,
    }


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()


def _licenses(cell: str | None) -> tuple[License, ...] | None:
    if cell is None:
        return None
    try:
        return parse_licenses(cell)
    except ValueError as error:
        raise InputError("nothing was corrected", (Fault("licenses", cell, str(error)),)) from None
