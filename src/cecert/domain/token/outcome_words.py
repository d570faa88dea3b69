"""What each outcome of a verification is called, means, and asks of the reader.

One table: the command line, the documentation and the verify page print from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cecert.domain.token.checks import Check
from cecert.domain.token.file_verdict import FileVerdict
from cecert.domain.token.verify import Outcome, Warning_

__all__ = [
    "LOGGED",
    "OutcomeWords",
    "check_words",
    "file_words",
    "page_words",
    "warning_words",
    "words_of",
    "words_of_several",
    "words_of_transcript",
]


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """The words of one outcome, fields in braces.

    Attributes:
        headline: The answer, its word in capitals first.
        sentence: What was found.
        advice: What to do, for a reader of the command's answer.
        on_page: What to do, for a reader of the verify page; "" where it is the same.
    """

    headline: str
    sentence: str
    advice: str
    on_page: str = ""


_NOT_CHECKED = "The certificate was not checked, so this says nothing about it, good or bad."
_NO_PAPER = (
    "Do not accept the paper. If you think this is a mistake, give {school} the certificate "
    "number printed on the paper, by a contact that does not come from the paper."
)
_NO_PAPER_ON_PAGE = (
    "Do not accept the paper. If you think this is a mistake, give {school} the certificate "
    "number printed on the paper; use the contact on this page, not the one on the paper."
)
_NO_PDF = "Do not accept the PDF. Ask {school} for the certificate with this number."
_AGAIN = (
    "Scan again: flatten the paper, wipe the lens, bring the whole square into view. If the "
    "paper is damaged, scan the code in the PDF."
)
_PART_MISSING = (
    "Part of the code is missing or wrong, so nothing can be said about this certificate, "
    "good or bad."
)
_UNREAD = "NOT READ. The code is damaged or incomplete"

_WORDS = {
    Outcome.VALID: OutcomeWords(
        "VALID, not revoked as of {as_of}",
        "{issuer} issued this certificate with exactly the words below.",
        "Now compare: every line below must read the same on the paper.",
        "Every line below must read the same on the paper.",
    ),
    Outcome.VALID_STATUS_STALE: OutcomeWords(
        "OLD STATUS. Genuine, and not revoked as of {as_of}",
        "{issuer} issued this certificate and had not revoked it by then; what happened later "
        "is not known here.",
        "Go online and check again; if this machine's date is wrong, set it first. If you must "
        "decide now, ask {school}.",
        "Go online and check again; if this device's date is wrong, set it first. If you must "
        "decide now, ask {school}.",
    ),
    Outcome.VALID_STATUS_UNKNOWN: OutcomeWords(
        "STATUS UNKNOWN. Genuine, but it may have been revoked since",
        "{issuer} issued this certificate; the list that says whether it was revoked or "
        "replaced later could not be read.",
        "Go online and check again. Until the status is known, do not rely on this certificate.",
    ),
    Outcome.REVOKED: OutcomeWords(
        "REVOKED by {school}. Status of {as_of}",
        "{issuer} issued this certificate and has taken it back; it no longer certifies anything.",
        "Do not accept it, even if every line matches the paper. A revoked certificate never "
        "comes back into force. For the reason, ask {school}: the public list gives none.",
    ),
    Outcome.SUPERSEDED: OutcomeWords(
        "REPLACED by a corrected certificate. Status of {as_of}",
        "{issuer} issued this certificate and later issued a corrected one in its place.",
        "Ask the holder for the corrected certificate and verify that one. It must say "
        "\u201cReplaces certificate {id}\u201d.",
        "Ask the holder for the corrected certificate and scan that one. Its page must say "
        "\u201cReplaces certificate {id}\u201d.",
    ),
    Outcome.UNKNOWN_STATUS: OutcomeWords(
        "STATUS NOT UNDERSTOOD. Status of {as_of}",
        "{issuer} gave this certificate a status that is not known here.",
        "Do not accept it on this check. Use the newest version of cecert, or ask {school}.",
        "Do not accept it on this check. Load the newest version of this page, or ask {school}.",
    ),
    Outcome.KEY_REVOKED: OutcomeWords(
        "NOT CONFIRMED, {school} withdrew the key that signed it",
        "The key that signed this code was withdrawn, and the code is not on the list of those "
        "{school} still vouches for.",
        "Do not accept it on this check alone. Ask {school} whether certificate {id} is in its "
        "records.",
    ),
    Outcome.BAD_SIGNATURE: OutcomeWords(
        "NOT AUTHENTIC",
        "The code was not signed by {issuer}, or was changed after signing.",
        _NO_PAPER,
        _NO_PAPER_ON_PAGE,
    ),
    Outcome.UNKNOWN_KEY: OutcomeWords(
        "NOT CONFIRMED, the signer is not known here",
        "The code is signed, but not by the provider this trust file describes, so who issued it "
        "is not known here.",
        "If another school issued it, use that school's trust file. If the paper names "
        "{issuer}, get its newest trust file; if the answer stays, do not accept the paper.",
        "If another school issued it, use that school\u2019s page. If the paper names {issuer}, "
        "reload this page for the newest list; if the answer stays, do not accept the paper.",
    ),
    Outcome.ALG_NOT_ALLOWED: OutcomeWords(
        "NOT AUTHENTIC",
        "The code is signed in a way that {issuer} never signs.",
        _NO_PAPER,
        _NO_PAPER_ON_PAGE,
    ),
    Outcome.ALG_KEY_MISMATCH: OutcomeWords(
        "NOT AUTHENTIC",
        "The code is signed in a way that {issuer} never signs.",
        _NO_PAPER,
        _NO_PAPER_ON_PAGE,
    ),
    Outcome.BAD_CLAIMS: OutcomeWords(
        "NOT AUTHENTIC",
        "The code is signed by {issuer}, but what it says breaks the rules for certificates, "
        "so it is not shown.",
        "Do not accept the paper. Tell {school}: this may be an error of its own.",
    ),
    Outcome.ISSUED_IN_FUTURE: OutcomeWords(
        "NOT AUTHENTIC",
        "The code says it was issued later than the clock of this device is now.",
        "If this device's date is wrong, set it and check again. If it is right, do not accept "
        "the paper.",
    ),
    Outcome.KEY_NOT_VALID_AT_ISSUE: OutcomeWords(
        "NOT AUTHENTIC",
        "The key that signed this code was not in use on the day the code says it was issued.",
        _NO_PAPER,
        _NO_PAPER_ON_PAGE,
    ),
    Outcome.NOT_LOGGED: OutcomeWords(
        "NOT AUTHENTIC, it is not in the log of {school}",
        "The code is signed with a key of {issuer}, but the log of all that {issuer} issued does "
        "not have it: whoever signed it had the key, and was not the office.",
        "Do not accept the paper. Tell {school}, by a contact that does not come from the paper: "
        "its key may be stolen.",
        "Do not accept the paper. Tell {school}, by the contact on this page: its key may be "
        "stolen.",
    ),
    Outcome.CREDIT_NOT_AUTHORISED: OutcomeWords(
        "NOT AUTHENTIC",
        "The code claims a credit that {issuer} was not approved to give: {detail}.",
        _NO_PAPER,
        _NO_PAPER_ON_PAGE,
    ),
    Outcome.TOKENS_DIFFER: OutcomeWords(
        "NOT AUTHENTIC", "The PDF carries two different codes.", _NO_PDF
    ),
    Outcome.TEXT_MISMATCH: OutcomeWords(
        "NOT AUTHENTIC",
        "The PDF does not say what {issuer} certified: {detail}.",
        "Do not accept the PDF. Trust the certified lines.",
    ),
    Outcome.CODE_ONLY: OutcomeWords(
        "CODE ONLY. Genuine code, but this file is not as issued",
        "{issuer} issued a certificate with exactly the words below, but this is not the file as "
        "issued: {detail}.",
        "Compare every line: a genuine code can be copied into any file. Better, ask for the file "
        "as {school} sent it.",
    ),
    Outcome.LATER_TIME_STAMP: OutcomeWords(
        "GENUINE, and a time stamp was added later",
        "{issuer} issued this certificate, and what it sealed stands as it was. Somebody else, "
        "such as an archive, added a time stamp of the whole file since.",
        "The certificate can be accepted. A file straight from {school} has nothing added.",
    ),
    Outcome.SEAL_MISSING: OutcomeWords(
        "NOT AUTHENTIC as a file",
        "The PDF has no digital seal; only its code was checked.",
        "Trust the lines below, not the file: a print or a copy loses the seal.",
    ),
    Outcome.SEAL_BROKEN: OutcomeWords(
        "NOT AUTHENTIC", "The seal of the PDF does not hold: {detail}.", _NO_PDF
    ),
    Outcome.SEAL_UNKNOWN: OutcomeWords(
        "NOT CONFIRMED, the seal is not known here",
        "The PDF is sealed, but with a certificate that the trust file of {issuer} does not list "
        "for the day of issue.",
        "Get the newest trust file; if the answer stays, do not accept the PDF.",
    ),
    Outcome.NO_TOKEN_IN_PDF: OutcomeWords(
        "NOT READ. There is no code in this PDF",
        "The PDF has no certificate code, so nothing can be said about it, good or bad.",
        "Ask for the PDF as {school} sent it.",
    ),
    Outcome.TOO_LARGE: OutcomeWords(
        "NOT READ. This is not a certificate code",
        "What was given is too large for a certificate.",
        "Give the PDF as {school} sent it, a picture of the QR code, or only its link.",
        "Scan the QR code on the certificate, or paste only its link.",
    ),
    Outcome.NO_TOKEN: OutcomeWords(
        "NOT READ. There is no code in it",
        "There is no certificate code in this, so nothing can be said about it, good or bad.",
        "Scan the QR code on the certificate, or give the PDF. A certificate number alone is "
        "not enough: there is no list of certificates to look it up in.",
    ),
    Outcome.UNSUPPORTED_VERSION: OutcomeWords(
        "NOT READ. The code is newer than this version",
        "The code is of a later kind, so nothing can be said about it, good or bad.",
        "Use the newest version of cecert.",
        "Load the newest version of this page, then scan again.",
    ),
    Outcome.MALFORMED: OutcomeWords(_UNREAD, _PART_MISSING, _AGAIN),
    Outcome.TRUNCATED: OutcomeWords(_UNREAD, _PART_MISSING, _AGAIN),
    Outcome.NOT_READABLE: OutcomeWords(
        "NOT READ. This file cannot be read",
        "Nothing can be said about it, good or bad: {detail}.",
        "Give the PDF as {school} sent it, a clear picture of the QR code, or its link.",
    ),
    Outcome.KEYSET_INVALID: OutcomeWords(
        "NOT CHECKED. The list of the school\u2019s keys cannot be used",
        _NOT_CHECKED,
        "Get the trust file again. If the answer stays, tell {school}.",
        "Reload the page. If the answer stays, tell {school}.",
    ),
    Outcome.NO_CRYPTO: OutcomeWords(
        "NOT CHECKED. Signatures cannot be checked here",
        _NOT_CHECKED,
        "Use a machine whose cryptography library is complete.",
        "Open the page with https:// at the front of its address, or with a newer browser, and "
        "scan again.",
    ),
    Outcome.NO_TRUST_FILE: OutcomeWords(
        "NOT CHECKED. There is no trust file",
        _NOT_CHECKED,
        "Name the provider's trust file with --trust.",
    ),
}

_WARNINGS = {
    Warning_.MIXED_SCRIPT: "one word of the name mixes letters of two alphabets that look alike",
    Warning_.SPECIMEN: "this is a sample, not a certificate; it certifies nothing about anybody",
    Warning_.HOST_MISMATCH: "the link leads to an address that is not the provider's",
    Warning_.KEYSET_OLD: "the trust file is old; a key withdrawn since would not show",
    Warning_.ROOT_NOT_PINNED: "the root is not pinned: compare its thumbprint with the provider's",
    Warning_.BAD_STATUS_LIST: "a status list came that is damaged, not signed, or dated later than "
    "this clock; it was not used",
    Warning_.STATUS_ROLLBACK: "an older status list was offered and refused",
    Warning_.LOG_PENDING: "it was issued so lately that it need not be in the published log yet",
    Warning_.LOG_UNKNOWN: "the log of what was issued could not be read, so nothing tells whether "
    "it is in it",
    Warning_.LOG_FORKED: "two heads of the log were seen that contradict each other: the provider, "
    "or whoever has its key, shows different logs to different people",
    Warning_.TIME_STAMP_NOT_CHECKED: "time stamp not checked: the seal bears one, and the file was "
    "judged as without it",
    Warning_.BAD_TIME_STAMP: "the time stamp in the seal proves nothing; the file was judged as "
    "without it",
    Warning_.LATER_TIME_STAMP: "a time stamp of the whole file was added since it was sealed, and "
    "nothing else",
}

LOGGED = "the log of what was issued has it"
"""What is said of a certificate that its provider's log has."""


