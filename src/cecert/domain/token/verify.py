"""Verifying a token, step by step: the first step that fails names the outcome.

The steps and their order are those of docs/spec/token.md W5.

Pure: the trust file, the time and the cryptography come in, and who tells of a status and
of a withdrawn key's tokens; they are asked at their step, if it is reached, and once. No
text of a token is returned before its signature holds, because anybody could have written it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cecert.domain.cose import cose
from cecert.domain.cose.cbor import MalformedError, TruncatedError
from cecert.domain.cose.cose import Algorithm, CheckSignature, CryptoUnavailableError, Signed
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.cose.low_s import is_low
from cecert.domain.log.answer import LogAnswer, LogState
from cecert.domain.token.claims import (
    LARGEST_TOKEN,
    MANY_DATES_VERSION,
    VERSION,
    Claims,
    claims_of_payload,
)
from cecert.domain.token.links import leads_elsewhere
from cecert.domain.token.log_place import LogPlace, asked_log, place_in_log
from cecert.domain.token.outcome import STATUS_OUTCOMES, Outcome, Warning_, exit_status
from cecert.domain.trust.issue_dates import is_ahead
from cecert.domain.trust.reattested_list import is_vouched_for
from cecert.domain.trust.status_list import Status, StatusAnswer
from cecert.domain.trust.trust_file import (
    KeyState,
    KeyUse,
    TrustedKey,
    TrustFile,
    Withdrawable,
)
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.text import mixed_script_words
from cecert.errors import TokenError

__all__ = [
    "STATUS_OUTCOMES",
    "Outcome",
    "StatusAnswer",
    "Verification",
    "Warning_",
    "exit_status",
    "log_unknown",
    "looks_like_token",
    "none_reattested",
    "status_unknown",
    "token_digits",
    "verify_token",
]

LONGEST_INPUT = 1400
"""Characters of a code; a longer text is none of ours."""

SHORTEST_DIGITS = 250
"""No token has fewer: a signature, a header and the least claims take more than 100 bytes."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one token. Threads may share it.

    Attributes:
        outcome: The answer.
        detail: Figures behind it, for people.
        claims: What the token says; None unless its signature holds.
        key: The key that signed it.
        status_as_of: Time of the status list that was used, seconds UTC.
        warnings: To be shown whatever the outcome is.
        logged: Whether the provider's log has it; None where nothing tells or it need not be there.
    """

    outcome: Outcome
    detail: str = ""
    claims: Claims | None = None
    key: TrustedKey | None = None
    status_as_of: int | None = None
    warnings: tuple[Warning_, ...] = ()
    logged: bool | None = None


class _Found(Exception):  # noqa: N818  # it ends the steps, it is no error
    """The outcome of the first step that failed."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def status_unknown(claims: Claims) -> StatusAnswer:
    """Tell nothing of the status of a certificate with these *claims*."""
    del claims
    return StatusAnswer()


def none_reattested(key: Withdrawable) -> bytes:
    """Tell of nothing that a withdrawn *key* signed that it is genuine."""
    del key
    return b""


def log_unknown(payload: bytes) -> LogAnswer:
    """Tell nothing of the log's entry of a token with that *payload*."""
    del payload
    return LogAnswer()


def verify_token(  # noqa: PLR0913  # three of them are asked, each at its step
    text: str,
    trust: TrustFile,
    check_signature: CheckSignature,
    now: int,
    status: Callable[[Claims], StatusAnswer] = status_unknown,
    *,
    reattested: Callable[[TrustedKey], bytes] = none_reattested,
    logged: Callable[[bytes], LogAnswer] = log_unknown,
) -> Verification:
    """Verify the token in *text*: a URL of any host, or bare digits.

    Args:
        text: What the QR code, the attachment or a person gave.
        trust: The provider's trust file, opened.
        check_signature: Does the cryptography.
        now: Seconds UTC.
        status: Tells what is known of the status list of a token whose other steps all hold.
        reattested: Tells which tokens outlive the compromise of their key, as digests; it is
            asked if the key is withdrawn.
        logged: Tells what the log has of a token, by its payload; it is asked if the trust
            file names a log that the token must be in.
    """
    text = text.strip()
    claims: Claims | None = None
    key: TrustedKey | None = None
    known, place = StatusAnswer(), LogPlace()
    try:
        version, token = read_token_text(text)
        signed = open_token(token)
        key = _signing_key(signed, trust, check_signature)
        claims = _claims(signed, trust, version)
        _check_issue(claims, key, now)
        place = place_in_log(claims, signed.payload, trust.logs, logged)
        _check_log(place)
        if not _was_logged_before(key, signed.payload, place, trust, logged):
            _check_key_state(key, signed.payload, reattested)
        _check_credits(claims, key, trust)
    except _Found as found:
        answer = Verification(found.outcome, found.detail)
    else:
        known = status(claims)
        answer = _with_log(_with_status(claims, known, now), place.answer)
    warnings = (*_warnings(text, claims, trust, known, now), *place.warnings)
    as_of = answer.status_as_of
    return Verification(
        answer.outcome, answer.detail, claims, key, as_of, warnings, place.is_logged
    )


