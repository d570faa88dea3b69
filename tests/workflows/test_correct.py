"""Correcting, over the fakes: what stays, what changes, who is told, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.certificate.correction import Correction
from cecert.domain.course.course import CertificatePolicy, Course
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailState
from cecert.domain.people.person import License
from cecert.domain.token.verify import Outcome
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import CecertError, InputError, IssueError, LedgerError
from cecert.ports import Entry, EntryResult, Event, Requirement, nothing
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.correct import correct, successor_of
from cecert.workflows.issue.issue import issue
from cecert.workflows.revoke import revoke
from cecert.workflows.verify.verify import verify

RIGHT = Correction("the name was misspelt on the form", name="Ana María Ruiz")
BOTH = ("ny-social-work", "apa-psychology")


def awards_of(course: Course, **changes: object) -> list[Award]:
    record = sample_record(**changes)
    return [each for each in decide(record, course) if isinstance(each, Award)]


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def old(office: MemoryOffice) -> Entry:
    licenses = (License("NY", "LMSW", "012345"),)
    awards = awards_of(sample_course(), credentials=BOTH, licenses=licenses)
    return issue(awards, office.desk()).issued[0]


@pytest.fixture
def late(office: MemoryOffice, old: Entry) -> MemoryOffice:
    """The office two months later: there is no time limit but the key's."""
    assert office.clock.now() == old.certificate.issued_at
    office.clock.forward(timedelta(days=60))
    return office


def test_a_correction_supersedes_and_keeps_what_was_earned(late: MemoryOffice, old: Entry) -> None:
    new = correct(old.certificate.id, RIGHT, late.desk("Mary")).entry.certificate
    before = old.certificate
    assert new.recipient.name == "Ana María Ruiz"
    assert new.recipient.licenses == before.recipient.licenses
    assert new.supersedes == before.id
    assert (new.revision, new.id == before.id, new.slot == before.slot) == (1, False, False)
    assert new.issued_at == late.clock.now()
    for kept in ("course", "credit_lines", "credit_date", "requirements_met_on", "provider",
                 "retain_until"):  # fmt: skip
        assert getattr(new, kept) == getattr(before, kept), kept


@pytest.mark.parametrize(
    ("licenses", "jurisdiction"),
    [
        ((License("VT", "LICSW", "7"),), "Vermont"),
        ((License("VT", "LICSW", "7"), License("CT", "LCSW", "9")), "Connecticut and Vermont"),
        ((License("OH", "LISW", "7"),), "Accredited school"),
    ],
)
def test_a_corrected_licence_corrects_the_state_of_credit_that_prints_it(
    office: MemoryOffice, licenses: tuple[License, ...], jurisdiction: str
) -> None:
    course = sample_course()
    general = replace(course.credit_lines[0], states=("CT", "VT"), general="Accredited school")
    course = replace(course, credit_lines=(general,))
    first = (License("CT", "LCSW", "12"),)
    awards = awards_of(course, credentials=("ny-social-work",), licenses=first)
    (old,) = issue(awards, office.desk()).issued
    assert old.certificate.credit_lines[0].label == "New York, social work (Connecticut)"
    office.clock.forward(timedelta(days=1))
    moved = Correction("the licence was another", licenses=licenses)
    (line,) = correct(old.certificate.id, moved, office.desk("Mary")).entry.certificate.credit_lines
    assert line.jurisdiction == jurisdiction
    named = jurisdiction != "Accredited school"
    assert line.label == "New York, social work" + (f" ({jurisdiction})" if named else "")


def entry_of(office: MemoryOffice, certificate_id: CertificateId) -> Entry:
    entry = office.ledger.entry(certificate_id)
    assert entry is not None
    return entry


def test_everything_changes_together(late: MemoryOffice, old: Entry) -> None:
    new = correct(old.certificate.id, RIGHT, late.desk("Mary")).entry
    ledger = late.ledger
    assert ledger.entry(old.certificate.id).state is CertificateState.SUPERSEDED  # type: ignore[union-attr]
    assert ledger.entry(new.certificate.id).state is CertificateState.STANDING  # type: ignore[union-attr]
    assert ledger.row(old.mail.key).state is MailState.CANCELLED  # type: ignore[union-attr]
    assert ledger.row(new.mail.key).state is MailState.QUEUED  # type: ignore[union-attr]
    assert new.mail.note == RIGHT.reason
    assert new.mail.recipient == old.email
    assert ledger.statuses(1)[old.certificate.slot.index] is CertificateState.SUPERSEDED
    event = ledger.events(old.certificate.id)[-1]
    assert (event.kind, event.actor) == ("superseded", "Mary")
    assert event.reason == f"by {new.certificate.id}: {RIGHT.reason}"
    assert successor_of(entry_of(late, old.certificate.id), ledger) == new.certificate.id
    assert successor_of(entry_of(late, new.certificate.id), ledger) is None


