"""Replies: what holds of the table for every code (its rows are tested on the wire)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.mail.message import Blame
from cecert.domain.mail.replies import BROKEN, Action, Reply, Stage, action_for, blame_for

CODES = st.integers(100, 599) | st.just(BROKEN)
STAGES = st.sampled_from(Stage)


@given(STAGES, CODES, st.booleans())
def test_only_after_the_dot_can_a_mail_be_uncertain(
    stage: Stage, code: int, reused: bool
) -> None:  # Hypothesis gives it
    action = action_for(stage, Reply(code, ""), reused=reused)
    if action is Action.UNCERTAIN:
        assert stage is Stage.DOT
    if stage is Stage.DOT:
        assert action in {Action.GO_ON, Action.DEFER, Action.FAIL, Action.UNCERTAIN}


@given(CODES, st.booleans())
def test_after_the_dot_a_mail_is_tried_again_only_after_a_definite_no(
    code: int,
    reused: bool,  # Hypothesis gives it
) -> None:
    action = action_for(Stage.DOT, Reply(code, ""), reused=reused)
    assert (action is Action.DEFER) == (400 <= code < 500)
    assert (action is Action.GO_ON) == (200 <= code < 300)


@given(STAGES, CODES)
def test_a_fresh_connection_is_not_replaced_by_another(stage: Stage, code: int) -> None:
    assert action_for(stage, Reply(code, ""), reused=False) is not Action.RECONNECT


@given(STAGES, CODES, st.booleans())
def test_a_mail_fails_only_at_rcpt_and_after_the_dot(
    stage: Stage,
    code: int,
    reused: bool,  # Hypothesis gives it
) -> None:
    if action_for(stage, Reply(code, ""), reused=reused) is Action.FAIL:
        assert stage in {Stage.RCPT, Stage.DOT}
        assert 500 <= code < 600


@pytest.mark.parametrize(
    ("stage", "reply", "blame"),
    [
        (Stage.RCPT, Reply(550, "5.1.1 no such user"), Blame.RECIPIENT),
        (Stage.RCPT, Reply(550, "no such user"), Blame.ACCOUNT),
        (Stage.RCPT, Reply(550, "5.4.5 daily quota"), Blame.ACCOUNT),
        (Stage.RCPT, Reply(554, "5.7.1 relay denied"), Blame.ACCOUNT),
        (Stage.RCPT, Reply(450, "4.2.1 later"), Blame.NOBODY),
        (Stage.DOT, Reply(554, "5.2.0 day's limit"), Blame.ACCOUNT),
        (Stage.DOT, Reply(454, "Throttling failure"), Blame.ACCOUNT),
        (Stage.DOT, Reply(454, "4.7.0 TLS not available"), Blame.NOBODY),
        (Stage.DOT, Reply(451, "4.3.0 later"), Blame.NOBODY),
        (Stage.DOT, Reply(BROKEN, "cut"), Blame.NOBODY),
    ],
)
def test_a_refusal_is_the_mailbox_s_fault_only_where_that_is_sure(
    stage: Stage, reply: Reply, blame: Blame
) -> None:
    assert blame_for(stage, reply) is blame


def test_a_reply_is_shown_on_one_line() -> None:
    assert str(Reply(550, "5.7.1 no\nnever ")) == "550 5.7.1 no never"
    assert str(Reply(250, "")) == "250"
    assert str(Reply(BROKEN, "Connection lost")) == "Connection lost"
    assert Reply(250, "ok 5.1.1").status == ""
