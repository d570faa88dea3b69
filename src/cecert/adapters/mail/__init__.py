"""Mail: messages built and checked as bytes, and handed over in stages that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.mail.bounces import read_bounces
    from cecert.adapters.mail.connection import Credentials, Patience, TokenSource
    from cecert.adapters.mail.folders import EmlFolder, MaildirSender
    from cecert.adapters.mail.logo import mail_logo
    from cecert.adapters.mail.send_log import FilePresence, SendLogFile
    from cecert.adapters.mail.sent_folder import ImapSentFolder
    from cecert.adapters.mail.smtp import SmtpSender
    from cecert.adapters.mail.tokens import GoogleTokens, MicrosoftTokens
    from cecert.adapters.mail.write import MailLook, TemplateMailWriter
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "bounces": ("read_bounces",),
            "connection": (
                "Credentials",
                "Patience",
                "TokenSource",
            ),
            "folders": (
                "EmlFolder",
                "MaildirSender",
            ),
            "logo": ("mail_logo",),
            "send_log": (
                "FilePresence",
                "SendLogFile",
            ),
            "sent_folder": ("ImapSentFolder",),
            "smtp": ("SmtpSender",),
            "tokens": (
                "GoogleTokens",
                "MicrosoftTokens",
            ),
            "write": ("MailLook", "TemplateMailWriter"),
        },
    )

__all__ = [
    "Credentials",
    "EmlFolder",
    "FilePresence",
    "GoogleTokens",
    "ImapSentFolder",
    "MailLook",
    "MaildirSender",
    "MicrosoftTokens",
    "Patience",
    "SendLogFile",
    "SmtpSender",
    "TemplateMailWriter",
    "TokenSource",
    "mail_logo",
    "read_bounces",
]
