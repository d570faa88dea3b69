"""Verifying: a PDF, a picture, a link or bare digits; the answer is a value, never a guess.

For a PDF: (1) read it within limits, (2) its token, in the attachment and in the QR
code, (3) the token's own steps, (4) the seal and whether the trust file lists it at
the token's issue time, (5) the printed words against the claims. No ledger is asked:
what is verified here verifies everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cecert.domain.cose import CheckSignature
from cecert.domain.printed import Difference, differences
from cecert.domain.tokens import Claims
from cecert.domain.trust import KeyState, TrustFile
from cecert.domain.verification import (
    Outcome,
    StatusAnswer,
    Verification,
    Warning_,
    exit_status,
    verify_token,
)
from cecert.ports import Clock, PdfContent, PdfReader, SealFinding, SealReader, SealState

__all__ = ["Checked", "Verifier", "verify"]

PDF_MAGIC = b"%PDF-"
PDF_MAGIC_WITHIN = 1024
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Verifier:
    """What verifying needs.

    Attributes:
        trust: The provider's trust file, opened.
        root_pinned: Whether its root was compared with a thumbprint.
        check_signature: Does the cryptography.
        pdf_reader, seal_reader, clock: The ports.
        status: Says what is known of a status list; offline it knows nothing.
    """

    trust: TrustFile
    root_pinned: bool
    check_signature: CheckSignature
    pdf_reader: PdfReader
    seal_reader: SealReader
    clock: Clock
    status: Callable[[Claims], StatusAnswer] = lambda _: StatusAnswer()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one input.

    Attributes:
        verification: Outcome, claims and warnings; for a PDF the outcome also
            counts its seal and its words.
        token_outcome: What the token alone gave.
        seal: What was found of the seal; None for anything but a PDF.
        differing: Facts on which page and token disagree.
    """

    verification: Verification
    token_outcome: Outcome
    seal: SealFinding | None = None
    differing: tuple[Difference, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The answer."""
        return self.verification.outcome

    @property
    def exit_status(self) -> int:
        """The command's exit status for it."""
        return exit_status(self.outcome)


def verify(what: bytes | str, verifier: Verifier) -> Checked:
    """Verify a certificate.

    Args:
        what: Bytes of a PDF or a picture, or the text of a link or of digits.
        verifier: Trust and tools.
    """
    if isinstance(what, str):
        return _alone(_token(what.strip(), verifier))
    if what.startswith(PICTURES):
        return _picture(what, verifier)
    if PDF_MAGIC in what[:PDF_MAGIC_WITHIN]:
        return _pdf(what, verifier)
    return _alone(Verification(Outcome.NOT_READABLE, "It is neither a PDF nor a picture"))


def _alone(verification: Verification) -> Checked:
    return Checked(verification, verification.outcome)


def _token(text: str, verifier: Verifier) -> Verification:
    now = int(verifier.clock.now().timestamp())
    first = verify_token(text, verifier.trust, verifier.check_signature, now)
    if first.outcome is Outcome.VALID_STATUS_UNKNOWN and first.claims is not None:
        status = verifier.status(first.claims)
        first = verify_token(text, verifier.trust, verifier.check_signature, now, status)
    if verifier.root_pinned:
        return first
    return replace(first, warnings=(*first.warnings, Warning_.ROOT_NOT_PINNED))


def _picture(picture: bytes, verifier: Verifier) -> Checked:
    texts = [each for each in verifier.pdf_reader.qr_texts_of_picture(picture) if _like_ours(each)]
    if not texts:
        return _alone(Verification(Outcome.NO_TOKEN, "no certificate code is in the picture"))
    if len(set(map(_fragment, texts))) > 1:
        detail = f"the picture shows {len(set(texts))} different certificate codes"
        return _alone(Verification(Outcome.NOT_READABLE, detail))
    return _alone(_token(texts[0], verifier))


def _like_ours(text: str) -> bool:
    fragment = _fragment(text)
    return fragment[:1] == "1" and fragment.isascii() and fragment.isdecimal()


def _fragment(text: str) -> str:
    return text.strip().partition("#")[2] or text.strip()


def _pdf(pdf: bytes, verifier: Verifier) -> Checked:
    content = verifier.pdf_reader.read(pdf)
    if isinstance(content, str):
        return _alone(Verification(Outcome.NOT_READABLE, content))
    seal = verifier.seal_reader.inspect(pdf)
    scanned = [each for each in verifier.pdf_reader.qr_texts(pdf) if _like_ours(each)]
    token_text = content.token_text or next(iter(scanned), None)
    if token_text is None:
        verification = Verification(Outcome.NO_TOKEN_IN_PDF, "no attachment and no QR code")
        return Checked(verification, verification.outcome, seal)
    token = _token(token_text.strip(), verifier)
    if any(_fragment(each) != _fragment(token_text) for each in scanned):
        return Checked(replace(token, outcome=Outcome.TOKENS_DIFFER), token.outcome, seal)
    return _document(token, content, seal, verifier.trust)


def _document(
    token: Verification, content: PdfContent, seal: SealFinding, trust: TrustFile
) -> Checked:
    """Judge the whole file: what the token gave, unless seal or words say worse."""
    if token.claims is None:
        return Checked(token, token.outcome, seal)
    differing = differences(content.lines, token.claims)
    found = _seal_outcome(seal, token.claims, trust)
    detail = seal.detail
    if found is None and differing:
        found, detail = Outcome.TEXT_MISMATCH, "; ".join(map(str, differing))
    worst = _worse(token.outcome, found)
    if worst is not token.outcome:
        return Checked(replace(token, outcome=worst, detail=detail), token.outcome, seal, differing)
    return Checked(token, token.outcome, seal, differing)


def _worse(token: Outcome, document: Outcome | None) -> Outcome:
    if document is None or exit_status(token) >= exit_status(document):
        return token
    return document


def _seal_outcome(seal: SealFinding, claims: Claims, trust: TrustFile) -> Outcome | None:
    if seal.state is SealState.MISSING:
        return Outcome.SEAL_MISSING
    if seal.state is SealState.BROKEN:
        return Outcome.SEAL_BROKEN
    listed = [each for each in trust.seals if each.sha256 == seal.signing_cert_sha256]
    # Judged at the token's issue time: a certificate that expired later is no fault.
    good = (
        each.not_before <= claims.issued_at <= each.not_after
        and each.state is not KeyState.COMPROMISED
        for each in listed
    )
    return None if any(good) else Outcome.SEAL_UNKNOWN


def worst_status(checked: Sequence[Checked]) -> int:
    """Return the exit status of several inputs: the highest."""
    return max((each.exit_status for each in checked), default=0)
