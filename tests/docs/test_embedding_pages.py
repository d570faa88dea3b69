"""The how-to pages for those who embed cecert: their programs run, as they stand there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from given_office import HeldKey, given_office, seminar_draft
from key_service import key_service

from cecert import (
    Award,
    Checked,
    CompletionRecord,
    IssueReport,
    MailState,
    Outcome,
    decide,
    deliver,
    issue,
    verify,
)
from cecert.office import KeyElsewhere, Keys, TokensElsewhere
from cecert.testing import MemoryOffice, sample_course, sample_record

PAGES = Path(__file__).parents[2] / "docs" / "how-to"


def ran(page: str, **given: object) -> dict[str, Any]:
    """Run the programs of a page in order, and return what they define."""
    programs = re.findall(r"```python\n(.*?)```", (PAGES / page).read_text("utf-8"), re.DOTALL)
    assert programs
    names: dict[str, Any] = {"__name__": page, **given}
    for each in programs:
        exec(each, names)
    return names


def awards() -> list[Award]:
    record = sample_record(name="Ana Ruiz", email="ana@example.org")
    return [each for each in decide(record, sample_course()) if isinstance(each, Award)]


def test_an_archive_of_ones_own_keeps_what_is_issued() -> None:
    office, objects = MemoryOffice(), dict[str, bytes]()
    names = ran("own-archive.md", office=office, objects=objects, issue=issue, awards=awards())
    report: IssueReport = names["report"]
    (entry,) = report.issued
    assert office.archive.documents == {}
    assert [*objects] == [entry.document]
    checked: Checked = verify(objects[entry.document], office.verifier())
    assert checked.verification.claims is not None
    bucket = names["bucket"]
    assert bucket.names_of([entry.certificate.id]) == [entry.document]
    assert issue(awards(), names["desk"]).already != ()
    bucket.discard(entry.document)
    bucket.discard(entry.document)
    with pytest.raises(names["LedgerError"], match="is missing from the bucket"):
        bucket.get(entry.document)


@pytest.mark.parametrize(
    ("answer", "state"),
    [(202, "sent"), (400, "failed"), (429, "queued"), (504, "uncertain"), (None, "uncertain")],
)
def test_a_sender_of_ones_own_says_what_became_of_a_mail(answer: int | None, state: str) -> None:
    office, posted = MemoryOffice(), list[str]()
    issue(awards(), office.desk())

    def post(recipient: str, content: bytes) -> int:
        assert content
        posted.append(recipient)
        if answer is None:
            raise TimeoutError("timed out")
        return answer

    ran("own-sender.md", office=office, post=post, deliver=deliver)
    assert posted[0] == "ana@example.org"
    (row,) = office.ledger.rows()
    assert row.state is MailState(state)


def test_tenants_of_one_database_see_their_own_rows_alone(tmp_path: Path) -> None:
    page = (PAGES / "tenants.md").read_text("utf-8")
    first, second = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {"folder": tmp_path, "url": f"sqlite:///{tmp_path / 'ledger.db'}"}
    exec(first, names)
    own = tmp_path / "example-college" / "cecert.toml"
    text = own.read_text("utf-8")
    own.write_text(text.replace('id = "smith-ssw"', 'id = "example-college"'), "utf-8")
    assert own.read_text("utf-8") != text
    exec(second, names)
    assert (names["issued"], names["others"], names["after"]) == ([], [], "")


def test_the_class_of_a_cloud_key_seals_and_signs_tokens_over_http() -> None:
    seal, token = HeldKey(), HeldKey()
    page = (PAGES / "embed.md").read_text("utf-8")
    (written,) = re.findall(r"^class KmsKey.*?\.signature$", page, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {"KeyElsewhere": KeyElsewhere}
    exec(written, names)
    with key_service({"ring/seal": seal, "ring/token": token}) as client:
        keys = Keys(
            names["KmsKey"](client, "ring/seal"),
            TokensElsewhere(names["KmsKey"](client, "ring/token")),
            bytes(range(32)), seal.certificate(),
        )  # fmt: skip
        office = given_office(keys=keys)
        course = office.resolve_course(seminar_draft()).course
        assert course is not None
        (award,) = (each for each in decide(attended(), course) if isinstance(each, Award))
        (entry,) = issue([award], office.desk()).issued
        checked = verify(office.archive.get(entry.document), office.verifier())
    assert checked.outcome is Outcome.VALID_STATUS_UNKNOWN


def attended() -> CompletionRecord:
    day = date(2020, 10, 30)
    return CompletionRecord(
        name="Ana Ruiz", email="ana@example.org", credentials=("ny-social-work",), visible=True,
        fee_paid=True, attended=frozenset({"day-1", "day-2"}), evaluation=day, attestation=day,
    )  # fmt: skip
