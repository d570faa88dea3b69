"""Completion records: what cannot be a participant is refused."""

from __future__ import annotations

import pytest

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.testing import sample_record


def test_identity_is_the_registrars_id_else_the_address_casefolded() -> None:
    assert sample_record(email="Ana@Example.ORG").identity == "ana@example.org"
    assert sample_record(participant_id="P-1").identity == "P-1"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "undefined"}, "name 'undefined' is a placeholder"),
        ({"email": "ana@host"}, "email 'ana@host' has no mail host"),
        ({"credentials": ("nbcc", "nbcc")}, "a credential type is asked for twice"),
    ],
)
def test_what_cannot_be_a_participant_is_refused(changes: dict[str, object], problem: str) -> None:
    values: dict[str, object] = {"name": "Ana Ruiz", "email": "ana@example.org"}
    with pytest.raises(ValueError, match=problem):
        CompletionRecord(**values | changes)  # type: ignore[arg-type]  # the fields of the table
