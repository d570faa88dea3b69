"""Whose it is to put right that a mail came back, by RFC 3463."""

from __future__ import annotations

import pytest
from mail_office import account

from cecert.domain.mail.account import alignment_problems
from cecert.domain.mail.bounces import BounceClass, bounce_class


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("5.7.26 550-5.7.26 This mail has been blocked: unauthenticated", BounceClass.SENDER),
        ("550 5.7.509 Access denied, sending domain does not pass DMARC", BounceClass.SENDER),
        ("5.0.0 554 5.7.1 Service unavailable; client host blocked", BounceClass.SENDER),
        ("5.1.8 553 sender's domain does not exist", BounceClass.SENDER),
        ("5.1.1 550 5.1.1 no such user", BounceClass.ADDRESS),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", BounceClass.ADDRESS),
        ("5.1.2 host unknown", BounceClass.ADDRESS),
        ("5.2.2 552 5.2.2 over quota", BounceClass.MAILBOX),
        ("5.2.1 mailbox disabled", BounceClass.MAILBOX),
        ("4.4.7 delivery time expired", BounceClass.OTHER),
        ("550 I do not like 15.7.10 or 192.5.1.1", BounceClass.OTHER),
        ("", BounceClass.OTHER),
    ],
)
def test_the_status_code_says_whose_it_is_to_put_right(words: str, found: BounceClass) -> None:
    assert bounce_class(words) is found


@pytest.mark.parametrize("found", BounceClass)
def test_each_class_has_a_sentence_advice_and_a_command(found: BounceClass) -> None:
    assert found.told.endswith(".")
    assert found.advice.endswith(".")
    assert all("{id}" in each for each in found.commands)
    assert ("cecert mail retry {id}" in found.commands) is (found is BounceClass.SENDER)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sender": "office@gmail.com", "bounce_to": "bounce@example.edu"}, "fail DMARC"),
        ({"sender": "ce@example.edu", "bounce_to": "x@bounces.example.net"}, "fail DMARC"),
        ({"sender": "ce@school.ac.uk", "bounce_to": "x@mailer.ac.uk"}, "fail DMARC"),
        ({"sender": "office@gmail.com", "host": "smtp.example.edu"}, "may not send for gmail.com"),
        ({"sender": "office@yahoo.com", "host": "smtp.gmail.com"}, "may not send for yahoo.com"),
    ],
)
def test_a_sender_whom_receivers_take_for_forged_is_found(
    changes: dict[str, str], problem: str
) -> None:
    (found,) = alignment_problems(account(25, **changes))
    assert problem in found
    assert "5.7.x" in found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sender": "office@gmail.com", "host": "smtp.gmail.com"},
        {"sender": "office@gmail.com", "host": "smtp-relay.gmail.com"},
        {"sender": "ce@example.edu", "bounce_to": "bounce@bounces.example.edu"},
        {"sender": "ce@mail.example.edu", "bounce_to": "bounce@bounces.example.edu"},
    ],
)
def test_a_sender_of_one_domain_is_no_finding(changes: dict[str, str]) -> None:
    assert alignment_problems(account(25, **changes)) == []
