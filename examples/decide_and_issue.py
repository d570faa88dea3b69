"""Decide, issue and verify in memory: no keys, no fonts, no database, no mail server."""

from cecert import Award, Denial, decide, issue, verify
from cecert.testing import MemoryOffice, sample_course, sample_record


def main() -> None:
    """Issue to two people, deny one."""
    course, office = sample_course(), MemoryOffice()
    records = [
        sample_record(name="Ana Ruiz", email="ana@example.org"),
        sample_record(name="Zoë Þórsdóttir", email="zoe@example.org"),
        sample_record(name="Dana Whitfield", email="dana@example.org", fee_paid=False),
    ]
    decisions = [each for record in records for each in decide(record, course)]
    for denial in (each for each in decisions if isinstance(each, Denial)):
        print(f"{denial.record.name}: {denial.shortfalls[0].sentence}")
    report = issue([each for each in decisions if isinstance(each, Award)], office.desk())
    for entry in report.issued:
        checked = verify(office.archive.get(entry.document), office.verifier())
        print(f"{entry.certificate.recipient.name}: {checked.outcome.value}")


if __name__ == "__main__":
    main()
