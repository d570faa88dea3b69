"""What verifying needs, and what it finds; a token by itself is verified here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TypeVar

from cecert.domain.certificate.printed_text import Difference
from cecert.domain.cose.cose import CheckSignature
from cecert.domain.log.answer import LogAnswer
from cecert.domain.token.checks import Check, CheckKind, status_check, token_check
from cecert.domain.token.claims import Claims
from cecert.domain.token.file_verdict import FileAnswer
from cecert.domain.token.shown_record import Recorded
from cecert.domain.token.verify import (
    STATUS_OUTCOMES,
    Outcome,
    StatusAnswer,
    Verification,
    Warning_,
    exit_status,
    log_unknown,
    looks_like_token,
    none_reattested,
    status_unknown,
    token_digits,
    verify_token,
)
from cecert.domain.trust.trust_file import TrustFile, Withdrawable
from cecert.ports import Clock, PdfReader, SealFinding, SealReader

__all__ = ["Checked", "Verifier", "alone", "together", "tokens_among", "verified_token"]


_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


def nothing_recorded(claims: Claims) -> Recorded | None:
    """Tell of no record of the provider's own."""
    del claims
    return None


@dataclass(frozen=True, slots=True)
class Verifier:
    """Everything that verifying needs: trust, tools, and where status comes from.

    Threads may share one whose ports they may share.

    Attributes:
        trust: The provider's trust file, opened.
        root_pinned: Whether its root was compared with a thumbprint.
        check_signature: Does the cryptography.
        pdf_reader, seal_reader, clock: The ports.
        status: Says what is known of a status list; offline it knows nothing.
        reattested: Says what of a withdrawn key or seal is genuine, as digests.
        logged: Says what is known of the log's entry of a token, by its payload.
        recorded: Says what the provider's own ledger has of a certificate with these claims.
        timezone: The provider's, "" where it is not known.
    """

    trust: TrustFile
    root_pinned: bool
    check_signature: CheckSignature
    pdf_reader: PdfReader
    seal_reader: SealReader
    clock: Clock
    status: Callable[[Claims], StatusAnswer] = status_unknown
    reattested: Callable[[Withdrawable], bytes] = none_reattested
    logged: Callable[[bytes], LogAnswer] = log_unknown
    recorded: Callable[[Claims], Recorded | None] = nothing_recorded
    timezone: str = ""

    def at_one_moment(self) -> Verifier:
        """Return a verifier of this very moment: what it asks for, it asks for once."""
        return replace(
            self,
            clock=_Stopped(self.clock.now()),
            status=_of_one_moment(self.status),
            reattested=cache(self.reattested),
            logged=_of_one_moment(self.logged),
        )


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def _of_one_moment(
    teller: Callable[[_Asked], _Told],
) -> Callable[[_Asked], _Told]:
    """Return a teller's own of one moment; one that has none is asked each time."""
    own: Callable[[], Callable[[_Asked], _Told]] | None = getattr(teller, "at_one_moment", None)
    return teller if own is None else own()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one input, or of one of the certificates in it. Threads may share it.

    Attributes:
        verification: Outcome, claims and warnings; for a PDF the outcome also
            counts its seal and its words. Of several certificates the worst outcome, and
            no claims.
        checks: One a question, in the order they are asked.
        seal: What was found of the seal; None for anything but a PDF.
        differing: Facts on which page and token disagree.
        page: Of a certificate in a file, where its code stands, counted from 1; None for a
            code that is on no page.
        file: The verdict about the file; None for a link or digits.
        answers: Of several certificates in one file, what was found of each, in their order.
        counted: Of a certificate that a transcript lists, whether it counts its hours; None for
            every other.
    """

    verification: Verification
    checks: tuple[Check, ...]
    seal: SealFinding | None = None
    differing: tuple[Difference, ...] = ()
    page: int | None = None
    file: FileAnswer | None = None
    answers: tuple[Checked, ...] = ()
    counted: bool | None = None

    @property
    def told(self) -> bool:
        """Whether a sealed transcript says itself that it was taken back or replaced."""
        return self.counted is False and self.outcome in TAKEN_BACK and self._is_sealed

    @property
    def _is_sealed(self) -> bool:
        return all(each.fault is None for each in self.checks if each.question is CheckKind.SEAL)

    @property
    def outcome(self) -> Outcome:
        """The outcome of the verification, the worst of all checks."""
        return self.verification.outcome

    @property
    def exit_status(self) -> int:
        """The command's exit status for it.

        A file that is not as issued is never better than that, though what was revoked is
        called so first.
        """
        if self.answers:
            return max(each.exit_status for each in deciding(self.answers))
        status = exit_status(self.outcome)
        if self._is_sealed or self.outcome not in STATUS_OUTCOMES:
            return status
        return max(status, exit_status(Outcome.CODE_ONLY))

    @property
    def rank(self) -> tuple[int, bool]:
        """How bad it is: what is not authentic is worse than a file that is not as issued."""
        return self.exit_status, self.outcome is not Outcome.CODE_ONLY

    @property
    def certificates(self) -> tuple[Checked, ...]:
        """What was found of each certificate: several, this one, or none where no code is."""
        return self.answers or (() if self.outcome in _WITHOUT_CODE else (self,))


_WITHOUT_CODE = {
    Outcome.NO_TOKEN,
    Outcome.NO_TOKEN_IN_PDF,
    Outcome.NOT_READABLE,
    Outcome.TOO_LARGE,
}


def verified_token(text: str, verifier: Verifier) -> Verification:
    """Verify a token by itself: the text of a link, of digits or of an attachment."""
    found = verify_token(
        text.strip(),
        verifier.trust,
        verifier.check_signature,
        int(verifier.clock.now().timestamp()),
        verifier.status,
        reattested=verifier.reattested,
        logged=verifier.logged,
    )
    if verifier.root_pinned:
        return found
    return replace(found, warnings=(*found.warnings, Warning_.ROOT_NOT_PINNED))


def tokens_among(texts: Sequence[str]) -> list[str]:
    """Return those of the texts of QR codes that look like tokens, each token once."""
    return list({token_digits(each): each for each in texts if looks_like_token(each)}.values())


def alone(verification: Verification) -> Checked:
    """Return what was found of a code that nothing else is known of."""
    return Checked(verification, (token_check(verification), status_check(verification)))


TAKEN_BACK = (Outcome.REVOKED, Outcome.SUPERSEDED)


def deciding(answers: Sequence[Checked]) -> Sequence[Checked]:
    """Return the answers that decide what is said of a file.

    What a sealed transcript itself lists as taken back or replaced, and does not count, is no
    news: it decides only where nothing else is listed.
    """
    return [each for each in answers if not each.told] or answers


def together(answers: Sequence[Checked], file: FileAnswer) -> Checked:
    """Return what was found of a file with one certificate or several: its worst answer."""
    if len(answers) == 1:
        return replace(answers[0], file=file)
    worst = max(deciding(answers), key=lambda each: each.rank)
    warnings = dict.fromkeys(warning for each in answers for warning in each.verification.warnings)
    verification = replace(worst.verification, claims=None, key=None, warnings=tuple(warnings))
    return Checked(
        verification, worst.checks, worst.seal, page=worst.page, file=file, answers=tuple(answers)
    )