def read_token_text(text: str) -> tuple[str, bytes]:
    """Steps 1 and 2: find the version and the digits, and read them."""
    if len(text) > LONGEST_INPUT:
        raise _Found(Outcome.TOO_LARGE, f"{len(text)} characters")
    fragment = token_digits(text)
    if not fragment or ("#" not in text and not fragment[0].isdigit()):
        raise _Found(Outcome.NO_TOKEN, "no code stands in it")
    if _is_certificate_number(text):
        raise _Found(Outcome.NO_TOKEN, "a certificate number alone is not enough")
    version, digits = fragment[0], fragment[1:]
    if version in "3456789" and digits.isascii() and digits.isdecimal():
        raise _Found(Outcome.UNSUPPORTED_VERSION, f"version {version}")
    many = version == MANY_DATES_VERSION and digits.isascii() and digits.isdecimal()
    if version != VERSION and not many:
        raise _Found(Outcome.MALFORMED, "it does not begin with a version")
    try:
        token = bytes_of_digits(digits)
    except TruncatedError as error:
        raise _Found(Outcome.TRUNCATED, str(error)) from error
    except MalformedError as error:
        raise _Found(Outcome.MALFORMED, str(error)) from error
    if len(token) > LARGEST_TOKEN:
        raise _Found(Outcome.TOO_LARGE, f"{len(token)} bytes")
    return version, token


_ALGORITHMS = frozenset(Algorithm)


def open_token(token: bytes) -> Signed:
    """Steps 3 and 4: the one shape, and an algorithm that is allowed."""
    try:
        signed = cose.open_envelope(token)
    except TruncatedError as error:
        raise _Found(Outcome.TRUNCATED, str(error)) from error
    except MalformedError as error:
        raise _Found(Outcome.MALFORMED, str(error)) from error
    if signed.algorithm not in _ALGORITHMS:
        raise _Found(Outcome.ALG_NOT_ALLOWED, f"algorithm {signed.algorithm}")
    return signed


def _is_certificate_number(text: str) -> bool:
    """Say whether somebody typed the printed number; a code has nothing but digits."""
    if "#" in text or text.isdecimal():
        return False
    try:
        CertificateId.parse(text)
    except ValueError:
        return False
    return True


def token_digits(text: str) -> str:
    """Return what stands after the first `#` of *text*, or all of it."""
    text = text.strip()
    return text.partition("#")[2] if "#" in text else text


def looks_like_token(text: str) -> bool:
    """Say whether the text of a QR code is a token of some version, and not another product's."""
    digits = token_digits(text)
    return len(digits) >= SHORTEST_DIGITS and digits.isascii() and digits.isdecimal()


def _signing_key(signed: Signed, trust: TrustFile, check: CheckSignature) -> TrustedKey:
    """Steps 5 and 6: a token key with that kid whose signature holds."""
    candidates = trust.keys_with(signed.kid)
    if not candidates:
        raise _Found(Outcome.UNKNOWN_KEY, f"key {signed.kid.hex()} is not in the trust file")
    usable = [
        each
        for each in candidates
        if each.use is KeyUse.TOKEN and each.key.algorithm == signed.algorithm
    ]
    if not usable:
        raise _Found(Outcome.ALG_KEY_MISMATCH, f"key {signed.kid.hex()} does not sign so")
    message = cose.signed_message(signed.protected, cose.TOKEN, signed.payload)
    try:
        signers = [each for each in usable if check(each.key, signed.signature, message)]
    except CryptoUnavailableError as error:
        raise _Found(Outcome.NO_CRYPTO, str(error)) from error
    if not signers:
        raise _Found(Outcome.BAD_SIGNATURE)
    return signers[0]


def _claims(signed: Signed, trust: TrustFile, version: str) -> Claims:
    """Step 7: claims that keep the rules, in the one form of their signature, if it has one.

    The second version is for more session dates than the first holds, and for nothing else.
    """
    try:
        claims = claims_of_payload(signed.payload)
    except (ValueError, TypeError, LookupError, OverflowError, TokenError) as error:
        raise _Found(Outcome.BAD_CLAIMS, str(error)) from error
    if claims.version != version:
        dates = f"{len(claims.session_dates)} session dates in version {version}"
        few = version == MANY_DATES_VERSION
        raise _Found(Outcome.UNSUPPORTED_VERSION if few else Outcome.BAD_CLAIMS, dates)
    low = signed.algorithm != Algorithm.ESP256 or is_low(signed.signature)
    if not trust.allows_form(claims.issued_at, low=low):
        raise _Found(Outcome.BAD_SIGNATURE, "its signature has the form that is not issued")
    return claims


