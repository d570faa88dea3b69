"""The token: what a certificate claims, signed, small enough for a QR code.

Source: docs/spec/token.md W1 to W4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeVar

from cecert.argument_types import typed
from cecert.domain.cose import cose
from cecert.domain.cose.cbor import Value, decode, encode, encoded_map
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.cose.digits import digits_of_bytes
from cecert.domain.cose.epoch import EPOCH
from cecert.domain.course.formats import HELD
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.durations import MOST_HUNDREDTHS
from cecert.domain.values.quick_making import quickly_made
from cecert.domain.values.text import text_problems
from cecert.errors import TokenError, WrongValueError

__all__ = [
    "Claims",
    "Credit",
    "TokenSigner",
    "claims_of_payload",
    "payload_of_claims",
    "sign_token",
    "token_url",
]

LARGEST_TOKEN = 420
"""Bytes; a larger token would need a QR code too fine to scan from paper."""

VERSION, MANY_DATES_VERSION = "1", "2"
"""Of a link whose token has at most 12 session dates, and of one that has more (ADR 29)."""

FEW_DATES, MOST_DATES = 12, 60
"""Session dates of the first version at most, and of the second."""


SLOTS = 131_072
"""Slots of one status list (docs/spec/token.md W7)."""

_IAT, _CTI, _BODY = 6, 7, -65537
(
    _NAME, _TITLE, _DATES, _HOURS, _CREDITS, _STATUS, _DELIVERY, _REPLACES, _DIGEST,
    _INSTRUCTOR, _TEST,
) = range(1, 12)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit line as the token has it. Threads may share it.

    Attributes:
        code: From the registry, 1 to 9, or the provider's own, 64 to 255.
        provider: The approval's number as listed without `#`, or the sponsor's name.
        hundredths: Of a CE hour.
    """

    code: int
    provider: str | None
    hundredths: int


