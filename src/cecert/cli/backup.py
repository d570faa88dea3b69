"""`backup` and `restore`: an office in one file, and an office made of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._environment import environment
from cecert.cli._options import Config, open_office
from cecert.cli._output import answer, progress_bar, say
from cecert.errors import ConfigurationError, KeyStoreError

if TYPE_CHECKING:
    from cecert.office.backup import Restored

__all__ = ["backup", "restore"]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE.ZIP", help="The file to write.")],
    keys: Annotated[
        bool, typer.Option("--keys", help="With the private keys, encrypted as they are.")
    ] = False,
    config: Config = None,
) -> None:
    """Write the office into one file: ledger, archive, courses, lists and pictures.

    Private keys go in only with --keys, files that hold a password never. Others may issue
    and deliver meanwhile. A file that is there is never replaced.
    """
    from cecert.office.backup import back_up as write_backup

    with open_office(config) as office:
        found = write_backup(office, file, keys=keys)
    answer(str(file))
    say(f"{len(found.files)} files are backed up; keep it where the office is not")
    for each in found.links:
        say(f"note: {each} is a link, and is not in it: back up what it leads to")
    for each in found.outside:
        say(f"note: {each} lies outside the office's folder, and is not in it")
    if not keys:
        say("note: the private keys are not in it: back them up apart, or with --keys")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.ZIP", help="What backup wrote.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Make an office of a backup, in a new or empty folder, and audit it.

    Every file is held against the backup's list. Exit 1 if the audit finds anything.
    """
    from cecert.office.backup import restore as make_office

    restored = make_office(file, folder)
    answer(str(folder))
    made = restored.made_at.isoformat(timespec="seconds")
    say(f"restored as it was on {made}")
    if not restored.has_keys:
        say("note: no private keys are in it: put them back into keys, from their own backup")
    for each in restored.secrets:
        say(f"note: {each} held a secret and is not in it: put it back, or correct cecert.toml")
    if restored.dump is not None:
        say(f"next: pg_restore --no-owner -d DATABASE {restored.dump}, and name it in [ledger] url")
        return
    from cecert.office.holders.settings import LEDGER_URL

    findings = _audited(restored)
    if environment().get(LEDGER_URL):
        say(f"note: {LEDGER_URL} leads to another ledger: unset it before anything is done here")
    say(f"next: cecert mail quarantine --since {made}, before anything is delivered")
    say("then: cecert keys sign, and cecert publish; docs/how-to/backup-and-restore.md says why")
    if findings:
        raise typer.Exit(1)


def _audited(restored: Restored) -> int:
    from cecert.office.holders.settings import LEDGER_URL
    from cecert.office.papers.records import audit_desk
    from cecert.workflows.audit import audit as auditing

    try:
        with (
            open_office(restored.folder / "cecert.toml", without=(LEDGER_URL,)) as office,
            progress_bar("auditing") as progress,
        ):
            report = auditing.audit(audit_desk(office, None), "", progress)
    except (ConfigurationError, KeyStoreError) as error:
        say(f"note: it is not audited yet: {error}")
        return 0
    for each in report.findings:
        answer(f"{each.kind.value}: {each.place}: {each.sentence}")
    say(f"{report.certificates} certificates, {len(report.findings)} findings")
    return len(report.findings)
