"""The roots that a user vouched for, noted one file each."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.keys import KnownRoot, KnownRoots

ROOT = "ab" * 32
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def root(thumbprint: str = ROOT, name: str = "Lake College") -> KnownRoot:
    return KnownRoot(thumbprint, "lake", name, made=True, noted_at=AT)


def note_of(roots: KnownRoots) -> Path:
    path = roots.path(ROOT)
    assert path is not None
    return path


def test_what_is_noted_is_found_and_nothing_else(tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path / "config" / "cecert" / "roots")
    assert roots.find(ROOT) is None
    roots.note(root())
    assert roots.find(ROOT) == root()
    assert roots.find("cd" * 32) is None


def test_notes_are_for_their_owner_only(tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path / "config" / "cecert" / "roots")
    roots.note(root())
    note = note_of(roots)
    assert note.stat().st_mode & 0o777 == 0o600
    assert [each.stat().st_mode & 0o777 for each in list(note.parents)[:3]] == [0o700] * 3
    assert [each.name for each in note.parent.iterdir()] == [note.name]


def test_the_first_note_of_a_root_stays(tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path)
    roots.note(root())
    roots.note(root(name="Another"))
    assert roots.find(ROOT) == root()


def test_commands_at_once_lose_no_note(tmp_path: Path) -> None:
    prints = [f"{each:064x}" for each in range(8)] * 3
    threads = [
        threading.Thread(target=KnownRoots(tmp_path / "roots").note, args=(root(each),))
        for each in prints
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [KnownRoots(tmp_path / "roots").find(each) for each in prints] == [*map(root, prints)]
    assert len(list((tmp_path / "roots").iterdir())) == 8


@given(name=st.text(), made=st.booleans(), at=st.datetimes(timezones=st.just(UTC)))
def test_any_name_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, made: bool, at: datetime
) -> None:
    roots = KnownRoots(tmp_path_factory.mktemp("roots"))
    noted = KnownRoot(ROOT, "lake", name, made, at)
    roots.note(noted)
    assert roots.find(ROOT) == noted


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"[]", b"null", b"3", b'"text"', b"\xff", b"[" * 60_000, b"{}",
        b'{"thumbprint": 3}',
    ],
)  # fmt: skip
def test_a_damaged_note_vouches_for_nothing_and_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path)
    note_of(roots).write_bytes(damage)
    assert roots.find(ROOT) == f"{note_of(roots)} is damaged, so its root counts as unknown"
    roots.note(root())
    assert roots.find(ROOT) == root()


def test_a_note_under_another_root_s_name_vouches_for_nothing(tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path)
    roots.note(root())
    note_of(roots).rename(tmp_path / f"{'cd' * 32}.json")
    assert isinstance(roots.find("cd" * 32), str)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_are_taken_for_a_note(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    roots = KnownRoots(tmp_path_factory.mktemp("roots"))
    note_of(roots).write_bytes(data)
    assert isinstance(roots.find(ROOT), str)


def test_a_note_that_cannot_be_read_vouches_for_nothing(tmp_path: Path) -> None:
    roots = KnownRoots(tmp_path)
    note_of(roots).mkdir()
    assert roots.find(ROOT) == (
        f"{note_of(roots)} cannot be read (Is a directory), so its root counts as unknown"
    )


def test_without_a_folder_nothing_is_known_and_nothing_can_be_noted(tmp_path: Path) -> None:
    assert KnownRoots(None).find(ROOT) is None
    with pytest.raises(OSError, match="there is no home folder"):
        KnownRoots(None).note(root())
    (tmp_path / "file").write_text("no folder")
    roots = KnownRoots(tmp_path / "file" / "roots")
    assert roots.find(ROOT) is None
    with pytest.raises(OSError, match="Not a directory"):
        roots.note(root())
