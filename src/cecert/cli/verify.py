"""`verify`: what was certified, and whether it still stands, told as words or as JSON.

Its exit statuses are those of docs/spec/token.md W5; of several inputs the highest.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cecert.cli._options import AsJson, Config, find_config
from cecert.cli._output import answer, answer_json, say
from cecert.domain.cose.cose import CryptoUnavailableError
from cecert.domain.token.checks import Check
from cecert.domain.token.claims import Claims
from cecert.domain.token.outcome_words import OutcomeWords, check_words, warning_words, words_of
from cecert.domain.token.shown_record import SHOWN, hours, instant_phrase, record_lines
from cecert.domain.token.verify import Outcome, Warning_, exit_status
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import ConfigurationError, Fault, InputError
from cecert.office import office_trust_file, open_verifier, pinned_if_known
from cecert.office import remember_root as remember
from cecert.workflows.verify.verify import LARGEST_DOCUMENT, Checked, Verifier
from cecert.workflows.verify.verify import verify as verify_certificate

__all__ = [
    "InputAnswer",
    "json_document",
    "shown",
    "text_lines",
    "unchecked_document",
    "verify",
    "words_for",
]

_SCHOOL = "the issuer"


@dataclass(frozen=True, slots=True)
class InputAnswer:
    """What was found of one of the inputs.

    Attributes:
        what: The input as it was given.
        checked: What was found.
        least_status: The exit status is no lower: 3 where nobody vouches for the trust file.
    """

    what: str
    checked: Checked
    least_status: int = 0

    @property
    def exit_status(self) -> int:
        """The command's exit status for it."""
        return max(self.checked.exit_status, self.least_status)

    @property
    def certificate_id(self) -> str:
        """The certificate's number, "" where it is not known."""
        claims = self.checked.verification.claims
        return "" if claims is None else str(claims.certificate_id)

    @property
    def claims(self) -> Claims | None:
        """The claims that may be shown."""
        shown = self.checked.outcome in SHOWN
        return self.checked.verification.claims if shown else None


def words_for(found: InputAnswer, issuer: str) -> OutcomeWords:
    """Return the words of an answer."""
    as_of = found.checked.verification.status_as_of
    return words_of(
        found.checked.outcome,
        {
            "issuer": issuer,
            "school": _SCHOOL,
            "as_of": "" if as_of is None else instant_phrase(as_of),
            "id": found.certificate_id,
            "detail": found.checked.verification.detail,
        },
    )


def text_lines(found: InputAnswer, trust: TrustFile) -> Iterator[str]:
    """Return an answer as lines for people."""
    words = words_for(found, trust.name)
    yield f"{shown(found.what)}: {words.headline}"
    yield f"  {words.sentence}"
    yield f"  {words.advice}"
    if found.claims is not None:
        yield ""
        yield from _columns(record_lines(found.claims, trust))
    yield ""
    yield from _columns([(each.question.value, _check(each)) for each in found.checked.checks])
    yield f"  result: {found.checked.outcome.value} (exit status {found.exit_status})"


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max(len(label) for label, _ in rows) + 1
    for label, value in rows:
        yield f"  {label + ':' if label else '':<{width}} {value}"


def _check(check: Check) -> str:
    detail = f" ({check.detail})" if check.detail else ""
    return f"{check.code}, {check_words(check)}{detail}"


