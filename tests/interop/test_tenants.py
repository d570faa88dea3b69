"""Two hundred schools in one process, on one PostgreSQL database: none sees another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from time import process_time

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from given_office import SCHOOL, given_keys, given_office, seminar_draft
from postgresql_server import PostgresqlServer
from soft_token import PIN, SoftToken, soft_token

from cecert import Award, Became, CompletionRecord, Course, Office, decide, issue_one
from cecert.office import create_ledger

__all__ = ["soft_token"]

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.system

SCHOOLS, ISSUING = 200, 8
DAY = date(2020, 10, 30)


@pytest.fixture(scope="module")
def database(postgresql: PostgresqlServer) -> str:
    url = postgresql.new_url()
    create_ledger(url)
    return url


@pytest.fixture(scope="module")
def tenants(database: str) -> Iterator[list[Office]]:
    keys = given_keys()  # the same, ids' secret and all: nothing but the provider tells them apart
    with ExitStack() as opened:
        yield [
            opened.enter_context(
                given_office(replace(SCHOOL, id=f"school-{n}"), ledger=database, keys=keys)
            )
            for n in range(SCHOOLS)
        ]


def award_at(course: Course) -> Award:
    record = CompletionRecord(
        name="Ana Ruiz", email="ana@example.org", credentials=("ny-social-work",), visible=True,
        fee_paid=True, attended=frozenset({"day-1", "day-2"}), evaluation=DAY, attestation=DAY,
    )  # fmt: skip
    (award,) = decide(record, course)
    assert isinstance(award, Award)
    return award


def course_of(office: Office) -> Course:
    course = office.resolve_course(seminar_draft()).course
    assert course is not None
    return course


def test_schools_that_issue_to_the_same_person_at_once_see_only_their_own(
    tenants: list[Office], database: str
) -> None:
    award = award_at(course_of(tenants[0]))
    issuing, idle = tenants[:ISSUING], tenants[ISSUING]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda each: issue_one(award, each.desk()), issuing))
    assert {each.became for each in results} == {Became.ISSUED}
    for office, result in zip(issuing, results, strict=True):
        (entry,) = office.ledger.entries()
        assert entry.certificate.id == result.certificate_id
        assert entry.certificate.provider.id == office.file.provider.id
        assert [each.certificate_id for each in office.outbox.rows()] == [result.certificate_id]
        assert office.log.size() == 2  # what every certificate adds, and no other school's
        assert office.ledger.count() == 1
        happened = {str(each.certificate_id) for each in office.changes().changes}
        assert happened == {str(result.certificate_id)}
    assert [*idle.ledger.entries(), *idle.outbox.rows(), *idle.log.leaves()] == []
    first = results[0].certificate_id
    assert first is not None
    assert idle.ledger.entry(first) is None
    assert idle.ledger.everything_of("ana@example.org") == []
    assert issue_one(award, issuing[0].desk()).became is Became.ALREADY
    assert {each.ledger.count() for each in tenants[ISSUING:]} == {0}
    tenants[-1].close()
    assert tenants[0].ledger.count() == 1  # the connections are the others' still
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity").fetchone()
    assert row is not None
    assert row[0] < 40  # not two hundred: a server has a hundred


def test_the_example_runs_with_a_key_in_hardware_and_a_ledger_on_a_server(
    postgresql: PostgresqlServer, soft_token: SoftToken, capsys: pytest.CaptureFixture[str]
) -> None:
    soft_token.put("seal", ec.generate_private_key(ec.SECP256R1()))
    spec = spec_from_file_location("tenant", ROOT / "examples/tenant.py")
    assert spec is not None
    assert spec.loader is not None
    tenant = module_from_spec(spec)
    spec.loader.exec_module(tenant)
    tenant.main(postgresql.new_url(), soft_token.module, PIN)
    said = capsys.readouterr().out.splitlines()
    assert said[1:3] == ["smith: issued", "1 sent, VALID_STATUS_UNKNOWN"]
    assert said[-3:] == ["smith: already", "1 certificate, 1 file", "1 certificate, 1 file"]


def test_the_desk_of_a_known_office_costs_less_than_a_twentieth_of_a_second(
    tenants: list[Office],
) -> None:
    tenants[0].desk()
    costs = []
    for each in tenants[:40]:
        before = process_time()
        each.desk()
        costs.append(process_time() - before)
    assert sorted(costs)[len(costs) * 9 // 10] < 0.05