def words_of(outcome: Outcome, fields: Mapping[str, str]) -> OutcomeWords:
    """Return the words of *outcome* with issuer, school, as_of, id and detail filled in."""
    words = _WORDS[outcome]
    return OutcomeWords(
        words.headline.format_map(fields),
        words.sentence.format_map(fields),
        words.advice.format_map(fields),
        words.on_page.format_map(fields),
    )


def page_words() -> dict[str, dict[str, str]]:
    """Return the words of every outcome for the verify page, its fields still in braces."""
    return {
        outcome.value: {
            "headline": words.headline,
            "sentence": words.sentence,
            "advice": words.on_page or words.advice,
        }
        for outcome, words in _WORDS.items()
    }


def warning_words(warning: Warning_) -> str:
    """Return the sentence of a warning."""
    return _WARNINGS[warning]


_CHECKS = {
    "GENUINE": "the code is ours",
    "INTACT": "the file is whole, and the seal is ours",
    "SAME": "what is printed is what was certified",
    "NOT_REVOKED": "it stands",
    "NOT_CHECKED": "not checked",
    "VALID_STATUS_STALE": "it stood when the newest list that could be had was made",
    "VALID_STATUS_UNKNOWN": "no status list could be had",
    "REVOKED": "it was taken back",
    "SUPERSEDED": "a corrected certificate replaced it",
    "UNKNOWN_STATUS": "its status is of a kind this version does not know",
    "TEXT_MISMATCH": "what is printed is not what was certified",
    "SEAL_MISSING": "the file has no seal",
    "SEAL_BROKEN": "the file is not as it was sealed",
    "SEAL_UNKNOWN": "the seal is not one the trust file lists for the day of issue",
}


