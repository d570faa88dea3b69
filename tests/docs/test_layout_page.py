"""The how-to adds a layout: what it shows is done here, from its own text."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import page as referee
import pytest
import tomlkit
from boxes import overlap
from certificate_samples import HARD_NAME, HARD_TITLE, ROOT, certificate, sealer

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render import renderer as rendering
from cecert.adapters.render.layout.page import Drawn, inks
from cecert.domain.certificate.certificate import Certificate, Paper

PAGE = ROOT / "docs/how-to/add-a-layout.md"


def example(name: str) -> str:
    found = re.search(
        rf"<!-- example: {name} -->\n```\w*\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    assert found is not None
    return found[1]


def laid_over(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a layout's figures with those that the page changes."""
    merged = dict(base)
    for key, value in changes.items():
        inside = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = laid_over(merged[key], value) if inside else value
    return merged


@pytest.fixture
def renderer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CertificateRenderer:
    """Return a renderer to which the page's layout was added as the page says."""
    layouts = tmp_path / "templates/layouts"
    shutil.copytree(ROOT / "templates/layouts", layouts)
    shutil.copytree(ROOT / "templates/certificate", tmp_path / "templates/certificate")
    figures = tomllib.loads((layouts / "modern.toml").read_text("utf-8"))
    changed = laid_over(figures, tomllib.loads(example("frost.toml")))
    (layouts / "frost.toml").write_text(tomlkit.dumps(changed), "utf-8")
    module = ModuleType("frost")
    exec(compile(example("frost.py"), "frost.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "frost", module)
    tables = {"_COMPOSERS": dict(rendering._COMPOSERS), "_SEALS": dict(rendering._SEALS)}
    exec(example("entry"), {**module.__dict__, **tables})
    for name, table in tables.items():
        monkeypatch.setattr(rendering, name, table)
    return CertificateRenderer(templates=tmp_path / "templates", fonts=ROOT / "fonts")


KINDS: dict[str, Callable[[], Certificate]] = {
    "usual": certificate,
    "hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "two pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "attendance": lambda: certificate(lines=0),
    "A4": lambda: replace(certificate(), paper=Paper.A4),
}


def frost(drawn: Certificate) -> Certificate:
    return replace(drawn, layout="frost/1")


@pytest.mark.parametrize("kind", KINDS)
def test_the_layout_of_the_page_draws_and_conforms(
    renderer: CertificateRenderer, kind: str
) -> None:
    drawn = frost(KINDS[kind]())
    sealed = sealer().seal(renderer.draw(drawn), drawn.issued_at)
    for profile in ("PDF_A_3U", "PDF_UA_1"):
        standard = getattr(referee.ValidationProfile, profile)
        report = referee.validate_pdf_bytes(sealed, profile=standard)
        assert [each.rule_id for each in report.failures] == []
    said = " ".join(
        ink.shaped.text for each in renderer.pages(drawn, specimen=False) for ink in inks(each)
    )
    assert drawn.recipient.name in " ".join(said.split())


def test_its_rule_stands_where_the_page_says_and_no_text_on_it(
    renderer: CertificateRenderer,
) -> None:
    (page,) = renderer.pages(frost(certificate()), specimen=False)
    drawn = page.behind[-1]
    assert isinstance(drawn, Drawn)
    rule = drawn.box
    assert (rule.left + rule.right) / 2 == pytest.approx(164)
    assert not any(overlap(ink.box, rule) for ink in inks(page))


def test_what_a_course_shares_is_one_object_for_two_people(renderer: CertificateRenderer) -> None:
    ana = frost(certificate())
    bo = replace(ana, recipient=replace(ana.recipient, participant="p-2", name="Bo Lee"))
    (one,), (other,) = (renderer.pages(each, specimen=False) for each in (ana, bo))
    assert one.behind is other.behind
