"""The words of mails stand in one file: no template and no module beside it has a sentence."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from mail_office import SAY, TEMPLATES, account, issued

from cecert.adapters.mail import TemplateMailWriter
from cecert.adapters.mail import write as write_module
from cecert.adapters.mail.check import HEADERS
from cecert.domain.mail import digest as digest_module
from cecert.domain.mail import letter_words as letters_module
from cecert.domain.mail import words as words_module
from cecert.domain.mail.digest import Digest, DigestLine
from cecert.domain.mail.message import MailState
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_provider

TEMPLATE_FILES = sorted(path for path in (TEMPLATES / "mail").iterdir() if path.suffix != ".toml")
MODULES = [
    Path(str(each.__file__)) for each in (words_module, letters_module, digest_module, write_module)
]
"""Those that put words into mails; what they raise is for the office, and no mail."""

OFFICE = MemoryOffice()
(ENTRY,) = issued(OFFICE, 1, credentials=("ny-social-work", "ma-social-work", "apa-psychology"))


def is_english(text: str) -> bool:
    """Say whether a text is more than a name: a word with a capital, or beside white or a stop."""
    return bool(re.search(r"\b[A-Z][a-z]|[a-z]{2,}(?: |[.,!?](?: |$))|[ ][a-z]{2,}", text))


def sentences_of_template(source: str) -> Iterator[str]:
    source = re.sub(r"(?s)\{#.*?#\}", "", source)
    for code in re.findall(r"(?s)\{\{.*?\}\}|\{%.*?%\}", source):
        yield from (each for each in re.findall(r'"([^"]*)"', code) if is_english(each))
    text = re.sub(r"(?s)\{\{.*?\}\}|\{%.*?%\}|<style>.*?</style>|<[^>]*>", "\n", source)
    yield from (each for each in text.splitlines() if re.search(r"[A-Za-z]", each))


def test_no_template_has_a_sentence_of_its_own() -> None:
    assert {path.name for path in TEMPLATE_FILES} == {
        "certificate.txt", "certificate.html", "denied.txt", "denied.html", "digest.txt",
        "frame.html", "remind.txt", "remind.html", "revoked.txt", "revoked.html",
    }  # fmt: skip
    found = {
        path.name: list(sentences_of_template(path.read_text("utf-8"))) for path in TEMPLATE_FILES
    }
    # A style of CSS, which is no word of anybody's.
    assert found.pop("frame.html") == ["solid "]
    assert not any(found.values()), found


@pytest.mark.parametrize(
    "template",
    ["Dear {{ name }},", '{{ ("Dear " ~ name) | fold }}', "<p>Hello</p>", '{{ "Thank you." }}'],
)
def test_a_sentence_in_a_template_is_found(template: str) -> None:
    assert list(sentences_of_template(template))


def sentences_of_module(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    passed = set[int]()
    for node in ast.walk(tree):
        told = isinstance(node, ast.Raise | ast.Yield) or (
            isinstance(node, ast.Call) and ast.unparse(node.func) in {"Fault", "re.compile"}
        )
        names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if told or names or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            passed |= {id(each) for each in ast.walk(node)}
    left = (each for each in ast.walk(tree) if id(each) not in passed)
    texts = (each.value for each in left if isinstance(each, ast.Constant))
    yield from (each for each in texts if isinstance(each, str) and is_english(each))


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_no_module_has_a_sentence_of_its_own(path: Path) -> None:
    # A header by its name is no word of anybody's, and what a mail may not have no mail says.
    found = [HEADER.sub("", each) for each in sentences_of_module(path.read_text("utf-8"))]
    assert {each for each in found if is_english(each)} - OF_ERRORS == set()


HEADER = re.compile(rf"(?:^|(?<=\n))<?(?:{'|'.join(HEADERS)}|digest\.)(?:$|: ?)")
OF_ERRORS = frozenset({
    "mail template ", "cannot be used: ", "is no word of a mail", "it may use ", "holds '=?'",
})  # fmt: skip


def test_a_sentence_in_a_module_is_found() -> None:
    source = 'def subject(what): return f"Your {what} is here"\n'
    assert list(sentences_of_module(source)) == ["Your ", " is here"]


def test_every_word_of_the_file_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (*TEMPLATE_FILES, *MODULES))
    used = set(re.findall(r"say\.([a-z_]+)", source)) | set(re.findall(r"\"([a-z_]+)\"", source))
    facts = {f"fact_{each}" for each in used}
    states = {f"state_{each.value}" for each in MailState} | {"state_deferred"}
    assert set(SAY) - used - facts - states == set()


def marked(folder: Path) -> TemplateMailWriter:
    """Return a writer in another language: English, each text of which begins with a mark."""
    templates = folder / "templates"
    shutil.copytree(TEMPLATES / "mail", templates / "mail")
    path = templates / "mail" / "en.toml"
    text = re.sub(
        r'(?m)^(\w+ = ")(?!\{(?:what|count)\} [-{]|\[)', "\\1\u00a7", path.read_text("utf-8")
    )
    path.write_text(text, "utf-8")
    return TemplateMailWriter(templates, account(25), sample_provider())


def test_another_language_is_another_file(tmp_path: Path) -> None:
    writer, row = marked(tmp_path), ENTRY.mail
    message = message_from_bytes(
        writer.write(ENTRY, row, OFFICE.archive.get(ENTRY.document)).content, policy=policy.default
    )
    lines = tuple(DigestLine("ID", "c-1", "Ana", "a@example.org", each, "250 ok")
                  for each in ("sent", "failed"))  # fmt: skip
    digest = writer.write_digest(
        Digest("office@example.edu", OFFICE.clock.now(), lines, 2, "550", "a\nb\n")
    )
    own = message_from_bytes(digest.content, policy=policy.default)
    texts = [str(message["Subject"]), str(own["Subject"]), own.get_content()]
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        texts.append(body.get_content())
    said = " ".join(" ".join(texts).split()).casefold()
    for key, text in SAY.items():
        for part in re.split(r"\{[^}]*\}", text):
            words = part.strip(" .,:;-").casefold()
            if len(words.split()) > 2:
                for place in re.finditer(re.escape(words), said):
                    before = said[: place.start()]
                    assert "\u00a7" in before[-60 - len(text) :], key
    assert "dear" in said
    assert "\u00a7dear" in said


def test_a_rule_that_deems_is_named_with_whose_it_is() -> None:
    new_york, massachusetts, psychology = ENTRY.certificate.credit_lines
    deemed = replace(massachusetts, basis="258 CMR 31.04(2)(a)", approver="")
    certificate = replace(ENTRY.certificate, credit_lines=(new_york, deemed, psychology))
    text = _text(replace(ENTRY, certificate=certificate))
    assert (
        "word for word: New York State Education Department's State Board for Social Work; "
        "Massachusetts, deemed approved under 258 CMR 31.04(2)(a); "
        "American Psychological Association."
    ) in text
    alone = replace(certificate, credit_lines=(deemed,))
    assert "word for word: Massachusetts, deemed approved under 258 CMR" in _text(
        replace(ENTRY, certificate=alone)
    )


def test_what_claims_no_boards_approval_is_no_statement_of_one() -> None:
    new_york, massachusetts, _ = ENTRY.certificate.credit_lines
    school = replace(massachusetts, basis="", general="CSWE-accredited school", approver="Council")
    certificate = replace(ENTRY.certificate, credit_lines=(school,))
    text = _text(replace(ENTRY, certificate=certificate))
    assert school.statement in text
    assert "statements of approval" not in text
    both = replace(certificate, credit_lines=(new_york, school))
    told = f"word for word: {new_york.approver}."
    assert told in _text(replace(ENTRY, certificate=both))


def _text(entry: Entry) -> str:
    writer = TemplateMailWriter(TEMPLATES, account(25), sample_provider())
    mail = writer.write(entry, entry.mail, OFFICE.archive.get(ENTRY.document))
    body = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())