def check_words(check: Check) -> str:
    """Return what the code of one check says."""
    return _CHECKS.get(check.code, "the code is not one of ours, or cannot be read")


_FILES = {
    FileVerdict.AS_ISSUED: "the file is as it was issued",
    FileVerdict.NOT_AS_ISSUED: "this is not the file as issued",
    FileVerdict.NO_SEAL_TO_CHECK: "only the code was read: a picture or a scan has no seal to "
    "check",
    FileVerdict.NOT_CHECKED: "whose file this should be is not known",
}


def file_words(verdict: FileVerdict) -> str:
    """Return what the verdict about a file says."""
    return _FILES[verdict]


def words_of_several(count: int, worst: Outcome, page: int | None) -> OutcomeWords:
    """Return the words of a file in which several certificates were found.

    Args:
        count: How many.
        worst: The worst of their outcomes.
        page: Where the first one with it begins, counted from 1; None if on no page.
    """
    where = "" if page is None else f" on page {page}"
    return OutcomeWords(
        f"{count} CERTIFICATES. The worst answer is {worst.value}{where}",
        f"{count} certificates were found in this file, and each has an answer of its own.",
        "Look at each answer; what holds of one says nothing about another.",
    )


def words_of_transcript(count: int, counted: int, worst: Outcome) -> OutcomeWords:
    """Return the words of a transcript that lists several certificates.

    Args:
        count: How many it lists.
        counted: How many of them it counts.
        worst: The worst outcome of those that decide.
    """
    return OutcomeWords(
        f"TRANSCRIPT of {count} certificates. The worst answer is {worst.value}",
        f"The transcript lists {count} certificates and counts {counted} of them. Each has an "
        "answer of its own, which says what became of it since; one that the transcript itself "
        "says was taken back or replaced does not make the answer worse.",
        "Look at each answer. Totals are worth what the certificates they count are worth.",
    )
