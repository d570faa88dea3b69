"""A learning system that issues as people finish: it opens an office and calls the verbs."""

import asyncio
import sys
from pathlib import Path

from cecert import Award, CompletionRecord, Office, decide, deliver, issue, verify
from cecert.office import create_office, local_mail_server

PASSPHRASE = "correct horse battery"


def finished(office: Office, record: CompletionRecord) -> None:
    """Do what is to be done when somebody has completed the course."""
    course = office.course(office.file.folder / "course.toml")
    awards = [each for each in decide(record, course) if isinstance(each, Award)]
    for entry in issue(awards, office.desk(), evidence="learning system").issued:
        print(f"issued to {entry.certificate.recipient.name}")
    report = asyncio.run(deliver(office.mail_room()))
    print(f"{report.count('sent')} sent")


def main(folder: Path) -> None:
    """Make an office in *folder*, and let one person finish."""
    create_office(folder)
    with local_mail_server(folder / "mailboxes") as server:
        environ = {
            "CECERT_KEY_PASSPHRASE": PASSPHRASE,
            "CECERT_SMTP_HOST": server.host,
            "CECERT_SMTP_PORT": str(server.port),
        }
        with Office.open(folder / "cecert.toml", actor="the LMS", environ=environ) as office:
            office.make_keys(PASSPHRASE)
            course = office.course(folder / "course.toml")
            record = CompletionRecord(
                name="Nguyễn Thị Ánh Tuyết",
                email="tuyet@participants.test",
                credentials=("ny-social-work", "apa-psychology"),
                attended=frozenset(each.id for each in course.sessions),
                visible=True,
                evaluation=course.credit_date,
                attestation=course.credit_date,
                fee_paid=True,
            )
            finished(office, record)
            (mail,) = server.mails()
            print(f"{mail.mailbox} holds {verify(mail.pdf, office.verifier()).outcome.value}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
