"""Every outcome of a verification, its exit status, and the warnings beside it.

docs/spec/token.md W5 says when each is given.
"""

from __future__ import annotations

from enum import Enum

__all__ = ["STATUS_OUTCOMES", "Outcome", "Warning_", "exit_status"]


class Outcome(Enum):
    """What a verification found; each has one exit status. Threads may share it."""

    VALID = "VALID"
    VALID_STATUS_STALE = "VALID_STATUS_STALE"
    VALID_STATUS_UNKNOWN = "VALID_STATUS_UNKNOWN"
    REVOKED = "REVOKED"
    SUPERSEDED = "SUPERSEDED"
    KEY_REVOKED = "KEY_REVOKED"
    ALG_NOT_ALLOWED = "ALG_NOT_ALLOWED"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    ALG_KEY_MISMATCH = "ALG_KEY_MISMATCH"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    BAD_CLAIMS = "BAD_CLAIMS"
    ISSUED_IN_FUTURE = "ISSUED_IN_FUTURE"
    KEY_NOT_VALID_AT_ISSUE = "KEY_NOT_VALID_AT_ISSUE"
    NOT_LOGGED = "NOT_LOGGED"
    """Signed with a key of the provider's, and shown not to be in its log."""
    CREDIT_NOT_AUTHORISED = "CREDIT_NOT_AUTHORISED"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    NO_TOKEN_IN_PDF = "NO_TOKEN_IN_PDF"
    TOKENS_DIFFER = "TOKENS_DIFFER"
    TEXT_MISMATCH = "TEXT_MISMATCH"
    CODE_ONLY = "CODE_ONLY"
    """A genuine code and no word that differs, in a file that is not as it was issued."""
    LATER_TIME_STAMP = "LATER_TIME_STAMP"
    """Valid, and somebody added a time stamp of the whole file later, as archives do."""
    SEAL_MISSING = "SEAL_MISSING"
    SEAL_BROKEN = "SEAL_BROKEN"
    SEAL_UNKNOWN = "SEAL_UNKNOWN"
    TOO_LARGE = "TOO_LARGE"
    NO_TOKEN = "NO_TOKEN"
    UNSUPPORTED_VERSION = "UNSUPPORTED_VERSION"
    MALFORMED = "MALFORMED"
    TRUNCATED = "TRUNCATED"
    NOT_READABLE = "NOT_READABLE"
    """Neither a PDF nor a picture nor a code, or one that cannot be read."""
    KEYSET_INVALID = "KEYSET_INVALID"
    NO_CRYPTO = "NO_CRYPTO"
    NO_TRUST_FILE = "NO_TRUST_FILE"


_EXIT_STATUSES = {
    0: "VALID",
    3: "VALID_STATUS_STALE VALID_STATUS_UNKNOWN LATER_TIME_STAMP",
    4: "REVOKED SUPERSEDED KEY_REVOKED",
    6: "TOO_LARGE NO_TOKEN UNSUPPORTED_VERSION MALFORMED TRUNCATED NOT_READABLE",
    7: "KEYSET_INVALID NO_CRYPTO NO_TRUST_FILE",
}
_NOT_AUTHENTIC = 5
_STATUS_OF = {
    Outcome[name]: code for code, names in _EXIT_STATUSES.items() for name in names.split()
}


STATUS_OUTCOMES = frozenset(
    {
        Outcome.VALID, Outcome.VALID_STATUS_STALE, Outcome.VALID_STATUS_UNKNOWN,
        Outcome.REVOKED, Outcome.SUPERSEDED, Outcome.UNKNOWN_STATUS,
    }
)  # fmt: skip
"""Outcomes of the last step: the token is genuine, whatever became of the certificate."""


def exit_status(outcome: Outcome) -> int:
    """Return the exit status of `verify` for an outcome (docs/spec/token.md W5)."""
    return _STATUS_OF.get(outcome, _NOT_AUTHENTIC)


class Warning_(Enum):  # noqa: N801  # `Warning` is Python's own
    """What a verifier must be told whatever the outcome is. Threads may share it."""

    MIXED_SCRIPT = "MIXED_SCRIPT"
    SPECIMEN = "SPECIMEN"
    HOST_MISMATCH = "HOST_MISMATCH"
    KEYSET_OLD = "KEYSET_OLD"
    ROOT_NOT_PINNED = "ROOT_NOT_PINNED"
    BAD_STATUS_LIST = "BAD_STATUS_LIST"
    STATUS_ROLLBACK = "STATUS_ROLLBACK"
    LOG_PENDING = "LOG_PENDING"
    LOG_UNKNOWN = "LOG_UNKNOWN"
    LOG_FORKED = "LOG_FORKED"
    TIME_STAMP_NOT_CHECKED = "TIME_STAMP_NOT_CHECKED"
    BAD_TIME_STAMP = "BAD_TIME_STAMP"
    LATER_TIME_STAMP = "LATER_TIME_STAMP"
