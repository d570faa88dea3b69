"""What `verify` found, as lines for people and as JSON.

A file with several certificates has an answer for each, and they are told one after the
other below what holds of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cecert.cli._output import answer, answer_json, say
from cecert.domain.token.checks import Check
from cecert.domain.token.claims import Claims
from cecert.domain.token.file_verdict import FileAnswer
from cecert.domain.token.outcome_words import (
    LOGGED,
    OutcomeWords,
    check_words,
    file_words,
    warning_words,
    words_of,
    words_of_several,
    words_of_transcript,
)
from cecert.domain.token.shown_record import SHOWN, instant_phrase, record_lines
from cecert.domain.token.transcript_list import TranscriptList
from cecert.domain.token.verify import Outcome, Warning_, exit_status
from cecert.domain.trust.trust_file import TrustFile

if TYPE_CHECKING:
    from cecert.domain.documents.verification import (
        AnswerDocument,
        CertifiedDocument,
        FileDocument,
        ResultDocument,
        TranscriptDocument,
        UncheckedDocument,
        VerifyDocument,
    )
    from cecert.workflows.verify.verify import Checked, Verifier

__all__ = ["InputAnswer", "json_document", "show", "shown", "text_lines", "unchecked_document"]

_SCHOOL = "the issuer"

_UNLOGGED = frozenset({Warning_.LOG_PENDING, Warning_.LOG_UNKNOWN, Warning_.LOG_FORKED})


@dataclass(frozen=True, slots=True)
class InputAnswer:
    """What was found of one of the inputs, or of one certificate in it.

    Attributes:
        what: The input as it was given.
        checked: What was found.
        least_status: The exit status is no lower: 3 where nobody vouches for the trust file.
        log_required: The exit status is 3 at least where the log does not have it, or not yet.
    """

    what: str
    checked: Checked
    least_status: int = 0
    log_required: bool = False

    @property
    def exit_status(self) -> int:
        """The command's exit status for it."""
        unlogged = self.log_required and any(
            each in _UNLOGGED for each in self.checked.verification.warnings
        )
        least = exit_status(Outcome.VALID_STATUS_UNKNOWN) if unlogged else 0
        return max(self.checked.exit_status, self.least_status, least)

    @property
    def certificate_id(self) -> str:
        """The certificate's number, "" where it is not known."""
        claims = self.checked.verification.claims
        return "" if claims is None else str(claims.certificate_id)

    @property
    def claims(self) -> Claims | None:
        """The claims that may be shown."""
        shown = self.checked.outcome in SHOWN
        return self.checked.verification.claims if shown else None

    @property
    def certificates(self) -> tuple[InputAnswer, ...]:
        """What was found of each certificate in it."""
        found = self.checked.certificates
        return tuple(replace(self, checked=each) for each in found)

    def words(self, verifier: Verifier) -> OutcomeWords:
        """Return the words of the answer, the provider called as in the trust file."""
        checked = self.checked
        if checked.answers and checked.file is not None and checked.file.transcript:
            listed = [each.counted for each in checked.file.transcript.codes]
            return words_of_transcript(len(listed), sum(listed), checked.outcome)
        if checked.answers:
            return words_of_several(len(checked.answers), checked.outcome, checked.page)
        as_of = checked.verification.status_as_of
        return words_of(
            checked.outcome,
            {
                "issuer": verifier.trust.name,
                "school": _SCHOOL,
                "as_of": "" if as_of is None else instant_phrase(as_of, verifier.timezone),
                "id": self.certificate_id,
                "detail": checked.verification.detail,
            },
        )


def show(answers: Sequence[InputAnswer], verifier: Verifier, as_json: bool) -> None:
    """Print what was found of each input.

    Args:
        answers: One for each input.
        verifier: Whose trust file was used.
        as_json: Print a document instead of lines.
    """
    if as_json:
        answer_json(json_document(answers, verifier))
        return
    for position, each in enumerate(answers):
        if position:
            answer("")
        for warning in each.checked.verification.warnings:
            if warning is not Warning_.ROOT_NOT_PINNED:  # said above, once
                say(f"warning: {shown(each.what)}: {warning_words(warning)}")
        for line in text_lines(each, verifier):
            answer(line)


def text_lines(found: InputAnswer, verifier: Verifier) -> Iterator[str]:
    """Return an answer as lines for people.

    Args:
        found: What was found of one input.
        verifier: Who found it.
    """
    for line in _lines(found, verifier):
        yield _printable(line)


def _lines(found: InputAnswer, verifier: Verifier) -> Iterator[str]:
    words = found.words(verifier)
    yield f"{_where(found)}: {words.headline}"
    yield f"  {words.sentence}"
    yield f"  {words.advice}"
    if found.claims is not None:
        yield ""
        recorded = verifier.recorded(found.claims)
        yield from _columns(record_lines(found.claims, verifier.trust, recorded, verifier.timezone))
    yield ""
    several = bool(found.checked.answers)
    checks = () if several else found.checked.checks
    rows = [(each.question.value, _check(each)) for each in checks]
    if not several and found.checked.verification.logged:
        rows.append(("log", f"LOGGED, {LOGGED}"))
    if found.checked.counted is not None:
        rows.append(("counted", _COUNTED[found.checked.counted]))
    if found.checked.file is not None:
        rows += _file_rows(found.checked.file, verifier.timezone)
    yield from _columns(rows)
    yield f"  result: {found.checked.outcome.value} (exit status {found.exit_status})"
    for each in found.certificates if several else ():
        yield ""
        yield from _lines(each, verifier)


_COUNTED = {
    True: "yes, its hours are in the totals of the transcript",
    False: "no, the transcript itself lists it as replaced or revoked",
}


