"""The trust file: whose keys count, for which credits, and when (docs/spec/token.md W6).

One per provider, signed with its root key. A verifier pins the root by its full
thumbprint; the root's public key travels inside (ADR 3), so that the file is enough.
Retired keys stay listed for ever, or old certificates would stop verifying.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeAlias

from cecert.argument_types import typed
from cecert.domain.cose.cose import CoseKey
from cecert.domain.log.trusted_log import LoggedBefore, TrustedLog
from cecert.errors import WrongValueError

__all__ = [
    "TRUST_FILE",
    "KeyState",
    "KeyUse",
    "Scope",
    "SealCert",
    "TrustFile",
    "TrustedKey",
    "Withdrawable",
]

TRUST_FILE = "trust.cose"
"""What the file is called where an office keeps it."""

LONGEST_WINDOW = 400 * 86_400
"""Seconds a working key may sign."""


KID_BYTES = 8


class KeyUse(IntEnum):
    """What a key signs. Threads may share it."""

    TOKEN = 1
    STATUS = 2


class KeyState(IntEnum):
    """What became of a key. Threads may share it."""

    ACTIVE = 0
    RETIRED = 1
    COMPROMISED = 2


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A working key: of tokens, or of status lists. Threads may share it.

    Attributes:
        key: The public key; its kid follows from it.
        not_before, not_after: Window in which it may sign, seconds UTC, inclusive.
        use: What it signs.
        codes: Credit codes it may sign for; empty for status keys.
        state: What became of it.
        reattested: SHA-256 of the list of tokens that outlive its compromise.
        listed_as: The kid it is listed under, where that is not its own: a reader then
            tries every key with that kid, a builder refuses it.
    """

    key: CoseKey
    not_before: int
    not_after: int
    use: KeyUse
    codes: tuple[int, ...] = ()
    state: KeyState = KeyState.ACTIVE
    reattested: bytes | None = None
    listed_as: bytes | None = None

    @typed
    def __post_init__(self) -> None:
        window = self.not_after - self.not_before
        if not 0 < window <= LONGEST_WINDOW:
            raise WrongValueError(f"a key's window of {window} seconds, at most {LONGEST_WINDOW}")

    @property
    def kid(self) -> bytes:
        """The kid it is listed under."""
        return self.key.kid if self.listed_as is None else self.listed_as

    def signs_tokens_at(self, second: int) -> bool:
        """Say whether tokens signed at *second* (UTC) verify with this key."""
        active = self.use is KeyUse.TOKEN and self.state is KeyState.ACTIVE
        return active and self.not_before <= second <= self.not_after


@dataclass(frozen=True, slots=True)
class Scope:
    """One approval as the trust file states it. Threads may share it.

    Attributes:
        provider: Provider-no as in the token; "" where there is none.
        label: One line for the verify page.
        first, last: Session dates it covers, inclusive; `date.max` for no end.
    """

    provider: str
    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SealCert:
    """A signing certificate (X.509) whose seals count. Threads may share it.

    Attributes:
        sha256: Of the certificate, DER.
        not_before, not_after: Window in which its seals count, seconds UTC, inclusive.
        state: What became of it.
        reattested: SHA-256 of the list of sealed files that outlive its compromise.
    """

    sha256: bytes
    not_before: int
    not_after: int
    state: KeyState = KeyState.ACTIVE
    reattested: bytes | None = None

    @property
    def kid(self) -> bytes:
        """What its re-attested list calls it: the first 8 bytes of its certificate's SHA-256."""
        return self.sha256[:KID_BYTES]


Withdrawable: TypeAlias = TrustedKey | SealCert
"""What a re-attested list vouches for, once it is withdrawn."""


@dataclass(frozen=True, slots=True)
class TrustFile:
    """A provider's trust file. Threads may share it.

    Attributes:
        issuer: The provider's id.
        sequence: A number that goes up with every signing; a cache refuses a lower one.
        issued_at: Seconds UTC.
        refresh_by: Seconds UTC; later it is old, and says so.
        name: The provider, as the verify page shows it.
        credits: What it may certify, by credit code.
        hosts: Hosts of its verify pages.
        status_bases: Where its status lists are published.
        keys: Working keys, never removed.
        root: The root's public key.
        seals: Signing certificates of its PDF seals.
        low_s_since: Seconds UTC since which its P-256 signatures have the lower form; None
            where it does not say.
        link_prefixes: What its links begin with, up to the `#` and with it; None where it
            does not say.
        logs: Of its log, a key each, the newest last; none before it had a log.
        logged: Of withdrawn token keys, what the log had then.
    """

    issuer: str
    sequence: int
    issued_at: int
    refresh_by: int
    name: str
    credits: Mapping[int, tuple[Scope, ...]]
    hosts: tuple[str, ...]
    status_bases: tuple[str, ...]
    keys: tuple[TrustedKey, ...]
    root: CoseKey
    seals: tuple[SealCert, ...] = ()
    low_s_since: int | None = None
    link_prefixes: tuple[str, ...] | None = None
    logs: tuple[TrustedLog, ...] = ()
    logged: tuple[LoggedBefore, ...] = ()

    @typed
    def __post_init__(self) -> None:
        if not self.status_bases:
            raise WrongValueError("a trust file names at least one status base")

    def keys_with(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Return every key with that kid."""
        return tuple(each for each in self.keys if each.kid == kid)

    def logged_with(self, kid: bytes) -> LoggedBefore | None:
        """Return what the log had when the token key *kid* was withdrawn, if it says so."""
        return next((each for each in self.logged if each.kid == kid), None)

    def withdrawable_with(self, kid: bytes) -> tuple[Withdrawable, ...]:
        """Return every key and seal that a re-attested list may call so."""
        return (*self.keys_with(kid), *(each for each in self.seals if each.kid == kid))

    def allows_form(self, issued_at: int, *, low: bool) -> bool:
        """Say whether a P-256 signature over something issued then may have its form."""
        return low or self.low_s_since is None or issued_at <= self.low_s_since

    def scope_of(self, code: int, provider: str | None, day: date) -> Scope | None:
        """Return what covers a credit on a session date, or None.

        Args:
            code: The credit's, as in the token.
            provider: Its provider-no, as in the token; None and "" are the same.
            day: The session's civil date at the course.
        """
        scopes = self.credits.get(code, ())
        wanted = provider or ""
        for each in scopes:
            if each.provider == wanted and each.first <= day <= each.last:
                return each
        return None

    def label_of(self, code: int) -> str:
        """Return the label of a credit code, for display."""
        scopes = self.credits.get(code, ())
        return scopes[-1].label if scopes else f"credit code {code}"