@quickly_made
@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. One that breaks the rules cannot be made. Threads may share it.

    Attributes:
        issued_at: Seconds since 1970, UTC.
        certificate_id: The certificate.
        recipient: The name, 1 to 80 characters and at most 120 bytes.
        title: The course, 1 to 160 characters and at most 200 bytes.
        session_dates: Civil dates at the course, distinct, ascending, 1 to 60.
        hours: Hundredths of the largest credit line; of what is held on its session dates,
            at most 2880 for each of them: a date has 24 hours of 50 minutes and more.
        credits: 1 to 6, in the course's order.
        status: Number of its status list, and its slot in it, both from 0.
        delivery: 1 in person, 2 live online, 3 self-study, 4 mixed.
        replaces: The certificate this one corrects.
        record_digest: Truncated SHA-256 of an attached full record.
        instructor: At most 80 bytes.
        specimen: A sample that certifies nothing.

    Raises:
        TokenError: If a claim breaks a limit; it names the claim and the figures.
    """

    issued_at: int
    certificate_id: CertificateId
    recipient: str
    title: str
    session_dates: tuple[date, ...]
    hours: int
    credits: tuple[Credit, ...]
    status: tuple[int, int]
    delivery: int | None = None
    replaces: CertificateId | None = None
    record_digest: bytes | None = None
    instructor: str | None = None
    specimen: bool = False

    @typed
    def __post_init__(self) -> None:
        _check_text("recipient name", self.recipient, 80, 120)
        _check_text("course title", self.title, 160, 200)
        if self.instructor is not None:
            _check_text("instructor", self.instructor, 80, 80)
        _check_dates(self.session_dates)
        _check_credits(self.credits, self.hours)
        _check_numbers(self)

    @property
    def version(self) -> str:
        """Which version of the link they need: the second for more than 12 session dates."""
        return VERSION if len(self.session_dates) <= FEW_DATES else MANY_DATES_VERSION


@lru_cache(maxsize=256)  # a batch repeats its title and its approvers
def _check_text(what: str, text: str, characters: int, size: int) -> None:
    if problems := text_problems(text):
        raise TokenError(f"the {what} {text[:80]!r} {problems[0]}")
    length, data = len(text), len(text.encode())
    if not 1 <= length <= characters or data > size:
        raise TokenError(
            f"the {what} has {length} characters and {data} bytes, "
            f"the token holds 1 to {characters} and {size}",
            hint=f"shorten the {what}",
        )


@lru_cache(maxsize=64)
def _check_dates(dates: Sequence[date]) -> None:
    if not 1 <= len(dates) <= MOST_DATES:
        raise TokenError(f"{len(dates)} session dates, the token holds 1 to {MOST_DATES}")
    if dates[0] < EPOCH or any(after <= before for before, after in pairwise(dates)):
        raise TokenError("session dates that are not distinct and ascending from 1970 on")


@lru_cache(maxsize=64)
def _check_credits(credits_: Sequence[Credit], hours: int) -> None:
    if not 1 <= len(credits_) <= 6:  # noqa: PLR2004
        raise TokenError(f"{len(credits_)} credit lines, the token holds 1 to 6")
    for credit in credits_:
        if not 0 < credit.code < 256:  # noqa: PLR2004
            raise TokenError(f"credit code {credit.code} is not 1 to 255")
        if credit.provider is not None:
            _check_text(f"provider of credit {credit.code}", credit.provider, 80, 80)
    if hours < 1 or max(each.hundredths for each in credits_) != hours:
        raise TokenError(f"hours {hours} are not those of the largest credit line")
    if min(each.hundredths for each in credits_) < 1:
        raise TokenError("a credit line without hours")


def _check_numbers(claims: Claims) -> None:
    list_id, index = claims.status
    if claims.issued_at < 0 or list_id < 0 or not 0 <= index < SLOTS:
        raise TokenError(f"issued at {claims.issued_at}, status {claims.status}: out of range")
    if claims.delivery not in {None, 1, 2, 3, 4}:
        raise TokenError(f"delivery {claims.delivery} is not 1 to 4")
    dates = len(claims.session_dates)
    if claims.delivery in HELD and claims.hours > MOST_HUNDREDTHS * dates:
        raise TokenError(f"{claims.hours / 100:g} hours, {dates} session dates hold fewer")
    if claims.record_digest is not None and len(claims.record_digest) != 16:  # noqa: PLR2004
        raise TokenError(f"a record digest of {len(claims.record_digest)} bytes, not 16")


def payload_of_claims(claims: Claims) -> bytes:
    """Encode the payload of a token."""
    shared = _shared(
        claims.title, claims.session_dates, claims.hours, claims.credits, claims.delivery
    )
    body = {
        **shared,
        _NAME: encode(claims.recipient),
        _STATUS: encode(claims.status),
        **{label: encode(value) for label, value in _own(claims).items() if value is not None},
    }
    return encoded_map(
        {
            _IAT: encode(claims.issued_at),
            _CTI: encode(claims.certificate_id.value),
            _BODY: encoded_map(body),
        }
    )


@lru_cache(maxsize=64)  # all tokens of a course say as much
def _shared(
    title: str,
    dates: tuple[date, ...],
    hours: int,
    credits_: tuple[Credit, ...],
    delivery: int | None,
) -> Mapping[int, bytes]:
    """Return what claims say of a course, encoded."""
    said = _of_course(title, dates, hours, credits_, delivery)
    return {label: encode(value) for label, value in said.items()}


def _value(claims: Claims) -> dict[int, Value]:
    """Return what a payload encodes."""
    said = _of_course(
        claims.title, claims.session_dates, claims.hours, claims.credits, claims.delivery
    )
    own = {_NAME: claims.recipient, _STATUS: list(claims.status), **_own(claims)}
    body = said | {label: value for label, value in own.items() if value is not None}
    return {_IAT: claims.issued_at, _CTI: claims.certificate_id.value, _BODY: body}


def _of_course(
    title: str, dates: Sequence[date], hours: int, credits_: Sequence[Credit], delivery: int | None
) -> dict[int, Value]:
    """Return what is claimed of a course, by its labels."""
    said: dict[int, Value] = {
        _TITLE: title,
        _DATES: _deltas(dates),
        _HOURS: hours,
        _CREDITS: [_credit_value(each, hours) for each in credits_],
    }
    return said if delivery is None else {**said, _DELIVERY: delivery}


def _own(claims: Claims) -> dict[int, Value | None]:
    """Return what few tokens claim, by its labels; None of what one does not."""
    return {
        _REPLACES: claims.replaces.value if claims.replaces else None,
        _DIGEST: claims.record_digest,
        _INSTRUCTOR: claims.instructor,
        _TEST: 1 if claims.specimen else None,
    }


def _deltas(dates: Sequence[date]) -> list[int]:
    return [(dates[0] - EPOCH).days, *((b - a).days for a, b in pairwise(dates))]


def _credit_value(credit: Credit, hours: int) -> list[Value]:
    value: list[Value] = [credit.code]
    if credit.provider is not None:
        value.append(credit.provider)
    if credit.hundredths != hours:
        value.append(credit.hundredths)
    return value


def claims_of_payload(payload: bytes) -> Claims:
    """Decode the payload of a token.

    Raises:
        ValueError, TypeError, TokenError: If it is not the one encoding of claims
            that keep the rules.
    """
    value = decode(payload)
    match value:
        case {6: int(issued_at), 7: bytes(cti), -65537: dict(body)} as top if len(top) == 3:  # noqa: PLR2004
            claims = _claims(issued_at, CertificateId(cti), body)
        case _:
            raise WrongValueError("not the map of a token")
    # A value has one encoding, so that only the value need be compared.
    if _value(claims) != value:
        raise WrongValueError("claims that are encoded in another way than the one")
    return claims


def _claims(issued_at: int, certificate_id: CertificateId, body: Mapping[int, Value]) -> Claims:
    if unknown := set(body) - set(range(_NAME, _TEST + 1)):
        raise WrongValueError(f"unknown claims {sorted(unknown)}")
    hours = _typed(body[_HOURS], int)
    replaces = body.get(_REPLACES)
    return Claims(
        issued_at=issued_at,
        certificate_id=certificate_id,
        recipient=_typed(body[_NAME], str),
        title=_typed(body[_TITLE], str),
        session_dates=_dates(_typed(body[_DATES], list)),
        hours=hours,
        credits=tuple(_credit(_typed(each, list), hours) for each in _typed(body[_CREDITS], list)),
        status=_pair(_typed(body[_STATUS], list)),
        delivery=_optional(body.get(_DELIVERY), int),
        replaces=None if replaces is None else CertificateId(_typed(replaces, bytes)),
        record_digest=_optional(body.get(_DIGEST), bytes),
        instructor=_optional(body.get(_INSTRUCTOR), str),
        specimen=_flag(body.get(_TEST)),
    )


_Kind = TypeVar("_Kind")


def _typed(value: object, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} where {kind.__name__} should be")
    return value


def _optional(value: object, kind: type[_Kind]) -> _Kind | None:
    return None if value is None else _typed(value, kind)


def _flag(value: object) -> bool:
    if value not in {None, 1}:
        raise WrongValueError("a test flag that is not 1")
    return value == 1


def _pair(value: Sequence[Value]) -> tuple[int, int]:
    first, second = value
    return _typed(first, int), _typed(second, int)


def _dates(deltas: Sequence[Value]) -> tuple[date, ...]:
    days = accumulate(_typed(each, int) for each in deltas)
    return tuple(EPOCH + timedelta(days=day) for day in days)


def _credit(value: Sequence[Value], hours: int) -> Credit:
    match value:
        case [int(code)]:
            return Credit(code, None, hours)
        case [int(code), str(provider)]:
            return Credit(code, provider, hours)
        case [int(code), int(hundredths)]:
            return Credit(code, None, hundredths)
        case [int(code), str(provider), int(hundredths)]:
            return Credit(code, provider, hundredths)
    raise WrongValueError("a credit that is not [code, provider-no?, hundredths?]")


def sign_token(claims: Claims, signer: TokenSigner) -> bytes:
    """Sign *claims* and return the token's bytes.

    Raises:
        TokenError: If the token is larger than a QR code on paper can hold; it says
            which claim to shorten.
    """
    token = cose.seal_envelope(payload_of_claims(claims), cose.TOKEN, signer)
    if len(token) > LARGEST_TOKEN:
        name, title = len(claims.recipient.encode()), len(claims.title.encode())
        longest = "course title" if title >= name else "recipient name"
        raise TokenError(
            f"the token has {len(token)} bytes, {LARGEST_TOKEN} are the most; "
            f"the {longest} takes {max(name, title)} of them",
            hint=f"shorten the {longest}",
        )
    return token


def token_url(prefix: str, token: bytes, version: str = VERSION) -> str:
    """Return what the QR code holds: the prefix ends in `#`, the rest never reaches a server.

    Args:
        prefix: What precedes the version: `https://verify.example.edu/#`.
        token: Its bytes.
        version: That of its claims.
    """
    return f"{prefix}{version}{digits_of_bytes(token)}"
