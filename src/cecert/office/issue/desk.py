"""What the workflows get of an office, whole: the desk to issue at, the room to mail from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
from cecert.adapters.keys.signatures import check_signature
from cecert.domain.cose.low_s import LowSSigner
from cecert.errors import KeyStoreError
from cecert.office.holders.keys import SigningKeys
from cecert.office.holders.seal import require_fit_seal, require_listed_seal
from cecert.office.issue.sealing import sealing_of
from cecert.office.keys.in_force import KeysInForce
from cecert.workflows.issue.desk import FormerMaker, IssuingDesk

if TYPE_CHECKING:
    from cecert.office.holders.looks import LooksHolder

__all__ = ["fit_keys", "issuing_desk"]


def issuing_desk(office: LooksHolder, refuse_older: Callable[[], None]) -> IssuingDesk:
    """Return what `issue` needs of an office; it opens keys and ledger.

    Args:
        office: The office.
        refuse_older: Raises if keys or ledger are older than what the other says.

    Raises:
        KeyStoreError: If a key is missing, or its passphrase; or if the keys are older than
            the ledger.
        LedgerError: If the ledger cannot be opened.
    """
    opened = _trust_bytes(office)  # what they lack is told after what keys lack
    keys, trust = fit_keys(office, refuse_older), office.trust()
    seal = keys.seal
    sealing = sealing_of(office, seal)

    def former() -> list[FormerMaker]:
        before = sealing.former
        return [FormerMaker(office.renderer(seal_room=each.room), each) for each in before]

    signer = LowSSigner(keys.token)
    in_force = KeysInForce(office.trust_bytes, opened, signer.public_key.kid, seal, office.clock)
    looks = office.preview_desk()
    return IssuingDesk(
        provider=looks.provider,
        signatories=looks.signatories,
        layout=looks.layout,
        paper=looks.paper,
        verify_prefix=looks.verify_prefix,
        verify_host=looks.verify_host,
        mail_host=_mail_host(office),
        id_key=keys.ids,
        token_signer=signer,
        check_signature=check_signature,
        trust=trust,
        renderer=office.renderer(seal_room=sealing.sealer.room),
        sealer=sealing.sealer,
        probe=sealing.probe,
        level=sealing.level,
        at_once=sealing.at_once,
        archive=office.archive,
        ledger=office.written_ledger,
        pdf_reader=LimitedPdfReader(ReadingProcess.shared()),
        clock=office.clock,
        randomness=office.randomness,
        actor=office.actor,
        former=former,
        require_keys=in_force.require,
    )


def _trust_bytes(office: LooksHolder) -> bytes:
    try:
        return office.trust_bytes()
    except KeyStoreError:
        return b""


def fit_keys(office: LooksHolder, refuse_older: Callable[[], None]) -> SigningKeys:
    """Return the keys, if verifiers know the seal and neither they nor the ledger are older.

    Args:
        office: The office.
        refuse_older: Raises if they are older.

    Raises:
        KeyStoreError: If they do not, or are.
        LedgerError: If the ledger cannot be opened.
    """
    keys, now = office.signing_keys(), office.clock.now()
    require_fit_seal(keys.seal, now)
    require_listed_seal(office.trust(), keys.seal, now)
    refuse_older()
    return keys


def _mail_host(office: LooksHolder) -> str:
    # Message-IDs are made in the sender's own domain, which nobody else may use.
    account = office.file.mail
    sender = office.file.provider.email if account is None else account.sender
    return sender.rpartition("@")[2] or "localhost"
