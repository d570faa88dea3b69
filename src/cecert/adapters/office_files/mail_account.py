"""`[mail]` as the account certificates are mailed from."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr

from cecert.adapters.office_files.office_shape import MailShape
from cecert.adapters.office_files.places import is_loopback
from cecert.domain.messages import MailAccount, MailSecurity
from cecert.domain.people import email_problems

__all__ = ["mail_account"]

_PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}


def mail_account(shape: MailShape, fault: Callable[[str, str, str], None]) -> MailAccount:
    """Return the account; *fault* is told place, value and problem of what is wrong.

    `security` left out means starttls, on a loopback host none; `user` left out means
    no AUTH (DESIGN 5).
    """
    local = is_loopback(shape.host)
    security = shape.security or (MailSecurity.NONE if local else MailSecurity.STARTTLS)
    if security is MailSecurity.NONE and not local:
        fault("mail.security", "none", f"would send to {shape.host} in clear; it is not this host")
    if security is MailSecurity.NONE and shape.user:
        fault("mail.user", shape.user, "would send a password in clear; security is none")
    name, sender = parseaddr(shape.sender)
    if problems := email_problems(sender):
        fault("mail.from", shape.sender, problems[0])
    return MailAccount(
        host=shape.host,
        port=shape.port or _PORTS[security],
        security=security,
        sender=sender,
        sender_name=name,
        reply_to=shape.reply_to or "",
        user=shape.user,
        rate_per_minute=shape.rate_per_minute,
        daily_limit=shape.daily_limit,
        digest_to=shape.digest_to or "",
        bounce_to=shape.bounce_to or "",
    )
