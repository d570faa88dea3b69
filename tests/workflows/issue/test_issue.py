"""Issuing, over the fakes: what is promised, what is refused, what a second run does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cecert.domain.certificate.certificate import Certificate, CertificateState, StatusSlot
from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailState
from cecert.domain.people.person import License
from cecert.errors import CecertError, IssueError, LedgerError, SealError
from cecert.ports import Drawing, Entry, Randomness, Taken, Work
from cecert.testing import (
    MemoryOffice,
    PlainRenderer,
    SeededRandomness,
    sample_course,
    sample_record,
)
from cecert.workflows.issue import run as issuing
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import IssueReport, issue
from cecert.workflows.revoke import revoke

NOW = datetime(2020, 11, 5, 15, tzinfo=UTC)
BOTH = ("ny-social-work", "apa-psychology")


def awards_of(*records: CompletionRecord, course: Course | None = None) -> list[Award]:
    taken = course or sample_course()
    decisions = [each for record in records for each in decide(record, taken)]
    return [each for each in decisions if isinstance(each, Award)]


def numeral(number: int) -> str:
    return "".join(chr(65 + int(each)) for each in str(number))


def people(count: int) -> list[CompletionRecord]:
    return [
        sample_record(name=f"Person {numeral(n)}", email=f"p{n}@example.org") for n in range(count)
    ]


def run(office: MemoryOffice, *records: CompletionRecord) -> IssueReport:
    return issue(awards_of(*records), office.desk())


def test_each_award_becomes_a_certificate_with_its_mail_queued() -> None:
    office = MemoryOffice()
    report = run(office, *people(3))
    assert [each.certificate.recipient.name for each in report.issued] == [
        "Person A", "Person B", "Person C",
    ]  # fmt: skip
    assert {row.state for row in office.ledger.rows()} == {MailState.QUEUED}
    assert set(office.archive.documents) == {each.document for each in report.issued}


def test_what_is_entered_is_what_the_person_earned() -> None:
    office = MemoryOffice()
    record = sample_record(credentials=BOTH, licenses=(License("NY", "LMSW", "012345"),))
    (entry,) = run(office, record).issued
    certificate = entry.certificate
    assert [line.credential for line in certificate.credit_lines] == list(BOTH)
    assert certificate.recipient.licenses == record.licenses
    assert certificate.credit_date == datetime(2020, 10, 29, tzinfo=UTC).date()
    assert certificate.issued_at == office.clock.now()
    assert certificate.retain_until.year == 2027  # seven years, the sample lines' retention
    assert entry.email == record.email


def test_issuing_the_same_list_twice_issues_nothing_new() -> None:
    office = MemoryOffice()
    first = run(office, *people(2))
    second = run(office, *people(2))
    assert second.issued == ()
    assert {each.certificate_id for each in second.already} == {
        each.certificate.id for each in first.issued
    }
    assert len(office.archive.documents) == 2


def test_a_list_with_one_more_person_issues_one() -> None:
    office = MemoryOffice()
    run(office, *people(2))
    report = run(office, *people(3))
    assert [each.certificate.recipient.name for each in report.issued] == ["Person C"]


def test_a_changed_name_on_the_same_identity_is_refused_with_the_hint_to_correct() -> None:
    office = MemoryOffice()
    (entry,) = run(office, sample_record(name="Ana Ruiz")).issued
    with pytest.raises(IssueError) as refused:
        run(office, sample_record(name="Ana Ruíz"), *people(1))
    (fault,) = refused.value.faults
    assert "Ana Ruiz" in fault.problem
    assert f"cecert correct {entry.certificate.id}" in fault.remedy
    assert len(office.ledger.entries()) == 1


def test_a_type_earned_later_goes_on_a_further_certificate() -> None:
    office = MemoryOffice()
    run(office, sample_record(credentials=("ny-social-work",)))
    report = run(office, sample_record(credentials=BOTH))
    (entry,) = report.issued
    assert [line.credential for line in entry.certificate.credit_lines] == ["apa-psychology"]
    assert report.further == {str(entry.certificate.id)}


def test_per_credential_policy_makes_a_certificate_for_each_type() -> None:
    course = replace(sample_course(), certificate_policy=CertificatePolicy.PER_CREDENTIAL)
    office = MemoryOffice([course])
    report = issue(awards_of(sample_record(credentials=BOTH), course=course), office.desk())
    assert [len(each.certificate.credit_lines) for each in report.issued] == [1, 1]
    assert [each.mail.note for each in report.issued] == ["1 of 2", "2 of 2"]


def test_only_certificates_of_one_batch_are_counted_together() -> None:
    course = replace(sample_course(), certificate_policy=CertificatePolicy.PER_CREDENTIAL)
    office = MemoryOffice([course])
    for credentials in (("ny-social-work",), BOTH):
        report = issue(
            awards_of(sample_record(credentials=credentials), course=course), office.desk()
        )
        assert [each.mail.note for each in report.issued] == [""]


def test_one_person_under_two_identities_is_refused_with_both_shown() -> None:
    office = MemoryOffice()
    licence = (License("NY", "LMSW", "012345"),)
    run(office, sample_record(licenses=licence))
    with pytest.raises(IssueError, match=r"seems to be Ana Ruiz <ana\.ruiz@example\.org>"):
        run(office, sample_record(email="other@example.org", licenses=licence))


def test_two_ids_of_the_registrar_at_one_address_are_two_people() -> None:
    office = MemoryOffice()
    couple = [
        sample_record(name="Ana Ruiz", participant_id="17"),
        sample_record(name="Ben Ruiz", participant_id="18"),
    ]
    assert len(run(office, *couple).issued) == 2


def test_nothing_is_issued_before_the_last_session_has_ended() -> None:
    office = MemoryOffice()
    office.clock.at = sample_course().ends_at.astimezone(UTC) - timedelta(seconds=1)
    with pytest.raises(IssueError, match="is not over"):
        run(office, sample_record())
    office.clock.forward(timedelta(seconds=1))
    assert run(office, sample_record()).issued


def test_a_deadline_that_has_passed_denies_nothing() -> None:
    office = MemoryOffice()
    office.clock.forward(timedelta(days=90))
    assert run(office, sample_record()).issued


def test_a_credit_the_trust_file_does_not_cover_is_refused_before_the_first() -> None:
    office = MemoryOffice()
    covered = office.trust()
    bare = replace(covered, credits={1: covered.credits[1]})
    with pytest.raises(IssueError) as refused:
        issue(awards_of(sample_record()), replace(office.desk(), trust=bare))
    assert {fault.place for fault in refused.value.faults} == {
        "trust file: ma-social-work", "trust file: apa-psychology", "trust file: attendance",
    }  # fmt: skip
    assert not office.archive.documents


def test_a_token_key_out_of_its_window_is_refused_before_the_first() -> None:
    office = MemoryOffice()
    office.clock.at = datetime(2021, 3, 1, tzinfo=UTC)
    with pytest.raises(IssueError, match="lists no token key of ours that signs on 2021-03-01"):
        run(office, sample_record())


def test_awards_of_two_courses_are_two_batches() -> None:
    office = MemoryOffice()
    other = replace(sample_course(), id="other")
    mixed = awards_of(sample_record()) + awards_of(sample_record(), course=other)
    with pytest.raises(IssueError, match="2 courses"):
        issue(mixed, office.desk())


def test_no_awards_issue_nothing() -> None:
    assert issue([], MemoryOffice().desk()) == IssueReport()


def test_a_name_without_a_glyph_refuses_the_batch_before_anything_is_issued() -> None:
    office = MemoryOffice()
    with pytest.raises(IssueError) as refused:
        run(office, *people(1), sample_record(name="Ana ☃ Ruiz"))
    assert "has no glyph" in refused.value.faults[0].problem
    assert not office.archive.documents
    assert not office.ledger.entries()


def test_a_token_that_is_too_large_names_the_person_and_the_claim() -> None:
    course = replace(sample_course(), title="Ω" * 100)
    office = MemoryOffice([course])
    record = sample_record(
        name="Ü" * 60, credentials=tuple(c.credential for c in course.credit_lines)
    )
    with pytest.raises(IssueError) as refused:
        issue(awards_of(record, course=course), office.desk())
    (fault,) = refused.value.faults
    assert "the course title takes 200 of them" in fault.problem
    assert fault.remedy == "shorten the course title"


class FailingSealer:
    """Seals so many documents and then fails."""

    def __init__(self, good: int) -> None:
        self._good = good

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        del at
        if self._good == 0:
            raise SealError("the key is gone")
        self._good -= 1
        return drawing.pdf

    def has_sealed(self, *words: object) -> bool:
        raise AssertionError(words)


def test_a_seal_that_fails_in_mid_batch_leaves_what_was_entered_and_promises_nothing_more() -> None:
    office = MemoryOffice()
    with pytest.raises(SealError):
        issue(awards_of(*people(130)), replace(office.desk(), sealer=FailingSealer(125)))
    assert len(office.ledger.entries()) == 100  # one group
    report = run(office, *people(130))
    assert len(report.issued) == 30
    assert len({each.certificate.id for each in office.ledger.entries()}) == 130


def test_a_revoked_certificate_is_not_brought_back_by_issuing_the_list_again() -> None:
    office = MemoryOffice()
    (entry,) = run(office, sample_record()).issued
    revoke(
        entry.certificate.id, office.ledger, office.clock,
        actor="me", reason_class="issued-in-error", reason="wrong list",
    )  # fmt: skip
    report = run(office, sample_record())
    assert report.issued == ()
    assert "was revoked" in report.withheld[0]
    (found,) = office.ledger.entries()
    assert found.state is CertificateState.REVOKED


def test_what_was_revoked_does_not_come_back_beside_a_type_asked_for_later() -> None:
    office = MemoryOffice()
    (gone,) = run(office, sample_record(credentials=("ny-social-work",))).issued
    revoke(
        gone.certificate.id, office.ledger, office.clock,
        actor="me", reason_class="issued-in-error", reason="wrong list",
    )  # fmt: skip
    report = run(office, sample_record(credentials=BOTH))
    (entry,) = report.issued
    assert [line.credential for line in entry.certificate.credit_lines] == ["apa-psychology"]
    (sentence,) = report.withheld
    assert sentence.startswith(f"Ana Ruiz: ny-social-work was on certificate {gone.certificate.id}")


def test_a_status_slot_that_a_rival_took_is_drawn_again_and_its_document_discarded() -> None:
    office = MemoryOffice()
    mine, other = awards_of(*people(3)), awards_of(sample_record(name="Rosa", email="r@x.org"))

    class Rival(PlainRenderer):
        """Enters somebody else on our first slot while we draw."""

        def draw(self, certificate: Certificate) -> Drawing:
            if not office.ledger.entries():
                office.ledger.enter([rival_entry(other, certificate.slot)], NOW)
            return super().draw(certificate)

    report = issue(mine, replace(office.desk(), renderer=Rival()))
    assert len(report.issued) == 3
    assert len({each.certificate.slot for each in office.ledger.entries()}) == 4
    assert set(office.archive.documents) == {each.document for each in report.issued}


def rival_entry(awards: list[Award], slot: StatusSlot) -> Entry:
    elsewhere = MemoryOffice()
    (entry,) = issue(awards, elsewhere.desk()).issued
    return replace(entry, certificate=replace(entry.certificate, slot=slot))


class StuckLedgerOffice(MemoryOffice):
    """An office whose ledger offers one slot for ever."""

    def desk(self, actor: str = "stuck") -> IssuingDesk:
        def stuck(randomness: Randomness, count: int) -> list[StatusSlot]:
            del randomness
            return [StatusSlot(1, 7)] * count

        self.ledger.free_slots = stuck  # type: ignore[method-assign]  # that is the fault
        return super().desk(actor)


def test_slots_that_are_always_taken_end_with_an_error() -> None:
    with pytest.raises(LedgerError, match="found no free status slot in 5 tries"):
        issue(awards_of(*people(2)), StuckLedgerOffice().desk())


def test_the_loser_of_a_race_deletes_its_own_document() -> None:
    office = MemoryOffice()
    desk = office.desk()
    batch = awards_of(sample_record())
    planned = check_batch(batch, desk)
    assert len(planned.certificates) == 1

    class Rival:
        """Enters the same certificate while ours is being drawn."""

        def below(self, bound: int) -> int:
            if not office.ledger.entries():
                issue(batch, office.desk("rival"))
            return SeededRandomness(5).below(bound)

    rival: Randomness = Rival()
    report = issue(batch, replace(desk, randomness=rival))
    assert report.lost == 1
    assert report.issued == ()
    (entry,) = office.ledger.entries()
    assert [each.certificate_id for each in report.already] == [entry.certificate.id]
    assert entry.actor == "rival"
    assert list(office.archive.documents) == [entry.document]


def test_a_rival_who_enters_the_same_person_under_another_identity_is_told_of() -> None:
    office = MemoryOffice()
    licence = (License("NY", "LMSW", "012345"),)
    other = awards_of(sample_record(email="other@example.org", licenses=licence))

    class Rival:
        """Enters the other identity while ours is being drawn."""

        def below(self, bound: int) -> int:
            if not office.ledger.entries():
                issue(other, office.desk("rival"))
            return SeededRandomness(5).below(bound)

    rival: Randomness = Rival()
    report = issue(
        awards_of(sample_record(licenses=licence)), replace(office.desk(), randomness=rival)
    )
    assert report.issued == ()
    assert "the same person under another identity" in report.withheld[0]


class Heard:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def advance(self, done: int, total: int) -> None:
        self.told.append((done, total))


def test_progress_is_told_after_every_group() -> None:
    heard = Heard()
    issue(awards_of(*people(245)), MemoryOffice().desk(), progress=heard)
    assert heard.told == [(100, 245), (200, 245), (245, 245)]


def test_one_participant_with_two_different_records_is_refused() -> None:
    records = [sample_record(), sample_record(credentials=("apa-psychology",), visible=True)]
    with pytest.raises(IssueError, match="stands there twice with different evidence"):
        run(MemoryOffice(), *records)


def test_the_record_says_what_vouches_for_the_row() -> None:
    office = MemoryOffice()
    record = sample_record(evidence='{"attended":"day-1;day-2"}')
    issue(awards_of(record), office.desk(), evidence="collected")
    (entry,) = office.ledger.entries()
    assert entry.certificate.evidence == "collected"
    assert entry.evidence == '{"attended":"day-1;day-2"}'


@pytest.mark.parametrize("wrong", ["", "because"])
def test_a_revocation_needs_a_known_class_and_a_reason(wrong: str) -> None:
    office = MemoryOffice()
    (entry,) = run(office, sample_record()).issued
    with pytest.raises(CecertError):
        revoke(
            entry.certificate.id, office.ledger, office.clock,
            actor="me", reason_class=wrong or "wrong-person", reason=wrong,
        )  # fmt: skip


def test_a_record_of_a_leap_day_is_kept_until_the_first_of_march() -> None:
    sessions = tuple(
        replace(
            each,
            start=each.start.replace(year=2020, month=2, day=day),
            end=each.end.replace(year=2020, month=2, day=day),
            breaks=(),
        )
        for each, day in zip(sample_course().sessions, (28, 29), strict=True)
    )
    course = replace(sample_course(), sessions=sessions)
    report = issue(awards_of(sample_record(), course=course), MemoryOffice([course]).desk())
    assert str(report.issued[0].certificate.retain_until) == "2027-03-01"


def test_denials_among_the_awards_are_all_named_and_nothing_is_issued() -> None:
    office, course = MemoryOffice(), sample_course()
    records = [
        sample_record(name="Ana Ruiz", email="ana@example.org"),
        sample_record(name="Bo Li", email="bo@example.org", fee_paid=False, place="row 3"),
        sample_record(name="Cem Öz", email="cem@example.org", credentials=("lpc",)),
    ]
    decisions: list[Any] = [each for record in records for each in decide(record, course)]
    with pytest.raises(IssueError, match="nothing was issued: 2 denials among") as refused:
        issue(decisions, office.desk())
    first, second = map(str, refused.value.faults)
    assert first.startswith("row 3: 'Bo Li' was denied ny-social-work: The CE fee is still open.")
    assert second.startswith("Cem Öz: 'Cem Öz' was denied lpc: This course offers no lpc credit")
    assert "the awards alone" in refused.value.hint
    assert not office.ledger.entries()
    assert not office.archive.documents
    assert len(issue(decisions[:1], office.desk()).issued) == 1


def test_a_denial_alone_is_refused_and_so_it_is_when_a_batch_is_only_checked() -> None:
    office, course = MemoryOffice(), sample_course()
    denied: list[Any] = list(decide(sample_record(fee_paid=False), course))
    with pytest.raises(IssueError, match="a denial among the awards"):
        issue(denied, office.desk())
    with pytest.raises(IssueError, match="a denial among the awards"):
        check_batch(iter(denied), office.desk())


def test_a_certificate_that_cannot_be_drawn_is_told_with_its_row() -> None:
    office = MemoryOffice()
    with pytest.raises(IssueError) as refused:
        run(
            office,
            sample_record(name="Ana ☃ Ruiz", email="a@example.org", place="row 2"),
            sample_record(name="Bo ☃ Li", email="b@example.org", place="row 5"),
        )
    places = [each.place for each in refused.value.faults]
    assert [each.partition(",")[0] for each in places] == ["row 2", "row 5"]


def withdrawn(certificates: Sequence[Certificate]) -> None:
    raise IssueError(f"{len(certificates)} were drawn with a key that was withdrawn")


def test_what_was_drawn_with_a_key_that_has_gone_is_discarded_and_told() -> None:
    office = MemoryOffice()
    desk = replace(office.desk(), require_keys=withdrawn)
    with pytest.raises(
        IssueError, match="key that was withdrawn; of 2 certificates 0 were"
    ) as told:
        issue(awards_of(*people(2)), desk)
    assert told.value.faults == ()
    assert office.archive.documents == {}
    assert office.ledger.entries() == []
    assert office.ledger.rows() == []
    assert len(issue(awards_of(*people(2)), office.desk()).issued) == 2


def test_groups_that_were_entered_before_a_key_went_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "GROUP", 1)
    office = MemoryOffice()
    asked: list[int] = []

    def second(certificates: Sequence[Certificate]) -> None:
        asked.append(len(certificates))
        if len(asked) > 1:
            withdrawn(certificates)

    with pytest.raises(IssueError, match="of 3 certificates 1 were entered before, and stand"):
        issue(awards_of(*people(3)), replace(office.desk(), require_keys=second))
    assert len(office.ledger.entries()) == len(office.archive.documents) == 1
    assert len(issue(awards_of(*people(3)), office.desk()).issued) == 2


class Asleep:
    """Seals as another sealer; the machine sleeps for some hours over the first document."""

    def __init__(self, office: MemoryOffice) -> None:
        self._office = office
        self._sealer = office.desk().sealer
        self._hours = 2

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        self._office.clock.forward(timedelta(hours=self._hours))
        self._hours = 0
        return self._sealer.seal(drawing, at)

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        return self._sealer.has_sealed(document, drawing, at)


def test_what_was_drawn_more_than_an_hour_ago_is_drawn_anew_and_its_file_removed() -> None:
    office = MemoryOffice()
    report = issue(awards_of(*people(3)), replace(office.desk(), sealer=Asleep(office)))
    assert len(report.issued) == 3
    assert {each.certificate.issued_at for each in report.issued} == {office.clock.now()}
    assert sorted(office.archive.documents) == sorted(each.document for each in report.issued)


def test_a_share_is_taken_of_a_few_however_long_the_list_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, offered = MemoryOffice(), list[int]()
    sharing = office.ledger.sharing

    @contextmanager
    def watched(course_id: str) -> Iterator[Any]:
        with sharing(course_id) as share:

            class Last:
                """Takes what comes last, as where others are at what comes first."""

                owner = share.owner

                def take(self, wanted: Sequence[Work], most: int) -> Taken:
                    offered.append(len(wanted))
                    end = len(wanted)
                    return Taken(tuple(range(max(end - most, 0), end)))

            yield Last()

    monkeypatch.setattr(office.ledger, "sharing", watched)
    monkeypatch.setattr(issuing, "GROUP", 2)
    monkeypatch.setattr(issuing, "OFFERED", 5)
    report = run(office, *people(21))
    assert len({each.certificate.id for each in report.issued}) == 21
    assert offered == [5] * 9 + [3, 1]
