"""`export cebroker`: what CE Broker was not told yet, and what it knows wrongly by now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import Actor, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer, say
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import counted, moment_phrase
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.office.papers.report import Reported

__all__ = ["export_cebroker", "export_settled", "say_told"]


def export_cebroker(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE.xls", help="Write it there; it must be new."),
    ],
    course: CourseId = "",
    config: Config = None,
    by: Actor = None,
) -> None:
    """Write CE Broker's Excel roster of what it was not told yet, and note that it was told.

    Who lacks what it asks for is named, and then nothing is written. What was corrected or
    revoked after it was told is listed beside FILE, for a person to put right there.
    """
    from cecert.office.papers.report import report_to_cebroker

    with open_office(config, by) as office:
        done = report_to_cebroker(office, course_id_of(office, course), output)
        timezone = office.file.provider.timezone
    if done.cut_off is not None:
        answer(str(output))
        say(
            f"the report of {moment_phrase(done.cut_off, timezone)} was cut off before it was "
            f"handed out as {done.asked_for}: {output} is that report, {counted(done.rows, 'row')}"
        )
        say("hint: upload it once, and run this again for what is new since")
        return
    if done.rows:
        answer(str(output))
        say(f"{counted(done.rows, 'row')} for CE Broker, noted as reported: upload the file once")
    else:
        say("nothing is new for CE Broker; no file was written")
    _say_rest(done)


def _say_rest(done: Reported) -> None:
    for kind, count in sorted(done.passed_over.items()):
        say(f"note: {counted(count, 'licence')} not told: [export.cebroker] has nothing for {kind}")
    if done.work_list is None:
        return
    answer(str(done.work_list))
    for each in done.work:
        own, became = each.entry.certificate, each.entry.state.value
        say(
            f"warning: {own.recipient.name} ({own.id}) was reported, and is {became} now: "
            f"{each.remedy}"
        )
    say(_SETTLE)


def say_told(told: Sequence[str]) -> None:
    """Warn of certificates that ended after CE Broker was told of them, and say what to do.

    Args:
        told: A sentence of each.
    """
    for each in told:
        say(f"warning: {each}")
    if told:
        say(_SETTLE)


_SETTLE = "hint: cecert export settled ID --reason TEXT notes what was put right at CE Broker"


def export_settled(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Certificates, by their whole ids.")
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="What was done there, or why nothing is, in a sentence.")
    ],
    config: Config = None,
    by: Actor = None,
) -> None:
    """Note that CE Broker needs nothing more of certificates, which a person has seen to.

    What stands in the place of one that was reported counts as told by hand; one that was
    never reported is not reported any more.
    """
    from cecert.office.papers.report import settle_at_cebroker

    numbers = [_parsed(each) for each in ids]
    with open_office(config, by) as office:
        settled = settle_at_cebroker(office, numbers, reason)
    say(f"{counted(settled, 'certificate')} noted as settled")


def _parsed(text: str) -> CertificateId:
    try:
        return CertificateId.parse(text)
    except ValueError as error:
        raise InputError(f"{text} is no id of a certificate: {error}") from None
