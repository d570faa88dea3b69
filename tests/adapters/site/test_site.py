"""The site's files: whole at any moment, one page without strangers, one bundle for all."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from cecert.adapters.site import (
    HEADERS,
    PAGE_HEADERS,
    SiteFolder,
    VerifySite,
    maker,
    reader_files,
)
from cecert.adapters.site.maker import READER_MODULE, READER_SCRIPT, SCRIPTS
from cecert.domain.token.outcome_words import page_words
from cecert.domain.token.verify import Outcome
from cecert.errors import ConfigurationError, InputError
from cecert.testing import MemoryOffice, sample_provider

TEMPLATES = Path(__file__).parents[3] / "templates"
TRUST = MemoryOffice().trust()
SITE = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu")


def page(**changes: object) -> str:
    trust = replace(TRUST, **changes)  # type: ignore[arg-type]  # fields by name
    return SITE.page(trust, b"trust", {3: b"list"}).decode()


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    loaded: dict[str, object] = json.loads(found[1])
    return loaded


def policy_of(html: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert found is not None
    return found[1].replace("&#39;", "'")


def test_the_page_carries_trust_file_lists_and_every_word() -> None:
    data = data_of(page())
    assert b64decode(str(data["trust"])) == b"trust"
    assert data["lists"] == {"3": b64encode(b"list").decode()}
    assert data["root"] == TRUST.root.thumbprint.hex()
    assert data["outcomes"] == page_words()
    assert set(page_words()) == {each.value for each in Outcome}


def test_the_page_takes_less_than_60_kb_on_its_way_and_its_comments_stay_here() -> None:
    html = page()
    assert len(gzip.compress(html.encode(), 9)) < 60_000
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert not re.search(r"^\s*(//|/\*)|^ |\n\n", script, re.MULTILINE)
    for each in SCRIPTS:  # no text goes on in the next line, where indentation would count
        lines = (TEMPLATES / "verify" / each).read_text("utf-8").splitlines()
        assert [line for line in lines if line.count("`") % 2] == []


def test_the_script_is_made_lean_once_for_all_pages_of_a_process() -> None:
    page()
    before = maker._lean.cache_info().misses
    assert page(status_bases=("https://elsewhere.example/",)) != page()
    assert maker._lean.cache_info().misses == before


def test_only_the_pages_own_script_and_style_may_run() -> None:
    html = page()
    policy = policy_of(html)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for element, source in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}'" in policy


def test_a_reader_of_codes_may_run_by_its_digest_where_the_site_has_one() -> None:
    script = b"var ZXingWASM = 1;"
    reader = {READER_SCRIPT: script, READER_MODULE: b"", "reader/LICENSE.txt": b""}
    site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu", reader=reader)
    html = site.page(TRUST, b"trust", {}).decode()
    digest = f"sha256-{b64encode(sha256(script).digest()).decode()}"
    assert f"'{digest}' 'wasm-unsafe-eval'" in policy_of(html)
    assert "; trusted-types cecert" in policy_of(html)
    assert data_of(html)["reader"] == {
        "script": READER_SCRIPT, "module": READER_MODULE, "scriptDigest": digest,
        "moduleDigest": f"sha256-{b64encode(sha256(b'').digest()).decode()}",
    }  # fmt: skip
    assert "; require-trusted-types-for 'script'; trusted-types 'none'" in policy_of(page())
    assert data_of(page())["reader"] is None


def test_a_reader_that_is_not_whole_is_none(tmp_path: Path) -> None:
    for name in ("zxing_reader.js", "zxing_reader.wasm"):
        (tmp_path / name).write_bytes(b"x")
        assert reader_files(tmp_path) == {}
    (tmp_path / "LICENSE.txt").write_bytes(b"x")
    assert set(reader_files(tmp_path)) == {READER_SCRIPT, READER_MODULE, "reader/LICENSE.txt"}


HOSTING = Path(__file__).parents[3] / "docs" / "how-to" / "host-the-verify-page.md"


def test_hosts_are_told_the_same_headers_in_each_ones_words() -> None:
    words = HOSTING.read_text("utf-8")
    for name, value in PAGE_HEADERS.items():
        assert f"  {name}: {value}\n" in HEADERS.decode()
        assert f'add_header {name} "{value}" always;' in words
        assert f'Header always set {name} "{value}"' in words


def test_only_the_status_hosts_may_be_asked() -> None:
    policy = policy_of(
        page(
            status_bases=(
                "https://verify.example.edu/status/", "http://127.0.0.1:8080/s/",
                "javascript:alert(1)", "https:///no-host", "https://verify.example.edu/other/",
            )
        )
    )  # fmt: skip
    assert "connect-src 'self' http://127.0.0.1:8080 https://verify.example.edu;" in policy


def test_nothing_comes_from_elsewhere() -> None:
    html = page()
    assert not re.search(r"""\b(src|href)=["']?(https?:)?//""", html)
    assert "@import" not in html
    assert "url(" not in html


def test_values_of_the_provider_cannot_end_their_element() -> None:
    hostile = replace(sample_provider(), name="</script><b>", office="<i>", timezone="</script>")
    html = VerifySite(TEMPLATES, hostile, "h").page(TRUST, b"", {}).decode()
    assert "<b>" not in html
    assert "<i>" not in html
    assert data_of(html)["zone"] == "</script>"


def test_the_same_content_is_the_same_bytes() -> None:
    again = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu")
    assert again.page(TRUST, b"trust", {3: b"list"}).decode() == page()
    assert again.bundle({"b": b"2", "a": b"1"}) == SITE.bundle({"a": b"1", "b": b"2"})