def test_both_certificates_are_genuine_and_the_new_one_names_the_old(
    late: MemoryOffice, old: Entry
) -> None:
    new = correct(old.certificate.id, RIGHT, late.desk()).entry
    checked = verify(late.archive.get(new.document), late.verifier())
    assert checked.outcome is Outcome.VALID_STATUS_UNKNOWN
    assert checked.verification.claims is not None
    assert checked.verification.claims.replaces == old.certificate.id
    # The old file is as it was; that it was replaced, the status list tells.
    assert (
        verify(late.archive.get(old.document), late.verifier()).outcome
        is Outcome.VALID_STATUS_UNKNOWN
    )


def test_licences_are_corrected_and_taken_away(late: MemoryOffice, old: Entry) -> None:
    licenses = (License("MA", "LICSW", "1234"),)
    new = correct(
        old.certificate.id, Correction("wrong board", licenses=licenses), late.desk()
    ).entry.certificate
    assert (new.recipient.name, new.recipient.licenses) == ("Ana Ruiz", licenses)
    last = correct(new.id, Correction("lapsed", licenses=()), late.desk()).entry.certificate
    assert (last.recipient.licenses, last.revision, last.supersedes) == ((), 2, new.id)


def test_issuing_the_list_again_neither_undoes_nor_doubles_it(
    late: MemoryOffice, old: Entry
) -> None:
    correct(old.certificate.id, RIGHT, late.desk())
    right = awards_of(sample_course(), name="Ana María Ruiz", credentials=BOTH)
    assert issue(right, late.desk()).issued == ()
    before = issue(awards_of(sample_course(), credentials=BOTH), late.desk())
    assert (before.issued, len(before.already)) == ((), 2)


def test_the_name_of_before_a_correction_earns_nothing_further(
    late: MemoryOffice, old: Entry
) -> None:
    correct(old.certificate.id, RIGHT, late.desk())
    held = {each.credential for each in old.certificate.credit_lines}
    course = sample_course()
    others = [each.credential for each in course.credit_lines if each.credential not in held]
    with pytest.raises(IssueError, match="Ana María Ruiz"):
        issue(awards_of(course, credentials=(*held, *others)), late.desk())


def test_other_certificates_of_the_person_are_named(office: MemoryOffice) -> None:
    course = replace(sample_course(), certificate_policy=CertificatePolicy.PER_CREDENTIAL)
    first, second = issue(awards_of(course, credentials=BOTH), office.desk()).issued
    corrected = correct(first.certificate.id, RIGHT, office.desk())
    assert corrected.others == (second.certificate.id,)
    # The mail of a correction says why it comes, and no more which of two it is.
    assert (first.mail.note, corrected.entry.mail.note) == ("1 of 2", RIGHT.reason)
    assert correct(second.certificate.id, RIGHT, office.desk()).others == ()


