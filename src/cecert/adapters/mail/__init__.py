"""Mail: messages built and checked as bytes, and handed over in stages that are known."""

from cecert.adapters.mail.bounces import read_bounces
from cecert.adapters.mail.connection import Credentials, Patience, TokenSource
from cecert.adapters.mail.folders import EmlFolder, MaildirSender
from cecert.adapters.mail.logo import mail_logo
from cecert.adapters.mail.send_log import FilePresence, SendLogFile
from cecert.adapters.mail.sent_folder import ImapSentFolder
from cecert.adapters.mail.smtp import SmtpSender
from cecert.adapters.mail.tokens import GoogleTokens, MicrosoftTokens
from cecert.adapters.mail.write import MailLook, TemplateMailWriter

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
