"""Verifies the code of a cecert certificate: a link or its digits, nothing else.

`open_verifier` takes the provider's trust file, `verify` a text. Both do what those of
cecert do, and give the same values; a PDF or a picture is `NOT_READABLE` here. Beside the
standard library only `cryptography` is loaded.

A verifier may be shared by threads.
"""

from __future__ import annotations

from cecert.domain.token.claims import Claims
from cecert.domain.token.outcome import Outcome, exit_status
from cecert.domain.token.outcome_words import words_of
from cecert.domain.token.verify import Verification, Warning_
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import CecertError, InputError
from cecert.office.verify.code_verifier import open_code_verifier as open_verifier
from cecert.workflows.verify.verifier import Checked, Verifier
from cecert.workflows.verify.verify import verify

__all__ = [
    "CecertError",
    "Checked",
    "Claims",
    "InputError",
    "KeysetInvalidError",
    "Outcome",
    "TrustFile",
    "Verification",
    "Verifier",
    "Warning_",
    "exit_status",
    "open_verifier",
    "verify",
    "words_of",
]
