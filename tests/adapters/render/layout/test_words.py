"""The words of a certificate stand in one file, and each of them is used."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from certificate_samples import ROOT, certificate, equal_sessions

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import inks
from cecert.adapters.tables.toml import read_toml

WORDS = read_toml(ROOT / "templates" / "certificate" / "en.toml")
RENDER = ROOT / "src" / "cecert" / "adapters" / "render"


def test_every_word_of_the_file_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in RENDER.rglob("*.py"))
    quoted = set(re.findall(r"[\"']([a-z_0-9]+)[\"']", source)) | {"label_instructors"}
    quoted |= {"label_instructor"}
    assert set(WORDS) - quoted == set()


def test_no_sentence_of_the_file_stands_in_the_code() -> None:
    source = "\n".join(path.read_text("utf-8") for path in RENDER.rglob("*.py"))
    long = [text for text in WORDS.values() if len(text.split()) > 3 and "{" not in text]
    assert [text for text in long if text in source] == []


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
@pytest.mark.parametrize("lines", [0, 3, 6])
def test_another_language_is_another_file(tmp_path: Path, layout: str, lines: int) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    path = templates / "certificate" / "en.toml"
    # Each text of the file is marked; what is drawn without a mark is somebody's data.
    text = re.sub(r'(?m)^(\w+ = ")(\w)', "\\1\u00a7\\2", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    drawer = CertificateRenderer(templates=templates, fonts=ROOT / "fonts")
    drawn = replace(certificate(lines=lines, sessions=equal_sessions(5)), layout=layout)
    plain = CertificateRenderer(templates=ROOT / "templates", fonts=ROOT / "fonts")
    said = {each.shaped.text.strip() for page in drawer.pages(drawn, specimen=False)
            for each in inks(page)}  # fmt: skip
    usual = {each.shaped.text.strip() for page in plain.pages(drawn, specimen=False)
             for each in inks(page)}  # fmt: skip
    words = {text for text in WORDS.values() if "{" not in text}
    assert not said & words
    assert usual & words
