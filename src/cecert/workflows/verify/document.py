"""A PDF: what each certificate in it says, and whether it is the file that was issued.

Each certificate answers four questions in this order: is it ours (its token), is the file
whole (its seal), does it say what was certified (its words), does it still stand (the
status list). Each has its own code; the outcome is the worst.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cecert.domain.certificate.printed_text import Difference
from cecert.domain.certificate.transcript_text import listed_differences, page_of_row
from cecert.domain.token.checks import Check, CheckKind, status_check, token_check, unasked
from cecert.domain.token.claims import Claims
from cecert.domain.token.file_verdict import FileAnswer, FileVerdict, verdict_of
from cecert.domain.token.transcript_list import TranscriptList, read_transcript_list
from cecert.domain.token.verify import (
    Outcome,
    Verification,
    Warning_,
    exit_status,
    token_digits,
)
from cecert.domain.trust.issue_dates import CLOCK_TOLERANCE
from cecert.domain.trust.reattested_list import is_vouched_for
from cecert.domain.trust.trust_file import KeyState
from cecert.ports import PdfContent, SealFinding, SealState, SeenPage
from cecert.workflows.verify.pictures import verify_pages
from cecert.workflows.verify.verifier import (
    Checked,
    Verifier,
    alone,
    together,
    tokens_among,
    verified_token,
)
from cecert.workflows.verify.words import compared, of_certificate

__all__ = ["verify_pdf"]

_UNREADABLE = exit_status(Outcome.NOT_READABLE)
_GOOD = {Outcome.VALID, Outcome.VALID_STATUS_STALE, Outcome.VALID_STATUS_UNKNOWN}
_OURS = "cecert"  # the program of that name

MOST_CODES = 500
"""Codes of certificates in one file; each is verified by itself."""


def verify_pdf(pdf: bytes, verifier: Verifier) -> Checked:
    """Say what the certificates in a PDF are worth; a scan is answered as a picture is.

    Args:
        pdf: Its bytes.
        verifier: Trust and tools.
    """
    return _as_issued(pdf, verifier) or _as_anybodys(pdf, verifier)


_ASKED_OF_FILE = (CheckKind.TOKEN, CheckKind.SEAL, CheckKind.TEXT)


def _as_issued(pdf: bytes, verifier: Verifier) -> Checked | None:
    """Judge a file that its seal shows to be ours to the byte; None where anything is odd.

    It is read at less cost then; where that finds all well, so would the whole reading.
    """
    seal = verifier.seal_reader.of_our_form(pdf)
    found = None if seal is None else verifier.pdf_reader.as_issued(pdf)
    if seal is None or found is None:
        return None
    document = _Document(pdf, *found, seal, verifier, None)
    codes = list(document.codes())
    if len(codes) != 1 or not document.content.token_texts:
        return None
    answer = document.answer(codes[0], verified_token(codes[0].text, verifier))
    well = all(
        each.asked and each.fault is None
        for each in answer.checks
        if each.question in _ASKED_OF_FILE
    )
    if not well or answer.page is None:
        return None
    return together([answer], document.file([answer]))


def _as_anybodys(pdf: bytes, verifier: Verifier) -> Checked:
    content = verifier.pdf_reader.read(pdf)
    if isinstance(content, str):
        return alone(Verification(Outcome.NOT_READABLE, content))
    seen = verifier.pdf_reader.drawn_pages(pdf)
    seal = verifier.seal_reader.inspect(pdf)
    listed = content.transcript_texts
    transcript = read_transcript_list(listed[0]) if len(listed) == 1 else None
    document = _Document(pdf, content, seen, seal, verifier, transcript)
    if document.is_scan:
        return verify_pages(seen, verifier)
    codes = list(document.codes())
    if len(codes) > MOST_CODES:
        return alone(Verification(Outcome.TOO_LARGE, f"it has more than {MOST_CODES} codes"))
    if not codes:
        absent = document.without_code()
        return replace(absent, file=document.file([absent]))
    answers = [document.answer(each, verified_token(each.text, verifier)) for each in codes]
    return together(answers, document.file(answers))


@dataclass(frozen=True, slots=True)
class _Code:
    """The code of a certificate in a document.

    Attributes:
        text: What it holds.
        page: Where it stands, counted from 1; None for one that is only attached.
        contradicted: Whether the document carries another code for the same place.
        counted: Whether a transcript that lists it counts its hours; None if none lists it.
    """

    text: str
    page: int | None
    contradicted: bool = False
    counted: bool | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    """A PDF that was read, drawn and asked for its seal; and what it lists as a transcript."""

    pdf: bytes
    content: PdfContent
    seen: Sequence[SeenPage]
    seal: SealFinding
    verifier: Verifier
    transcript: TranscriptList | None

    @property
    def is_scan(self) -> bool:
        """Whether it is made of pictures alone, and never had a seal or a token of ours."""
        return (
            self.seal.state is SealState.MISSING
            and not self.content.signatures
            and not self.content.token_texts
            and not self.content.transcript_texts
            and len(self.seen) == self.content.pages
            and all(each.is_picture and not each.fault for each in self.seen)
        )

    def codes(self) -> Iterator[_Code]:
        """Return the codes of certificates: those a transcript lists, and those of pages."""
        listed = self.transcript.codes if self.transcript else ()
        known = {token_digits(each.text): each for each in listed}
        others = [each for each in self._own_codes() if token_digits(each.text) not in known]
        # Nobody sealed a transcript and a certificate in one file.
        mixed = bool(others) and self.seal.state is SealState.INTACT
        for each in known.values():
            yield _Code(each.text, None, contradicted=mixed, counted=each.counted)
        for own in others:
            yield replace(own, contradicted=own.contradicted or (mixed and bool(known)))

    def _own_codes(self) -> Iterator[_Code]:
        """Return the codes of certificates, as they stand on the pages, then attached ones.

        What is attached is on a page too. One that is on none contradicts the pages; so
        does every second code under a seal that is whole, for nobody sealed two.
        """
        shown = [
            _Code(text, number)
            for number, page in enumerate(self.seen, 1)
            for text in tokens_among(page.codes)
        ]
        digits = {token_digits(each.text) for each in shown}
        attached = [
            _Code(each, None)
            for each in self.content.token_texts
            if token_digits(each) not in digits
        ]
        if len(digits) == 1 and attached:
            yield replace(shown[0], contradicted=True)
            return
        sealed_together = self.seal.state is SealState.INTACT and len(digits) + len(attached) > 1
        for each in shown:
            yield replace(each, contradicted=sealed_together)
        for each in attached:
            yield replace(each, contradicted=sealed_together or bool(shown))

    def answer(self, code: _Code, token: Verification) -> Checked:
        """Judge one certificate by its checks.

        Args:
            code: Its code.
            token: What was found of that.
        """
        if code.contradicted:
            token = replace(token, outcome=Outcome.TOKENS_DIFFER, detail="")
        text, differing = self._text_check(code, token.claims)
        page = code.page
        if code.counted is not None and token.claims is not None:
            page = page_of_row(self.content.page_lines, str(token.claims.certificate_id))
        judged = self._judged(token, text, differing, page)
        return replace(judged, counted=code.counted)

    def without_code(self) -> Checked:
        """Judge a document in which no certificate was found."""
        absent = Verification(
            Outcome.NO_TOKEN_IN_PDF, "no attachment and no QR code of a certificate on any page"
        )
        if not self.content.pages:
            absent = Verification(Outcome.NOT_READABLE, "it is damaged")
        elif undrawn := self._undrawn():
            absent = Verification(Outcome.NOT_READABLE, undrawn)
        text, differing = self._text_check(_Code("", None), None)
        return self._judged(absent, text, differing, None)

    def file(self, answers: Sequence[Checked]) -> FileAnswer:
        """Return the verdict about the file itself, which follows from its genuine codes."""
        genuine = [each.checks for each in answers if each.checks[0].fault is None]
        verdict = verdict_of([seal for _, seal, *_ in genuine])
        why = ""
        if verdict is FileVerdict.NOT_AS_ISSUED:
            details = [seal.detail for _, seal, *_ in genuine if seal.fault is not None]
            why = self._why_not_as_issued() if self._is_resaved else details[0]
        without = [
            number for number, page in enumerate(self.seen, 1) if not tokens_among(page.codes)
        ]
        detail = "; ".join(filter(None, [why, self._undrawn()]))
        if self.transcript:
            without = []  # its codes stand on no page
        return FileAnswer(
            verdict, detail, self.content.pages, tuple(without), transcript=self.transcript
        )

    def _judged(
        self,
        token: Verification,
        text: Check,
        differing: tuple[Difference, ...],
        page: int | None,
    ) -> Checked:
        seal = self._seal_check(token.claims)
        verification = self._with_outcome(token, seal, text)
        warnings = (*verification.warnings, *self._stamp_warnings())
        verification = replace(verification, warnings=warnings)
        checks = (token_check(token), seal, text, status_check(token))
        return Checked(verification, checks, self.seal, differing, page)

    def _stamp_warnings(self) -> Iterator[Warning_]:
        seal = self.seal
        if seal.later_stamp:
            yield Warning_.LATER_TIME_STAMP
        if seal.stamp_fault:
            yield Warning_.BAD_TIME_STAMP
        elif seal.time_stamp and seal.stamped_at is None:
            yield Warning_.TIME_STAMP_NOT_CHECKED

    def _seal_check(self, claims: Claims | None) -> Check:
        seal, trust = self.seal, self.verifier.trust
        if seal.state is SealState.MISSING:
            return Check(CheckKind.SEAL, Outcome.SEAL_MISSING, seal.detail)
        if seal.state is SealState.BROKEN:
            return Check(CheckKind.SEAL, Outcome.SEAL_BROKEN, seal.detail)
        if claims is None:
            why = f"{seal.detail}, but whose seal should be here is not known"
            return unasked(CheckKind.SEAL, why)
        instant = self.transcript.drawn_up_at if self.transcript else claims.issued_at
        if why := self._not_ours(instant, claims):
            return Check(CheckKind.SEAL, Outcome.SEAL_UNKNOWN, why)
        if not (seal.lower_case and trust.allows_form(instant, low=seal.low_s)):
            return Check(CheckKind.SEAL, Outcome.SEAL_BROKEN, "its signature was written anew")
        return Check(CheckKind.SEAL, detail=self._seal_detail())

    def _seal_detail(self) -> str:
        """Say what a good seal proves, and since when."""
        seal = self.seal
        if seal.stamp_fault:
            return f"{seal.detail}; its time stamp {seal.stamp_fault}"
        if seal.stamped_at is None:
            return seal.detail
        at = datetime.fromtimestamp(seal.stamped_at, UTC)
        return f"{seal.detail}, which {seal.stamped_by} stamped at {at:%Y-%m-%d %H:%M:%S} UTC"

    def _not_ours(self, instant: int, claims: Claims) -> str:
        """Say why a whole seal is not the provider's of that instant; "" if it is."""
        if instant < claims.issued_at:
            return "it says that it was drawn up before this certificate was issued"
        if self.transcript and instant > self._now + CLOCK_TOLERANCE:
            return "it says that it was drawn up later than it is now"
        return "" if self._is_listed(instant) else f"it is sealed by {self.seal.signer}"

    @property
    def _now(self) -> int:
        return int(self.verifier.clock.now().timestamp())

    def _is_listed(self, instant: int) -> bool:
        """Whether the seal is one of the provider's that was in force at an instant."""
        # When a certificate was issued, or a transcript drawn up: an end later is no fault.
        return any(
            each.sha256 == self.seal.signing_cert_sha256
            and each.not_before <= instant <= each.not_after
            and (
                each.state is not KeyState.COMPROMISED
                or is_vouched_for(self.pdf, each, self.verifier.reattested(each))
            )
            for each in self.verifier.trust.seals
        )

    def _with_outcome(self, token: Verification, seal: Check, text: Check) -> Verification:
        """Return the verification with the outcome of the check that decides.

        A genuine code on the wrong paper is called that, whatever became of the seal. A code
        that cannot be read, in a file whose seal is broken, was changed with the file. What
        was revoked is called so first, in whatever file it stands.
        """
        fault = token_check(token).fault
        if fault is not None:
            broken = seal.fault is Outcome.SEAL_BROKEN
            decisive = seal if broken and exit_status(fault) == _UNREADABLE else None
        else:
            decisive = next((each for each in (text, seal) if each.fault is not None), None)
        if decisive is None or decisive.fault is None:
            later = self.seal.later_stamp and token.outcome is Outcome.VALID
            return replace(token, outcome=Outcome.LATER_TIME_STAMP) if later else token
        if fault is not None or decisive is not seal or not self._is_resaved:
            return replace(token, outcome=decisive.fault, detail=decisive.detail)
        outcome = Outcome.CODE_ONLY if token.outcome in _GOOD else token.outcome
        return replace(token, outcome=outcome, detail=self._why_not_as_issued())

    @property
    def _is_resaved(self) -> bool:
        """Whether it lost its seal as files do that are saved again, and not by an alteration."""
        return self.seal.state is SealState.MISSING or self.seal.resaved

    def _why_not_as_issued(self) -> str:
        """Say what became of a file of ours, as far as it shows."""
        why = self.seal.detail
        if self.seal.state is SealState.MISSING:
            bearing = [each for each in self.seen if tokens_among(each.codes)]
            how = "putting files together" if len(bearing) > 1 else "printing to PDF or saving anew"
            if any(each.is_picture for each in bearing):
                how = "putting a scan among other pages"
            why = f"it has no seal, as after {how}"
        producer = self.content.producer
        if producer in {"", _OURS}:
            return why
        return f"{why}; the program that wrote it calls itself {producer}"

    def _undrawn(self) -> str:
        """Say which page could not be drawn; "" if all were."""
        faults = ((number, each.fault) for number, each in enumerate(self.seen, 1) if each.fault)
        return "; ".join(f"page {number} could not be drawn: {fault}" for number, fault in faults)

    def _text_check(
        self, code: _Code, claims: Claims | None
    ) -> tuple[Check, tuple[Difference, ...]]:
        if claims is None:
            return unasked(CheckKind.TEXT, "nothing certified could be compared with it"), ()
        readings = self._readings(code, claims)
        if isinstance(readings, str):
            return unasked(CheckKind.TEXT, readings), ()
        differing = of_certificate if code.counted is None else listed_differences
        sealed = self.seal.state is SealState.INTACT
        return compared(readings, claims, sealed=sealed, differing=differing)

    def _readings(self, code: _Code, claims: Claims) -> Sequence[Sequence[str]] | str:
        """Return the words of the certificate with *code*, or why they cannot be told."""
        if code.counted is not None:
            return [self.content.lines, [line for each in self.seen for line in each.lines]]
        if code.page is None or self.seal.state is SealState.INTACT:
            if len(self.content.token_texts) > 1:
                return "which page is its own cannot be told"
            return [self.content.lines]
        page = self.seen[code.page - 1]
        if page.is_picture:
            return "no text could be read"
        if len(tokens_among(page.codes)) > 1:
            return "which words are its own cannot be told, for others stand on the same page"
        readings = (self.content.page_lines, [each.lines for each in self.seen])
        return [self._own_lines(code.page, pages, claims) for pages in readings]

    def _own_lines(
        self, page: int, pages: Sequence[Sequence[str]], claims: Claims
    ) -> Sequence[str]:
        """Return the words on the page of a code and on those that go on with it.

        A second page of a certificate has no code, and names the certificate.
        """
        lines = list(pages[page - 1]) if page <= len(pages) else []
        for seen, more in zip(self.seen[page:], pages[page:], strict=False):
            if tokens_among(seen.codes) or str(claims.certificate_id) not in " ".join(more):
                break
            lines += more
        return lines
