"""An office of values publishes its log, is audited, and ends its keys, without a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from given_office import AFTER, HeldKey, given_keys, given_office, seminar_draft
from own_site import OwnSite

from cecert import (
    CompletionRecord,
    ConfigurationError,
    KeyState,
    KeyStoreError,
    LedgerError,
    Office,
    audit,
    decide,
    issue_each,
    publish,
    verify,
)
from cecert.office import (
    Keys,
    LogFiles,
    TokensElsewhere,
    audit_desk,
    create_ledger,
    note_checkpoint,
    publishing_desk,
    retire_keys,
    sign_trust,
    site_audit_desk,
    site_desk,
)
from cecert.ports import Algorithm, CoseKey

PAGE = Path(__file__).parents[3] / "docs/how-to/embed.md"


NAMES: dict[str, Any] = {}
exec("from hashlib import *; from cecert import *; from cecert.office import *", NAMES)


class LogKey:
    """A log's key that stands in for one that is elsewhere: it signs messages, on Ed25519."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public_key = CoseKey(Algorithm.ED25519, self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass
class School:
    """An office of values with all that its program holds."""

    office: Office
    keys: Keys
    root: TokensElsewhere
    status: TokensElsewhere
    log: LogKey
    trust: list[bytes]
    site: OwnSite

    def issue(self, *names: str) -> None:
        course = self.office.resolve_course(seminar_draft()).course
        assert course is not None
        day = date(2020, 10, 30)
        records = [
            CompletionRecord(
                name=name, email=f"{name[:3].lower()}@example.org", credentials=("ma-social-work",),
                visible=True, fee_paid=True, attended=frozenset({"day-1", "day-2"}),
                evaluation=day, attestation=day,
            )
            for name in names
        ]  # fmt: skip
        awards = [each for record in records for each in decide(record, course)]
        results = issue_each(awards, self.office.desk())
        assert [each.became.value for each in results] == ["issued"] * len(names)

    def publish(self) -> LogFiles:
        desk = site_desk(self.office, self.site, self.status, log=self.log)
        published = publish(desk).log
        assert isinstance(published, LogFiles)
        note_checkpoint(self.office, published.checkpoint)
        return published

    def audited(self) -> list[str]:
        report = audit(site_audit_desk(self.office, self.site))
        return [f"{each.kind.value}: {each.sentence}" for each in report.findings]

    def outcomes(self) -> list[str]:
        documents = [each.document for each in self.office.ledger.walk()]
        verifier = self.office.verifier()
        return [verify(self.office.archive.get(e), verifier).outcome.value for e in documents]


def of_the_page(beginning: str) -> str:
    """Return the program of the page on embedding that begins so."""
    programs = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (found,) = (each for each in programs if each.startswith(beginning))
    return str(found)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    keys, root, status, log = given_keys(), *(TokensElsewhere(HeldKey()) for _ in "ab"), LogKey()
    trust: list[bytes] = []
    with given_office(ledger=url, keys=keys, trust=lambda: trust[-1]) as office:
        trust.append(sign_trust(office, root, keys, status=status, log=log))
        yield School(office, keys, root, status, log, trust, OwnSite())


def test_the_log_is_published_and_noted_and_an_audit_compares_all_of_it(
    school: School, tmp_path: Path
) -> None:
    school.issue("Ana Ruiz")
    names = {**NAMES, **vars(school), "trusted": school.trust}
    exec(of_the_page("trusted.append(sign_trust(office, root, keys,"), names)
    assert names["findings"] == ()
    first = names["published"].log
    assert {"log/checkpoint", "log/head"} <= school.site.files.keys()
    assert first.checkpoint.startswith(b"verify.example.edu/log\n")
    assert school.publish() == first
    there = dict(school.site.files)
    for name in ("log/checkpoint", "log/head"):
        del school.site.files[name]
        assert any("it is not on the site" in each for each in school.audited()), name
        school.site.files.update(there)
    assert school.audited() == []
    create_ledger(url := f"sqlite:///{tmp_path / 'another.db'}")
    with given_office(ledger=url, keys=school.keys, trust=school.office.trust_bytes) as another:
        report = audit(site_audit_desk(another, school.site))
        assert {each.kind.value for each in report.findings} == {"log"}
        with pytest.raises(LedgerError, match="older"):
            publish(site_desk(another, school.site, school.status, log=school.log))


def test_keys_are_rotated_retired_and_withdrawn_and_what_is_genuine_verifies(
    school: School,
) -> None:
    office, trust = school.office, school.trust
    school.issue("Ana Ruiz")
    school.publish()
    token = school.keys.token.public_key.kid
    seal, new = sha256(school.keys.certificate).digest(), given_keys()
    rotate, retire, withdraw = re.split("\n(?=# )", of_the_page("# New keys"))
    names = {**NAMES, **vars(school), "trusted": trust, "new_keys": new}
    exec(rotate, names)
    exec(retire, names)
    states = {each.kid: each.state for each in office.trust().keys}
    assert (states[token], states[new.token.public_key.kid]) == (KeyState.RETIRED, KeyState.ACTIVE)
    ends = {each.sha256: each.not_after for each in office.trust().seals}
    assert ends[seal] == int(AFTER.timestamp()) + 600
    assert school.outcomes() == ["VALID_STATUS_UNKNOWN"]
    acts, published = withdraw.split("publish(")
    exec(acts, names)
    assert {each.kid: each.state for each in office.trust().keys}[token] is KeyState.COMPROMISED
    assert office.trust().logged[0].kid == token
    with pytest.raises(KeyStoreError, match="neither given nor published"):
        school.publish()
    exec(f"publish({published}", names)
    school.publish()  # the lists are on the site now
    assert {f"status/{each}" for each in names["withdrawal"].genuine} <= school.site.files.keys()
    assert school.audited() == []
    with pytest.raises(KeyStoreError, match="lists no key"):
        retire_keys(office, school.root, [b"12345678"], trust[-1])


def test_what_needs_files_says_that_there_are_none_and_what_does_it_instead(
    school: School, tmp_path: Path
) -> None:
    office = school.office
    acts: list[Callable[[], object]] = [
        office.key_facts,
        lambda: office.make_keys("12345678"),
        lambda: office.sign_trust_file("12345678"),
        lambda: publishing_desk(office, tmp_path / "site"),
        lambda: audit_desk(office),
    ]
    for act in acts:
        with pytest.raises(ConfigurationError, match="this office has no files") as raised:
            act()
        assert "withdraw_keys" in raised.value.hint
    assert office.key_warnings() == ()
    with pytest.raises(KeyStoreError, match="signed with Ed25519"):
        sign_trust(office, school.root, school.keys, log=TokensElsewhere(HeldKey()))
    with pytest.raises(KeyStoreError, match="for the log"):
        site_desk(office, school.site, school.status, log=LogKey())
