"""Names, addresses and licences. Limits are the token's (docs/spec/token.md W2) and RFC 5321's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.people.person import (
    License,
    email_problems,
    folded_email,
    name_problems,
    parse_licenses,
)


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "de la Cruz",
        "O'Brien",
        "Nguyễn Thị Minh Khai",
        "Ph.D. Müller-Lüdenscheidt, LICSW",
        "María José 2nd",
        "Ⅳ Ludwig",
        "王小明",
        "नरेन्द्र शर्मा",
        "x" * 80,
        "Ã",  # a letter of its own, not a byte that was misread
        "José",
    ],
)
def test_a_name_people_have_is_no_problem(name: str) -> None:
    assert not name_problems(name)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is blank"),
        ("  ", "is blank"),
        ("Ana\u200b", "holds U+200B ZERO WIDTH SPACE"),
        ("Ana ", "has a space at its end or beginning"),
        ("Nu\u0301n\u0303ez", "is not in Unicode's composed form (NFC)"),
        ("NULL", "is a placeholder, not a name"),
        ("Zoom User", "is a placeholder, not a name"),
        ("yes", "is a placeholder, not a name"),
        ("...", "has no letter"),
        ("Ana ana@example.org", "is an e-mail address, not a name"),
        ("Ana?", "holds a character that was lost on the way (U+FFFD or '?')"),
        ("Ana\ufffd", "holds a character that was lost on the way (U+FFFD or '?')"),
        ("O&#039;Brien", 'holds markup; is it "O\'Brien"?'),
        ("JosÃ©", "looks like 'José' in a wrong encoding"),
        ("x" * 81, "has 81 characters, 80 fit the certificate's code"),
        ("é" * 61, "has 122 bytes in UTF-8, 120 fit the certificate's code"),
    ],
)
def test_what_is_no_name_says_why(name: str, problem: str) -> None:
    assert problem in name_problems(name)


@pytest.mark.parametrize(
    "email",
    [
        "a@b.org",
        "first.last+ce@mail.example.edu",
        "o'brien@example.org",
        "a@bücher.example",
        "a@xn--bcher-kva.example",
        "x" * 64 + "@example.org",
    ],
)
def test_an_address_mail_reaches_is_no_problem(email: str) -> None:
    assert email_problems(email) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ana@host",
        "ana@host..org",
        "ana@-host.org",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        "ana@example.org.",
        "a b@example.org",
        "ana@exa mple.org",
        "ana@example.org\n",
        "ana@example.org\r\nBcc: x@y.org",
        "ana\x00@example.org",
        "ana\u202e@example.org",
        ".ana@example.org",
        "ana.@example.org",
        "a..b@example.org",
        '"ana ruiz"@example.org',
        "Ana <ana@example.org>",
        "ána@example.org",
        "x" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org",
        "a@" + "b" * 64 + ".org",
        "a@" + "ü" * 63 + ".org",
    ],
)
def test_what_is_no_address_says_why(email: str) -> None:
    assert len(email_problems(email)) >= 1


@given(st.text(max_size=30), st.sampled_from("\r\n\0\t ,;<>()"))
def test_no_address_with_a_header_character_is_let_through(text: str, character: str) -> None:
    assert email_problems(f"{text}{character}@example.org")
    assert email_problems(f"a@{text}{character}.org")


@given(st.emails())
def test_folding_is_settled_after_once(email: str) -> None:
    assert folded_email(folded_email(email)) == folded_email(email)


def test_a_licence_is_printed_with_its_state_in_full() -> None:
    (license_,) = parse_licenses(" ma  LCSW   0012 ")
    assert license_ == License("MA", "LCSW", "0012")
    assert license_.printed == "Massachusetts LCSW 0012"


def test_a_title_of_several_words_keeps_them() -> None:
    (license_,) = parse_licenses("IL Clinical Social Worker 149.012345")
    assert (license_.title, license_.number) == ("Clinical Social Worker", "149.012345")


def test_an_empty_cell_holds_no_licence() -> None:
    assert parse_licenses(" ; ") == ()


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("012345", "is not STATE TITLE NUMBER"),
        ("LMSW 012345", "is not STATE TITLE NUMBER"),
        ("XX LMSW 012345", "is not STATE TITLE NUMBER"),
        ("NY LMSW pending", "has no licence number at its end"),
        ("NY LM\u200bSW 12", "holds U\\+200B"),
        ("NY LMSW 12;NY LMSW 12", "names the same licence twice"),
    ],
)
def test_what_is_no_licence_says_why(cell: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_licenses(cell)