def _check_issue(claims: Claims, key: TrustedKey, now: int) -> None:
    """Step 8: the time of issue."""
    if is_ahead(claims.issued_at, now):
        raise _Found(Outcome.ISSUED_IN_FUTURE, f"issued at {claims.issued_at}, now {now}")
    if not key.not_before <= claims.issued_at <= key.not_after:
        raise _Found(
            Outcome.KEY_NOT_VALID_AT_ISSUE,
            f"issued at {claims.issued_at}, the key signs {key.not_before} to {key.not_after}",
        )


def _check_log(place: LogPlace) -> None:
    """Step 8b: a token of a provider with a log is in it, or need not be yet."""
    if place.state is LogState.NOT_LOGGED:
        raise _Found(Outcome.NOT_LOGGED)


def _check_key_state(
    key: TrustedKey, payload: bytes, reattested: Callable[[TrustedKey], bytes]
) -> None:
    """Step 9: a withdrawn key still vouches for the tokens of its re-attested list.

    The list is the truncated digests of whole payloads: of ids alone it would let the
    thief use genuine ids again.
    """
    if key.state is not KeyState.COMPROMISED:
        return
    if not is_vouched_for(payload, key, reattested(key)):
        raise _Found(Outcome.KEY_REVOKED, f"key {key.kid.hex()} was withdrawn")


def _was_logged_before(
    key: TrustedKey,
    payload: bytes,
    place: LogPlace,
    trust: TrustFile,
    logged: Callable[[bytes], LogAnswer],
) -> bool:
    """Say of a token of a withdrawn key whether the log had it before, which a thief cannot do.

    A log has the certificates of before it began, too; so it is asked whenever they were issued.
    """
    before = trust.logged_with(key.kid) if key.state is KeyState.COMPROMISED else None
    if before is None:
        return False
    answer = place.answer if place.asked else asked_log(payload, logged)
    return answer.has_before(before)


def _check_credits(claims: Claims, key: TrustedKey, trust: TrustFile) -> None:
    """Step 10: every credit is the issuer's to give, on every session date."""
    for credit in claims.credits:
        if credit.code not in key.codes:
            label = trust.label_of(credit.code)
            raise _Found(Outcome.CREDIT_NOT_AUTHORISED, f"{label}: not signed by this key")
        for day in claims.session_dates:
            if trust.scope_of(credit.code, credit.provider, day) is None:
                number = f" {credit.provider}" if credit.provider else ""
                raise _Found(
                    Outcome.CREDIT_NOT_AUTHORISED,
                    f"{trust.label_of(credit.code)}{number} on {day.isoformat()}",
                )


_ENDS = {
    Status.REVOKED: Outcome.REVOKED,
    Status.SUPERSEDED: Outcome.SUPERSEDED,
    Status.RESERVED: Outcome.UNKNOWN_STATUS,
}
"""What became of a certificate that does not stand."""


def _with_status(claims: Claims, answer: StatusAnswer, now: int) -> Verification:
    """Step 11: what the status list says, or the provider's own ledger."""
    list_id, index = claims.status
    statuses = answer.statuses
    if (recorded := answer.recorded) is not None:
        found = _ENDS.get(recorded.status, Outcome.VALID)
        return Verification(found, recorded.source, status_as_of=recorded.as_of)
    if statuses is None or statuses.list_id != list_id:
        return Verification(Outcome.VALID_STATUS_UNKNOWN)
    outcome = _ENDS.get(statuses.status(index))
    if outcome is None:
        stale = now > statuses.expires_at or answer.rolled_back_far
        outcome = Outcome.VALID_STATUS_STALE if stale else Outcome.VALID
    return Verification(outcome, status_as_of=statuses.issued_at)


def _with_log(found: Verification, answer: LogAnswer) -> Verification:
    """Take an end that the log has for what became of a certificate, where lists do not say it."""
    if found.outcome not in _STANDING or not answer.ended:
        return found
    ended = Outcome.REVOKED if "REVOKED" in answer.ended else Outcome.SUPERSEDED
    return Verification(ended, "by the log", status_as_of=answer.instant)


_STANDING = {Outcome.VALID, Outcome.VALID_STATUS_STALE, Outcome.VALID_STATUS_UNKNOWN}


def _warnings(
    text: str, claims: Claims | None, trust: TrustFile, status: StatusAnswer, now: int
) -> tuple[Warning_, ...]:
    warned = {
        Warning_.BAD_STATUS_LIST: status.bad,
        Warning_.STATUS_ROLLBACK: status.rolled_back,
        Warning_.KEYSET_OLD: now > trust.refresh_by,
        Warning_.HOST_MISMATCH: leads_elsewhere(text, trust),
    }
    if claims is not None:
        warned[Warning_.MIXED_SCRIPT] = bool(mixed_script_words(claims.recipient))
        warned[Warning_.SPECIMEN] = claims.specimen
    return tuple(each for each, present in warned.items() if present)
