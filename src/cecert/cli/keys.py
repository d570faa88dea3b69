"""`keys`: what signs, until when, and what becomes of it afterwards."""

from __future__ import annotations

import getpass
import ssl
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cecert.cli._environment import environment
from cecert.cli._options import Actor, AsJson, Config, open_office
from cecert.cli._output import answer, answer_json, say, table
from cecert.errors import KeyStoreError
from cecert.office.holders.keys import KEY_PASSPHRASE, ROOT_PASSPHRASE
from cecert.office.keys import keys

if TYPE_CHECKING:
    from cecert.adapters.keys import KeyFacts, Passphrases
    from cecert.domain.documents.site import (
        CompromisedDocument,
        KeyCertificateDocument,
        KeyDocument,
        KeyEventDocument,
        KeyEventsDocument,
        KeysDocument,
        MadeDocument,
        RetiredDocument,
        SignedDocument,
    )
    from cecert.office import Office

__all__ = [
    "badge",
    "certificate",
    "compromise",
    "init",
    "list_events",
    "list_keys",
    "retire",
    "rotate",
    "sign",
]

SHORTEST_PASSPHRASE = 8

Names = Annotated[
    list[str], typer.Argument(metavar="KEY...", help="Names as cecert keys list shows, or kids.")
]


def init(
    after: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="An older keys folder that these keys succeed."),
    ] = None,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Make the office's keys and its signed trust file.

    With --after, for a root or passphrase that is lost or stolen: what the old keys
    signed goes on to verify, under the new root.
    """
    with open_office(config, by) as office:
        office.refuse_keys()
        passphrases = _new_passphrases(office)
        if after is None:
            thumbprint = office.make_keys(passphrases.keys, passphrases.root)
        else:
            thumbprint = _succeed(office, after, passphrases)
        _note_made(office)
    _tell_signed(office, thumbprint, as_json)
    say("hint: print the thumbprint in your policy, back the keys folder up, and keep the")
    say("hint: passphrase where two people can find it; nothing can be issued without it")


def _succeed(office: Office, after: Path, passphrases: Passphrases) -> str:
    succession = keys.succeed(office, after, passphrases)
    if not succession.id_key_kept:
        say("warning: the old id key does not open with these passphrases, so a new one was made")
    say(f"the keys in {after} are listed as retired; publish the new trust file and thumbprint")
    return succession.thumbprint


def _new_passphrases(office: Office) -> Passphrases:
    from cecert.adapters.keys import Passphrases

    passphrase = office.passphrase()
    if passphrase is None:
        passphrase = _chosen("new passphrase for the keys: ")
    for each in (passphrase, office.root_passphrase() or passphrase):
        if len(each) < SHORTEST_PASSPHRASE:
            raise KeyStoreError(
                f"the passphrase has {len(each)} characters, {SHORTEST_PASSPHRASE} are the least"
            )
    return Passphrases(passphrase, office.root_passphrase() or passphrase)


def _chosen(question: str) -> str:
    if not sys.stdin.isatty():
        raise KeyStoreError(
            "keys need a passphrase, and there is no terminal to ask for one",
            hint=f"set {KEY_PASSPHRASE}, or name a file with passphrase_file in [keys]",
        )
    passphrase = getpass.getpass(question)
    if getpass.getpass("again: ") != passphrase:
        raise KeyStoreError("the two passphrases differ; no keys were made")
    return passphrase


def list_keys(config: Config = None, as_json: AsJson = False) -> None:
    """List the keys, what each is for, and until when it signs."""
    office = open_office(config)
    listed = office.key_facts()
    if as_json:
        document: KeysDocument = {
            "root": keys.thumbprint_of_root(listed),
            "keys": [_key_document(each) for each in listed],
        }
        answer_json(document)
    else:
        table(_COLUMNS, [tuple(map(str, _key_document(each).values())) for each in listed])
        say(f"root thumbprint: {keys.thumbprint_of_root(listed)}")
    for warning in office.key_warnings():
        say(f"warning: {warning}")


_COLUMNS = ("key", "purpose", "state", "from", "until", "kid")


def _key_document(facts: KeyFacts) -> KeyDocument:
    first = f"{datetime.fromtimestamp(facts.not_before, UTC):%Y-%m-%d}"
    last = facts.not_after if facts.retired is None else facts.retired
    until = f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d}" if last is not None else ""
    return {
        "key": facts.name,
        "purpose": facts.purpose.value,
        "state": facts.state.value,
        "from": first,
        "until": until,
        "kid": keys.kid_of(facts),
    }


def list_events(config: Config = None, as_json: AsJson = False) -> None:
    """List what was done to keys: made, retired, compromised, the trust file signed."""
    from cecert.office.keys.events import key_events

    with open_office(config) as office:
        events: list[KeyEventDocument] = [
            {
                "at": f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
                "event": each.kind,
                "key": each.key,
                "by": each.actor,
                "reason": each.reason,
            }
            for each in key_events(office)
        ]
    if as_json:
        document: KeyEventsDocument = {"events": events}
        answer_json(document)
    else:
        table(_EVENT_COLUMNS, [tuple(map(str, each.values())) for each in events])


_EVENT_COLUMNS = ("at", "event", "key", "by", "reason")


def certificate(
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FILE", help="DER, or PEM where the name ends in .pem."
        ),
    ],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Write the certificate of the office's seal CA, for people who want to trust it by hand."""
    from cecert.office.holders.seal import authority_certificate
    from cecert.office.papers.records import write_export

    office = open_office(config)
    data = authority_certificate(office.file.keys)
    digest = ":".join(f"{each:02X}" for each in sha256(data).digest())
    pem = ssl.DER_cert_to_PEM_cert(data).encode()
    write_export(output, pem if output.suffix.casefold() == ".pem" else data)
    if as_json:
        document: KeyCertificateDocument = {
            "certificate": str(output),
            "sha256": digest.replace(":", "").lower(),
        }
        answer_json(document)
    else:
        answer(str(output))
    say(f"SHA-256: {digest}")
    say("hint: publish it where people look for your policy: they compare it before they trust it")
    if office.file.seal is not None or office.file.hardware_seal is not None:
        say("warning: the office seals with an institution's certificate now; this one is of the")
        say("warning: office's own CA, which issued what sealed before, if anything")


