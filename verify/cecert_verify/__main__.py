"""`cecert-verify`: what `cecert verify` says of links and digits, with the same exit statuses."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from cecert.cli._output import complain, say
from cecert.cli.verify_answer import InputAnswer, show
from cecert.domain.cose.cose import CryptoUnavailableError
from cecert.domain.token.outcome import Outcome, exit_status
from cecert.domain.trust.codec import KeysetInvalidError
from cecert.errors import CecertError
from cecert.office.verify.code_verifier import open_code_verifier
from cecert.workflows.verify.verify import verify

__all__ = ["main"]

WRONG = 2
UNCHECKED = exit_status(Outcome.NO_TRUST_FILE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what is named on the command line, and return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        verifier = open_code_verifier(
            given.trust, root=given.root, status=given.status, offline=given.offline
        )
    except (KeysetInvalidError, CryptoUnavailableError) as error:
        complain(CecertError(str(error), hint=getattr(error, "hint", "")))
        return UNCHECKED
    except CecertError as error:
        complain(error)
        return WRONG
    except OSError as error:
        complain(CecertError(f"{given.trust}: {error.strerror}"))
        return UNCHECKED
    if not verifier.root_pinned:
        say(f"warning: root not pinned: {verifier.trust.root.thumbprint.hex()}")
        say("hint: compare it with the one the provider published, then give it with --root")
    answers = [InputAnswer(each, verify(each, verifier)) for each in given.what]
    show(answers, verifier, given.json)
    return max(each.exit_status for each in answers)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="cecert-verify",
        description="Says what the code of a certificate certifies, and whether it still stands.",
        epilog="Exit status: 0 valid; 3 genuine, but its status is old or unknown; 4 revoked, "
        "replaced, or its key withdrawn; 5 not authentic; 6 unreadable; 7 the trust file cannot "
        "be used.",
    )
    add = parser.add_argument
    add("what", nargs="+", metavar="WHAT", help="the link in a QR code, or its digits")
    add("--trust", type=Path, required=True, metavar="FILE", help="the provider's trust file")
    add("--root", metavar="THUMBPRINT", help="the root it must have, 64 hexadecimal digits")
    add(
        "--status", action="append", default=[], metavar="FILE|URL",
        help="a status list, or a bundle that holds some",
    )  # fmt: skip
    add("--offline", action="store_true", help="ask no host, only what --status names")
    add("--json", action="store_true", help="print one JSON document")
    return parser


if __name__ == "__main__":
    sys.exit(main())
