"""What a certificate's token claims is said in one place, whoever makes the certificate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cecert import Award, Certificate, decide
from cecert.domain.certificate.token_claims import certified_claims, with_token
from cecert.domain.cose.cose import open_envelope
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.token.claims import claims_of_payload
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import TokenError
from cecert.testing import FakeSigner, MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.compose import Composer
from cecert.workflows.issue.plan import participants_of, plan_certificates

SOURCES = Path(__file__).parents[3] / "src" / "cecert"
PREFIX = "https://verify.example.edu/#"


@pytest.fixture
def certificate() -> Certificate:
    decisions = decide(sample_record(), sample_course())
    people = participants_of(each for each in decisions if isinstance(each, Award))
    (planned,) = plan_certificates(people, []).certificates
    return Composer(MemoryOffice().desk(), "by hand").compose(planned)


@pytest.mark.parametrize("specimen", [False, True])
@pytest.mark.parametrize("replaced", [None, CertificateId(b"ten bytes!")])
def test_a_token_carries_the_claims_of_its_certificate(
    certificate: Certificate, replaced: CertificateId | None, specimen: bool
) -> None:
    certificate = replace(certificate, supersedes=replaced)
    made = with_token(certificate, PREFIX, FakeSigner("token"), specimen=specimen)
    token = bytes_of_digits(made.token_url.removeprefix(f"{PREFIX}1"))
    claims = claims_of_payload(open_envelope(token).payload)
    assert claims == certified_claims(certificate, specimen=specimen)
    assert (claims.replaces, claims.specimen) == (replaced, specimen)
    assert replace(made, token_url=certificate.token_url) == certificate


def test_a_certificate_that_breaks_a_limit_gets_no_token(certificate: Certificate) -> None:
    course = replace(certificate.course, title="T" * 161)
    with pytest.raises(TokenError, match="course title"):
        with_token(replace(certificate, course=course), PREFIX, FakeSigner("token"))


def makers() -> Iterator[str]:
    """Name the modules that call the class of claims."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Claims":
                yield path.relative_to(SOURCES).as_posix()


def test_claims_are_made_of_certificates_and_of_tokens_and_nowhere_else() -> None:
    assert set(makers()) == {"domain/certificate/token_claims.py", "domain/token/claims.py"}
