"""How the answers of `verify` are told: as words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cecert.domain.token.checks import Check
from cecert.domain.token.claims import Claims
from cecert.domain.token.outcome_words import OutcomeWords, check_words, warning_words, words_of
from cecert.domain.token.shown_record import SHOWN, hours, instant_phrase, record_lines
from cecert.domain.token.verify import Outcome, exit_status
from cecert.domain.trust.trust_file import TrustFile
from cecert.workflows.verify.verify import Checked, Verifier

__all__ = ["Answer", "json_document", "shown", "text_lines", "unchecked_document", "words_for"]

_SCHOOL = "the issuer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found of one of the inputs.

    Attributes:
        what: The input as it was given.
        checked: What was found.
        least_status: The exit status is no lower: 3 where nobody vouches for the trust file.
    """

    what: str
    checked: Checked
    least_status: int = 0

    @property
    def exit_status(self) -> int:
        """The command's exit status for it."""
        return max(self.checked.exit_status, self.least_status)

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


def words_for(found: Answer, issuer: str) -> OutcomeWords:
    """Return the words of an answer."""
    as_of = found.checked.verification.status_as_of
    return words_of(
        found.checked.outcome,
        {
            "issuer": issuer,
            "school": _SCHOOL,
            "as_of": "" if as_of is None else instant_phrase(as_of),
            "id": found.certificate_id,
            "detail": found.checked.verification.detail,
        },
    )


def text_lines(found: Answer, trust: TrustFile) -> Iterator[str]:
    """Return an answer as lines for people."""
    words = words_for(found, trust.name)
    yield f"{shown(found.what)}: {words.headline}"
    yield f"  {words.sentence}"
    yield f"  {words.advice}"
    if found.claims is not None:
        yield ""
        yield from _columns(record_lines(found.claims, trust))
    yield ""
    yield from _columns([(each.question.value, _check(each)) for each in found.checked.checks])
    yield f"  result: {found.checked.outcome.value} (exit status {found.exit_status})"


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(label) for label, _ in rows) + 1
    for label, value in rows:
        yield f"  {label + ':' if label else '':<{width}} {value}"


def _check(check: Check) -> str:
    detail = f" ({check.detail})" if check.detail else ""
    return f"{check.code}, {check_words(check)}{detail}"


def shown(text: str, most: int = 72) -> str:
    """Return *text* for a terminal: nothing in it moves the cursor, and it has an end."""
    plain = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return plain if len(plain) <= most else plain[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"


def json_document(found: Sequence[Answer], verifier: Verifier) -> dict[str, object]:
    """Return the answers as one JSON document; its outcome is the worst of them."""
    trust = verifier.trust
    worst = max(found, key=lambda each: (each.exit_status, each.checked.exit_status))
    return {
        "outcome": worst.checked.outcome.value,
        "exit_status": worst.exit_status,
        "trust": {
            "issuer": trust.issuer,
            "name": trust.name,
            "root": trust.root.thumbprint.hex(),
            "root_pinned": verifier.root_pinned,
        },
        "results": [_result(each, trust) for each in found],
    }


def _result(found: Answer, trust: TrustFile) -> dict[str, object]:
    verification = found.checked.verification
    words = words_for(found, trust.name)
    return {
        "what": found.what,
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
        "certificate_id": found.certificate_id or None,
        "key": None if verification.key is None else verification.key.kid.hex(),
        "certificate": None if found.claims is None else _certificate(found.claims, trust),
    }


def unchecked_document(
    what: Sequence[str], outcome: Outcome, words: OutcomeWords, detail: str
) -> dict[str, object]:
    """Return the JSON document of inputs that could not be checked at all."""
    answer = {"outcome": outcome.value, "exit_status": exit_status(outcome)}
    result = {
        **answer,
        "headline": words.headline,
        "sentence": words.sentence,
        "advice": words.advice,
        "detail": detail,
    }
    return {**answer, "trust": None, "results": [{"what": each, **result} for each in what]}


def _certificate(claims: Claims, trust: TrustFile) -> Mapping[str, Any]:
    return {
        "id": str(claims.certificate_id),
        "name": claims.recipient,
        "title": claims.title,
        "dates": [each.isoformat() for each in claims.session_dates],
        "hours": hours(claims.hours),
        "credits": [
            {
                "code": each.code,
                "label": trust.label_of(each.code),
                "number": each.provider,
                "hours": hours(each.hundredths),
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


def _iso(second: int | None) -> str | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).isoformat()
