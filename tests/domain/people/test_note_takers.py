"""Programs that take notes are known by their names, and people are not taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.people.note_takers import is_note_taker

PROGRAMS = (
    "Otter.ai", "OtterPilot", "Otter AI", "Ana Ruiz's Otter.ai", "Ana\u2019s OtterPilot",
    "Fireflies.ai Notetaker Ana", "Fred from Fireflies", "read.ai meeting notes", "Read AI",
    "AI Notetaker", "AI Note-Taker", "Ben Okafor's AI Notetaker", "Notetaker (Ana Ruiz)",
    "Zoom AI Companion", "AI Companion", "Zoom Companion", "Fathom Notetaker", "tl;dv",
    "tldv.io", "MeetGeek", "Sembly AI", "Avoma Assistant", "Recording Bot", "Ana_Notetaker",
    "Microsoft Copilot", "KI-Notiznehmer", "Preneur de notes IA", "Tomador de notas",
)  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_note_takers_name_is_known(name: str) -> None:
    assert is_note_taker(name)
    assert is_note_taker(name.upper())


@pytest.mark.parametrize(
    "name",
    [
        "Jan Otter", "Gong Li", "Jamie Grain", "Mark Read", "Ana Read", "Jan Bot", "Ai Tanaka",
        "Ana Ruiz | Acme.ai", "Zoom User", "Zoom", "Companion House", "Rev. Ana Fellow", "iPhone",
        "Otto Pilot", "Ana Ruiz (she/her)", "",
    ],
)  # fmt: skip
def test_a_persons_name_is_none(name: str) -> None:
    assert not is_note_taker(name)


@given(st.sampled_from(PROGRAMS), st.text(max_size=30), st.text(max_size=30))
def test_whatever_stands_beside_it_in_brackets_it_stays_one(
    name: str, before: str, after: str
) -> None:
    assert is_note_taker(f"{before} ({name}) {after}")
