"""When a mail is tried again, and when a batch must stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_office import issued

from cecert.domain.mail.message import Blame, MailState, Receipt
from cecert.domain.mail.replies import Breaker, scheduled
from cecert.testing import MemoryOffice

NOW = datetime(2020, 11, 5, 15, tzinfo=UTC)
(_ENTRY,) = issued(MemoryOffice(), 1)
ROW = replace(_ENTRY.mail, attempts=1, first_tried_at=NOW)
LATER = Receipt(MailState.QUEUED, "450 later")
SENT = Receipt(MailState.SENT, "250 ok")
NO_MAILBOX = Receipt(MailState.FAILED, "550 5.1.1 no such user", blame=Blame.RECIPIENT)
QUOTA = Receipt(MailState.FAILED, "554 5.2.0 day's limit", blame=Blame.ACCOUNT)


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(1, 5), (2, 15), (3, 30), (4, 60), (5, 120), (6, 240), (30, 240)],  # docs/spec/delivery.md 4.4
)
def test_a_mail_put_off_waits_longer_each_time(attempts: int, minutes: int) -> None:
    receipt = scheduled(LATER, replace(ROW, attempts=attempts), NOW, 0)
    assert receipt == replace(LATER, retry_after=minutes * 60)


@given(st.floats(-1, 1), st.integers(1, 50))
def test_a_wait_is_stretched_or_shortened_by_a_fifth_at_most(jitter: float, attempts: int) -> None:
    row = replace(ROW, attempts=attempts)
    plain = scheduled(LATER, row, NOW, 0).retry_after
    assert abs(scheduled(LATER, row, NOW, jitter).retry_after - plain) <= plain / 5 + 1


def test_a_mail_is_given_up_five_days_after_its_first_attempt() -> None:
    receipt = scheduled(LATER, ROW, NOW + timedelta(days=5), 0)
    assert receipt.state is MailState.FAILED
    assert receipt.reply == "given up after 5 days: 450 later"
    almost = NOW + timedelta(days=5, seconds=-1)
    assert scheduled(LATER, ROW, almost, 0).state is MailState.QUEUED


@pytest.mark.parametrize("receipt", [SENT, QUOTA, replace(LATER, counts=False)])
def test_nothing_else_is_scheduled(receipt: Receipt) -> None:
    assert scheduled(receipt, ROW, NOW + timedelta(days=9), 0.5) == receipt


def tripped(*receipts: Receipt) -> str:
    breaker = Breaker()
    for each in receipts:
        breaker.count(each)
    return breaker.tripped


def test_three_refusals_in_a_row_that_may_be_ours_stop_the_batch() -> None:
    assert tripped(QUOTA, QUOTA) == ""
    assert tripped(QUOTA, QUOTA, SENT, QUOTA) == ""
    assert tripped(QUOTA, QUOTA, LATER, QUOTA).startswith("3 mails in a row were refused; the last")


def test_three_mailboxes_that_do_not_exist_do_not_stop_it() -> None:
    assert tripped(NO_MAILBOX, NO_MAILBOX, NO_MAILBOX, NO_MAILBOX) == ""


def test_more_than_a_tenth_of_fifty_refused_stops_it() -> None:
    good = [SENT] * 50
    assert tripped(*good, *[NO_MAILBOX, SENT] * 5) == ""
    assert tripped(*good, *[NO_MAILBOX, SENT] * 6).startswith("6 of the last 50 mails were refused")
    # Refusals longer ago than fifty mails are forgotten.
    assert tripped(*[NO_MAILBOX] * 5, *good, NO_MAILBOX) == ""


def test_what_no_service_refused_does_not_count() -> None:
    missing = Receipt(MailState.FAILED, "the PDF is missing")
    assert tripped(*[missing] * 20) == ""
