"""Which mails need a person, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from mail_office import issued

from cecert.domain.mail.message import MailState
from cecert.domain.mail.plan import is_overdue, needs_somebody, uncertain_for_long
from cecert.testing import MemoryOffice

(_ENTRY,) = issued(MemoryOffice(), 1)
ROW = _ENTRY.mail
BEFORE, AFTER = (ROW.deadline + timedelta(seconds=each) for each in (-1, 1))


@pytest.mark.parametrize("state", MailState)
def test_a_mail_is_overdue_after_its_deadline_unless_it_has_gone(state: MailState) -> None:
    row = replace(ROW, state=state, settled_at=BEFORE)
    gone = {MailState.SENT, MailState.CANCELLED}
    assert not is_overdue(row, BEFORE)
    assert is_overdue(row, AFTER) == (state not in gone)


@pytest.mark.parametrize("state", MailState)
def test_what_is_stuck_needs_somebody_at_once(state: MailState) -> None:
    stuck = {MailState.FAILED, MailState.BOUNCED, MailState.UNCERTAIN}
    row = replace(ROW, state=state, settled_at=BEFORE)
    assert needs_somebody(row, BEFORE) == (state in stuck)


def test_three_days_are_long_for_an_uncertain_mail() -> None:
    since = BEFORE - timedelta(days=3)
    row = replace(ROW, state=MailState.UNCERTAIN, settled_at=since)
    assert uncertain_for_long(row, BEFORE)
    assert is_overdue(row, BEFORE)
    assert not uncertain_for_long(row, BEFORE - timedelta(seconds=1))
    assert not uncertain_for_long(replace(row, state=MailState.FAILED), BEFORE)
    # One that was queued so and reaped has no time of its own.
    reaped = replace(row, settled_at=None, queued_at=since)
    assert uncertain_for_long(reaped, BEFORE)
