"""The archive: whole or not there, never rewritten, and what rots is noticed."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from cecert.adapters.storage.archive import FolderArchive
from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError

ID = CertificateId.parse("3K50-VMEJ-KFZV-NS3G")
PDF = b"%PDF-1.7 a document"
FLAT = f"{ID}-{sha256(PDF).hexdigest()[:16]}.pdf"
"""As cecerts of before named it."""
NAME = f"3K/{FLAT}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificates"


def test_a_document_is_kept_under_its_id_and_digest(folder: Path) -> None:
    archive = FolderArchive(folder)
    assert archive.put([(ID, PDF)]) == [NAME]
    assert archive.get(NAME) == PDF
    assert archive.names() == [NAME]
    assert (folder.stat().st_mode & 0o777, (folder / NAME).stat().st_mode & 0o777) == (
        0o700, 0o600,
    )  # fmt: skip


def test_folders_that_are_made_are_the_owner_s_only(tmp_path: Path) -> None:
    make_folder(tmp_path / "one" / "two")
    made = (tmp_path / "one", tmp_path / "one" / "two")
    assert [each.stat().st_mode & 0o777 for each in made] == [0o700, 0o700]


def test_storing_it_again_writes_nothing(folder: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    before = (folder / NAME).stat().st_mtime_ns, (folder / NAME).stat().st_ino
    assert archive.put([(ID, PDF)]) == [NAME]
    assert ((folder / NAME).stat().st_mtime_ns, (folder / NAME).stat().st_ino) == before


def test_two_drawings_of_one_certificate_do_not_meet(folder: Path) -> None:
    archive = FolderArchive(folder)
    assert len(set(archive.put([(ID, PDF), (ID, PDF + b" drawn again")]))) == 2
    assert len(archive.names()) == 2


def test_what_stands_under_the_name_is_never_overwritten(folder: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    (folder / NAME).write_bytes(b"something else")
    with pytest.raises(LedgerError, match="holds another document") as caught:
        archive.put([(ID, PDF)])
    assert "backup" in caught.value.hint
    assert (folder / NAME).read_bytes() == b"something else"


def test_a_missing_and_a_damaged_document_are_told_apart(folder: Path) -> None:
    archive = FolderArchive(folder)
    with pytest.raises(LedgerError, match="is missing from the archive"):
        archive.get(NAME)
    archive.put([(ID, PDF)])
    (folder / NAME).write_bytes(PDF[:-1])
    with pytest.raises(LedgerError, match="is damaged: its SHA-256 begins with"):
        archive.get(NAME)
    (folder / NAME).unlink()
    (folder / NAME).mkdir()
    with pytest.raises(LedgerError, match="cannot be read: Is a directory"):
        archive.get(NAME)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "/etc/passwd",
        f"../{NAME}",
        NAME.lower(),
        f"{NAME}\n",
        f"7Q/{FLAT}",
        FLAT.replace("3", "I", 1),
        f"3K/{NAME}",
    ],
)
def test_no_other_file_can_be_read_or_removed_by_name(folder: Path, name: str) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    for act in (archive.get, archive.discard):
        with pytest.raises(LedgerError, match="no name of a document"):
            act(name)
    assert archive.names() == [NAME]


def test_a_discarded_document_is_gone_and_discarding_again_is_no_fault(folder: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    archive.discard(NAME)
    archive.discard(NAME)
    assert archive.names() == []
    (folder / NAME).mkdir()
    with pytest.raises(LedgerError, match="cannot be removed"):
        archive.discard(NAME)


def test_strays_are_named_and_a_missing_folder_is_a_fault(folder: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read: No such file"):
        FolderArchive(folder).names()
    folder.mkdir()
    (folder / "notes.txt").touch()
    assert FolderArchive(folder).names() == ["notes.txt"]


def test_a_folder_that_is_a_file_promises_nothing(folder: Path) -> None:
    folder.touch()
    with pytest.raises(LedgerError, match="cannot be written") as caught:
        FolderArchive(folder).put([(ID, PDF)])
    assert "nothing was promised" in caught.value.hint


def test_a_full_disk_leaves_no_part_of_a_document(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        del handle
        raise OSError(28, "No space left on device")

    make_folder(folder)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left on device"):
        FolderArchive(folder).put([(ID, PDF)])
    assert FolderArchive(folder).names() == []


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_file(tmp_path / "file", "text")  # type: ignore[arg-type]  # the point of it
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_file(path, b"first")
    path.chmod(0o644)
    write_file(path, b"second")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"second", 0o600)

    def stopped(self: Path, target: Path) -> Path:
        del self, target
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_file(path, b"third")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("file", b"second")]


def test_a_link_in_the_archive_is_told_and_not_followed(folder: Path, tmp_path: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    (folder / NAME).rename(tmp_path / "elsewhere.pdf")
    (folder / NAME).symlink_to(tmp_path / "elsewhere.pdf")
    with pytest.raises(LedgerError, match="cannot be read: it is a link, which is not followed"):
        archive.get(NAME)
    with pytest.raises(LedgerError, match="it is a link, which is not followed"):
        archive.put([(ID, PDF)])
    archive.discard(NAME)
    assert (tmp_path / "elsewhere.pdf").read_bytes() == PDF


def test_a_folder_of_documents_that_is_a_link_is_told_and_makes_no_orphans(
    folder: Path, tmp_path: Path
) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    (folder / "3K").rename(tmp_path / "elsewhere")
    (folder / "3K").symlink_to(tmp_path / "elsewhere")
    assert archive.names() == [NAME]
    assert list(archive.foreign()) == [("3K", f"it is a link to {tmp_path / 'elsewhere'}")]


def test_a_link_that_leads_nowhere_is_no_place_for_a_document(folder: Path, tmp_path: Path) -> None:
    (folder / "3K").mkdir(parents=True)
    (folder / NAME).symlink_to(tmp_path / "nothing.pdf")
    with pytest.raises(LedgerError, match="it is a link, which is not followed"):
        FolderArchive(folder).put([(ID, PDF)])
    assert not (tmp_path / "nothing.pdf").exists()


def test_a_pipe_in_the_archive_is_told_and_not_waited_for(folder: Path) -> None:
    (folder / "3K").mkdir(parents=True)
    os.mkfifo(folder / NAME)
    with pytest.raises(LedgerError, match="cannot be read: it is no plain file"):
        FolderArchive(folder).get(NAME)


def test_an_archive_that_is_a_link_is_the_folder_it_leads_to(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "big disk").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "big disk")
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    assert archive.get(NAME) == PDF
    assert list(archive.foreign()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_named(folder: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    assert list(archive.foreign()) == []
    os.chown(folder / NAME, 12345, -1)
    assert list(archive.foreign()) == [(NAME, "it is owned by uid 12345, and the archive by root")]


def test_a_link_among_the_noted_ids_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    other = CertificateId.parse("7Q2M-X4KD-9VTR-H3NP")
    (folder.with_name(f".{folder.name}.made") / str(other)).symlink_to(tmp_path / "made")
    with pytest.raises(LedgerError, match="cannot be written"):
        archive.put([(other, PDF)])
    assert not (tmp_path / "made").exists()


def test_what_a_cecert_of_before_stored_lies_where_it_was(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / FLAT).write_bytes(PDF)
    archive = FolderArchive(folder)
    assert archive.get(FLAT) == PDF
    assert archive.names_of([ID]) == [FLAT]
    assert archive.put([(ID, PDF)]) == [FLAT], "it is not stored twice"
    (drawn,) = archive.put([(ID, PDF + b" again")])
    assert archive.names() == archive.names_of([ID]) == [drawn, FLAT]
    assert drawn.startswith(f"3K/{ID}-")
    archive.discard(FLAT)
    assert archive.names() == [drawn]


def test_no_folder_grows_with_the_archive(folder: Path) -> None:
    ids = [CertificateId(sha256(bytes([n])).digest()[:10]) for n in range(200)]
    names = FolderArchive(folder).put([(each, PDF) for each in ids])
    assert list(names) == [f"{str(i)[:2]}/{i}-{FLAT[20:]}" for i in ids]
    inside = [len(list(each.iterdir())) for each in folder.iterdir()]
    assert (sum(inside), max(inside) < 5, len(inside) > 150) == (200, True, True)


def test_strays_in_folders_are_named_with_them(folder: Path, tmp_path: Path) -> None:
    archive = FolderArchive(folder)
    archive.put([(ID, PDF)])
    (folder / "3K" / "notes.txt").touch()
    (folder / "7Q").symlink_to(tmp_path / "nowhere")
    (folder / "more").mkdir()
    assert archive.names() == [NAME, "3K/notes.txt", "7Q", "more"]
