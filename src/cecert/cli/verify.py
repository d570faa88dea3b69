"""`verify`: what was certified, and whether it still stands, told as words or as JSON.

Its exit statuses are those of docs/spec/token.md W5; of several inputs the highest, and of
several certificates in one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._options import AsJson, Config, Workers, find_config, open_office
from cecert.cli._output import answer, answer_json, say
from cecert.cli.verify_answer import InputAnswer, show, shown, unchecked_document
from cecert.cli.verify_input import contents_of, folders_of
from cecert.domain.cose.cose import CryptoUnavailableError
from cecert.domain.token.outcome_words import words_of
from cecert.domain.token.verify import Outcome, exit_status
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.errors import ConfigurationError, InputError, LedgerError

if TYPE_CHECKING:
    from cecert.workflows.verify.verify import Verifier

__all__ = ["verify"]


class LogUse(Enum):
    """What the provider's log is asked, and how much depends on its answer."""

    WARN = "warn"
    REQUIRED = "required"
    FULL = "full"


_THUMBPRINT = re.compile(r"[0-9a-f]{64}")
LONGEST_PATH = 4096


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
    log: Annotated[
        LogUse,
        typer.Option(
            help="Whether a log that cannot be read is only warned of, keeps the exit status at 3, "
            "or is also asked what became of the certificate.",
        ),
    ] = LogUse.WARN,
    tsa_roots: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Authorities (PEM) whose time stamps count; else the office's."
        ),
    ] = None,
    remember_root: Annotated[
        bool,
        typer.Option(
            "--remember-root", help="Accept the root from now on: you compared its thumbprint."
        ),
    ] = False,
    workers: Workers = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what was certified, and whether it still stands.

    Without --trust and --config the office is the nearest cecert.toml upward from here. Its
    root must be one that you made or accepted, else nothing exits 0: anybody can make an
    office that bears a school's name. In an office of your own its ledger says whether a
    certificate stands, unless --status names a list.

    Exit status: 0 valid; 3 genuine, but its status is old or unknown, or the root is neither
    yours nor accepted; 4 revoked, replaced, or its key withdrawn; 5 not authentic; 6
    unreadable; 7 the trust file cannot be used.
    """
    from cecert.office.verify.verify import document_readers
    from cecert.workflows.verify.ahead import verify_ahead

    contents = contents_of(what)
    root = _thumbprint(root)
    try:
        path, own = (trust, None) if trust is not None else _office_trust(config)
        verifier = _verifier(
            path, root, status or [], offline, own, folders_of(what), log, tsa_roots
        )
    except _UnusableTrustError as error:
        _say_unchecked(error, what, as_json)
        raise typer.Exit(exit_status(error.outcome)) from error
    found = path if trust is None and config is None else None
    verifier, least = _vouched(verifier, found, remember_root, as_json)
    with ExitStack() as held:
        # A list that somebody names is the one that is asked.
        if trust is None and not status:
            verifier = _in_its_office(verifier, config, held)
        documents = sum(isinstance(each, bytes) for each in contents)
        readers = document_readers(verifier, folders_of(what), documents, workers)
        answers = [
            InputAnswer(name, checked, least, log is not LogUse.WARN)
            for name, checked in zip(what, verify_ahead(contents, verifier, readers), strict=True)
        ]
        show(answers, verifier, as_json)
    raise typer.Exit(max(each.exit_status for each in answers))


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


def _in_its_office(verifier: Verifier, config: Path | None, held: ExitStack) -> Verifier:
    """Return the verifier with the office's own ledger, where that is the office's for sure.

    A folder that was only found may hold anybody's ledger beside a school's trust file: it
    counts if this user made the root.
    """
    from cecert.office import in_its_office, is_made_here

    if config is None and not is_made_here(verifier.trust, os.environ):
        return verifier
    try:
        return in_its_office(verifier, held.enter_context(open_office(config)))
    except (LedgerError, ConfigurationError) as error:
        say(f"warning: the ledger was not asked, only what was published: {error}")
        return verifier


class _UnusableTrustError(Exception):
    """There is nothing to check signatures with."""

    def __init__(self, outcome: Outcome, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.hint = hint or _HINTS[outcome]


def _office_trust(config: Path | None) -> tuple[Path, Path | None]:
    from cecert.office import office_trust_file

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
    log: LogUse,
    tsa_roots: Path | None,
) -> Verifier:
    from cecert.office import open_verifier

    try:
        return open_verifier(
            trust,
            root=root,
            status=status,
            offline=offline,
            config=own,
            folders=folders,
            log_ends=log is LogUse.FULL,
            tsa_roots=tsa_roots,
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
    from cecert.office import pinned_if_known

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
    from cecert.office import remember_root as remember

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
