# ruff: noqa: ARG005  # each call of the table is given an office and a folder
"""Errors to branch on: each kind has a code, and no other error of ours gets out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from given_office import HeldKey, given_office

import cecert
from cecert import (
    Award,
    CecertError,
    CertificateId,
    ContradictionError,
    Correction,
    FullError,
    LockedError,
    NotCoveredError,
    NotFoundError,
    NotOverError,
    NotStandingError,
    Period,
    Session,
    WrongValueError,
    correct,
    decide,
    issue,
    revoke,
    transcript,
    verify,
    verify_many,
)
from cecert.adapters.database.engine import _told
from cecert.office import KeyElsewhere, TokensElsewhere, create_ledger, open_verifier
from cecert.testing import MemoryOffice, sample_course, sample_record

NOBODY = CertificateId.parse("0000-0000-0000-0000")


def tree(root: type[CecertError]) -> list[type[CecertError]]:
    return [root, *(each for kind in root.__subclasses__() for each in tree(kind))]


def test_each_kind_of_error_has_a_code_of_its_own_and_is_public() -> None:
    kinds = [each for each in set(tree(CecertError)) if each.__module__ == "cecert.errors"]
    codes = [each.code for each in kinds]
    assert len(set(codes)) == len(codes) > 20
    assert {each.__name__ for each in kinds} <= set(cecert.__all__)


def test_an_error_is_json_and_says_what_it_is_about() -> None:
    office = MemoryOffice()
    (award,) = decide(sample_record(), sample_course())
    assert isinstance(award, Award)
    office.clock.forward(-timedelta(days=60))
    with pytest.raises(NotOverError) as early:
        issue([award], office.desk())
    told = json.loads(json.dumps(early.value.to_dict()))
    assert (told["code"], told["fields"]["course"], told["faults"]) == (
        "not-over",
        "mbt-2020-10",
        [],
    )
    office.clock.forward(timedelta(days=60))
    with pytest.raises(NotCoveredError) as uncovered:
        issue([award], replace(office.desk(), trust=replace(office.trust(), credits={})))
    assert uncovered.value.to_dict()["faults"][0]["place"] == "trust file: ny-social-work"
    entry = issue([award], office.desk()).issued[0]
    (renamed,) = decide(sample_record(name="Ana María Ruiz"), sample_course())
    assert isinstance(renamed, Award)
    with pytest.raises(ContradictionError):
        issue([renamed], office.desk())
    with pytest.raises(NotFoundError) as nowhere:
        office.archive.get("nothing")
    assert nowhere.value.fields == {"what": "document", "id": "nothing"}
    new = correct(entry.certificate.id, Correction("the accent", "Ana Ruíz"), office.desk())
    with pytest.raises(NotStandingError) as gone:
        correct(entry.certificate.id, Correction("again", "Ana R."), office.desk())
    assert gone.value.fields["successor"] == str(new.entry.certificate.id)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("database is locked", LockedError),
        ("canceling statement due to lock timeout", LockedError),
        ("database or disk is full", FullError),
        ("could not extend file: No space left on device", FullError),
    ],
)
def test_what_a_database_says_has_a_code(words: str, kind: type[CecertError]) -> None:
    assert type(_told(Exception(words))) is kind


class RsaElsewhere(KeyElsewhere):
    def sign(self, digest: bytes) -> bytes:
        raise NotImplementedError


START = datetime(2020, 10, 22, 17, tzinfo=UTC)

WRONG: list[Callable[[MemoryOffice, Path], object]] = [
    lambda o, _: revoke(NOBODY, o.ledger, o.clock, actor="", reason_class="", reason=""),
    lambda o, _: revoke(
        NOBODY, o.ledger, o.clock, actor="M", reason_class="issued-in-error", reason="x"
    ),
    lambda o, _: correct(NOBODY, Correction("why"), o.desk()),
    lambda o, _: correct(NOBODY, Correction("", "\x00", email="nobody"), o.desk()),
    lambda o, _: transcript("", Period(), o.ledger, o.clock),
    lambda o, _: transcript("nobody at all", Period(), o.ledger, o.clock),
    lambda o, _: transcript(str(NOBODY), Period(), o.ledger, o.clock),
    lambda o, _: o.archive.get("../x"),
    lambda o, _: CertificateId.parse("no id"),
    lambda o, _: Session("a", START, START),
    lambda o, _: replace(sample_course(), sessions=()),
    lambda o, _: replace(sample_course(), study_minutes=-1),
    lambda _, p: cecert.Office.open(p / "none.toml"),
    lambda _, p: create_ledger("mysql://x"),
    lambda _, p: create_ledger(f"sqlite:///{p}"),
    lambda _, p: open_verifier(_written(p, b"no trust file")),
    lambda _, p: open_verifier(_written(p, b""), root="xyz"),
    lambda _, p: RsaElsewhere(b"no key"),
    lambda _, p: TokensElsewhere(HeldKey()).sign(b"") and RsaElsewhere(b"-----BEGIN"),
    lambda _, p: given_office(ledger=f"sqlite:///{p}/none.db").desk(),
    lambda _, __: given_office().course("no such course"),
    lambda o, _: given_office().key_facts(),
]


def _written(folder: Path, content: bytes) -> Path:
    (folder / "trust.cose").write_bytes(content)
    return folder / "trust.cose"


@pytest.mark.parametrize("call", WRONG, ids=map(str, range(len(WRONG))))
def test_wrong_values_raise_what_is_in_the_tree(
    call: Callable[[MemoryOffice, Path], object], tmp_path: Path
) -> None:
    with pytest.raises(CecertError) as raised:
        call(MemoryOffice(), tmp_path)
    assert json.dumps(raised.value.to_dict())


def test_what_anybody_shows_is_an_answer_and_never_an_error() -> None:
    office = MemoryOffice()
    shown: list[str | bytes] = [
        "", b"", "https://verify.example.edu/#", "https://verify.example.edu/#" + "9" * 5000,
        b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", "\ud800", b"\xff" * 100,
    ]  # fmt: skip
    answers = list(verify_many(shown, verifier=office.verifier()))
    assert len(answers) == len(shown)
    assert all(
        verify(each, office.verifier()).outcome == it.outcome
        for each, it in zip(shown, answers, strict=True)
    )


def test_a_wrong_value_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match="an id has 16"):
        CertificateId.parse("no id")
    assert issubclass(WrongValueError, ValueError)