def test_the_bundle_stores_its_files_as_they_are() -> None:
    with ZipFile(BytesIO(SITE.bundle({"status/3.st": b"list"}))) as bundle:
        (member,) = bundle.infolist()
        assert (member.filename, member.compress_type) == ("status/3.st", ZIP_STORED)
        assert bundle.read(member) == b"list"


def test_another_language_is_another_file(tmp_path: Path) -> None:
    folder = tmp_path / "verify"
    folder.mkdir()
    for each in (TEMPLATES / "verify").iterdir():
        (folder / each.name).write_bytes(each.read_bytes())
    texts = (
        (folder / "en.toml")
        .read_text("utf-8")
        .replace('page = "Certificate check"', 'page = "Prueba"')
    )
    words = '\n[outcomes.VALID]\nheadline = "VÁLIDO"\nsentence = "s"\nadvice = "a"\n'
    (folder / "es.toml").write_text(texts + words, "utf-8")
    html = VerifySite(tmp_path, sample_provider(), "h", "es").page(TRUST, b"", {}).decode()
    assert "<title>Prueba</title>" in html
    outcomes = data_of(html)["outcomes"]
    assert isinstance(outcomes, dict)
    assert outcomes["VALID"]["headline"] == "VÁLIDO"
    assert outcomes["REVOKED"] == page_words()["REVOKED"]


@pytest.mark.parametrize("language", ["xx", "broken"])
def test_texts_that_cannot_be_read_are_named(language: str, tmp_path: Path) -> None:
    (tmp_path / "verify").mkdir()
    (tmp_path / "verify" / "broken.toml").write_bytes(b"= \xff")
    with pytest.raises(ConfigurationError, match=rf"{language}\.toml cannot be used"):
        VerifySite(tmp_path, sample_provider(), "h", language)


def test_files_are_published_for_everybody_and_left_alone_when_true(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path / "www")
    files = {"status/3.st": b"list", "index.html": b"page"}
    assert site.read("index.html") is None
    assert site.put(files) == ["status/3.st", "index.html"]
    assert site.put({**files, "index.html": b"newer"}) == ["index.html"]
    assert site.read("index.html") == b"newer"
    mode = (tmp_path / "www" / "status" / "3.st").stat().st_mode
    assert stat.S_IMODE(mode) == 0o644
    assert [each.name for each in (tmp_path / "www").iterdir() if each.name.startswith(".")] == []


def test_a_place_that_cannot_be_written_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "status").write_bytes(b"a file")
    site = SiteFolder(tmp_path)
    with pytest.raises(InputError, match=r"status/3\.st cannot be read"):
        site.put({"status/3.st": b"list"})
    (tmp_path / "index.html").mkdir()
    with pytest.raises(InputError, match=r"index\.html cannot be read"):
        site.put({"index.html": b"page"})
    assert (tmp_path / "status").read_bytes() == b"a file"


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SiteFolder(tmp_path)
    site.put({"index.html": b"old"})

    def full(_: Path, __: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(InputError, match="No space left on device") as raised:
        site.put({"index.html": b"new"})
    assert "still is" in raised.value.hint
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]
    assert site.read("index.html") == b"old"


def test_a_new_name_is_on_the_disk_before_the_next_file_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page must not be there after a power cut that took the lists it shows.
    done: list[object] = []
    sync, replace_ = os.fsync, Path.replace

    def synced(handle: int) -> None:
        sync(handle)
        done.append(os.fstat(handle).st_ino)

    def replaced(self: Path, target: Path) -> Path:
        done.append(target.name)
        return replace_(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    site = tmp_path / "new" / "site"
    SiteFolder(site).put({"status/3.st": b"list", "index.html": b"page"})
    place = {
        each: (site / each).stat().st_ino for each in ("", "status", "status/3.st", "index.html")
    }
    above = [tmp_path.stat().st_ino, (tmp_path / "new").stat().st_ino, place[""]]
    assert done == [
        *above,
        place["status/3.st"], "3.st", place["status"],
        place["index.html"], "index.html", place[""],
    ]  # fmt: skip


def test_files_in_no_order_have_their_names_once_the_bytes_of_all_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    sync, replace_ = os.fsync, Path.replace

    def synced(handle: int) -> None:
        sync(handle)
        done.append(os.fstat(handle).st_ino)

    def replaced(self: Path, target: Path) -> Path:
        done.append(target.name)
        return replace_(self, target)

    site = tmp_path / "site"
    files = {f"log/tile/0/{number:03}": bytes([number]) * 9 for number in range(20)}
    files["log/index/0000.ix"] = b"bucket"
    SiteFolder(site).put({"log/tile/0/999": b"", "log/index/0001.ix": b""})
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    SiteFolder(site).add(files)
    inodes = {(site / each).stat().st_ino for each in files}
    folders = {(site / each).stat().st_ino for each in ("log/tile/0", "log/index")}
    assert set(done[:21]) == inodes
    assert done[21:42] == [each.rpartition("/")[2] for each in files]
    assert set(done[42:]) == folders
    assert len(done) == 44
    for name, content in files.items():
        assert (site / name).read_bytes() == content
        assert stat.S_IMODE((site / name).stat().st_mode) == 0o644


def test_files_that_cannot_be_added_leave_nothing_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(InputError, match="No space left on device"):
        SiteFolder(tmp_path).add({"log/a": b"a", "log/b": b"b"})
    assert list((tmp_path / "log").iterdir()) == []


def test_a_pipe_in_the_site_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "index.html")
    with pytest.raises(InputError, match=r"index\.html cannot be read: it is no plain file"):
        SiteFolder(tmp_path).put({"index.html": b"a page"})
