"""Transcripts to draw and to tamper with: one person's courses at a school with real keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from papers import CREDENTIALS, ROOT, School, school

from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.office_files import read_regimes
from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import TranscriptRenderer
from cecert.domain.certificate.certificate import CertificateState, Paper
from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.transcript import (
    Period,
    Transcript,
    TranscriptIssuer,
)
from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Category
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.domain.trust.status_list import Status, StatusList, bits_of
from cecert.office.papers.transcript_pdf import listed_codes
from cecert.testing import sample_course, sample_provider, sample_record, sample_signatory
from cecert.workflows.correct import correct
from cecert.workflows.issue.issue import issue
from cecert.workflows.revoke import revoke
from cecert.workflows.transcript import transcript

NAME = "Margaret O\N{RIGHT SINGLE QUOTATION MARK}Connell-Hughes, LICSW"
LICENSES = (License("NY", "LMSW", "012345"), License("MA", "LICSW", "1234"))
TITLES = (
    "Attachment Across the Lifespan",
    "Mentalization Based Treatment",
    "Ethics at the Edges: Dual Relationships in Small Communities",
    "Supervision That Works",
    "Suicide Risk: Assessment and Safety Planning with Adolescents and Their Families",
    (
        "Trauma and the Body in Clinical Social Work Practice: Attachment Theory, Relational "
        "Trauma, Resilience and the Relational Passport Across the Lifespan of Us"
    ),
)
SIGNATURE = (ROOT / "templates" / "office" / "signature.png").read_bytes()


RENEWALS = {
    name: each.renewal
    for name, each in read_regimes(ROOT / "templates" / "regimes").items()
    if each.renewal
}


STATES = {
    CertificateState.STANDING: Status.VALID,
    CertificateState.REVOKED: Status.REVOKED,
    CertificateState.SUPERSEDED: Status.SUPERSEDED,
}


def a_course(place: int) -> Course:
    """Return a course of 2020 with hours, titles and categories of its own."""
    seminar = sample_course()
    month, day = 1 + place // 6 % 10, 2 + place % 6 * 2
    sessions = [
        replace(
            each,
            start=each.start.replace(month=month, day=day + 14 * at),
            end=each.end.replace(month=month, day=day + 14 * at),
            breaks=(),
        )
        for at, each in enumerate(seminar.sessions)
    ]
    hours = Decimal(["6", "3", "4.5", "1.5"][place % 4])
    ethics = (Category("ethics", Decimal(1)),) if place % 3 == 1 else ()
    lines = [replace(each, hours=hours) for each in seminar.credit_lines]
    lines[0] = replace(lines[0], categories=ethics)
    return replace(
        seminar,
        id=f"course-{place:03}",
        title=TITLES[place % len(TITLES)],
        sessions=tuple(sessions),
        credit_lines=tuple(lines),
    )


@dataclass(frozen=True)
class Enrolled:
    """Somebody, the school, and what they earned there."""

    school: School
    name: str

    @property
    def transcript(self) -> Transcript:
        """What the ledger says now."""
        office = self.school.office
        return transcript("r-1", Period(), office.ledger, office.clock, RENEWALS)

    def sealed(self, transcript: Transcript | None = None, **how: object) -> bytes:
        """Return the sealed file of a transcript, else of today's."""
        return sealed(self.school, transcript or self.transcript, **how)  # type: ignore[arg-type]  # keywords of `sealed`


def enrolled(count: int, name: str = NAME, licenses: tuple[License, ...] = LICENSES) -> Enrolled:
    """Return who took so many courses: one to three credits of each."""
    at = school()
    for place in range(count):
        issue_course(at, a_course(place), name, CREDENTIALS[: 1 + place % 3], licenses)
    return Enrolled(at, name)


