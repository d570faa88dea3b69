"""Whether a certificate was ever stored is told without listing the archive."""

from __future__ import annotations

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cecert.adapters.storage.archive import FolderArchive
from cecert.adapters.storage.made_ids import folder_beside
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError

IDS = [CertificateId(bytes([number]) * 10) for number in range(1, 9)]


class Unlisted(FolderArchive):
    """An archive that must not be listed."""

    def _listed(self, folder: str) -> list[str]:
        raise AssertionError(f"it was listed: {folder!r}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificates"


def test_the_files_of_some_certificates_are_found_among_others(folder: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(each, str(each).encode()) for each in IDS])
    second = archive.put([(IDS[0], b"drawn again")])
    found = archive.names_of([IDS[0], IDS[3], CertificateId(bytes(10))])
    assert found == sorted(found)
    assert len(found) == 3
    assert set(second) <= set(found)


def test_where_none_of_them_was_stored_nothing_is_listed(folder: Path) -> None:
    FolderArchive(folder).put([(IDS[0], b"a")])
    assert list(Unlisted(folder).names_of(IDS[1:])) == []
    assert list(Unlisted(folder).names_of([])) == []


def test_a_document_that_was_discarded_is_not_named(folder: Path) -> None:
    archive = FolderArchive(folder)
    (name,) = archive.put([(IDS[0], b"a")])
    archive.discard(name)
    assert list(archive.names_of(IDS)) == []


def test_an_archive_of_an_older_cecert_is_looked_through_once(folder: Path) -> None:
    FolderArchive(folder).put([(each, str(each).encode()) for each in IDS[:3]])
    shutil.rmtree(folder_beside(folder))
    assert len(FolderArchive(folder).names_of(IDS)) == 3
    assert list(Unlisted(folder).names_of(IDS[3:])) == []


def test_a_copied_archive_is_looked_through_again(folder: Path, tmp_path: Path) -> None:
    """A copy made while somebody issued may have a file whose id was not noted in it yet."""
    archive = FolderArchive(folder)
    archive.put([(IDS[0], b"a")])
    archive.put([(IDS[1], b"b")])
    noted = folder_beside(folder)
    (noted / str(IDS[1])).unlink()
    assert list(FolderArchive(folder).names_of([IDS[1]])) == []
    copy = Path(shutil.copytree(folder, tmp_path / "restored" / folder.name))
    shutil.copytree(noted, folder_beside(copy))
    assert len(FolderArchive(copy).names_of([IDS[1]])) == 1
    folder.rename(tmp_path / "before")
    shutil.copytree(copy, folder)
    assert len(FolderArchive(folder).names_of([IDS[1]])) == 1


def test_an_id_is_noted_before_its_document_is_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    archive = FolderArchive(folder)
    archive.put([(IDS[0], b"a")])
    monkeypatch.setattr("cecert.adapters.storage.archive.write_files", full)
    with pytest.raises(LedgerError, match="No space left"):
        archive.put([(IDS[1], b"b")])
    assert (folder_beside(folder) / str(IDS[1])).exists()


def test_it_is_readable_by_its_owner_only_and_no_stray(folder: Path) -> None:
    archive = FolderArchive(folder)
    names = archive.put([(each, str(each).encode()) for each in IDS])
    assert archive.names() == sorted(names)
    made = folder_beside(folder)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in made.iterdir()} == {0o600}


def test_threads_that_store_first_note_all_of_theirs(folder: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda each: FolderArchive(folder).put([(each, b"x")]), IDS))
    assert len(FolderArchive(folder).names_of(IDS)) == len(IDS)


def test_where_nothing_can_be_noted_the_folder_is_looked_through(folder: Path) -> None:
    folder_beside(folder).write_text("no folder")
    archive = FolderArchive(folder)
    with pytest.raises(LedgerError, match="Not a directory"):
        archive.put([(IDS[0], b"a")])
    folder_beside(folder).unlink()
    archive.put([(IDS[0], b"a")])
    shutil.rmtree(folder_beside(folder))
    folder_beside(folder).symlink_to(folder / "nowhere" / "else")
    archive.put([(IDS[1], b"b")])
    assert len(archive.names_of(IDS)) == 2
