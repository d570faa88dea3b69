"""Reporting to a register, over the fakes: told once, and what a person puts right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cecert.domain.certificate.cebroker import (
    CeBrokerAccount,
    CeBrokerCourse,
    CeBrokerProfession,
    cebroker_faults,
    telling_of,
)
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.correction import Correction
from cecert.domain.course.credit_line import Category
from cecert.domain.course.formats import CourseFormat
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct
from cecert.workflows.issue.issue import issue
from cecert.workflows.report.course import Act
from cecert.workflows.report.plan import ReportPlan, noted, plan_report
from cecert.workflows.report.settle import settle
from cecert.workflows.revoke import revoke

COURSE = "mbt-2020-10"
FLORIDA = License("FL", "LCSW", "SW12345")
GEORGIA = License("GA", "LCSW", "CSW001")
NEW_YORK = License("NY", "LMSW", "012345")
ACCOUNT = CeBrokerAccount(
    provider="1234",
    courses={COURSE: CeBrokerCourse(COURSE, number="567890")},
    professions=(
        CeBrokerProfession("ny-social-work", "FL", "12", ("lcsw",)),
        CeBrokerProfession("apa-psychology", "FL", "88"),
        CeBrokerProfession("ny-social-work", "GA", "7"),
    ),
    subject_areas={"ethics": "E", "": "G"},
)


def office_with(people: Mapping[str, Sequence[License]], *credentials: str) -> MemoryOffice:
    office = MemoryOffice()
    add(office, people, *credentials)
    return office


def add(office: MemoryOffice, people: Mapping[str, Sequence[License]], *credentials: str) -> None:
    records = [
        sample_record(
            name=name,
            email=f"{name.split()[0].casefold()}@example.org",
            licenses=tuple(licenses),
            credentials=credentials or ("ny-social-work",),
        )
        for name, licenses in people.items()
    ]
    decided = [each for record in records for each in decide(record, sample_course())]
    issue([each for each in decided if isinstance(each, Award)], office.desk())


def planned(office: MemoryOffice, account: CeBrokerAccount = ACCOUNT) -> ReportPlan:
    return plan_report(account, account.courses, office.ledger)


def reported(office: MemoryOffice, file: str = "cebroker-1.xls") -> list[str]:
    """Carry out a plan, and return its rows in words."""
    with office.ledger.reporting() as note:
        plan = planned(office)
        assert plan.faults == ()
        reports, event = noted(plan, act(office), file)
        note(reports, [event])
    return [each.phrase for each in plan.rows]


def act(office: MemoryOffice, reason: str = "") -> Act:
    return Act(office.clock.now(), "Mary", reason)


def numbers(office: MemoryOffice) -> dict[str, CertificateId]:
    return {e.certificate.recipient.name: e.certificate.id for e in office.ledger.entries()}


def revoked(office: MemoryOffice, name: str) -> CertificateId:
    number = numbers(office)[name]
    revoke(
        number, office.ledger, office.clock, actor="Mary",
        reason_class="issued-in-error", reason="a mistake",
    )  # fmt: skip
    return number


def test_each_licence_is_told_once_and_the_next_run_tells_what_is_new() -> None:
    other = License("NY", "LMSW", "9")
    office = office_with({"Ana Ruiz": [FLORIDA, GEORGIA, NEW_YORK], "Bo Li": [other]})
    assert reported(office) == [
        "FL SW12345, profession 12, 2020-10-29",
        "GA CSW001, profession 7, 2020-10-29",
    ]
    plan = planned(office)
    assert (plan.new, plan.work, dict(plan.passed_over)) == ((), (), {"NY": 2})
    assert [(each.license, each.file) for each in office.ledger.reports("cebroker")] == [
        ("FL LCSW SW12345", "cebroker-1.xls"),
        ("GA LCSW CSW001", "cebroker-1.xls"),
    ]
    assert office.ledger.events(None)[-1].reason == "CE Broker's roster cebroker-1.xls, 2 rows"
    add(office, {"Cy Lo": [License("FL", "LCSW", "SW2")]})
    assert reported(office, "cebroker-2.xls") == ["FL SW2, profession 12, 2020-10-29"]
    # A state that is added to the account is told of who was there before.
    wider = (*ACCOUNT.professions, CeBrokerProfession("ny-social-work", "NY", "3"))
    more = planned(office, replace(ACCOUNT, professions=wider))
    assert [each.phrase for each in more.rows] == [
        "NY 012345, profession 3, 2020-10-29",
        "NY 9, profession 3, 2020-10-29",
    ]


def test_one_licence_is_told_by_one_credit_of_several() -> None:
    office = office_with({"Ana Ruiz": [FLORIDA]}, "ny-social-work", "apa-psychology")
    assert reported(office) == ["FL SW12345, profession 12, 2020-10-29"]
    other = office_with({"Ana Ruiz": [FLORIDA]}, "apa-psychology")
    assert reported(other) == ["FL SW12345, profession 88, 2020-10-29"]


def test_a_licence_of_another_profession_keeps_nobody_from_being_told() -> None:
    office = office_with({"Ana Ruiz": [License("FL", "LMFT", "MT1"), FLORIDA]})
    assert dict(planned(office).passed_over) == {"FL LMFT": 1}
    assert reported(office) == ["FL SW12345, profession 12, 2020-10-29"]


def test_everybody_who_lacks_what_is_asked_for_is_named_at_once() -> None:
    office = office_with(
        {"Ana Ruiz": [], "Bo Li": [License("FL", "RCSWI", "ISW1")], "Cy Lo": [FLORIDA],
         "Di Wu": [License("FL", "LCSW", "=SW9")]}
    )  # fmt: skip
    told = [str(each) for each in planned(office).faults]
    ids = numbers(office)
    lacks = "has no profession there for ny-social-work ([[export.cebroker.profession]] names one)"
    assert told == [
        f"Ana Ruiz ({ids['Ana Ruiz']}): has no licence, and CE Broker knows people by nothing else",
        f"Bo Li ({ids['Bo Li']}): 'FL RCSWI ISW1' {lacks}",
        f"Di Wu ({ids['Di Wu']}): 'FL LCSW =SW9' '=SW9' would be a formula",
    ]
    # Who is said to be none of CE Broker's is asked for nothing more.
    settle([ids["Ana Ruiz"]], ACCOUNT, office.ledger, act(office, "a student"))
    assert len(planned(office).faults) == 2
    assert [e.kind for e in office.ledger.events(ids["Ana Ruiz"])][-1] == "settled"


def test_what_is_revoked_after_it_was_told_is_a_persons_to_take_back() -> None:
    office = office_with({"Ana Ruiz": [FLORIDA], "Bo Li": [GEORGIA]})
    reported(office)
    number = revoked(office, "Ana Ruiz")
    (item,) = planned(office).work
    assert item.entry.certificate.id == number
    assert item.ended is not None
    assert item.ended.reason == "issued-in-error: a mistake"
    assert (item.told, item.now) == (("FL SW12345, profession 12, 2020-10-29",), ())
    assert item.remedy == "take it back there"
    assert settle([number], ACCOUNT, office.ledger, act(office, "taken back")) == 1
    assert planned(office).work == ()
    assert settle([number], ACCOUNT, office.ledger, act(office, "again")) == 0
    # One that is revoked before it was told is nobody's work.
    other = office_with({"Ana Ruiz": [FLORIDA]})
    revoked(other, "Ana Ruiz")
    assert planned(other) == ReportPlan((), (), (), {})


@pytest.mark.parametrize(
    ("correction", "now", "remedy"),
    [
        (Correction("typo", name="Ana Ruíz"), "FL SW12345", "leave it there, what it was told"),
        (
            Correction("typo", licenses=(License("FL", "LCSW", "SW99"),)),
            "FL SW99",
            "change it there to what is so now",
        ),
    ],
)
def test_a_correction_of_what_was_told_is_a_persons_and_in_no_file(
    correction: Correction, now: str, remedy: str
) -> None:
    office = office_with({"Ana Ruiz": [FLORIDA]})
    reported(office)
    old = numbers(office)["Ana Ruiz"]
    new = correct(old, correction, office.desk()).entry.certificate.id
    plan = planned(office)
    (item,) = plan.work
    assert plan.new == ()
    assert [each.certificate.id for each in item.standing] == [new]
    assert item.now == (f"{now}, profession 12, 2020-10-29",)
    assert item.remedy.startswith(remedy)
    settle([old], ACCOUNT, office.ledger, act(office, "changed by hand"))
    assert planned(office) == ReportPlan((), (), (), {})
    by_hand = office.ledger.reports("cebroker")[-1]
    assert (by_hand.certificate_id, by_hand.file) == (new, "")
    # Corrected once more it is a person's again.
    correct(new, Correction("typo", name="Anna Ruiz"), office.desk())
    assert [each.entry.certificate.id for each in planned(office).work] == [new]


def test_what_is_given_anew_waits_until_the_old_row_is_taken_back() -> None:
    office = office_with({"Ana Ruiz": [FLORIDA]})
    reported(office)
    number = revoked(office, "Ana Ruiz")
    again = sample_record(
        name="Ana Ruiz", email="ana.ruiz@example.net", licenses=(FLORIDA,), participant_id="7"
    )
    decided = [each for each in decide(again, sample_course()) if isinstance(each, Award)]
    issue(decided, office.desk())
    plan = planned(office)
    assert (plan.new, len(plan.work)) == ((), 1)
    settle([number], ACCOUNT, office.ledger, act(office, "taken back"))
    assert reported(office, "cebroker-2.xls") == ["FL SW12345, profession 12, 2020-10-29"]


def test_what_needs_nothing_cannot_be_settled() -> None:
    office = office_with({"Ana Ruiz": [FLORIDA], "Bo Li": [GEORGIA]})
    bo = revoked(office, "Bo Li")
    reported(office)
    with pytest.raises(InputError) as caught:
        settle([numbers(office)["Ana Ruiz"], bo], ACCOUNT, office.ledger, act(office, "x"))
    assert [str(each).split(": ", 1)[1] for each in caught.value.faults] == [
        "stands as it was reported: there is nothing to settle",
        "was never reported and does not stand: there is nothing to settle",
    ]
    with pytest.raises(InputError, match="'mbt-2020-10' is no"):
        settle([bo], replace(ACCOUNT, courses={}), office.ledger, act(office, "x"))
    with pytest.raises(LedgerError, match="the ledger has no certificate"):
        settle([CertificateId(bytes(10))], ACCOUNT, office.ledger, act(office, "x"))
    assert list(office.ledger.reports("cebroker-settled")) == []


def conference(hours: str, **categories: str) -> Certificate:
    """Return a certificate of a conference with so many hours of such categories."""
    own = office_with({"Ana Ruiz": [FLORIDA]}).ledger.entries()[0].certificate
    split = tuple(Category(code, Decimal(each)) for code, each in categories.items())
    line = replace(own.credit_lines[0], hours=Decimal(hours), categories=split)
    course = replace(own.course, format=CourseFormat.CONFERENCE)
    return replace(own, course=course, credit_lines=(line,), credit_date=date(2020, 10, 22))


def test_part_of_a_conference_is_told_by_subject_area() -> None:
    found = telling_of(conference("3.5", ethics="1.5"), ACCOUNT)
    assert found.faults == ()
    assert [each.phrase for each in found.told[0].rows] == [
        "FL SW12345, profession 12, 2020-10-22, 1.5 of E",
        "FL SW12345, profession 12, 2020-10-22, 2 of G",
    ]
    bare = replace(ACCOUNT, subject_areas={})
    faults = telling_of(conference("3.5", ethics="1.5"), bare).faults
    assert [each.problem.partition(",")[0] for each in faults] == [
        "has 1.5 hours of category ethics",
        "has 2 hours without a category",
    ]


def test_an_account_that_tells_of_nothing_is_told() -> None:
    empty = CeBrokerAccount("1234")
    assert len(list(cebroker_faults(empty, ["ny-social-work"]))) == 2
    wrong = (CeBrokerProfession("ny-socialwork", "FL", "1"),)
    (told,) = cebroker_faults(replace(ACCOUNT, professions=wrong), ["ny-social-work"])
    assert told == "no regime file knows ny-socialwork"