def _where(found: InputAnswer) -> str:
    """Return the input's name, and the page where several are or the first is not it."""
    checked = found.checked
    alone = checked.answers or (checked.file is not None and checked.page == 1)
    page = "" if alone or checked.page is None else f", page {checked.page}"
    return f"{shown(found.what)}{page}"


def _file_rows(file: FileAnswer, timezone: str) -> list[tuple[str, str]]:
    detail = f" ({file.detail})" if file.detail else ""
    rows = [("file", f"{file.verdict.value}, {file_words(file.verdict)}{detail}")]
    if file.pages > 1 and file.without_code:
        numbers = ", ".join(map(str, file.without_code))
        which = "page" if len(file.without_code) == 1 else "pages"
        rows += [("pages", f"{file.pages}; no certificate's code is on {which} {numbers}")]
    if file.transcript is not None:
        drawn_up = instant_phrase(file.transcript.drawn_up_at, timezone)
        rows += [("transcript", f"{file.transcript.number}, drawn up {drawn_up}")]
    return rows


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(label) for label, _ in rows) + 1
    for label, value in rows:
        yield f"  {label + ':' if label else '':<{width}} {value}"


def _check(check: Check) -> str:
    detail = f" ({check.detail})" if check.detail else ""
    return f"{check.code}, {check_words(check)}{detail}"


def shown(text: str, most: int = 72) -> str:
    """Return *text* for a terminal: nothing in it moves the cursor, and it has an end."""
    plain = _printable(text)
    return plain if len(plain) <= most else plain[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def json_document(found: Sequence[InputAnswer], verifier: Verifier) -> VerifyDocument:
    """Return the answers as one JSON document; its outcome is the worst of them."""
    trust = verifier.trust
    worst = max(found, key=lambda each: (each.exit_status, *each.checked.rank))
    return {
        "outcome": worst.checked.outcome.value,
        "exit_status": worst.exit_status,
        "trust": {
            "issuer": trust.issuer,
            "name": trust.name,
            "root": trust.root.thumbprint.hex(),
            "root_pinned": verifier.root_pinned,
        },
        "results": [_result(each, verifier) for each in found],
    }


def _result(found: InputAnswer, verifier: Verifier) -> ResultDocument:
    return {
        "what": found.what,
        **_answer(found, verifier),
        "file": None if found.checked.file is None else _file(found.checked.file),
        "answers": [_answer(each, verifier) for each in found.certificates],
    }


def _answer(found: InputAnswer, verifier: Verifier) -> AnswerDocument:
    verification, trust = found.checked.verification, verifier.trust
    words = found.words(verifier)
    return {
        "outcome": found.checked.outcome.value,
        "exit_status": found.exit_status,
        "headline": words.headline,
        "sentence": words.sentence,
        "advice": words.advice,
        "detail": verification.detail,
        "checks": {each.question.value: each.code for each in found.checked.checks},
        "details": {each.question.value: each.detail for each in found.checked.checks},
        "differences": [
            {"fact": each.fact, "certified": each.certified, "printed": each.printed}
            for each in found.checked.differing
        ],
        "warnings": {each.value: warning_words(each) for each in verification.warnings},
        "status_as_of": _iso(verification.status_as_of),
        "logged": verification.logged,
        "certificate_id": found.certificate_id or None,
        "key": None if verification.key is None else verification.key.kid.hex(),
        "certificate": None if found.claims is None else _certificate(found.claims, trust),
        "page": found.checked.page,
        "counted": found.checked.counted,
    }


def _file(file: FileAnswer) -> FileDocument:
    return {
        "verdict": file.verdict.value,
        "sentence": file_words(file.verdict),
        "detail": file.detail,
        "pages": file.pages,
        "pages_without_code": list(file.without_code),
        "transcript": None if file.transcript is None else _transcript(file.transcript),
    }


def _transcript(transcript: TranscriptList) -> TranscriptDocument:
    return {
        "number": str(transcript.number),
        "drawn_up_at": _iso(transcript.drawn_up_at),
        "certificates": len(transcript.codes),
        "counted": sum(each.counted for each in transcript.codes),
    }


def unchecked_document(
    what: Sequence[str], outcome: Outcome, words: OutcomeWords, detail: str
) -> UncheckedDocument:
    """Return the JSON document of inputs that could not be checked at all.

    Args:
        what: The inputs, as they were given.
        outcome: Why none could be: one for all.
        words: Of the outcome.
        detail: What went wrong, in a sentence.
    """
    return {
        "outcome": outcome.value,
        "exit_status": exit_status(outcome),
        "trust": None,
        "results": [
            {
                "what": each,
                "outcome": outcome.value,
                "exit_status": exit_status(outcome),
                "headline": words.headline,
                "sentence": words.sentence,
                "advice": words.advice,
                "detail": detail,
            }
            for each in what
        ],
    }


def _certificate(claims: Claims, trust: TrustFile) -> CertifiedDocument:
    return {
        "id": str(claims.certificate_id),
        "name": claims.recipient,
        "title": claims.title,
        "dates": [each.isoformat() for each in claims.session_dates],
        "hours": _hours(claims.hours),
        "credits": [
            {
                "code": each.code,
                "label": trust.label_of(each.code),
                "number": each.provider,
                "hours": _hours(each.hundredths),
            }
            for each in claims.credits
        ],
        "delivery": claims.delivery,
        "instructor": claims.instructor,
        "issued_at": _iso(claims.issued_at),
        "issued_by": trust.name,
        "replaces": None if claims.replaces is None else str(claims.replaces),
        "specimen": claims.specimen,
    }


def _hours(hundredths: int) -> str:
    """Write hours for programs: two decimals, always."""
    return f"{Decimal(hundredths) / 100:.2f}"


def _iso(second: int | None) -> str | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).isoformat()
