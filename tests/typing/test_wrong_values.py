"""Whatever a public call is given, what comes out is an error of ours, or a TypeError."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from given_office import HeldKey, given_keys, given_office, seminar_draft
from wrong_values import Attempt, Samples, calls, constructions

from cecert import (
    Award,
    CecertError,
    Correction,
    License,
    Period,
    Session,
    decide,
    deliver,
    issue,
    to_dict,
    transcript,
    verify,
    verify_many,
)
from cecert.argument_types import typed
from cecert.office import TokensElsewhere
from cecert.ports import StatusList
from cecert.testing import (
    FakeSigner,
    FixedClock,
    MemoryLedger,
    MemoryOffice,
    MemoryPages,
    PlainPage,
    PlainRenderer,
    SeededRandomness,
    sample_course,
    sample_record,
)

START = datetime(2020, 11, 5, tzinfo=UTC)
LEFT_OUT = {
    "create_office",  # writes an office wherever it is told to
    "local_mail_server",  # opens a port
    "LocalMailServer.handle_DATA",
    "nothing",
    "audit",
    "KeyElsewhere.sign",  # is whoever's who has the key
    "publish",  # of a desk that is an office's: what it is given is `site_desk`'s
}


async def committed() -> bool:
    return True


@pytest.fixture(scope="module")
def attempts() -> list[Attempt]:
    office, given, keys = MemoryOffice(), given_office(), given_keys()
    draft = seminar_draft()
    (award,) = decide(sample_record(), sample_course())
    assert isinstance(award, Award)
    report = issue([award], office.desk())
    (entry,) = report.issued
    file = office.archive.get(entry.document)
    licenses = (License("NY", "LMSW", "1"),)
    empty = StatusList("x", 1, 1, 1, 2, 1, bytes(32768))
    samples = Samples(
        sample_course(), sample_record(), award, report, office.trust(), office.mail_room(),
        given.regimes, draft, given.file, verify(file, office.verifier()), empty, keys,
    )  # fmt: skip
    named: dict[str, Any] = {
        "desk": office.desk(), "course": sample_course(), "record": sample_record(),
        "ledger": office.ledger, "clock": office.clock, "verifier": office.verifier(),
        "office": given, "room": office.mail_room(), "certificate_id": entry.certificate.id,
        "awards": [award], "decisions": [award], "decision": award, "what": file,
        "shown": [file], "text": "Ana Ruiz", "actor": "Mary", "reason": "a test",
        "reason_class": "issued-in-error", "kind": Session, "value": sample_course(),
        "document": to_dict(sample_course().sessions[0]), "environ": {}, "keys": keys,
        "correction": Correction("why", "Ana R."),
        "sign_trust.root": TokensElsewhere(HeldKey()),
        "open_verifier.trust": Path("no/such/trust.cose"), "open_verifier.root": "ab" * 32,
        "MemoryLedger.free_slots.randomness": SeededRandomness(),
        "LicenseRule.counting.licenses": licenses, "LicenseRule.problem.licenses": licenses,
        "MemoryMailSender.send.commit": committed,
        "Office.drawing_findings.reading": replace(given.resolve_course(draft), course=None),
    }  # fmt: skip
    made = {
        "Office": lambda: given, "KeyElsewhere": HeldKey,
        "TokensElsewhere": lambda: TokensElsewhere(HeldKey()),
        "FixedClock": lambda: FixedClock(START),
        "FakeSigner": lambda: FakeSigner("x"), "MemoryPages": lambda: MemoryPages(MemoryLedger()),
        "PlainPage": lambda: PlainPage(PlainRenderer()),
    }  # fmt: skip
    return [
        *constructions(samples),
        *calls(samples, named, made, left_out=LEFT_OUT),
    ]


def test_no_error_leaves_that_is_not_ours_or_a_type_error(
    attempts: list[Attempt], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found: Counter[tuple[str, str]] = Counter()
    told = 0
    for each in attempts:
        try:
            each.call()
        except CecertError as error:
            told += bool(not each.of_right_type or json.dumps(error.to_dict()))
        except TypeError as error:
            if each.of_right_type:
                found[each.place, repr(error)[:200]] += 1
            told += 1
        except Exception as error:  # noqa: BLE001  # what we look for
            is_said = isinstance(error, OSError) and each.place.startswith("open_verifier(")
            found[each.place, repr(error)[:200]] += not is_said  # it names a file to be read
    assert +found == {}
    assert len(attempts) > 10_000
    assert told > 3_000


def test_an_argument_of_a_wrong_type_is_told_by_its_name_and_its_field() -> None:
    course, record, desk = sample_course(), sample_record(), MemoryOffice().desk()
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: decide(given("x"), course), "decide: record: a str is no CompletionRecord"),
        (lambda: decide(replace(record, licenses=given((1,))), course),
         "decide: record.licenses[1]: 1 is no License"),
        (lambda: replace(course, timezone=given(None)), "Course.timezone: None is no str"),
        (lambda: issue([given(1)], desk), "issue: awards[1]: 1 is no Award"),
        (lambda: list(verify_many([given(1)], verifier=MemoryOffice().verifier())),
         "verify_many: shown[1]: 1 is no str or bytes or ShownFile"),
        (lambda: asyncio.run(deliver(given(None))), "deliver: room: None is no MailRoom"),
        (lambda: transcript("Ana", Period(), given(None), FixedClock(START)),
         "transcript: ledger: None is no Ledger"),
        (lambda: to_dict(replace(course, title=given((1,)))),
         "to_dict: value.title: a tuple is no str"),
    ]  # fmt: skip
    for call, sentence in wrong:
        with pytest.raises(TypeError) as raised:
            call()
        assert str(raised.value) == sentence


def given(value: object) -> Any:  # noqa: ANN401  # what no type checker lets through
    return value


def test_what_is_wrong_in_a_call_that_was_given_what_it_asks_for_goes_on_as_it_is() -> None:
    @typed
    def stumbling(number: int) -> int:
        return {"": 0}[str(number)]

    with pytest.raises(KeyError):
        stumbling(1)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        stumbling()  # type: ignore[call-arg]

    @typed
    def opened(passphrase: str) -> bytes:
        return passphrase.encode()

    with pytest.raises(TypeError, match=r"opened: passphrase: a bytes is no str$"):
        opened(given(b"words that nobody else may read"))
    assert pickle.loads(pickle.dumps(verify)) is verify
