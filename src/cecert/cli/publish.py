"""`publish`: the static site on which anybody verifies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, open_office
from cecert.cli._output import answer, answer_json, say

if TYPE_CHECKING:
    from cecert.domain.documents.site import PublishDocument

__all__ = ["publish"]


def publish(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that a web host serves.")
    ],
    clock_was_ahead: Annotated[
        bool,
        typer.Option(
            "--clock-was-ahead",
            help="This clock is right, and was ahead when the lists on the site were issued.",
        ),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Write the verify page, the trust file and the status lists, for any web host.

    Nothing in them names a person. Run it after every revocation, and daily where it can
    run by itself: a list that is not renewed grows old. Within a day, where nothing
    changed, nothing is written. A site whose lists are dated later than this clock is
    refused; which of the two is wrong, a person says.
    """
    from cecert.adapters.site.maker import READER_SCRIPT
    from cecert.domain.trust.issue_dates import issue_date
    from cecert.office import note_published, publishing_desk
    from cecert.office.log.log import keep_head, note_checkpoint
    from cecert.office.log.stamps import stamp_checkpoint
    from cecert.office.log.sweep import sweep_log
    from cecert.office.site.host import refuse_other_host
    from cecert.workflows.log import LogFiles
    from cecert.workflows.publish import publish as publish_site

    with open_office(config) as office, office.alone():
        refuse_other_host(office)
        published = publish_site(publishing_desk(office, folder), clock_was_ahead=clock_was_ahead)
        note_published(office, folder)
        log = published.log
        stamps: tuple[str, ...] = ()
        if isinstance(log, LogFiles):
            keep_head(office, log)
            note_checkpoint(office, log.checkpoint)
            stamps = stamp_checkpoint(office, folder, log.checkpoint)
            sweep_log(office, folder, published.files)
        elif log is not None:
            office.warn(
                f"the log is not published: it has a leaf of {issue_date(log.until)}, when a clock "
                "was ahead, and goes on from then"
            )
    checkpoint = log.checkpoint.decode() if isinstance(log, LogFiles) else None
    if as_json:
        document: PublishDocument = {
            "folder": str(folder),
            "files": list(published.files),
            "written": [*published.written, *stamps],
            "certificates": published.certificates,
            "revoked": published.revoked,
            "superseded": published.superseded,
            "checkpoint": checkpoint,
        }
        answer_json(document)
        return
    for name in (*published.written, *stamps):
        answer(str(folder / name))
    say(
        f"{len(published.written)} of {len(published.files)} files written; of "
        f"{published.certificates} certificates {published.revoked} revoked, "
        f"{published.superseded} replaced"
    )
    if READER_SCRIPT not in published.files:
        say(
            "the page has no reader of QR codes: pictures, scans and the camera are read in "
            "browsers that can by themselves, and in no others; a wheel brings it, a checkout "
            "gets it by make assets"
        )
    if checkpoint is not None:
        say("the log stands at this checkpoint; somebody else should keep it:")
        typer.echo(checkpoint.rstrip("\n"), err=True)
