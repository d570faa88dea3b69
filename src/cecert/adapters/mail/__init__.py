"""Mail: messages built and checked as bytes, and handed over in stages that are known."""

from cecert.adapters.mail.folders import EmlFolder, MaildirSender
from cecert.adapters.mail.send_log import SendLogFile
from cecert.adapters.mail.smtp import Patience, SmtpSender
from cecert.adapters.mail.writing import TemplateMailWriter

__all__ = [
    "EmlFolder",
    "MaildirSender",
    "Patience",
    "SendLogFile",
    "SmtpSender",
    "TemplateMailWriter",
]
