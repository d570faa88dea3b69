"""`overrides.toml`: edited by hand, appended by a command, refused with every fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.collect_files.overrides import append_override, read_overrides
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.values.intervals import Interval
from cecert.errors import InputError

ZONE = ZoneInfo("America/New_York")
AT = datetime(2020, 11, 2, 15, 15, tzinfo=UTC)
PERIOD = Interval(datetime(2020, 10, 22, 17, tzinfo=UTC), datetime(2020, 10, 22, 20, 2, tzinfo=UTC))

BY_HAND = """\
# kept as it is

[[override]]
kind = "actual_window"
session = "day-1"
start = 2020-10-22T13:00:00   # local
end = 2020-10-22T16:02:00
by = "registrar"
at = 2020-11-02T10:15:00
why = "instructor ended early, content complete"
"""


def read(folder: Path, text: str) -> tuple[Override, ...]:
    path = folder / "overrides.toml"
    path.write_bytes(text.encode())
    return read_overrides(path, ZONE)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        read(folder, text)
    return [str(each) for each in refused.value.faults] or [str(refused.value)]


def test_a_file_written_by_hand_is_read_in_the_courses_local_time(tmp_path: Path) -> None:
    (override,) = read(tmp_path, BY_HAND)
    assert override.kind is OverrideKind.ACTUAL_WINDOW
    assert (override.period, override.at) == (PERIOD, AT)
    assert override.place == "overrides.toml: override 1"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\ufeff" + BY_HAND])
def test_an_empty_file_and_a_byte_order_mark_are_fine(tmp_path: Path, text: str) -> None:
    assert len(read(tmp_path, text)) == text.count("[[override]]")


EVERY_KIND = [
    Override(OverrideKind.LINK, "M", AT, "w", participant="p", connection="a.csv:4", inputs="0f0f"),
    Override(OverrideKind.UNLINK, "M", AT, "w", participant="p", connection="a.csv:4"),
    Override(OverrideKind.ALIAS, "M", AT, "w", participant="p", alias='Studio "5" — é'),
    Override(OverrideKind.ACTUAL_WINDOW, "M", AT, "w", session="day-1", period=PERIOD),
    Override(OverrideKind.SEGMENT, "M", AT, "w", participant="p", session="day-1", period=PERIOD),
    Override(
        OverrideKind.DECISION, "M", AT, "w", participant="p", session="day-1",
        status=AttendanceStatus.MET, old="REVIEW", reference="ticket 17",
    ),
]  # fmt: skip


@pytest.mark.parametrize("override", EVERY_KIND, ids=lambda each: each.kind.value)
def test_what_is_appended_is_read_back_and_what_stood_there_stays(
    tmp_path: Path, override: Override
) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text(BY_HAND)
    content = append_override(path, override, ZONE)
    assert content.decode().startswith(BY_HAND)
    path.write_bytes(content)
    assert replace(read_overrides(path, ZONE)[1], place="") == override


def test_a_missing_file_begins_with_what_it_is_for(tmp_path: Path) -> None:
    content = append_override(tmp_path / "overrides.toml", EVERY_KIND[0], ZONE)
    assert content.startswith(b"# Decisions about the evidence")
    assert not list(tmp_path.iterdir())


def test_nothing_is_added_to_a_file_that_is_not_right(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text("[[overide]]\n")
    with pytest.raises(InputError):
        append_override(path, EVERY_KIND[0], ZONE)


def test_a_list_written_inline_takes_no_addition(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text("override = []\n")
    with pytest.raises(InputError, match="takes no addition"):
        append_override(path, EVERY_KIND[0], ZONE)


def test_a_blank_line_parts_one_decision_from_the_next(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text(BY_HAND)
    assert b'content complete"\n\n[[override]]\nkind' in append_override(path, EVERY_KIND[0], ZONE)


@given(why=st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip())))
def test_any_reason_is_read_back_as_it_was_given(
    tmp_path_factory: pytest.TempPathFactory, why: str
) -> None:
    # Lone surrogates cannot be written in UTF-8, and no command line passes one on.
    whole = why.encode("utf-8", "replace").decode()
    path = tmp_path_factory.mktemp("o") / "overrides.toml"
    path.write_bytes(append_override(path, replace(EVERY_KIND[1], why=whole), ZONE))
    assert read_overrides(path, ZONE)[0].why == whole


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('kind = "actual_window"', 'kind = "window"'), "override 1, kind: 'window' is not one of"),
        (('by = "registrar"', 'bye = "registrar"'), "'bye' is not known (did you mean by?)"),
        (('by = "registrar"\n', ""), "by is missing (who decided it)"),
        (('why = "instructor ended early, content complete"', 'why = ""'), "needs why"),
        (("at = 2020-11-02T10:15:00", "at = 2020-11-02"), "is no date with a time"),
        (("at = 2020-11-02T10:15:00\n", ""), "at is missing"),
        (
            ('session = "day-1"', "session = 1"),
            "override 1, session: '1' is not in quotation marks",
        ),
        (("end = 2020-10-22T16:02:00\n", ""), "start and end belong together"),
        (("16:02:00", "12:02:00"), "not after its start"),
        (("13:00:00", "13:00:00.5"), ""),
        (("why =", 'status = "ABSENT"\nwhy ='), "override 1, status: 'ABSENT' is not one of"),
        (("2020-10-22T13:00:00", "2021-03-14T02:30:00"), "the clock skips it"),
    ],
)
def test_each_mistake_is_told_with_its_place(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    assert change[0] in BY_HAND
    text = BY_HAND.replace(*change)
    if not told:
        assert read(tmp_path, text)[0].period == PERIOD
        return
    assert any(told in each for each in faults(tmp_path, text))


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    wrong = BY_HAND.replace("actual_window", "x").replace('by = "registrar"\n', "")
    assert len(faults(tmp_path, wrong + wrong)) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[override]\n", "is no TOML file"),
        ("override = 1\n", "is no list of tables"),
        ("override = [1]\n", "is no list of tables"),
        ("[decision]\n", "'decision' is not known"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in faults(tmp_path, text)[0]


def test_a_file_that_is_missing_no_text_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_overrides(tmp_path / "none.toml", ZONE)
    path = tmp_path / "overrides.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no TOML file"):
        read_overrides(path, ZONE)
    path.write_bytes(b"#" * 4_000_001)
    with pytest.raises(InputError, match="has more than"):
        read_overrides(path, ZONE)


def test_an_undo_names_an_entry_before_it_that_says_what_it_said(tmp_path: Path) -> None:
    head = '\n[[override]]\nkind = "undo"\nby = "M"\nat = 2020-11-03T10:00:00\nwhy = "w"\n'
    undo = head + "undoes = {}\n"
    first, undone = read(tmp_path, BY_HAND + undo.format(1))
    assert (first.undoes, undone.undoes) == (0, 1)
    (later,) = faults(tmp_path, BY_HAND + undo.format(2))
    assert later.startswith("overrides.toml: override 2: undoes override 2, and 1 stand before it")
    told = faults(tmp_path, BY_HAND + undo.format(1) + f'inputs = "{"0" * 16}"\n')
    assert "says something else now" in told[0]
    assert "is no number of an override" in faults(tmp_path, BY_HAND + undo.format("true"))[0]
    path = tmp_path / "overrides.toml"
    path.write_text(BY_HAND)
    entry = Override(OverrideKind.UNDO, "M", AT, "w", undoes=1, inputs=first.mark)
    path.write_bytes(append_override(path, entry, ZONE))
    assert read_overrides(path, ZONE)[1] == replace(entry, place="overrides.toml: override 2")
    with pytest.raises(InputError, match="which override 2 has undone already"):
        append_override(path, entry, ZONE)
