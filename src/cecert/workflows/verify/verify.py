"""Verifying: a PDF, a picture, a link or bare digits; the answer is a value, never a guess.

A PDF answers four questions in this order: is it ours (its token), is it whole (its
seal), does it say what was certified (its words), does it still stand (the status list).
Each has its own code; the outcome is the worst. No ledger is asked: what is verified
here verifies everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cecert.domain.certificate.printed_text import Difference, credit_differences, differences
from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.checks import Check, CheckKind, status_check, token_check, unasked
from cecert.domain.token.claims import Claims
from cecert.domain.token.verify import (
    Outcome,
    StatusAnswer,
    Verification,
    Warning_,
    exit_status,
    looks_like_token,
    none_reattested,
    status_unknown,
    token_digits,
    verify_token,
)
from cecert.domain.trust.reattested_list import is_vouched_for
from cecert.domain.trust.trust_file import KeyState, TrustFile, Withdrawable
from cecert.ports import Clock, PdfContent, PdfReader, SealFinding, SealReader, SealState

__all__ = ["LARGEST_DOCUMENT", "Checked", "Verifier", "verify"]

LARGEST_DOCUMENT = 64 << 20
"""Bytes of a PDF or picture; a larger one is not read."""

PDF_MAGIC = b"%PDF-"
PDF_MAGIC_WITHIN = 1024
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
HEIC_BRAND = slice(4, 12)
HEIC_BRANDS = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"mif1"))


@dataclass(frozen=True, slots=True)
class Verifier:
    """Everything that verifying needs: trust, tools, and where status comes from.

    Attributes:
        trust: The provider's trust file, opened.
        root_pinned: Whether its root was compared with a thumbprint.
        check_signature: Does the cryptography.
        pdf_reader, seal_reader, clock: The ports.
        status: Says what is known of a status list; offline it knows nothing.
        reattested: Says what of a withdrawn key or seal is genuine, as digests.
    """

    trust: TrustFile
    root_pinned: bool
    check_signature: CheckSignature
    pdf_reader: PdfReader
    seal_reader: SealReader
    clock: Clock
    status: Callable[[Claims], StatusAnswer] = status_unknown
    reattested: Callable[[Withdrawable], bytes] = none_reattested


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one input.

    Attributes:
        verification: Outcome, claims and warnings; for a PDF the outcome also
            counts its seal and its words.
        checks: One a question, in the order they are asked.
        seal: What was found of the seal; None for anything but a PDF.
        differing: Facts on which page and token disagree.
    """

    verification: Verification
    checks: tuple[Check, ...]
    seal: SealFinding | None = None
    differing: tuple[Difference, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The outcome of the verification, the worst of all checks."""
        return self.verification.outcome

    @property
    def exit_status(self) -> int:
        """The command's exit status for it."""
        return exit_status(self.outcome)


def verify(what: bytes | str, verifier: Verifier) -> Checked:
    """Say what is certified by what somebody shows, and whether it stands.

    Args:
        what: Bytes of a PDF or a picture, or the text of a link or of digits.
        verifier: Trust and tools.
    """
    if isinstance(what, str):
        return _alone(_token(what, verifier))
    if len(what) > LARGEST_DOCUMENT:
        detail = f"it has more than {LARGEST_DOCUMENT >> 20} MB"
        return _alone(Verification(Outcome.TOO_LARGE, detail))
    if what.startswith(PICTURES) or what[HEIC_BRAND] in HEIC_BRANDS:
        return _picture(what, verifier)
    if PDF_MAGIC in what[:PDF_MAGIC_WITHIN]:
        return _pdf(what, verifier)
    return _alone(Verification(Outcome.NOT_READABLE, "it is neither a PDF nor a picture"))


def _alone(verification: Verification) -> Checked:
    return Checked(verification, (token_check(verification), status_check(verification)))


def _token(text: str, verifier: Verifier) -> Verification:
    text = text.strip()
    found = verify_token(
        text,
        verifier.trust,
        verifier.check_signature,
        int(verifier.clock.now().timestamp()),
        verifier.status,
        reattested=verifier.reattested,
    )
    if verifier.root_pinned:
        return found
    return replace(found, warnings=(*found.warnings, Warning_.ROOT_NOT_PINNED))


def _picture(picture: bytes, verifier: Verifier) -> Checked:
    found = verifier.pdf_reader.qr_texts_of_picture(picture)
    if isinstance(found, str):
        return _alone(Verification(Outcome.NOT_READABLE, found))
    texts = _tokens_among(found)
    if not texts:
        return _alone(Verification(Outcome.NO_TOKEN, "no certificate code is in the picture"))
    if len(texts) > 1:
        detail = f"the picture shows {len(texts)} different certificate codes; show one at a time"
        return _alone(Verification(Outcome.NOT_READABLE, detail))
    return _alone(_token(texts[0], verifier))


def _tokens_among(texts: Sequence[str]) -> list[str]:
    """Return those of the texts of QR codes that look like tokens, each token once."""
    return list({token_digits(each): each for each in texts if looks_like_token(each)}.values())


def _pdf(pdf: bytes, verifier: Verifier) -> Checked:
    content = verifier.pdf_reader.read(pdf)
    if isinstance(content, str):
        return _alone(Verification(Outcome.NOT_READABLE, content))
    seal = verifier.seal_reader.inspect(pdf)
    scanned = _tokens_among(verifier.pdf_reader.qr_texts(pdf))
    texts = scanned if content.token_text is None else [content.token_text, *scanned]
    if not texts:
        absent = Verification(Outcome.NO_TOKEN_IN_PDF, "no attachment and no QR code")
        if not content.pages:
            absent = Verification(Outcome.NOT_READABLE, "it is damaged")
        return _document(absent, content, _Sealed(pdf, seal), verifier)
    token = _token(texts[0], verifier)
    if len({token_digits(each) for each in texts}) > 1:
        token = replace(token, outcome=Outcome.TOKENS_DIFFER, detail="")
    return _document(token, content, _Sealed(pdf, seal), verifier)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A PDF, and what was found of its seal."""

    pdf: bytes
    seal: SealFinding


def _document(
    token: Verification, content: PdfContent, sealed: _Sealed, verifier: Verifier
) -> Checked:
    """Judge the whole file by its checks."""
    seal = sealed.seal
    differing = () if token.claims is None else _differing(content, token.claims)
    checks = (
        token_check(token),
        _seal_check(token.claims, sealed, verifier),
        _text_check(token.claims, content, differing),
        status_check(token),
    )
    verification = token
    decisive = _decisive(*checks[:3])
    if decisive is not None and decisive.fault is not None:
        verification = replace(token, outcome=decisive.fault, detail=decisive.detail)
    if seal.time_stamp:
        warnings = (*verification.warnings, Warning_.TIME_STAMP_NOT_CHECKED)
        verification = replace(verification, warnings=warnings)
    return Checked(verification, checks, seal, differing)


def _differing(content: PdfContent, claims: Claims) -> tuple[Difference, ...]:
    approvals = credit_differences(content.lines, claims)
    return (*differences(content.lines, claims), *approvals)


def _decisive(token: Check, seal: Check, text: Check) -> Check | None:
    """Return the check that names the outcome; None if all is well but perhaps the status.

    A genuine code on the wrong paper is called that, whatever became of the seal. A code
    that cannot be read, in a file whose seal is broken, was changed with the file.
    """
    unreadable = token.fault is not None and exit_status(token.fault) == _UNREADABLE
    if unreadable and seal.fault is Outcome.SEAL_BROKEN:
        return seal
    return next((each for each in (token, text, seal) if each.fault is not None), None)


_UNREADABLE = exit_status(Outcome.NOT_READABLE)


def _text_check(
    claims: Claims | None, content: PdfContent, differing: Sequence[Difference]
) -> Check:
    if claims is None:
        return unasked(CheckKind.TEXT, "nothing certified could be compared with it")
    if not content.lines:
        return unasked(CheckKind.TEXT, "no text could be read")
    if differing:
        detail = "; ".join(map(str, differing))
        return Check(CheckKind.TEXT, Outcome.TEXT_MISMATCH, detail)
    return Check(CheckKind.TEXT)


def _seal_check(claims: Claims | None, sealed: _Sealed, verifier: Verifier) -> Check:
    seal, trust = sealed.seal, verifier.trust
    if seal.state is SealState.MISSING:
        return Check(CheckKind.SEAL, Outcome.SEAL_MISSING, seal.detail)
    if seal.state is SealState.BROKEN:
        return Check(CheckKind.SEAL, Outcome.SEAL_BROKEN, seal.detail)
    if claims is None:
        return unasked(CheckKind.SEAL, f"{seal.detail}, but whose seal should be here is not known")
    listed = [each for each in trust.seals if each.sha256 == seal.signing_cert_sha256]
    # Judged at the token's issue time: a certificate that expired later is no fault.
    good = (
        each.not_before <= claims.issued_at <= each.not_after
        and (
            each.state is not KeyState.COMPROMISED
            or is_vouched_for(sealed.pdf, each, verifier.reattested(each))
        )
        for each in listed
    )
    if any(good):
        if not (seal.lower_case and trust.allows_form(claims.issued_at, low=seal.low_s)):
            return Check(CheckKind.SEAL, Outcome.SEAL_BROKEN, "its signature was written anew")
        return Check(CheckKind.SEAL, detail=seal.detail)
    return Check(CheckKind.SEAL, Outcome.SEAL_UNKNOWN, f"it is sealed by {seal.signer}")
