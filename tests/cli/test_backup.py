"""An office goes into one file, and an office is made of it again."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Mapping
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
    before = {each.name: each.read_bytes() for each in Path("certificates").glob("*/*.pdf")}
    shutil.rmtree(Path.cwd(), ignore_errors=True)
    monkeypatch.chdir(tmp_path / "again")
    assert {each.name: each.read_bytes() for each in Path("certificates").glob("*/*.pdf")} == before
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


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
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


def sized(held: dict[str, bytes], size: str) -> None:
    digest = sha256(b"x").hexdigest()
    more = f'"more.txt": {{"size": {size}, "sha256": "{digest}"}}, '
    held["backup.json"] = held["backup.json"].replace(b'"files": {', f'"files": {{{more}'.encode())
    held["more.txt"] = b"x"


CHANGES: Mapping[str, Callable[[dict[str, bytes]], object]] = {
    "changed": lambda held: held.update({"course.toml": held["course.toml"] + b"\n"}),
    "added": lambda held: held.update({"more.txt": b"x"}),
    "missing": lambda held: held.pop("course.toml"),
    "no list": lambda held: held.pop("backup.json"),
    "no object": lambda held: held.update({"backup.json": b"[]"}),
    "deep": lambda held: held.update({"backup.json": b"{" * 100_000}),
    "newer": lambda held: told_otherwise(held, format=9),
    "upwards": lambda held: listing(held, "../evil.txt", b"x"),
    "absolute": lambda held: listing(held, "/tmp/evil.txt", b"x"),  # it is never written
    "about": lambda held: listing(held, "a/../../evil.txt", b"x"),
    "drive": lambda held: listing(held, "C:evil.txt", b"x"),
    "no text": lambda held: listing(held, "cecert.toml", b"\xff"),
    "no tables": lambda held: listing(held, "cecert.toml", b"archive = 1\nkeys = [2]\n"),
    "endless": lambda held: sized(held, "1e999"),
    "less than nothing": lambda held: sized(held, "-2"),
    "no list of secrets": lambda held: told_otherwise(held, secrets=5),
    "a time nowhere": lambda held: told_otherwise(held, made_at="0001-01-01T00:00:00+05:00"),
}  # fmt: skip


def told_otherwise(held: dict[str, bytes], **facts: object) -> None:
    held["backup.json"] = json.dumps(json.loads(held["backup.json"]) | facts).encode()


def test_a_backup_that_was_changed_makes_no_office(cecert: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    assert cecert("backup", str(path))[0] == 0
    for case, change in CHANGES.items():
        changed = rewritten(path, change)
        before = sorted(tmp_path.iterdir())
        status, out, err = cecert("restore", str(changed), str(tmp_path / "again"))
        assert (status, out, "Traceback" in err) == (2, "", False), case
        assert sorted(tmp_path.iterdir()) == before, case


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


def keep_seal(place: str) -> None:
    """Name an institution's seal, and keep other private keys where offices have them, too."""
    Path(place).write_bytes(b"a seal")
    Path("keys.old").mkdir()
    shutil.copy("keys/token-1.pem", "keys.old/token-1.pem")
    Path("keys.old/Other.PFX").write_bytes(b"a key")
    document = tomlkit.parse(Path("cecert.toml").read_text("utf-8"))
    document["keys"]["seal"] = place
    Path("cecert.toml").write_text(tomlkit.dumps(document), "utf-8")


def private_names(path: Path) -> set[str]:
    return {each for each in names(path) if each.casefold().endswith((".pem", ".p12", ".pfx"))}


def test_no_private_key_is_in_a_backup_without_keys_wherever_it_is_kept(
    cecert: Run, tmp_path: Path
) -> None:
    keep_seal("institution.p12")
    assert cecert("backup", "with.zip", "--keys")[0] == 0
    assert {"institution.p12", "keys.old/token-1.pem"} <= private_names(Path("with.zip"))
    assert cecert("backup", str(tmp_path / "b.zip"))[0] == 0
    assert private_names(tmp_path / "b.zip") == set()
    assert "with.zip" not in names(tmp_path / "b.zip"), "a backup with keys was in one without"


def test_a_seal_that_is_kept_elsewhere_is_restored_beside_the_keys(
    cecert: Run, tmp_path: Path
) -> None:
    (tmp_path / "apart").mkdir()
    keep_seal(str(tmp_path / "apart" / "institution.p12"))
    assert cecert("backup", str(tmp_path / "b.zip"), "--keys")[0] == 0
    cecert("restore", str(tmp_path / "b.zip"), str(tmp_path / "again"))
    restored = tomlkit.parse((tmp_path / "again" / "cecert.toml").read_text("utf-8"))
    assert restored["keys"]["seal"] == "keys/institution.p12"
    assert (tmp_path / "again" / "keys" / "institution.p12").read_bytes() == b"a seal"


def test_what_an_office_uses_and_its_backup_lacks_is_told(cecert: Run, tmp_path: Path) -> None:
    assert "is not in it" not in cecert("backup", str(tmp_path / "a.zip"), "--keys")[2]
    apart = tmp_path / "apart"
    apart.mkdir()
    shutil.move("signature.png", apart / "signature.png")
    Path("signature.png").symlink_to(apart / "signature.png")
    Path("courses").mkdir()
    Path("courses/linked").symlink_to(apart)
    (apart / "logo.png").write_bytes((apart / "signature.png").read_bytes())
    document = tomlkit.parse(Path("cecert.toml").read_text("utf-8"))
    document["certificate"]["logo"] = str(apart / "logo.png")
    document["regimes"] = {"path": str(apart)}
    Path("cecert.toml").write_text(tomlkit.dumps(document), "utf-8")
    status, _, err = cecert("backup", str(tmp_path / "b.zip"))
    assert status == 0
    for link in ("signature.png", "courses/linked"):
        assert f"note: {Path(link).absolute()} is a link, and is not in it" in err
    for each in (apart / "logo.png", apart):
        assert f"note: {each} lies outside the office's folder, and is not in it" in err


def test_a_backup_that_has_nowhere_to_go_is_refused(cecert: Run, tmp_path: Path) -> None:
    for folder in (tmp_path / "missing", Path("course.toml").absolute()):
        status, _, err = cecert("backup", str(folder / "b.zip"))
        assert status == 2
        assert "b.zip cannot be written: " in err


def test_a_restored_office_is_audited_on_its_own_ledger(
    cecert: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cecert("backup", str(tmp_path / "b.zip"))[0] == 0
    live = Path("ledger.db").absolute()
    shutil.rmtree("certificates")
    live.unlink()
    monkeypatch.setenv("CECERT_LEDGER_URL", f"sqlite:///{live}")
    status, _, err = cecert("restore", str(tmp_path / "b.zip"), str(tmp_path / "again"))
    assert (status, "5 certificates, 0 findings" in err) == (0, True), err
    assert "CECERT_LEDGER_URL leads to another ledger: unset it" in err


def test_a_site_in_the_office_s_own_folder_leaves_nothing_out(cecert: Run, tmp_path: Path) -> None:
    # A cecert of before published there, and noted it.
    Path(".published").write_text(f"{Path.cwd()}\n", "utf-8")
    assert cecert("backup", str(tmp_path / "b.zip"))[0] == 0
    assert {"cecert.toml", "course.toml", "completions.csv"} <= names(tmp_path / "b.zip")
    assert cecert("publish", "site")[0] == 0
    assert cecert("backup", str(tmp_path / "c.zip"))[0] == 0
    assert not any(each.startswith("site/") for each in names(tmp_path / "c.zip"))
