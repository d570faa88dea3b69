"""A course of more than 12 dates, issued, drawn and verified."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from shipped import ENVIRON, LAYOUTS, PASSPHRASE, looking_like, opened
from typer.testing import CliRunner

from cecert import decide, issue
from cecert.cli._commands import whole_app
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.decision.decide import Award
from cecert.domain.values.findings import Severity
from cecert.office import create_office
from cecert.testing import sample_record

FIRST = date(2020, 9, 3)


def made(folder: Path, layout: str, evenings: int) -> Path:
    create_office(folder)
    days = [FIRST + timedelta(weeks=each) for each in range(evenings)]
    sessions = "".join(
        f'[[session]]\nid = "s{n}"\nstart = {day}T18:00:00\nend = {day}T19:00:00\n\n'
        for n, day in enumerate(days)
    )
    path = folder / "course.toml"
    head, _, rest = path.read_text("utf-8").partition("[[session]]")
    path.write_text(f"{head}{sessions}[[credit]]{rest.partition('[[credit]]')[2]}", "utf-8")
    with opened(looking_like(folder, layout, "letter")) as office:
        office.make_keys(PASSPHRASE)
    return folder


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("evenings", "version"), [(12, "1"), (13, "2"), (30, "2")])
def test_a_course_of_many_evenings_is_issued_and_verifies(
    tmp_path: Path, layout: str, evenings: int, version: str
) -> None:
    folder = made(tmp_path / "office", layout, evenings)
    with opened(folder) as office:
        reading = office.course_reading(folder / "course.toml")
        assert reading.course is not None, reading.errors
        drawn = office.drawing_findings(reading, "course.toml")
        assert [each for each in drawn if each.severity is Severity.ERROR] == []
        over = reading.course.credit_date
        record = sample_record(
            credentials=("ma-social-work",),
            attended=frozenset(each.id for each in reading.course.sessions),
            evaluation=over,
            attestation=over,
        )
        (award,) = decide(record, reading.course)
        assert isinstance(award, Award)
        (entry,) = issue([award], office.desk()).issued
    own = entry.certificate
    assert len(certified_claims(own).session_dates) == evenings
    assert own.token_url.partition("#")[2][0] == version
    run = CliRunner(env=ENVIRON)
    for what in (str(folder / "certificates" / entry.document), own.token_url):
        ran = run.invoke(
            whole_app(), ["verify", what, "--config", str(folder / "cecert.toml"), "--json"]
        )
        assert '"VALID"' in ran.output, ran.output
        assert "MISMATCH" not in ran.output
