"""Claims and tokens: what cannot be said is not signed, and what is signed is read back."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.cose.epoch import EPOCH
from cecert.domain.token.claims import (
    LARGEST_TOKEN,
    Claims,
    Credit,
    claims_of_payload,
    payload_of_claims,
    sign_token,
    token_url,
)
from cecert.domain.token.qr import QrShape, qr_shape
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.text import text_problems
from cecert.errors import TokenError
from cecert.testing import FakeSigner

CLAIMS = Claims(
    issued_at=1_604_588_400,
    certificate_id=CertificateId(bytes(10)),
    recipient="Ana Ruiz",
    title="Mentalization Based Treatment",
    session_dates=(date(2020, 10, 22), date(2020, 10, 29)),
    hours=600,
    credits=(Credit(1, "0169", 600), Credit(2, None, 450)),
    status=(3, 91_235),
)


def texts(characters: int, size: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    composed = st.text(letters, min_size=1, max_size=characters).map(
        lambda text: unicodedata.normalize("NFC", text).strip()
    )
    return composed.filter(
        lambda text: (
            0 < len(text) <= characters and len(text.encode()) <= size and not text_problems(text)
        )
    )


@st.composite
def claims(draw: st.DrawFn) -> Claims:
    days = draw(st.sets(st.integers(0, 40_000), min_size=1, max_size=12))
    delivery = draw(st.none() | st.integers(1, 4))
    hours = draw(st.integers(1, 2880 * len(days) if delivery in {1, 2} else 10_000))
    numbers = st.none() | texts(20, 80)
    first = Credit(draw(st.integers(1, 255)), draw(numbers), hours)
    others = st.builds(Credit, st.integers(1, 255), numbers, st.integers(1, hours))
    ids = st.builds(CertificateId, st.binary(min_size=10, max_size=10))
    return Claims(
        issued_at=draw(st.integers(0, 1 << 40)),
        certificate_id=draw(ids),
        recipient=draw(texts(80, 120)),
        title=draw(texts(160, 200)),
        session_dates=tuple(EPOCH + timedelta(days=day) for day in sorted(days)),
        hours=hours,
        credits=(first, *draw(st.lists(others, max_size=5))),
        status=(draw(st.integers(0, 1000)), draw(st.integers(0, 131_071))),
        delivery=delivery,
        replaces=draw(st.none() | ids),
        record_digest=draw(st.none() | st.binary(min_size=16, max_size=16)),
        instructor=draw(st.none() | texts(80, 80)),
        specimen=draw(st.booleans()),
    )


@given(claims())
@settings(max_examples=100)
def test_claims_are_read_back_as_they_were_written(written: Claims) -> None:
    assert claims_of_payload(payload_of_claims(written)) == written


@given(claims(), st.data())
@settings(max_examples=100)
def test_no_changed_payload_is_read_as_the_same_claims(
    written: Claims, data: st.DataObject
) -> None:
    payload = bytearray(payload_of_claims(written))
    payload[data.draw(st.integers(0, len(payload) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = claims_of_payload(bytes(payload))
    except (ValueError, TypeError, LookupError, OverflowError, TokenError):
        return
    assert read != written


def of_hours(hours: int, dates: int, delivery: int | None) -> dict[str, object]:
    return {
        "hours": hours,
        "credits": (Credit(1, None, hours),),
        "session_dates": tuple(date(2020, 1, day + 1) for day in range(dates)),
        "delivery": delivery,
    }


# Limits of docs/spec/token.md W2: the last value that holds, the first that does not.
@pytest.mark.parametrize(
    ("held", "refused", "why"),
    [
        ({"recipient": "a" * 80}, {"recipient": "a" * 81}, "81 characters and 81 bytes"),
        ({"recipient": "é" * 60}, {"recipient": "é" * 61}, "61 characters and 122 bytes"),
        ({"title": "a" * 160}, {"title": "a" * 161}, "161 characters"),
        ({"title": "é" * 100}, {"title": "é" * 101}, "101 characters and 202 bytes"),
        ({"instructor": "a" * 80}, {"instructor": "a" * 81}, "81 characters"),
        ({"recipient": "a"}, {"recipient": ""}, "0 characters"),
        (
            {"session_dates": tuple(date(2020, 1, day) for day in range(1, 13))},
            {"session_dates": tuple(date(2020, 1, 1) + timedelta(days=n) for n in range(61))},
            "61 session dates, the token holds 1 to 60",
        ),
        ({"session_dates": (EPOCH,)}, {"session_dates": ()}, "0 session dates"),
        (
            {"session_dates": (EPOCH,)},
            {"session_dates": (EPOCH - timedelta(days=1),)},
            "from 1970 on",
        ),
        (
            {"session_dates": (date(2020, 1, 1), date(2020, 1, 2))},
            {"session_dates": (date(2020, 1, 1), date(2020, 1, 1))},
            "distinct and ascending",
        ),
        ({"credits": (Credit(1, None, 600),) * 6}, {"credits": (Credit(1, None, 600),) * 7}, "7"),
        ({"credits": (Credit(255, None, 600),)}, {"credits": (Credit(256, None, 600),)}, "256"),
        ({"credits": (Credit(1, "a" * 80, 600),)}, {"credits": (Credit(1, "a" * 81, 600),)}, "81"),
        ({"credits": (Credit(1, None, 600),)}, {"credits": ()}, "0 credit lines"),
        ({"hours": 600}, {"hours": 1050}, "not those of the largest credit line"),
        (
            {"credits": (Credit(1, None, 600), Credit(2, None, 1))},
            {"credits": (Credit(1, None, 600), Credit(2, None, 0))},
            "without hours",
        ),
        ({"issued_at": 0}, {"issued_at": -1}, "out of range"),
        ({"status": (0, 131_071)}, {"status": (0, 131_072)}, "out of range"),
        ({"delivery": 4}, {"delivery": 5}, "not 1 to 4"),
        (of_hours(2880, 1, 1), of_hours(2881, 1, 1), "28.81 hours, 1 session dates hold fewer"),
        (of_hours(5760, 2, 2), of_hours(5761, 2, 2), "57.61 hours, 2 session dates hold fewer"),
        (of_hours(2881, 1, 3), of_hours(2881, 1, 2), "28.81 hours"),
        (of_hours(99_999, 1, 4), of_hours(99_999, 12, 1), "999.99 hours"),
        (of_hours(2881, 1, None), of_hours(2881, 1, 1), "28.81 hours"),
        ({"record_digest": bytes(16)}, {"record_digest": bytes(32)}, "32 bytes, not 16"),
        ({"recipient": "Jr., Ph.D."}, {"recipient": "Ana "}, "has a space"),
        ({"recipient": "Nu\u00f1ez"}, {"recipient": "Nun\u0303ez"}, "composed form"),
    ],
)
def test_each_limit_holds_on_its_inside_only(
    held: dict[str, object], refused: dict[str, object], why: str
) -> None:
    replace(CLAIMS, **held)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(TokenError, match=why):
        replace(CLAIMS, **refused)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"recipient": "ж" * 60, "title": "ж" * 100}, "shorten the course title"),
        ({"recipient": "ж" * 60, "title": "ж" * 50}, "shorten the recipient name"),
    ],
)
def test_a_token_too_large_for_paper_says_what_to_shorten(
    changes: dict[str, object], hint: str
) -> None:
    many = tuple(Credit(code, "a" * 30, 600) for code in range(1, 7))
    large = replace(CLAIMS, credits=many, **changes)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(TokenError, match=f"{LARGEST_TOKEN} are the most") as raised:
        sign_token(large, FakeSigner("token"))
    assert raised.value.hint == hint


def test_the_longest_ascii_certificate_of_the_specification_fits() -> None:
    # docs/spec/token.md W4: 80-character name, 160-character title, 12 dates, 3 credits: 412 bytes,
    # V16-M.
    longest = replace(
        CLAIMS,
        recipient="a" * 80,
        title="b" * 160,
        session_dates=tuple(date(2020, 10, 1) + timedelta(days=7 * week) for week in range(12)),
        credits=(Credit(1, "0169", 600), Credit(2, None, 600), Credit(3, "Amego Prepare", 600)),
    )
    token = sign_token(longest, FakeSigner("token"))
    assert len(token) == 412
    prefix, digits = "https://verify.example.edu/#", token_url("", token)
    assert qr_shape(prefix, digits) == QrShape("M", 16)


def test_a_code_no_symbol_can_hold_is_refused() -> None:
    with pytest.raises(TokenError, match="more than a symbol of 36 mm can hold") as raised:
        qr_shape("https://verify.example.edu/#", "1" * 1200)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("version", "level", "data_bytes"),
    # docs/spec/token.md M2: most token bytes at a prefix of 28 characters.
    [
        (10, "M", 180),
        (12, "M", 254),
        (14, "M", 328),
        (16, "M", 415),
        (13, "Q", 208),
        (14, "Q", 225),
    ],
)
def test_symbols_hold_what_was_measured(version: int, level: str, data_bytes: int) -> None:
    prefix = "https://verify.example.edu/#"
    most = qr_shape(prefix, token_url("", bytes(data_bytes)))
    more = qr_shape(prefix, token_url("", bytes(data_bytes + 1)))
    # Level Q comes first, so an M symbol is chosen only beyond version 14-Q.
    if level == "Q" or version > 14:
        assert most == QrShape(level, version)
        assert more != most
