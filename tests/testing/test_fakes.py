"""The fakes keep the promises of the ports they stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from ledger_entries import signs

from cecert.domain.decision.decide import Award, decide
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import DrawingError, LedgerError
from cecert.ports import Entry, EntryResult, Event, SeenPage
from cecert.testing import (
    MemoryOffice,
    PlainPdfReader,
    PlainRenderer,
    StampSealReader,
    sample_course,
    sample_record,
)
from cecert.workflows.issue.issue import issue

AT = datetime(2020, 11, 6, 12, tzinfo=UTC)
UNKNOWN = CertificateId(bytes(10))


def issued(office: MemoryOffice, name: str = "Ana Ruiz", email: str = "ana@example.org") -> Entry:
    decisions = decide(sample_record(name=name, email=email), sample_course())
    awards = [each for each in decisions if isinstance(each, Award)]
    (entry,) = issue(awards, office.desk()).issued
    return entry


def correction_of(entry: Entry, **changes: object) -> Entry:
    """Return an entry that supersedes *entry*, in a slot and with a mail of its own."""
    own = entry.certificate
    number = CertificateId(b"correction")
    slot = replace(own.slot, index=(own.slot.index + 1) % 1000)
    facts = {"id": number, "slot": slot, "supersedes": own.id, **changes}
    new = replace(own, **facts)  # type: ignore[arg-type]  # each value has its field's type
    return replace(
        entry,
        certificate=new,
        mail=replace(entry.mail, key=f"{number}:issue", certificate_id=number),
    )


def superseded_event(entry: Entry) -> Event:
    return Event("superseded", AT, entry.certificate.id, "me", "a typo")


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    office = MemoryOffice()
    old = issued(office)
    new = correction_of(old)
    result = office.ledger.supersede(old.certificate.id, new, superseded_event(old))
    assert result is EntryResult.ENTERED
    held = office.ledger.held_lines("mbt-2020-10", [signs(old)])
    assert [each.certificate_id for each in held] == [new.certificate.id]
    again = office.ledger.supersede(old.certificate.id, new, superseded_event(old))
    assert again is EntryResult.HELD


def test_a_correction_that_cannot_be_entered_changes_nothing() -> None:
    office = MemoryOffice()
    old = issued(office)
    other = issued(office, "Bo Li", "bo@example.org")
    events = list(office.ledger.events(old.certificate.id))
    new = correction_of(old, slot=other.certificate.slot)
    result = office.ledger.supersede(old.certificate.id, new, superseded_event(old))
    assert result is EntryResult.SLOT_TAKEN
    assert list(office.ledger.events(old.certificate.id)) == events
    assert len(office.ledger.held_lines("mbt-2020-10", [signs(old), signs(other)])) == 2


def test_a_correction_of_another_certificate_is_a_mistake_of_the_program() -> None:
    office = MemoryOffice()
    old = issued(office)
    with pytest.raises(ValueError, match="is about superseding"):
        office.ledger.supersede(UNKNOWN, correction_of(old), superseded_event(old))


def test_what_the_ledger_does_not_have_is_said() -> None:
    ledger = MemoryOffice().ledger
    assert ledger.entry(UNKNOWN) is None
    assert ledger.row("nothing") is None
    with pytest.raises(LedgerError, match="has no certificate 0000-0000-0000-0000"):
        ledger.revoke(UNKNOWN, Event("revoked", AT, UNKNOWN, "me", "why"))


def test_slots_are_known_by_their_list() -> None:
    office = MemoryOffice()
    entry = issued(office)
    slot = entry.certificate.slot
    assert office.ledger.statuses(slot.list_id) == {slot.index: entry.state}
    assert office.ledger.statuses(slot.list_id + 1) == {}


def test_a_character_without_a_glyph_is_not_drawn() -> None:
    certificate = issued(MemoryOffice()).certificate
    recipient = replace(certificate.recipient, name="Ana \N{SNOWMAN}")
    with pytest.raises(DrawingError, match="has no glyph"):
        PlainRenderer().draw(replace(certificate, recipient=recipient))


def test_a_specimen_has_no_token() -> None:
    specimen = PlainRenderer().draw_specimen(issued(MemoryOffice()).certificate).pdf
    content = PlainPdfReader().read(specimen)
    assert not isinstance(content, str)
    assert (content.lines[0], content.token_text) == ("SPECIMEN", None)
    assert StampSealReader().inspect(specimen).detail == "there is no stamp"


@pytest.mark.parametrize(
    ("pdf", "why"), [(b"\xff", "it is not text"), (b"%PDF-1.7", "it is a PDF of another make")]
)
def test_what_the_plain_renderer_did_not_draw_is_not_read(pdf: bytes, why: str) -> None:
    reader = PlainPdfReader()
    assert reader.read(pdf) == why
    assert (reader.drawn_pages(pdf), reader.pages_of_picture(pdf)) == ([SeenPage()], [])
