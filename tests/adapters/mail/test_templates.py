"""Templates are compiled once a process, each for its own bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import Environment
from mail_office import TEMPLATES, account

from cecert.adapters.mail import TemplateMailWriter
from cecert.adapters.mail.templates import MailTemplates, rendered
from cecert.errors import ConfigurationError
from cecert.testing import sample_provider


def test_a_second_writer_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    TemplateMailWriter(TEMPLATES, account(25), sample_provider())
    parsed: list[str] = []
    monkeypatch.setattr(Environment, "_parse", lambda _, source, *__: parsed.append(source))
    TemplateMailWriter(TEMPLATES, account(25), sample_provider())
    assert parsed == []


def test_a_template_that_was_changed_is_another_whatever_its_time_and_size_say(
    tmp_path: Path,
) -> None:
    template, word = tmp_path / "a.txt", frozenset({"word"})

    def said(source: str) -> str:
        template.write_text(source, "utf-8")
        os.utime(template, (1, 1))
        return rendered(MailTemplates([tmp_path]).load("a.txt", word), {"word": "Ana"})

    assert [said("to {{ word }}"), said("by {{ word }}")] == ["to Ana", "by Ana"]
    with pytest.raises(ConfigurationError) as refused:
        said("by {{ name }}")
    assert refused.value.faults[0].value == "name"


def test_of_two_folders_the_first_has_its_own_words(tmp_path: Path) -> None:
    folders = [tmp_path / each for each in ("own", "shipped")]
    for each in folders:
        each.mkdir()
        (each / "a.txt").write_text(f"the {each.name} one", "utf-8")
    assert rendered(MailTemplates(folders).load("a.txt", frozenset()), {}) == "the own one"
    assert rendered(MailTemplates(folders[1:]).load("a.txt", frozenset()), {}) == "the shipped one"
