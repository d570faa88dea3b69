"""`demo`: the main job on a real seminar, in a folder of its own, with a mail server of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._output import answer, progress_bar, say, table
from cecert.cli.decide import decision_row
from cecert.domain.decision.decide import Award, Denial, decide
from cecert.domain.values.wording import counted
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.adapters.local_mail_server import LocalMailServer, ReceivedMail
    from cecert.office import Office
    from cecert.workflows.verify.verify import Checked, Verifier

__all__ = ["demo"]

PASSPHRASE = "a demonstration needs no secret"
COURSES = (("course.toml", "completions.csv"), ("ethics.toml", "ethics.csv"))


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A new or empty folder; else demo-office."),
    ] = None,
) -> None:
    """Show the main job: decide, issue, mail, publish and verify, on a real seminar.

    Everything is real but the people and the mail server, which listens on loopback.
    """
    from cecert.adapters.local_mail_server import local_mail_server
    from cecert.office import create_office, demo_files, note_made_root

    place = folder or _free_folder(Path("demo-office"))
    create_office(place)
    for name, content in demo_files().items():
        (place / name).write_bytes(content)
    with local_mail_server(place / "mailboxes") as server, _open(place, server) as office:
        office.make_keys(PASSPHRASE)
        if warning := note_made_root(office.trust(), os.environ):
            say(f"warning: {warning}")
        for course, completions in COURSES:
            _issue(office, place / course, place / completions)
        _deliver(office)
        verifier = _publish(office, place / "site")
        mails = server.mails()
        _show_verified(mails, office, verifier)
        _show_tampered(mails[0], place, verifier)
    _say_where(place)


def _free_folder(wanted: Path) -> Path:
    candidates = (wanted, *(wanted.with_name(f"{wanted.name}-{n}") for n in range(2, 1000)))
    for each in candidates:
        if not each.exists():
            return each
    raise InputError(f"{wanted} and 998 more exist", hint="name a folder: cecert demo DIR")


def _open(place: Path, server: LocalMailServer) -> Office:
    from cecert.office import Office

    environ = {
        "CECERT_KEY_PASSPHRASE": PASSPHRASE,
        "CECERT_SMTP_HOST": server.host,
        "CECERT_SMTP_PORT": str(server.port),
        "CECERT_SMTP_SECURITY": "none",
        "CECERT_SMTP_USER": "",
    }
    return Office.open(place / "cecert.toml", actor="cecert demo", environ=environ)


def _issue(office: Office, course_file: Path, completions: Path) -> None:
    from cecert.workflows.issue.issue import issue

    course = office.course(course_file)
    listed = office.completions(completions, course)
    decisions = [each for record in listed.records for each in decide(record, course)]
    answer(f"\n{course.title}: who has earned what")
    table(("row", "name", "credential", "outcome", "why"), [decision_row(d) for d in decisions])
    awards = [each for each in decisions if isinstance(each, Award)]
    denials = sum(isinstance(each, Denial) and not each.in_review for each in decisions)
    held = sum(isinstance(each, Denial) and each.in_review for each in decisions)
    among = f", {held} in review" if held else ""
    with progress_bar("issuing") as progress:
        report = issue(awards, office.desk(), evidence=listed.evidence, progress=progress)
    told = f"{counted(len(awards), 'award')}; {counted(denials, 'denial')}{among}"
    say(f"{counted(len(report.issued), 'certificate')} issued for {told}")


def _deliver(office: Office) -> None:
    from cecert.workflows.deliver.deliver import deliver

    with progress_bar("delivering") as progress:
        asyncio.run(deliver(office.mail_room(), progress=progress))


def _publish(office: Office, site: Path) -> Verifier:
    """Publish the verify page, and return a verifier that has nothing but what it publishes."""
    from cecert.office import open_verifier, publishing_desk
    from cecert.workflows.publish import publish

    publish(publishing_desk(office, site))
    trust = site / "trust" / f"{office.file.provider.id}.cose"
    root = office.trust().root.thumbprint.hex()
    return open_verifier(trust, root=root, status=[str(site / "bundle.zip")], offline=True)


def _show_verified(mails: Sequence[ReceivedMail], office: Office, verifier: Verifier) -> None:
    """Read every mail back, and verify its attachment as a file and through its QR code."""
    answer("\nEvery mail read back, and its certificate verified")
    rows = [_verified_row(mail, verifier) for mail in mails]
    table(("mailbox", "certificate", "name", "as a file", "through its QR code"), rows)
    promised = {entry.email for entry in office.ledger.entries()}
    if {mail.mailbox for mail in mails} != promised or len(mails) != len(office.outbox.rows()):
        raise InputError("the mailboxes do not hold what the ledger promised")


def _verified_row(mail: ReceivedMail, verifier: Verifier) -> tuple[str, ...]:
    from cecert.workflows.verify.verify import verify

    pdf = mail.pdf
    file = verify(pdf, verifier)
    scanned = verify(verifier.pdf_reader.drawn_pages(pdf)[0].codes[0], verifier)
    return (mail.mailbox, *_claimed(file), _words(file), _words(scanned))


def _claimed(checked: Checked) -> tuple[str, str]:
    claims = checked.verification.claims
    return (str(claims.certificate_id), claims.recipient) if claims else ("", "")


def _words(checked: Checked) -> str:
    return f"{checked.outcome.value} (exit {checked.exit_status})"


def _show_tampered(mail: ReceivedMail, place: Path, verifier: Verifier) -> None:
    from cecert.workflows.verify.verify import verify

    changed = bytearray(mail.pdf)
    changed[len(changed) // 2] ^= 1
    path = place / "tampered.pdf"
    path.write_bytes(bytes(changed))
    answer(f"\nThe first of them with one bit changed ({path.name})")
    checked = verify(path.read_bytes(), verifier)
    table(("file", "outcome", "why"), [(path.name, _words(checked), checked.verification.detail)])


def _say_where(place: Path) -> None:
    answer("")
    for name, what in (
        ("certificates/", "the sealed certificates"),
        ("mailboxes/", "the mails as they arrived"),
        ("site/index.html", "the verify page: open it and drop a certificate on it"),
        ("cecert.toml", "the office; its passphrase is " + repr(PASSPHRASE)),
    ):
        answer(f"{place / name}: {what}")
