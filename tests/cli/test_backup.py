"""An office goes into one file, and an office is made of it again."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import tomlkit

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as file:
        return set(file.namelist())


def test_an_office_is_restored_whole_and_issues_nothing_twice(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "office.zip"
    assert cecert("backup", str(backup), "--keys")[0] == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    status, out, err = cecert("restore", str(backup), str(tmp_path / "again"))
    assert (status, out) == (0, f"{tmp_path / 'again'}\n"), err
    assert "5 certificates, 0 findings" in err
    assert "cecert mail quarantine --since 20" in err
    before = {each.name: each.read_bytes() for each in Path("certificates").glob("*.pdf")}
    shutil.rmtree(Path.cwd(), ignore_errors=True)
    monkeypatch.chdir(tmp_path / "again")
    assert {each.name: each.read_bytes() for each in Path("certificates").glob("*.pdf")} == before
    status, _, err = cecert("issue", "course.toml", "completions.csv")
    assert "0 issued, 2 denied, 5 already issued" in err
    assert cecert("publish", "site")[0] == 0
    assert all(
        stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600)
        for each in [Path("keys"), *Path("keys").iterdir()]
    )


def test_keys_go_in_only_if_asked_for_and_secrets_never(cecert: Run, tmp_path: Path) -> None:
    Path("passphrase").write_text("correct horse battery\n")
    Path("passphrase").chmod(0o600)
    document = tomlkit.parse(Path("cecert.toml").read_text("utf-8"))
    document.setdefault("keys", tomlkit.table())["passphrase_file"] = "passphrase"
    Path("cecert.toml").write_text(tomlkit.dumps(document), "utf-8")
    for number, words in enumerate(((), ("--keys",))):
        path = tmp_path / f"{number}.zip"
        assert cecert("backup", str(path), *words)[0] == 0
        held = names(path)
        assert "passphrase" not in held
        assert any(each.endswith(".pem") for each in held) == bool(words)
        assert {"keys/trust.cose", "ledger.db", "cecert.toml", "course.toml"} <= held
    status, _, err = cecert("restore", str(tmp_path / "0.zip"), str(tmp_path / "again"))
    assert status == 0
    assert "no private keys are in it" in err
    assert f"{Path('passphrase').absolute()} held a secret and is not in it" in err
    assert "it is not audited yet" in err


def test_what_is_kept_elsewhere_is_restored_beside_the_rest(cecert: Run, tmp_path: Path) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    for each in ("ledger.db", "certificates", "keys"):
        shutil.move(each, apart / each)
    document = tomlkit.parse(Path("cecert.toml").read_text("utf-8"))
    document["ledger"] = {"url": f"sqlite:///{apart / 'ledger.db'}"}
    document["archive"] = {"path": str(apart / "certificates")}
    document["keys"] = {"path": str(apart / "keys")}
    Path("cecert.toml").write_text(tomlkit.dumps(document), "utf-8")
    assert cecert("backup", str(tmp_path / "b.zip"), "--keys")[0] == 0
    assert cecert("restore", str(tmp_path / "b.zip"), str(tmp_path / "again"))[0] == 0
    shutil.rmtree(apart)
    assert cecert("audit", "-c", str(tmp_path / "again" / "cecert.toml"))[0] == 0
    assert str(apart) not in (tmp_path / "again" / "cecert.toml").read_text("utf-8")


def test_nothing_that_is_there_is_ever_replaced(cecert: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"mine")
    status, _, err = cecert("backup", str(path))
    assert (status, path.read_bytes(), "is there already" in err) == (2, b"mine", True)
    path.unlink()
    assert cecert("backup", str(path))[0] == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert cecert("restore", str(path), str(tmp_path / "full"))[0] == 2
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["x"]
    (tmp_path / "empty").mkdir()
    assert cecert("restore", str(path), str(tmp_path / "empty"))[0] == 0


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy of a backup that somebody has changed."""
    with zipfile.ZipFile(path) as file:
        held = {name: file.read(name) for name in file.namelist()}
    change(held)
    made = path.with_name("changed.zip")
    with zipfile.ZipFile(made, "w") as file:
        for name, content in held.items():
            file.writestr(name, content)
    return made


def listing(held: dict[str, bytes], name: str, content: bytes) -> None:
    told = json.loads(held["backup.json"])
    digest = sha256(content).hexdigest()
    told["files"][name] = {"size": len(content), "sha256": digest}
    held["backup.json"] = json.dumps(told).encode()
    held[name] = content


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.update({"course.toml": held["course.toml"] + b"\n"}),
        lambda held: held.update({"more.txt": b"x"}),
        lambda held: held.pop("course.toml"),
        lambda held: held.pop("backup.json"),
        lambda held: held.update({"backup.json": b"[]"}),
        lambda held: held.update({"backup.json": b"{" * 100_000}),
        lambda held: held.update({"backup.json": held["backup.json"].replace(b": 1,", b": 9,", 1)}),
        lambda held: listing(held, "../evil.txt", b"x"),
        lambda held: listing(held, "/tmp/evil.txt", b"x"),  # it is never written
        lambda held: listing(held, "a/../../evil.txt", b"x"),
        lambda held: listing(held, "C:evil.txt", b"x"),
        lambda held: listing(held, "cecert.toml", b"\xff"),
    ],
    ids=[
        "changed", "added", "missing", "no list", "no object", "deep", "newer", "upwards",
        "absolute", "about", "drive", "no text",
    ],
)  # fmt: skip
def test_a_backup_that_was_changed_makes_no_office(
    cecert: Run, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    path = tmp_path / "b.zip"
    assert cecert("backup", str(path))[0] == 0
    changed = rewritten(path, change)
    before = sorted(tmp_path.iterdir())
    status, out, err = cecert("restore", str(changed), str(tmp_path / "again"))
    assert (status, out, "Traceback" in err) == (2, "", False)
    assert sorted(tmp_path.iterdir()) == before


def test_half_a_backup_a_link_and_no_backup_are_refused(cecert: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    assert cecert("backup", str(path))[0] == 0
    half = tmp_path / "half.zip"
    half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    damaged = tmp_path / "damaged.zip"
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    damaged.write_bytes(data)
    linked = tmp_path / "linked.zip"
    shutil.copy(path, linked)
    with zipfile.ZipFile(linked, "a") as file:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    for each in (half, damaged, linked, Path("course.toml"), tmp_path / "missing.zip"):
        status, _, err = cecert("restore", str(each), str(tmp_path / "again"))
        assert (status, (tmp_path / "again").exists()) == (2, False), err
