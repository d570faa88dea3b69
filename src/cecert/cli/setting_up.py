"""`init` and `keys`: what an office needs before it can issue."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cecert.adapters.files import KeyFacts
from cecert.cli.options import AsJson, Config, open_office
from cecert.cli.talk import answer, answer_json, say, table
from cecert.errors import KeyStoreError
from cecert.office import create_office

__all__ = ["init", "keys_init", "keys_list", "keys_sign"]

SHORTEST_PASSPHRASE = 8


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Make an office: its files, filled in with a real seminar, a ledger and an archive.

    Nothing is overwritten, and no keys are made.
    """
    for path in create_office(folder):
        answer(str(path))
    say(f"next: edit {folder / 'cecert.toml'}, then make keys with cecert keys init")


def keys_init(config: Config = None) -> None:
    """Make the office's keys and its signed trust file."""
    office = open_office(config)
    office.refuse_keys()
    passphrase = _new_passphrase("CECERT_KEY_PASSPHRASE", office.passphrase())
    root = office.root_passphrase() or passphrase
    thumbprint = office.make_keys(passphrase, root)
    answer(str(office.trust_path))
    say(f"root thumbprint: {thumbprint}")
    say("hint: print the thumbprint in your policy, back the keys folder up, and keep the")
    say("hint: passphrase where two people can find it; nothing can be issued without it")


def _new_passphrase(name: str, given: str | None) -> str:
    if given is not None:
        passphrase = given
    elif sys.stdin.isatty():
        passphrase = getpass.getpass("new passphrase for the keys: ")
        if getpass.getpass("again: ") != passphrase:
            raise KeyStoreError("the two passphrases differ; no keys were made")
    else:
        raise KeyStoreError(
            "keys need a passphrase, and there is no terminal to ask for one",
            hint=f"set {name}, or name a file with passphrase_file in [keys]",
        )
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyStoreError(
            f"the passphrase has {len(passphrase)} characters, {SHORTEST_PASSPHRASE} are the least"
        )
    return passphrase


def keys_list(config: Config = None, as_json: AsJson = False) -> None:
    """List the keys, what each is for, and until when it signs."""
    office = open_office(config)
    listed = office.key_facts()
    if as_json:
        answer_json(
            {"keys": [dict(zip(_KEY_COLUMNS, _key_row(each), strict=True)) for each in listed]}
        )
        return
    table(_KEY_COLUMNS, [_key_row(each) for each in listed])


_KEY_COLUMNS = ("key", "purpose", "state", "from", "until")


def _key_row(facts: KeyFacts) -> tuple[str, ...]:
    first = f"{datetime.fromtimestamp(facts.not_before, UTC):%Y-%m-%d}"
    last = facts.not_after
    until = f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d}" if last is not None else ""
    return (facts.name, facts.purpose.value, facts.state.value, first, until)


def keys_sign(config: Config = None) -> None:
    """Sign the trust file anew, after a change of approvals or hosts."""
    office = open_office(config)
    passphrase = office.root_passphrase() or office.passphrase()
    if passphrase is None and sys.stdin.isatty():
        passphrase = getpass.getpass("passphrase of the root key: ")
    if passphrase is None:
        raise KeyStoreError(
            "the trust file is signed with the root key, which needs its passphrase",
            hint="set CECERT_ROOT_PASSPHRASE or CECERT_KEY_PASSPHRASE",
        )
    office.sign_trust_file(passphrase)
    answer(str(office.trust_path))
