"""Public values as JSON and back: nothing is lost, and a wrong document is told whole."""

from __future__ import annotations

import json
from dataclasses import is_dataclass

import pytest
from given_office import APPROVALS, SCHOOL, seminar_draft

import cecert
from cecert import (
    Award,
    AwardResult,
    Certificate,
    Checked,
    CompletionRecord,
    Course,
    CourseDraft,
    Denial,
    InputError,
    IssueReport,
    decide,
    from_dict,
    issue,
    issue_each,
    to_dict,
    verify,
)
from cecert.domain.values.plain import is_plain, schema_of
from cecert.testing import MemoryOffice, sample_course, sample_record


def test_what_an_office_makes_is_json_and_comes_back_equal() -> None:
    office, course = MemoryOffice(), sample_course()
    decisions = [*decide(sample_record(), course), *decide(sample_record(fee_paid=False), course)]
    results = issue_each(decisions, office.desk())
    report = issue([each for each in decisions if isinstance(each, Award)], office.desk())
    entry = results[0].entry
    assert entry is not None
    checked = verify(office.archive.get(entry.document), office.verifier())
    values = [
        *decisions, *results, report, entry, entry.certificate, course, sample_record(), checked,
        office.trust(), SCHOOL, *APPROVALS, seminar_draft(), *office.ledger.rows(),
    ]  # fmt: skip
    for each in values:
        document = json.loads(json.dumps(to_dict(each)))
        assert from_dict(type(each), document) == each, type(each)
    kinds = {type(each) for each in values}
    assert {Award, Denial, AwardResult, IssueReport, Certificate, Checked, Course} <= kinds
    assert {CompletionRecord, CourseDraft} <= kinds


def test_every_public_dataclass_is_a_value_or_does_something() -> None:
    kinds = [getattr(cecert, each) for each in cecert.__all__]
    values = [each for each in kinds if isinstance(each, type) and is_dataclass(each)]
    doing = {each.__name__ for each in values if not is_plain(each)}
    assert doing == {
        "AuditDesk", "CertificateId", "FormerMaker", "IssuingDesk", "MailRoom", "PublishingDesk",
        "Verifier",
    }  # fmt: skip
    for each in (MemoryOffice().desk(), MemoryOffice(), "text"):
        with pytest.raises(InputError, match="is no value"):
            to_dict(each)


def test_every_fault_of_a_document_is_told_with_its_place() -> None:
    document = to_dict(sample_course())
    document["sessions"][0]["start"] = "yesterday"
    document["format"] = "by post"
    document["delivery_days"] = True
    document["extra"] = 1
    del document["title"]
    document["instructors"] = {}
    with pytest.raises(InputError) as raised:
        from_dict(Course, document)
    assert sorted(each.place for each in raised.value.faults) == [
        "Course.delivery_days", "Course.extra", "Course.format", "Course.instructors",
        "Course.sessions[1].start", "Course.title",
    ]  # fmt: skip
    backwards = to_dict(sample_course().sessions[0])
    backwards["end"] = backwards["start"]
    with pytest.raises(InputError, match="not after its start"):
        from_dict(cecert.Session, backwards)
    far = to_dict(sample_course())
    far["sessions"][0]["start"] = "0001-01-01T00:00:00+05:00"
    far["sessions"][1]["breaks"] = [{"start": "2020-10-29", "end": "2020-10-29T15:00:00-04:00"}]
    far["credit_lines"][0]["hours"] = "1E+30"
    with pytest.raises(InputError) as raised:
        from_dict(Course, far)
    assert [each.problem for each in raised.value.faults] == [
        "session day-1 is beyond the calendar",
        "a break's times are without a zone",
        "hours 1E+30 are not a positive number of hundredths",
    ]
    trust = to_dict(MemoryOffice().trust())
    trust["credits"] = {"²": [], "9" * 5000: []}
    with pytest.raises(InputError, match="has a key that is no integer"):
        from_dict(cecert.TrustFile, trust)
    with pytest.raises(InputError, match=r"certificate_id: '5' is no CertificateId"):
        from_dict(AwardResult, {"certificate_id": 5})
    with pytest.raises(InputError, match=r"AwardResult\.decision\.kind"):
        from_dict(AwardResult, {"decision": {"kind": "Offer"}, "became": "issued"})
    with pytest.raises(InputError, match="is no object"):
        from_dict(Course, [])  # type: ignore[arg-type]


def test_the_schema_names_what_is_required_and_what_a_field_may_be() -> None:
    schema = schema_of(AwardResult)
    own = schema["$defs"]["AwardResult"]
    assert (schema["$ref"], own["required"]) == ("#/$defs/AwardResult", ["decision", "became"])
    assert (own["properties"]["became"]) == {
        "enum": ["issued", "already", "revoked", "other-person", "lost", "refused"]
    }
    assert own["properties"]["entry"] == {"anyOf": [{"$ref": "#/$defs/Entry"}, {"type": "null"}]}
    assert schema["$defs"]["Session"]["properties"]["start"]["format"] == "date-time"