def issue_course(
    at: School,
    course: Course,
    name: str,
    credentials: Sequence[str],
    licenses: tuple[License, ...] = (),
    participant: str = "r-1",
) -> None:
    """Issue one certificate, whose own page nobody draws."""
    record = sample_record(
        name=name, email=f"{participant}@example.org", participant_id=participant,
        credentials=tuple(credentials), licenses=licenses,
    )  # fmt: skip
    awards = [each for each in decide(record, course) if isinstance(each, Award)]
    desk = replace(at.office.desk(), token_signer=at.token, trust=at.trust)
    assert issue(awards, desk).issued


def replaced_and_revoked(one: Enrolled) -> None:
    """Correct the name on the second certificate, and revoke the third."""
    at, rows = one.school, one.transcript.rows
    desk = replace(at.office.desk(), token_signer=at.token, trust=at.trust)
    correct(rows[1].certificate.id, Correction("typo", name="Margaret Connell-Hughes"), desk)
    revoke(
        rows[2].certificate.id, at.office.ledger, at.office.clock,
        actor="Mary", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip


def status_list_now(one: Enrolled) -> StatusList:
    """Return the list that the school would publish now."""
    now = int(one.school.office.clock.now().timestamp())
    entries = list(one.school.office.ledger.entries())
    (number,) = {each.certificate.slot.list_id for each in entries}
    bits = bits_of({each.certificate.slot.index: STATES[each.state] for each in entries})
    return StatusList("example-ssw", number, now, now, now + 86_400, 3600, bits)


@cache
def transcript_renderer(*extra_fonts: Path) -> TranscriptRenderer:
    """Return the renderer over the shipped faces."""
    return TranscriptRenderer(
        templates=ROOT / "templates",
        fonts=ROOT / "fonts",
        seal_room=1200,
        pictures={"signature": SIGNATURE},
        extra_fonts=extra_fonts,
    )


def issuer(paper: Paper = Paper.LETTER) -> TranscriptIssuer:
    """Return the sample school, whose signatory has a signature."""
    signatory = replace(sample_signatory(), image="signature")
    host = "verify.example.edu"
    return TranscriptIssuer(sample_provider(), signatory, paper, f"https://{host}/", host)


def sealed(
    at: School,
    transcript: Transcript,
    *,
    paper: Paper = Paper.LETTER,
    seal: PadesSealer | None = None,
    renderer: TranscriptRenderer | None = None,
) -> bytes:
    """Return the sealed file of a transcript."""
    drawing = (renderer or transcript_renderer()).draw(
        transcript, listed_codes(transcript), issuer(paper)
    )
    sealer = seal or PadesSealer(digest_signer_of(at.seal_key), at.seal_cert)
    return sealer.seal(drawing, transcript.drawn_up_at)


def with_row(transcript: Transcript, place: int, **changes: object) -> Transcript:
    """Return a transcript in which one row's certificate says something else."""
    rows = list(transcript.rows)
    own = replace(rows[place].certificate, **changes)  # type: ignore[arg-type]  # fields by name
    rows[place] = replace(rows[place], certificate=own)
    return replace(transcript, rows=tuple(rows))


def golden_transcript() -> Transcript:
    """Return what the golden page shows: two states that do not count, a period."""
    one = enrolled(5)
    replaced_and_revoked(one)
    found = one.transcript
    return replace(found, period=Period(date(2020, 1, 1), date(2020, 12, 31)))


TRANSCRIPTS: dict[str, Callable[[], tuple[Transcript, Paper]]] = {
    "transcript-letter": lambda: (golden_transcript(), Paper.LETTER),
    "transcript-a4": lambda: (golden_transcript(), Paper.A4),
    "transcript-sixty": lambda: (enrolled(60).transcript, Paper.LETTER),
}

__all__ = [
    "LICENSES",
    "NAME",
    "TRANSCRIPTS",
    "Enrolled",
    "a_course",
    "enrolled",
    "golden_transcript",
    "issue_course",
    "issuer",
    "replaced_and_revoked",
    "sealed",
    "status_list_now",
    "transcript_renderer",
    "with_row",
]  # fmt: skip