@pytest.mark.parametrize(
    ("correction", "why"),
    [
        (Correction("typo", name=" "), "name: ' ' is blank"),
        (Correction("typo", name="ana@example.org"), "e-mail address"),
        (Correction(" ", name="Ana R."), "reason: is blank"),
        (Correction("a\nb", name="Ana R."), "U\\+000A"),
        (Correction("x" * 501, name="Ana R."), "501 characters, at most 500"),
        (Correction("nothing wrong"), "says so already"),
        (Correction("nothing wrong", name="Ana Ruiz"), "says so already"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(
    late: MemoryOffice, old: Entry, correction: Correction, why: str
) -> None:
    refused(late, old.certificate.id, correction, InputError, why)


def refused(
    office: MemoryOffice,
    certificate_id: CertificateId,
    correction: Correction,
    kind: type[CecertError],
    why: str,
) -> str:
    before = (list(office.ledger.entries()), dict(office.archive.documents))
    with pytest.raises(kind, match=why) as caught:
        correct(certificate_id, correction, office.desk())
    assert (list(office.ledger.entries()), dict(office.archive.documents)) == before
    return caught.value.hint


def test_every_fault_of_a_correction_is_told_at_once(late: MemoryOffice, old: Entry) -> None:
    with pytest.raises(InputError) as caught:
        correct(old.certificate.id, Correction("", name=""), late.desk())
    assert [each.place for each in caught.value.faults] == ["name", "reason"]


def test_only_what_stands_is_corrected(late: MemoryOffice, old: Entry) -> None:
    nobody = CertificateId(bytes(10))
    refused(late, nobody, RIGHT, LedgerError, "has no certificate 0000")
    new = correct(old.certificate.id, RIGHT, late.desk()).entry.certificate
    again = Correction("again", name="Ana M. Ruiz")
    hint = refused(late, old.certificate.id, again, LedgerError, f"was superseded by {new.id}")
    assert str(new.id) in hint
    revoke(
        new.id, late.ledger, late.clock,
        actor="Mary", reason_class="issued-in-error", reason="not her",
    )  # fmt: skip
    refused(late, new.id, again, LedgerError, "revoked, which is final")


def test_a_name_without_a_glyph_is_refused(late: MemoryOffice, old: Entry) -> None:
    refused(late, old.certificate.id, Correction("typo", name="Ana ☃ Ruiz"), IssueError, "no glyph")


def test_a_name_that_is_too_long_for_the_code_is_refused() -> None:
    # Title and name fill the QR code together: each alone is within its limit.
    course = replace(
        sample_course(), title="\N{LATIN CAPITAL LETTER S WITH DOT BELOW AND DOT ABOVE}" * 66
    )
    office = MemoryOffice([course])
    types = ("ny-social-work", "ma-social-work", "apa-psychology", "attendance")
    (entry,) = issue(awards_of(course, credentials=types), office.desk()).issued
    long = Correction("typo", name="\N{LATIN CAPITAL LETTER A WITH DIAERESIS AND MACRON}" * 60)
    refused(office, entry.certificate.id, long, IssueError, "nothing was corrected")


def test_a_key_past_its_end_corrects_nothing(late: MemoryOffice, old: Entry) -> None:
    late.clock.forward(timedelta(days=60))
    refused(late, old.certificate.id, RIGHT, IssueError, "no token key of ours that signs today")


def test_a_credit_the_trust_file_left_out_is_not_certified_again(
    late: MemoryOffice, old: Entry
) -> None:
    desk = late.desk()
    trust = replace(
        desk.trust, credits={code: each for code, each in desk.trust.credits.items() if code != 3}
    )
    with pytest.raises(IssueError, match="Example Prepare' is not covered any more"):
        correct(old.certificate.id, RIGHT, replace(desk, trust=trust))


class Contested:
    """A ledger in which somebody else is always faster."""

    def __init__(self, office: MemoryOffice, result: EntryResult, times: int) -> None:
        self._ledger = office.ledger
        self._result = result
        self._times = times

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # the ledger's own
        return getattr(self._ledger, name)

    def supersede(
        self, old: CertificateId, entry: Entry, event: Event, require: Requirement = nothing
    ) -> EntryResult:
        if self._times:
            self._times -= 1
            return self._result
        return self._ledger.supersede(old, entry, event, require)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (EntryResult.HELD, "corrected or revoked meanwhile"),
        (EntryResult.OTHER_IDENTITY, "somebody else of this course"),
        (EntryResult.SLOT_TAKEN, "no free status slot in 5 tries"),
    ],
)
def test_who_loses_a_race_leaves_nothing(
    late: MemoryOffice, old: Entry, result: EntryResult, why: str
) -> None:
    desk = replace(late.desk(), ledger=Contested(late, result, 9))
    with pytest.raises(LedgerError, match=why):
        correct(old.certificate.id, RIGHT, desk)
    assert list(late.archive.documents) == [old.document]


def test_a_slot_that_was_taken_meanwhile_is_replaced(late: MemoryOffice, old: Entry) -> None:
    desk = replace(late.desk(), ledger=Contested(late, EntryResult.SLOT_TAKEN, 2))
    new = correct(old.certificate.id, RIGHT, desk).entry
    assert set(late.archive.documents) == {old.document, new.document}
    assert new.certificate.slot != StatusSlot(0, 0x1FFFF)
