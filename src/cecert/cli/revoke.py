"""`revoke`: a certificate's end, and what its holder is told of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cecert.cli._options import Actor, Config, open_office
from cecert.cli._output import say
from cecert.cli.find import Confirmed, Whose, confirm
from cecert.cli.report import say_told
from cecert.domain.certificate.certificate import REVOCATION_REASONS, CertificateState

__all__ = ["revoke"]


def revoke(
    whose: Whose,
    reason_class: Annotated[
        str,
        typer.Option(
            "--reason-class", metavar="CLASS", help=f"One of {', '.join(REVOCATION_REASONS)}."
        ),
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="Why, in a sentence; the holder reads it with [mail] tell_revoked.",
        ),
    ],
    yes: Confirmed = False,
    config: Config = None,
    by: Actor = None,
) -> None:
    """Revoke a certificate for good; a mail of it still queued is cancelled.

    It shows whom and what, and asks on a terminal. If [mail] tell_revoked is set, its holder
    is told by mail, with the reason: deliver sends it.
    """
    from cecert.office.log.log import refuse_revoking
    from cecert.office.papers.report import told_cebroker
    from cecert.workflows.find import found_one
    from cecert.workflows.revoke import notice_of, refuse_reason, refuse_untellable
    from cecert.workflows.revoke import revoke as revoke_certificate

    with open_office(config, by) as office:
        refuse_reason(reason_class, reason)
        refuse_revoking(office)
        tell = office.outbox if office.file.tell_revoked else None
        if tell is not None:
            refuse_untellable(reason)
        entry = found_one(whose, office.ledger)
        certificate_id = entry.certificate.id
        if tell is not None:
            say("the holder is told by mail, with the reason as it is written here")
        confirm(entry, "Revoke it, for good", yes=yes)
        before = revoke_certificate(
            certificate_id,
            office.ledger,
            office.clock,
            actor=office.actor,
            reason_class=reason_class,
            reason=reason,
            tell=tell,
        )
        notice = None if tell is None else notice_of(certificate_id, tell)
        told = told_cebroker(office, [certificate_id])
    if before is not CertificateState.STANDING:
        say(f"{certificate_id} was {before.value} before; nothing was changed")
        say_told(told)
        return
    say(f"{certificate_id} is revoked")
    say_told(told)
    if notice is not None:
        say(f"the mail that tells {notice.recipient} is queued; deliver sends it")
    elif tell is not None:
        say("note: no mail of it went out, so nobody is told")
    say("hint: cecert publish tells verifiers that it is revoked")
