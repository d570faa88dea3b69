"""A course over midnight and over a change of the clock, issued and read back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from shipped import LAYOUTS, PASSPHRASE, looking_like, opened

from cecert import decide, issue
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.decision.decide import Award
from cecert.domain.values.findings import Severity
from cecert.office import create_office
from cecert.testing import sample_record

NIGHT = """[[session]]
id = "night"
start = 2020-10-31T22:00:00
end = 2020-11-01T05:00:00

[[credit]]"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_certificate_has_both_dates_and_zones_and_the_code_has_the_start(
    tmp_path: Path, layout: str
) -> None:
    folder = tmp_path / "office"
    create_office(folder)
    course_file = folder / "course.toml"
    text = course_file.read_text("utf-8")
    head, _, rest = text.partition("[[session]]")
    _, _, tail = rest.partition("[[credit]]")
    course_file.write_text(head + NIGHT + tail, "utf-8")
    with opened(looking_like(folder, layout, "letter")) as office:
        office.make_keys(PASSPHRASE)
        reading = office.course_reading(course_file)
        assert reading.course is not None
        drawn = office.drawing_findings(reading, "course.toml")
        assert [each for each in drawn if each.severity is Severity.ERROR] == []
        record = sample_record(
            credentials=("ma-social-work",),
            attended=frozenset({"night"}),
            evaluation=date(2020, 11, 1),
            attestation=date(2020, 11, 1),
        )
        (award,) = decide(record, reading.course)
        assert isinstance(award, Award)
        (entry,) = issue([award], office.desk()).issued
        pages = PdfReader(BytesIO(office.archive.get(entry.document))).pages
        words = " ".join(" ".join(each.extract_text().split()) for each in pages)
    assert (
        "Saturday, October 31, 2020, 10:00 p.m. Eastern Time (EDT) to "
        "Sunday, November 1, 2020, 5:00 a.m. Eastern Time (EST)"
    ) in words
    assert certified_claims(entry.certificate).session_dates == (date(2020, 10, 31),)
    assert entry.certificate.credit_date == date(2020, 10, 31)