def shown(text: str, most: int = 72) -> str:
    """Return *text* for a terminal: nothing in it moves the cursor, and it has an end."""
    plain = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return plain if len(plain) <= most else plain[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"


def json_document(found: Sequence[InputAnswer], verifier: Verifier) -> dict[str, object]:
    """Return the answers as one JSON document; its outcome is the worst of them."""
    trust = verifier.trust
    worst = max(found, key=lambda each: (each.exit_status, each.checked.exit_status))
    return {
        "outcome": worst.checked.outcome.value,
        "exit_status": worst.exit_status,
        "trust": {
            "issuer": trust.issuer,
            "name": trust.name,
            "root": trust.root.thumbprint.hex(),
            "root_pinned": verifier.root_pinned,
        },
        "results": [_result(each, trust) for each in found],
    }


def _result(found: InputAnswer, trust: TrustFile) -> dict[str, object]:
    verification = found.checked.verification
    words = words_for(found, trust.name)
    return {
        "what": found.what,
        "outcome": found.checked.outcome.value,
        "exit_status": found.exit_status,
        "headline": words.headline,
        "sentence": words.sentence,
        "advice": words.advice,
        "detail": verification.detail,
        "checks": {each.question.value: each.code for each in found.checked.checks},
        "details": {each.question.value: each.detail for each in found.checked.checks},
        "differences": [
            {"fact": each.fact, "certified": each.certified, "printed": each.printed}
            for each in found.checked.differing
        ],
        "warnings": {each.value: warning_words(each) for each in verification.warnings},
        "status_as_of": _iso(verification.status_as_of),
        "certificate_id": found.certificate_id or None,
        "key": None if verification.key is None else verification.key.kid.hex(),
        "certificate": None if found.claims is None else _certificate(found.claims, trust),
    }


def unchecked_document(
    what: Sequence[str], outcome: Outcome, words: OutcomeWords, detail: str
) -> dict[str, object]:
    """Return the JSON document of inputs that could not be checked at all.

    Args:
        what: The inputs, as they were given.
        outcome: Why none could be: one for all.
        words: Of the outcome.
        detail: What went wrong, in a sentence.
    """
    answer = {"outcome": outcome.value, "exit_status": exit_status(outcome)}
    result = {
        **answer,
        "headline": words.headline,
        "sentence": words.sentence,
        "advice": words.advice,
        "detail": detail,
    }
    return {**answer, "trust": None, "results": [{"what": each, **result} for each in what]}


def _certificate(claims: Claims, trust: TrustFile) -> Mapping[str, Any]:
    return {
        "id": str(claims.certificate_id),
        "name": claims.recipient,
        "title": claims.title,
        "dates": [each.isoformat() for each in claims.session_dates],
        "hours": hours(claims.hours),
        "credits": [
            {
                "code": each.code,
                "label": trust.label_of(each.code),
                "number": each.provider,
                "hours": hours(each.hundredths),
            }
            for each in claims.credits
        ],
        "delivery": claims.delivery,
        "instructor": claims.instructor,
        "issued_at": _iso(claims.issued_at),
        "issued_by": trust.name,
        "replaces": None if claims.replaces is None else str(claims.replaces),
        "specimen": claims.specimen,
    }


def _iso(second: int | None) -> str | None:
    return None if second is None else datetime.fromtimestamp(second, UTC).isoformat()


_THUMBPRINT = re.compile(r"[0-9a-f]{64}")
LONGEST_PATH = 4096
_FILE_NAME = re.compile(r"\.[A-Za-z]{1,5}\Z")


def verify(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT...",
            help="A PDF, a picture of the QR code, the link in it, or its digits.",
            show_default=False,
        ),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The provider's trust file; else the office's own."),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option(metavar="THUMBPRINT", help="The root it must have, 64 hexadecimal digits."),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|URL", help="A status list, or a bundle that holds some."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no host, only what --status names.")
    ] = False,
    remember_root: Annotated[
        bool,
        typer.Option(
            "--remember-root", help="Accept the root from now on: you compared its thumbprint."
        ),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what was certified, and whether it still stands.

    Without --trust and --config the office is the nearest cecert.toml upward from here. Its
    root must be one that you made or accepted, else nothing exits 0: anybody can make an
    office that bears a school's name.

    Exit status: 0 valid; 3 genuine, but its status is old or unknown, or the root is neither
    yours nor accepted; 4 revoked, replaced, or its key withdrawn; 5 not authentic; 6
    unreadable; 7 the trust file cannot be used.
    """
    contents = _contents(what)
    root = _thumbprint(root)
    try:
        path, own = (trust, None) if trust is not None else _office_trust(config)
        verifier = _verifier(path, root, status or [], offline, own, _folders(what))
    except _UnusableTrustError as error:
        _say_unchecked(error, what, as_json)
        raise typer.Exit(exit_status(error.outcome)) from error
    found = path if trust is None and config is None else None
    verifier, least = _vouched(verifier, found, remember_root, as_json)
    answers = [
        InputAnswer(name, verify_certificate(content, verifier), least)
        for name, content in zip(what, contents, strict=True)
    ]
    _show(answers, verifier, as_json)
    raise typer.Exit(max(each.exit_status for each in answers))


def _contents(what: Sequence[str]) -> list[bytes | str]:
    """Read the inputs; every one that is no input at all is named at once."""
    contents: list[bytes | str] = []
    faults: list[Fault] = []
    for each in what:
        try:
            contents.append(_file(Path(each)) if _is_there(each) else _text(each))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            faults.append(Fault(shown(each), "", reason or str(error)))
    if faults:
        raise InputError(
            "nothing was verified",
            tuple(faults),
            hint="name a PDF or a picture, or give the link of the QR code or its digits",
        )
    return contents


def _folders(what: Sequence[str]) -> set[Path]:
    """Return the folders in which the files among the inputs lie, through links too."""
    files = [Path(each) for each in what if _is_there(each)]
    return {file.parent for each in files for file in (each.absolute(), each.resolve())}


def _is_there(name: str) -> bool:
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):  # too long for a name, or with a null in it
        return False


def _file(path: Path) -> bytes:
    """Return the start of a file: one byte more than is read tells that it is too large."""
    if path.is_dir():
        raise ValueError("is a folder; name the files in it")
    with path.open("rb") as file:
        return file.read(LARGEST_DOCUMENT + 1)


def _text(text: str) -> str:
    """Return what is no file, unless it was surely meant as one.

    Raises:
        ValueError: If it was.
    """
    if "#" in text or "://" in text:
        return text
    if os.sep in text or _FILE_NAME.search(text):
        raise ValueError("there is no such file")
    if text and not (text.strip()[:1].isdigit() or _is_id(text)):
        raise ValueError("is neither a file nor a link nor digits")
    return text


def _thumbprint(text: str | None) -> str | None:
    """Read a thumbprint as it is printed, with or without colons or spaces."""
    if text is None:
        return None
    digits = "".join(text.replace(":", "").split()).lower()
    if not _THUMBPRINT.fullmatch(digits):
        raise InputError(
            f"{shown(text)!r} is no thumbprint of a root",
            hint="it has 64 hexadecimal digits; cecert keys list shows it",
        )
    return digits


class _UnusableTrustError(Exception):
    """There is nothing to check signatures with."""

    def __init__(self, outcome: Outcome, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.hint = hint or _HINTS[outcome]


def _is_id(text: str) -> bool:
    try:
        CertificateId.parse(text)
    except ValueError:
        return False
    return True


def _office_trust(config: Path | None) -> tuple[Path, Path | None]:
    try:
        return office_trust_file(find_config(config)), config
    except ConfigurationError as error:
        raise _UnusableTrustError(Outcome.NO_TRUST_FILE, str(error)) from error


def _verifier(
    trust: Path,
    root: str | None,
    status: Sequence[str],
    offline: bool,
    own: Path | None,
    folders: Collection[Path],
) -> Verifier:
    try:
        return open_verifier(
            trust, root=root, status=status, offline=offline, config=own, folders=folders
        )
    except KeysetInvalidError as error:
        raise _UnusableTrustError(Outcome.KEYSET_INVALID, str(error), error.hint) from error
    except CryptoUnavailableError as error:
        raise _UnusableTrustError(Outcome.NO_CRYPTO, str(error)) from error
    except OSError as error:
        detail = f"{trust}: {error.strerror}"
        raise _UnusableTrustError(Outcome.NO_TRUST_FILE, detail) from error


def _vouched(
    verifier: Verifier, found: Path | None, remember_root: bool, as_json: bool
) -> tuple[Verifier, int]:
    """Return the verifier, its root pinned if somebody vouches for it; and the least status.

    Args:
        verifier: Its trust file opened.
        found: That file, if nobody named it.
        remember_root: The person at the terminal vouches for the root from now on.
        as_json: The answer is a document.
    """
    if remember_root:
        return _remembering(verifier), 0
    verifier, warning = pinned_if_known(verifier, os.environ)
    if found is not None and not verifier.root_pinned:
        _say_found(found, verifier, as_json)
    elif not verifier.root_pinned:
        _say_unpinned(verifier)
    if warning:
        say(f"warning: {warning}")
    unsure = found is not None and not verifier.root_pinned
    return verifier, exit_status(Outcome.VALID_STATUS_UNKNOWN) if unsure else 0


def _remembering(verifier: Verifier) -> Verifier:
    trust = verifier.trust
    path = remember(trust, os.environ)
    say(f"remembered: the root of {shown(trust.name)} ({shown(trust.issuer)})")
    say(f"root thumbprint: {trust.root.thumbprint.hex()}")
    say(f"hint: to forget it, remove {path}")
    return replace(verifier, root_pinned=True)


def _say_found(path: Path, verifier: Verifier, as_json: bool) -> None:
    """Say first of all which trust file it is, for nobody named it and nobody vouches for it."""
    thumbprint = verifier.trust.root.thumbprint.hex()
    place = shown(str(path), LONGEST_PATH)
    tell = say if as_json else answer
    tell(f"trust file: {place}")
    tell(f"root thumbprint: {thumbprint}")
    if not as_json:
        answer("")
    say(f"warning: root not pinned: {thumbprint} of {place}, which was found and not named")
    say("hint: if the provider published this thumbprint, accept it once with --remember-root,")
    say("hint: or give it with --root; if the office is yours, name it with --config")


def _say_unpinned(verifier: Verifier) -> None:
    say(f"warning: root not pinned: {verifier.trust.root.thumbprint.hex()}")
    say("hint: compare it with the one the provider published, then give it with --root")


_HINTS = {
    Outcome.NO_TRUST_FILE: "name the provider's trust file with --trust FILE",
    Outcome.KEYSET_INVALID: "get the trust file again; if the answer stays, tell the provider",
    Outcome.NO_CRYPTO: "verify on a machine whose cryptography library is complete",
}


def _say_unchecked(error: _UnusableTrustError, what: Sequence[str], as_json: bool) -> None:
    say(f"error: {error}")
    say(f"hint: {error.hint}")
    words = words_of(error.outcome, {"school": "the issuer"})
    if as_json:
        answer_json(unchecked_document(what, error.outcome, words, str(error)))
        return
    for each in what:
        answer(f"{shown(each)}: {words.headline}")
        answer(f"  {words.sentence}")


def _show(answers: Sequence[InputAnswer], verifier: Verifier, as_json: bool) -> None:
    if as_json:
        answer_json(json_document(answers, verifier))
        return
    for position, each in enumerate(answers):
        if position:
            answer("")
        for warning in each.checked.verification.warnings:
            if warning is not Warning_.ROOT_NOT_PINNED:  # said above, once
                say(f"warning: {shown(each.what)}: {warning_words(warning)}")
        for line in text_lines(each, verifier.trust):
            answer(line)