def sign(config: Config = None, by: Actor = None, as_json: AsJson = False) -> None:
    """Sign the trust file anew, after a change of approvals, hosts or seal."""
    with open_office(config, by) as office:
        thumbprint = keys.sign(office, _root_passphrase(office))
    _note_root(office)
    _tell_signed(office, thumbprint, as_json)
    _remind()


def _tell_signed(office: Office, thumbprint: str, as_json: bool) -> None:
    if as_json:
        document: SignedDocument = {"trust_file": str(office.trust_path), "root": thumbprint}
        answer_json(document)
    else:
        answer(str(office.trust_path))
    say(f"root thumbprint: {thumbprint}")


def rotate(
    new_passphrase: Annotated[
        bool,
        typer.Option(
            "--new-passphrase",
            help=f"{KEY_PASSPHRASE} is a new one; {ROOT_PASSPHRASE} opens the root.",
        ),
    ] = False,
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Make new token, status and seal keys; the old ones retire, and stay listed for ever."""
    with open_office(config, by) as office:
        passphrases = _new_passphrases(office) if new_passphrase else _passphrases(office)
        made = keys.rotate(office, passphrases, new_passphrase=new_passphrase)
    _note_root(office)
    if as_json:
        document: MadeDocument = {"made": _names(made)}
        answer_json(document)
    else:
        _tell(made)
    _remind()


def badge(config: Config = None, by: Actor = None, as_json: AsJson = False) -> None:
    """Make the key that signs Open Badges; rotate, retire and compromise then know it too."""
    with open_office(config, by) as office:
        made = keys.add_badge(office, _passphrases(office))
    if as_json:
        document: MadeDocument = {"made": [made.name]}
        answer_json(document)
    else:
        _tell([made])
    say("hint: cecert publish puts what badges are checked by on the site")


def retire(names: Names, config: Config = None, by: Actor = None, as_json: AsJson = False) -> None:
    """End the use of keys without a successor; what they signed goes on to verify."""
    with open_office(config, by) as office:
        retired = keys.retire(office, names, _root_passphrase(office))
        warnings = office.key_warnings()
    _note_root(office)
    if as_json:
        document: RetiredDocument = {"retired": _names(retired)}
        answer_json(document)
    else:
        _tell(retired)
    say(f"{len(retired)} keys retired; what they signed goes on to verify")
    for warning in warnings:
        say(f"warning: {warning}")
    _remind()


def compromise(
    names: Names,
    reason: Annotated[str, typer.Option("--reason", help="What happened, for the record.")] = "",
    config: Config = None,
    by: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw stolen keys for good; genuine certificates are vouched for one by one."""
    with open_office(config, by) as office:
        withdrawal = keys.compromise(office, names, _passphrases(office), reason)
    _note_root(office)
    if as_json:
        document: CompromisedDocument = {
            "made": _names(withdrawal.made),
            "genuine": {**withdrawal.attested, **withdrawal.sealed},
        }
        answer_json(document)
    else:
        _tell(withdrawal.made)
    for name, count in withdrawal.attested.items():
        say(f"{name} is withdrawn; {count} genuine certificates that it signed still verify")
    for name, count in withdrawal.sealed.items():
        say(f"{name} is withdrawn; {count} genuine PDFs of its time still verify")
    if withdrawal.ends_badges:
        say("badges that it signed verify no more once the site is published: export them again;")
        say("those that --issuer key made cannot be called back")
    _remind()


def _note_root(office: Office) -> None:
    """Note that this user made the root, whose passphrase has just opened it.

    A passphrase that lies where the office's file says proves nothing: whoever made the
    office's folder may have put both there.
    """
    given = any(environment().get(each) for each in (KEY_PASSPHRASE, ROOT_PASSPHRASE))
    if given or office.file.passphrase_file is None:
        _note_made(office)


def _note_made(office: Office) -> None:
    from cecert.office import note_made_root

    if warning := note_made_root(office.trust(), environment()):
        say(f"warning: {warning}")
        say("hint: name the office's file when you verify: cecert verify --config CECERT.TOML")


def _names(keys: Sequence[KeyFacts]) -> list[str]:
    return [each.name for each in keys]


def _tell(keys: Sequence[KeyFacts]) -> None:
    for name in _names(keys):
        answer(name)


def _remind() -> None:
    say("hint: cecert publish puts the new trust file where verifiers find it")


def _passphrases(office: Office) -> Passphrases:
    from cecert.adapters.keys import Passphrases

    passphrase = office.known_passphrase()
    return Passphrases(passphrase, office.root_passphrase() or passphrase)


def _root_passphrase(office: Office) -> str:
    passphrase = office.root_passphrase() or office.passphrase()
    if passphrase is None and sys.stdin.isatty():
        passphrase = getpass.getpass("passphrase of the root key: ")
    if passphrase is None:
        raise KeyStoreError(
            "the trust file is signed with the root key, which needs its passphrase",
            hint=f"set {ROOT_PASSPHRASE} or {KEY_PASSPHRASE}",
        )
    return passphrase
