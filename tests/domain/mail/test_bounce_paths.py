"""Return paths: a bounce names its mail, and nobody guesses one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from mail_office import issued

from cecert.domain.mail.bounces import Bounce, BounceKind, certificates_named, return_path, row_of
from cecert.testing import MemoryOffice

ROWS = [entry.mail for entry in issued(MemoryOffice(), 3)]
BOUNCE = Bounce("x", BounceKind.FAILED, "5.1.1", "no")


def test_a_return_path_leads_back_to_its_mail() -> None:
    for row in ROWS:
        path = return_path(row, "ce-bounce@example.edu")
        assert len(path.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1
        shown = f"Somebody <{path.upper()}>"
        assert row_of(replace(BOUNCE, returned_to=("", shown)), ROWS) == row


def test_a_message_id_leads_back_unless_the_envelope_says_another_mail() -> None:
    row = ROWS[1]
    plain = replace(BOUNCE, message_id=row.message_id)
    assert row_of(plain, ROWS) == row
    assert row_of(replace(plain, envelope_id=row.key), ROWS) == row
    assert row_of(replace(plain, envelope_id=ROWS[0].key), ROWS) is None


@given(st.from_regex(r"[0-9a-f]{10}", fullmatch=True))
def test_a_guessed_path_leads_nowhere(digits: str) -> None:
    path = return_path(ROWS[0], "b@example.edu")
    guess = path[: path.index(".") + 1] + digits + path[path.index("@") :]
    found = row_of(replace(BOUNCE, returned_to=(guess,)), ROWS)
    assert found == (ROWS[0] if guess == path else None)


def test_a_path_with_another_number_leads_nowhere() -> None:
    first, second = (return_path(row, "b@example.edu") for row in ROWS[:2])
    mixed = first[: first.index(".")] + second[second.index(".") :]
    assert row_of(replace(BOUNCE, returned_to=(mixed, "b@example.edu")), ROWS) is None


def test_a_bounce_names_the_certificates_of_its_return_paths() -> None:
    first, second = (return_path(row, "b@example.edu") for row in ROWS[:2])
    no_id = f"b+{'u' * 16}.0123456789@example.edu"
    paths = replace(BOUNCE, returned_to=(first, "b@example.edu", no_id, second.upper()))
    assert list(certificates_named(paths)) == [row.certificate_id for row in ROWS[:2]]
